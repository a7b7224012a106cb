"""The table of changes, run through the real rules: what is allowed, what the ledger says, what goes out as what.

A story builds a case event by event, each allowed by its own rule, and asks for the next delivery as `deliver` does.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import pytest

from samkorning.case import Case, EventKind, State, acts, rules, state_of
from samkorning.case.act import Act
from samkorning.case.changes import decline_change, release_replacement
from samkorning.case.inputs import Unit
from samkorning.case.ledger import LedgerRow, UnitStatus, ledger
from samkorning.case.plan import LinkedUnit, plan_delivery
from samkorning.case.population import (
    NUMBER_HISTORY,
    POPULATION,
    PopulationChange,
    another_has_its_reason,
    decided_change,
    population_may_change,
)
from samkorning.case.population_decision import Endorsement, endorse_population_change
from samkorning.case.recipient import confirm_recipient, exchange_recipient
from samkorning.case.states import state_after
from samkorning.encryption.age import create_identity
from samkorning.errors import FileRefused, RuleRefused
from samkorning.order.fingerprint import fingerprint
from samkorning.own_registers.program import program_sha256
from tests.factories import AT, CATALOGUE, SAMPLE_ORDER, Step, a_case, an_order
from tests.spec.changes_table import (
    APPROVAL,
    CONFIRMATION,
    FIRST,
    HELD,
    HOLDER,
    KNOWN,
    NOTHING,
    PERSON,
    RECORDED,
    REFUSED,
    RELEASE,
    SEEN,
    SETTINGS,
    STATES,
    TABLE,
    TAKEN,
)

TODAY = AT.date()
FOLLOWING = an_order(
    ("      source_class: scb\n", "      source_class: scb\n      corrections: follow\n"),
)
MORE_OF_A_HOLDER = (
    "          - {name: Kommun, label: Municipality}\n",
    "          - {name: Kommun, label: Municipality}\n          - {name: Inkomst, label: Income}\n",
)
FORMER, NEW = "a" * 64, "b" * 64


@dataclass
class Story:
    """One case as it goes on, the years of an own register beside it."""

    order: str = SAMPLE_ORDER
    steps: list[Step] = field(default_factory=list)
    years: dict[Unit, str] = field(default_factory=lambda: {Unit("lmed", 2219): "y1", Unit("lmed", 2220): "y2"})

    @property
    def case(self) -> Case:
        return a_case(*self.steps, order=self.order)

    @property
    def rows(self) -> list[LedgerRow]:
        return ledger(self.case, self.years, TODAY)

    def record(self, act: Act, person: str = "Olle") -> None:
        state_after(state_of(self.case.events), act.kind)
        self.steps.append((act.kind, person, act.detail))

    def event(self, kind: EventKind, /, **detail: object) -> None:
        self.record(Act(kind, detail), "samkorning")

    def approve(self) -> None:
        self.record(acts.approve_specification(self.case))
        for role, person in (("case_officer", "Olle"), ("manager", "Mia"), ("lawyer", "Lisa")):
            self.record(acts.endorse_decision(self.case, role, person), person)
        self.record(acts.review_program(self.case, "Rut", self.program), "Rut")

    @property
    def program(self) -> str:
        return program_sha256(self.case.specification, CATALOGUE)

    def release(self, setting: str) -> None:
        if setting != "none":
            self.record(acts.release_delivery(self.case, self.program, setting == "standing"))

    def receive(self, source: str, sha256: str, change: PopulationChange | None = None, reason: str = "") -> str:
        """What intake does with a file: held, known, refused or taken in."""
        if state_of(self.case.events) not in (State.APPROVED, State.DELIVERED):
            return HELD
        if self.case.received_sha256(source) == sha256:
            return KNOWN
        another_has_its_reason(self.case, source, "file", sha256, reason)
        more: dict[str, object] = {}
        if change is not None:
            population_may_change(self.case, "file", change)
            decided = decided_change(self.case) is not None
            more = {"adds": change.adds, "removes": change.removes, "decided": decided}
        self.event(EventKind.FILE_RECEIVED, source=source, file="file", sha256=sha256, rows=1, **more)
        return TAKEN

    def next_delivery(self) -> str:
        """What `deliver` would make now, or what it waits for."""
        try:
            rules.may_extract(self.case, self.program)
            rules.holders_have_released(self.rows)
            if any(row.is_due for row in self.rows):
                rules.may_be_delivered(self.case, self.program, self.rows)
        except RuleRefused as refusal:
            return waits_for(refusal)
        kind = plan_delivery(self.case, self.rows, linked(self.rows)).kind
        if kind is not None:
            return FIRST if kind == "first" else str(kind)
        return PERSON if any(row.status is UnitStatus.CHANGED for row in self.rows) else NOTHING

    def deliver(self) -> None:
        plan = plan_delivery(self.case, self.rows, linked(self.rows))
        units = [unit.entry() for file in plan.files for unit in file.units]
        self.event(EventKind.DELIVERED, delivery=plan.number, kind=str(plan.kind), units=units, persons_in_code_key=1)


def waits_for(refusal: RuleRefused) -> str:
    if refusal.rule in ("R09", "R10"):
        return APPROVAL
    if refusal.rule == "R20":
        return CONFIRMATION if "age key" in refusal.problem else RELEASE
    return {"R04": HOLDER}.get(refusal.rule, str(refusal))


def linked(rows: list[LedgerRow]) -> dict[Unit, LinkedUnit]:
    """Every unit as linked from its present inputs: other inputs give other rows."""
    return {row.unit: LinkedUnit(row.unit, sha, sha, 1) for row in rows if (sha := row.input_sha256) is not None}


def at_state(state: str, setting: str, order: str = SAMPLE_ORDER) -> Story:
    """A case taken to a state, released as the setting says; lisa is in place and diabetes awaited."""
    story = Story(order)
    for holder in ("SCB", "Exempelregistret"):
        story.record(acts.release_by_holder(story.case, holder))
    if state == "before the decision":
        return story
    story.approve()
    story.receive(POPULATION, FORMER)
    story.receive("lisa", FORMER)
    if state == "linked":
        story.event(EventKind.POPULATION_FROZEN, population_sha256=FORMER)
    if state == "delivered":
        story.event(EventKind.POPULATION_FROZEN, population_sha256=FORMER)
        story.release("standing" if setting == "standing" else "once")
        story.deliver()
    if state != "delivered" or setting == "once":
        story.release(setting)
    return story


Change = Callable[[Story], str]


def receives(source: str, sha256: str = NEW, reason: str = "", change: PopulationChange | None = None) -> Change:
    return lambda story: story.receive(source, sha256, change, reason)


def decided_population(change: PopulationChange, file: PopulationChange, release: bool = False) -> Change:
    """Three decide on a change, and a population file comes that changes as it does."""

    def act(story: Story) -> str:
        for role, person in (("case_officer", "Olle"), ("manager", "Mia"), ("lawyer", "Lisa")):
            endorsed = Endorsement(role, change, "a complaint")
            story.record(endorse_population_change(story.case, endorsed, person), person)
        taken = story.receive(POPULATION, NEW, file)
        if release:
            for holder in ("SCB", "Exempelregistret"):
                story.record(acts.release_by_holder(story.case, holder))
        return taken

    return act


def loads(year: int) -> Change:
    def act(story: Story) -> str:
        if year > 2220 and state_of(story.case.events) in (State.APPROVED, State.DELIVERED):
            until = TODAY + timedelta(days=90)
            story.record(acts.keep_code_key(story.case, until, TODAY, "repeats"))
        story.years[Unit("lmed", year)] = "another"
        return SEEN

    return act


def then_decides(change: Change, decide: Callable[..., Act], unit: Unit) -> Change:
    def act(story: Story) -> str:
        change(story)
        story.record(decide(story.case, story.rows, unit, "a correction"))
        return RECORDED

    return act


def exchanges(story: Story) -> str:
    new = create_identity().recipient
    story.record(exchange_recipient(story.case, new, "a lost one"))
    story.receive("diabetes", FORMER)
    return RECORDED


def exchanges_and_confirms(story: Story) -> str:
    exchanges(story)
    typed = fingerprint(story.case.recipient_key).upper().replace("-", " ")
    story.record(confirm_recipient(story.case, typed, "Mia"), "Mia")
    return RECORDED


def recalls(holder: str | None, late: bool = True) -> Change:
    def act(story: Story) -> str:
        if late:
            story.receive("diabetes", FORMER)
        story.record(
            acts.recall_by_holder(story.case, holder, "withdrawn") if holder else acts.recall_delivery(story.case, "w")
        )
        return RECORDED

    return act


def amends(*changes: tuple[str, str], anew: bool = False, setting: str = "none") -> Change:
    text = an_order(("linked_share_at_least: 0.5", "linked_share_at_least: 0.4"), *changes)

    def act(story: Story) -> str:
        early = state_of(story.case.events) is State.OPENED
        story.record(acts.amend(story.case, text, "order.yaml", CATALOGUE), "Erik")
        if anew and not early:
            story.approve()
            story.release(setting)
        return RECORDED

    return act


LARGER, SMALLER, OTHER, SAME = (PopulationChange(*counts) for counts in ((3, 0), (0, 2), (3, 2), (0, 0)))
WHY = "the first one was wrong"

CHANGES: dict[str, Callable[[str], Change] | Change] = {
    "a first file comes late": receives("diabetes"),
    "a corrected file": receives("lisa"),
    "a corrected file, to be replaced": then_decides(receives("lisa"), release_replacement, Unit("lisa")),
    "a corrected file, declined": then_decides(receives("lisa"), decline_change, Unit("lisa")),
    "a corrected file, and `corrections: follow`": receives("lisa"),
    "a year loaded again": loads(2219),
    "a year loaded again, to be replaced": then_decides(loads(2219), release_replacement, Unit("lmed", 2219)),
    "a year loaded again, declined": then_decides(loads(2219), decline_change, Unit("lmed", 2219)),
    "a new year, the code key kept": loads(2221),
    "the same population again": receives(POPULATION, FORMER),
    "a larger population": receives(POPULATION, change=LARGER),
    "a smaller population": receives(POPULATION, change=SMALLER),
    "another population": receives(POPULATION, change=OTHER),
    "the same persons in another file": receives(POPULATION, change=SAME),
    "a larger population, with a reason": receives(POPULATION, NEW, WHY, LARGER),
    "a smaller population, with a reason": receives(POPULATION, NEW, WHY, SMALLER),
    "another population, with a reason": receives(POPULATION, NEW, WHY, OTHER),
    "the same persons in another file, with a reason": receives(POPULATION, NEW, WHY, SAME),
    "a larger population, decided by three": decided_population(LARGER, LARGER),
    "a smaller population, decided by three": decided_population(SMALLER, SMALLER),
    "another population, decided by three": decided_population(OTHER, OTHER),
    "a larger population, decided by three and released by the holders": decided_population(LARGER, LARGER, True),
    "a larger population than was decided": decided_population(LARGER, PopulationChange(4, 0)),
    "an objection": lambda story: story.event(EventKind.PERSON_REMOVED, serial_numbers=1, population=1) or RECORDED,
    "a late number history": receives(NUMBER_HISTORY),
    "a late number history, with a reason": receives(NUMBER_HISTORY, NEW, WHY),
    "the recipient exchanged, and a file late": exchanges,
    "the recipient exchanged and confirmed, and a file late": exchanges_and_confirms,
    "an unused holder's release recalled, and a file late": recalls("Exempelregistret"),
    "a used holder's release recalled": recalls("SCB", late=False),
    "the release of deliveries recalled, and a file late": recalls(None),
    "an amendment": amends(),
    "an amendment, decided anew": partial(amends, anew=True),
    "an amendment that asks a holder for more, decided anew": partial(amends, MORE_OF_A_HOLDER, anew=True),
}


def test_every_change_of_the_table_is_run() -> None:
    assert CHANGES.keys() == TABLE.keys()
    assert all(len(cells) == len(STATES) for cells in TABLE.values())


@pytest.mark.parametrize("change", TABLE)
def test_what_becomes_of_a_change(change: str) -> None:
    """R19: what becomes of a change is what docs/changes.md says, in every state and under every release."""
    order = FOLLOWING if "follow" in change else SAMPLE_ORDER
    for state, (act, nexts) in zip(STATES, TABLE[change], strict=True):
        for setting, expected in zip(SETTINGS, nexts, strict=True):
            story = at_state(state, setting, order)
            came = CHANGES[change]
            done = came(setting=setting) if isinstance(came, partial) else came
            found = REFUSED
            with contextlib.suppress(RuleRefused, FileRefused):
                found = done(story)
            place = f"{change}, {state}, release {setting}"
            nothing_to_recall = found == REFUSED and setting == "none" and "release of deliveries" in change
            assert found == act or nothing_to_recall, place
            assert story.next_delivery() == expected, place
