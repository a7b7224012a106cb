"""What the blocks of a selection can break: names that lead nowhere, circles, and what no register can answer.

What belongs here: faults that a specification has by itself, or beside the register catalogue. What must not: shapes of
fields (selection), or which rows there are.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from samkorning.order.models import Specification
from samkorning.order.selection import EventGroup
from samkorning.order.selection_names import (
    GIVEN_INDEX_DATE,
    certain,
    in_a_circle,
    named_by_groups,
    named_by_selections,
)
from samkorning.own_registers.catalogue import CatalogueRegister, Holds, RegisterCatalogue
from samkorning.own_registers.catalogue.codes_by_year import code_periods

Path = tuple[str | int, ...]
Finding = tuple[Path, str, str]
"""Where in the specification, what is wrong, and what mends it."""


def names_lead_to_one_block(specification: Specification) -> Iterator[Finding]:
    """A code list has a name of its own; so has a group or selection, and it is not ``index_date``."""
    lists = [each.name for each in specification.code_lists]
    groups = [each.name for each in specification.events]
    selections = [each.name for each in specification.selections]
    persons = Counter([*groups, *selections, GIVEN_INDEX_DATE])
    for field, names, counts in (
        ("code_lists", lists, Counter(lists)),
        ("events", groups, persons),
        ("selections", selections, persons),
    ):
        for index, name in enumerate(names):
            if counts[name] > 1:
                yield (field, index, "name"), "the name is taken", "choose another name"


def code_lists_are_there_and_used(specification: Specification) -> Iterator[Finding]:
    """A group names a code list that is there, and a list that nothing seeks does not stand in the order."""
    there = {each.name for each in specification.code_lists}
    sought = {group.codes.list for group in specification.events if group.codes}
    for index, group in enumerate(specification.events):
        if group.codes and group.codes.list not in there:
            yield ("events", index, "codes", "list"), "no such code list", "use a name of code_lists"
    for index, code_list in enumerate(specification.code_lists):
        if code_list.name not in sought:
            yield ("code_lists", index, "name"), "no event group seeks it", "name it in an event group, or remove it"
        for system in code_list.except_codes.keys() - code_list.codes.keys():
            problem = f"leaves out codes of {system}, of which it has none"
            yield ("code_lists", index, "except_codes"), problem, "remove them, or list codes there"


def days_are_counted_from_one_day(specification: Specification) -> Iterator[Finding]:
    """Days are counted from a group that takes one day a person, or from given index dates; never in a circle."""
    groups = {group.name: group for group in specification.events}
    circular = in_a_circle(named_by_groups(specification))
    for index, group in enumerate(specification.events):
        place, of = ("events", index, "around", "of"), group.around.of if group.around else GIVEN_INDEX_DATE
        if of != GIVEN_INDEX_DATE and of not in groups:
            yield place, "no such event group", "use a name of events, or index_date"
        elif group.name in circular:
            yield place, "leads back to the group itself", "count from a group that does not count from this one"
        elif of != GIVEN_INDEX_DATE and not groups[of].takes_one:
            yield place, "the group takes every day", "let it take the first, the last or the n-th"


def members_are_there(specification: Specification) -> Iterator[Finding]:
    """A selection names groups and selections that are there, each in one way, and never itself."""
    there = {each.name for each in specification.events} | {each.name for each in specification.selections}
    circular = in_a_circle(named_by_selections(specification))
    for index, selection in enumerate(specification.selections):
        times = Counter((*selection.all_of, *selection.any_of, *selection.none_of))
        for field in ("all_of", "any_of", "none_of"):
            for name in getattr(selection, field):
                if name not in there:
                    yield ("selections", index, field), f"no event group or selection {name}", "correct the name"
                elif times[name] > 1:
                    yield ("selections", index, field), f"{name} is named twice", "name it once"
        if selection.name in circular:
            yield ("selections", index, "name"), "leads back to itself", "take it out of what it names"


def index_dates_are_everyones(specification: Specification) -> Iterator[Finding]:
    """The index date is the day of a group that takes one day and that every person of the selection is in."""
    groups = {group.name: group for group in specification.events}
    selections = {each.name: each for each in specification.selections}
    if in_a_circle(named_by_selections(specification)):
        return
    for index, selection in enumerate(specification.selections):
        named, place = selection.index_date, ("selections", index, "index_date")
        if named is None:
            continue
        if named not in groups:
            yield place, "no such event group", "use a name of events"
        elif not groups[named].takes_one:
            yield place, "the group takes every day", "let it take the first, the last or the n-th"
        elif named not in certain(selection, selections):
            yield place, "not everyone in the selection has that day", "name the group in all_of"


def registers_hold_events(specification: Specification, catalogue: RegisterCatalogue) -> Iterator[Finding]:
    """R06: a group looks at registers of events that are in the catalogue and not barred, each once."""
    known = {register.name: register for register in catalogue.registers}
    for index, group in enumerate(specification.events):
        for position, name in enumerate(group.registers):
            place, register = ("events", index, "registers", position), known.get(name)
            if register is None:
                yield place, "no such own register", f"use one of {', '.join(sorted(known))}"
            elif register.barred is not None:
                yield place, f"R06: the register is barred: {register.barred}", "remove it"
            elif register.holds is not Holds.EVENTS:
                yield place, "the register does not hold events", "ask by age, sex or areas in its place"
            elif group.registers.count(name) > 1:
                yield place, "the register is named twice", "name it once"


def registers_have_the_day(specification: Specification, catalogue: RegisterCatalogue) -> Iterator[Finding]:
    """Where a day is asked for, every register says on which day an event happened, and covers some of the days."""
    for index, group, registers in _with_registers(specification, catalogue):
        place = ("events", index, "registers")
        for register in registers:
            if group.needs_day and register.day is None:
                yield place, f"{register.name} has no day of an event", "ask by codes and sex alone, or remove it"
            elif group.dates and not _has_days_in(register, group):
                yield place, f"{register.name} covers none of these dates", "remove it, or change dates"
        first = group.dates.first_day if group.dates else None
        begins = [register.from_year for register in registers]
        if first and begins and all(year is not None and first.year < year for year in begins):
            year = min(year for year in begins if year is not None)
            problem = "the dates begin before any of the registers"
            yield ("events", index, "dates", "first_day"), problem, f"begin with {year}, or leave first_day out"


def registers_have_the_codes(specification: Specification, catalogue: RegisterCatalogue) -> Iterator[Finding]:
    """Every register has codes at one of the positions in a classification of the list; every position is somewhere."""
    lists = {each.name: each for each in specification.code_lists}
    for index, group, registers in _with_registers(specification, catalogue):
        if group.codes is None or group.codes.list not in lists:
            continue
        place, positions = ("events", index, "codes"), group.codes.positions
        for position in positions:
            if not any(register.at(position) for register in registers):
                yield (*place, "positions"), f"none of the registers has codes as {position}", "remove the position"
        for register in registers:
            if not any(register.at(position) for position in positions):
                yield (*place, "positions"), f"{register.name} has no such position", "add one, or remove the register"
            elif not code_periods(register, positions, lists[group.codes.list].codes):
                there = {system for period in code_periods(register, positions) for _, system in period.columns}
                said = f"in no year has {register.name} codes of the list's classifications there"
                remedy = f"add codes of {', '.join(sorted(there))}" if there else "remove the register"
                yield (*place, "list"), said, remedy


_ALONE: tuple[Callable[[Specification], Iterator[Finding]], ...] = (
    names_lead_to_one_block,
    code_lists_are_there_and_used,
    days_are_counted_from_one_day,
    members_are_there,
    index_dates_are_everyones,
)
_BESIDE_THE_CATALOGUE: tuple[Callable[[Specification, RegisterCatalogue], Iterator[Finding]], ...] = (
    registers_hold_events,
    registers_have_the_day,
    registers_have_the_codes,
)


def selection_findings(specification: Specification, catalogue: RegisterCatalogue | None = None) -> list[Finding]:
    """Everything in the blocks of a selection that breaks a rule; registers only where a catalogue is given."""
    found = [finding for rule in _ALONE for finding in rule(specification)]
    if catalogue is not None:
        found += [finding for rule in _BESIDE_THE_CATALOGUE for finding in rule(specification, catalogue)]
    return found


def _with_registers(
    specification: Specification, catalogue: RegisterCatalogue
) -> Iterator[tuple[int, EventGroup, list[CatalogueRegister]]]:
    """The groups whose registers are all in the catalogue, with their place."""
    known = {register.name: register for register in catalogue.registers}
    for index, group in enumerate(specification.events):
        if set(group.registers) <= known.keys():
            yield index, group, [known[name] for name in dict.fromkeys(group.registers)]


def _has_days_in(register: CatalogueRegister, group: EventGroup) -> bool:
    """Whether the years of a register and the dates of a group meet; a stay that ends in one year began before it."""
    first, last = (group.dates.first_day, group.dates.last_day) if group.dates else (None, None)
    begins = register.from_year is None or last is None or last.year >= register.from_year - 1
    return begins and (register.to_year is None or first is None or first.year <= register.to_year)
