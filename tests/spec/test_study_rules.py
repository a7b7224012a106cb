"""For whom, of whom and by whose leave: the recipient's age key, the frozen study, holders' releases, replacements.

Each name reads as the rule; each docstring is the sentence a lawyer reads. docs/rules.md is generated from it.
"""

from datetime import date, timedelta

import pytest

from samkorning.case import Case, EventKind, acts, rules
from samkorning.case.act import Act
from samkorning.case.changes import decline_change, release_replacement
from samkorning.case.complaints import complain
from samkorning.case.holder_releases import HolderDecision, asked_of, what_is_not_covered
from samkorning.case.inputs import Unit
from samkorning.case.ledger import UnitStatus, ledger
from samkorning.case.made_from import Standing, read_by
from samkorning.case.next_act import next_act
from samkorning.case.plan import plan_delivery
from samkorning.case.population import (
    PopulationChange,
    another_has_its_reason,
    change_since_last_delivery,
    decided_change,
    is_frozen,
    population_may_change,
)
from samkorning.case.population_decision import Endorsement, endorse_population_change
from samkorning.case.recipient import confirm_recipient, exchange_recipient, key_to_seal_for, recipient_is_decided
from samkorning.encryption.age import create_identity
from samkorning.errors import FileRefused, NotFound, PackageRefused, RuleRefused
from samkorning.order.fingerprint import fingerprint, fits
from samkorning.own_registers.catalogue import RegisterCatalogue
from samkorning.own_registers.program import program_sha256
from tests.factories import (
    AT,
    CATALOGUE,
    SAMPLE_ORDER,
    Step,
    a_case,
    an_order,
    approved,
    delivered,
    holder_released,
    read,
    received,
    released,
    reviewed,
)
from tests.spec.test_changes import Story, at_state, linked

TODAY = AT.date()
NEW_KEY = create_identity().recipient
FREEZE: Step = (EventKind.POPULATION_FROZEN, "samkorning", {"population_sha256": "a" * 64})


def refused(rule: str, words: str = ""):  # noqa: ANN201
    """Expects a refusal that names the rule, and says so."""
    return pytest.raises(RuleRefused, match=f"^{rule}:.*{words}")


def then(case: Case, act: Act, person: str) -> Case:
    """The case with an act recorded."""
    steps = [(event.kind, event.person, event.detail) for event in case.events[1:]]
    return a_case(*steps, (act.kind, person, act.detail), order=case.events[0].detail["order"])


# The recipient


def test_a_fingerprint_is_read_aloud_and_compared_however_it_is_typed() -> None:
    """A recipient's age key has a fingerprint that is compared however it was typed."""
    seen = fingerprint(NEW_KEY)
    assert len(seen) == 24 and seen.count("-") == 4
    assert sum(map(str.isdigit, seen)) < 10, "none reads as an identity number"
    assert all(fits(typed, NEW_KEY) for typed in (seen, seen.upper(), seen.replace("-", " "), f" {seen} "))
    assert not any(fits(typed, NEW_KEY) for typed in ("", seen[:-1], seen + "a", fingerprint("age1other")))


def test_r20_the_decision_covers_the_recipient_it_was_made_for() -> None:
    """R20: the decision by three covers the recipient's age key that the order named then, and no other."""
    case = a_case(*approved())
    recipient_is_decided(case)
    assert key_to_seal_for(case) == read().recipient.age_recipient
    assert acts.endorse_decision(a_case(*approved()[:2]), "manager", "Mia").detail["recipient"] == fingerprint(
        read().recipient.age_recipient
    )
    stranger = SAMPLE_ORDER.replace(read().recipient.age_recipient, NEW_KEY)
    with refused("R20", "not confirmed"):
        key_to_seal_for(a_case(*approved(), order=stranger))
    with refused("R20", "not confirmed"):
        rules.may_be_delivered(
            a_case(*approved(), reviewed(), received("population"), released(), order=stranger), PROGRAM, []
        )


def test_r20_a_decision_that_names_no_recipient_is_confirmed_by_a_second_person() -> None:
    """R20: where a decision does not say whose age key it covers, another person than the author confirms it."""
    unsaid = [(kind, who, {**detail, "recipient": None}) for kind, who, detail in approved()]
    case = a_case(*unsaid)
    with refused("R20"):
        recipient_is_decided(case)
    with refused("R20", "named the age key"):
        confirm_recipient(case, case.recipient_fingerprint, "Erik")
    recipient_is_decided(then(case, confirm_recipient(case, case.recipient_fingerprint, "Olle"), "Olle"))


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [
            received("population"),
            delivered(
                "L001",
            ),
        ],
    ],
    ids=["decided", "delivered"],
)
def test_r20_an_exchanged_recipient_is_confirmed_by_another_person(steps: list[Step]) -> None:
    """R20: an exchange of the recipient's age key stops every delivery until another person has confirmed it."""
    case = a_case(*approved(), *steps)
    case = then(case, exchange_recipient(case, NEW_KEY, "the old one was lost"), "Olle")
    assert case.recipient_key == NEW_KEY
    with refused("R20", "another person than Olle"):
        recipient_is_decided(case)
    with refused("R20", "named the age key"):
        confirm_recipient(case, fingerprint(NEW_KEY), "Olle")
    with refused("R20", "not the fingerprint"):
        confirm_recipient(case, fingerprint(read().recipient.age_recipient), "Mia")
    with refused("R20", "already"):
        exchange_recipient(case, NEW_KEY, "again")
    confirmed = then(case, confirm_recipient(case, fingerprint(NEW_KEY), "Mia"), "Mia")
    assert key_to_seal_for(confirmed) == NEW_KEY
    with refused("R20", "already"):
        confirm_recipient(confirmed, fingerprint(NEW_KEY), "Lisa")
    again = then(confirmed, exchange_recipient(confirmed, create_identity().recipient, "once more"), "Mia")
    with refused("R20", "another person than Mia"):
        recipient_is_decided(again)


def test_r20_only_an_age_key_is_exchanged_for() -> None:
    """R20: a recipient's key is exchanged for a whole age key, and by amending before the decision."""
    with pytest.raises(PackageRefused):
        exchange_recipient(a_case(*approved()), NEW_KEY[:-1] + "x", "typed by hand")
    with refused("R09"):
        Story().record(exchange_recipient(a_case(), NEW_KEY, "too early"))


# Holders' releases

PROGRAM = program_sha256(read().specification, CATALOGUE)
PERIOD = ("      holder: SCB\n", "      holder: SCB\n      period: {from_year: 2210, to_year: 2220}\n")
MORE = {
    "a further column": (
        "          - {name: Kommun, label: Municipality}\n",
        "          - {name: Kommun, label: M}\n          - {name: Ny, label: N}\n",
    ),
    "a further delivered column": ("      holder: SCB\n", "      holder: SCB\n      deliver: [Kon, Kommun, Lan]\n"),
    "a further identifier": (
        "identifies: relative}\n      file",
        "identifies: relative}\n"
        "        - {column: Sun2020Niva, serial_name: LopNrSkola, identifies: workplace}\n      file",
    ),
    "a later period": ("to_year: 2220}", "to_year: 2221}"),
    "an earlier period": ("from_year: 2210, to", "from_year: 2209, to"),
    "no period": ("      period: {from_year: 2210, to_year: 2220}\n", ""),
    "another population": ("    column: PERSNR\n", "    column: PERSNR\n    issuer: stockholm\n"),
}
LESS = {
    "fewer columns": ("          - {name: Lan, label: County}\n", ""),
    "fewer delivered columns": ("deliver: [Kon, Kommun]", "deliver: [Kon]"),
    "a shorter period": ("from_year: 2210, to_year: 2220", "from_year: 2211, to_year: 2219"),
    "another limit": ("linked_share_at_least: 0.5", "linked_share_at_least: 0.9"),
}


def is_covered(asked_by: str, now: str) -> str | None:
    """What the release of SCB, given on one order, does not cover of another."""
    release = holder_released("SCB", asked_by)
    case = a_case(release, order=now)
    [source] = [source for source in case.specification.sources if source.name == "lisa"]
    return what_is_not_covered(case, source, TODAY)


@pytest.mark.parametrize("more", MORE)
def test_r04_more_than_a_holder_was_asked_for_asks_again(more: str) -> None:
    """R04: a release covers what was asked of that holder: more sources, columns, period or persons ask again."""
    before = an_order(PERIOD, ("      holder: SCB\n", "      holder: SCB\n      deliver: [Kon, Kommun]\n"))
    old, new = MORE[more]
    if "deliver:" in new:
        old, new = "deliver: [Kon, Kommun]", "deliver: [Kon, Kommun, Lan]"
    assert old in before
    assert is_covered(before, before.replace(old, new, 1)) is not None
    assert is_covered(before, before) is None


@pytest.mark.parametrize("less", LESS)
def test_r04_less_than_a_holder_was_asked_for_does_not_ask_again(less: str) -> None:
    """R04: a release that covers all that is asked now goes on, also after an amendment."""
    before = an_order(PERIOD, ("      holder: SCB\n", "      holder: SCB\n      deliver: [Kon, Kommun]\n"))
    old, new = LESS[less]
    assert old in before
    assert is_covered(before, before.replace(old, new, 1)) is None


def test_r04_a_further_source_of_a_holder_asks_again() -> None:
    """R04: another file of the same holder needs a release that names it."""
    two = an_order(("      holder: Exempelregistret\n", "      holder: SCB\n"))
    case = a_case(holder_released("SCB"), order=two)
    assert what_is_not_covered(case, case.specification.sources[0], TODAY) is None
    assert "diabetes" in (what_is_not_covered(case, case.specification.sources[1], TODAY) or "")


def test_r04_a_release_ends_on_its_last_day() -> None:
    """R04: a release that the holder gave to a day does not cover what would leave later."""
    case = a_case(*approved(), received("population"), received("lisa"))
    until = HolderDecision("2026-117", date(2026, 10, 1), TODAY)
    case = then(case, acts.release_by_holder(case, "SCB", until), "Olle")
    assert case.events[-1].detail["decision"] == "2026-117"
    [today] = [row for row in ledger(case, {}, TODAY) if row.unit == Unit("lisa")]
    [later] = [row for row in ledger(case, {}, TODAY + timedelta(days=1)) if row.unit == Unit("lisa")]
    assert (today.status, later.status) == (UnitStatus.ACCEPTED, UnitStatus.AWAITS_RELEASE)
    with refused("R04", "held until"):
        rules.holders_have_released([later])


def test_r04_a_release_in_a_real_case_names_the_holders_decision() -> None:
    """R04: in a case of real persons a release names the holder's own decision by number and date."""
    real = a_case(order=an_order(("synthetic: true", "synthetic: false")))
    for decision in (HolderDecision(), HolderDecision("12"), HolderDecision(decided=TODAY)):
        with refused("R04", "--decision"):
            acts.release_by_holder(real, "SCB", decision)
    assert acts.release_by_holder(real, "SCB", HolderDecision("12", TODAY)).detail["decided"] == str(TODAY)
    with refused("R04", "before it was made"):
        acts.release_by_holder(real, "SCB", HolderDecision("12", TODAY, TODAY - timedelta(days=1)))
    acts.release_by_holder(a_case(), "SCB")


def test_r04_a_release_tells_what_was_asked_by_a_hash() -> None:
    """R04: a release is bound to the hash of files, variables, period and population that were asked for."""
    one, other = (asked_of(a_case(order=order), "SCB") for order in (SAMPLE_ORDER, an_order(PERIOD)))
    assert one["asked_sha256"] != other["asked_sha256"]
    assert "PersonNr" in one["asked"]["sources"]["lisa"]["columns"]
    with_population = asked_of(a_case(*approved(), received("population")), "SCB")
    assert with_population["asked"]["population"]["sha256"] == "a" * 64


def test_r04_a_release_that_says_nothing_of_what_was_asked_covers_nothing() -> None:
    """R04: a release recorded as a name alone is asked for again."""
    case = a_case((EventKind.HOLDER_RELEASED, "Olle", {"holder": "SCB"}))
    assert what_is_not_covered(case, case.specification.sources[0], TODAY) is not None


def test_r04_a_release_is_recalled_until_it_is_used() -> None:
    """R04: a holder takes its release back until a delivery has used it."""
    case = a_case(*approved(), holder_released("SCB"))
    recalled = then(case, acts.recall_by_holder(case, "SCB", "a mistake"), "Olle")
    assert what_is_not_covered(recalled, recalled.specification.sources[0], TODAY) == "no release is recorded"
    with refused("R04", "no release"):
        acts.recall_by_holder(recalled, "SCB", "again")
    again = then(recalled, acts.release_by_holder(recalled, "SCB"), "Olle")
    assert what_is_not_covered(again, again.specification.sources[0], TODAY) is None
    used = at_state("delivered", "standing").case
    with refused("R04", "used by L001"):
        acts.recall_by_holder(used, "SCB", "too late")


def test_r20_a_release_of_deliveries_is_recalled_for_what_has_not_left() -> None:
    """R20: a person takes back the release of the next delivery, or the standing one for all that has not left."""
    case = a_case(*approved(), reviewed(), received("population"), released(standing=True), delivered())
    recalled = then(case, acts.recall_delivery(case, "an incident"), "Mia")
    with refused("R20", "not released"):
        rules.delivery_is_released(recalled)
    with refused("R20"):
        acts.recall_delivery(recalled, "again")


# The frozen study


def endorse(story: Story, role: str, person: str, adds: int, removes: int, complaint: str | None = None) -> None:
    said = Endorsement(role, PopulationChange(adds, removes), "rows were missing", complaint)
    story.record(endorse_population_change(story.case, said, person), person)


def test_r19_the_population_is_frozen_by_the_first_linkage_and_an_amendment_opens_it() -> None:
    """R19: the study population is frozen when the first unit is linked to it; an amendment opens it again."""
    amended: Step = (EventKind.AMENDED, "Erik", {"order": SAMPLE_ORDER, "file": "o", "sha256": "1"})
    assert not is_frozen(a_case(*approved(), received("population")))
    assert is_frozen(a_case(*approved(), received("population"), FREEZE))
    assert is_frozen(a_case(*approved(), received("population"), delivered())), "also where nothing told of the freeze"
    assert not is_frozen(a_case(*approved(), received("population"), FREEZE, amended))


SINCE: dict[str, tuple[dict[str, int], bool]] = {
    "nothing": ({}, True),
    "further serial numbers": ({"code_key.person": 9}, True),
    "an objection": ({"objections": 2}, False),
    "an opt-out that concerns the case": ({"opted_out": 1}, False),
    "another population": ({"population": 4}, False),
}


@pytest.mark.parametrize("since", SINCE)
def test_r19_what_is_linked_leaves_for_those_who_stand_in_the_study(since: str) -> None:
    """R19: what was linked before somebody came to the study, left it, objected or opted out is linked anew."""
    changed, is_same = SINCE[since]
    then = Standing({"population": 3, "objections": 1, "code_key.person": 2}, {})
    assert Standing({**then.stores, **changed}, {"lmed 2219": 2}).is_of_the_same_persons(then) is is_same


READING = {
    "strict_century": (("  engine: polars\n", "  engine: polars\n  strict_century: true\n"), False),
    "ages": (("  engine: polars\n", "  engine: polars\n  ages: {lowest: 18, highest: 90}\n"), False),
    "repairs": (("repairs: [leading_zero, float]", "repairs: [leading_zero]"), False),
    "the population's issuer": (("  population:\n", "  population:\n    issuer: stockholm\n"), False),
    "the engine": (("engine: polars", "engine: duckdb"), True),
    "a share that is to link": (("linked_share_at_least: 0.5", "linked_share_at_least: 0.4"), True),
}


@pytest.mark.parametrize("amended", READING)
def test_r19_what_is_linked_was_read_as_the_order_says_now(amended: str) -> None:
    """R19: what was linked before an amendment of how numbers are read, or of the population, is linked anew."""
    change, is_same = READING[amended]
    assert (read_by(a_case(order=an_order(change))) == read_by(a_case())) is is_same


def test_r19_a_change_of_the_population_is_decided_by_three_with_equal_numbers() -> None:
    """R19: persons come to a frozen study or leave it only by a decision of three persons on equal numbers."""
    story = at_state("delivered", "standing")
    endorse(story, "case_officer", "Olle", 48, 0)
    with refused("R11"):
        endorse(story, "manager", "Olle", 48, 0)
    endorse(story, "manager", "Mia", 48, 0)
    assert decided_change(story.case) is None, "two of three"
    endorse(story, "lawyer", "Lisa", 47, 0)
    assert decided_change(story.case) is None
    endorse(story, "lawyer", "Lisa", 48, 0)
    assert decided_change(story.case) == PopulationChange(48, 0)
    population_may_change(story.case, "f", PopulationChange(48, 0))
    for other in (PopulationChange(47, 0), PopulationChange(48, 1), PopulationChange(0, 48)):
        with pytest.raises(FileRefused, match=r"R19: by this file .*, by the decision 48 persons come and 0 go"):
            population_may_change(story.case, "f", other)


def test_r19_a_decision_on_the_population_is_used_up_by_its_file() -> None:
    """R19: the decision on a change of the population lets one file in, once."""
    story = at_state("delivered", "standing")
    for role, person in (("case_officer", "Olle"), ("manager", "Mia"), ("lawyer", "Lisa")):
        endorse(story, role, person, 1, 2)
    story.receive("population", "b" * 64, PopulationChange(1, 2))
    assert decided_change(story.case) is None
    assert change_since_last_delivery(story.case) == PopulationChange(1, 2)
    with pytest.raises(FileRefused, match="R19"):
        story.receive("population", "c" * 64, PopulationChange(1, 2), "once more")


def test_r19_a_decision_on_the_population_says_what_it_answers() -> None:
    """R19: a change of the population names how many, before it is anything; a complaint that it answers is open."""
    story = at_state("delivered", "standing")
    with refused("R15", "no complaint on L001"):
        endorse(story, "manager", "Mia", 1, 0, "L001")
    story.record(complain(story.case, "L001", "persons are missing", TODAY))
    endorse(story, "manager", "Mia", 1, 0, "L001")
    assert story.case.events[-1].detail["complaint"] == "L001"
    for adds, removes in ((0, 0), (-1, 0), (2, -1)):
        with refused("R19", "names nobody"):
            endorse(story, "lawyer", "Lisa", adds, removes)
    with refused("R19", "not frozen"):
        endorse(at_state("decided", "none"), "manager", "Mia", 1, 0)


def test_r19_an_objection_counts_as_somebody_who_went() -> None:
    """R19: an objection is a decision for one person; what was delivered next says how many went since."""
    story = at_state("delivered", "standing")
    for was_in_the_study in (1, 0):
        story.event(EventKind.PERSON_REMOVED, serial_numbers=1, population=was_in_the_study)
    assert change_since_last_delivery(story.case) == PopulationChange(0, 1)
    story.receive("diabetes", "a" * 64)
    story.deliver()
    assert change_since_last_delivery(story.case) == PopulationChange(0, 0)


@pytest.mark.parametrize(
    ("held", "sha256", "reason", "passes"),
    [
        ([], "1", "", True),
        (["1"], "1", "", True),
        (["1"], "2", "", False),
        (["1"], "2", "the first was wrong", True),
        (["1", "2"], "1", "", True),
        (["1", "2"], "2", "", False),
    ],
)
def test_r19_a_second_population_in_quarantine_needs_its_reason(
    held: list[str], sha256: str, reason: str, passes: bool
) -> None:
    """R19: before the population is frozen another one is taken in with a reason, also out of quarantine."""
    waiting = [(EventKind.FILE_QUARANTINED, "Erik", {"source": "population", "sha256": sha}) for sha in held]
    case = a_case(*waiting)
    if passes:
        another_has_its_reason(case, "population", "f", sha256, reason)
        return
    with pytest.raises(FileRefused, match=r"R19: another study population has come; .*--reason"):
        another_has_its_reason(case, "population", "f", sha256, reason)


def test_r19_a_number_history_for_a_frozen_study_needs_its_reason() -> None:
    """R19: once the population is frozen, what says who is one person comes with a reason."""
    open_, frozen = (a_case(*approved(), received("population"), *more) for more in ((), (FREEZE,)))
    another_has_its_reason(open_, "number_history", "f", "1", "")
    another_has_its_reason(frozen, "number_history", "f", "1", "two are one")
    with pytest.raises(FileRefused, match=r"R19: the study population is frozen, .*--reason"):
        another_has_its_reason(frozen, "number_history", "f", "1", "")


def test_r12_another_register_catalogue_resets_the_review() -> None:
    """R12: the review is bound to what the register catalogue says of the variables; a change of these resets it."""
    lmed = CATALOGUE.register("LMED")

    def with_variables(*variables: object) -> str:
        changed = lmed.model_copy(update={"variables": variables})
        others = (register for register in CATALOGUE.registers if register.name != "LMED")
        return program_sha256(read().specification, RegisterCatalogue((*others, changed)))

    atc = lmed.variable("ATC")
    wider = atc.model_copy(update={"length": atc.length + 1})
    further = atc.model_copy(update={"name": "NOT_ORDERED"})
    rest = tuple(variable for variable in lmed.variables if variable.name != "ATC")
    assert with_variables(*lmed.variables, further) == PROGRAM, "what nobody ordered is nobody's review"
    assert len({PROGRAM, with_variables(*rest, wider), with_variables(*rest)}) == 3
    with refused("R12"):
        rules.program_is_reviewed(a_case(*approved(), reviewed()), with_variables(*rest, wider))


# What changes after a delivery


def changed(setting: str = "standing") -> Story:
    story = at_state("delivered", setting)
    story.receive("lisa", "b" * 64)
    return story


def test_r15_a_change_waits_for_a_person_who_replaces_or_declines() -> None:
    """R15: what has been delivered and changes waits for a person, by a command that the case names."""
    story = changed()
    act = next_act(story.case, story.rows, story.program, TODAY)
    assert act.whose == "case officer"
    assert act.what.startswith("decide on a change: lisa is not as it was in L001; `case replace 36759-2021 lisa`")
    story.years[Unit("lmed", 2219)] = "another"
    story.record(decline_change(story.case, story.rows, Unit("lisa"), "of no weight"))
    assert "`case decline 36759-2021 lmed --period 2219`" in next_act(story.case, story.rows, story.program, TODAY).what


@pytest.mark.parametrize("decide", [release_replacement, decline_change])
def test_r15_a_decision_on_a_change_is_bound_to_what_it_saw(decide) -> None:  # noqa: ANN001
    """R15: a decision on a change holds for the inputs it saw; the next change asks again."""
    story = changed()
    story.record(decide(story.case, story.rows, Unit("lisa"), "seen"))
    with refused("R15", "nothing of it waits"):
        decide(story.case, story.rows, Unit("lisa"), "twice")
    story.receive("lisa", "c" * 64)
    [row] = [row for row in story.rows if row.unit == Unit("lisa")]
    assert row.status is UnitStatus.CHANGED


def test_r15_a_replacement_that_has_not_left_can_still_be_declined() -> None:
    """R15: a replacement that was released and has not left is given up by letting the delivered one stand."""
    story = changed()
    story.record(release_replacement(story.case, story.rows, Unit("lisa"), "at once"))
    story.record(acts.recall_delivery(story.case, "wait"))
    assert story.next_delivery() == "waits for a release (R20)"
    story.record(decline_change(story.case, story.rows, Unit("lisa"), "after all not"))
    assert story.next_delivery() == "nothing is due"
    gone = changed()
    gone.record(release_replacement(gone.case, gone.rows, Unit("lisa"), "at once"))
    gone.deliver()
    with refused("R15"):
        decline_change(gone.case, gone.rows, Unit("lisa"), "too late")


def test_r15_a_change_that_was_declined_can_be_let_go_after_all() -> None:
    """R15: who declined a change by mistake lets it be delivered after all, while it is what would be delivered."""
    story = changed()
    story.record(decline_change(story.case, story.rows, Unit("lisa"), "the wrong source"))
    story.record(release_replacement(story.case, story.rows, Unit("lisa"), "after all"))
    assert story.next_delivery() == "replacement"
    story.deliver()
    with refused("R15"):
        release_replacement(story.case, story.rows, Unit("lisa"), "again")


def test_r15_the_decision_on_a_change_is_used_up_by_its_delivery() -> None:
    """R15: an earlier file that comes again after its replacement has been replaced waits for a person once more."""
    story = changed()
    for corrected in ("c" * 64, "b" * 64):
        story.record(release_replacement(story.case, story.rows, Unit("lisa"), "a correction"))
        story.deliver()
        story.receive("lisa", corrected)
        assert story.next_delivery() == "waits for a person's decision on the change"


def test_r15_only_what_has_changed_is_decided_on() -> None:
    """R15: nothing is replaced that was not delivered and has not changed since."""
    story = at_state("delivered", "standing")
    for unit in (Unit("lisa"), Unit("diabetes"), Unit("lmed", 2219)):
        with refused("R15", "nothing of it waits"):
            release_replacement(story.case, story.rows, unit, "why not")
    with pytest.raises(NotFound, match="lmed 2219"):
        release_replacement(story.case, story.rows, Unit("lmed"), "which year")


def test_r15_what_is_as_it_was_delivered_waits_for_nobody() -> None:
    """R15: a file that is again what was delivered, or that was found to give the same rows, is no change."""
    story = changed()
    story.receive("lisa", "a" * 64)
    assert story.next_delivery() == "nothing is due"
    story.receive("lisa", "b" * 64)
    [row] = [row for row in story.rows if row.unit == Unit("lisa")]
    same = {"source": "lisa", "period": None, "input_sha256": row.input_sha256}
    story.event(EventKind.FOUND_UNCHANGED, units=[same])
    assert story.next_delivery() == "nothing is due"


def test_r15_a_replacement_names_what_it_replaces_beside_what_is_new() -> None:
    """R15: a delivery that holds a replaced file is a replacement, and says of each part which delivery it replaces."""
    story = changed()
    story.receive("diabetes", "a" * 64)
    assert story.next_delivery() == "supplement", "what is new goes on while the change waits"
    story.record(release_replacement(story.case, story.rows, Unit("lisa"), "rows were missing"))
    plan = plan_delivery(story.case, story.rows, linked(story.rows))
    assert plan.kind == "replacement"
    parts = {unit.unit: unit.entry().get("replaces") for file in plan.files for unit in file.units}
    assert parts == {Unit("diabetes"): None, Unit("lisa"): "L001"}


def test_r15_corrections_follow_where_the_specification_says_so_and_histories_do_not() -> None:
    """R15: `corrections: follow` lets a standing release cover a corrected file, not what a number history moves."""
    following = an_order(("      source_class: scb\n", "      source_class: scb\n      corrections: follow\n"))
    story = at_state("delivered", "standing", following)
    story.receive("lisa", "b" * 64)
    assert story.next_delivery() == "replacement"
    story.receive("number_history", "a" * 64, reason="two are one")
    assert story.next_delivery() == "waits for a person's decision on the change"
    own = at_state(
        "delivered",
        "standing",
        an_order(("- register_name: LMED\n", "- register_name: LMED\n      corrections: follow\n")),
    )
    own.years[Unit("lmed", 2219)] = "another"
    assert own.next_delivery() == "replacement"


def test_r15_a_population_that_was_decided_replaces_nothing_else() -> None:
    """R15: a decided change of the population covers what follows from it; a file corrected besides waits."""
    story = changed()
    for role, person in (("case_officer", "Olle"), ("manager", "Mia"), ("lawyer", "Lisa")):
        endorse(story, role, person, 0, 2)
    story.receive("population", "b" * 64, PopulationChange(0, 2))
    statuses = {row.unit: row.status for row in story.rows if row.deliveries}
    assert statuses == {
        Unit("lisa"): UnitStatus.CHANGED,
        Unit("lmed", 2219): UnitStatus.REPLACEMENT,
        Unit("lmed", 2220): UnitStatus.REPLACEMENT,
    }
