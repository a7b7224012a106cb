"""Vault, keystore, case register, audit log and outbox, each from one of two moments: all 32 mixtures.

Each works on as if nothing had happened, or is refused by what is older. None draws anew, uses a delivery's number
twice, delivers twice, or goes on without a record that was in the audit log.
"""

import hashlib
import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from assets.steps import stores
from assets.steps.intake.receiving import receive_file
from assets.steps.persons.code_keys import remove_person
from assets.steps.persons.identities import only_number_of
from assets.steps.safekeeping.doctor import examine
from pipelines.delivering import run_delivery
from resources.desk import Desk
from samkorning.case import EventKind
from samkorning.errors import FileRefused, SamkorningError, VaultDamaged
from tests.moments import PARTS, Moments, small_office
from tests.office import ENGINEER, Office

LENIENT = (
    ("damaged_share_allowed: 0.05", "damaged_share_allowed: 0.9"),
    ("linked_share_at_least: 0.5", "linked_share_at_least: 0"),
)
CASE = "36759-2021"
MIXTURES = [frozenset(chosen) for count in range(6) for chosen in itertools.combinations(PARTS, count)]
SIXTEENTHS = 16
"""The mixtures in so many tests, which can run side by side."""
OLDER = ("older", "missing", "does not have", "does not hold", "ends at event", "neither case register nor audit log")


@dataclass
class Study(Moments):
    """Moments of one study: who objects in it, and somebody else."""

    objecting: str = ""
    other: str = ""


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    folder = tmp_path_factory.mktemp("moments")
    office = small_office(folder)
    made = Study(office, folder / "taken")
    office.open_case(*LENIENT)
    office.decide(CASE)
    office.release_holders(CASE, "SCB", "Exempelregistret", "Region Exempel")
    office.review(CASE)
    office.release(CASE)
    office.load_registers()
    office.receive(CASE, "population", "number_history", "lisa")
    made.take("received")
    office.deliver(CASE)
    made.take("first")
    made.objecting, made.other = somebody(office), somebody(office, 1)
    remove_person(office.desk, office.desk.case(CASE), made.objecting, ENGINEER)
    made.take("objection")
    office.receive(CASE, "diabetes")
    office.deliver(CASE)
    made.take("second")
    yield made
    office.desk.cases.close()


def somebody(office: Office, place: int = 0) -> str:
    """Somebody of the study who has a serial number, by the number as the population file has it."""
    desk = office.desk
    known = set(stores.code_key_rows(desk, desk.case(CASE)).collect()["number"].to_list())
    lines = (line.split(";")[0] for line in office.sent("population").read_text().splitlines()[1:])
    return [text for text in lines if number_of(desk, text) in known][place]


def number_of(desk: Desk, text: str) -> int | None:
    try:
        return only_number_of(desk, desk.case(CASE), text)
    except FileRefused:
        return None


def pairs(desk: Desk) -> set[tuple[int, int]]:
    if not stores.series_in_use(desk, desk.case(CASE)):
        return set()  # looking makes no store in a moment that has none
    rows = stores.code_key_rows(desk, desk.case(CASE)).drop_nulls("number").collect()
    return {*rows.select("number", "serial_number").iter_rows()}


def sealed(home: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (home / "outbox").rglob("*.tar.age")}


def refusal(act: Callable[[], object]) -> str:
    """Why an act is refused; '' if it is not."""
    try:
        act()
    except SamkorningError as refused:
        return str(refused)
    return ""


@pytest.mark.parametrize("start", [0, *(pytest.param(start, marks=pytest.mark.slow) for start in range(1, SIXTEENTHS))])
@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("received", "first"),
        pytest.param("first", "objection", marks=pytest.mark.slow),
        pytest.param("first", "second", marks=pytest.mark.slow),
    ],
)
def test_every_mixture_works_on_or_is_refused_by_what_is_older(
    moments: Study, older: str, newer: str, start: int
) -> None:
    for place, chosen in [*enumerate(MIXTURES)][start::SIXTEENTHS]:
        if newer == "objection" and "outbox" in chosen:
            continue  # an objection leaves the outbox as it was: the mixture without it is the same home
        home = moments.folder / f"{older}-{newer}-{place}"
        desk = moments.mixed(older, newer, chosen, home)
        moment = moment_of(older, newer, chosen)
        if moment is not None:
            works_on(moments, desk, moment)
        else:
            is_refused(moments, desk, f"{', '.join(sorted(chosen))} of {older}, all else of {newer}")
        desk.cases.close()
        shutil.rmtree(home)


def moment_of(older: str, newer: str, chosen: frozenset[str]) -> str | None:
    """Which moment a mixture goes on from; none for those that must be refused.

    A newer home whose outbox has lost a delivery goes on, and `doctor` tells.
    """
    if chosen in (set(), {"outbox"}):
        return newer
    differing = set(PARTS) - ({"outbox"} if newer == "objection" else set())
    return older if chosen == differing else None


def is_refused(moments: Study, desk: Desk, mixture: str) -> None:
    """Nothing is delivered, received or drawn, and everybody is told what is older."""
    before = sealed(desk.home.root), desk.home.audit.read_bytes()
    late = moments.office.sent("region_labb")
    acts: tuple[Callable[[], object], ...] = (
        lambda: run_delivery(desk, CASE),
        lambda: receive_file(desk, desk.case(CASE), "region_labb", late, ENGINEER),
        lambda: run_delivery(desk, CASE),
    )
    for act in acts:
        said = refusal(act)
        assert any(word in said for word in OLDER), f"{mixture}: {said or 'is not refused'}"
    assert (sealed(desk.home.root), desk.home.audit.read_bytes()) == before, mixture
    assert not examine(desk).ok, mixture


def works_on(moments: Study, desk: Desk, moment: str) -> None:
    """As from the moment itself: the same persons keep their serial numbers, the next delivery has the next number."""
    left = Desk.at(moments.taken[moment])
    before, delivered = pairs(left), left.case(CASE).of(EventKind.DELIVERED)
    records = [*left.audit.records()]
    left.cases.close()
    kept = sealed(desk.home.root)
    first = run_delivery(desk, CASE)
    receive_file(desk, desk.case(CASE), "region_labb", moments.office.sent("region_labb"), ENGINEER)
    late = run_delivery(desk, CASE)
    numbers = [event.detail["delivery"] for event in desk.case(CASE).of(EventKind.DELIVERED)]
    expected = len(delivered) + (2 if first["delivery"] else 1)
    assert numbers == [f"L{number:03d}" for number in range(1, expected + 1)]
    assert late["delivery"] == numbers[-1]
    assert kept.items() <= sealed(desk.home.root).items()
    assert before <= pairs(desk)
    assert len({serial for _, serial in pairs(desk)}) == len(pairs(desk))
    assert [*desk.audit.records()][: len(records)] == records


def test_a_newer_home_whose_outbox_is_older_is_told_of(moments: Study) -> None:
    home = moments.folder / "older outbox"
    desk = moments.mixed("received", "first", frozenset({"outbox"}), home)
    found = examine(desk)
    assert not found.ok
    assert [part.older_in for part in found.parts if part.part == "outbox"] == [(CASE,)]
    assert any("L001" in misfit.problem and misfit.part == "outbox" for misfit in found.misfits)
    desk.cases.close()
    shutil.rmtree(home)


def test_what_was_not_drawn_for_is_never_drawn_anew(moments: Study) -> None:
    """The home of before the first delivery under a register that has delivered: not one serial number is drawn."""
    home = moments.folder / "before the first"
    desk = moments.mixed("received", "first", frozenset({"vault", "keystore"}), home)
    with pytest.raises(VaultDamaged, match=r"does not hold what L001 was delivered with .* restore both"):
        stores.code_key(desk, desk.case(CASE))
    assert not [name for name in desk.vault.stores(CASE) if name.startswith("code_key.")]
    desk.cases.close()
    shutil.rmtree(home)


def test_a_vault_that_has_lost_a_removal_links_nobody_until_it_is_repeated(moments: Study) -> None:
    """Somebody who objected would come back: refused, until the same removal is done on the restored vault."""
    home = moments.folder / "lost removal"
    desk = moments.mixed("first", "objection", frozenset({"vault", "keystore"}), home)
    assert "(person removed) left" in refusal(lambda: run_delivery(desk, CASE))
    assert "repeat it" in refusal(lambda: remove_person(desk, desk.case(CASE), moments.other, ENGINEER))
    remove_person(desk, desk.case(CASE), moments.objecting, ENGINEER)
    newest = Desk.at(moments.taken["objection"])
    assert pairs(desk) == pairs(newest)
    assert run_delivery(desk, CASE)["delivery"] is None
    newest.cases.close()
    desk.cases.close()
    shutil.rmtree(home)


def test_a_received_file_that_the_vault_has_lost_is_received_again(moments: Study) -> None:
    home = moments.folder / "lost file"
    desk = moments.mixed("objection", "second", frozenset({"vault", "keystore"}), home)
    said = refusal(lambda: run_delivery(desk, CASE))
    assert "does not hold the file of diabetes" in said
    assert "receive the file again" in said
    taken = receive_file(desk, desk.case(CASE), "diabetes", moments.office.sent("diabetes"), ENGINEER)
    assert not taken.known_already
    assert isinstance(stores.received_rows(desk, desk.case(CASE), "diabetes"), pl.LazyFrame)
    desk.cases.close()
    shutil.rmtree(home)
