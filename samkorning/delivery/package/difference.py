"""What two opened deliveries of one case differ in: files by name, serial numbers by count.

What belongs here: the comparison. What must not: the serial numbers themselves in any answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars_readstat import scan_readstat

from samkorning.delivery.package.manifest import MANIFEST, AnyManifest, DataFileEntry, read_manifest
from samkorning.errors import PackageRefused

SERIAL_NUMBER_PREFIX = "lopnr"


@dataclass(frozen=True)
class SerialNumberCounts:
    """How many different serial numbers stand in both deliveries, in the first alone and in the second alone."""

    in_both: int
    only_in_first: int
    only_in_second: int


@dataclass(frozen=True)
class Comparison:
    """Data files by name as seen from the second delivery; serial numbers by variable (LopNr, LopNrMor, …)."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    serial_numbers: dict[str, SerialNumberCounts]


def compare_packages(first: Path, second: Path) -> Comparison:
    """Compare two opened folders of the same case; PackageRefused if they are of different cases or not opened.

    Trusts the folders: verify them first.
    """
    before, after = _manifest(first), _manifest(second)
    if before.case != after.case:
        raise PackageRefused(f"{before.folder} and {after.folder} are of different cases; nothing to compare")
    old, new = _hashes(before), _hashes(after)
    both = old.keys() & new.keys()
    numbers_before, numbers_after = _serial_numbers(first, before), _serial_numbers(second, after)
    return Comparison(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(sorted(name for name in both if old[name] != new[name])),
        unchanged=tuple(sorted(name for name in both if old[name] == new[name])),
        serial_numbers={
            name: _counts(numbers_before.get(name), numbers_after.get(name))
            for name in sorted(numbers_before.keys() | numbers_after.keys())
        },
    )


def _manifest(folder: Path) -> AnyManifest:
    try:
        return read_manifest((folder / MANIFEST).read_bytes())
    except OSError:
        raise PackageRefused(f"{folder.name}: is not an opened delivery") from None


def _hashes(manifest: AnyManifest) -> dict[str, str]:
    return {entry.name: entry.sha256 for entry in manifest.files}


def _counts(old: pl.DataFrame | None, new: pl.DataFrame | None) -> SerialNumberCounts:
    if old is None or new is None:
        return SerialNumberCounts(0, 0 if old is None else old.height, 0 if new is None else new.height)
    in_both = old.join(new, on=old.columns, how="semi").height
    return SerialNumberCounts(in_both, old.height - in_both, new.height - in_both)


def _serial_numbers(folder: Path, manifest: AnyManifest) -> dict[str, pl.DataFrame]:
    """The different serial numbers by variable, over all data files; each file is read in one of its formats."""
    found: dict[str, list[pl.LazyFrame]] = {}
    try:
        for stem in sorted({_stem(entry) for entry in manifest.files}):
            table = _table(folder, [entry for entry in manifest.files if _stem(entry) == stem])
            for name in filter(_is_serial_number, table.collect_schema().names()):
                found.setdefault(name, []).append(table.select(pl.col(name).drop_nulls().cast(pl.String)))
        return {name: pl.concat(parts).unique().collect(engine="streaming") for name, parts in found.items()}
    except (pl.exceptions.PolarsError, OSError):
        raise PackageRefused(f"{folder.name}: a data file cannot be read; verify the folder first") from None


def _stem(entry: DataFileEntry) -> str:
    return entry.name.rpartition(".")[0]


def _table(folder: Path, forms: Sequence[DataFileEntry]) -> pl.LazyFrame:
    """The rows of a file in the first of its formats that is read quickly; text of lines stays text.

    :raises PackageRefused: when there is none.
    """
    for form in sorted(forms, key=lambda entry: entry.name):
        path = folder / form.name
        if form.is_lines:
            return pl.scan_csv(path, separator="\t" if form.format == "tab" else ";", infer_schema=False)
        if form.format == "parquet":
            return pl.scan_parquet(path)
        if form.format in ("spss", "stata"):
            return scan_readstat(str(path)).with_columns(pl.selectors.float().cast(pl.Int64, strict=False))
    raise PackageRefused(f"{folder.name}: {forms[0].name} is in a format that is not compared; compare it in a program")


def _is_serial_number(variable: str) -> bool:
    return variable.casefold().startswith(SERIAL_NUMBER_PREFIX)
