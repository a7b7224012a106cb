"""Controls as the rules say them, in plain Python over rows: every person is tried for every case.

It knows nothing of frames, strata, batches or intervals that were put in order.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from samkorning.encryption.primitives import derive
from samkorning.order.controls import Controls
from samkorning.own_registers.controls import PopulationRegister

Day = datetime.date
ONE = datetime.timedelta(days=1)
Entry = tuple[int, Day]

PERSONS = {"person": pl.Int64, "birth_date": pl.Date, "sex": pl.Int8}
RESIDENCE = {"person": pl.Int64, "first_day": pl.Date, "last_day": pl.Date, "area": pl.String}
DEATHS = {"person": pl.Int64, "death_date": pl.Date}
CASES = {"case": pl.Int64, "index_date": pl.Date}


@dataclass
class Rows:
    """A population register as rows, with the types of its columns, cases, and persons who are left out."""

    persons: list[tuple[object, ...]] = field(default_factory=list)
    residence: list[tuple[object, ...]] = field(default_factory=list)
    deaths: list[tuple[object, ...]] = field(default_factory=list)
    cases: list[tuple[int | None, Day | None]] = field(default_factory=list)
    excluded: list[int] = field(default_factory=list)
    fixed: dict[str, object] = field(default_factory=lambda: dict(PERSONS))
    varying: dict[str, object] = field(default_factory=lambda: dict(RESIDENCE))

    def register(self) -> PopulationRegister:
        return PopulationRegister(
            pl.LazyFrame(self.persons, schema=self.fixed, orient="row"),
            pl.LazyFrame(self.residence, schema=self.varying, orient="row"),
            pl.LazyFrame(self.deaths, schema=DEATHS, orient="row"),
        )

    def case_frame(self) -> pl.DataFrame:
        return pl.DataFrame(self.cases, schema=CASES, orient="row")

    def excluded_series(self) -> pl.Series:
        return pl.Series("person", self.excluded, dtype=pl.Int64)

    def entries(self) -> list[Entry]:
        return sorted({(case, day) for case, day in self.cases if case is not None and day is not None})


class Oracle:
    """Answers by the rules, one person and one day at a time."""

    def __init__(self, rows: Rows, asked: Controls, secret: bytes) -> None:
        self.rows, self.asked = rows, asked
        self._aes = Cipher(AES(derive(secret, "controls")), ECB()).encryptor()  # noqa: S305
        self._persons = {row[0] for row in rows.persons if row[0] is not None}
        self._about = {person: {row[1:] for row in rows.persons if row[0] == person} for person in self._persons}
        self._lived = {person: [row for row in rows.residence if row[0] == person] for person in self._persons}
        self._died = {row[0]: [r[1] for r in rows.deaths if r[0] == row[0]] for row in rows.deaths}

    def fixed(self, person: int, column: str) -> object:
        place = list(self.rows.fixed).index(column) - 1
        values = {row[place] for row in self._about[person]}
        return values.pop() if len(values) == 1 else None

    def homes(self, person: int, day: Day) -> list[tuple[object, ...]]:
        """The residence rows of a day; of several those that began last."""
        there = [
            row
            for row in self._lived[person]
            if row[1] is not None and row[1] <= day and (row[2] is None or row[2] >= day)
        ]
        return [row for row in there if row[1] == max(r[1] for r in there)]

    def long_enough(self, person: int, day: Day) -> bool:
        years = self.asked.resident_years
        if not years:
            return True
        since = day
        while self.homes(person, since - ONE):
            since -= ONE
        birth = self.fixed(person, "birth_date")
        return (birth is not None and since <= birth) or completes(since, years) <= day

    def alive(self, person: int, day: Day) -> bool:
        birth = self.fixed(person, "birth_date")
        if birth is not None and day < birth:
            return False
        if person not in self._died:
            return True
        known = [date for date in self._died[person] if date is not None]
        return bool(known) and day <= min(known)

    def at_risk(self, person: int, day: Day) -> bool:
        known = person in self._persons and person not in self.rows.excluded
        return known and self.alive(person, day) and bool(self.homes(person, day)) and self.long_enough(person, day)

    def value(self, person: int, day: Day, column: str) -> object:
        if column in self.rows.varying:
            place = list(self.rows.varying).index(column)
            values = {row[place] for row in self.homes(person, day)}
            return values.pop() if len(values) == 1 else None
        if column == "birth_year":
            birth = self.fixed(person, "birth_date")
            return birth.year if birth is not None else None
        return self.fixed(person, column)

    def alike(self, case: int, control: int, day: Day) -> bool:
        for each in self.asked.match:
            of_case, of_control = (self.value(person, day, each.column) for person in (case, control))
            if of_case is None or of_control is None:
                return False
            if each.characters:
                of_case, of_control = of_case[: each.characters], of_control[: each.characters]
            if of_case != of_control and not (each.within and abs(of_case - of_control) <= each.within):
                return False
        return True

    def is_case(self, person: int, day: Day) -> bool:
        return any(case == person and date is not None and date <= day for case, date in self.rows.cases)

    def risk_set(self, entry: Entry) -> list[int]:
        """The candidates of a case in the order in which they are drawn."""
        case, day = entry
        if not self.at_risk(case, day):
            return []
        found = [
            person
            for person in self._persons
            if self.at_risk(person, day) and not self.is_case(person, day) and self.alike(case, person, day)
        ]
        return sorted(found, key=lambda person: (self.draw(entry, person), person))

    def state(self, entry: Entry) -> bytes:
        case, day = entry
        return self._aes.update(_eight(case) + _eight((day - Day(1970, 1, 1)).days))

    def draw(self, entry: Entry, person: int) -> int:
        state = self.state(entry)
        mixed = bytes(one ^ other for one, other in zip(state, _eight(person) + bytes(8), strict=True))
        return int.from_bytes(self._aes.update(mixed)[:8], "little")

    def drawn(self) -> dict[Entry, list[int]]:
        """The controls of each case, in the order of their numbers."""
        entries = self.rows.entries()
        in_turn = sorted(entries, key=lambda e: (e[1], int.from_bytes(self.state(e)[8:], "little")))
        served: dict[int, set[int]] = {}
        found: dict[Entry, list[int]] = {entry: [] for entry in entries}
        for entry in in_turn:
            for control in self.risk_set(entry):
                by = served.setdefault(control, set())
                free = (self.asked.reuse_within or entry[0] not in by) and (
                    self.asked.reuse_between or not by - {entry[0]}
                )
                if free and len(found[entry]) < self.asked.per_case:
                    by.add(entry[0])
                    found[entry].append(control)
        return found


def completes(since: Day, years: int) -> Day:
    try:
        return since.replace(year=since.year + years)
    except ValueError:
        return Day(since.year + years, 3, 1)


def _eight(number: int) -> bytes:
    return number.to_bytes(8, "little", signed=True)


def pairs_in(found: pl.DataFrame, entries: Sequence[Entry]) -> dict[Entry, list[int]]:
    """The controls of each case in a frame of pairs, in the order of their numbers, which run from 1 without a gap."""
    listed: dict[Entry, list[int]] = {entry: [] for entry in entries}
    columns = ("case", "index_date", "control", "number")
    for case, day, control, number in found.select(columns).sort("number").iter_rows():
        listed[case, day].append(control)
        assert number == len(listed[case, day])
    return listed
