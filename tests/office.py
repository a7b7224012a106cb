"""A register office for tests: a working home with a synthetic world, and a case taken as far as a test wants it.

What belongs here: acts in their usual order. What must not: expectations.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from assets.steps.case_view import ledger_rows, program_of
from assets.steps.intake.receiving import receive_file
from pipelines.delivering import run_delivery
from pipelines.instance import dagster_instance
from resources.desk import Desk
from resources.home import Home
from samkorning.case import acts
from samkorning.case.changes import decline_change, release_replacement
from samkorning.case.inputs import Unit
from samkorning.case.ledger import LedgerRow
from samkorning.case.population import PopulationChange
from samkorning.case.population_decision import Endorsement, endorse_population_change
from samkorning.delivery import open_package
from samkorning.encryption.age import create_identity
from samkorning.encryption.signing import public_key
from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.synthetic import SAMPLE_REGISTERS, IncomingFiles, World, make_world, write_incoming
from tests.factories import SAMPLE_ORDER, an_order

RECIPIENT = SAMPLE_ORDER[SAMPLE_ORDER.index("age1") :][:62]
OFFICER, MANAGER, LAWYER, ENGINEER, REVIEWER = "Olle", "Mia", "Lisa", "Erik", "Rut"
YEARS = (2219, 2220)
NUMBER = "36759-2021"
PASSPHRASE, CHEAP = b"a passphrase for tests", 2**14


@dataclass
class Office:
    """One home, one world, one recipient."""

    folder: Path
    persons: int = 600
    seed: int = 11
    made: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def desk(self) -> Desk:
        """The desk of its home, whose keystore opens at once."""
        home = Home(self.folder / "home")
        if not home.root.exists():
            _make(home)
        return Desk.at(home.root)

    @cached_property
    def world(self) -> World:
        return _world(self.persons, self.seed)

    @cached_property
    def files(self) -> IncomingFiles:
        folder = self.folder / "sent"
        folder.mkdir()
        return write_incoming(self.world, folder)

    @cached_property
    def identity(self) -> Any:
        return create_identity()

    def open_case(self, *changes: tuple[str, str], number: str = NUMBER) -> str:
        """A case with the sample order, made out to this office's recipient."""
        order = an_order((RECIPIENT, self.identity.recipient), *changes)
        detail = acts.order_detail(order, "order.yaml", self.desk.catalogue)
        self.desk.cases.open(number, self.desk.clock.now(), ENGINEER, detail)
        return number

    def act(self, number: str, person: str, act: Any) -> None:
        """One act by one person."""
        case = self.desk.case(number)
        taken = act(case)
        self.desk.cases.record(case, taken.kind, self.desk.clock.now(), person, taken.detail)

    def decide(self, number: str) -> None:
        """Approval of the specification and the three endorsements."""
        self.act(number, OFFICER, acts.approve_specification)
        for role, person in (("case_officer", OFFICER), ("manager", MANAGER), ("lawyer", LAWYER)):
            self.act(number, person, lambda case, role=role, person=person: acts.endorse_decision(case, role, person))

    def review(self, number: str) -> None:
        program = program_of(self.desk, self.desk.case(number))
        self.act(number, REVIEWER, lambda case: acts.review_program(case, REVIEWER, program))

    def release(self, number: str, *, standing: bool = True) -> None:
        program = program_of(self.desk, self.desk.case(number))
        self.act(number, OFFICER, lambda case: acts.release_delivery(case, program, standing))

    def release_holders(self, number: str, *holders: str) -> None:
        for holder in holders:
            self.act(number, OFFICER, lambda case, holder=holder: acts.release_by_holder(case, holder))

    def replace(self, number: str, source: str, period: int | None = None) -> None:
        """A person lets a change after a delivery be delivered again."""
        self.act(
            number, OFFICER, lambda case: release_replacement(case, self.rows(number), Unit(source, period), "why")
        )

    def decline(self, number: str, source: str, period: int | None = None) -> None:
        """A person lets what was delivered stand."""
        unit = Unit(source, period)
        self.act(number, OFFICER, lambda case: decline_change(case, self.rows(number), unit, "why"))

    def decide_population(self, number: str, adds: int, removes: int) -> None:
        """All three decide that so many persons come and go."""
        for role, person in (("case_officer", OFFICER), ("manager", MANAGER), ("lawyer", LAWYER)):
            said = Endorsement(role, PopulationChange(adds, removes), "a correction")
            self.act(number, person, lambda case, said=said, who=person: endorse_population_change(case, said, who))

    def rows(self, number: str) -> list[LedgerRow]:
        """The ledger as it stands."""
        return ledger_rows(self.desk, self.desk.case(number))

    def status(self, number: str, source: str, period: int | None = None) -> str:
        """Where one unit of the ledger stands."""
        return next(row.status.value for row in self.rows(number) if row.unit == Unit(source, period))

    def load_registers(self, *years: int) -> None:
        for register in SAMPLE_REGISTERS:
            for year in years or YEARS:
                self.desk.registers.load(register, year, self.world.register(register, year))

    def load(self, register: str, *years: int) -> None:
        """Some years of one register."""
        for year in years or YEARS:
            self.desk.registers.load(register, year, self.world.register(register, year))

    def sent(self, source: str) -> Path:
        """The file that a holder sends."""
        return {
            "population": self.files.population.path,
            "number_history": self.files.number_history,
            "lisa": self.files.scb.path,
            "diabetes": self.files.quality_register.path,
            "region_labb": self.files.region.path,
        }[source]

    def receive(self, number: str, *sources: str, reason: str = "") -> None:
        for source in sources:
            receive_file(self.desk, self.desk.case(number), source, self.sent(source), ENGINEER, reason)

    def ready_case(self, *changes: tuple[str, str], number: str = NUMBER) -> str:
        """A case that can make its first delivery, the region's file still awaited."""
        if self.is_new:
            self._become(_prepared(self.persons, self.seed, changes, number, surroundings(), delivered=False))
        else:
            self.load_registers()
            self._make_ready(number, changes)
        return number

    def delivered_case(self, *changes: tuple[str, str], number: str = NUMBER) -> dict[str, Any]:
        """The same after its first delivery, in an office where nothing has been done yet; what that delivery was."""
        assert self.is_new, "what was done before is not in the copy"
        prepared = _prepared(self.persons, self.seed, changes, number, surroundings(), delivered=True)
        self._become(prepared)
        path = self.folder / Path(prepared.made["path"]).relative_to(prepared.folder)
        return {**prepared.made, "path": str(path)}

    @property
    def is_new(self) -> bool:
        """Whether nothing has been done in it."""
        touched = {"desk", "identity", "files"} & self.__dict__.keys()
        return not touched and not (self.folder / "home").exists()

    def _become(self, prepared: "Office") -> None:
        shutil.copytree(prepared.folder / "home", self.folder / "home")
        self.__dict__["identity"] = prepared.identity

    def _make_ready(self, number: str, changes: Sequence[tuple[str, str]]) -> None:
        self.open_case(*changes, number=number)
        self.decide(number)
        self.release_holders(number, "SCB", "Exempelregistret")
        self.review(number)
        self.release(number)
        self.receive(number, "population", "number_history", "lisa", "diabetes")

    def deliver(self, number: str) -> dict[str, Any]:
        return run_delivery(self.desk, number)

    def opened(self, made: dict[str, Any]) -> Path:
        """A delivery, opened with the recipient's identity."""
        to = self.folder / "opened" / f"{made['case']}_{made['delivery']}"
        if to.exists():
            return to
        return open_package(Path(made["path"]), self.identity.secret, to).folder


@cache
def _world(persons: int, seed: int) -> World:
    """One world for all offices of its kind in this process, each year of a register drawn once."""
    world = make_world(persons, seed)
    object.__setattr__(world, "register", cache(world.register))
    return world


@cache
def _prepared(
    persons: int,
    seed: int,
    changes: tuple[tuple[str, str], ...],
    number: str,
    around: tuple[tuple[str, str], ...],
    *,
    delivered: bool,
) -> Office:
    """An office with a case in a state, made once in this process; tests work on copies of its home."""
    with kept_for_copies() as folder:
        office = Office(folder, persons, seed)
        if delivered:
            office.made = office.deliver(office.ready_case(*changes, number=number))
        else:
            shutil.copytree(_with_registers(persons, seed, around), folder / "home")
            office._make_ready(number, changes)
        office.desk.cases.close()
    return office


@cache
def _with_registers(persons: int, seed: int, _: tuple[tuple[str, str], ...]) -> Path:
    """A home in which the registers are loaded, and nothing else has been done."""
    with kept_for_copies() as folder:
        office = Office(folder, persons, seed)
        office.load_registers()
        office.desk.cases.close()
    return office.folder / "home"


@contextmanager
def kept_for_copies() -> Iterator[Path]:
    """A folder for this process; what is done in it leaves the environment as it was."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    before = dict(os.environ)
    try:
        yield folder
    finally:
        os.environ.clear()
        os.environ.update(before)


def surroundings() -> tuple[tuple[str, str], ...]:
    """What of the environment the program follows."""
    said = {name: value for name, value in os.environ.items() if name.startswith("SAMKORNING_")}
    return tuple(sorted((name, value) for name, value in said.items() if name != "SAMKORNING_HOME"))


@cache
def _dagster_home() -> Path:
    """Dagster's databases of a home where nothing has run: to make them reads all of its migrations, three times."""
    with kept_for_copies() as folder:
        home = Home(folder / "home")
        _make_keystore(home)
        with dagster_instance(Desk.at(home.root)) as instance:
            instance.event_log_storage.get_logs_for_run("none")  # the empty log that those of runs are copied from
        for left in (home.dagster / "history" / "runs").glob("none.db*"):
            left.unlink()
    return home.dagster


def _make(home: Home) -> None:
    _make_keystore(home)
    shutil.copytree(_dagster_home(), home.dagster)


def _make_keystore(home: Home) -> None:
    home.root.mkdir(parents=True, mode=0o700)
    home.passphrase.write_bytes(PASSPHRASE)
    keystore = Keystore.create(home.keystore, PassphraseProvider(home.keystore, PASSPHRASE, CHEAP))
    home.signing_key.write_text(public_key(keystore.service_secret("signing")) + "\n")
