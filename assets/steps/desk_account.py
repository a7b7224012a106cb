"""How the register desk stands: all cases together, what is due and from whom, what waits for a person, and health.

What belongs here: reckoning it from the standings of cases, the register store and the inbox. What must not: how it is
shown (assets.shown.desk), or reading a case that rests.
"""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from assets.steps.intake.register_years import waiting_years
from assets.steps.standings import standings
from resources.desk import Desk
from resources.inbox import lying_files
from samkorning.case.blocking import remedy_of
from samkorning.case.standings import Standing

WEEK = timedelta(days=7)
NOBODY = "nobody"


@dataclass(frozen=True, order=True)
class DueThing:
    """Something with a day: the day, the case, what it is, and whose it is."""

    day: str
    case: str
    what: str
    whose: str


@dataclass(frozen=True)
class LeadTimes:
    """Days from opening to first delivery, of cases with and without other holders' files (R26)."""

    what: str
    delivered: int
    median_days: float | None
    waiting: int
    median_days_waiting: float | None


@dataclass(frozen=True)
class DeskAccount:
    """How the desk stands today. ``not_read`` are cases that could not be read, ``not_yet`` those not looked at yet."""

    today: date
    states: dict[str, int]
    due: list[DueThing]
    waits_for: dict[str, int]
    waiting: list[DueThing]
    stopped: list[tuple[str, str, str]]
    held: int
    in_inbox: int
    registers: list[tuple[str, str, str]]
    lead_times: list[LeadTimes]
    not_read: list[str]
    free_bytes: int


def desk_account(desk: Desk, most: int | None = None) -> DeskAccount:
    """How the desk stands.

    :param most: how many cases that have changed are looked at anew; the others are told as they stood.
    """
    today, found = desk.clock.today(), standings(desk, most)
    said = {each.case_number: each.said for each in found}
    return DeskAccount(
        today=today,
        states=dict(Counter(each["state"] for each in said.values())),
        due=sorted(thing for each in found for thing in _due_of(each, str(today + WEEK))),
        waits_for=dict(Counter(each["next_act"]["whose"] for each in said.values()).most_common()),
        waiting=sorted(_waiting(found)),
        stopped=[
            (number, each["stopped_by"], remedy_of(each["stopped_by"]))
            for number, each in said.items()
            if each["stopped_by"]
        ],
        held=sum(each["held"] for each in said.values()),
        in_inbox=sum(1 for _ in lying_files(desk.home)),
        registers=list(_registers(desk)),
        lead_times=[_lead_times(list(said.values()), today, others=others) for others in (True, False)],
        not_read=sorted(set(desk.cases.counts()) - set(said)),
        free_bytes=shutil.disk_usage(desk.home.root).free,
    )


def _due_of(standing: Standing, until: str) -> Iterator[DueThing]:
    """The clocks of a case and the files awaited for it that are due by a day, or were."""
    number, said = standing.case_number, standing.said
    for clock in said["clocks"]:
        if clock["due"] <= until and not clock["what"].endswith(" is announced"):
            yield DueThing(clock["due"], number, f"{clock['what']} ({clock['rule']})", said["next_act"]["whose"])
    for file in said["awaited"]:
        if file["expected"] and file["expected"] <= until:
            yield DueThing(file["expected"], number, f"file of {file['source']}", file["holder"])


def _waiting(found: Sequence[Standing]) -> Iterator[DueThing]:
    """The next act of every case that waits for one, those with a day first."""
    for each in found:
        act = each.said["next_act"]
        if act["whose"] != NOBODY:
            yield DueThing(act["due"] or "no day", each.case_number, act["what"], act["whose"])


def _registers(desk: Desk) -> Iterator[tuple[str, str, str]]:
    """Every register that has years: which, and what waits for a person."""
    waiting = waiting_years(desk)
    for name in desk.catalogue.names:
        years = desk.registers.years(name)
        held = [f"{year}: {why}" for (register, year), why in waiting.items() if register == name]
        if years or held:
            yield name, spans(years), "; ".join(held)


def spans(years: Sequence[int]) -> str:
    """Years as people write them: ``2001-2004, 2006``."""
    found: list[list[int]] = []
    for year in sorted(years):
        if found and found[-1][-1] == year - 1:
            found[-1].append(year)
        else:
            found.append([year])
    return ", ".join(str(each[0]) if len(each) == 1 else f"{each[0]}-{each[-1]}" for each in found)


def _lead_times(said: Sequence[Any], today: date, *, others: bool) -> LeadTimes:
    mine = [each for each in said if each["with_other_holders"] == others]
    done = [_days(each["opened"], each["first_delivery"]) for each in mine if each["first_delivery"]]
    open_ones = [
        _days(each["opened"], str(today)) for each in mine if not each["first_delivery"] and each["state"] not in OVER
    ]
    name = "with other holders' files" if others else "without other holders' files"
    return LeadTimes(
        name,
        len(done),
        median(done) if done else None,
        len(open_ones),
        median(open_ones) if open_ones else None,
    )


OVER = ("disposed", "ended")
"""The states of cases in which nobody waits for a first delivery."""


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days
