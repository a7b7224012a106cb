"""No message, log, warning or text form of the package holds a number that it was given."""

import contextlib
import logging
import re
import traceback
from collections.abc import Callable
from datetime import date
from io import StringIO

import duckdb
import polars as pl
import pytest

from samkorning.identity import (
    ORGANISATION_KINDS,
    IdentityRules,
    Issuer,
    Repair,
    check_frame,
    check_lines,
    diagnose,
    diagnose_value,
    write_csv,
    write_json,
)
from samkorning.persons.number_history import latest_numbers, persons_of, read_number_history
from tests.spec.identity_examples import CENTURIES, ISSUERS, KINDS, PROBLEMS, PUBLISHED, SHAPES

VALUES = [example.value or "" for example in (*KINDS, *SHAPES, *CENTURIES, *ISSUERS, *PROBLEMS)]
VALUES += [value for values in PUBLISHED.values() for value in values]
RULES = [
    IdentityRules(date(2221, 12, 31), allow_synthetic=True, repairs=frozenset(Repair)),
    IdentityRules(date(2026, 6, 30), issuer=Issuer.SKANE, strict_century=True),
    IdentityRules(date(2221, 12, 31), allow_synthetic=True, kinds=ORGANISATION_KINDS, ages=(18, 64)),
]
NUMBERS = sorted({run for value in VALUES for run in re.findall(r"[0-9]{6,}", value)})


def everything_said(
    act: Callable[[], object], capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> str:
    """What the act writes, logs and raises, with the whole chain of causes."""
    raised = ""
    caplog.set_level(logging.DEBUG)
    try:
        act()
    except Exception as error:
        raised = "".join(traceback.format_exception_only(error)) + "".join(
            "".join(traceback.format_exception_only(cause)) for cause in (error.__cause__, error.__context__) if cause
        )
    written = capfd.readouterr()
    return raised + written.out + written.err + caplog.text


def check_everything(rules: IdentityRules, out: StringIO) -> None:
    frame = pl.DataFrame({"id": VALUES})
    diagnose(frame, "id", rules)
    diagnose(frame.lazy(), "id", rules).collect()
    diagnose(duckdb.from_arrow(frame.to_arrow()), "id", rules).pl()
    check_lines(VALUES, rules, out, write_csv)
    check_frame(frame, "id", rules, out, write_json)
    out.write("".join(repr(diagnose_value(value, rules)) for value in VALUES))


@pytest.mark.parametrize("rules", RULES)
def test_no_problem_makes_the_package_say_a_number(
    rules: IdentityRules, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    out = StringIO()
    said = everything_said(lambda: check_everything(rules, out), capfd, caplog) + out.getvalue()
    assert "row,kind,problem" in said
    assert [number for number in NUMBERS if number in said] == []


def table(column: str, dtype: pl.DataType) -> pl.DataFrame:
    return pl.DataFrame({column: [219108182388, 219108182386]}).with_columns(pl.col(column).cast(dtype))


def history(*changes: tuple[int, int]) -> pl.DataFrame:
    return pl.DataFrame(changes, schema={"old_number": pl.Int64, "new_number": pl.Int64}, orient="row")


def text_history() -> pl.DataFrame:
    rows = [("219108182388", "219108782385"), ("219108182386", "x")]
    return pl.DataFrame(rows, schema={"old_number": pl.String, "new_number": pl.String}, orient="row")


A, B = 219108182388, 219108782385
MISTAKES: dict[str, Callable[[], object]] = {
    "a column that is not there": lambda: diagnose(table("id", pl.String), "other", RULES[0]),
    "a column of dates": lambda: diagnose(table("id", pl.Datetime("us")), "id", RULES[0]),
    "a column of decimals": lambda: diagnose(table("id", pl.Decimal(20, 0)), "id", RULES[0]),
    "a list for a frame": lambda: diagnose(["219108182388"], "id", RULES[0]),
    "a frame with other columns": lambda: latest_numbers(table("id", pl.Int64)),
    "a circle": lambda: latest_numbers(history((A, B), (B, A))),
    "a contradiction": lambda: latest_numbers(history((A, B), (A, B + 1))),
    "a personnummer made a coordination number": lambda: read_number_history(text_history(), RULES[0]),
    "a damaged history": lambda: persons_of(read_number_history(text_history().slice(1), RULES[0])),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_no_mistake_makes_the_package_say_a_number(
    mistake: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    said = everything_said(MISTAKES[mistake], capfd, caplog)
    assert [number for number in NUMBERS if number in said] == []


def test_the_search_would_find_a_number(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    def leak() -> None:
        with contextlib.suppress(KeyError):
            raise KeyError
        raise ValueError(f"cannot read {VALUES[0]}")

    said = everything_said(leak, capfd, caplog)
    assert [number for number in NUMBERS if number in said] != []
