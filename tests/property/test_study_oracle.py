"""Whatever comes in whatever order: nobody is delivered who was not in a population that somebody decided on.

The oracle keeps sets of persons and three votes, and knows nothing of events, hashes or states.
"""

import contextlib
import hashlib
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.case import EventKind, acts
from samkorning.case.changes import release_replacement
from samkorning.case.inputs import Unit
from samkorning.case.population import PopulationChange
from samkorning.case.population_decision import Endorsement, endorse_population_change
from samkorning.errors import FileRefused, RuleRefused
from tests.examples import examples
from tests.spec.changes_table import KNOWN, TAKEN
from tests.spec.test_changes import Story, at_state

ROLES = {"case_officer": "Olle", "manager": "Mia", "lawyer": "Lisa"}
PERSONS = st.frozensets(st.integers(0, 5), min_size=1)
NUMBER = st.integers(0, 2)
STEPS = st.one_of(
    st.tuples(st.just("population"), PERSONS, st.booleans()),
    st.tuples(st.just("vote"), st.sampled_from(sorted(ROLES)), NUMBER, NUMBER),
    st.tuples(st.just("all vote"), NUMBER, NUMBER),
    st.tuples(st.just("object"), st.integers(0, 5)),
    st.tuples(st.just("link")),
    st.tuples(st.just("deliver")),
    st.tuples(st.just("correct"), st.integers(0, 3)),
    st.tuples(st.just("replace")),
)


@dataclass
class Oracle:
    """What a person would keep on paper."""

    population: frozenset[int]
    seen: list[frozenset[int]]
    objectors: set[int] = field(default_factory=set)
    frozen: bool = False
    votes: dict[str, tuple[int, int]] = field(default_factory=dict)
    went_out: list[frozenset[int]] = field(default_factory=list)

    def change(self, persons: frozenset[int]) -> tuple[int, int]:
        now, then = persons - self.objectors, self.population - self.objectors
        return len(now - then), len(then - now)

    def takes(self, persons: frozenset[int], reason: bool) -> bool:
        if not self.frozen:
            return reason
        change = self.change(persons)
        return len(self.votes) == 3 and set(self.votes.values()) == {change} and change != (0, 0)


@dataclass
class World:
    """The real rules beside the oracle."""

    story: Story
    oracle: Oracle

    def population(self, persons: frozenset[int], reason: bool) -> None:
        if persons == self.oracle.population:
            return
        expected = self.oracle.takes(persons, reason)
        change = PopulationChange(*self.oracle.change(persons))
        taken = "refused"
        with contextlib.suppress(FileRefused):
            taken = self.story.receive("population", sha_of(persons), change, "wrong" if reason else "")
        assert (taken in (TAKEN, KNOWN)) == expected
        if expected:
            self.oracle.population, self.oracle.votes = persons, {}
            self.oracle.seen.append(persons)
            for holder in ("SCB", "Exempelregistret"):
                self.story.record(acts.release_by_holder(self.story.case, holder))

    def vote(self, role: str, adds: int, removes: int) -> None:
        said = Endorsement(role, PopulationChange(adds, removes), "why")
        try:
            self.story.record(endorse_population_change(self.story.case, said, ROLES[role]), ROLES[role])
        except RuleRefused:
            assert not self.oracle.frozen or (adds, removes) == (0, 0)
            return
        self.oracle.votes[role] = (adds, removes)

    def object(self, person: int) -> None:
        was_there = person in self.oracle.population - self.oracle.objectors
        self.story.event(EventKind.PERSON_REMOVED, serial_numbers=1, population=int(was_there))
        self.oracle.objectors.add(person)

    def link(self) -> None:
        if not self.oracle.frozen:
            self.story.event(EventKind.POPULATION_FROZEN, population_sha256=sha_of(self.oracle.population))
            self.oracle.frozen, self.oracle.votes = True, {}

    def deliver(self) -> None:
        kind = self.story.next_delivery()
        if kind not in ("goes out: first", "supplement", "repeat", "replacement"):
            return
        self.link()
        self.story.deliver()
        self.oracle.went_out.append(self.oracle.population - self.oracle.objectors)

    def correct(self, which: int) -> None:
        self.story.receive("lisa", str(which) * 64)

    def replace(self) -> None:
        with contextlib.suppress(RuleRefused):
            self.story.record(release_replacement(self.story.case, self.story.rows, Unit("lisa"), "why"))


def sha_of(persons: frozenset[int]) -> str:
    return hashlib.sha256(str(sorted(persons)).encode()).hexdigest()


@given(st.lists(STEPS, max_size=12))
@settings(max_examples=examples(60), deadline=None)
def test_nobody_is_delivered_whom_nobody_decided_on(steps: list[tuple[object, ...]]) -> None:
    first = frozenset({0, 1, 2})
    story = at_state("decided", "standing")
    story.event(EventKind.FILE_RECEIVED, source="population", file="f", sha256=sha_of(first), rows=3, adds=0, removes=0)
    world = World(story, Oracle(first, [first]))
    for name, *shown in steps:
        if name == "all vote":
            for role in ROLES:
                world.vote(role, *shown)  # type: ignore[arg-type]
        else:
            getattr(world, str(name))(*shown)
    decided = frozenset().union(*world.oracle.seen)
    assert all(persons <= decided for persons in world.oracle.went_out)
    newest = story.case.received_sha256("population")
    assert newest == sha_of(world.oracle.population), "what would be linked next is what the oracle says"
