"""Hand-over between authorities without identity numbers (R24), as tables.

Each name reads as the rule; each docstring is the sentence a lawyer reads. docs/rules.md is generated from it.
"""

import os
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from samkorning.case import Case, EventKind, acts
from samkorning.case.act import Act
from samkorning.case.hand_overs import HandOver, TransitKind, expired, hand_overs, has_ended, is_open
from samkorning.encryption import signing
from samkorning.encryption.age import create_identity
from samkorning.errors import FileRefused, NotFound, PackageRefused, RuleRefused
from samkorning.identity import IdentityRules
from samkorning.identity.free_text import reads_as_number
from samkorning.retention import DisposalClock, transit_clock
from samkorning.transit.documents import (
    SignedManifest,
    SignedReceipt,
    TransitManifest,
    TransitReceipt,
    is_of,
    last_line,
    read_last_line,
    read_receipt,
    receipt_bytes,
)
from samkorning.transit.identifiers import LETTERS, draw_identifiers, draw_name, is_name, malformed
from samkorning.transit.making import (
    end_by_act,
    lasts_until,
    may_hand_over,
    may_leave,
    next_number,
    no_answer_waits,
    nothing_is_open,
    to_answer,
)
from samkorning.transit.peers import Address, confirm_peer, confirmed_peer, name_peer
from samkorning.transit.taking import (
    file_is_new,
    has_its_columns,
    may_be_taken,
    no_other_year_counts,
    population_is_the_listed_one,
    receipt_fits,
    sender_of,
)
from tests.factories import AT, Step, a_case, approved, holder_released, received, reviewed
from tests.spec.test_population_rules import drawn_order

TODAY = AT.date()
LATER = TODAY + timedelta(days=14)
SEEDS = {name: signing.create_signing_seed() for name in ("scb", "another")}
KEY = create_identity().recipient
OURS, THEIRS = "36759-2021", "10002-2026"
ADDRESS = Address(THEIRS, KEY, signing.public_key(SEEDS["scb"]))
NAME, SHA = draw_name(os.urandom), "a" * 64
RULES = IdentityRules(reference_date=date(2221, 12, 31), allow_synthetic=True)
NO_HISTORY = pl.LazyFrame(schema={"number": pl.Int64, "person_number": pl.Int64})


def refused(words: str):  # noqa: ANN201
    """Expects a refusal of a file that says so and that nothing was changed."""
    return pytest.raises(FileRefused, match=f"R24: .*{words}.*nothing was changed")


def then(case: Case, act: Act, person: str) -> Case:
    return a_case(*[(e.kind, e.person, e.detail) for e in case.events[1:]], (act.kind, person, act.detail))


def named(address: Address = ADDRESS, person: str = "Olle", name: str = "scb") -> Step:
    keys = {"age_recipient": address.age_recipient, "signing_key": address.signing_key}
    detail = {"peer": name, "peer_case": address.case, **keys, "fingerprint": address.fingerprint}
    return EventKind.TRANSIT_PEER_NAMED, person, detail


def confirmed(address: Address = ADDRESS, person: str = "Mia", name: str = "scb") -> Step:
    return EventKind.TRANSIT_PEER_CONFIRMED, person, {"peer": name, "fingerprint": address.fingerprint}


def file_detail(**changes: Any) -> Mapping[str, Any]:
    detail = {"hand_over": NAME, "number": "T001", "kind": "persons", "source": "", "period": None, "peer": "scb",
              "until": LATER.isoformat(), "rows": 9, "persons": 9, "sha256": SHA, "path": "outbox/T001",
              "receipt": "outbox/T001.receipt.json", "population_sha256": "p" * 64, "generation": 1}  # fmt: skip
    return {**detail, **changes}


def made(**changes: Any) -> Step:
    return EventKind.TRANSIT_MADE, "Olle", file_detail(**changes)


def taken(**changes: Any) -> Step:
    return EventKind.TRANSIT_TAKEN, "Olle", file_detail(**changes)


def known(*steps: Step) -> Case:
    """A case that is decided and reviewed, has its population and knows the other authority."""
    return a_case(*approved(), reviewed(), received("population"), named(), confirmed(), *steps)


def manifest(**changes: Any) -> TransitManifest:
    said = {"hand_over": NAME, "number": "T001", "kind": "persons", "source": "", "period": None, "from_case": THEIRS,
            "to_case": OURS, "synthetic": True, "made": TODAY.isoformat(), "until": LATER.isoformat(),
            "columns": ("~transit",), "rows": 9, "persons": 9, "sha256": SHA}  # fmt: skip
    return TransitManifest(**{**said, **changes})


def signed(by: str = "scb", **changes: Any) -> SignedManifest:
    return read_last_line(last_line(manifest(**changes), SEEDS[by]), "file")


def receipt(by: str = "scb", **changes: Any) -> SignedReceipt:
    said = {"hand_over": NAME, "number": "T001", "kind": "persons", "from_case": THEIRS, "to_case": OURS,
            "taken": TODAY.isoformat(), "rows": 9, "persons": 9, "sha256": SHA}  # fmt: skip
    return read_receipt(receipt_bytes(TransitReceipt(**{**said, **changes}), SEEDS[by]), "receipt")


def take(case: Case, found: SignedManifest, today: date = TODAY) -> HandOver | None:
    return may_be_taken(case, "file", found.manifest, sender_of(case, "file", found), today)


def test_r24_transit_identifiers_are_letters_drawn_by_chance() -> None:
    """R24: a transit identifier is 24 letters drawn by chance for one hand-over; it reads as no number of anybody."""
    drawn = draw_identifiers(2_000, os.urandom)
    assert (drawn.n_unique(), malformed(drawn)) == (2_000, 0)
    assert set("".join(drawn)) == set(LETTERS) and not set(LETTERS) & set("0123456789AEIOUYL")
    assert not any(reads_as_number(each) for each in drawn)
    assert not set(drawn) & set(draw_identifiers(2_000, os.urandom))
    assert (
        draw_identifiers(2, lambda n: bytes(range(n))).to_list()
        == draw_identifiers(2, lambda n: bytes(range(n))).to_list()
    )
    assert is_name(draw_name(os.urandom)) and not is_name("101010101010")
    assert malformed(pl.Series(["B" * 24, "B" * 23, "b" * 24, "1" * 24, None])) == 4


def test_r24_an_identifier_is_never_drawn_twice() -> None:
    """R24: two persons of a list never get the same transit identifier, also where chance would have it."""
    answers = iter([b"\0" * 24, b"\1" * 12])
    assert draw_identifiers(2, lambda n: next(answers)).to_list() == ["B" * 24, "BC" * 12]


def test_r24_an_address_is_named_by_one_person_and_confirmed_by_another() -> None:
    """R24: another authority's case, age key and signing key are named by one person and confirmed by another."""
    case = a_case(*approved())
    with pytest.raises(NotFound, match="knows no such authority"):
        confirmed_peer(case, "scb")
    case = then(case, name_peer(case, "scb", ADDRESS), "Olle")
    with pytest.raises(RuleRefused, match="R24: the address of scb is not confirmed"):
        confirmed_peer(case, "scb")
    with pytest.raises(RuleRefused, match="who named the address cannot confirm it"):
        confirm_peer(case, "scb", ADDRESS.fingerprint, "Olle")
    for other in (
        Address("10003-2026", KEY, ADDRESS.signing_key),
        Address(THEIRS, create_identity().recipient, ADDRESS.signing_key),
    ):
        with pytest.raises(RuleRefused, match="not the fingerprint"):
            confirm_peer(case, "scb", other.fingerprint, "Mia")
    case = then(case, confirm_peer(case, "scb", ADDRESS.fingerprint.upper(), "Mia"), "Mia")
    assert confirmed_peer(case, "scb").address == ADDRESS
    with pytest.raises(RuleRefused, match="confirmed already"):
        confirm_peer(case, "scb", ADDRESS.fingerprint, "Lisa")
    with pytest.raises(RuleRefused, match="is the other authority's address already"):
        name_peer(case, "scb", ADDRESS)
    with pytest.raises(RuleRefused, match="scb has that signing key"):
        name_peer(case, "socialstyrelsen", Address("10003-2026", KEY, ADDRESS.signing_key))


def test_r24_a_new_address_waits_for_its_own_confirmation() -> None:
    """R24: an address that is named anew is not confirmed by what was confirmed before it."""
    new = Address(THEIRS, create_identity().recipient, ADDRESS.signing_key)
    case = known(named(new))
    with pytest.raises(RuleRefused, match="is not confirmed"):
        confirmed_peer(case, "scb")
    assert confirmed_peer(known(named(new), confirmed(new)), "scb").address == new
    back = known(named(new), named(ADDRESS))
    with pytest.raises(RuleRefused, match="is not confirmed"):
        confirmed_peer(back, "scb")
    own = known(named(new), confirmed(new, person="Olle"))
    with pytest.raises(RuleRefused, match="is not confirmed"):
        confirmed_peer(own, "scb")


@pytest.mark.parametrize(
    "address",
    [Address(THEIRS, "age1short", ADDRESS.signing_key), Address(THEIRS, KEY, "short"), Address(THEIRS, KEY, "")],
)
def test_an_address_has_keys_that_are_keys(address: Address) -> None:
    with pytest.raises(PackageRefused):
        name_peer(a_case(*approved()), "scb", address)


def test_r24_nothing_is_handed_over_in_a_case_that_is_not_approved_and_reviewed() -> None:
    """R24: nothing is handed over or taken before the decision is approved and the program reviewed (R10, R12)."""
    program = reviewed()[2]["program_sha256"]
    for steps, rule in (((), "R09"), (approved()[:2], "R10"), (approved(), "R12")):
        with pytest.raises(RuleRefused, match=f"^{rule}:"):
            may_hand_over(a_case(*steps), program)
    cut: Step = (EventKind.LINK_CUT, "Olle", {"reason": "asked for", "serial_numbers": 1})
    with pytest.raises(RuleRefused, match=r"^R16:"):
        may_hand_over(a_case(*approved(), reviewed(), cut), program)
    may_hand_over(a_case(*approved(), reviewed()), program)
    with pytest.raises(RuleRefused, match=r"^R09:"):
        name_peer(a_case(), "scb", ADDRESS)


def test_r02_nothing_is_handed_over_while_the_case_rests() -> None:
    """R02: while a case rests nothing of it is handed over to another authority."""
    rests: Step = (EventKind.PAUSED, "Olle", {"reason": "the orderer asked for it", "waits_for": "orderer"})
    with pytest.raises(RuleRefused, match=r"^R02: the case rests; take it up with `case resume`"):
        may_leave(known(rests), TODAY)
    may_leave(known(rests, (EventKind.RESUMED, "Olle", {})), TODAY)


def test_r04_a_population_in_a_holders_file_is_handed_over_with_its_release_alone() -> None:
    """R04: where the population is who a holder's file lists, nothing is handed over without that holder's release."""
    order = drawn_order()
    before = (*approved(order), received("diabetes"))
    with pytest.raises(RuleRefused, match=r"^R04: who is in diabetes may not leave: Exempelregistret \(no release"):
        may_leave(a_case(*before, order=order), TODAY)
    with pytest.raises(RuleRefused, match=r"^R04: "):
        may_leave(a_case(*before, holder_released("SCB", order), order=order), TODAY)
    may_leave(a_case(*before, holder_released("Exempelregistret", order), order=order), TODAY)


def test_r04_a_release_that_a_hand_over_has_used_is_not_taken_back() -> None:
    """R04: a holder takes its release back until rows of its file, or who is in it, have been handed over."""
    group, rows = made(kind="group", number="T002"), made(kind="rows", number="T003", source="lisa")
    unused = known(rows, holder_released("SCB"), group, made(kind="rows", number="T004", source="diabetes"))
    assert acts.recall_by_holder(unused, "SCB", "a mistake").detail["holder"] == "SCB"
    with pytest.raises(RuleRefused, match=r"^R04: the release was used by T003"):
        acts.recall_by_holder(known(holder_released("SCB"), group, rows), "SCB", "too late")
    order = drawn_order()
    listing = a_case(*approved(order), holder_released("Exempelregistret", order), group, order=order)
    with pytest.raises(RuleRefused, match=r"^R04: the release was used by T002"):
        acts.recall_by_holder(listing, "Exempelregistret", "too late")


def test_r24_a_hand_over_is_short_lived() -> None:
    """R24: a hand-over lasts two weeks, or to a day that a person chooses within 90 days."""
    assert lasts_until(None, TODAY) == TODAY + timedelta(days=14)
    for days in (0, 90):
        assert lasts_until(TODAY + timedelta(days=days), TODAY) == TODAY + timedelta(days=days)
    for days in (-1, 91):
        with pytest.raises(RuleRefused, match=f"^R24: .*choose a day from {TODAY} to {TODAY + timedelta(days=90)}"):
            lasts_until(TODAY + timedelta(days=days), TODAY)


def test_r24_a_hand_over_is_open_until_it_ends() -> None:
    """R24: a hand-over is open to its last day, unless an act, a disposal or a link that is cut ends it before."""
    case = known(made())
    [found] = hand_overs(case)
    assert [is_open(case, found, day) for day in (TODAY, LATER, LATER + timedelta(days=1))] == [True, True, False]
    assert [len(expired(case, day)) for day in (LATER, LATER + timedelta(days=1))] == [0, 1]
    store = {"store": f"transit.{NAME}"}
    disposed = {"disposal": "D001", "code_key": False, "stores": [store], "files": [], "held": []}
    for end in (
        (EventKind.TRANSIT_ENDED, "Olle", {"hand_over": NAME, "reason": "done"}),
        (EventKind.DISPOSED, "Mia", disposed),
        (EventKind.DISPOSED, "Mia", {**disposed, "code_key": True, "stores": []}),
        (EventKind.LINK_CUT, "Olle", {"reason": "asked for", "serial_numbers": 1}),
    ):
        ended = known(made(), end)
        assert has_ended(ended, found) and not is_open(ended, found, TODAY) and not expired(ended, date.max), end
        with pytest.raises(NotFound, match="no such hand-over; open are: none"):
            end_by_act(ended, NAME, "again")
    other = (EventKind.TRANSIT_ENDED, "Olle", {"hand_over": draw_name(os.urandom), "reason": "done"})
    assert is_open(known(made(), other), found, TODAY)
    assert end_by_act(case, NAME, "given up").detail == {"hand_over": NAME, "reason": "given up"}


def test_r24_one_list_at_a_time_and_one_answer_until_its_receipt() -> None:
    """R24: one list is open to an authority, and an answer waits for its receipt; a lost file is sent again."""
    nothing_is_open(known(), "scb", TODAY)
    with pytest.raises(RuleRefused, match=f"^R24: the hand-over {NAME} to scb is open until {LATER}; send outbox/T001"):
        nothing_is_open(known(made()), "scb", TODAY)
    nothing_is_open(known(made()), "scb", LATER + timedelta(days=1))
    nothing_is_open(known(made()), "socialstyrelsen", TODAY)
    nothing_is_open(known(taken()), "scb", TODAY)
    case = known(taken(), made(kind="rows", number="T002", source="lisa"))
    asked = to_answer(case, "scb", TODAY)
    with pytest.raises(RuleRefused, match=r"^R24: T002 holds this answer and its receipt has not come"):
        no_answer_waits(case, asked, TransitKind.ROWS, "lisa", None)
    no_answer_waits(case, asked, TransitKind.ROWS, "lisa", 2020)
    no_answer_waits(case, asked, TransitKind.GROUP, "", None)
    came: Step = (EventKind.TRANSIT_RECEIPT_TAKEN, "Olle", {"file": case.events[-1].number})
    proven = known(taken(), made(kind="rows", number="T002", source="lisa"), came)
    no_answer_waits(proven, asked, TransitKind.ROWS, "lisa", None)
    assert [next_number(each) for each in (known(), known(made()), proven)] == ["T001", "T002", "T002"]


def test_r24_an_answer_needs_a_list_that_is_open() -> None:
    """R24: an answer is made only to a list of that authority that this case has taken and that is open."""
    for case, day in (
        (known(), TODAY), (known(made()), TODAY), (known(taken(peer="region")), TODAY), (known(taken()), date.max),
    ):  # fmt: skip
        with pytest.raises(RuleRefused, match=r"^R24: no list of persons from scb is open"):
            to_answer(case, "scb", day)
    newer = draw_name(os.urandom)
    assert to_answer(known(taken(), taken(hand_over=newer)), "scb", LATER).name == newer


def test_r24_a_file_is_taken_from_a_confirmed_authority_alone() -> None:
    """R24: a transit file or receipt counts only with the signature of an authority that the case has confirmed."""
    assert sender_of(known(), "file", signed()).name == "scb"
    assert sender_of(known(), "file", receipt()).name == "scb"
    for document in (signed("another"), receipt("another")):
        with refused("no authority that this case has confirmed has signed it as it is"):
            sender_of(known(), "file", document)
    unconfirmed = a_case(*approved(), reviewed(), named())
    with refused("no authority that this case has confirmed"):
        sender_of(unconfirmed, "file", signed())
    changed = signed().model_copy(update={"manifest": manifest(persons=8)})
    with refused("no authority that this case has confirmed"):
        sender_of(known(), "file", changed)


def test_r24_a_file_is_for_one_case_of_each_side() -> None:
    """R24: a transit file or receipt is taken into the case it was made for, from the case that was confirmed."""
    for document in (signed(to_case="36760-2021"), receipt(to_case="36760-2021")):
        with refused("it was made for another case"):
            sender_of(known(), "file", document)
    for document in (signed(from_case="10003-2026"), receipt(from_case="10003-2026")):
        with refused("it is from another case of scb"):
            sender_of(known(), "file", document)


def test_r24_a_file_is_taken_once() -> None:
    """R24: a transit file is taken once; its receipt is what is sent again."""
    case = known(taken())
    with refused("it was taken on 2026-11-02; its receipt lies at outbox/T001.receipt.json: send that again"):
        file_is_new(case, "file", SHA)
    file_is_new(case, "file", "b" * 64)
    with refused("it was taken on 2026-11-02"):
        take(case, signed(sha256="b" * 64))
    with refused("knows another list of that hand-over"):
        take(case, signed(number="T002"))
    with refused("knows another list of that hand-over"):
        take(known(made()), signed(number="T002"))


def test_r24_a_file_is_taken_until_its_last_day() -> None:
    """R24: a transit file is taken until its last day."""
    assert take(known(), signed(), LATER) is None
    with refused(f"it could be taken until {LATER}; ask scb for a new hand-over"):
        take(known(), signed(), LATER + timedelta(days=1))


def test_r24_made_up_and_real_persons_never_meet() -> None:
    """R24: a hand-over of made-up persons is never taken into a case of real ones, nor the other way."""
    with refused("made-up and real persons do not meet"):
        take(known(), signed(synthetic=False))


def test_r24_an_answer_is_taken_for_an_open_list_of_this_case() -> None:
    """R24: an answer is taken only for a list that this case made for that authority and that is open."""
    answer = signed(kind="group")
    found = take(known(made()), answer)
    assert found is not None and found.name == NAME
    ended: Step = (EventKind.TRANSIT_ENDED, "Olle", {"hand_over": NAME, "reason": "done"})
    short = made(until=(TODAY - timedelta(days=1)).isoformat())
    for steps in ((), (made(hand_over=draw_name(os.urandom)),), (made(peer="another"),), (taken(number="T009"),),
                  (made(), ended), (short,)):  # fmt: skip
        with refused("it answers no list of this case to scb that is open"):
            take(known(*steps), answer)


def test_a_file_has_the_columns_of_its_kind() -> None:
    for kind, columns in (
        ("persons", ("~transit", "number", "issuer")),
        ("group", ("~transit",)),
        ("rows", ("~transit", "a")),
    ):
        has_its_columns("file", manifest(kind=kind, columns=columns), named=kind == "rows")
        for other in ((), ("number",), ("a", *columns)):
            with refused(f"it has other columns than {kind} have"):
                has_its_columns("file", manifest(kind=kind, columns=other), named=False)
    with refused("it holds group, no rows; leave --source out"):
        has_its_columns("file", manifest(kind="group"), named=True)


def test_r24_a_group_takes_the_place_of_the_population_that_was_listed() -> None:
    """R24: a group is taken as the study population while the one that was listed stands, or an earlier group of it."""
    listed = received("population", "p" * 64)
    [found] = hand_overs(known(made()))

    def check(*steps: Step) -> None:
        population_is_the_listed_one(a_case(*approved(), reviewed(), *steps), "file", found, "c" * 64)

    check(listed, made())
    check(listed, made(), received("population", "c" * 64))
    check(listed, made(), received("population", "g" * 64), taken(kind="group", number="T003", sha256="g" * 64))
    for newer in ("n" * 64, "g" * 64):
        with refused("another study population has come since the list was made"):
            check(listed, made(), received("population", newer))


def test_r24_rows_of_one_year_never_take_the_place_of_another_years() -> None:
    """R24: rows of another year are refused for a source that holds rows of one; each year has its own."""
    first = (received("lmed", "f" * 64), taken(kind="rows", number="T002", source="lmed", period=2018, sha256="f" * 64))

    def check(*steps: Step, year: int | None = 2019, source: str = "lmed") -> None:
        rows = manifest(kind="rows", number="T003", source="drugs", period=year, columns=("~transit", "ATC"))
        no_other_year_counts(known(made(), *steps), "file", rows, source)

    for year, said in ((2019, "2019"), (None, "no year")):
        with refused(f"lmed holds the rows of 2018, and these are of {said}: .* name another source .* with --source"):
            check(*first, year=year)
    check(*first, year=2018)
    check(*first, source="lmed_2019")
    check()
    check(*first, received("lmed", "n" * 64))


def test_r24_a_receipt_proves_that_both_sides_count_the_same() -> None:
    """R24: a receipt is taken once, for a file that was made, when both sides count the same persons and rows."""
    case = known(made())
    peer = confirmed_peer(case, "scb")
    assert receipt_fits(case, "receipt", receipt().receipt, peer).detail["number"] == "T001"
    for name, other in (("persons", 8), ("rows", 10), ("sha256", "b" * 64), ("kind", "group")):
        with refused(rf"it tells otherwise than T001 was made \({name}\)"):
            receipt_fits(case, "receipt", receipt(**{name: other}).receipt, peer)
    for name, other in (("number", "T002"), ("hand_over", draw_name(os.urandom))):
        with refused("this case has made no such file for scb"):
            receipt_fits(case, "receipt", receipt(**{name: other}).receipt, peer)
    with refused("this case has made no such file for scb"):
        receipt_fits(known(made(peer="another")), "receipt", receipt().receipt, peer)
    came: Step = (EventKind.TRANSIT_RECEIPT_TAKEN, "Olle", {"file": case.events[-1].number})
    with refused("this receipt was taken before"):
        receipt_fits(known(made(), came), "receipt", receipt().receipt, peer)


def test_r24_transit_identifiers_are_destroyed_after_their_last_day() -> None:
    """R24: transit identifiers go the day after their last one, or with the code key where that goes before."""
    never, soon = DisposalClock(None, "kept"), DisposalClock(TODAY, "three months after the letter")
    assert transit_clock(LATER, never, TODAY).first_day == LATER + timedelta(days=1)
    assert transit_clock(LATER, soon, TODAY) == DisposalClock(
        TODAY, "with the code key (three months after the letter)"
    )
    late = DisposalClock(LATER + timedelta(days=30), "kept")
    assert transit_clock(LATER, late, TODAY).first_day == LATER + timedelta(days=1)
    assert transit_clock(None, never, TODAY).has_passed(TODAY)


LINE = last_line(manifest(), SEEDS["scb"])


@pytest.mark.parametrize(
    "line", [b"", b"{}\n", b"not json\n", b'{"manifest": 1}\n', LINE[:-1], LINE.replace(b": ", b":", 1)]
)
def test_a_last_line_in_another_form_is_refused(line: bytes) -> None:
    with pytest.raises(PackageRefused, match="file: does not end as a transit file"):
        read_last_line(line, "file")


def test_every_byte_of_a_signed_document_counts() -> None:
    line = last_line(manifest(), SEEDS["scb"])
    place = line.index(b'"persons": 9')
    changed = read_last_line(line[:place] + b'"persons": 8' + line[place + 12 :], "file")
    assert is_of(signed(), ADDRESS) and not is_of(changed, ADDRESS)
    assert not is_of(signed().model_copy(update={"signature": "none"}), ADDRESS)
