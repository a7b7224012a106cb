"""A home of three cases, tampered with in every way: each is refused or told by name, and none leads to a delivery.

The home has something due that nobody has released: whatever leaves was let out by the tampering.
"""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from assets.steps.intake.receiving import receive_or_hold
from assets.steps.persons.same_code_key import CODE_KEYS
from assets.steps.retention.disposing import dispose
from assets.steps.safekeeping import doctor
from assets.steps.safekeeping.doctor import examine
from pipelines.delivering import run_delivery
from resources.clock import Clock
from resources.desk import Desk
from samkorning.case import EventKind, acts
from samkorning.errors import SamkorningError
from tests.moments import small_office
from tests.office import ENGINEER, Office
from tests.tamperings import DATABASE, OUTSIDE, Tampering, database_tamperings, file_tamperings

LENIENT = (
    ("damaged_share_allowed: 0.05", "damaged_share_allowed: 0.9"),
    ("linked_share_at_least: 0.5", "linked_share_at_least: 0"),
)
OPENED, DELIVERED, DISPOSED = "10001-2026", "10002-2026", "10003-2026"
EVERY = 40
"""Of each kind of tampering, one in so many always runs; the others are slow."""


class Homes:
    """The home as it is, as it was before the second delivery, and one to tamper with."""

    def __init__(self, folder: Path) -> None:
        self.office = small_office(folder)
        self.folder = folder
        self.older, self.pristine, self.home = (folder / name for name in ("older", "pristine", "tampered"))
        self._fill(self.office)

    def _fill(self, office: Office) -> None:
        office.open_case(number=OPENED)
        office.open_case(*LENIENT, number=DELIVERED)
        office.decide(DELIVERED)
        office.release_holders(DELIVERED, "SCB", "Exempelregistret", "Region Exempel")
        office.review(DELIVERED)
        office.load_registers(2219)
        office.receive(DELIVERED, "population", "lisa")
        self._deliver(office)
        self._dispose(office)
        self._copy(office, self.older)
        office.receive(DELIVERED, "diabetes")
        self._deliver(office)
        office.receive(DELIVERED, "region_labb")  # due, and not released
        receive_or_hold(office.desk, office.desk.case(DISPOSED), "diabetes", office.sent("diabetes"), ENGINEER)
        office.act(OPENED, "Olle", acts.approve_specification)
        self._copy(office, self.pristine)
        shutil.copytree(self.pristine, self.home)

    def _deliver(self, office: Office) -> None:
        office.release(DELIVERED, standing=False)
        office.deliver(DELIVERED)

    def _dispose(self, office: Office) -> None:
        """A case whose quarantined file was disposed of when its time had passed."""
        office.open_case(number=DISPOSED)
        receive_or_hold(office.desk, office.desk.case(DISPOSED), "lisa", office.sent("lisa"), ENGINEER)
        later = Clock(office.desk.clock.today() + timedelta(days=40))
        dispose(Desk(office.desk.home, office.desk.settings, later), DISPOSED, "Olle", second="Mia")

    def _copy(self, office: Office, to: Path) -> None:
        office.desk.cases.close()
        shutil.copytree(office.desk.home.root, to, ignore=shutil.ignore_patterns("dagster"))


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homes]:
    made = Homes(tmp_path_factory.mktemp("homes"))
    yield made
    made.office.desk.cases.close()


@pytest.fixture(scope="module")
def tamperings(homes: Homes) -> list[Tampering]:
    made = [*database_tamperings(homes.pristine, homes.older), *file_tamperings(homes.pristine, homes.older)]
    assert len(made) >= 300
    return made


def outbox(home: Path) -> dict[str, str]:
    files = (path for path in (home / "outbox").rglob("*.*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def faults(homes: Homes, tampering: Tampering) -> list[str]:
    """What the service did not notice of one tampering, or did on it."""
    tampering.make(homes.home)
    before, desk = outbox(homes.home), Desk.at(homes.home)
    try:
        found = list(_faults(desk, tampering))
        return [
            f"{tampering.name}: {fault}" for fault in found + (["delivered"] if outbox(homes.home) != before else [])
        ]
    finally:
        desk.cases.close()
        tampering.undo(homes.home, homes.pristine)


def _faults(desk: Desk, tampering: Tampering) -> Iterator[str]:
    said = " ".join(f"{misfit.part} {misfit}" for misfit in _examined(desk, tampering).misfits)
    if not said:
        yield "is not told of"
    elif tampering.case is not None and tampering.case not in said:
        yield f"is told without its case: {said[:200]}"
    if DATABASE in tampering.touched and tampering.case is not None and not refuses(lambda: desk.case(tampering.case)):
        yield "the case is read"
    for case in (OPENED, DELIVERED, DISPOSED):
        if not refuses(lambda case=case: run_delivery(desk, case)):  # type: ignore[misc]
            yield f"{case} delivers"


def _examined(desk: Desk, tampering: Tampering) -> doctor.Examination:
    """Stores of the vault are read, which takes half of the time, where they or the keystore were touched: if not, they
    are whole, and others must tell.
    """
    if any(name.startswith(("vault/", "keystore/")) for name in tampering.touched):
        return examine(desk)
    with patch.object(doctor, "_stores", lambda desk, number: ()):
        return examine(desk)


def refuses(act: Callable[[], object]) -> bool:
    try:
        act()
    except SamkorningError:
        return True
    return False


def test_a_spread_of_tamperings_is_told_by_name_and_none_delivers(homes: Homes, tamperings: list[Tampering]) -> None:
    assert [fault for each in tamperings[::EVERY] for fault in faults(homes, each)] == []


@pytest.mark.slow
@pytest.mark.parametrize("start", range(1, EVERY))
def test_every_other_tampering_is_told_by_name_and_none_delivers(
    homes: Homes, tamperings: list[Tampering], start: int
) -> None:
    assert [fault for each in tamperings[start::EVERY] for fault in faults(homes, each)] == []


def test_an_untouched_home_is_never_accused(homes: Homes) -> None:
    for home in (homes.home, homes.older):
        desk = Desk.at(home)
        assert [str(misfit) for misfit in examine(desk).misfits] == []
        desk.cases.close()


def test_what_lies_outside_leads_to_no_delivery_either(homes: Homes) -> None:
    for name in OUTSIDE:
        path = homes.home / name
        is_new = not path.exists()
        before, kept = outbox(homes.home), path.read_bytes() if path.is_file() else None
        if is_new or path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"{}\n")
        desk = Desk.at(homes.home)
        assert refuses(lambda desk=desk: run_delivery(desk, DELIVERED))  # type: ignore[misc]
        assert outbox(homes.home) == before
        desk.cases.close()
        if is_new:
            path.unlink()
        elif kept is not None:
            path.write_bytes(kept)


def test_the_home_has_what_it_is_tampered_with_for(homes: Homes) -> None:
    """Two deliveries that remember their code key, one disposal, and something due that waits for its release."""
    desk = Desk.at(homes.pristine)
    delivered = desk.case(DELIVERED).of(EventKind.DELIVERED)
    assert [event.detail["delivery"] for event in delivered] == ["L001", "L002"]
    assert all("code_key.person" in event.detail[CODE_KEYS] for event in delivered)
    assert desk.case(DISPOSED).of(EventKind.DISPOSED) and desk.case(DISPOSED).held_files()
    with pytest.raises(SamkorningError, match="R20"):
        run_delivery(desk, DELIVERED)
    desk.cases.close()
