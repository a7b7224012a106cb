"""The demonstration: one synthetic case from its order to three deliveries, through the real job.

What belongs here: the acts that people would take, in their order. What must not: anything that a real case does
otherwise.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from assets.steps.case_view import ledger_rows, program_of
from assets.steps.intake.inbox_files import whole_files
from assets.steps.intake.receiving import receive_file
from assets.steps.linkage.linked_units import row_flow
from assets.steps.stores import code_key
from pipelines.delivering import run_delivery
from resources import inbox
from resources.desk import Desk
from resources.home import PROJECT
from samkorning.case import Case, acts
from samkorning.case.act import Act
from samkorning.encryption.age import create_identity
from samkorning.linkage.row_flow import RowFlow
from samkorning.synthetic import (
    NEW_YEAR,
    SAMPLE_REGISTERS,
    World,
    make_world,
    write_number_history_file,
    write_population_file,
    write_quality_register_file,
    write_region_file,
    write_scb_file,
)

SAMPLE_ORDER = PROJECT / "data" / "sample" / "order.yaml"
YEARS = (2219, 2220)
REPEATED_REGISTER = "LMED"
SMALL_WORLD = 1_000
OFFICER, MANAGER, LAWYER, ENGINEER, REVIEWER = "Olle Ordning", "Mia Chef", "Lisa Jurist", "Erik Uttag", "Rut Granskare"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Demonstration:
    """What the demonstration made: the case, its deliveries, row flows, the recipient's identity file and public key,
    and the world that it was made from."""

    case: str
    deliveries: tuple[dict[str, Any], ...]
    row_flows: tuple[RowFlow, ...]
    persons: int
    serial_numbers: int
    identity: Path
    recipient: str
    world: World


def demonstrate(desk: Desk, persons: int, seed: int, progress: Progress) -> Demonstration:
    """Runs the whole way once on a synthetic world of so many persons."""
    progress(f"drawing a world of {persons} synthetic persons")
    world = make_world(persons, seed)
    identity, order = _recipient_and_order(desk, persons)
    case = open_and_decide(desk, order, ("SCB", "Exempelregistret"), progress)
    _load_registers(desk, world, progress)
    _send(desk, world, case, ("population", "number_history", "lisa", "diabetes"), progress)
    deliveries = [deliver_case(desk, case, progress)]
    progress("the region's file comes late")
    _record(desk, case, ENGINEER, lambda found: acts.release_by_holder(found, "Region Exempel"))
    _send(desk, world, case, ("region_labb",), progress)
    deliveries.append(deliver_case(desk, case, progress))
    progress(f"the code key is kept, and {REPEATED_REGISTER} of {NEW_YEAR} is there")
    keep_code_key(desk, case)
    desk.registers.load(REPEATED_REGISTER, NEW_YEAR, world.register(REPEATED_REGISTER, NEW_YEAR))
    deliveries.append(deliver_case(desk, case, progress))
    return _shown(desk, desk.case(case), tuple(deliveries), world, identity)


def _recipient_and_order(desk: Desk, persons: int) -> tuple[Path, str]:
    """A new age identity for the recipient, and the sample order made out to it.

    A small world has a row of every damage too, and so a larger share of damaged rows than the sample allows.
    """
    folder = desk.home.demo
    folder.mkdir(mode=0o700, exist_ok=True)
    identity = create_identity()
    path = folder / "recipient_identity.txt"
    path.write_text(f"# the demonstration's recipient\n# public key: {identity.recipient}\n{identity.secret}\n")
    order = made_out_to(SAMPLE_ORDER, identity.recipient)
    if persons < SMALL_WORLD:
        order = order.replace("damaged_share_allowed: 0.05", "damaged_share_allowed: 0.5")
        order = order.replace("linked_share_at_least: 0.5", "linked_share_at_least: 0")
    (folder / "order.yaml").write_text(order, encoding="utf-8")
    return path, order


def made_out_to(sample: Path, recipient: str) -> str:
    """A sample order with a recipient's public key in the place of its own."""
    text = sample.read_text(encoding="utf-8")
    start = text.index("age1")
    return text.replace(text[start : start + 62], recipient)


def open_and_decide(desk: Desk, order: str, holders: Sequence[str], progress: Progress) -> str:
    """A case opened, approved, decided, reviewed and released, by the persons whose acts these are; its number."""
    number = desk.cases.next_number(desk.clock.today().year)
    desk.cases.open(number, desk.clock.now(), ENGINEER, acts.order_detail(order, "order.yaml", desk.catalogue))
    progress(f"case {number}: approval, decision, dispatch, releases, code review")
    _record(desk, number, OFFICER, acts.approve_specification)
    for role, person in (("case_officer", OFFICER), ("manager", MANAGER), ("lawyer", LAWYER)):
        _record(
            desk, number, person, lambda found, role=role, person=person: acts.endorse_decision(found, role, person)
        )
    _record(desk, number, OFFICER, acts.dispatch_decision)
    for holder in holders:
        _record(desk, number, OFFICER, lambda found, holder=holder: acts.release_by_holder(found, holder))
    program = program_of(desk, desk.case(number))
    _record(desk, number, REVIEWER, lambda found: acts.review_program(found, REVIEWER, program))
    _record(desk, number, OFFICER, lambda found: acts.release_delivery(found, program, standing=True))
    return number


def keep_code_key(desk: Desk, case: str) -> None:
    """The decision that lets repeat deliveries follow (R17, R18)."""
    today = desk.clock.today()
    until, why = today + timedelta(days=365), "repeat deliveries are ordered"
    _record(desk, case, OFFICER, lambda found: acts.keep_code_key(found, until, today, why))


def _record(desk: Desk, number: str, person: str, act: Callable[..., Act]) -> None:
    found = desk.case(number)
    taken = act(found)
    desk.cases.record(found, taken.kind, desk.clock.now(), person, taken.detail)


def _load_registers(desk: Desk, world: World, progress: Progress) -> None:
    """The registers that the order takes from; the world makes the others too."""
    for name in SAMPLE_REGISTERS:
        for year in YEARS:
            rows = desk.registers.load(name, year, world.register(name, year)).rows
            progress(f"own register {name} {year}: {rows} rows")


def _send(desk: Desk, world: World, case: str, sources: tuple[str, ...], progress: Progress) -> None:
    """The holders put their files into the inbox; intake takes them in and removes them there."""
    for source in sources:
        folder = desk.home.inbox(case, source)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = _write(world, source, folder)
        (folder / (path.name + inbox.DONE)).touch()
    for file in whole_files(desk, case):
        taken = receive_file(desk, desk.case(case), file.source, file.path, ENGINEER)
        progress(f"{file.source}: {taken.rows} rows taken in from {taken.file}")


def _write(world: World, source: str, folder: Path) -> Path:
    if source == "number_history":
        return write_number_history_file(world, folder)
    if source == "population":
        return write_population_file(world, folder).path
    if source == "lisa":
        return write_scb_file(world, folder).path
    return (write_region_file if source == "region_labb" else write_quality_register_file)(world, folder).path


def deliver_case(desk: Desk, case: str, progress: Progress) -> dict[str, Any]:
    """The next delivery of a case, by the real job; its ledger entry."""
    made = run_delivery(desk, case, progress)
    progress(f"{made['delivery']} ({made['kind']}): {len(made['files'])} files sealed")
    return made


def _shown(
    desk: Desk, case: Case, deliveries: tuple[dict[str, Any], ...], world: World, identity: Path
) -> Demonstration:
    units = [row.unit for row in ledger_rows(desk, case) if row.deliveries]
    key = code_key(desk, case).latest()
    flows = tuple(flow for unit in units if (flow := row_flow(desk, case, unit)) is not None)
    drawn = key.rows if key else 0
    recipient = case.order.recipient.sealed_for
    return Demonstration(case.number, deliveries, flows, world.study().len(), drawn, identity, recipient, world)
