"""Importing a register's metadata workbook into the home's own entries of the catalogue.

What belongs here: reading its sheets, the audit record, and writing the entry. What must not: what its cells mean
(samkorning.own_registers.catalogue.workbook). What ships with the program is never written to.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from resources.catalogue import SUFFIX
from resources.desk import Desk
from samkorning.durable import make_folder, overwrite
from samkorning.errors import FileRefused
from samkorning.identity.redaction import no_file, redact_file_name
from samkorning.own_registers.catalogue import CatalogueRegister, entry_text
from samkorning.own_registers.catalogue.workbook import Cell, Sheet, differences, entry_of

LARGEST = 50 * 2**20


@dataclass(frozen=True)
class Imported:
    """What an import has changed: the register, what differs from the entry before, and the workbook's hash."""

    register: str
    differences: list[str]
    sha256: str


def import_workbook(desk: Desk, path: Path, person: str, *, look_only: bool = False) -> Imported:
    """Takes a workbook's entry into the home's own, whole or not at all; one that says the same changes nothing.

    :param look_only: tell what would change, and change nothing.
    :raises FileRefused: with every fault of the workbook, by sheet, row and column.
    """
    entry, sha256 = _read(path)
    before = desk.catalogue.find(entry.name)
    changed = differences(before, entry)
    if changed and not look_only:
        desk.audit.append(
            "import register metadata", person, None, desk.clock.now(), register=entry.name, sha256=sha256
        )
        make_folder(desk.home.catalogue)
        overwrite(desk.home.catalogue / f"{entry.name}{SUFFIX}", entry_text(entry).encode())
    return Imported(entry.name, changed, sha256)


def _read(path: Path) -> tuple[CatalogueRegister, str]:
    if not path.is_file():
        raise no_file(path)
    name = redact_file_name(path.name)
    if path.stat().st_size > LARGEST:
        raise FileRefused(name, f"is larger than {LARGEST // 2**20} MiB", "send the metadata workbook alone")
    data = path.read_bytes()
    return entry_of(dict(_sheets(data, name)), name), hashlib.sha256(data).hexdigest()


def _sheets(data: bytes, name: str) -> Iterator[tuple[str, Sheet]]:
    import fastexcel

    from samkorning.register_files.workbooks.cells import exact_cells, number_cells

    names = None
    try:
        names = fastexcel.read_excel(data).sheet_names
    except BaseException as error:  # a panic of the Rust reader is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
    if names is None:
        raise FileRefused(name, "is no workbook that can be read", "save it again in Excel as xlsx")
    for sheet in names:
        text, numbers = exact_cells(data, sheet, name, False).text, number_cells(data, sheet, name)
        yield (
            sheet,
            [
                [Cell((cell or "").strip(), bool(is_number)) for cell, is_number in zip(cells, marks, strict=True)]
                for cells, marks in zip(text.iter_rows(), numbers.iter_rows(), strict=True)
            ],
        )
