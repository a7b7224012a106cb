"""Own registers are loaded exactly: every type of the catalogue against every way in which a value can come."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.own_registers.catalogue import CatalogueVariable
from samkorning.own_registers.values import Fault, read_numbers, read_values
from tests.examples import examples

WRONG, DECIMALS, BEYOND, DIGITS = Fault.NOT_OF_TYPE, Fault.DECIMALS, Fault.BEYOND, Fault.DIGITS
TIME, LONG = Fault.TIME, Fault.LENGTH
DAY = date(2219, 9, 4)
MIDNIGHT, MORNING = datetime(2219, 9, 4), datetime(2219, 9, 4, 7, 30)


def variable(kind: str, length: int = 25) -> CatalogueVariable:
    return CatalogueVariable(name="X", type=kind, length=length, label_sv="x", label_en="x")


def read(value: Any, kind: str, dtype: Any = None, length: int = 25) -> Any:
    """What becomes of one value: the value that is kept, or its fault."""
    column = pl.Series("X", [None, value], dtype=dtype)
    result = read_values(column, variable(kind, length))
    assert result.values[0] is None
    if result.faults:
        ((fault, count),) = result.faults.items()
        assert (count, result.values[1]) == (1, None)
        return fault
    return result.values[1]


COLUMNS = ("text", "integer", "decimal", "date")
# Each row: what comes, in which column type, and what becomes of it as text, integer, decimal and date.
TABLE: list[tuple[str, Any, Any, tuple[Any, Any, Any, Any]]] = [
    ("missing", None, pl.String, (None, None, None, None)),
    ("a column of nothing", None, pl.Null, (None, None, None, None)),
    ("empty text", "", pl.String, ("", None, None, None)),
    ("blank text", " ", pl.String, (" ", WRONG, WRONG, WRONG)),
    ("word", "x", pl.String, ("x", WRONG, WRONG, WRONG)),
    ("whole number in text", "17", pl.String, ("17", 17, 17.0, WRONG)),
    ("negative", "-17", pl.String, ("-17", -17, -17.0, WRONG)),
    ("nought", "0", pl.String, ("0", 0, 0.0, WRONG)),
    ("minus nought", "-0", pl.String, ("-0", DECIMALS, 0.0, WRONG)),
    ("minus 0.0", "-0.0", pl.String, ("-0.0", DECIMALS, 0.0, WRONG)),
    ("plus sign", "+17", pl.String, ("+17", WRONG, WRONG, WRONG)),
    ("zero in front", "017", pl.String, ("017", WRONG, WRONG, WRONG)),
    ("blank in front", " 17", pl.String, (" 17", WRONG, WRONG, WRONG)),
    ("line end behind", "17\n", pl.String, ("17\n", WRONG, WRONG, WRONG)),
    ("thousands", "1 700", pl.String, ("1 700", WRONG, WRONG, WRONG)),
    ("other digits", "\u0661\u0667", pl.String, ("\u0661\u0667", WRONG, WRONG, WRONG)),
    ("point", "1.7", pl.String, ("1.7", DECIMALS, 1.7, WRONG)),
    ("comma", "1,7", pl.String, ("1,7", DECIMALS, 1.7, WRONG)),
    ("decimals of nought", "17.0", pl.String, ("17.0", DECIMALS, 17.0, WRONG)),
    ("exponent", "1e3", pl.String, ("1e3", DECIMALS, 1000.0, WRONG)),
    ("infinity", "inf", pl.String, ("inf", WRONG, WRONG, WRONG)),
    ("no number", "NaN", pl.String, ("NaN", WRONG, WRONG, WRONG)),
    ("beyond floating point", "1e400", pl.String, ("1e400", DECIMALS, BEYOND, WRONG)),
    ("below floating point", "1e-400", pl.String, ("1e-400", DECIMALS, DIGITS, WRONG)),
    ("2^53 + 1", "9007199254740993", pl.String, ("9007199254740993", 9007199254740993, DIGITS, WRONG)),
    ("2^63", "9223372036854775808", pl.String, ("9223372036854775808", BEYOND, 9223372036854775808.0, WRONG)),
    ("17 digits of a double", "0.30000000000000004", pl.String, ("0.30000000000000004", DECIMALS, 0.1 + 0.2, WRONG)),
    ("18 digits", "0.300000000000000041", pl.String, ("0.300000000000000041", DECIMALS, DIGITS, WRONG)),
    ("date", "2219-09-04", pl.String, ("2219-09-04", WRONG, WRONG, DAY)),
    ("short year", "24-01-01", pl.String, ("24-01-01", WRONG, WRONG, WRONG)),
    ("date without hyphens", "22190904", pl.String, ("22190904", 22190904, 22190904.0, WRONG)),
    ("no day of the calendar", "2219-02-29", pl.String, ("2219-02-29", WRONG, WRONG, WRONG)),
    ("year 0", "0000-01-01", pl.String, ("0000-01-01", WRONG, WRONG, WRONG)),
    ("date with time", "2219-09-04 07:30", pl.String, ("2219-09-04 07:30", WRONG, WRONG, WRONG)),
    ("category", "17", pl.Categorical, ("17", 17, 17.0, WRONG)),
    ("whole number", 5, pl.Int64, (WRONG, 5, 5.0, WRONG)),
    ("unsigned", 5, pl.UInt8, (WRONG, 5, 5.0, WRONG)),
    ("unsigned beyond 2^63", 2**63, pl.UInt64, (WRONG, BEYOND, float(2**63), WRONG)),
    ("whole 2^53 + 1", 2**53 + 1, pl.Int64, (WRONG, 2**53 + 1, DIGITS, WRONG)),
    ("smallest whole number", -(2**63), pl.Int64, (WRONG, -(2**63), float(-(2**63)), WRONG)),
    ("largest whole number", 2**63 - 1, pl.Int64, (WRONG, 2**63 - 1, DIGITS, WRONG)),
    ("floating point", 1.7, pl.Float64, (WRONG, DECIMALS, 1.7, WRONG)),
    ("whole floating point", 17.0, pl.Float64, (WRONG, 17, 17.0, WRONG)),
    ("short floating point", 1.5, pl.Float32, (WRONG, DECIMALS, 1.5, WRONG)),
    ("floating -0.0", -0.0, pl.Float64, (WRONG, 0, 0.0, WRONG)),
    ("floating NaN", math.nan, pl.Float64, (None, None, None, None)),
    ("floating infinity", -math.inf, pl.Float64, (WRONG, BEYOND, BEYOND, WRONG)),
    ("floating 2^53", 2.0**53, pl.Float64, (WRONG, DIGITS, 2.0**53, WRONG)),
    ("exact decimal", Decimal("1.70"), pl.Decimal(20, 2), (WRONG, DECIMALS, 1.7, WRONG)),
    ("whole exact decimal", Decimal("17.00"), pl.Decimal(20, 2), (WRONG, 17, 17.0, WRONG)),
    ("long exact decimal", Decimal("12345678901234567.89"), pl.Decimal(20, 2), (WRONG, DECIMALS, DIGITS, WRONG)),
    ("large exact decimal", Decimal(10**30), pl.Decimal(38, 0), (WRONG, BEYOND, 1e30, WRONG)),
    ("yes", True, pl.Boolean, (WRONG, WRONG, WRONG, WRONG)),
    ("day", DAY, pl.Date, (WRONG, WRONG, WRONG, DAY)),
    ("midnight", MIDNIGHT, pl.Datetime("us"), (WRONG, WRONG, WRONG, DAY)),
    ("time of day", MORNING, pl.Datetime("us"), (WRONG, WRONG, WRONG, TIME)),
    ("time of day in nanoseconds", MORNING, pl.Datetime("ns"), (WRONG, WRONG, WRONG, TIME)),
    ("time in a zone", datetime(2219, 9, 4, tzinfo=UTC), pl.Datetime("us", "UTC"), (WRONG, WRONG, WRONG, WRONG)),
    ("clock", time(7, 30), pl.Time, (WRONG, WRONG, WRONG, WRONG)),
    ("bytes", b"17", pl.Binary, (WRONG, WRONG, WRONG, WRONG)),
    ("list", [17], pl.List(pl.Int64), (WRONG, WRONG, WRONG, WRONG)),
]


@pytest.mark.parametrize("place", range(4), ids=COLUMNS)
@pytest.mark.parametrize(("value", "dtype", "wanted"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_a_value_is_taken_exactly_or_counted(value: Any, dtype: Any, wanted: tuple[Any, ...], place: int) -> None:
    """A value of an own register is taken as it is, or counted by what is wrong with it."""
    became = read(value, COLUMNS[place], dtype)
    assert became == wanted[place]
    assert type(became) is type(wanted[place])
    assert not isinstance(became, float) or math.copysign(1, became) == math.copysign(1, wanted[place])


@pytest.mark.parametrize(
    ("value", "kind", "length", "fault"),
    [
        ("A01", "text", 3, None),
        ("A011", "text", 3, LONG),
        ("åäö", "text", 3, None),
        (2219, "integer", 4, None),
        (22190, "integer", 4, LONG),
        (-221, "integer", 3, LONG),
        ("22190", "integer", 4, LONG),
        (1.23456, "decimal", 3, None),
    ],
)
def test_a_value_is_no_longer_than_the_catalogue_says(value: Any, kind: str, length: int, fault: Fault | None) -> None:
    """Texts and whole numbers beyond the catalogue's length are refused; a decimal has no length of its own."""
    became = read(value, kind, length=length)
    assert became == (fault or value)


NUMBERS: list[tuple[Any, Any, Any]] = [
    ("221101012394", pl.String, 221101012394),
    ("1101012394", pl.String, Fault.NOT_TWELVE_DIGITS),
    ("20221101-2394", pl.String, WRONG),
    (None, pl.String, Fault.MISSING),
    ("", pl.String, Fault.MISSING),
    (221101012394, pl.Int64, 221101012394),
    (190000000000.9, pl.Float64, DECIMALS),
    (221101012394.0, pl.Float64, 221101012394),
    (math.nan, pl.Float64, Fault.MISSING),
    (2211010123941, pl.Int64, Fault.NOT_TWELVE_DIGITS),
    (-221101012394, pl.Int64, Fault.NOT_TWELVE_DIGITS),
    (Decimal("190000000000.9"), pl.Decimal(20, 1), DECIMALS),
    (None, pl.Null, Fault.MISSING),
]


@pytest.mark.parametrize(("value", "dtype", "wanted"), NUMBERS)
def test_a_row_is_about_somebody(value: Any, dtype: Any, wanted: Any) -> None:
    """The number of a row is twelve digits, never cut from something else, never missing."""
    result = read_numbers(pl.Series([value], dtype=dtype))
    assert (result.faults or result.values[0]) == ({wanted: 1} if isinstance(wanted, Fault) else wanted)


@dataclass(frozen=True)
class Oracle:
    """The rule in plain Python, for text; it gives the value or the fault."""

    kind: str

    def __call__(self, text: str) -> Any:
        if self.kind == "text" or text == "":
            return text if self.kind == "text" else None
        return getattr(self, f"_{self.kind}")(text)

    def _integer(self, text: str) -> Any:
        if not is_number(text):
            return WRONG
        if not text.lstrip("-").isdigit() or text == "-0":
            return DECIMALS
        return int(text) if -(2**63) <= int(text) < 2**63 else BEYOND

    def _decimal(self, text: str) -> Any:
        if not is_number(text):
            return WRONG
        exact = Decimal(text.replace(",", "."))
        try:
            near = float(exact)
        except OverflowError:
            return BEYOND
        if math.isinf(near):
            return BEYOND
        return near + 0.0 if exact in (Decimal(near), Decimal(repr(near))) else DIGITS

    def _date(self, text: str) -> Any:
        if len(text) != 10 or not (text[:4] + text[5:7] + text[8:]).isascii():
            return WRONG
        try:
            found = datetime.strptime(text, "%Y-%m-%d").date()
        except ValueError:
            return WRONG
        return found if found.isoformat() == text else WRONG


def is_number(text: str) -> bool:
    """A sign, digits without zeros in front, decimals, an exponent of at most four digits: letter by letter."""
    mantissa, mark, exponent = text.replace("E", "e").partition("e")
    sign_free = exponent[1:] if exponent[:1] in ("+", "-") else exponent
    if mark and not (sign_free.isascii() and sign_free.isdigit() and len(sign_free) <= 4):
        return False
    whole, point, decimals = mantissa.removeprefix("-").replace(",", ".", 1).partition(".")
    if point and not (decimals.isascii() and decimals.isdigit()):
        return False
    return whole.isascii() and whole.isdigit() and (whole == "0" or not whole.startswith("0"))


NUMERALS = st.from_regex(r"-?[0-9]{1,20}([.,][0-9]{0,18})?([eE][+-]?[0-9]{1,4})?", fullmatch=True)
DAYS = st.from_regex(r"[0-9]{4}-[0-1][0-9]-[0-3][0-9]", fullmatch=True)
DIRT = st.text(alphabet="0123456789.,-+eE \u00a0\u0661Nainf", max_size=12)
TEXTS = st.one_of(NUMERALS, DAYS, DIRT, st.integers().map(str), st.floats().map(repr), st.dates().map(str))


@settings(deadline=None, max_examples=examples(300))
@given(st.lists(TEXTS, max_size=20), st.sampled_from(COLUMNS))
def test_text_is_read_as_a_plain_oracle_reads_it(texts: list[str], kind: str) -> None:
    wanted = [Oracle(kind)(text) for text in texts]
    result = read_values(pl.Series("X", texts, dtype=pl.String), variable(kind, 10_000))
    assert result.values.to_list() == [None if isinstance(each, Fault) else each for each in wanted]
    faults = [each for each in wanted if isinstance(each, Fault)]
    assert result.faults == {fault: faults.count(fault) for fault in set(faults)}


WHOLE_TYPES = [pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64]


@settings(deadline=None, max_examples=examples(200))
@given(st.data())
def test_numbers_come_back_or_are_counted(data: st.DataObject) -> None:
    """What is kept of stored numbers equals what was stored, in exact arithmetic; the rest is counted."""
    dtype = data.draw(st.sampled_from([*WHOLE_TYPES, pl.Float32, pl.Float64]))
    whole = dtype not in (pl.Float32, pl.Float64)
    low, high = (dtype.min(), dtype.max()) if whole else (0, 0)
    limits = (pl.select(low).item(), pl.select(high).item()) if whole else (0, 0)
    drawn = st.integers(*limits) if whole else st.floats(width=32 if dtype == pl.Float32 else 64, allow_nan=False)
    column = pl.Series("X", data.draw(st.lists(drawn, max_size=10)), dtype=dtype)
    for kind in ("integer", "decimal"):
        result = read_values(column, variable(kind, 10_000))
        kept = [(was, became) for was, became in zip(column, result.values, strict=True) if became is not None]
        assert all(Decimal(was) == Decimal(became) for was, became in kept)
        assert len(kept) + sum(result.faults.values()) == column.len()
