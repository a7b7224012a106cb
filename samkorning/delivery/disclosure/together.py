"""Counting persons who are alike in several files at once, joined by serial number.

What belongs here: one reading of the linked rows of the files, range by range of serial numbers, and how often it is
read so that memory suffices. What must not: which files (assets/steps/delivery/disclosing_together), or what is told of
the counts (figures).

Two persons are alike when in every file the same different combinations stand in their rows; whoever has no row in one
is like those alone who have none there either. So a person's numbers in the files add up to one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from samkorning.delivery.disclosure.coarser import AS_DELIVERED, Variant, variants
from samkorning.delivery.disclosure.groups import PERSON, counted, number, person_numbers
from samkorning.errors import GuardedFailure
from samkorning.linkage import bearable_rows, ranges_of, rows_between
from samkorning.linkage.bounds import BYTES_A_CELL
from samkorning.on_demand import LoadedWhenUsed
from samkorning.order.quasi_identifiers import QuasiIdentifier

if TYPE_CHECKING:
    import polars as pl

    from samkorning.vault import Part
else:
    pl = LoadedWhenUsed("polars")

_HELD, _SORTED = 8, 40  # bytes a person: kept of each form; and beside them for the form that is being counted
_SUM = "~sum"


@dataclass(frozen=True)
class JoinedFile:
    """A file as it is joined: its name, the column with the serial number of whom a row is about, its columns.

    ``units`` are the parts of each of its units, which may have been delivered at different times.
    """

    name: str
    serial: str
    columns: tuple[QuasiIdentifier, ...]
    units: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True)
class _Form:
    """One form of all files: that of one of them, the others as they are delivered."""

    file: int
    place: int
    column: str
    how: str


def alike_together(
    files: Sequence[JoinedFile], persons: int, memory: int, advance: Callable[[int], None] = lambda rows: None
) -> dict[str, Any]:
    """Of each form of the files' quasi-identifiers: the smallest group, and how many persons are in small ones.

    :param persons: no more persons than so many are in the files; :param memory: bytes.
    :param advance: is given how many rows have been read.
    :raises GuardedFailure: where rows cannot be read.
    """
    forms = [_Form(0, 0, "", AS_DELIVERED), *_changed(files)]
    found: list[dict[str, Any]] = []
    failure = ""
    try:
        for at_once, slices in _turns(forms, persons, memory // 2):
            found += _counted_forms(files, at_once, slices, memory, advance)
    except pl.exceptions.PolarsError as error:
        failure = type(error).__name__  # its text could quote a cell
    if failure:
        raise GuardedFailure(f"linked rows could not be read ({failure}); run again")
    return {"columns": [f"{file.name}.{each.column}" for file in files for each in file.columns], "variants": found}


def _changed(files: Sequence[JoinedFile]) -> Iterator[_Form]:
    for file, each in enumerate(files):
        for place, variant in enumerate(variants(each.columns)):
            if variant.column:
                yield _Form(file, place, f"{each.name}.{variant.column}", variant.how)


def _turns(forms: Sequence[_Form], persons: int, memory: int) -> Iterator[tuple[tuple[_Form, ...], int]]:
    """Which forms are counted in one reading, and in how many readings, each of another slice of the persons."""
    slices = max(1, -(-persons * (_HELD + _SORTED) // memory))
    at_once = max(1, (memory - persons * _SORTED) // max(persons * _HELD, 1))
    for start in range(0, len(forms), at_once):
        yield tuple(forms[start : start + at_once]), slices


def _counted_forms(
    files: Sequence[JoinedFile], forms: Sequence[_Form], slices: int, memory: int, advance: Callable[[int], None]
) -> list[dict[str, Any]]:
    sizes: list[list[pl.Series]] = [[] for _ in forms]
    for piece in range(slices):
        numbers: list[list[pl.Series]] = [[] for _ in forms]
        for persons in _by_range(files, forms, memory, advance):
            for place, kept in enumerate(numbers):
                kept.append(_of_slice(persons[number(place)], piece, slices))
        for place, kept in enumerate(numbers):
            sizes[place].append(_sizes(kept))
    return [
        {"column": form.column, "how": form.how, **counted(pl.concat(found))}
        for form, found in zip(forms, sizes, strict=True)
    ]


def _of_slice(numbers: pl.Series, piece: int, slices: int) -> pl.Series:
    return numbers if slices == 1 else numbers.filter(numbers % slices == piece)


def _sizes(numbers: list[pl.Series]) -> pl.Series:
    """How many persons each group has; takes the numbers of the persons away."""
    together = pl.concat([pl.Series(dtype=pl.UInt64), *numbers])
    numbers.clear()
    return together.sort().rle().struct.field("len")


def _by_range(
    files: Sequence[JoinedFile], forms: Sequence[_Form], memory: int, advance: Callable[[int], None]
) -> Iterator[pl.DataFrame]:
    """The persons of one range of serial numbers after the other, with their number in each form."""
    parts = [part for file in files for unit in file.units for part in unit]
    wide = max(len(file.columns) for file in files) + 1 + len(forms) * _HELD // BYTES_A_CELL
    wanted = [_wanted(file, each, forms) for file, each in enumerate(files)]
    for bounds in ranges_of(parts, bearable_rows(wide, memory)):
        found = []
        for file, each in enumerate(files):
            rows = _rows(each, bounds)
            advance(rows.height)
            found.append(_of_file(rows, file, forms, wanted[file]))
        yield _put_together(found, forms)


def _wanted(file: int, joined: JoinedFile, forms: Sequence[_Form]) -> list[Variant]:
    """The forms of a file that are asked for, as it is delivered first."""
    own = variants(joined.columns)
    return [own[0], *(own[form.place] for form in forms if form.file == file and form.place)]


def _rows(file: JoinedFile, bounds: tuple[int, int]) -> pl.DataFrame:
    """Whose rows they are and what stands in them; as text where a column has another type in another unit."""
    names = [each.column for each in file.columns]
    read = [rows_between(unit, [file.serial, *names], bounds) for unit in file.units]
    unlike = [name for name in names if len({rows.schema[name] for rows in read}) > 1]
    each = [rows.cast(dict.fromkeys(unlike, pl.String)) if unlike else rows for rows in read]
    person = pl.col(file.serial).cast(pl.Int32).alias(PERSON)
    return pl.concat(rows.select(person, *names) for rows in each).drop_nulls(PERSON)


def _of_file(rows: pl.DataFrame, file: int, forms: Sequence[_Form], wanted: Sequence[Variant]) -> pl.DataFrame:
    """The persons of a file with what it adds to their number, and what it adds more or less in its own forms."""
    persons, as_delivered = person_numbers(rows, wanted, file), pl.col(number(0))
    own = [place for place, form in enumerate(forms) if form.file == file and form.place]
    other = (
        (pl.col(number(nth)) - as_delivered).alias(f"{_SUM}{place}")  # the numbers go round, as their sum does
        for nth, place in enumerate(own, start=1)
    )
    return persons.select(PERSON, as_delivered.alias(_SUM), *other)


def _put_together(found: Sequence[pl.DataFrame], forms: Sequence[_Form]) -> pl.DataFrame:
    """Each person once with the number of each form."""
    every = pl.concat(found, how="diagonal")
    summed = every.group_by(PERSON).agg(pl.all().sum()) if len(found) > 1 else every
    differs = [f"{_SUM}{place}" for place in range(len(forms))]
    return summed.select(
        (pl.col(_SUM) + pl.col(name) if name in summed.columns else pl.col(_SUM)).alias(number(place))
        for place, name in enumerate(differs)
    )
