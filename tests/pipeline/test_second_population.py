"""A second population through the real job: before linking, before and after a delivery, under every release setting.

Each state of a case is made once for the module, and every row of the table goes on from a copy of its home.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assets.steps import stores
from assets.steps.intake.choosing import Choice, let_in
from assets.steps.intake.inbox_files import receive_or_set_aside, whole_files
from assets.steps.intake.receiving import receive_file
from assets.steps.persons.code_keys import remove_person
from resources.inbox import DONE
from samkorning.case import EventKind
from samkorning.errors import FileRefused, RuleRefused
from tests.office import ENGINEER
from tests.small_office import CASE, SmallOffice, copied, prepare

SETTINGS = ("none", "once", "standing")
OTHERS = [("larger", "standing"), ("smaller", "none")]
UNDER_EACH_SETTING = [*(("other", setting) for setting in SETTINGS), *OTHERS]
"""Persons come and others go under each release setting; that only some come, or only some go, under one of them."""


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], SmallOffice]]:
    """An office for each state, made when it is first asked for."""
    made: dict[str, SmallOffice] = {}

    def of(state: str) -> SmallOffice:
        if state not in made:
            made[state] = SmallOffice(tmp_path_factory.mktemp(state))
            prepare(made[state], state)
            made[state].desk.cases.close()
        return made[state]

    yield of
    for office in made.values():
        office.desk.cases.close()


@pytest.fixture
def copy(homes: Callable[[str], SmallOffice], tmp_path: Path) -> Iterator[Callable[[str, str], SmallOffice]]:
    """A copy of the office in a state, released as a setting says."""
    made: list[SmallOffice] = []

    def of(state: str, setting: str) -> SmallOffice:
        template = homes(state)
        office = copied(template, tmp_path / f"{state}_{setting}_{len(made)}")
        made.append(office)
        if setting != "none":
            office.release(CASE, standing=setting == "standing")
        return office

    yield of
    for office in made:
        office.desk.cases.close()


def second(office: SmallOffice, kind: str) -> tuple[list[str], int, int]:
    """The persons of a second population, and how many come and go by it."""
    more, fewer = office.later[:2], office.first[1:]
    return {
        "larger": ([*office.first, *more], 2, 0),
        "smaller": (fewer, 0, 1),
        "other": ([*fewer, *more], 2, 1),
        "same": (office.first[::-1], 0, 0),
    }[kind]


def places(office: SmallOffice, numbers: list[str]) -> list[int]:
    return sorted(office.numbers.index(number) for number in numbers)


def delivers(office: SmallOffice, setting: str, adds: int) -> dict[str, object]:
    """The next delivery, after the refusals that must come first: by the holder for more persons, and unreleased."""
    if adds:
        with pytest.raises(RuleRefused, match=r"^R04: .* 2 persons more"):
            office.deliver(CASE)
        office.release_holders(CASE, "Exempelregistret")
    if setting == "none":
        with pytest.raises(RuleRefused, match=r"^R20"):
            office.deliver(CASE)
        office.release(CASE, standing=False)
    return office.deliver(CASE)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "setting"), [*UNDER_EACH_SETTING, ("same", "once")])
def test_before_linking_it_needs_a_reason_and_the_holder_what_is_more(copy, setting: str, kind: str) -> None:  # noqa: ANN001
    office = copy("decided", setting)
    numbers, adds, removes = second(office, kind)
    path = office.population(numbers, "second")
    with pytest.raises(FileRefused, match=r"R19: another study population has come; .*--reason"):
        office.take(CASE, "population", path)
    assert office.desk.case(CASE).events[-1].kind is EventKind.FILE_REFUSED
    office.take(CASE, "population", path, "the first one was an old one")
    came = office.desk.case(CASE).events[-1].detail
    assert (came["adds"], came["removes"], came["reason"]) == (adds, removes, "the first one was an old one")
    assert not came["decided"]
    made = delivers(office, setting, adds)
    assert (made["kind"], office.persons_of(made)) == ("first", places(office, numbers))


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "setting"), UNDER_EACH_SETTING)
@pytest.mark.parametrize("state", ["linked", "delivered"])
def test_once_linked_it_comes_by_a_decision_of_three_alone(copy, state: str, kind: str, setting: str) -> None:  # noqa: ANN001
    office = copy(state, setting)
    numbers, adds, removes = second(office, kind)
    path = office.population(numbers, "second")
    before = pairs(office)
    with pytest.raises(
        FileRefused, match=f"R19: the study population is frozen, and by this file {sentence(adds, removes)}"
    ):
        office.take(CASE, "population", path, "the first one was an old one")
    office.decide_population(CASE, adds, removes)
    office.take(CASE, "population", path)
    made = delivers(office, setting, adds)
    assert made["kind"] == ("replacement" if state == "delivered" else "first")
    assert office.persons_of(made) == places(office, numbers)
    assert set(before) <= set(pairs(office)), "who had a serial number keeps it"
    readme = (office.opened(made) / "README.md").read_text(encoding="utf-8")
    counted = f"{adds} persons have come to the study population and {removes} have been taken out"
    assert (counted in readme) == (state == "delivered")
    assert ("| L001 |" in readme) == (state == "delivered")


@pytest.mark.slow
@pytest.mark.parametrize("state", ["linked", "delivered"])
def test_once_linked_nothing_else_lets_another_population_in(copy, state: str) -> None:  # noqa: ANN001
    office = copy(state, "standing")
    same, _, _ = second(office, "same")
    with pytest.raises(FileRefused, match="nobody comes and nobody goes; nothing would change"):
        office.take(CASE, "population", office.population(same, "same"), "sorted otherwise")
    assert receive_file(
        office.desk, office.desk.case(CASE), "population", office.population(office.first), "Erik"
    ).known_already
    numbers, adds, removes = second(office, "other")
    path = office.population(numbers, "second")
    office.decide_population(CASE, adds, removes + 1)
    with pytest.raises(
        FileRefused, match=f"R19: by this file {sentence(adds, removes)}, by the decision {adds} persons"
    ):
        office.take(CASE, "population", path)
    office.decide_population(CASE, adds, removes)
    office.take(CASE, "population", path)
    with pytest.raises(FileRefused, match="R19"):
        office.take(CASE, "population", office.population(office.first), "back again")
    office.release_holders(CASE, "Exempelregistret")
    assert office.persons_of(office.deliver(CASE)) == places(office, numbers)
    assert office.deliver(CASE)["delivery"] is None


@pytest.mark.slow
def test_persons_are_told_apart_by_the_number_history_and_without_those_who_objected(copy) -> None:  # noqa: ANN001
    office = copy("decided", "standing")
    former, latest = office.world.history.select("old_number", "new_number").row(0)
    path = office.folder / "history.csv"
    path.write_text(f"old_number;new_number;changed_on;source\n{former};{latest};;why\n", encoding="utf-8")
    office.take(CASE, "number_history", path)
    office.take(CASE, "population", office.population([*office.first, str(former)], "with_former"), "one was absent")
    assert office.desk.case(CASE).events[-1].detail["adds"] == 1
    office.take(CASE, "population", office.population([*office.first, str(latest)], "with_latest"), "the number is new")
    came = office.desk.case(CASE).events[-1].detail
    assert (came["adds"], came["removes"]) == (0, 0), "two numbers of one person are nobody new"
    office.release_holders(CASE, "Exempelregistret")
    assert office.deliver(CASE)["kind"] == "first"
    remove_person(office.desk, office.desk.case(CASE), office.first[0], "Olle")
    with pytest.raises(FileRefused, match="nobody comes and nobody goes"):
        office.take(CASE, "population", office.population([*office.first[1:], str(latest)], "without"), "objected")
    office.take(CASE, "diabetes", office.visits("corrected", 2219))
    office.replace(CASE, "diabetes")
    made = office.deliver(CASE)
    assert (made["kind"], office.persons_of(made)) == ("replacement", list(range(1, 9)))
    manifest = json.loads((office.opened(made) / "manifest.json").read_bytes())
    assert (manifest["persons_added"], manifest["persons_removed"]) == (0, 1)
    assert [(unit["unit"], unit["replaces"]) for unit in manifest["units"]] == [("diabetes", "L001")]


def test_another_population_in_the_inbox_waits_for_a_person(copy) -> None:  # noqa: ANN001
    office = copy("decided", "once")
    folder = office.desk.home.inbox(CASE, "population")
    folder.mkdir(parents=True)
    shutil.copy(office.population(office.first[1:], "another"), folder / "another.csv")
    (folder / f"another.csv{DONE}").touch()
    [file] = whole_files(office.desk, CASE)
    assert receive_or_set_aside(office.desk, file, "inbox")
    assert not folder.exists() or list(folder.iterdir()) == []
    held = office.desk.case(CASE).events[-1]
    assert (held.kind, held.person) == (EventKind.FILE_QUARANTINED, "inbox")
    with pytest.raises(RuleRefused, match="R19: two files of population have come") as refused:
        office.deliver(CASE)
    assert "9 rows" in refused.value.remedy and "8 rows" in refused.value.remedy
    assert office.desk.case(CASE).last(EventKind.POPULATION_FROZEN) is None
    office.release_holders(CASE, "Exempelregistret")
    let_in(office.desk, Choice(CASE, "population", held.detail["sha256"][:16], ENGINEER, "one of them moved away"))
    assert office.deliver(CASE)["kind"] == "first"


def sentence(adds: int, removes: int) -> str:
    return f"{adds} persons come and {removes} go"


def pairs(office: SmallOffice) -> list[tuple[int, int]]:
    key = stores.code_key_rows(office.desk, office.desk.case(CASE))
    return key.select("number", "serial_number").collect().rows()
