"""What holds a delivery back, through the production definitions: the run starts only when all of it is recorded."""

import subprocess
import sys

import pytest

from assets.steps.intake.receiving import receive_file
from pipelines.delivering import run_delivery
from resources.desk import Desk
from samkorning.case import EventKind, acts
from samkorning.errors import CaseBusy, CheckFailed, FileRefused, KeystoreRefused, RuleRefused
from samkorning.vault import RetentionClass
from tests.factories import an_order
from tests.office import ENGINEER, Office


def refused(rule: str):  # noqa: ANN201
    return pytest.raises(RuleRefused, match=f"^{rule}:")


def test_each_missing_act_is_named_by_its_rule(office: Office) -> None:
    case = office.open_case()
    with refused("R09"):
        office.deliver(case)
    office.act(case, "Olle", acts.approve_specification)
    with refused("R10"):
        office.deliver(case)
    with refused("R10"):
        office.receive(case, "population")


def test_review_release_and_holders_release_are_asked_for_one_by_one(office: Office) -> None:
    case = office.open_case()
    office.decide(case)
    with refused("R13"):
        office.deliver(case)
    office.receive(case, "population", "lisa")
    with refused("R12"):
        office.deliver(case)
    office.review(case)
    with refused("R04"):
        office.deliver(case)
    office.release_holders(case, "SCB")
    with refused("R20"):
        office.deliver(case)
    assert not list(office.desk.home.outbox(case).glob("L*")), "nothing was made"


def test_too_many_damaged_numbers_stop_the_case_before_the_code_key(office: Office) -> None:
    case = office.open_case(("damaged_share_allowed: 0.05", "damaged_share_allowed: 0.001"))
    office.decide(case)
    office.review(case)
    office.release(case)
    office.load_registers()
    office.receive(case, "population")
    with pytest.raises(CheckFailed, match="numbers_valid"):
        office.deliver(case)
    assert "code_key.person" not in office.desk.vault.stores(case)


def test_a_low_linkage_rate_stops_the_delivery(office: Office) -> None:
    strict = "      holder: Exempelregistret\n      linked_share_at_least: 1.0"
    case = office.ready_case(("      holder: Exempelregistret", strict))
    with pytest.raises(CheckFailed, match="linkage_rate"):
        office.deliver(case)
    assert not list(office.desk.home.outbox(case).glob("L*"))


def test_an_identity_number_in_another_column_stops_the_delivery(office: Office) -> None:
    """Where the specification accepts such a column on the way in, the way out is closed all the same."""
    accepted = "        encoding: utf-8-sig\n        other_identifying: accept\n"
    case = office.open_case(("        encoding: utf-8-sig\n", accepted))
    office.decide(case)
    office.release_holders(case, "Exempelregistret")
    office.review(case)
    office.release(case)
    office.load_registers()
    office.receive(case, "population", "number_history")
    leaking = office.folder / "leaking.csv"
    text = office.sent("diabetes").read_text(encoding="utf-8-sig")
    number = str(office.world.study()[0])
    leaking.write_text(text.replace("Slutat röka", f"se {number[:8]}-{number[8:]}"), encoding="utf-8-sig")
    receive_file(office.desk, office.desk.case(case), "diabetes", leaking, ENGINEER)
    with pytest.raises(CheckFailed, match="no_identity_number"):
        office.deliver(case)
    assert not list(office.desk.home.outbox(case).glob("L*"))


@pytest.mark.slow
def test_a_second_run_of_the_same_case_is_busy(office: Office) -> None:
    case = office.ready_case()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_CASE, str(office.desk.home.root), case], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline().strip() == "held"
        with pytest.raises(CaseBusy):
            run_delivery(office.desk, case)
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    assert office.deliver(case)["delivery"] == "L001"


HOLD_THE_CASE = """
import sys, time
from pathlib import Path
from resources.desk import Desk
with Desk.at(Path(sys.argv[1])).vault.lock(sys.argv[2]):
    print("held", flush=True)
    time.sleep(3600)
"""


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b"NAMN;KON\nx;1\n", "PERSNR"),
        (b"\x00\x01\x02\x03" * 50, "binary"),
        (b"%PDF-1.7\n...", "PDF"),
    ],
    ids=["empty", "no identity column", "unreadable", "another kind of file"],
)
def test_a_file_that_cannot_be_taken_is_refused_and_nothing_changes(
    office: Office, content: bytes, problem: str
) -> None:
    case = office.open_case()
    office.decide(case)
    bad = office.folder / "kvalitetsregister.csv"
    bad.write_bytes(content)
    with pytest.raises(FileRefused, match=problem) as refusal:
        receive_file(office.desk, office.desk.case(case), "diabetes", bad, ENGINEER)
    assert refusal.value.file == bad.name
    assert refusal.value.remedy
    after = office.desk.case(case)
    assert after.events[-1].kind is EventKind.FILE_REFUSED
    assert not [store for store in office.desk.vault.stores(case) if "diabetes" in store]
    receive_file(office.desk, after, "diabetes", office.sent("diabetes"), ENGINEER)


def test_the_same_file_again_changes_nothing(office: Office) -> None:
    case = office.open_case()
    office.decide(case)
    office.receive(case, "lisa")
    events = len(office.desk.case(case).events)
    again = receive_file(office.desk, office.desk.case(case), "lisa", office.sent("lisa"), ENGINEER)
    assert again.known_already
    assert len(office.desk.case(case).events) == events


def test_a_case_of_real_persons_refuses_a_keystore_under_the_home(office: Office) -> None:
    office.open_case()
    order = an_order(("synthetic: true", "synthetic: false"))
    real = acts.order_detail(order, "order.yaml", office.desk.catalogue)
    office.desk.cases.open("1-2026", office.desk.clock.now(), ENGINEER, real)
    with pytest.raises(KeystoreRefused, match="outside the home"):
        office.desk.case("1-2026")


def test_a_lost_keystore_is_not_replaced_by_a_new_one(office: Office) -> None:
    """A new one would open nothing of what lies in the vault, and look as if all were well."""
    office.desk.vault.create_store("36759-2021", RetentionClass.MATERIAL, "received.lisa")
    office.desk.home.keystore.rename(office.folder / "lost")
    with pytest.raises(KeystoreRefused, match="restore it from backup"):
        _ = Desk.at(office.desk.home.root).keystore
    assert not office.desk.home.keystore.exists()


def test_a_file_named_after_a_person_leaves_no_number_behind(office: Office) -> None:
    case = office.open_case()
    office.decide(case)
    number = str(office.world.study()[0])
    named = office.folder / f"journal {number[:8]}-{number[8:]}.csv"
    named.write_bytes(office.sent("diabetes").read_bytes())
    receive_file(office.desk, office.desk.case(case), "diabetes", named, ENGINEER)
    assert office.desk.case(case).events[-1].detail["file"] == "journal [number].csv"
    named.write_bytes(b"")
    with pytest.raises(FileRefused) as refusal:
        receive_file(office.desk, office.desk.case(case), "diabetes", named, ENGINEER)
    assert number[8:] not in str(refusal.value)
    left = [path for path in office.desk.home.root.rglob("*") if number[:8] in path.name]
    assert not left
