"""Looking through a file's rows before they are written: which types, widths and dirt its columns have.

What belongs here: one look at every value, batch by batch, in bounded memory. What must not: what a format does about
it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl

from samkorning.delivery.formats.columns import WHOLE_DATES, Column, Declared, Kind, Table, Written
from samkorning.errors import GuardedFailure
from samkorning.register_files.declared.date_shapes import date_pattern

ROWS_AT_ONCE = 100_000
_FIRST_YEAR_ONE = (date(1, 1, 1) - date(1970, 1, 1)).days
_BLANK, _NUL = 0x20, 0x00
_LINE_BREAKS = (0x0A, 0x0D)
_CONTROLS, _LAST_PLANE_BYTE = 0x20, 0xEF
_MOST_DIGITS = 15
"""Decimal digits that a double holds whatever they are."""


def examined(name: str, schema: pl.Schema, declared: Sequence[Declared], parts: Iterable[pl.LazyFrame]) -> Table:
    """A table with what all rows of some parts say of its columns.

    :param declared: what was said of each column of ``schema``, in its order.
    :raises GuardedFailure: when a part cannot be read.
    """
    looks = [_look(said, schema[said.name]) for said in declared]
    rows, failure = 0, ""
    try:
        for part in parts:
            for batch in part.select(schema.names()).collect_batches(chunk_size=ROWS_AT_ONCE, lazy=True):
                rows += batch.height
                for look in looks:
                    look.at(batch[look.said.name])
    except pl.exceptions.PolarsError as error:
        failure = type(error).__name__  # its text could quote a cell
    if failure:
        raise GuardedFailure(f"{name}: linked rows could not be read ({failure}); nothing was delivered")
    return Table(name, schema, rows, tuple(look.column() for look in looks))


class _Look:
    """One column: what has been seen of it so far."""

    def __init__(self, said: Declared, dtype: pl.DataType, kind: Kind = "text") -> None:
        self.said = said
        self.seen = Column(said.name, kind, said.label, said.codes, dtype=dtype)

    def at(self, values: pl.Series) -> None:
        """Look at a batch."""
        self.seen = replace(self.seen, missing=self.seen.missing or values.null_count() > 0)

    def column(self) -> Column:
        """What the column is."""
        return self.seen


class _TextLook(_Look):
    """Text: how long, how dirty, and whether it reads as the type that was declared."""

    def __init__(self, said: Declared, dtype: pl.DataType) -> None:
        super().__init__(said, dtype)
        self._readings: list[_Reading] = list(_readings(said))

    def at(self, values: pl.Series) -> None:
        super().at(values)
        self.seen = _with_bytes(self.seen, values)
        if self._readings:
            stated = values.filter(values != "")
            self._readings = [reading for reading in self._readings if reading.holds(stated)]

    def column(self) -> Column:
        if not self._readings:
            return self.seen
        return self._readings[0].column(self.seen)


class _NumberLook(_Look):
    def at(self, values: pl.Series) -> None:
        super().at(values)
        self.seen = _with_numbers(self.seen, values.drop_nulls())


class _DayLook(_Look):
    def at(self, values: pl.Series) -> None:
        super().at(values)
        self.seen = _with_days(self.seen, values)


def _look(said: Declared, dtype: pl.DataType) -> _Look:
    if isinstance(dtype, pl.String):
        return _TextLook(said, dtype)
    if isinstance(dtype, pl.Date):
        return _DayLook(said, dtype, "date")
    if isinstance(dtype, pl.Boolean):
        return _Look(said, dtype, "boolean")
    if dtype.is_integer() and not isinstance(dtype, pl.Int128 | pl.UInt128 | pl.UInt64):
        return _NumberLook(said, dtype, "integer")
    if isinstance(dtype, pl.Float32 | pl.Float64):
        return _NumberLook(said, dtype, "decimal")
    return _Look(said, dtype)  # a type that nobody declares, which typed formats refuse


def _with_bytes(seen: Column, values: pl.Series) -> Column:
    """What the bytes of a text say; a value of no bytes is looked at by its place alone."""
    stated = values.drop_nulls()
    if stated.is_empty():
        return seen
    ends, content = text_bytes(stated)
    lengths = np.diff(ends)
    seen = replace(seen, width=max(seen.width, int(lengths.max())), empty=seen.empty or int(lengths.min()) == 0)
    if not content.size or (int(content.min()) > _BLANK and int(content.max()) < _LAST_PLANE_BYTE):
        return seen  # most columns: codes, numbers, days; what follows costs five times as much
    return _with_dirt(seen, ends, content)


def _with_dirt(seen: Column, ends: np.ndarray, content: np.ndarray) -> Column:
    """Which bytes that some format minds occur, and where."""
    filled = np.diff(ends) > 0
    first, last = content[ends[:-1][filled]], content[ends[1:][filled] - 1]
    control = content[content < _CONTROLS]
    breaks = np.isin(control, _LINE_BREAKS)
    return replace(
        seen,
        blank_before=seen.blank_before or bool((first == _BLANK).any()),
        blank_after=seen.blank_after or bool((last == _BLANK).any()),
        nul=seen.nul or bool((control == _NUL).any()),
        control=seen.control or bool((~breaks).any()),
        line_break=seen.line_break or bool(breaks.any()),
        noncharacter=seen.noncharacter or _has_noncharacter(content),
    )


def _has_noncharacter(content: np.ndarray) -> bool:
    """Whether U+FFFE or U+FFFF stands in a text: EF BF BE or EF BF BF."""
    first = np.flatnonzero(content[:-2] == _LAST_PLANE_BYTE)
    return bool(((content[first + 1] == 0xBF) & (content[first + 2] >= 0xBE)).any())


def text_bytes(values: pl.Series) -> tuple[np.ndarray, np.ndarray]:
    """Where each text begins and the last ends, and the bytes of all; ``values`` has none missing."""
    array = values.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, content = array.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    return ends - ends[0], np.frombuffer(content or b"", dtype=np.uint8)[ends[0] : ends[-1]]


def _with_numbers(seen: Column, values: pl.Series) -> Column:
    if values.is_empty():
        return seen
    if values.dtype.is_integer():
        ends = [abs(int(values.min() or 0)), abs(int(values.max() or 0))]  # type: ignore[arg-type]
        return replace(seen, farthest=max(ends[0], ends[1], seen.farthest or 0))
    finite = values.filter(values.is_finite()).cast(pl.Float64).abs()
    apart = finite.filter(finite > 0)
    seen = replace(seen, finite=seen.finite and finite.len() == values.len())
    if apart.is_empty():
        return seen
    nearest, farthest = float(apart.min()), float(apart.max())  # type: ignore[arg-type]
    return replace(
        seen,
        many_digits=seen.many_digits or _has_many_digits(apart),
        nearest=min(nearest, nearest if seen.nearest is None else seen.nearest),
        farthest=max(farthest, seen.farthest or 0.0),
    )


def _has_many_digits(values: pl.Series) -> bool:
    """Whether the shortest text that reads as one of the numbers has more significant digits than 15.

    Numbers of two decimals, which most are, are told by reckoning: a whole number of fifteen digits by a hundred is the
    double next to that decimal.
    """
    hundredths = (values * 100).round()
    others = values.filter((hundredths / 100 != values) | (hundredths >= 10**_MOST_DIGITS)).unique()
    texts = others.cast(pl.String).str.replace("[eE].*$", "").str.replace(".", "", literal=True)
    return bool((texts.str.strip_chars("0").str.len_bytes() > _MOST_DIGITS).any())


def _with_days(seen: Column, values: pl.Series) -> Column:
    days = values.to_physical().drop_nulls()
    if days.is_empty():
        return seen
    first, last = (date(1970, 1, 1) + timedelta(days=int(end)) for end in (days.min(), days.max()))  # type: ignore[arg-type]
    return replace(seen, first_day=min(first, seen.first_day or first), last_day=max(last, seen.last_day or last))


class _Reading:
    """One way to read a column of text as its declared type, as long as every value reads so and back."""

    def __init__(self, kind: Kind, written: Written, reads: Callable[[pl.Series], pl.Series]) -> None:
        self._kind, self._written, self._reads = kind, written, reads
        self._found = Column("", kind, written=written)
        self._decimals: set[int] = set()
        self._ends_in_nought = False

    def holds(self, stated: pl.Series) -> bool:
        """Whether all that is stated reads so."""
        if stated.null_count():
            stated = stated.drop_nulls()
        if not self._reads(stated).all():
            return False
        if self._kind == "decimal":
            return self._same_form(stated)
        if self._kind == "date":
            days = stated.str.to_date(self._written.date_format, strict=False)
            if days.null_count() or bool((days.to_physical() < _FIRST_YEAR_ONE).any()):
                return False
            self._found = _with_days(self._found, days)
        return True

    def _same_form(self, stated: pl.Series) -> bool:
        """Whether numbers come back as they were written: all with as many decimals, or none with a last nought."""
        mark = "[.]" if self._written.decimal_mark == "." else ","
        decimals = stated.str.extract(f"{mark}([0-9]+)$")
        self._decimals |= set(decimals.str.len_bytes().fill_null(0).unique())
        self._ends_in_nought = self._ends_in_nought or bool(decimals.str.ends_with("0").any())
        return len(self._decimals) < 2 or not self._ends_in_nought

    def column(self, seen: Column) -> Column:
        """The column as it is when all of it has been read so."""
        codes = seen.codes
        if self._kind == "boolean":
            no = next((text for text in self._no), "")
            codes = tuple((code, label) for code, label in (("1", self._written.yes), ("0", no)) if label)
        return replace(
            seen,
            kind=self._kind,
            written=self._written,
            codes=codes,
            decimals=max(self._decimals, default=0),
            first_day=self._found.first_day,
            last_day=self._found.last_day,
        )

    _no: tuple[str, ...] = ()


class _YesOrNo(_Reading):
    """One text for yes and one for no: two for either would not come back."""

    def __init__(self, yes: str, no: str) -> None:
        super().__init__("boolean", Written(yes=yes), lambda stated: stated.is_in([yes, no]))
        self._no = (no,)


def _readings(said: Declared) -> Iterator[_Reading]:
    mark = said.decimal_mark
    if said.type == "integer":
        whole = f"^(0|-?[1-9][0-9]{{0,{_MOST_DIGITS - 1}}})$"
        yield _Reading("integer", Written(), lambda stated: stated.str.contains(whole))
    if said.type == "decimal":
        yield _Reading("decimal", Written(decimal_mark=mark), lambda stated: _is_decimal(stated, mark))
    if said.type == "boolean":
        yield from (_YesOrNo(yes, no) for yes in said.true_values for no in said.false_values)
    if said.type == "date":
        for shape in said.date_shapes:
            if shape in WHOLE_DATES:
                yield _day_reading(WHOLE_DATES[shape], date_pattern((shape,)))


def _day_reading(date_format: str, pattern: str) -> _Reading:
    return _Reading("date", Written(date_format=date_format), lambda stated: stated.str.contains(pattern))


def _is_decimal(stated: pl.Series, mark: str) -> pl.Series:
    """Decimal numbers of few digits; minus nought is none, since it comes back without its sign."""
    dot = "[.]" if mark == "." else ","
    number = stated.str.contains(f"^-?(0|[1-9][0-9]*)({dot}[0-9]+)?$")
    nought = stated.str.contains(f"^-0({dot}0+)?$")
    return number & ~nought & (stated.str.len_bytes() <= _MOST_DIGITS)
