"""The numbers of statistics programs: every kind, from 1850 to 2299, and what has no text."""

import datetime as dt

import polars as pl
import pytest

from samkorning.register_files.statistics import variable_formats
from samkorning.register_files.statistics.stored_numbers import Kind, Meaning, number_text

NOON = dt.datetime(2219, 1, 2, 12, 30, 15)
SAS, SPSS = dt.datetime(1960, 1, 1), dt.datetime(1582, 10, 14)


def text(
    number: float | None, meaning: Meaning | None, dtype: pl.DataType | type[pl.DataType] = pl.Float64
) -> str | None:
    assert meaning is not None
    frame = pl.DataFrame({"n": [number]}, schema={"n": dtype})
    found: str | None = frame.select(number_text(pl.col("n"), meaning)).item()
    return found


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (-5.5, "-5.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-12, "1e-12"),
        (123456789012345.0, "123456789012345"),
        (-999999999999999.0, "-999999999999999"),
        (2.0**53, "9007199254740992"),
        (2.0**60, "1.152921504606847e+18"),
        (None, None),
    ],
)
def test_a_number_has_all_its_digits_and_no_decimals_without_need(number: float | None, shown: str | None) -> None:
    assert text(number, variable_formats.NUMBER) == shown


def test_a_short_number_has_the_digits_that_it_is_stored_with() -> None:
    assert text(1.1, variable_formats.NUMBER, pl.Float32) == "1.1"


@pytest.mark.parametrize(
    "day", [dt.date(1850, 1, 1), dt.date(1899, 12, 31), dt.date(1960, 1, 1), dt.date(2299, 12, 31)]
)
def test_dates_from_1850_to_2299_are_iso_text(day: dt.date) -> None:
    days = (day - SAS.date()).days
    assert text(days, variable_formats.sas("YYMMDD10")) == day.isoformat()
    assert text(days, variable_formats.stata("%td")) == day.isoformat()
    assert text((day - SPSS.date()).days * 86_400, variable_formats.spss("EDATE10")) == day.isoformat()


def test_moments_are_iso_text_with_their_fractions() -> None:
    seconds = (NOON - SAS).total_seconds()
    assert text(seconds, variable_formats.sas("DATETIME20")) == "2219-01-02 12:30:15"
    assert text(seconds + 0.25, variable_formats.sas("E8601DT26.6")) == "2219-01-02 12:30:15.250000"
    assert text(seconds * 1000 + 1, variable_formats.stata("%tc")) == "2219-01-02 12:30:15.001000"
    assert text((NOON - SPSS).total_seconds(), variable_formats.spss("YMDHMS19")) == "2219-01-02 12:30:15"


def test_a_broken_day_keeps_its_fraction() -> None:
    assert text(-0.5, variable_formats.sas("DATE9")) == "1959-12-31 12:00:00"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "00:00:00"),
        (3_723, "01:02:03"),
        (0.5, "00:00:00.500000"),
        (90_000, "25:00:00"),
        (-3_600, "-01:00:00"),
        (10.0**12, None),
    ],
)
def test_times_may_be_longer_than_a_day(seconds: float, shown: str | None) -> None:
    assert text(seconds, variable_formats.sas("TIME8")) == shown
    assert text(seconds, variable_formats.spss("DTIME20")) == shown


def test_a_clock_shows_the_whole_moment_beyond_the_first_day() -> None:
    assert text(36_610_000, variable_formats.stata("%tcHH:MM:SS")) == "10:10:10"
    assert text((NOON - SAS).total_seconds(), variable_formats.sas("TOD8")) == "2219-01-02 12:30:15"


@pytest.mark.parametrize(
    ("form", "number", "shown"),
    [
        ("%tm", 3108, "2219-01"),
        ("%tm", -1, "1959-12"),
        ("%tq", 1, "1960q2"),
        ("%th", -1, "1959h2"),
        ("%tw", 52, "1961w01"),
        ("%ty", 2219, "2219"),
        ("%tm", 0.5, None),
    ],
)
def test_periods_are_counted_from_1960(form: str, number: float, shown: str | None) -> None:
    assert text(number, variable_formats.stata(form)) == shown


@pytest.mark.parametrize("number", [1e7, -1e7, 1e300])
def test_dates_outside_the_calendar_have_no_text(number: float) -> None:
    assert text(number, variable_formats.sas("DATE9")) is None


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("", Kind.NUMBER), ("BEST12", Kind.NUMBER), ("F8.2", Kind.NUMBER), ("$CHAR20", Kind.NUMBER),
        ("KON", Kind.NUMBER),
        ("DATE9", Kind.MOMENT), ("date9.", Kind.MOMENT), ("YYMMDDN8", Kind.MOMENT), ("MONYY7", Kind.MOMENT),
        ("YEAR4", Kind.MOMENT), ("E8601DA10", Kind.MOMENT), ("B8601DN8", Kind.MOMENT), ("EURDFDT20", Kind.MOMENT),
        ("DATETIME", Kind.MOMENT), ("TIME20.3", Kind.TIME), ("HHMM5", Kind.TIME), ("IS8601TM", Kind.TIME),
        ("TOD8", Kind.CLOCK),
    ],
)  # fmt: skip
def test_a_sas_format_tells_what_its_numbers_are(form: str, kind: Kind) -> None:
    assert variable_formats.sas(form).kind is kind


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("F8.2", Kind.NUMBER), ("WKDAY9", Kind.NUMBER), ("MONTH9", Kind.NUMBER), ("A8", Kind.NUMBER),
        ("DATE11", Kind.MOMENT), ("JDATE7", Kind.MOMENT), ("QYR8", Kind.MOMENT), ("DATETIME20", Kind.MOMENT),
        ("TIME8", Kind.TIME), ("MTIME8", Kind.TIME),
    ],
)  # fmt: skip
def test_an_spss_format_tells_what_its_numbers_are(form: str, kind: Kind) -> None:
    assert variable_formats.spss(form).kind is kind


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("%9.0g", Kind.NUMBER), ("%tg", Kind.NUMBER), ("%tbmycal", Kind.NUMBER), ("%ty", Kind.NUMBER),
        ("%td", Kind.MOMENT), ("%d", Kind.MOMENT), ("%-tdDD/NN/CCYY", Kind.MOMENT), ("%tcDDmonCCYY_HH:MM", Kind.MOMENT),
        ("%tcHH:MM", Kind.CLOCK), ("%tm", Kind.PERIOD),
    ],
)  # fmt: skip
def test_a_stata_format_tells_what_its_numbers_are(form: str, kind: Kind) -> None:
    meaning = variable_formats.stata(form)
    assert meaning and meaning.kind is kind


def test_a_stata_clock_that_counts_leap_seconds_cannot_be_told() -> None:
    assert variable_formats.stata("%tC") is None
    assert variable_formats.stata("%-tCHH:MM") is None
