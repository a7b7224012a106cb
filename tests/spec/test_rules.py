"""The rules of the service, one test a rule or side of a rule. docs/rules.md is generated from this module.

Each name reads as the rule; each docstring is the sentence a lawyer reads.
"""

from datetime import date, timedelta

import pytest

from samkorning.case import Event, EventKind, State, acts, rules, state_of
from samkorning.case.act import Act
from samkorning.case.announcements import announce
from samkorning.case.clocks import clocks, months_after
from samkorning.case.enquiries import review_first
from samkorning.case.ledger import Unit, UnitStatus, ledger
from samkorning.case.next_act import next_act
from samkorning.case.plan import plan_delivery
from samkorning.case.states import state_after
from samkorning.errors import NotFound, OrderRefused, RuleRefused
from samkorning.order.reading import read_order
from samkorning.own_registers.program import program_sha256
from tests.factories import (
    AT,
    CATALOGUE,
    SAMPLE_ORDER,
    Step,
    a_case,
    a_unit,
    an_order,
    approved,
    delivered,
    holder_released,
    on,
    read,
    received,
    released,
    reviewed,
    then,
)

TODAY = AT.date()
PROGRAM = program_sha256(read().specification, CATALOGUE)
ETHICS_BLOCK = SAMPLE_ORDER[SAMPLE_ORDER.index("ethics:") : SAMPLE_ORDER.index("specification:")]


def refused(rule: str):  # noqa: ANN201
    """Expects a refusal that names the rule."""
    return pytest.raises(RuleRefused, match=f"^{rule}:")


def faults(*changes: tuple[str, str]) -> list[str]:
    """The faults of a changed sample order."""
    try:
        read_order(an_order(*changes), "order.yaml", CATALOGUE)
    except OrderRefused as refusal:
        return [str(fault) for fault in refusal.faults]
    return []


def row_of(case, source, period=None, hashes=None, today=TODAY):  # noqa: ANN001, ANN201
    """The ledger row of one unit."""
    return next(row for row in ledger(case, hashes or {}, today) if row.unit == Unit(source, period))


def test_r01_a_case_starts_with_its_order() -> None:
    """R01: an order gets a case number, and nothing can happen to a case before its order is there."""
    with refused("R01"):
        state_after(State.NEW, EventKind.SPECIFICATION_APPROVED)


def test_r03_research_rests_on_an_ethics_decision() -> None:
    """R03: an order for research carries the ethics application and decision."""
    assert any("R03" in fault for fault in faults((ETHICS_BLOCK, "")))
    assert not faults()


def test_r03_own_registers_are_ordered_by_the_names_of_the_catalogue() -> None:
    """R03: one variable list for all registers, by the names that the register catalogue gives."""
    assert any("no such own register" in fault for fault in faults(("register_name: LMED", "register_name: LMED9")))
    assert any("no variable HDIAX" in fault for fault in faults(("UTDATUM, HDIA,", "UTDATUM, HDIAX,")))


def test_r04_a_holders_file_enters_only_with_that_holders_release() -> None:
    """R04: a holder's file enters a delivery only when that holder's release decision is recorded."""
    case = a_case(*approved(), received("population"), received("lisa"))
    assert row_of(case, "lisa").status is UnitStatus.AWAITS_RELEASE
    with refused("R04"):
        rules.holders_have_released(ledger(case, {}, TODAY))
    case = a_case(*approved(), received("population"), received("lisa"), holder_released("SCB"))
    assert row_of(case, "lisa").status is UnitStatus.ACCEPTED
    rules.holders_have_released(ledger(case, {}, TODAY))


def test_r04_all_or_nothing_waits_for_every_holder() -> None:
    """R04: nothing of a case marked all or nothing leaves before every holder has decided and sent its file."""
    order = an_order(("  repairs:", "  all_or_nothing: true\n  repairs:"))
    case = a_case(*approved(order), received("population"), received("lisa"), holder_released("SCB"), order=order)
    with refused("R04"):
        rules.all_or_nothing(case, ledger(case, {}, TODAY))
    rules.all_or_nothing(a_case(*approved()), ledger(a_case(*approved()), {}, TODAY))


def test_r05_deceased_only_needs_a_research_plan_in_place_of_ethics() -> None:
    """R05: an order on deceased persons only needs a research plan in place of ethics approval."""
    assert any("R05" in fault for fault in faults((ETHICS_BLOCK, "deceased_only: true\n")))


def test_r05_deceased_only_is_for_the_cause_of_death_register() -> None:
    """R05: the exception is for the cause of death register alone."""
    found = faults((ETHICS_BLOCK, "deceased_only: true\nresearch_plan: plan.pdf\n"))
    assert any("registers other than DORS" in fault for fault in found)


def test_r06_the_donation_register_is_never_linked() -> None:
    """R06: the donation register is never linked or delivered at person level."""
    assert any("R06" in fault for fault in faults(("register_name: DORS", "register_name: DONATION")))


def test_r07_an_identifier_column_never_leaves_as_it_came() -> None:
    """R07: serial numbers are the default; an identifier column is never among the delivered columns."""
    found = faults(("      holder: SCB", "      holder: SCB\n      deliver: [PersonNr, Kommun]"))
    assert any("R07" in fault for fault in found)


def test_r08_codes_are_delivered_at_the_detail_in_the_register() -> None:
    """R08: codes are delivered at the detail in the register: the extraction takes each variable as it stands."""
    from samkorning.own_registers.program import extraction_sql

    own = read().specification.own_registers[0]
    assert all(f'register."{variable}"' in extraction_sql(own) for variable in own.variables)


def test_r09_the_orderer_approves_the_specification() -> None:
    """R09: nothing is decided before the orderer has approved the specification."""
    with refused("R09"):
        acts.endorse_decision(a_case(), "lawyer", "Lisa")


def test_r09_a_change_of_the_specification_voids_the_approval() -> None:
    """R09: a change of the specification voids the approval, and the decision that rested on it."""
    changed = an_order(("linked_share_at_least: 0.5", "linked_share_at_least: 0.6"))
    amended = (EventKind.AMENDED, "Erik", {"order": changed, "file": "order.yaml", "sha256": "1"})
    case = a_case(*approved(), amended)
    assert state_of(case.events) is State.OPENED
    with refused("R09"):
        rules.specification_is_approved(case)
    again = a_case(*approved()[:3], amended, *approved(changed)[:1], *approved(changed)[3:])
    assert state_of(again.events) is State.SPECIFIED, "endorsements of before do not count"


def test_r10_files_are_accepted_only_after_the_decision_is_approved() -> None:
    """R10: approval of the disclosure decision comes before extraction and before input files are accepted."""
    with refused("R09|R10"):
        rules.decision_is_approved(a_case(*approved()[:3]))
    rules.decision_is_approved(a_case(*approved()))


def test_r10_dispatch_before_extraction_where_the_specification_says_so() -> None:
    """R10: with `dispatch: before_extraction` the decision is dispatched first, else at latest with the delivery."""
    order = an_order(("  repairs:", "  dispatch: before_extraction\n  repairs:"))
    with refused("R10"):
        rules.decision_is_dispatched_in_time(a_case(*approved(order), order=order))
    rules.decision_is_dispatched_in_time(a_case(*approved()))


def test_r11_three_different_persons_take_part_in_the_decision() -> None:
    """R11: a case officer, that officer's manager and a lawyer take part in the decision, three different persons."""
    case = a_case(*approved()[:2])
    with refused("R11"):
        acts.endorse_decision(case, "lawyer", "Olle")
    assert acts.endorse_decision(case, "lawyer", "Lisa").detail["role"] == "lawyer"
    assert state_of(a_case(*approved()[:3]).events) is State.SPECIFIED
    assert state_of(a_case(*approved()).events) is State.APPROVED


def test_r11_an_approval_that_is_recorded_again_lets_nobody_decide_in_two_roles() -> None:
    """R11: three persons are asked for since the order was changed last; an approval in between starts nothing anew."""
    approval, officer, manager, lawyer = approved()
    amended = (EventKind.AMENDED, "Erik", {"order": SAMPLE_ORDER, "file": "order.yaml", "sha256": "1"})
    case = a_case(*approved(), received("population"), delivered(), amended, approval, officer, approval)
    with refused("R11"):
        acts.endorse_decision(case, "manager", "Olle")
    of_two = (manager[0], "Olle", manager[2])
    with refused("R10"):
        rules.decision_is_approved(then(case, *_events(of_two, lawyer)))
    rules.decision_is_approved(then(case, *_events(of_two, lawyer, manager)))


def _events(*steps: Step) -> list[Event]:
    """Steps as events on the day on which the case was opened."""
    return [on(0, Act(kind, detail), person) for kind, person, detail in steps]


def test_r12_nobody_reviews_their_own_program() -> None:
    """R12: a person other than the author reviews the extraction program."""
    with refused("R12"):
        acts.review_program(a_case(*approved()), "Erik", PROGRAM)
    assert acts.review_program(a_case(*approved()), "Rut", PROGRAM).kind is EventKind.CODE_REVIEWED


def test_r12_a_review_is_bound_to_the_specification_and_the_program() -> None:
    """R12: the review is bound to the specification's hash and the program's hash; a change of either resets it."""
    case = a_case(*approved(), reviewed())
    rules.program_is_reviewed(case, PROGRAM)
    with refused("R12"):
        rules.program_is_reviewed(case, "another program")
    other = an_order(("linked_share_at_least: 0.5", "linked_share_at_least: 0.6"))
    with refused("R12"):
        rules.program_is_reviewed(a_case(*approved(other), reviewed(), order=other), PROGRAM)


def test_r12_a_new_file_keeps_the_review() -> None:
    """R12: a new file that passes its contract keeps the review."""
    case = a_case(*approved(), reviewed(), received("population"), received("lisa", "b" * 64))
    rules.program_is_reviewed(case, PROGRAM)


def test_r13_what_is_in_place_is_delivered_and_late_files_follow() -> None:
    """R13: what is in place is delivered; late files follow in later deliveries with the same code key."""
    case = a_case(*approved(), received("population"), received("lisa"), holder_released("SCB"))
    rows = ledger(case, {}, TODAY)
    assert [row.unit.source for row in rows if row.is_due] == ["lisa"]
    assert "region_labb" in plan_delivery(case, rows, {}).awaited


def test_r13_a_delivery_needs_the_study_population() -> None:
    """R13: a delivery needs the study population."""
    with refused("R13"):
        rules.population_is_in_place(a_case(*approved()))


def test_r15_the_recipient_can_complain_for_three_months() -> None:
    """R15: the recipient can complain within three months from the delivery letter, per delivery."""
    case = a_case(*approved(), delivered())
    window = next(clock for clock in clocks(case, [], TODAY) if clock.rule == "R15")
    assert window.due == date(2027, 2, 2)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)


def test_r17_a_code_key_is_kept_to_a_date_to_come() -> None:
    """R17: a decision keeps the population and code key to a date, which lies ahead."""
    with refused("R17"):
        acts.keep_code_key(a_case(*approved()), TODAY, TODAY, "study goes on")
    kept = acts.keep_code_key(a_case(*approved()), TODAY + timedelta(days=1), TODAY, "study goes on")
    assert a_case(*approved(), (kept.kind, "Olle", kept.detail)).kept_until() == TODAY + timedelta(days=1)
    longer = (kept.kind, "Olle", {"until": f"{TODAY + timedelta(days=9)}", "reason": "study goes on"})
    shorter = acts.keep_code_key(a_case(*approved(), longer), TODAY + timedelta(days=1), TODAY, "why")
    assert shorter.detail["shortens"] == f"{TODAY + timedelta(days=9)}" and "shortens" not in kept.detail


def test_r18_a_repeat_delivery_needs_a_kept_code_key() -> None:
    """R18: repeat deliveries need a kept code key; a new year of a register is not due without it."""
    new_year = {Unit("lmed", 2221): "h"}
    first = [*approved(), received("population"), delivered("L001", a_unit("lmed", 2219), a_unit("lmed", 2220))]
    kept = (EventKind.CODE_KEY_KEPT, "Olle", {"until": "2027-11-02", "reason": "repeats"})
    assert not any(row.unit.period == 2221 for row in ledger(a_case(*first), new_year, TODAY))
    assert row_of(a_case(*first, kept), "lmed", 2221, new_year).is_due
    later = ledger(a_case(*first, kept), new_year, date(2027, 11, 3))
    assert not any(row.unit.period == 2221 for row in later)


def test_r18_a_register_without_ordered_repeats_adds_no_year() -> None:
    """R18: a new year is delivered only where the specification orders repeats."""
    kept = (EventKind.CODE_KEY_KEPT, "Olle", {"until": "2027-11-02", "reason": "repeats"})
    case = a_case(*approved(), received("population"), delivered(), kept)
    assert not any(row.unit == Unit("dors", 2221) for row in ledger(case, {Unit("dors", 2221): "h"}, TODAY))


def test_r19_a_delivered_case_is_not_amended() -> None:
    """R19: once the case has delivered, a change of what is delivered is a new order."""
    with refused("R19"):
        acts.amend(a_case(*approved(), delivered()), SAMPLE_ORDER, "order.yaml", CATALOGUE)
    for change in (
        ("variables: [AR, INDATUM, HDIA,", "variables: [AR, INDATUM, HDIA, DIA3,"),
        ("from_year: 2219", "from_year: 2218"),
        ("linked_share_at_least: 0.5", "linked_share_at_least: 0.6"),
    ):
        with refused("R19"):
            acts.amend(a_case(*approved(), delivered()), an_order(change), "order.yaml", CATALOGUE)


def test_r19_a_case_stays_synthetic_or_real() -> None:
    """R19: a case cannot turn from synthetic to real or back; that is a new case."""
    real = an_order(("synthetic: true", "synthetic: false"))
    with refused("R19"):
        acts.amend(a_case(), real, "order.yaml", CATALOGUE)


def test_r20_a_delivery_leaves_on_a_persons_release() -> None:
    """R20: a delivery goes to the named recipient on a person's release; each needs one of its own."""
    base = [*approved(), reviewed(), received("population")]
    with refused("R20"):
        rules.delivery_is_released(a_case(*base))
    rules.delivery_is_released(a_case(*base, released()))
    other = an_order(("linked_share_at_least: 0.5", "linked_share_at_least: 0.6"))
    with refused("R20"):
        rules.delivery_is_released(a_case(*base, released(other), released(other, standing=True)))
    with refused("R20"):
        rules.delivery_is_released(a_case(*base, released(), delivered()))


def test_r20_a_standing_release_lets_later_deliveries_follow() -> None:
    """R20: with a standing release later deliveries follow by themselves."""
    case = a_case(*approved(), reviewed(), received("population"), released(standing=True), delivered())
    rules.delivery_is_released(case)


def test_r26_first_action_within_a_week_and_delivery_two_weeks_after_the_last_file() -> None:
    """R26: first action within one week; delivery within three months, or where files of others are awaited within two
    weeks of the last of them."""
    assert clocks(a_case(), [], TODAY)[0].due == TODAY + timedelta(days=7)
    case = a_case(*approved(), received("population"), received("lisa"), holder_released("SCB"))
    due = clocks(case, ledger(case, {}, TODAY), TODAY)
    assert [clock.due for clock in due if clock.rule == "R26"] == [TODAY + timedelta(days=14)]
    alone = (
        SAMPLE_ORDER[: SAMPLE_ORDER.index("  sources:\n")] + SAMPLE_ORDER[SAMPLE_ORDER.index("  own_registers:\n") :]
    )
    case = a_case(*approved(alone), received("population"), order=alone)
    due = clocks(case, ledger(case, {}, TODAY), TODAY)
    assert [clock.due for clock in due if clock.rule == "R26"] == [months_after(TODAY, 3)]


def test_r26_the_next_act_says_what_whose_and_by_when() -> None:
    """R26: a case shows its next act, whose it is and by when: at first the review of the order, within a week."""
    act = next_act(a_case(), ledger(a_case(), {}, TODAY), PROGRAM, TODAY)
    assert (act.whose, act.due) == ("case officer", TODAY + timedelta(days=7))
    case = then(a_case(), on(2, review_first(a_case(), "complete")))
    assert next_act(case, ledger(case, {}, TODAY), PROGRAM, TODAY).whose == "Kontakt Exempel"


def test_r29_every_new_file_from_a_region_needs_its_own_release() -> None:
    """R29: a region's release covers only data collected before its date: a repeat needs a decision of its own."""
    first = [*approved(), received("population"), received("region_labb"), holder_released("Region Exempel")]
    rules.region_release_covers_what_was_collected_before(a_case(*first), "region_labb")
    again = [*first, delivered("L001", a_unit("region_labb")), received("region_labb", "b" * 64)]
    with refused("R29"):
        rules.region_release_covers_what_was_collected_before(a_case(*again), "region_labb")
    anew = a_case(*again, holder_released("Region Exempel"))
    rules.region_release_covers_what_was_collected_before(anew, "region_labb")


def test_r30_an_awaited_file_can_be_withdrawn() -> None:
    """R30: an awaited file can be withdrawn by a recorded act, so that waiting can end."""
    act = acts.withdraw_source(a_case(*approved()), "region_labb", "the region declined")
    case = a_case(*approved(), (act.kind, "Olle", act.detail))
    assert row_of(case, "region_labb").status is UnitStatus.WITHDRAWN
    assert "region_labb" not in plan_delivery(case, ledger(case, {}, TODAY), {}).awaited


def test_r30_a_withdrawal_is_taken_back_by_an_act_of_its_own() -> None:
    """R30: a source that was withdrawn is awaited again by a recorded act, and its file counts as it did before."""
    came = [*approved(), received("population"), received("lisa"), holder_released("SCB")]
    withdrawn = then(a_case(*came), on(1, acts.withdraw_source(a_case(*came), "lisa", "lisa2 was meant")))
    assert row_of(withdrawn, "lisa").status is UnitStatus.WITHDRAWN
    again = then(withdrawn, on(2, acts.await_source(withdrawn, "lisa", "another one was meant")))
    assert row_of(again, "lisa").status is UnitStatus.ACCEPTED
    assert acts.withdraw_source(again, "lisa", "it is to go after all")
    with refused("R30"):
        acts.withdraw_source(withdrawn, "lisa", "once more")
    with refused("R30"):
        acts.await_source(again, "lisa", "once more")
    with pytest.raises(NotFound, match="it has: lisa, diabetes"):
        acts.withdraw_source(again, "lisa2", "it will not come")
    with refused("R16"):
        acts.await_source(then(withdrawn, on(3, Act(EventKind.LINK_CUT, {}))), "lisa", "it comes after all")


def test_r30_whoever_withdraws_a_source_sees_that_its_file_has_come() -> None:
    """R30: the act that withdraws a source whose file has come holds its rows and day, and who takes it is told."""
    case = a_case(*approved(), received("lisa"))
    act = acts.withdraw_source(case, "lisa", "too old")
    assert (act.detail["rows"], act.detail["came"]) == (1, TODAY.isoformat())
    assert "a file of 1 rows of lisa has come" in acts.seen_when_withdrawn(act)
    nothing_came = acts.withdraw_source(case, "diabetes", "declined")
    assert "came" not in nothing_came.detail and acts.seen_when_withdrawn(nothing_came) == ""


def test_r30_nothing_comes_in_of_a_source_that_is_withdrawn() -> None:
    """R30: no file of a withdrawn source is taken in or announced, until its withdrawal is taken back."""
    case = a_case(*approved())
    withdrawn = then(case, on(1, acts.withdraw_source(case, "lisa", "declined")))
    for source_is_asked in (rules.source_is_awaited, lambda found, name: announce(found, name, 9, None, TODAY)):
        with pytest.raises(RuleRefused, match=r"^R30: lisa is withdrawn.*`case await 36759-2021 lisa`"):
            source_is_asked(withdrawn, "lisa")
        source_is_asked(withdrawn, "diabetes")
        source_is_asked(then(withdrawn, on(2, acts.await_source(withdrawn, "lisa", "it comes"))), "lisa")


def test_synthetic_cases_have_no_real_recipient() -> None:
    """A synthetic case never delivers to a real recipient."""
    assert any(
        "real recipient" in fault for fault in faults(("organisation: Synthetic University", "organisation: Uni"))
    )
