"""One study over two simulated years, held after each step against a plain oracle: ledger, clocks, packages, cells."""

from datetime import date
from typing import Any

import pytest

from assets.steps.case_account import case_account
from assets.steps.delivery.due import due_cases
from assets.steps.delivery.rebuilding import rebuild
from assets.steps.retention.disposing import dispose
from samkorning.case import EventKind, State, acts, state_of
from samkorning.case.clocks import months_after
from samkorning.case.complaints import close_complaint, complain, extend_code_key
from samkorning.delivery import verify_package
from samkorning.errors import KeystoreRefused, NotFound, RuleRefused, VaultDamaged
from samkorning.keystore import RetentionClass
from tests.office import ENGINEER, OFFICER, Office
from tests.two_years import CASE, FURTHER_HOLDER, GROWING, HOLDERS, TwoYears, delivered_rows

pytestmark = pytest.mark.slow
ORDERED = [2219, 2220]
ENGINES = ("polars", "duckdb")


@pytest.fixture
def story(office: Office) -> TwoYears:
    """A case whose population, quality register and own register are in place."""
    office.persons = 60
    story = TwoYears(office, date(2027, 1, 12))
    story.open()
    story.agree()
    for holder in ("Exempelregistret", "SCB", "Region Exempel"):
        office.release_holders(CASE, holder)
    for year in ORDERED:
        story.load(year)
    story.send("population", story.population())
    story.send("diabetes", story.diabetes())
    return story


def stands(story: TwoYears, key: str, **statuses: str) -> None:
    """The ledger's words, by source (the newest year of the own register), and where the code key is."""
    account = case_account(story.desk, story.desk.case(CASE))
    found = {entry.row.unit.source: str(entry.row.status) for entry in account.ledger}
    assert {name: found[name] for name in statuses} == statuses
    assert str(account.code_key.state) == key, account.code_key
    windows = {clock.what.split()[-1]: clock.due for clock in account.clocks if clock.rule == "R15"}
    letters = {event.detail["delivery"]: event.at.date() for event in story.desk.case(CASE).of(EventKind.DELIVERED)}
    ends = {delivery: months_after(day, 3) for delivery, day in letters.items()}
    assert windows == {delivery: end for delivery, end in ends.items() if end >= story.day}
    [due] = due_cases(story.desk)
    assert bool(due.late or due.repeat) == _is_due_by_itself(account, story.day)


def _is_due_by_itself(account: Any, day: date) -> bool:
    following = account.next_delivery
    return following is not None and following.by_itself_from is not None and following.by_itself_from <= day


def delivers(story: TwoYears, number: str, kind: str, *sources: str, years: list[int] = ORDERED) -> dict[str, Any]:
    """A delivery is made: whole, of its kind, with these files, each cell as the oracle has it."""
    made = story.deliver()
    assert (made["delivery"], made["kind"]) == (number, kind)
    assert {file["name"] for file in made["files"]} == {f"data/ut_r_{name}_36759_2021.csv" for name in sources}
    story.check_serials()
    package = story.opened(made)
    assert verify_package(package, story.desk.home.signing_key.read_text().strip()).ok
    for source in sources:
        assert delivered_rows(package, source) == story.expected(source, years), f"{number}: {source}"
    assert story.deliver()["delivery"] is None, "nothing is delivered twice"
    return made


def built_again(story: TwoYears, made: dict[str, Any]) -> None:
    """To the same bytes on the next day, by the engines in turn (tests/pipeline/test_rebuild.py: by both)."""
    story.later(1)
    engine = ENGINES[int(made["delivery"][1:]) % len(ENGINES)]
    again = rebuild(story.desk, CASE, made["delivery"], engine, OFFICER)
    assert again.ok and again.same_program, (engine, again.problems)


def late_files(story: TwoYears, first: str, second: str) -> None:
    """Two late files, and between them somebody's number changes."""
    story.later(20)
    story.send(first, getattr(story, first)(changed=False))
    stands(story, "on_hold", **{first: "late", second: "awaited"})
    built_again(story, delivers(story, "L002", "supplement", first))
    story.later(10)
    story.change_a_number()
    assert story.deliver()["delivery"] is None, "the same rows under the same serial numbers are not delivered again"
    if first == "lisa":  # its mothers may come into the code key: it is not linked before somebody has decided
        stands(story, "on_hold", lisa="changed")
        story.office.decline(CASE, "lisa")
    story.later(10)
    story.send(second, getattr(story, second)(changed=True))
    built_again(story, delivers(story, "L003", "supplement", second))
    stands(story, "complaint_window", **{first: "delivered", second: "delivered"})


def first_delivery(story: TwoYears) -> None:
    stands(story, "before_delivery", diabetes="accepted", lisa="awaited", region_labb="awaited")
    built_again(story, delivers(story, "L001", "first", "diabetes", "lmed"))
    stands(story, "on_hold", diabetes="delivered", lmed="delivered", lisa="awaited")


def test_two_late_files_come_in_the_other_order(story: TwoYears) -> None:
    first_delivery(story)
    late_files(story, "region_labb", "lisa")


def test_a_study_from_its_first_delivery_to_its_disposal(story: TwoYears) -> None:
    first_delivery(story)
    late_files(story, "lisa", "region_labb")
    a_complaint_and_its_replacement(story)
    twelve_repeats(story)
    a_further_holder(story)
    the_end(story)


def a_complaint_and_its_replacement(story: TwoYears) -> None:
    office = story.office
    story.later(5)
    office.act(CASE, OFFICER, lambda case: complain(case, "L001", "a value is wrong", story.day))
    stands(story, "complaint", diabetes="delivered")
    story.send("diabetes", story.diabetes(one_more=7), "the value was mistyped")
    stands(story, "complaint", diabetes="changed")
    assert story.deliver()["delivery"] is None, "a correction waits for a person"
    office.replace(CASE, "diabetes")
    stands(story, "complaint", diabetes="replacement")
    built_again(story, delivers(story, "L004", "replacement", "diabetes"))
    [event] = [each for each in story.desk.case(CASE).of(EventKind.DELIVERED) if each.detail["delivery"] == "L004"]
    [difference] = event.detail["differences"]
    assert (difference["unit"], difference["replaces"]) == ("diabetes", "L001")
    counts = {name: difference["rows"][name] for name in ("same", "altered", "new", "gone", "cells")}
    assert counts == {"same": 19, "altered": 1, "new": 0, "gone": 0, "cells": {"HbA1c": 1}}
    office.act(CASE, OFFICER, lambda case: close_complaint(case, "L001", "replaced by L004"))
    stands(story, "complaint_window", diabetes="delivered")
    account = case_account(story.desk, story.desk.case(CASE))
    [sent] = [entry.deliveries for entry in account.ledger if entry.row.unit.source == "diabetes"]
    assert [(went.delivery, went.state) for went in sent] == [("L001", "replaced"), ("L004", "delivered")]


def twelve_repeats(story: TwoYears) -> None:
    until = date(2028, 6, 30)
    story.office.act(CASE, OFFICER, lambda case: acts.keep_code_key(case, until, story.day, "monthly repeats"))
    stands(story, "kept", lmed="delivered")
    rows = story.years[GROWING].height
    number = 4
    for month in range(12):
        story.go_to(date(2027 + (2 + month) // 12, (2 + month) % 12 + 1, 3))
        story.load(GROWING, rows * (month + 1) // 12)
        stands(story, "on_hold", lmed="replacement" if month else "accepted")
        number += 1
        made = delivers(story, f"L{number:03d}", "repeat", "lmed", years=[GROWING])
        if month % 3 == 0:
            built_again(story, made)
        stands(story, "kept", lmed="delivered")
        story.later(10)
        story.load(GROWING, rows * (month + 1) // 12)
        assert not any(due.repeat for due in due_cases(story.desk)), "the same rows are no news"


def a_further_holder(story: TwoYears) -> None:
    office = story.office
    story.later(20)
    more = story.order(variables=", FORPDDD")
    with pytest.raises(RuleRefused, match=r"R19: .*own_registers.LMED.variables would be another"):
        office.act(CASE, ENGINEER, lambda case: acts.amend(case, more, "order.yaml", story.desk.catalogue))
    stands(story, "kept", lmed="delivered")
    text = story.order(FURTHER_HOLDER)
    office.act(CASE, ENGINEER, lambda case: acts.amend(case, text, "order.yaml", story.desk.catalogue))
    stands(story, "on_hold", spine="awaited")
    with pytest.raises(RuleRefused, match="R09"):
        story.deliver()
    story.agree()
    office.release_holders(CASE, HOLDERS["spine"])
    story.send("spine", story.spine())
    stands(story, "on_hold", spine="late")
    built_again(story, delivers(story, "L017", "supplement", "spine"))
    stands(story, "kept", spine="delivered")


def the_end(story: TwoYears) -> None:
    office, contact = story.office, "Kontakt Exempel"
    longer = date(2028, 12, 31)
    office.act(
        CASE, OFFICER, lambda case: extend_code_key(case, longer, story.day, contact, "Rektor Exempel", "a follow-up")
    )
    stands(story, "kept", spine="delivered")
    material = dispose(story.desk, CASE, OFFICER, second="Mia")
    assert [done.phase for done in material] == ["disposed"], "what was received and sealed three months ago goes"
    stands(story, "kept", spine="delivered")
    story.go_to(date(2029, 1, 1))
    stands(story, "due", spine="delivered")
    dispose(story.desk, CASE, OFFICER, second="Mia")
    assert state_of(story.desk.case(CASE).events) is State.DISPOSED
    stands(story, "disposed")
    for name in ("population", "code_key.person"):
        with pytest.raises((NotFound, KeystoreRefused, VaultDamaged)):
            story.desk.vault.open_store(CASE, RetentionClass.CODE_KEY, name).scan().collect()
    with pytest.raises(RuleRefused, match="R16"):
        story.deliver()
