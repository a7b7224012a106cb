"""Which block of a selection names which other: circles, and an order in which each comes after what it names.

What belongs here: following names. What must not: what is wrong with them in words (selection_rules).
"""

from collections.abc import Iterable, Mapping

from samkorning.order.models import Specification
from samkorning.order.selection import EventGroup, Selection

GIVEN_INDEX_DATE = "index_date"
"""What DayWindow.of calls the index date that came with the population."""


def named_by_groups(specification: Specification) -> dict[str, tuple[str, ...]]:
    """Every event group with the group that it counts days from."""
    return {
        group.name: (group.around.of,) if group.around and group.around.of != GIVEN_INDEX_DATE else ()
        for group in specification.events
    }


def named_by_selections(specification: Specification) -> dict[str, tuple[str, ...]]:
    """Every selection with its members."""
    return {each.name: (*each.all_of, *each.any_of, *each.none_of) for each in specification.selections}


def in_a_circle(names: Mapping[str, Iterable[str]]) -> set[str]:
    """Those that lead back to themselves."""
    return {name for name in names if name in _led_to(names[name], names)}


def members_first(specification: Specification) -> tuple[list[EventGroup], list[Selection]]:
    """Event groups and selections, each after what it names. There must be no circle."""
    groups = _after_what_they_name(named_by_groups(specification))
    selections = _after_what_they_name(named_by_selections(specification))
    by_name = {group.name: group for group in specification.events}
    chosen = {each.name: each for each in specification.selections}
    return [by_name[name] for name in groups], [chosen[name] for name in selections]


def certain(selection: Selection, selections: Mapping[str, Selection]) -> set[str]:
    """The event groups that every person of a selection is in."""
    found = set[str]().union(*(_certain_of(name, selections) for name in selection.all_of))
    if selection.any_of:
        found |= set.intersection(*(_certain_of(name, selections) for name in selection.any_of))
    return found


def _certain_of(name: str, selections: Mapping[str, Selection]) -> set[str]:
    return certain(selections[name], selections) if name in selections else {name}


def _led_to(names: Iterable[str], by: Mapping[str, Iterable[str]]) -> set[str]:
    found, waiting = set[str](), list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += by.get(name, ())
    return found


def _after_what_they_name(names: Mapping[str, Iterable[str]]) -> list[str]:
    ordered, waiting = list[str](), list(names)
    while waiting:
        ready = [name for name in waiting if not set(names[name]) & set(waiting)]
        ordered += ready
        waiting = [name for name in waiting if name not in ready]
    return ordered
