"""Who objects or opts out once a unit is linked: in no delivery after that, however it comes to be delivered."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from assets.steps import stores
from assets.steps.delivery.delivering import deliver, present_plan
from assets.steps.intake.opt_out_list import take_in_opt_out_list
from assets.steps.linkage.linked_units import PresentPersons
from assets.steps.persons.code_keys import remove_person
from pipelines.delivering import put_together, run_delivery
from samkorning.case import EventKind, acts
from samkorning.case.inputs import Unit
from samkorning.errors import CheckFailed
from samkorning.synthetic import NEW_YEAR
from tests.canary import hits
from tests.office import ENGINEER, OFFICER, RECIPIENT, Office
from tests.pipeline.test_repeats import OWN, TOLERANT, keep_key, months_on, on
from tests.small_office import CASE, SmallOffice, prepare, small_order

VISITS = Unit("diabetes")
DUCKDB = ("engine: polars", "engine: duckdb")


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """A case whose first file is linked and lies as a check would have left it; nine persons are in it."""
    office = SmallOffice(tmp_path / "office")
    prepare(office, "linked")
    office.release(CASE)
    return office


def objects(office: Office, number: str) -> None:
    remove_person(office.desk, office.desk.case(CASE), number, OFFICER)


def opts_out(office: Office, *numbers: str) -> None:
    path = office.folder / "opted_out.csv"
    path.write_text("\n".join(["number", *numbers]) + "\n", encoding="utf-8")
    take_in_opt_out_list(office.desk, path, None, ENGINEER)


def linked_rows(office: SmallOffice) -> int:
    linked = stores.latest_linked(office.desk, office.desk.case(CASE), VISITS)
    assert linked is not None
    return linked.rows


@pytest.mark.parametrize("leave", [objects, opts_out])
def test_who_leaves_the_study_after_the_linkage_is_in_no_delivery(
    office: SmallOffice, leave: Callable[[Office, str], None]
) -> None:
    assert linked_rows(office) == 9
    leave(office, office.first[0])
    assert office.persons_of(office.deliver(CASE)) == list(range(1, 9))
    assert linked_rows(office) == 8
    everybody = [int(number) for number in office.first]
    assert hits(office.desk.home.root, everybody) == [], "who left is noted encrypted alone"


@pytest.mark.slow
@pytest.mark.parametrize("leave", [objects, opts_out])
def test_by_the_other_engine_too(tmp_path: Path, leave: Callable[[Office, str], None]) -> None:
    office = SmallOffice(tmp_path / "office")
    prepare(office, "linked", DUCKDB)
    office.release(CASE)
    leave(office, office.first[0])
    assert office.persons_of(office.deliver(CASE)) == list(range(1, 9))


def test_who_opts_in_again_is_linked_again_under_the_same_serial_number(office: SmallOffice) -> None:
    case = office.desk.case(CASE)
    before = stores.code_key_rows(office.desk, case).select("number", "serial_number").collect().sort("number")
    opts_out(office, office.first[0])
    office.link(CASE)
    assert linked_rows(office) == 8
    opts_out(office, office.later[0])
    assert office.persons_of(office.deliver(CASE)) == list(range(9))
    after = stores.code_key_rows(office.desk, case).select("number", "serial_number").collect().sort("number")
    assert after.equals(before)


def test_what_was_put_together_before_does_not_leave(office: SmallOffice) -> None:
    """Between the putting together and the delivery, as from the page, where each step holds the case by itself."""
    put_together(office.desk, CASE)
    case = office.desk.case(CASE)
    opts_out(office, office.first[0])
    with pytest.raises(CheckFailed, match="the opt-out list has changed"):
        deliver(office.desk, case, present_plan(office.desk, case))
    objects(office, office.first[1])
    case = office.desk.case(CASE)
    assert present_plan(office.desk, case).files == ()
    with pytest.raises(CheckFailed, match="since diabetes was linked somebody has objected"):
        deliver(office.desk, case, present_plan(office.desk, case))
    assert not case.of(EventKind.DELIVERED)
    assert office.persons_of(office.deliver(CASE)) == list(range(2, 9))


def test_the_last_check_knows_who_may_not_leave(office: SmallOffice) -> None:
    """Also where the linkage were not made anew: no serial number of theirs leaves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PresentPersons, "are_those_of", lambda *_: True)
        for count, leave in enumerate((objects, opts_out), start=1):
            leave(office, office.first[count])
            stopped = f"serial_numbers_in_code_key; {count} are of persons who were taken out, object or have opted out"
            with pytest.raises(CheckFailed, match=stopped):
                office.deliver(CASE)
    assert office.persons_of(office.deliver(CASE)) == [0, *range(3, 9)]


def test_what_was_linked_by_other_rules_of_reading_numbers_is_linked_anew(office: SmallOffice) -> None:
    """An amendment before the first delivery changes no file: numbers that the service repaired are not to be now."""
    lines = office.visits().read_text(encoding="utf-8-sig").splitlines()
    as_float = office.folder / "as_float.csv"
    as_float.write_text("\n".join([lines[0], lines[1].replace(";", ".0;", 1), *lines[2:]]) + "\n", encoding="utf-8-sig")
    office.take(CASE, "diabetes", as_float, "the first was of another year")
    office.link(CASE)
    assert linked_rows(office) == 9
    order = small_order().replace(RECIPIENT, office.identity.recipient)
    amended = order.replace("repairs: [leading_zero, float]", "repairs: [leading_zero]")
    assert amended != order
    office.act(CASE, ENGINEER, lambda case: acts.amend(case, amended, "order.yaml", office.desk.catalogue))
    office.decide(CASE)
    office.review(CASE)
    office.release(CASE)
    assert office.persons_of(office.deliver(CASE)) == list(range(1, 9))


@pytest.mark.slow
def test_a_repeat_that_holds_everything_again_is_without_them(tmp_path: Path) -> None:
    """Delivered units are not marked as changed by it; the next repeat links them anew, and tells what has gone."""
    office = Office(tmp_path / "office", persons=100)
    office.ready_case(*TOLERANT, (OWN, "  repeats: {ships: whole, every: quarter}\n" + OWN))
    first = office.opened(office.deliver(CASE))
    keep_key(office, CASE)
    office.desk.registers.load("LMED", NEW_YEAR, office.world.register("LMED", NEW_YEAR))
    case = office.desk.case(CASE)
    held = dict(stores.code_key_rows(office.desk, case).select("serial_number", "number").collect().iter_rows())
    sick = [held[serial] for serial in serial_numbers(first, "diabetes")]
    treated = [held[serial] for serial in serial_numbers(first, "lmed") if held[serial] not in sick[:1]]
    gone = {serial for serial, number in held.items() if number in (sick[0], treated[0])}
    objects(office, str(sick[0]))
    opts_out(office, str(treated[0]))
    assert office.status(CASE, "diabetes") == "delivered"
    today = office.desk.clock.today()
    made = run_delivery(on(office, months_on(today, 3 - (today.month - 1) % 3)), CASE)
    assert made["kind"] == "complete"
    second = office.opened(made)
    for source in ("diabetes", "lisa", "lmed"):
        left = set(serial_numbers(second, source))
        assert left and not left & gone, "no row of theirs"
    assert set(serial_numbers(first, "diabetes")) - set(serial_numbers(second, "diabetes")) <= gone
    delivered = office.desk.case(CASE).of(EventKind.DELIVERED)[-1].detail
    differs = {each["unit"]: each["rows"] for each in delivered["differences"]}
    assert differs["diabetes"]["persons_gone"] >= 1 and differs["diabetes"]["new"] == 0


def serial_numbers(package: Path, source: str) -> list[int]:
    """The serial numbers of a delivered file, each once, in order."""
    path = package / "data" / f"ut_r_{source}_36759_2021.csv"
    rows = pl.read_csv(path, separator=";", infer_schema=False)
    return sorted({int(serial) for serial in rows[rows.columns[0]]})
