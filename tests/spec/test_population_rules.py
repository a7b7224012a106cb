"""Who is in a study, and renewed extractions: persons that the service finds, and a program that is used again.

Each name reads as the rule; each docstring is the sentence a lawyer reads. docs/rules.md is generated from it.
"""

from datetime import date, timedelta

import polars as pl
import pytest

from samkorning.case import EventKind, acts, rules
from samkorning.case.act import Act
from samkorning.case.ledger import Unit, UnitStatus, ledger
from samkorning.case.renewal import renew_review
from samkorning.errors import OrderRefused, RuleRefused
from samkorning.order import read_order
from samkorning.order.controls import Controls
from samkorning.own_registers.controls import PopulationRegister, draw_controls
from samkorning.own_registers.program import program_sha256
from tests.factories import AT, CATALOGUE, SAMPLE_ORDER, a_case, an_order, approved, holder_released, received, reviewed

TODAY = AT.date()
FILE_BLOCK = SAMPLE_ORDER[SAMPLE_ORDER.index("  population:\n") : SAMPLE_ORDER.index("  number_history:")]
WITHIN = """\
  population:
    holder: Exempelregistret
    drawn: {within: diabetes}
    index_date: Besoksdatum
"""


def drawn_order(block: str = WITHIN) -> str:
    return an_order((FILE_BLOCK, block))


def faults(block: str) -> list[str]:
    """The faults of the sample order with another population."""
    try:
        read_order(drawn_order(block), "order.yaml", CATALOGUE)
    except OrderRefused as refusal:
        return [str(fault) for fault in refusal.faults]
    return []


def test_r22_a_population_is_sent_or_drawn() -> None:
    """R22: a population is either a file that is sent, or found by the service in what the specification names."""
    assert not faults(WITHIN)
    assert any("either file and column, or drawn" in fault for fault in faults("  population:\n    holder: SCB\n"))
    both = FILE_BLOCK.replace("    column: PERSNR", "    drawn: {within: diabetes}\n    column: PERSNR")
    assert any("either file and column, or drawn" in fault for fault in faults(both))


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        (WITHIN.replace("diabetes", "cancer"), "R22: no such source"),
        (WITHIN.replace("Besoksdatum", "Dag"), "no such column in the file that the persons come from"),
        (WITHIN.replace("{within: diabetes}", "{}"), "names neither a source nor a selection"),
    ],
)
def test_r22_a_population_is_drawn_from_what_the_specification_has(block: str, fault: str) -> None:
    """R22: a group is found in a source of the specification, by a column that its file declares."""
    assert any(fault in each for each in faults(block))


def test_r22_nothing_is_extracted_before_the_group_is_known() -> None:
    """R22: data are taken for a group that another source lists only when its file has come."""
    order = drawn_order()
    with pytest.raises(RuleRefused, match="R13: the persons of diabetes are the population"):
        rules.population_is_in_place(a_case(*approved(order), order=order))
    rules.population_is_in_place(a_case(*approved(order), received("diabetes"), order=order))


def test_r22_a_group_leaves_only_with_the_release_of_who_listed_it() -> None:
    """R22: who is in a holder's file leaves only with that holder's release, though the service wrote the list."""
    order = drawn_order()
    steps = [*approved(order), received("diabetes"), received("study"), received("population")]

    def study(*more) -> UnitStatus:  # noqa: ANN002
        rows = ledger(a_case(*steps, *more, order=order), {}, TODAY)
        return next(row.status for row in rows if row.unit == Unit("study"))

    assert study() is UnitStatus.AWAITS_RELEASE
    assert study(holder_released("Exempelregistret", order)) is UnitStatus.ACCEPTED


def test_r22_the_source_of_the_population_is_not_withdrawn() -> None:
    """R22: the source whose persons the population is cannot be withdrawn while the specification says so."""
    order = drawn_order()
    with pytest.raises(RuleRefused, match="R22"):
        acts.withdraw_source(a_case(*approved(order), order=order), "diabetes", "never came")
    acts.withdraw_source(a_case(*approved(order), order=order), "lisa", "never came")


def test_r22_nobody_sends_what_the_service_draws() -> None:
    """R22: no holder sends a file of the class that the service draws itself."""
    own = an_order(("source_class: quality_register", "source_class: own"))
    with pytest.raises(OrderRefused) as refusal:
        read_order(own, "order.yaml", CATALOGUE)
    assert any("not sent by anybody" in str(fault) for fault in refusal.value.faults)


PERIOD = (("      to_year: 2220\n      repeats_until: 2225", "      to_year: 2221\n      repeats_until: 2226"),)
OTHERS = {
    "a variable": ("ATC, EDATUM, ANTAL", "ATC, EDATUM"),
    "an open period": ("      repeats_until: 2226\n", ""),
    "an engine": ("engine: polars", "engine: duckdb"),
    "who is asked": ("      holder: SCB", "      holder: Statistikmyndigheten"),
}


def renewed(order: str, earlier_order: str = SAMPLE_ORDER, *, person: str = "Rut", program: str | None = None) -> Act:
    """The review of the earlier case taken over for one with an order."""
    earlier = a_case(*approved(earlier_order), reviewed(earlier_order), order=earlier_order, number="100-2221")
    case = a_case(*approved(order), order=order)
    then = program_sha256(earlier.specification, CATALOGUE) if program is None else program
    return renew_review(case, earlier, person, program_sha256(case.specification, CATALOGUE), then)


def test_r25_a_renewed_extraction_uses_the_reviewed_program() -> None:
    """R25: where the specification is the same but for its period, the review of the earlier case's program holds."""
    order = an_order(*PERIOD)
    act = renewed(order)
    assert act.kind is EventKind.CODE_REVIEWED
    assert (act.detail["renews"], act.detail["reviewer"]) == ("100-2221", "Rut")
    case = a_case(*approved(order), (act.kind, "Rut", act.detail), order=order)
    rules.program_is_reviewed(case, program_sha256(case.specification, CATALOGUE))


@pytest.mark.parametrize("change", OTHERS.values(), ids=OTHERS)
def test_r25_any_other_change_is_a_new_request(change: tuple[str, str]) -> None:
    """R25: a specification that differs by more than its period is a new request, and is reviewed anew."""
    with pytest.raises(RuleRefused, match=r"^R25: the specification is another"):
        renewed(an_order(*PERIOD, change))


def test_r25_what_was_reviewed_is_what_would_run() -> None:
    """R25: a review is taken over only while the program is the one that was reviewed, and never by the author."""
    with pytest.raises(RuleRefused, match=r"^R25: the program of case 100-2221 is not reviewed"):
        renewed(an_order(*PERIOD), program="another")
    with pytest.raises(RuleRefused, match=r"^R12"):
        renewed(an_order(*PERIOD), person="Erik")


CONTROLS = "  controls: {per_case: 1, match: [{column: sex}]}\n"


def test_r23_controls_need_an_index_date() -> None:
    """R23: controls are drawn for persons with an index date, which the population or its selection states."""
    with_controls = FILE_BLOCK + CONTROLS
    assert any("R23: the population has no index date" in fault for fault in faults(with_controls))
    assert not faults(with_controls.replace("    column: PERSNR", "    column: PERSNR\n    index_date: INDEXDATUM"))


def test_r23_controls_are_drawn_from_the_population_register() -> None:
    """R23: a control is drawn from the population register, alive and resident on the index date, and no case yet."""
    born, index, open_end = date(2180, 5, 1), date(2219, 6, 15), None
    persons = {"person": [1, 2, 3, 4, 5], "birth_date": [born] * 5, "sex": [1] * 5}
    residence = {
        "person": [1, 2, 3, 4, 5],
        "first_day": [born, born, born, born, index + timedelta(days=1)],
        "last_day": [open_end, open_end, index - timedelta(days=1), open_end, open_end],
    }
    deaths = {"person": [4], "death_date": [index - timedelta(days=1)]}
    days = {"first_day": pl.Date, "last_day": pl.Date}
    register = PopulationRegister(
        pl.LazyFrame(persons), pl.LazyFrame(residence, schema_overrides=days), pl.LazyFrame(deaths)
    )
    asked = Controls.model_validate({"per_case": 4, "match": [{"column": "sex"}]})
    cases = pl.DataFrame({"case": [1], "index_date": [index]})
    drawn = draw_controls("polars", 2**28, asked, register, cases, pl.Series([], dtype=pl.Int64), bytes(32))
    assert drawn.pairs["control"].to_list() == [2], "3 has emigrated, 4 is dead, 5 has not come yet"


ABOUT = ("      variables: [AR, DODSDAT", "      about: [relatives]\n      variables: [AR, DODSDAT")


def test_r22_rows_about_relatives_leave_only_where_the_specification_has_relatives() -> None:
    """R22: an extract is about relatives or controls only where the specification asks for these."""
    with pytest.raises(OrderRefused) as refusal:
        read_order(an_order(ABOUT), "order.yaml", CATALOGUE)
    assert any("asks for no relatives" in str(fault) for fault in refusal.value.faults)


def test_r08_less_detail_is_asked_for_and_says_why() -> None:
    """R08: a code is delivered with less detail only where the specification says so and why."""
    cut = "      cut_codes: [{variable: ULORSAK, characters: 3, because: the approval says so}]\n"
    there = ("      variables: [AR, DODSDAT", cut + "      variables: [AR, DODSDAT")
    read_order(an_order(there), "order.yaml", CATALOGUE)
    with pytest.raises(OrderRefused) as refusal:
        read_order(an_order((there[0], there[1].replace("ULORSAK", "ALDER"))), "order.yaml", CATALOGUE)
    assert any("R08: ALDER is not among the variables" in str(fault) for fault in refusal.value.faults)
    with pytest.raises(OrderRefused):
        read_order(
            an_order((there[0], there[1].replace(", because: the approval says so", ""))), "order.yaml", CATALOGUE
        )
