"""What a selection gives, from its rules alone: plain loops over plain rows, slow and obvious.

What belongs here: the rules once more, with nothing of the service's but the blocks and the catalogue. What must not:
engines and frames.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from samkorning.order import Specification
from samkorning.order.selection import CodeList, EventGroup, Selection
from samkorning.own_registers.catalogue import RegisterCatalogue

LETTERS_AND_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖabcdefghijklmnopqrstuvwxyzåäö"
Key = tuple[int, date | None]
"""A person, and a given index date where something is counted from given ones."""


@dataclass(frozen=True)
class Held:
    """Rows as they are: by register and year, each a dict with ``person``; and the population."""

    registers: Mapping[str, Mapping[int, list[dict[str, Any]]]]
    persons: list[tuple[int, date | None, int | None]]
    residence: list[tuple[int, date, date | None, str]]
    index_dates: list[tuple[int, date | None]]


@dataclass(frozen=True)
class Event:
    """A row of a register that has the codes, by its place in its year."""

    person: int
    day: date | None
    register: str
    year: int
    place: int


class Oracle:
    """The answers to one specification."""

    def __init__(self, specification: Specification, catalogue: RegisterCatalogue, held: Held) -> None:
        self._catalogue, self._held = catalogue, held
        self._lists = {each.name: each for each in specification.code_lists}
        self._groups = {each.name: each for each in specification.events}
        self._selections = {each.name: each for each in specification.selections}

    @cached_property
    def _given(self) -> set[tuple[int, date]]:
        return {(person, given) for person, given in self._held.index_dates if given is not None}

    def counts_from_given(self, name: str) -> bool:
        """Whether something in a group or selection is counted from given index dates."""
        if name in self._groups:
            around = self._groups[name].around
            return around is not None and (around.of == "index_date" or self.counts_from_given(around.of))
        said = self._selections[name]
        named = [*said.all_of, *said.any_of, *said.none_of, *([said.index_date] if said.index_date else [])]
        return any(self.counts_from_given(each) for each in named)

    def days(self, name: str) -> set[tuple[int, date | None, date | None]]:
        """Person, given index date, day: the days that a group takes."""
        group = self._groups[name]
        of_person: dict[int, set[date | None]] = {}
        for event in self._events(group):
            of_person.setdefault(event.person, set()).add(event.day)
        if not _asks_for_days(group):
            met = {person for person in of_person if self._has_sex(person, group)}
            return {(person, None, day) for person in met for day in of_person[person]}
        taken = set[tuple[int, date | None, date | None]]()
        for person, days in of_person.items():
            known = {day for day in days if day is not None}
            for given, others in self._counted_from(person, group):
                met = sorted(day for day in known if self._meets(person, day, known, others, group))
                taken |= {(person, given, day) for day in _taken(met, group)}
        return taken

    def rows(self, name: str, register: str, year: int) -> list[int]:
        """The places of the rows of a register year that a group takes."""
        group, taken = self._groups[name], {(person, day) for person, _, day in self.days(name)}
        events = [event for event in self._events(group) if (event.register, event.year) == (register, year)]
        return [event.place for event in events if (event.person, event.day) in taken]

    def members(self, name: str) -> set[Key]:
        """Who is in a group or selection."""
        if name in self._groups:
            return {(person, given) for person, given, _ in self.days(name)}
        said = self._selections[name]
        if self.counts_from_given(name):
            candidates: set[Key] = set(self._given)
        else:
            candidates = {key for each in (*said.all_of, *said.any_of) for key in self.members(each)}
        return {key for key in candidates if self._is_in(key, said)}

    def entries(self, name: str) -> set[tuple[int, date | None]]:
        """Persons and index dates of a selection."""
        day = self._selections[name].index_date
        if day is None:
            return self.members(name)
        by_given = self.counts_from_given(day)
        return {
            (person, found)
            for person, given in self.members(name)
            for other, of, found in self.days(day)
            if other == person and (not by_given or of == given)
        }

    def _is_in(self, key: Key, said: Selection) -> bool:
        every = all(self._has(key, each) for each in said.all_of)
        one = not said.any_of or any(self._has(key, each) for each in said.any_of)
        return every and one and not any(self._has(key, each) for each in said.none_of)

    def _has(self, key: Key, name: str) -> bool:
        person, given = key
        return (person, given if self.counts_from_given(name) else None) in self.members(name)

    def _events(self, group: EventGroup) -> Iterator[Event]:
        for register in group.registers:
            for year, rows in self._held.registers[register].items():
                for place, row in enumerate(rows):
                    if self._has_code(register, year, row, group):
                        yield Event(row["person"], self._day(register, row), register, year, place)

    def _has_code(self, register: str, year: int, row: Mapping[str, Any], group: EventGroup) -> bool:
        if group.codes is None:
            return True
        sought = self._lists[group.codes.list]
        for variable in self._catalogue.register(register).variables:
            if variable.position in group.codes.positions and variable.holds_in(year):
                system = variable.system_in(year)
                value = row[variable.name]
                if system in sought.codes and value is not None and _is_of(value, sought, system):
                    return True
        return False

    def _day(self, register: str, row: Mapping[str, Any]) -> date | None:
        name = self._catalogue.register(register).day
        written = row[name] if name else None
        if not isinstance(written, str):
            return written  # type: ignore[no-any-return]
        try:
            return date(int(written[:4]), int(written[4:6]), int(written[6:])) if len(written) == 8 else None
        except ValueError:
            return None

    def _counted_from(self, person: int, group: EventGroup) -> Iterable[tuple[date | None, list[date]]]:
        """Given index dates that a group holds for, each with the days that it counts from."""
        if group.around is None:
            return [(None, [])]
        if group.around.of == "index_date":
            return [(given, [given]) for other, given in sorted(self._given) if other == person]
        by: dict[date | None, list[date]] = {}
        for other, given, day in self.days(group.around.of):
            if other == person and day is not None:
                by.setdefault(given, []).append(day)
        return by.items()

    def _meets(self, person: int, day: date, known: set[date], others: list[date], group: EventGroup) -> bool:
        free, window = group.free_days, group.dates
        if free is not None and any(timedelta(0) < day - other <= timedelta(free) for other in known):
            return False
        if window and not (window.first_day or date.min) <= day <= (window.last_day or date.max):
            return False
        if group.around is not None and not any(_is_near(day, other, group) for other in others):
            return False
        return self._has_age(person, day, group) and self._has_sex(person, group) and self._lives(person, day, group)

    def _has_age(self, person: int, day: date, group: EventGroup) -> bool:
        born = [birth for other, birth, _ in self._held.persons if other == person and birth is not None]
        ages = group.ages
        return ages is None or any(ages.lowest <= _age(birth, day) <= ages.highest for birth in born)

    def _has_sex(self, person: int, group: EventGroup) -> bool:
        return group.sex is None or any(who == person and sex == group.sex for who, _, sex in self._held.persons)

    def _lives(self, person: int, day: date, group: EventGroup) -> bool:
        stays = [stay for stay in self._held.residence if stay[0] == person]
        there = [stay[3] for stay in stays if stay[1] <= day and (stay[2] is None or day <= stay[2])]
        return not group.areas or any(area == where or area[:2] == where for area in there for where in group.areas)


def _asks_for_days(group: EventGroup) -> bool:
    stated = [group.dates, group.around, group.ages, group.free_days, group.areas or None]
    return any(each is not None for each in stated) or group.at_least > 1 or group.take != "every"


def _taken(days: list[date], group: EventGroup) -> list[date]:
    if len(days) < group.at_least:
        return []
    if isinstance(group.take, int):
        return days[group.take - 1 : group.take]
    return {"every": days, "first": days[:1], "last": days[-1:]}[group.take]


def _is_near(day: date, other: date, group: EventGroup) -> bool:
    window = group.around
    assert window is not None
    away = (day - other).days
    return (window.first_day is None or window.first_day <= away) and (
        window.last_day is None or away <= window.last_day
    )


def _age(born: date, day: date) -> int:
    """How many birthdays have been."""
    if day < born:
        return -1
    return sum(_birthday(born, born.year + years) <= day for years in range(1, day.year - born.year + 1))


def _birthday(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _is_of(value: str, sought: CodeList, system: Any) -> bool:
    compared = "".join(each for each in value if each in LETTERS_AND_DIGITS).upper()
    found = any(_fits(compared, pattern) for pattern in sought.codes[system])
    return found and not any(_fits(compared, pattern) for pattern in sought.except_codes.get(system, ()))


def _fits(code: str, pattern: str) -> bool:
    interval = re.fullmatch(r"(\w+)-(\w+)\*", pattern)
    if interval:
        length = len(interval[1])
        return len(code) >= length and interval[1] <= code[:length] <= interval[2]
    return code.startswith(pattern[:-1]) if pattern.endswith("*") else code == pattern
