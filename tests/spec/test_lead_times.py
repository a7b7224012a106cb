"""The published tables on an invented register of cases: the same figures, from the events of more than 3,000 cases."""

from datetime import date
from functools import cache

import pytest

from samkorning.case.reports.lead_times import lead_times
from samkorning.case.reports.summary import CaseSummary, summary_of
from samkorning.case.reports.tables import Report, ReportTable
from samkorning.synthetic.case_register import Orders, case_of
from samkorning.synthetic.courses import LAST_DAY, published_courses
from tests.factories import SAMPLE_ORDER

OF_OTHERS = SAMPLE_ORDER[SAMPLE_ORDER.index("  sources:") : SAMPLE_ORDER.index("  own_registers:")]
ORDERS = Orders(SAMPLE_ORDER, SAMPLE_ORDER.replace(OF_OTHERS, ""))


@cache
def register() -> tuple[CaseSummary, ...]:
    return tuple(summary_of(case_of(course, ORDERS), LAST_DAY) for course in published_courses())


@cache
def report() -> Report:
    return lead_times(register(), date(2024, 12, 31), days=(date(2024, 1, 31), LAST_DAY))


def table(name: str, of: Report | None = None) -> ReportTable:
    return next(table for table in (of or report()).tables if table.name == name)


def rows(name: str, *heads: str, of: Report | None = None) -> list[tuple[object, ...]]:
    """The rows of a table that start so, without their heads."""
    return [row[len(heads) :] for row in table(name, of).rows if row[: len(heads)] == heads]


def test_orders_in_and_first_deliveries_by_year_are_as_published() -> None:
    """Table 1: orders in and orders with a first delivery, 2024 to 2020."""
    assert table("orders").columns[2:] == ("2024", "2023", "2022", "2021", "2020")
    assert rows("orders", "all", "orders in") == [(392, 383, 348, 428, 425)]
    assert rows("orders", "all", "first deliveries") == [(393, 329, 319, 349, 353)]


def test_median_lead_times_by_the_year_an_order_came_in_are_as_published() -> None:
    """Table 2: delivered orders, waiting to assignment, assignment to delivery, total, as of 2 June 2025."""
    said = lead_times(register(), LAST_DAY, years=3)
    assert rows("medians", "2023", "all", of=said) == [(346, 211.5, 134, 356)]
    assert rows("medians", "2024", "all", of=said) == [(230, 105, 95, 241.5)]


def test_waiting_times_of_two_days_are_as_published() -> None:
    """Table 3: first review, first meeting and cases without an officer, January 2024 and June 2025."""
    assert rows("waiting", "to the first review") == [("no data", "1 week")]
    assert rows("waiting", "to the first meeting") == [("8 months", "2 months")]
    assert rows("waiting", "without an officer, all") == [(218, 60)]


def test_the_queue_is_told_of_every_month() -> None:
    """Figure 1: cases without an officer, from the first month to the last."""
    queue = table("queue", lead_times(register(), LAST_DAY)).rows
    assert (queue[0][0], queue[-1][0], len(queue)) == ("2017-01", "2025-06", 102)
    assert {row[0]: row[1] for row in queue}["2024-01"] == 218


@pytest.mark.parametrize("name", ["orders", "waiting"])
def test_cases_with_and_without_other_holders_data_make_up_all(name: str) -> None:
    """What the published tables could not tell apart adds up to them."""
    counted = [row for row in table(name).rows if isinstance(row[-1], int) and "days" not in str(row[0])]
    for place in range(2 if name == "orders" else 1, len(table(name).columns)):
        values = [row[place] for row in counted]
        step = 2 if name == "orders" else 1
        assert values[:step] == [sum(int(v) for v in values[k::step] if v) - int(values[k]) for k in range(step)]


def test_the_days_of_delivered_cases_add_up_by_whose_they_were() -> None:
    """Every day before the first delivery is somebody's, once: the means of all add up to that of the whole."""
    said = [row for row in table("whose_days").rows if row[0] == "all"]
    for place in range(2, len(said[0])):
        *parts, whole = (float(row[place] or 0) for row in said)
        assert whole > 100
        assert sum(parts) == pytest.approx(whole, abs=0.5)
