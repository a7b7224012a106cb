"""What a delivery promises its recipient, as small tables."""

from datetime import date, datetime, time
from decimal import Decimal

import polars as pl
import pytest

from samkorning.delivery.checks import file_name_holds, fits_statistics_packages
from samkorning.delivery.rendering.spreadsheet_values import formula_like
from samkorning.delivery.rendering.unit_contents import unit_facts
from samkorning.delivery.rendering.variable_counts import counted_column
from samkorning.errors import CheckFailed
from samkorning.linkage.row_flow import RowFlow
from tests.rendered import csv_of, rendered


def digest_of(frame: pl.DataFrame) -> str:
    [unit] = unit_facts(rendered(frame)[0])
    return unit.digest


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("ut_r_par_sv_36759_2021", True),
        ("ut_r_dors_36759_2021", True),
        ("ut_r_lmed_2219_36759_2021", True),
        ("ut_r_par_sv_36759_2022", False),  # another case
        ("ut_r_par_sv_6759_2021", False),
        ("ut_r_36759_2021", False),  # no register
        ("ut_r__36759_2021", False),
        ("UT_R_PAR_SV_36759_2021", False),
        ("par_sv_36759_2021", False),
        ("ut_r_../par_36759_2021", False),
        ("ut_r_par_sv_36759_2021.csv", False),
        ("ut_r_pår_36759_2021", False),
    ],
)
def test_a_delivered_file_is_named_after_its_register_and_case(name: str, holds: bool) -> None:
    assert file_name_holds(name, "36759-2021") is holds


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("HDIA", True),
        ("DIA30", True),
        ("A" * 32, True),
        ("A" * 33, False),
        ("LopNr", False),
        ("1A", False),
        ("", False),
    ],
)
def test_a_name_fits_statistics_packages_when_it_is_short_plain_and_upper_case(name: str, fits: bool) -> None:
    assert fits_statistics_packages(name) is fits


@pytest.mark.parametrize(
    ("values", "written"),
    [
        (pl.Series([100_000_001], dtype=pl.Int32), "100000001"),
        (pl.Series(["C509"]), "C509"),
        (pl.Series(["0114"]), "0114"),
        (pl.Series([date(2219, 5, 4)]), "2219-05-04"),
        (pl.Series([datetime(2219, 5, 4, 3, 2, 1)]), "2219-05-04T03:02:01"),
        (pl.Series([datetime(2219, 5, 4, 3, 2, 1, 250_000)]), "2219-05-04T03:02:01.250"),
        (pl.Series([time(3, 2, 1)]), "03:02:01"),
        (pl.Series([1.5]), "1.5"),
        (pl.Series([-0.25]), "-0.25"),
        (pl.Series([Decimal("1.50")]), "1.50"),
        (pl.Series([True]), "true"),
        (pl.Series([None], dtype=pl.String), ""),
        (pl.Series([""]), '""'),
        (pl.Series(["a;b"]), '"a;b"'),
        (pl.Series(['say "a"']), '"say ""a"""'),
        (pl.Series(["two\r\nlines"]), '"two\r\nlines"'),
        (pl.Series(["lone\rreturn"]), '"lone\rreturn"'),
        (pl.Series([" blanks "]), " blanks "),
        (pl.Series(["Malmö"]), "Malmö"),
    ],
)
def test_a_value_is_written_as_it_is(values: pl.Series, written: str) -> None:
    frame = pl.DataFrame({"LopNr": [100_000_000], "VALUE": values})
    assert csv_of(frame) == f"\ufeffLopNr;VALUE\r\n100000000;{written}\r\n".encode()


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("=1+1", True),
        ("@SUM(A1)", True),
        ("-1-1", True),
        ("+46 8", True),
        ("\t=1", True),
        ("-1,5", False),
        ("C50", False),
    ],
)
def test_a_text_that_looks_like_a_formula_is_delivered_unaltered_and_its_variable_named(
    value: str, named: bool
) -> None:
    frame = pl.DataFrame({"LopNr": [100_000_000], "FRITEXT": [value], "HDIA": ["C509"]})
    assert f";{value};C509\r\n".encode() in csv_of(frame)
    assert formula_like(rendered(frame)[0]) == (("FRITEXT",) if named else ())


def test_a_file_without_rows_has_its_header() -> None:
    frame = pl.DataFrame(schema={"LopNr": pl.Int32, "HDIA": pl.String})
    assert csv_of(frame) == "\ufeffLopNr;HDIA\r\n".encode()
    facts, _ = rendered(frame)
    counted = counted_column(facts, "LopNr")
    assert counted is not None
    assert (facts.rows, facts.columns, counted.filled) == (0, ("LopNr", "HDIA"), [0])


def test_a_lone_variable_without_a_value_is_refused_since_readers_skip_blank_lines() -> None:
    with pytest.raises(CheckFailed, match="LopNr"):
        rendered(pl.DataFrame({"LopNr": [100_000_000, None]}))


def test_two_deliveries_with_equal_rows_have_equal_digests() -> None:
    frame = pl.DataFrame({"LopNr": [1, 2], "HDIA": ["A", "B"]})
    assert digest_of(frame) == digest_of(frame.clone())


@pytest.mark.parametrize(
    "changed",
    [
        pl.DataFrame({"LopNr": [1, 2], "HDIA": ["A", "C"]}),
        pl.DataFrame({"LopNr": [1, 2], "HDIA": ["B", "A"]}),
        pl.DataFrame({"LopNr": [1], "HDIA": ["A"]}),
        pl.DataFrame({"LopNr": [1, 2], "DIA1": ["A", "B"]}),
        pl.DataFrame({"LopNr": [1, 2], "HDIA": ["A", None]}),
    ],
)
def test_any_difference_in_rows_or_names_gives_another_digest(changed: pl.DataFrame) -> None:
    frame = pl.DataFrame({"LopNr": [1, 2], "HDIA": ["A", "B"]})
    assert digest_of(frame) != digest_of(changed)


def test_a_missing_value_and_an_empty_text_are_told_apart() -> None:
    missing, empty = ({"LopNr": [1], "HDIA": [value]} for value in (None, ""))
    schema = {"LopNr": pl.Int32, "HDIA": pl.String}
    assert digest_of(pl.DataFrame(missing, schema)) != digest_of(pl.DataFrame(empty, schema))


@pytest.mark.parametrize(
    ("rows_in", "linked", "dropped", "unexplained"),
    [
        (5, 5, {}, 0),
        (5, 3, {"unknown_person": 2}, 0),
        (5, 3, {"unknown_person": 1, "damaged": 1}, 0),
        (5, 3, {}, 2),
        (5, 6, {}, -1),
    ],
)
def test_every_row_is_linked_or_dropped_for_a_reason(
    rows_in: int, linked: int, dropped: dict[str, int], unexplained: int
) -> None:
    assert RowFlow("PAR_SV", rows_in, linked, dropped).unexplained == unexplained
