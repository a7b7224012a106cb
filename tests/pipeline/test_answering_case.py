"""A case that only answers another authority: how it ends, and what its disposal takes, with proof, and leaves."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from assets.steps import stores
from assets.steps.case_account import case_account
from assets.steps.retention.disposing import Disposal, dispose
from resources.clock import Clock
from resources.desk import Desk
from samkorning.case import EventKind, State, state_of
from samkorning.case.clocks import months_after
from samkorning.keystore import RetentionClass
from samkorning.retention import DisposalReceipt, read_receipt
from tests.commands import answer, program
from tests.office import MANAGER, OFFICER
from tests.two_authorities import BOTH, SELECTED, Authority, Two, open_decided, two_authorities


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    """Both with each other's confirmed address; nothing is handed over."""
    two = two_authorities(tmp_path_factory.mktemp("ready"))
    yield two
    two.close()


@pytest.fixture
def two(ready: Two, tmp_path: Path) -> Iterator[Two]:
    """A copy of both."""
    two = ready.copy(tmp_path / "two")
    yield two
    two.close()


def ends(authority: Authority, outcome: str, *more: str) -> tuple[int, str]:
    """What the program says to the end of the authority's case."""
    said = program(
        authority.home, "case", "end", authority.case, outcome, "--reason", "all is answered", *more, "--as", OFFICER
    )
    return said.returncode, said.stderr


def on_day(authority: Authority, day: date) -> Desk:
    """The desk of its home, on a later day."""
    return Desk(authority.office.desk.home, authority.office.desk.settings, Clock(day))


def receipt_of(authority: Authority, done: Disposal) -> DisposalReceipt:
    """The signed receipt of a disposal."""
    home = authority.office.desk.home
    assert done.receipt is not None
    receipt = read_receipt((home.root / done.receipt).read_bytes(), done.receipt, home.signing_key.read_text().strip())
    assert isinstance(receipt, DisposalReceipt)
    return receipt


def test_an_answering_case_ends_and_goes_with_proof(two: Two) -> None:
    """The whole way: list taken, answered, receipts come, ended by a person, disposed of three months later."""
    region, statistics = two.answered().region, two.statistics
    hand_over = answer(statistics.runs("show", statistics.case, "--json"))["hand_overs"][0]["hand_over"]
    for outcome, words in (("closed", "the case has answered region with T002"), ("handed_over", "is open until")):
        exit_code, said = ends(statistics, outcome)
        assert (exit_code, "R24: " in said, words in said) == (1, True, True), said
    receipts = [region.take(two.made[kind])["receipt"] for kind in ("group", "rows")]
    statistics.take(receipts[0])
    answer(statistics.runs("end", statistics.case, hand_over, "--reason", "all is answered", "--json"))
    exit_code, said = ends(statistics, "handed_over")
    assert (exit_code, "the receipts for T002 have not come" in said) == (1, True), said
    exit_code, said = ends(statistics, "handed_over", "--without-receipt", "T001")
    assert (exit_code, "it waits for: T002" in said) == (1, True), said
    statistics.take(receipts[1])
    desk = statistics.office.desk
    assert "`case end 10002-2026 handed_over`" in case_account(desk, desk.case(statistics.case)).next_act.what
    assert ends(statistics, "handed_over")[0] == 0
    case, last = desk.case(statistics.case), months_after(desk.clock.today(), 3)
    assert case.events[-1].detail["answered"] == ["region"]
    account = case_account(desk, case)
    assert (account.code_key.state, account.code_key.until) == ("ended", last)
    assert dispose(on_day(statistics, last), case.number, OFFICER, second=MANAGER) == [Disposal("nothing")]
    held = set(desk.vault.stores(case.number))
    assert {"received.population", "received.diabetes"} <= held
    [done] = dispose(on_day(statistics, last + timedelta(days=1)), case.number, OFFICER, second=MANAGER)
    receipt = receipt_of(statistics, done)
    assert {store.store for store in receipt.stores} == held and receipt.opening_tried == len(held)
    assert set(receipt.classes_destroyed) == {"code_key", "material"}
    assert all(store.why == "three months after the case ended with its answer handed over" for store in receipt.stores)
    assert desk.vault.stores(case.number) == [] and not list(desk.home.transit(case.number).glob("*.age"))
    assert state_of(desk.case(case.number).events) is State.DISPOSED


def test_a_receipt_that_will_never_come_is_given_up_by_name(two: Two) -> None:
    statistics = two.answered().statistics
    late = (statistics.office.desk.clock.today() + timedelta(days=15)).isoformat()
    given_up = ("--without-receipt", "T001", "--without-receipt", "T002", "--today", late)
    exit_code, said = ends(statistics, "handed_over", *given_up[4:])
    assert (exit_code, "the receipts for T001, T002 have not come" in said) == (1, True), said
    assert ends(statistics, "handed_over", *given_up)[0] == 0
    [ended] = statistics.office.desk.case(statistics.case).of(EventKind.ENDED)
    assert ended.detail["without_receipt"] == ["T001", "T002"]


def test_a_list_that_goes_before_the_population_comes_closes_nothing(two: Two) -> None:
    """Its identifiers are all that lies with the code key then; the case goes on when its own population comes."""
    region, office = two.region, two.statistics.office
    other = Authority(office, "10007-2026", "region")
    open_decided(other, None)
    other.name(region.address())
    region.name({**two.statistics.address(), "case": other.case})
    assert other.take(region.make("persons")["path"])["persons"] > BOTH
    late = on_day(other, office.desk.clock.today() + timedelta(days=15))
    [done] = dispose(late, other.case, OFFICER, second=MANAGER)
    assert done.phase == "disposed" and done.detail is not None and not done.detail["code_key"]
    receipt = receipt_of(other, done)
    assert receipt.classes_destroyed == () and [store.store[:8] for store in receipt.stores] == ["transit."]
    case = late.case(other.case)
    assert state_of(case.events) is State.APPROVED and late.vault.stores(other.case, RetentionClass.CODE_KEY) == []
    office.take(other.case, "population", office.population(office.numbers[-SELECTED:], "later"))
    kept = office.desk.case(other.case)
    assert stores.received_rows(office.desk, kept, "population").collect().height == SELECTED
    late.cases.close()
