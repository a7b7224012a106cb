"""Two authorities hand over to each other without identity numbers (R24), each at a home of its own."""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from assets.steps import stores
from assets.steps.retention.disposing import dispose, rehearse
from assets.steps.transit import making, taking
from pipelines.instance import dagster_instance
from resources.clock import Clock
from resources.desk import Desk
from samkorning.case import CaseRegister, EventKind, State, acts, state_of
from samkorning.case.hand_overs import hand_overs, has_ended
from samkorning.case.ledger import last_received
from samkorning.errors import VaultDamaged
from samkorning.order import Order
from samkorning.transit.identifiers import IDENTIFIER
from tests.canary import hits, looking_for
from tests.commands import answer, program
from tests.factories import PROJECT, SAMPLE_ORDER
from tests.launching import Launchpad
from tests.office import MANAGER, OFFICER, RECIPIENT
from tests.small_office import small_order
from tests.two_authorities import (
    BOTH,
    LISTED,
    SELECTED,
    Authority,
    Two,
    everything_of,
    moved,
    open_decided,
    two_authorities,
)

TAKEN_AGAIN = "send that again"


class Killed(Exception):
    """Stands where a process is killed."""


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory):  # noqa: ANN201
    """Both with each other's confirmed address; nothing is handed over."""
    two = two_authorities(tmp_path_factory.mktemp("ready"))
    yield two
    two.close()


@pytest.fixture(scope="module")
def waiting(ready: Two, tmp_path_factory: pytest.TempPathFactory):  # noqa: ANN201
    """The list is with the statistics authority, and its answers wait for the region."""
    two = ready.copy(tmp_path_factory.mktemp("waiting")).answered()
    yield two
    two.close()


@pytest.fixture
def two(ready: Two, tmp_path: Path):  # noqa: ANN201
    """A copy of both that are ready."""
    two = ready.copy(tmp_path / "ready")
    yield two
    two.close()


@pytest.fixture
def answered(waiting: Two, tmp_path: Path):  # noqa: ANN201
    """A copy of both whose answers wait."""
    two = waiting.copy(tmp_path / "waiting")
    yield two
    two.close()


def numbers_of(two: Two) -> list[str]:
    return two.region.office.numbers


def test_both_ways_end_with_equal_counts_and_the_persons_that_both_have(two: Two) -> None:
    region, statistics = two.region, two.statistics
    listed = region.make("persons")
    taken = statistics.take(listed["path"])
    proven = region.take(taken["receipt"])
    assert [each["persons"] for each in (listed, taken, proven)] == [LISTED] * 3
    for kind, more in (("group", ()), ("rows", ("diabetes",))):
        made = statistics.make(kind, *more)
        came = region.take(made["path"])
        proven = statistics.take(came["receipt"])
        assert [(each["persons"], each["rows"]) for each in (made, came, proven)] == [(BOTH, BOTH)] * 3, kind
    desk, case = region.office.desk, region.office.desk.case(region.case)
    expected = sorted(numbers_of(two)[-SELECTED:LISTED])
    for source in ("population", "diabetes"):
        rows = stores.received_rows(desk, case, source).collect()
        assert sorted(rows["PERSNR"]) == expected, source
    chosen = last_received(case, "population")
    assert chosen is not None and (chosen.detail["adds"], chosen.detail["removes"]) == (0, LISTED - BOTH)
    assert chosen.detail["reason"] == "the group that scb answered in T001"


def test_a_person_reads_the_same_in_words(two: Two) -> None:
    region, statistics = two.region, two.statistics
    made = region.runs("make", region.case, "persons", "--for", "scb").stdout
    listed = made.splitlines()[1].strip()
    assert made.startswith(f"T001: persons, {LISTED} persons in {LISTED} rows sealed for scb, to be taken until ")
    taken = statistics.runs("take", statistics.case, listed).stdout
    assert taken.startswith(f"T001: persons, {LISTED} persons in {LISTED} rows taken; send the receipt back")
    proven = region.runs("take", region.case, taken.splitlines()[1].strip()).stdout
    assert proven == f"T001: both sides count persons, {LISTED} persons in {LISTED} rows\n"
    shown = region.runs("show", region.case).stdout
    address = region.address()
    assert f"our address in case {region.case}: {address['fingerprint']}" in shown
    assert f"  --recipient {address['recipient']}\n  --signing-key {address['signing_key']}" in shown
    assert f"scb, case {statistics.case}: {statistics.address()['fingerprint']} (confirmed)" in shown
    assert f"T001 persons, {LISTED} persons in {LISTED} rows; receipt has come" in shown
    [hand_over] = [line.split(",")[0] for line in shown.splitlines() if ", list made, scb: until" in line]
    ended = region.runs("end", region.case, hand_over, "--reason", "given up").stdout
    assert ended == f"{hand_over}: ended; its transit identifiers are destroyed\n"
    assert f"{hand_over}, list made, scb: ended" in region.runs("show", region.case).stdout
    for wrong in (("rows",), ("group", "diabetes"), ("group", "--period", 2219), ("group", "--until", "2027-01-01")):
        assert region.runs("make", region.case, *wrong, "--for", "scb").returncode == 2


@pytest.fixture
def the_environment_is_as_before() -> Iterator[None]:
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def on_the_page(authority: Authority, job: str, *files: object, **asked: object) -> str:
    """An act of an authority from its page, on files that lie in `acts/in`; what it says."""
    desk = authority.office.desk
    desk.home.acts_in.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copy(str(file), desk.home.acts_in)
    named = {"file": Path(str(files[0])).name} if files else {}
    with dagster_instance(desk) as instance:
        said = Launchpad(desk, instance).launch(job, authority.case, **{"acting": OFFICER, **asked, **named})
    assert not list(desk.home.acts_in.iterdir()), said
    return said


@pytest.mark.usefixtures("the_environment_is_as_before")
def test_the_page_hands_over_as_the_command_does(two: Two) -> None:
    region, statistics = two.region, two.statistics
    asked = {"kind": "persons", "peer": "scb"}
    assert "would seal persons for scb" in on_the_page(region, "transit_make", **asked, preview=True)
    assert on_the_page(region, "transit_make", **asked).startswith(
        f"T001: persons, {LISTED} persons in {LISTED} rows sealed for scb, to be taken until "
    )
    [listed] = region.office.desk.home.transit(region.case).glob("*.age")
    assert on_the_page(statistics, "transit_take", listed).endswith("rows taken; send the receipt back")
    [receipt] = statistics.office.desk.home.transit(statistics.case).iterdir()
    assert on_the_page(region, "transit_take", receipt) == (
        f"both sides count T001: persons, {LISTED} persons in {LISTED} rows"
    )
    for wrong in ({"kind": "rows"}, {"kind": "group", "period": 2219}, {"kind": "group", "until": "2300-01-01"}):
        assert "R24: " in on_the_page(region, "transit_make", peer="scb", **wrong)
    assert "our address is" in on_the_page(region, "transit_show")
    [hand_over] = hand_overs(region.office.desk.case(region.case))
    said = on_the_page(region, "transit_end", hand_over=hand_over.name, reason="given up")
    assert said.endswith("its transit identifiers are destroyed")
    assert has_ended(region.office.desk.case(region.case), hand_over)


def test_a_hand_over_ends_also_while_an_amended_order_waits(two: Two) -> None:
    region = two.region
    listed = region.make("persons")
    office = region.office
    order = an_amended_order(office.desk.case(region.case).order)
    office.act(region.case, OFFICER, lambda case: acts.amend(case, order, "order.yaml", office.desk.catalogue))
    said = region.runs("make", region.case, "persons", "--for", "scb")
    assert (said.returncode, "R10:" in said.stderr) == (1, True)
    answer(region.runs("end", region.case, listed["hand_over"], "--reason", "another order", "--json"))
    assert not [name for name in Desk.at(region.home).vault.stores(region.case) if name.startswith("transit.")]


def an_amended_order(order: Order) -> str:
    return (
        small_order()
        .replace("Diabetes and hospital care", "Diabetes")
        .replace(RECIPIENT, order.recipient.age_recipient)
    )


@pytest.mark.slow
def test_what_came_by_hand_over_is_linked_and_delivered(answered: Two) -> None:
    region = answered.region
    region.take(answered.made["group"])
    region.take(answered.made["rows"])
    region.office.release(region.case)
    made = region.office.deliver(region.case)
    [file] = (region.office.opened(made) / "data").glob("ut_r_diabetes_*.csv")
    rows = pl.read_csv(file, separator=";", encoding="utf8-lossy", infer_schema=False)
    places = range(len(numbers_of(answered)) - SELECTED, LISTED)
    assert sorted(rows["HbA1c"]) == [str(30 + place) for place in places], "whose rows they are"


def test_no_number_stands_outside_vault_and_seal_and_none_in_an_answer(answered: Two) -> None:
    region, statistics = answered.region, answered.statistics
    region.take(answered.made["group"])
    region.take(answered.made["rows"])
    every = [int(number) for number in numbers_of(answered)]
    for authority in (region, statistics):
        assert hits(authority.home, every) == []
    listed = statistics.unsealed(answered.made["persons"])
    assert all(number.encode() in listed for number in numbers_of(answered)[:LISTED]), "the search finds them"
    for kind in ("group", "rows"):
        inside = region.unsealed(answered.made[kind])
        assert not looking_for(every)(inside), kind
    rows = [json.loads(line) for line in region.unsealed(answered.made["group"]).splitlines()[:-1]]
    assert all(list(row) == ["~transit"] for row in rows)
    assert pl.Series([row["~transit"] for row in rows]).str.contains(IDENTIFIER).all()


def test_the_identifiers_of_two_hand_overs_have_nothing_in_common(two: Two) -> None:
    first = two.region.make("persons")
    seen = two.statistics.unsealed(first["path"])
    answer(two.region.runs("end", two.region.case, first["hand_over"], "--reason", "lost", "--json"))
    again = two.statistics.unsealed(two.region.make("persons")["path"])
    drawn = [{json.loads(line)["~transit"] for line in inside.splitlines()[:-1]} for inside in (seen, again)]
    assert [len(each) for each in drawn] == [LISTED, LISTED] and not drawn[0] & drawn[1]
    assert [json.loads(line)["~transit"] for line in again.splitlines()[:-1]] == sorted(drawn[1])


def flipped(two: Two, folder: Path) -> Path:
    file = moved(two.made["group"], folder)
    content = bytearray(file.read_bytes())
    content[-20] ^= 1
    file.write_bytes(content)
    return file


def cut_off(two: Two, folder: Path) -> Path:
    file = moved(two.made["group"], folder)
    file.write_bytes(file.read_bytes()[:-40])
    return file


def sealed_for_another(two: Two, folder: Path) -> Path:
    return moved(two.made["persons"], folder)  # it is for the statistics authority


def of_somebody_unknown(two: Two, folder: Path) -> Path:
    """Signed by a key that the region has not confirmed: it has named the address anew since."""
    address = two.region.address()
    two.region.name({**address, "case": two.statistics.case, "signing_key": address["signing_key"]})
    return moved(two.made["group"], folder)


def from_another_case(two: Two, folder: Path) -> Path:
    two.region.name({**two.statistics.address(), "case": "10003-2026"})
    return moved(two.made["group"], folder)


def of_an_ended_list(two: Two, folder: Path) -> Path:
    [hand_over] = answer(two.region.runs("show", two.region.case, "--json"))["hand_overs"]
    answer(two.region.runs("end", two.region.case, hand_over["hand_over"], "--reason", "given up", "--json"))
    return moved(two.made["group"], folder)


def taken_before(two: Two, folder: Path) -> Path:
    two.region.take(two.made["group"])
    return moved(two.made["group"], folder)


def no_transit_file(two: Two, folder: Path) -> Path:
    return moved(two.region.office.folder / "population.csv", folder)


def of_another_population(two: Two, folder: Path) -> Path:
    office = two.region.office
    office.take(two.region.case, "population", office.population(numbers_of(two)[:3], "other"), "another one")
    return moved(two.made["group"], folder)


REFUSED: dict[Callable[[Two, Path], Path], str] = {
    flipped: "cannot be used",
    cut_off: "cannot be used",
    sealed_for_another: "sealed for somebody else; give its sender the address",
    of_somebody_unknown: "no authority that this case has confirmed has signed it",
    from_another_case: "from another case of scb",
    of_an_ended_list: "answers no list of this case to scb that is open",
    taken_before: TAKEN_AGAIN,
    no_transit_file: "neither a transit file nor a receipt",
    of_another_population: "another study population has come since the list was made",
}


@pytest.mark.parametrize("made", REFUSED, ids=lambda made: made.__name__)
def test_a_file_that_may_not_be_taken_is_refused_and_changes_nothing(
    answered: Two, tmp_path: Path, made: Callable[[Two, Path], Path]
) -> None:
    file = made(answered, tmp_path / "wire")
    before = dict(everything_of(answered.region))
    said = answered.region.runs("take", answered.region.case, file)
    assert (said.returncode, REFUSED[made] in said.stderr) == (1, True), said.stderr
    assert "nothing was changed" in said.stderr
    assert dict(everything_of(answered.region)) == before


def test_a_file_is_for_one_case_alone(answered: Two, tmp_path: Path) -> None:
    """Another case at the same home, which knows the same authority."""
    region = answered.region
    other = type(region)(region.office, "10009-2026", "scb")
    open_decided(other, numbers_of(answered)[:LISTED])
    other.name(answered.statistics.address())
    said = other.runs("take", other.case, answered.made["group"])
    assert (said.returncode, "it was made for another case" in said.stderr) == (1, True), said.stderr


def test_made_up_and_real_persons_do_not_meet(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list that says of itself that its persons are real is not taken into a case of made-up ones."""
    before = making._manifest
    monkeypatch.setattr(making, "_manifest", lambda *given: before(*given).model_copy(update={"synthetic": False}))
    listed = two.region.make("persons")
    said = two.statistics.runs("take", two.statistics.case, listed["path"])
    assert (said.returncode, "made-up and real persons do not meet" in said.stderr) == (1, True)


def test_rows_that_are_not_those_signed_are_refused(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    before = making._manifest
    monkeypatch.setattr(making, "_manifest", lambda *given: before(*given).model_copy(update={"sha256": "0" * 64}))
    listed = two.region.make("persons")
    said = two.statistics.runs("take", two.statistics.case, listed["path"])
    assert (said.returncode, "its rows are not those that were signed" in said.stderr) == (1, True)


def test_identifiers_that_nobody_gave_out_are_refused(answered: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    region = answered.region
    strange = pl.DataFrame({"transit": ["B" * 24], "number": [1], "issuer": [None], "text": [None]})
    monkeypatch.setattr("assets.steps.transit.answers.kept_identifiers", lambda *_: strange)
    for kind in ("group", "rows"):
        said = region.runs("take", region.case, answered.made[kind])
        words = f"{BOTH} rows stand under transit identifiers that this case never gave out"
        assert (said.returncode, words in said.stderr) == (1, True), said.stderr


def test_nothing_is_handed_over_to_an_address_that_one_person_has_named(two: Two) -> None:
    region = two.region
    address = {**two.statistics.address(), "case": "10003-2026"}
    region.name(address, confirmed=False)
    said = region.runs("make", region.case, "persons", "--for", "scb")
    assert (said.returncode, "R24: the address of scb is not confirmed" in said.stderr) == (1, True)
    shown = answer(region.runs("show", region.case, "--json"))["peers"][0]
    own = region.runs("confirm-peer", region.case, "scb", shown["fingerprint"], "--as", OFFICER)
    assert (own.returncode, "another person" in own.stderr) == (1, True)
    wrong = region.runs("confirm-peer", region.case, "scb", region.address()["fingerprint"], "--as", MANAGER)
    assert (wrong.returncode, "not the fingerprint" in wrong.stderr) == (1, True)


def test_nobody_hands_over_before_the_case_is_reviewed(two: Two) -> None:
    region = two.region
    for case, rule in (("unreviewed", "R12"), ("undecided", "R09")):
        number = {"unreviewed": "10004-2026", "undecided": "10005-2026"}[case]
        office = region.office
        office.open_case(number=number)
        if case == "unreviewed":
            office.decide(number)
        for said in (
            region.runs("make", number, "persons", "--for", "scb"),
            region.runs("take", number, office.folder / "population.csv"),
        ):
            assert (said.returncode, f"{rule}:" in said.stderr) == (1, True), said.stderr


def test_the_same_again_is_refused_while_it_is_open(answered: Two) -> None:
    region, statistics = answered.region, answered.statistics
    again = region.runs("make", region.case, "persons", "--for", "scb")
    assert again.returncode == 1 and "is open until" in again.stderr and "T001.transit.age again" in again.stderr
    for more in (("group",), ("rows", "diabetes")):
        said = statistics.runs("make", statistics.case, *more, "--for", "region")
        assert said.returncode == 1 and "its receipt has not come" in said.stderr
    receipt = region.take(answered.made["group"])["receipt"]
    statistics.take(receipt)
    twice = statistics.runs("take", statistics.case, receipt)
    assert (twice.returncode, "this receipt was taken before" in twice.stderr) == (1, True)
    assert statistics.make("group")["number"] == "T003", "answered once more: the selection may have been corrected"


def test_a_receipt_that_was_changed_or_counts_otherwise_is_refused(
    two: Two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    region, statistics = two.region, two.statistics
    listed = region.make("persons")
    before = taking.new_receipt
    monkeypatch.setattr(taking, "new_receipt", lambda *given: before(*given).model_copy(update={"persons": 8}))
    receipt = Path(statistics.take(listed["path"])["receipt"])
    wrong = region.runs("take", region.case, receipt)
    assert (wrong.returncode, "tells otherwise than T001 was made (persons)" in wrong.stderr) == (1, True)
    changed = moved(receipt, tmp_path / "wire")
    changed.write_bytes(changed.read_bytes().replace(b'"persons": 8', b'"persons": 9'))
    said = region.runs("take", region.case, changed)
    assert (said.returncode, "has signed it as it is" in said.stderr) == (1, True)
    assert not region.office.desk.case(region.case).of(EventKind.TRANSIT_RECEIPT_TAKEN)


def test_a_receipt_for_nothing_that_was_made_is_refused(answered: Two) -> None:
    region, statistics = answered.region, answered.statistics
    receipt = region.take(answered.made["group"])["receipt"]
    said = region.runs("take", region.case, receipt)
    assert (said.returncode, "no authority that this case has confirmed" in said.stderr) == (1, True)
    assert statistics.take(receipt)["persons"] == BOTH


@pytest.mark.parametrize("broken", ["list", "answer"])
def test_what_broke_off_before_its_event_was_never_handed_over(
    two: Two, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    region, statistics = two.region, two.statistics
    if broken == "answer":
        region.take(statistics.take(region.make("persons")["path"])["receipt"])
    maker, arguments = (region, ("persons",)) if broken == "list" else (statistics, ("group",))
    kept = set(maker.office.desk.vault.stores(maker.case))
    before = CaseRegister.record

    def stopped(register: CaseRegister, case: object, kind: EventKind, *more: object) -> object:
        if kind is EventKind.TRANSIT_MADE:
            raise Killed
        return before(register, case, kind, *more)

    monkeypatch.setattr(CaseRegister, "record", stopped)
    assert maker.runs("make", maker.case, *arguments, "--for", maker.peer).returncode == 3
    monkeypatch.undo()
    desk = Desk.at(maker.home)
    left = list(desk.home.transit(maker.case).glob("*.age"))
    assert len(left) == 1, "it lies there, and no event tells of it"
    if broken == "list":
        assert len(set(desk.vault.stores(maker.case)) - kept) == 1
    assert answer(maker.runs("show", maker.case, "--json"))["hand_overs"] == [] or broken == "answer"
    assert not list(desk.home.transit(maker.case).glob("*.age"))
    assert set(desk.vault.stores(maker.case)) == kept
    desk.cases.close()
    assert maker.make(*arguments)["number"] == "T001"


@pytest.mark.parametrize("kind", ["persons", "group", "rows"])
def test_what_broke_off_while_it_was_taken_is_taken_again(
    answered: Two, two: Two, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    if kind == "persons":
        taker, file = two.statistics, Path(two.region.make("persons")["path"])
    else:
        taker, file = answered.region, answered.made[kind]
    before = CaseRegister.record

    def stopped(register: CaseRegister, case: object, event: EventKind, *more: object) -> object:
        if event is EventKind.TRANSIT_TAKEN:
            raise Killed
        return before(register, case, event, *more)

    monkeypatch.setattr(CaseRegister, "record", stopped)
    assert taker.runs("take", taker.case, file).returncode == 3
    monkeypatch.undo()
    received = len(taker.office.desk.case(taker.case).of(EventKind.FILE_RECEIVED))
    assert taker.take(file)["persons"] == (LISTED if kind == "persons" else BOTH)
    case = taker.office.desk.case(taker.case)
    assert len(case.of(EventKind.TRANSIT_TAKEN)) == 1
    assert len(case.of(EventKind.FILE_RECEIVED)) == received, "the intake knows it already"


def test_two_at_once_are_one_after_the_other(two: Two) -> None:
    import fcntl

    lock = two.region.office.desk.vault.folder / ".locks" / two.region.case
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        for arguments in (("make", "persons", "--for", "scb"), ("take", "population.csv"), ("show",)):
            file = two.region.office.folder / "population.csv"
            rest = [file if each == "population.csv" else each for each in arguments[1:]]
            assert two.region.runs(arguments[0], two.region.case, *rest).returncode == 4
    assert two.region.make("persons")["persons"] == LISTED


def test_an_answer_waits_while_another_run_holds_the_case(answered: Two) -> None:
    import fcntl

    statistics = answered.statistics
    with (statistics.office.desk.vault.folder / ".locks" / statistics.case).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        for more in (("group",), ("rows", "diabetes")):
            assert statistics.runs("make", statistics.case, *more, "--for", "region").returncode == 4


def test_rows_with_a_column_named_as_the_identity_column_here_are_refused(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    region, statistics = two.region, two.statistics
    statistics.take(region.make("persons")["path"])
    before = making.rows_out

    def renamed(*given: object) -> object:
        rows = before(*given)  # type: ignore[arg-type]
        frames = [(frame.rename({"BMI": "persnr"}), out) for frame, out in rows._frames]
        columns = tuple("persnr" if name == "BMI" else name for name in rows.columns)
        return replace(rows, columns=columns, _frames=iter(frames))

    monkeypatch.setattr(making, "rows_out", renamed)
    made = statistics.make("rows", "diabetes")
    said = region.runs("take", region.case, made["path"])
    assert (said.returncode, "has a column PERSNR, which is the identity column" in said.stderr) == (1, True), (
        said.stderr
    )


def test_after_its_last_day_nothing_is_taken_and_the_identifiers_are_gone(answered: Two) -> None:
    region, statistics = answered.region, answered.statistics
    late = (region.office.desk.clock.today() + timedelta(days=15)).isoformat()
    said = region.runs("take", region.case, answered.made["group"], "--today", late)
    assert (said.returncode, "it could be taken until" in said.stderr) == (1, True)
    refused = statistics.runs("make", statistics.case, "rows", "diabetes", "--for", "region", "--today", late)
    assert (refused.returncode, "no list of persons from region is open" in refused.stderr) == (1, True)
    for authority in (region, statistics):
        desk = Desk.at(authority.home)
        [ended] = desk.case(authority.case).of(EventKind.TRANSIT_ENDED)
        assert (ended.person, ended.detail["reason"]) == ("samkorning", "its last day has passed")
        assert not [name for name in desk.vault.stores(authority.case) if name.startswith("transit.")]
        assert not list(desk.home.transit(authority.case).glob("*.age"))
        desk.cases.close()


def test_a_list_is_taken_on_its_last_day_and_not_later(two: Two) -> None:
    today = two.region.office.desk.clock.today()
    listed = two.region.make("persons", "--until", today.isoformat())
    late = (today + timedelta(days=1)).isoformat()
    said = two.statistics.runs("take", two.statistics.case, listed["path"], "--today", late)
    assert (said.returncode, f"it could be taken until {today}" in said.stderr) == (1, True)
    assert two.statistics.take(listed["path"])["persons"] == LISTED


def test_a_frozen_study_changes_by_a_group_only_as_three_have_decided(answered: Two) -> None:
    region = answered.region
    office = region.office
    region.take(answered.made["rows"])
    desk = Desk.at(region.home)
    sha256 = desk.case(region.case).received_sha256("population")
    desk.cases.record(
        desk.case(region.case),
        EventKind.POPULATION_FROZEN,
        desk.clock.now(),
        "samkorning",
        {"population_sha256": sha256},
    )
    desk.cases.close()
    said = region.runs("take", region.case, answered.made["group"])
    assert said.returncode == 1 and "R19: the study population is frozen" in said.stderr
    office.decide_population(region.case, 0, LISTED - BOTH)
    assert region.take(answered.made["group"])["persons"] == BOTH


def test_rows_leave_only_with_the_holders_release(two: Two) -> None:
    region, statistics = two.region, two.statistics
    statistics.take(region.make("persons")["path"])
    answer(program(statistics.home, "case", "recall", statistics.case, "--holder", "Exempelregistret",
                   "--reason", "a mistake", "--as", OFFICER, "--json"))  # fmt: skip
    said = statistics.runs("make", statistics.case, "rows", "diabetes", "--for", "region")
    assert (said.returncode, "R04: diabetes may not leave: Exempelregistret" in said.stderr) == (1, True)


@pytest.mark.usefixtures("the_environment_is_as_before")
def test_a_case_that_rests_hands_nothing_over(two: Two) -> None:
    region, statistics = two.region, two.statistics
    statistics.take(region.make("persons")["path"])
    for authority in (region, statistics):
        answer(program(authority.home, "case", "pause", authority.case, "--reason", "a question", "--as", OFFICER,
                       "--json"))  # fmt: skip
    assert "R02: the case rests" in on_the_page(statistics, "transit_make", kind="group", peer="region", preview=True)
    for authority, what in ((region, ("persons",)), (statistics, ("group",)), (statistics, ("rows", "diabetes"))):
        said = authority.runs("make", authority.case, *what, "--for", authority.peer)
        assert (said.returncode, "R02: the case rests" in said.stderr) == (1, True), said.stderr


def test_a_second_year_is_not_taken_for_the_source_of_the_first(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    region, statistics = two.region, two.statistics
    statistics.take(region.make("persons")["path"])
    before = making._manifest
    for year in (2218, 2219):
        monkeypatch.setattr(
            making, "_manifest", lambda *given, year=year: before(*given).model_copy(update={"period": year})
        )
        made = statistics.make("rows", "diabetes")
        if year == 2218:
            statistics.take(region.take(made["path"])["receipt"])
    kept = dict(everything_of(region))
    said = region.runs("take", region.case, made["path"])
    assert (said.returncode, "diabetes holds the rows of 2218, and these are of 2219" in said.stderr) == (1, True)
    assert "--source" in said.stderr and dict(everything_of(region)) == kept


def test_a_column_that_holds_identity_numbers_does_not_leave(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    region, statistics = two.region, two.statistics
    statistics.take(region.make("persons")["path"])
    before = stores.received_rows

    def with_numbers(*given: object) -> pl.LazyFrame:
        rows = before(*given)  # type: ignore[arg-type]
        is_source = "Besoksdatum" in rows.collect_schema().names()
        return rows.with_columns(Rokning_Beskrivning=pl.col("PERSNR")) if is_source else rows

    monkeypatch.setattr(stores, "received_rows", with_numbers)
    said = statistics.runs("make", statistics.case, "rows", "diabetes", "--for", "region")
    assert said.returncode == 1
    assert f"identity numbers stand in Rokning_Beskrivning ({BOTH} rows)" in said.stderr
    assert not list(statistics.office.desk.home.transit(statistics.case).glob("*.age*"))


def test_a_year_of_an_own_register_is_handed_over(two: Two) -> None:
    """Its rows as text, about the listed persons of the answering case alone."""
    region, office = two.region, two.statistics.office
    other = Authority(office, "10006-2026", "region")
    order = small_order() + SAMPLE_ORDER[SAMPLE_ORDER.index("  own_registers:") :]
    open_decided(other, [str(number) for number in office.world.study()], order=order)
    year = office.world.register("LMED", 2219)
    office.desk.registers.load("LMED", 2219, year)
    region.office.take(region.case, "population", region.office.population(
        [str(number) for number in office.world.study()[:20]], "twenty"), "more persons")  # fmt: skip
    other.name(region.address())
    region.name({**two.statistics.address(), "case": other.case})
    other.take(region.make("persons")["path"])
    for period in ((), ("--period", 2218)):
        said = other.runs("make", other.case, "rows", "lmed", *period, "--for", "region")
        assert (said.returncode, "name one of these years with --period" in said.stderr) == (1, True)
    made = other.make("rows", "lmed", "--period", 2219)
    rows = [json.loads(line) for line in region.unsealed(made["path"]).splitlines()[:-1]]
    variables = ["AR", "ATC", "EDATUM", "ANTAL", "FORPDDD"]
    assert list(rows[0]) == ["~transit", *variables]
    wanted = year.filter(pl.col("number").is_in(office.world.study()[:20].implode()))
    expected = wanted.select(pl.col(variables).cast(pl.String))
    assert sorted(tuple(row[name] for name in variables) for row in rows) == sorted(expected.rows())
    assert made["persons"] == wanted["number"].n_unique() > 1


def test_a_disposal_takes_the_identifiers_and_leaves_the_code_key(answered: Two) -> None:
    """Without any command about hand-overs, after the last day; what else lies with the code key still opens."""
    region = answered.region
    desk = Desk.at(region.home)
    late = Desk(desk.home, desk.settings, Clock(desk.clock.today() + timedelta(days=15)))
    names = {each["what"] for each in rehearse(late, [region.case]) if each["in_days"] == 0}
    assert len(names) == 2, "the store and the sealed list"
    [done] = dispose(late, region.case, OFFICER, second=MANAGER)
    assert done.phase == "disposed" and done.detail is not None and not done.detail["code_key"]
    stored = late.vault.stores(region.case, stores.CODE_KEY)
    assert "received.population" in stored and not [name for name in stored if name.startswith("transit.")]
    case = late.case(region.case)
    assert state_of(case.events) is State.APPROVED
    assert stores.received_rows(late, case, "population").collect().height == LISTED
    assert not list(late.home.transit(region.case).glob("*.age"))
    assert all(has_ended(case, each) for each in hand_overs(case))
    for each in (desk, late):
        each.cases.close()


def test_identifiers_that_come_back_with_a_restored_home_are_destroyed_again(two: Two, tmp_path: Path) -> None:
    region = two.region
    kept = set(region.office.desk.vault.stores(region.case))
    listed = region.make("persons")
    for part in ("vault", "keystore"):
        shutil.copytree(region.home / part, tmp_path / part)
    answer(region.runs("end", region.case, listed["hand_over"], "--reason", "lost", "--json"))
    assert set(Desk.at(region.home).vault.stores(region.case)) == kept
    anchor = region.home / "vault" / region.case / "anchor.json"
    newest = anchor.read_bytes()
    for part in ("vault", "keystore"):
        shutil.rmtree(region.home / part)
        shutil.copytree(tmp_path / part, region.home / part)
    anchor.write_bytes(newest)
    assert set(Desk.at(region.home).vault.stores(region.case)) != kept, "it came back"
    answer(region.runs("show", region.case, "--json"))
    assert set(Desk.at(region.home).vault.stores(region.case)) == kept


def test_words_about_a_case_name_nobody_who_was_listed(two: Two) -> None:
    """Also those whom the other authority listed and who are in no file of this case."""
    region, statistics = two.region, two.statistics
    statistics.take(region.make("persons")["path"])
    only_listed = numbers_of(two)[0]
    spelled = ", ".join(only_listed[2:])
    said = program(
        statistics.home, "case", "withdraw", statistics.case, "diabetes", "--reason", spelled, "--as", OFFICER
    )
    assert (said.returncode, "holds a number of somebody in the case" in said.stderr) == (1, True)


def test_every_test_that_the_page_names_is_there() -> None:
    page = (PROJECT / "docs" / "transit.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:spec|pipeline)/[a-z_]+\.py)::(test_[a-z0-9_]+)`", page)
    assert len(named) > 15
    texts = {file: (PROJECT / "tests" / file).read_text(encoding="utf-8") for file, _ in named}
    assert [test for file, test in named if f"def {test}(" not in texts[file]] == []


def test_an_answer_about_nobody_is_no_file(two: Two) -> None:
    region, statistics = two.region, two.statistics
    office = statistics.office
    office.take(statistics.case, "population", office.population(numbers_of(two)[LISTED:], "others"), "nobody of them")
    statistics.take(region.make("persons")["path"])
    said = statistics.runs("make", statistics.case, "group", "--for", "region")
    assert (said.returncode, "nobody who was listed is in the group" in said.stderr) == (1, True)
    assert not list(office.desk.home.transit(statistics.case).glob("*.age*"))


def test_the_record_in_the_log_comes_before_anything_is_opened(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    region, statistics = two.region, two.statistics
    listed = region.make("persons")

    def stop(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr(taking.TransitFile, "proven", stop)
    monkeypatch.setattr(making, "population_identities", stop)
    assert statistics.runs("take", statistics.case, listed["path"]).returncode == 3
    assert statistics.office.desk.audit.records()[-1].act == "take transit"
    answer(region.runs("end", region.case, listed["hand_over"], "--reason", "again", "--json"))
    assert region.runs("make", region.case, "persons", "--for", "scb").returncode == 3
    assert region.office.desk.audit.records()[-1].act == "make transit"


def test_identifiers_that_the_vault_has_lost_are_told(answered: Two) -> None:
    desk = Desk.at(answered.region.home)
    case = desk.case(answered.region.case)
    [name] = [each for each in desk.vault.stores(case.number) if each.startswith("transit.")]
    desk.vault.destroy_stores(case.number, stores.CODE_KEY, [name])
    desk.cases.close()
    said = answered.region.runs("take", case.number, answered.made["group"])
    assert said.returncode == VaultDamaged.exit_code
    assert "the vault does not hold the identifiers of the hand-over" in said.stderr
