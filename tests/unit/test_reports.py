"""The reports beside lead times, on small tables of summaries made by hand."""

from datetime import date, timedelta

import pytest

from samkorning.case.reports.errors import errors
from samkorning.case.reports.forecast import forecast
from samkorning.case.reports.holders import holders
from samkorning.case.reports.lead_times import in_round_time, lead_times
from samkorning.case.reports.page import as_csv, report_files
from samkorning.case.reports.satisfaction import satisfaction
from samkorning.case.reports.summary import (
    CaseSummary,
    Complaint,
    HolderCourse,
    Incident,
    Questionnaire,
    from_fields,
    to_fields,
)
from samkorning.case.reports.tables import Cell, Report
from samkorning.case.reports.waiting_times import SWEDISH, waiting_times
from samkorning.errors import NotFound

TODAY = date(2026, 6, 30)


def a_summary(number: int = 1, came: int = 300, **known: object) -> CaseSummary:
    """A case that came so many days ago; further days as days after that."""
    opened = TODAY - timedelta(came)
    days = {name: opened + timedelta(value) if isinstance(value, int) else value for name, value in known.items()}
    said = {"awaits_others": False, "state": "opened", "officer": "Olle", **days}
    return CaseSummary(f"{10_000 + number}-2026", "Title", "research", opened=opened, **said)  # type: ignore[arg-type]


def rows(report: Report, name: str) -> tuple[tuple[Cell, ...], ...]:
    return next(table.rows for table in report.tables if table.name == name)


def test_goals_count_three_months_without_others_and_two_weeks_after_their_last_file() -> None:
    cases = [
        a_summary(1, assigned=10, delivered=92),
        a_summary(2, assigned=10, delivered=93),
        a_summary(3, awaits_others=True, last_file=200, delivered=214),
        a_summary(4, awaits_others=True, last_file=200, delivered=215),
        a_summary(5, awaits_others=True, last_file=200, delivered=201),
    ]
    assert rows(lead_times(cases, TODAY, years=2), "goals")[0] == ("2026", 0, None, 3, 67, 100)
    assert rows(lead_times(cases, TODAY, years=2), "goals")[1] == ("2025", 2, 50, 0, None, 0)


def test_what_came_after_the_day_is_not_known_on_it() -> None:
    case = a_summary(assigned=100, delivered=200)
    before, after = (rows(lead_times([case], case.opened + timedelta(day), years=2), "medians") for day in (150, 250))
    assert [row[2:] for row in before if row[2]] == []
    assert (str(case.opened.year), "all", 1, 100, 100, 200) in after


def test_stages_are_told_by_the_year_of_the_delivery() -> None:
    case = a_summary(assigned=10, specified=30, decided=45, delivered=85)
    seen = [row[-2:] for row in rows(lead_times([case], TODAY, years=2), "stages") if row[0] == "all"]
    assert [value for pair in seen for value in pair if value is not None] == [10, 20, 15, 40]


@pytest.mark.parametrize(
    ("days", "said"),
    [(None, "no data"), (0, "1 week"), (7, "1 week"), (21, "3 weeks"), (60, "2 months"), (243.5, "8 months")],
)
def test_days_are_said_in_weeks_or_months(days: float | None, said: str) -> None:
    assert in_round_time(days) == said


def test_orderers_are_told_no_time_of_fewer_than_five_cases() -> None:
    few = [a_summary(number, came=100, reviewed=number) for number in range(1, 5)]
    assert rows(waiting_times(few, TODAY), "waiting")[0][1:] == ("all cases", 4, None, None, None, None)
    enough = [*few, a_summary(5, came=100, reviewed=20)]
    assert rows(waiting_times(enough, TODAY), "waiting")[0][1:] == ("all cases", 5, 3, 2, 4, 20)


def test_orderers_are_told_in_swedish_as_in_english() -> None:
    cases = [a_summary(number, came=100, reviewed=number) for number in range(9)]
    english, swedish = waiting_times(cases, TODAY), waiting_times(cases, TODAY, said=SWEDISH)
    assert [row[2:] for row in rows(swedish, "waiting")] == [row[2:] for row in rows(english, "waiting")]
    assert "9 beställningar väntar på handläggare" in swedish.notes[0]


def test_a_holder_is_told_of_from_the_day_it_was_asked() -> None:
    asked = TODAY - timedelta(100)
    answered = HolderCourse("SCB", asked, asked + timedelta(30), "", asked + timedelta(50))
    refused = HolderCourse("SCB", asked, asked + timedelta(10), "quality", None)
    waited = HolderCourse("SCB", asked, None, "", None)
    courses = enumerate((answered, refused, waited))
    cases = [a_summary(n, holders=(course,), days={"holder: SCB": 4, "orderer": 9}) for n, course in courses]
    assert rows(holders(cases, TODAY), "holders") == (("SCB", 3, 2, 1, 20, 30, 1, 50, 20, 4.0, 1, 100),)
    assert rows(holders(cases, TODAY), "refusals") == (("SCB", "quality", 1),)


def test_nobody_waits_for_a_holder_of_a_case_that_is_over() -> None:
    waited = HolderCourse("SCB", None, None, "", None)
    cases = [a_summary(1, holders=(waited,), ended=50), a_summary(2, holders=(waited,), state="disposed")]
    assert [row[-2:] for row in rows(holders(cases, TODAY), "holders")] == [(0, None)]


def test_errors_are_counted_by_year_cause_and_who_erred() -> None:
    last, this = date(2025, 5, 1), date(2026, 2, 1)
    complaints = (
        Complaint("L001", last, last + timedelta(10), "wrong codes", "us"),
        Complaint("L001", this, this + timedelta(20), "wrong codes", "us"),
        Complaint("L002", this, None, "", ""),
    )
    case = a_summary(
        came=700, deliveries=(last, last, this, this, this), complaints=complaints, incidents=(Incident(this, None),)
    )
    report = errors([case], TODAY, years=2)
    assert rows(report, "years") == (("2025", 2, 1, 50.0, "", 10, 0), ("2026", 3, 2, 66.7, "more", 20, 1))
    assert rows(report, "causes") == (("us", "wrong codes", 2),)
    assert rows(report, "open") == (
        ("complaint", case.number, "L002", "2026-02-01", 149),
        ("incident", case.number, "", "2026-02-01", 149),
    )


def test_answers_are_shared_out_as_better_no_difference_and_worse() -> None:
    cases = [
        a_summary(n, delivered=250, questionnaires=(Questionnaire(TODAY, effective, 5),) if effective else ())
        for n, effective in enumerate((5, 4, 3, 1, 0, 0, 0, 0))
    ]
    report = satisfaction(cases, TODAY)
    assert rows(report, "answers") == ((8, 4, 50),)
    assert rows(report, "questions") == (
        ("was it more effective", 4, 50, 25, 25, 3.5),
        ("was it clearer", 4, 100, 0, 0, 5),
    )


def forecastable(queue: int = 20) -> list[CaseSummary]:
    """Two officers with five cases each, fifty cases done in fifty days each, and a queue."""
    done = [a_summary(n, came=300 - n, assigned=50, delivered=100, officer="Olle") for n in range(50)]
    at_work = [a_summary(100 + n, came=60, assigned=40, officer=("Olle", "Rut")[n % 2]) for n in range(10)]
    return [*done, *at_work, *(a_summary(200 + n, came=20, officer="") for n in range(queue))]


def test_a_forecast_is_the_same_for_the_same_seed() -> None:
    cases = forecastable()
    assert forecast(cases, TODAY, seed=7, runs=20) == forecast(cases, TODAY, seed=7, runs=20)
    assert forecast(cases, TODAY, seed=7, runs=20) != forecast(cases, TODAY, seed=8, runs=20)


def test_without_inflow_the_queue_empties_and_without_officers_it_keeps() -> None:
    emptied = forecast(forecastable(), TODAY, months=12, inflow_a_week=0, runs=20)
    kept = forecast(forecastable(), TODAY, months=12, officers=0, inflow_a_week=0, runs=20)
    assert rows(emptied, "queue")[0][1] == 20 and rows(emptied, "queue")[-1][1] == 0
    assert {row[1] for row in rows(kept, "queue")} == {20}


def test_a_queue_with_service_times_of_one_length_is_forecast_to_the_case() -> None:
    """Ten places, each free again after 50 days: 20 waiting are taken as ten after 30 days and ten after 80."""
    seen = forecast(forecastable(), TODAY, months=4, inflow_a_week=0, runs=3)
    assert [row[1:4] for row in rows(seen, "queue")] == [(20, 20, 20), (10, 10, 10), (10, 10, 10), (0, 0, 0), (0, 0, 0)]


def test_more_officers_shorten_the_queue() -> None:
    at_end = [rows(forecast(forecastable(60), TODAY, officers=n, runs=20), "queue")[6][1] for n in (1, 2, 4)]
    assert at_end[0] > at_end[1] > at_end[2]  # type: ignore[operator]


def test_nothing_is_forecast_from_too_little() -> None:
    with pytest.raises(NotFound, match="a forecast needs 10 cases"):
        forecast([a_summary()], TODAY)


def test_a_summary_comes_back_from_json() -> None:
    import json

    asked = date(2026, 1, 2)
    whole = a_summary(
        assigned=10,
        delivered=90,
        deliveries=(TODAY,),
        holders=(HolderCourse("SCB", asked, None, "", None),),
        complaints=(Complaint("L001", TODAY, None, "", ""),),
        incidents=(Incident(TODAY, TODAY),),
        questionnaires=(Questionnaire(TODAY, 4, 5),),
    )
    assert from_fields(json.loads(json.dumps(to_fields(whole), default=str))) == whole


def test_a_report_is_a_page_with_its_plot_and_a_csv_with_every_cell() -> None:
    report = lead_times([a_summary(assigned=20, delivered=80), a_summary(2, came=40)], TODAY)
    [page] = report_files(report, pdf=False).values()
    assert page.count(b"<svg") == 1 and b"Figure 1" in page
    lines = as_csv(report).decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + sum(len(table.rows) * len(table.columns) for table in report.tables)
    assert lines[1] == "lead-times;2026-06-30;orders;1;cases;all"
