"""When something of a case goes (R14 to R17), as tables; and the receipts that prove it."""

import json
from datetime import UTC, date, datetime

import pytest

from samkorning.case import Case, Event, EventKind, State, rules, state_of
from samkorning.case.clocks import clocks
from samkorning.case.complaints import close_complaint, complain, extend_code_key, open_complaints
from samkorning.case.endings import Outcome, end
from samkorning.case.events import NO_LIMIT
from samkorning.case.ledger import LedgerRow, Unit, UnitStatus, ledger
from samkorning.case.states import state_after
from samkorning.encryption.signing import create_signing_seed, public_key
from samkorning.errors import NotFound, PackageRefused, RuleRefused
from samkorning.retention import (
    CompletionReceipt,
    DisposalClock,
    DisposalReceipt,
    DisposedFile,
    DisposedGeneration,
    DisposedStore,
    code_key_clock,
    delivery_clock,
    read_receipt,
    receipt_bytes,
    refused_file_clock,
    temporary_file_clock,
    unit_clock,
)
from samkorning.retention.standing import KeyState, code_key_standing
from tests.factories import AT, Step, a_case, a_unit, approved, delivered, on, received, then

STAYS = DisposalClock(None, "files are awaited", "R14")
FIRST_LETTER, SECOND_LETTER = date(2026, 1, 10), date(2026, 5, 20)
LISA, LMED = Unit("lisa"), Unit("lmed", 2219)


def dated(case: Case, **days: date) -> Case:
    """The case with the letters of its deliveries sent on these days."""
    events = tuple(
        Event(e.number, e.kind, datetime(day.year, day.month, day.day, 9, tzinfo=UTC), e.person, e.detail)
        if e.kind is EventKind.DELIVERED and (day := days.get(e.detail["delivery"]))
        else e
        for e in case.events
    )
    return Case(case.number, events)


def twice_delivered(*steps: Step) -> Case:
    """L001 on 10 January with lisa and lmed, L002 on 20 May with lisa again."""
    first = delivered("L001", a_unit("lisa"), a_unit("lmed", 2219))
    second = delivered("L002", a_unit("lisa", input_sha256="j"))
    case = a_case(*approved(), received("lisa"), first, second, *steps)
    return dated(case, L001=FIRST_LETTER, L002=SECOND_LETTER)


def rows(**statuses: UnitStatus) -> list[LedgerRow]:
    units = {"lisa": LISA, "lmed": LMED, "region": Unit("region")}
    return [LedgerRow(units[name], "holder", status, None, ()) for name, status in statuses.items()]


def complaint(delivery: str) -> Step:
    return EventKind.COMPLAINT_OPENED, "Olle", {"delivery": delivery, "reason": "rows are missing"}


def closed(delivery: str) -> Step:
    return EventKind.COMPLAINT_CLOSED, "Olle", {"delivery": delivery, "outcome": "a replacement was delivered"}


def kept(until: str) -> Step:
    return EventKind.CODE_KEY_KEPT, "Olle", {"until": until, "reason": "repeat deliveries"}


IN_PLACE = rows(lisa=UnitStatus.DELIVERED, lmed=UnitStatus.DELIVERED)


@pytest.mark.parametrize(
    ("steps", "ledger_rows", "first_day", "rule"),
    [
        pytest.param((), IN_PLACE, date(2026, 8, 21), "R16", id="three months after the last letter"),
        pytest.param((), rows(region=UnitStatus.AWAITED), None, "R14", id="a file is awaited"),
        pytest.param((), rows(region=UnitStatus.REFUSED), None, "R14", id="a refused file comes again"),
        pytest.param((), rows(region=UnitStatus.AWAITS_RELEASE), None, "R14", id="a holder has still to decide"),
        pytest.param((), rows(lisa=UnitStatus.REPLACEMENT), None, "R14", id="a delivery is due"),
        pytest.param((), rows(lisa=UnitStatus.CHANGED), None, "R14", id="a change waits for a person"),
        pytest.param((), rows(region=UnitStatus.WITHDRAWN), date(2026, 8, 21), "R16", id="nobody waits for it (R30)"),
        pytest.param((), rows(lisa=UnitStatus.DISPOSED), date(2026, 8, 21), "R16", id="its material went before"),
        pytest.param((kept("2027-01-31"),), IN_PLACE, date(2027, 2, 1), "R17", id="a decision keeps it"),
        pytest.param((kept("2026-06-01"),), IN_PLACE, date(2026, 8, 21), "R16", id="kept for a shorter time"),
        pytest.param((complaint("L001"),), IN_PLACE, None, "R16", id="a complaint is open"),
        pytest.param((complaint("L001"), closed("L001")), IN_PLACE, date(2026, 8, 21), "R16", id="it is closed"),
    ],
)
def test_r16_code_key_and_population_go_three_months_after_the_last_letter_unless_kept(
    steps: tuple[Step, ...], ledger_rows: list[LedgerRow], first_day: date | None, rule: str
) -> None:
    """R16: code key and population go three months after the last letter, unless files are awaited (R14), a decision
    keeps the code key (R17) or a complaint is open.
    """
    clock = code_key_clock(twice_delivered(*steps), ledger_rows)
    assert (clock.first_day, clock.rule) == (first_day, rule)


def test_r14_while_files_are_awaited_the_code_key_is_kept_without_a_decision() -> None:
    """R14: while files of others are awaited after a first delivery the code key is kept, without a decision."""
    years_later = date(2036, 1, 1)
    waiting = code_key_clock(twice_delivered(), rows(region=UnitStatus.AWAITED))
    assert (waiting.has_passed(years_later), waiting.rule) == (False, "R14")
    withdrawn = code_key_clock(twice_delivered(), rows(region=UnitStatus.WITHDRAWN))
    assert withdrawn.has_passed(years_later), "the waiting can end (R30)"


@pytest.mark.parametrize(
    ("unit", "steps", "ledger_rows", "first_day"),
    [
        pytest.param(LMED, (), IN_PLACE, date(2026, 4, 11), id="three months after its letter"),
        pytest.param(LISA, (), IN_PLACE, date(2026, 8, 21), id="the last letter that it was in"),
        pytest.param(LMED, (kept("2030-01-01"),), IN_PLACE, date(2026, 4, 11), id="though the code key stays"),
        pytest.param(LMED, (complaint("L001"),), IN_PLACE, None, id="a complaint on its delivery"),
        pytest.param(LMED, (complaint("L002"),), IN_PLACE, date(2026, 4, 11), id="a complaint on another"),
        pytest.param(LISA, (), rows(lisa=UnitStatus.REPLACEMENT), None, id="it is to be delivered again"),
        pytest.param(LISA, (), rows(lisa=UnitStatus.CHANGED), None, id="its change waits for a person"),
        pytest.param(Unit("region"), (), IN_PLACE, date(2026, 8, 21), id="in no delivery: with the code key"),
    ],
)
def test_r16_material_goes_three_months_after_the_letter_of_its_delivery(
    unit: Unit, steps: tuple[Step, ...], ledger_rows: list[LedgerRow], first_day: date | None
) -> None:
    """R16: material goes three months after the letter of the last delivery it was in, longer only for an open
    complaint on it, though the code key stays.
    """
    case = twice_delivered(*steps)
    assert unit_clock(case, unit, ledger_rows, code_key_clock(case, ledger_rows)).first_day == first_day


def test_r16_a_sealed_delivery_goes_with_the_time_to_complain_about_it() -> None:
    """R16: a sealed delivery goes three months after its letter."""
    assert delivery_clock(twice_delivered(), "L001", STAYS).first_day == date(2026, 4, 11)
    assert delivery_clock(twice_delivered(complaint("L001")), "L001", STAYS).first_day is None


def test_r16_a_sealed_file_that_was_never_delivered_goes_where_no_delivery_will_replace_it() -> None:
    """R16: a sealed file that is in no ledger waits for the delivery that replaces it; it goes with the code key, and
    at once where the case has ended or is disposed of.
    """
    assert delivery_clock(twice_delivered(), "L003", STAYS).first_day is None
    goes = DisposalClock(date(2026, 8, 21), "three months after the letter of L002, the last one")
    assert delivery_clock(twice_delivered(), "L003", goes).first_day == date(2026, 8, 21)
    assert delivery_clock(twice_delivered(disposed("received.lisa")), "L003", STAYS).first_day is None
    case = a_case(*approved(), received("lisa"))
    ended = then(case, on(0, end(case, Outcome.CLOSED, "the orderer takes it back", AT.date())))
    for over in (ended, twice_delivered(disposed("code_key.person", code_key=True))):
        assert delivery_clock(over, "L003", STAYS).has_passed(AT.date())


def test_r16_what_a_case_had_that_ended_goes_three_months_after_its_end() -> None:
    """R16: what a case had that was dismissed, rejected or closed goes three months after its end."""
    case = a_case(*approved(), received("population"), received("lisa"))
    case = then(case, on(30, end(case, Outcome.CLOSED, "the orderer takes it back", AT.date())))
    rows = ledger(case, {}, AT.date())
    code_key = code_key_clock(case, rows)
    assert code_key.first_day == date(2027, 3, 3)
    assert unit_clock(case, LISA, rows, code_key).first_day == date(2027, 3, 3)
    assert code_key_standing(case, rows, AT.date()).state is KeyState.ENDED
    assert code_key_standing(case, rows, date(2027, 3, 3)).state is KeyState.DUE


def test_r16_nothing_goes_before_its_first_day() -> None:
    """R16: nothing goes before its first day."""
    clock = delivery_clock(twice_delivered(), "L001", STAYS)
    assert not clock.has_passed(date(2026, 4, 10))
    assert clock.has_passed(date(2026, 4, 11))
    assert refused_file_clock(date(2026, 3, 1)).first_day == date(2026, 3, 31)
    assert temporary_file_clock(date(2026, 3, 1)).first_day == date(2026, 3, 2)


def test_r16_nothing_is_disposed_of_before_a_delivery() -> None:
    """R16: the code key of a case that has not delivered stays."""
    assert code_key_clock(a_case(*approved()), []).first_day is None


def test_r16_two_different_persons_dispose() -> None:
    """R16: one person orders a disposal and another confirms it."""
    rules.two_persons_dispose("Olle", "Mia")
    with pytest.raises(RuleRefused, match="R16"):
        rules.two_persons_dispose("Olle", "Olle")


def test_r15_a_complaint_comes_within_three_months_of_its_letter() -> None:
    """R15: a complaint names its delivery and comes within three months of its letter."""
    case = twice_delivered()
    assert complain(case, "L001", "rows are missing", date(2026, 4, 10)).detail["delivery"] == "L001"
    with pytest.raises(RuleRefused, match="R15"):
        complain(case, "L001", "rows are missing", date(2026, 4, 11))
    with pytest.raises(NotFound, match="L001, L002"):
        complain(case, "L009", "rows are missing", date(2026, 4, 10))


def test_r27_a_complaint_is_followed_up_until_it_is_closed() -> None:
    """R27: a complaint is recorded and followed up until it is closed."""
    case = twice_delivered(complaint("L002"))
    assert open_complaints(case) == ["L002"]
    with pytest.raises(RuleRefused, match="R27"):
        complain(case, "L002", "again", date(2026, 6, 1))
    with pytest.raises(RuleRefused, match="R27"):
        close_complaint(case, "L001", "nothing was open")
    assert open_complaints(twice_delivered(complaint("L002"), closed("L002"))) == []


def test_r17_an_extension_names_contact_and_authorised_representative() -> None:
    """R17: an extension names the case number, the orderer's contact and the authorised representative."""
    case, today = twice_delivered(kept("2026-12-31")), date(2026, 6, 1)
    until, why = date(2027, 12, 31), "the study goes on"
    contact, representative = "Kontakt Exempel", "Rektor Exempel"
    act = extend_code_key(case, until, today, contact, representative, why)
    assert (act.detail["case"], act.detail["extends"], act.detail["until"]) == (case.number, "2026-12-31", "2027-12-31")
    for refused in (
        (case, date(2026, 12, 31), today, contact, representative, why),
        (case, until, today, "Somebody", representative, why),
        (case, until, today, contact, "Somebody", why),
        (twice_delivered(), until, today, contact, representative, why),
    ):
        with pytest.raises(RuleRefused, match="R17"):
            extend_code_key(*refused)


def disposed(*stores: str, code_key: bool = False) -> Step:
    detail = {"disposal": "D001", "code_key": code_key, "stores": [{"store": name} for name in stores], "held": []}
    return EventKind.DISPOSED, "Mia", detail


def test_r16_a_case_without_its_code_key_is_closed_to_files_and_deliveries() -> None:
    """R16: a case whose code key is disposed of takes no files and makes no deliveries."""
    after = twice_delivered(disposed("code_key.person", code_key=True))
    assert state_of(after.events) is State.DISPOSED
    with pytest.raises(RuleRefused, match="R16"):
        rules.decision_is_approved(after)
    with pytest.raises(RuleRefused, match="R16"):
        state_after(State.DISPOSED, EventKind.FILE_RECEIVED)
    assert state_of(twice_delivered(disposed("received.lisa")).events) is State.DELIVERED


def test_r16_what_is_disposed_of_is_neither_awaited_nor_due_until_a_new_file_comes() -> None:
    """R16: what is disposed of is neither awaited nor due until a new file comes."""

    def status(*steps: Step) -> UnitStatus:
        return next(row.status for row in ledger(twice_delivered(*steps), {}, date(2026, 9, 1)) if row.unit == LISA)

    assert status() is UnitStatus.CHANGED
    assert status(disposed("received.lisa")) is UnitStatus.DISPOSED
    assert status(disposed("received.lisa"), received("lisa", "b" * 64)) is UnitStatus.CHANGED


def a_receipt() -> DisposalReceipt:
    generation = DisposedGeneration(number=1, rows=3, sha256="a" * 64)
    return DisposalReceipt(
        case="36759-2021",
        disposal="D001",
        date="2026-08-21",
        ordered_by="Olle",
        confirmed_by="Mia",
        classes_destroyed=("code_key",),
        stores=(DisposedStore(retention_class="code_key", store="population", why="R16", generations=(generation,)),),
        files=(DisposedFile(path="outbox/x.tar.age", why="R16", sha256="b" * 64, bytes=12),),
        opening_tried=1,
        keystore_backups_until="2026-11-19",
    )


def test_a_receipt_holds_only_as_it_was_signed() -> None:
    seed = create_signing_seed()
    public, completed = (
        public_key(seed),
        CompletionReceipt(
            case="36759-2021",
            disposal="D001",
            date="2026-11-20",
            first_receipt_sha256="c" * 64,
            keystore_backups_expired="2026-11-19",
        ),
    )
    for receipt in (a_receipt(), completed):
        content = receipt_bytes(receipt, seed)
        assert read_receipt(content, "D001.json", public) == receipt
        for place in range(0, len(content), 7):
            changed = bytearray(content)
            changed[place] ^= 1
            with pytest.raises(PackageRefused, match="D001"):
                read_receipt(bytes(changed), "D001.json", public)
        for otherwise in (content + b" ", content.replace(b"\n ", b"\n\t")):
            with pytest.raises(PackageRefused):
                read_receipt(otherwise, "D001.json", public)
        with pytest.raises(PackageRefused):
            read_receipt(content, "D001.json", public_key(create_signing_seed()))


def test_a_receipt_cannot_say_that_opening_did_not_fail() -> None:
    seed = create_signing_seed()
    fields = json.loads(receipt_bytes(a_receipt(), seed))
    fields["receipt"]["opening_failed"] = False
    with pytest.raises(PackageRefused):
        read_receipt(json.dumps(fields).encode(), "D001.json", public_key(seed))


def test_r17_a_decision_can_keep_the_code_key_without_a_limit() -> None:
    """R17: a key-keeping decision can be without a limit, as regions do; the code key is then not disposed of."""
    case = twice_delivered(kept(NO_LIMIT.isoformat()))
    clock = code_key_clock(case, IN_PLACE)
    assert (clock.first_day, clock.rule) == (None, "R17")
    assert not [running for running in clocks(case, IN_PLACE, date(2026, 6, 1)) if running.rule == "R17"]
