"""The two readers of statistics files, each on its own: polars-readstat, and pyreadstat (the ReadStat library).

What belongs here: calling them on bytes in memory, and turning whatever they raise into None. What must not: comparing
them (two_readers), or what a value becomes. Both are loaded only when such a file comes.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from samkorning.register_files.statistics.byte_characters import BYTES_AS_CHARACTERS

_VALUES_AT_A_TIME = 4_000_000
Header = Mapping[str, Any]
"""What polars-readstat reads of a file's header."""


@dataclass(frozen=True)
class StatisticsForm:
    """A form of statistics file: what its two readers call it, and the units that its dates are counted in.

    ``day`` and ``second`` are how much a day and a second add to a stored date and moment; ``zero`` is the day of
    zero, from 1970. Where text is ``padded``, blanks at its end are no part of it. Of polars-readstat: it holds moments
    to ``step`` seconds, loses at most the share ``lost`` of a number, and reads text as ``lone_encoding`` where files
    state none.
    """

    name: str
    wanted: str
    suffix: str
    parser: str
    day: int
    second: int
    zero: int
    step: float = 0.002
    lost: float = 0.0
    padded: bool = True
    lone_encoding: str = "utf-8"


@dataclass(frozen=True)
class Variable:
    """A variable as the file's header states it. ``missing`` are the ranges that its user has declared as missing."""

    name: str
    format: str
    kind: str
    width: int
    missing: tuple[tuple[float | str, float | str], ...] = ()

    @property
    def is_text(self) -> bool:
        return self.kind == "string"

    @property
    def whole_below(self) -> int | None:
        """The whole number from which on a number shorter than eight bytes may have lost digits; None for others."""
        if self.kind == "float":
            return 2**24
        return 2 ** (8 * self.width - 11) if self.kind == "double" and 3 <= self.width < 8 else None

    @property
    def is_long_text(self) -> bool:
        """Text outside the records (strL), which pyreadstat gives as characters and not as bytes."""
        return self.is_text and not self.width


@dataclass(frozen=True)
class Description:
    """The header: variables in order, their names as bytes, and the number of rows where it is stated."""

    variables: tuple[Variable, ...]
    rows: int | None


def describe(data: bytes, form: StatisticsForm) -> Description | None:
    """The header as pyreadstat reads it; None where it cannot."""
    read = _read(data, form, metadataonly=True)
    if read is None:
        return None
    _, header = read
    missing = header.missing_ranges
    variables = tuple(
        Variable(
            name,
            header.original_variable_types.get(name) or "",
            header.readstat_variable_types[name],
            header.variable_storage_width[name],
            tuple((each["lo"], each["hi"]) for each in missing.get(name, ())),
        )
        for name in header.column_names
    )
    return Description(variables, header.number_rows)


def stored_rows(data: bytes, form: StatisticsForm, names: Sequence[str]) -> Iterator[list[list[Any]] | None]:
    """The rows as they are stored, by blocks of columns: text as its bytes, numbers, None, letters for special missing.

    ``names`` are all variables, or those that are wanted. A last item of None where the file cannot be read further.
    """
    width = len(names)
    wanted = max(1, _VALUES_AT_A_TIME // max(width, 1))
    first, height = 0, wanted
    while height == wanted:
        read = _read(data, form, usecols=list(names), row_offset=first, row_limit=wanted)
        columns = list(read[0].values()) if read else []
        if len(columns) != width or len({len(column) for column in columns}) != 1:
            yield None
            return
        height = len(columns[0])
        first += height
        if height:
            yield columns


def _read(data: bytes, form: StatisticsForm, **terms: object) -> tuple[dict[str, list[Any]], Any] | None:
    """The function behind pyreadstat's readers, which alone tells special missing values in all forms."""
    from pyreadstat._readstat_parser import parser_entry_point

    read = None
    try:
        read = parser_entry_point(
            io.BytesIO(data),
            parser_format=form.parser,
            user_missing=True,
            disable_datetime_conversion=True,
            output_format="dict",
            encoding=BYTES_AS_CHARACTERS,
            **terms,
        )
    except Exception:  # its errors hold values and are of many kinds
        read = None
    return read


def typed_table(data: bytes, form: StatisticsForm) -> tuple[pl.DataFrame, Header] | None:
    """The whole table with the types that polars-readstat gives it, and the header; None where it cannot read it."""
    from polars_readstat import ScanReadstat

    read = None
    try:
        scan = ScanReadstat(f"file{form.suffix}", data=data, preserve_order=True)
        read = scan.df.collect(), scan.metadata
    except BaseException as error:  # a panic of the Rust reader is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
    return read
