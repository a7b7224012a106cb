"""The register catalogue where it lies: one YAML file a register, those of the home before those that ship.

What belongs here: finding, reading and listing these files. What must not: what an entry says
(samkorning.own_registers.catalogue).

A file is looked at whenever its register is asked for, so that the page and the daemon, which run for months, go by the
catalogue as it is.
"""

from collections.abc import Iterator
from pathlib import Path

from samkorning.errors import NotFound
from samkorning.own_registers.catalogue import CatalogueRegister, RegisterCatalogue, read_catalogue, read_register

SUFFIX = ".yaml"


class CatalogueFolder(RegisterCatalogue):
    """A catalogue of files, with entries of the home's own that add to it or stand before it."""

    def __init__(self, shipped: Path, own: Path) -> None:
        """:param shipped: a folder with a file a register, or one file with all of them.
        :param own: a folder; it need not be there."""
        super().__init__()
        self._shipped, self._own = shipped, own

    @property
    def names(self) -> tuple[str, ...]:
        shipped = self._one_file.names if self._shipped.is_file() else _names(self._shipped)
        return tuple(sorted({*shipped, *_names(self._own)}))

    def find(self, name: str) -> CatalogueRegister | None:
        own = self._own / f"{name}{SUFFIX}"
        if own.is_file():
            return _entry(own)
        if self._shipped.is_file():
            return self._one_file.find(name)
        shipped = self._shipped / f"{name}{SUFFIX}"
        if not self._shipped.is_dir():
            raise NotFound(f"no register catalogue at {self._shipped}; `catalogue` in config.yaml names its folder")
        return _entry(shipped) if shipped.is_file() else None

    def mark(self) -> str:
        """What changes whenever an entry does; none is read for it."""
        stated = (path.stat() for path in self._files())
        return ",".join(f"{each.st_ino}:{each.st_size}:{each.st_mtime_ns}" for each in stated)

    @property
    def _one_file(self) -> RegisterCatalogue:
        return read_catalogue(self._shipped.read_text(encoding="utf-8"), self._shipped.name)

    def _files(self) -> Iterator[Path]:
        yield from [self._shipped] if self._shipped.is_file() else _paths(self._shipped)
        yield from _paths(self._own)


def _paths(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}"))


def _names(folder: Path) -> list[str]:
    return [path.stem for path in _paths(folder)]


def _entry(path: Path) -> CatalogueRegister:
    """:raises NotFound: also when the file is named after another register."""
    register = read_register(path.read_text(encoding="utf-8"), path.name)
    if register.name != path.stem:
        raise NotFound(f"{path.name}: holds the register {register.name}; rename the file to {register.name}{SUFFIX}")
    return register
