"""After a delivery: agreements and results, incidents, how complaints are closed, letters. Feeds docs/rules.md."""

from datetime import date

import polars as pl
import pytest

from samkorning.case.agreements import agreements, delete_working_copies, record_agreement, report_results
from samkorning.case.complaints import Erred, close_complaint, complain
from samkorning.case.follow_up import (
    answer_questionnaire,
    close_incident,
    open_incidents,
    record_incident,
)
from samkorning.code_key.marks import holds, mark_of
from samkorning.errors import NotFound, RuleRefused
from tests.factories import AT, a_case, an_order, approved, delivered, on, then

TODAY = AT.date()
REGISTER = "Exempelregistret"
UNTIL, DUE = date(2030, 1, 1), date(2029, 1, 1)


def refused(rule: str):  # noqa: ANN201
    """Expects a refusal that names the rule."""
    return pytest.raises(RuleRefused, match=f"^{rule}:")


def test_r21_an_agreement_says_how_long_and_at_what_cost() -> None:
    """R21: an agreement with a holder says how long the researcher has the data and what it costs."""
    case = then(a_case(), on(1, record_agreement(a_case(), REGISTER, UNTIL, DUE, 12_000)))
    (agreed,) = agreements(case)
    assert (agreed.holder, agreed.until, agreed.cost) == (REGISTER, UNTIL, 12_000)
    with refused("R04"):
        record_agreement(a_case(), "Nobody's register", UNTIL, DUE, 0)


def test_r21_a_code_key_never_serves_two_cases() -> None:
    """R21: a new question is a new order with serial numbers of its own: a code key is proven for its case alone."""
    persons = pl.DataFrame({"number": range(40), "issuer": ["national"] * 40})
    secret, series = b"s" * 32, "person"
    drawn = persons.with_columns(serial_number=pl.Series(range(100, 140)), generation=pl.lit(1))
    mark = mark_of(drawn, secret, "1-2026", series)
    assert holds(drawn, mark, [secret], "1-2026", series)
    assert not holds(drawn, mark, [secret], "2-2026", series)


def test_r28_results_are_reported_to_who_was_agreed_with_and_copies_deleted() -> None:
    """R28: results are reported to a holder by the agreed day, and at the end the working copies are deleted."""
    case = a_case(*approved(), delivered())
    with refused("R28"):
        report_results(case, REGISTER, TODAY, TODAY)
    case = then(case, on(1, record_agreement(case, REGISTER, UNTIL, DUE, 0)))
    assert agreements(case)[0].results_reported is None
    case = then(case, on(2, report_results(case, REGISTER, TODAY, TODAY)))
    assert agreements(case)[0].results_reported == TODAY
    with refused("R28"):
        report_results(case, REGISTER, date(2027, 1, 1), TODAY)
    assert delete_working_copies(case, TODAY, TODAY).detail == {"day": TODAY.isoformat()}
    with refused("R28"):
        delete_working_copies(a_case(), TODAY, TODAY)


def test_r27_a_complaint_is_closed_with_its_cause_and_who_erred() -> None:
    """R27: a complaint is closed with its cause and who erred, where persons are real."""
    order = an_order(("synthetic: true", "synthetic: false"))
    case = a_case(*approved(order), delivered(), order=order)
    case = then(case, on(1, complain(case, "L001", "rows are missing", TODAY)))
    with refused("R27"):
        close_complaint(case, "L001", "replaced")
    closed = close_complaint(case, "L001", "replaced", "half a file was sent", Erred.HOLDER)
    assert (closed.detail["cause"], closed.detail["erred"]) == ("half a file was sent", "holder")


def test_r27_an_incident_is_recorded_and_followed_up() -> None:
    """R27: a personal-data incident is recorded with its day and closed with what was learnt, once."""
    with refused("R27"):
        record_incident(a_case(), "a letter to a wrong address", date(2027, 1, 1), TODAY)
    case = then(a_case(), on(1, record_incident(a_case(), "a letter to a wrong address", TODAY, TODAY)))
    assert [event.number for event in open_incidents(case)] == [2]
    case = then(case, on(2, close_incident(case, 2, "addresses are read back")))
    assert open_incidents(case) == []
    with pytest.raises(NotFound, match="no open incident 2; open are: none"):
        close_incident(case, 2, "again")


def test_answers_to_the_questionnaire_lie_between_1_and_5() -> None:
    """The orderer's answers to the questionnaire after a delivery lie between 1 and 5."""
    case = a_case(*approved(), delivered())
    assert answer_questionnaire(case, 4, 5, "").detail["clear"] == 5
    with pytest.raises(RuleRefused, match="between 1 and 5"):
        answer_questionnaire(case, 0, 5, "")
    with refused("R27"):
        answer_questionnaire(a_case(), 4, 5, "")
