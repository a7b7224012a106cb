"""From the blocks of a specification and the register catalogue to named steps.

What belongs here: which steps there are, and their order. What must not: what one of them does (events, groups,
selections).
"""

from collections.abc import Iterable, Iterator

from samkorning.errors import NotFound, OrderFault, OrderRefused
from samkorning.order import Specification
from samkorning.order.document import dotted
from samkorning.order.selection import EventGroup, Selection
from samkorning.order.selection_names import members_first
from samkorning.order.selection_rules import selection_findings
from samkorning.own_registers import days
from samkorning.own_registers.catalogue import RegisterCatalogue
from samkorning.own_registers.selection import codes
from samkorning.own_registers.selection.events import DAY_OF, Events
from samkorning.own_registers.selection.groups import GIVEN, criteria, given_index_dates
from samkorning.own_registers.selection.selections import Combining
from samkorning.own_registers.selection.steps import INDEX_DATE, Definition, Program, Relation, Step

_DAYS_IN_WORDS = {
    "age_at": "Age in whole years on a day; a birthday on 29 February is on 1 March in years without one.",
    "lies_in": "Whether a day lies in an interval, both bounds included; without a last day it goes on.",
}


def compile_selection(specification: Specification, catalogue: RegisterCatalogue) -> Program:
    """All event groups and selections of a specification as steps.

    :raises OrderRefused: where the blocks do not hold together, or not with this catalogue.
    """
    broken = list(selection_findings(specification, catalogue))
    if broken:
        faults = [OrderFault(0, dotted(place), problem, remedy) for place, problem, remedy in broken]
        raise OrderRefused("specification", faults)
    return _Compiling(specification, catalogue).program()


class _Compiling:
    def __init__(self, specification: Specification, catalogue: RegisterCatalogue) -> None:
        self._specification, self._catalogue = specification, catalogue
        self._lists = {each.name: each for each in specification.code_lists}
        self._steps: list[Step] = []
        self._days: dict[str, Relation] = {}
        self._entries: dict[str, Relation] = {}
        self._rows: dict[tuple[str, str], Step] = {}

    def program(self) -> Program:
        groups, selections = members_first(self._specification)
        if any(group.around and group.around.of == INDEX_DATE for group in groups):
            self._steps.append(given_index_dates())
        for group in groups:
            self._add_group(group)
        self._add_selections(selections)
        self._require_own_names()
        return Program(tuple(self._definitions()), tuple(self._steps), self._days, self._entries, self._rows)

    def _add_group(self, group: EventGroup) -> None:
        events = Events(group, self._lists, self._catalogue)
        first, relation = events.days()
        more, taken = criteria(group, relation, self._days)
        self._steps += [first, *more]
        self._days[group.name] = taken
        for name in group.registers:
            self._rows[group.name, name] = events.rows(self._catalogue.register(name), taken)

    def _add_selections(self, selections: Iterable[Selection]) -> None:
        relations = dict(self._days)
        for selection in selections:
            named = (*selection.all_of, *selection.any_of, *selection.none_of)
            day = self._days[selection.index_date] if selection.index_date else None
            combining = Combining(selection, {name: relations[name] for name in named}, day)
            self._steps += combining.steps
            relations[selection.name], self._entries[selection.name] = combining.chosen, combining.entries

    def _definitions(self) -> Iterator[Definition]:
        yield DAY_OF
        for name, sentence in _DAYS_IN_WORDS.items():
            yield Definition(name, sentence, days.SQL_DEFINITIONS[name])
        if self._lists:
            yield codes.PLAIN
        for code_list in self._lists.values():
            yield from codes.definitions(code_list)

    def _require_own_names(self) -> None:
        """A register that has the name of a step would be read in its place."""
        steps = [step.name for step in self._steps] + [GIVEN.name]
        taken = {register.name.lower() for register in self._catalogue.registers}
        for name in steps:
            if name in taken or steps.count(name) > 1 + (name == GIVEN.name):
                raise NotFound(f"the step {name} has the name of a register or another step; rename its event group")
