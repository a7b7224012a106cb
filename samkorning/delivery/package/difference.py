"""What two opened deliveries of one case differ in: files by name, rows and cells and serial numbers by count.

What belongs here: the comparison of packages. What must not: the pairing of rows (row_difference), or a serial number
in any answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import polars as pl

from samkorning.delivery.package.manifest import MANIFEST, AnyManifest, read_manifest
from samkorning.delivery.row_difference import RowDifference, row_difference
from samkorning.errors import PackageRefused

SERIAL_NUMBER_PREFIX = "lopnr"


@dataclass(frozen=True)
class SerialNumberCounts:
    """How many different serial numbers stand in both deliveries, in the first alone and in the second alone."""

    in_both: int
    only_in_first: int
    only_in_second: int


@dataclass(frozen=True)
class FileDifference:
    """One table that is in both deliveries: its variables that came and went, and what of the others' rows differs."""

    name: str
    rows_before: int
    rows_after: int
    variables_new: tuple[str, ...]
    variables_gone: tuple[str, ...]
    rows: RowDifference


@dataclass(frozen=True)
class Comparison:
    """Data files by name as seen from the second delivery; what the changed tables differ in; serial numbers by
    variable (LopNr, LopNrMor, …).
    """

    case: str
    first: str
    second: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    tables: tuple[FileDifference, ...]
    serial_numbers: dict[str, SerialNumberCounts]


def compare_packages(first: Path, second: Path) -> Comparison:
    """Compare two opened folders of the same case; PackageRefused if they are of different cases or not opened.

    Trusts the folders: verify them first. A table that is there in several formats is read once, and one that is there
    neither as CSV, tab-separated text nor Parquet is compared by its hash alone.
    """
    before, after = _manifest(first), _manifest(second)
    if before.case != after.case:
        raise PackageRefused(f"{before.folder} and {after.folder} are of different cases; nothing to compare")
    old, new = _hashes(before), _hashes(after)
    both = old.keys() & new.keys()
    tables_before, tables_after = _tables(first, before), _tables(second, after)
    changed = tuple(sorted(name for name in both if old[name] != new[name]))
    differing = {_stem(name) for name in changed} & tables_before.keys() & tables_after.keys()
    try:
        tables = tuple(_difference(name, tables_before[name], tables_after[name]) for name in sorted(differing))
        numbers = _serial_number_counts(tables_before.values(), tables_after.values())
    except (pl.exceptions.PolarsError, OSError):
        raise PackageRefused("a data file cannot be read; verify both folders first") from None
    return Comparison(
        case=after.case,
        first=before.delivery,
        second=after.delivery,
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=changed,
        unchanged=tuple(sorted(name for name in both if old[name] == new[name])),
        tables=tables,
        serial_numbers=numbers,
    )


def _manifest(folder: Path) -> AnyManifest:
    try:
        return read_manifest((folder / MANIFEST).read_bytes())
    except OSError:
        raise PackageRefused(f"{folder.name}: is not an opened delivery") from None


def _hashes(manifest: AnyManifest) -> dict[str, str]:
    return {entry.name: entry.sha256 for entry in manifest.files}


def _tables(folder: Path, manifest: AnyManifest) -> dict[str, pl.LazyFrame]:
    """The tables of a package by their name without ending, all of them as text, so that nothing is converted."""
    found: dict[str, pl.LazyFrame] = {}
    names = {entry.name for entry in manifest.files}
    for name in sorted(names):
        path, stem = folder / name, _stem(name)
        if name.endswith(".parquet") and stem not in found:
            found[stem] = pl.scan_parquet(path).select(pl.all().cast(pl.String))
        elif name.endswith((".csv", ".txt")):
            found[stem] = pl.scan_csv(path, separator=";" if name.endswith(".csv") else "\t", infer_schema=False)
    return found


def _stem(name: str) -> str:
    return PurePosixPath(name).stem


def _difference(name: str, before: pl.LazyFrame, after: pl.LazyFrame) -> FileDifference:
    """One table of both; its rows are held against each other in the variables that both have."""
    old, new = before.collect_schema().names(), after.collect_schema().names()
    common = [variable for variable in new if variable in old]
    rows = [int(table.select(pl.len()).collect(engine="streaming").item()) for table in (before, after)]
    return FileDifference(
        name=name,
        rows_before=rows[0],
        rows_after=rows[1],
        variables_new=tuple(variable for variable in new if variable not in old),
        variables_gone=tuple(variable for variable in old if variable not in new),
        rows=row_difference(before.select(common), after.select(common), common[0]) if common else RowDifference(),
    )


def _serial_number_counts(
    before: Iterable[pl.LazyFrame], after: Iterable[pl.LazyFrame]
) -> dict[str, SerialNumberCounts]:
    old, new = _serial_numbers(before), _serial_numbers(after)
    return {name: _counts(old.get(name), new.get(name)) for name in sorted(old.keys() | new.keys())}


def _counts(old: pl.DataFrame | None, new: pl.DataFrame | None) -> SerialNumberCounts:
    if old is None or new is None:
        return SerialNumberCounts(0, 0 if old is None else old.height, 0 if new is None else new.height)
    in_both = old.join(new, on=old.columns, how="semi").height
    return SerialNumberCounts(in_both, old.height - in_both, new.height - in_both)


def _serial_numbers(tables: Iterable[pl.LazyFrame]) -> dict[str, pl.DataFrame]:
    """The different serial numbers by variable, over all tables."""
    found: dict[str, list[pl.LazyFrame]] = {}
    for table in tables:
        for name in filter(_is_serial_number, table.collect_schema().names()):
            found.setdefault(name, []).append(table.select(pl.col(name).drop_nulls()))
    return {name: pl.concat(parts).unique().collect(engine="streaming") for name, parts in found.items()}


def _is_serial_number(variable: str) -> bool:
    return variable.casefold().startswith(SERIAL_NUMBER_PREFIX)
