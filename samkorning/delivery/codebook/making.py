"""The code book of a delivery, from what was counted while its files were rendered.

What belongs here: which counts are shown. What must not: counting (rendering), the rule of suppression (suppression),
or how the code book is written (documents).
"""

from collections.abc import Iterator, Sequence

from samkorning.delivery.codebook.distribution import distribution
from samkorning.delivery.codebook.models import Bin, CodebookVariable, ValueCount, YearCounts
from samkorning.delivery.codebook.published import NOTHING, Published
from samkorning.delivery.codebook.suppression import (
    HiddenShares,
    Part,
    Share,
    has_changed_by_few,
    hidden_parts,
    hidden_shares,
    is_few,
)
from samkorning.delivery.description import DeliveredFile, DeliveredVariable
from samkorning.delivery.rendering.column_counts import CountedColumn
from samkorning.delivery.rendering.persons import persons_counted
from samkorning.delivery.rendering.unit_contents import unit_facts
from samkorning.delivery.rendering.variable_counts import counted_column

OTHER_LABELS = ("andra värden", "other values")


def codebook(files: Sequence[DeliveredFile], limit: int, before: Published = NOTHING) -> tuple[CodebookVariable, ...]:
    """One entry a variable and file, in their order.

    :param limit: counts behind which fewer persons stand are suppressed, with what they could be reckoned from.
    :param before: the counts of earlier deliveries; from them a count could be reckoned that changed by a few.
    """
    return tuple(entry for file in files for entry in _of_file(file, limit, before))


def _of_file(file: DeliveredFile, limit: int, before: Published) -> Iterator[CodebookVariable]:
    for variable in file.variables:
        counted = counted_column(file.rendered, variable.name)
        if counted is None:
            yield CodebookVariable(file.name, variable, file.rendered.rows, None, None, None)
        else:
            yield _Counts(file, variable, counted, limit, before).entry()


class _Counts:
    """What is known of one variable of a file, on its way to what is shown."""

    def __init__(
        self, file: DeliveredFile, variable: DeliveredVariable, counted: CountedColumn, limit: int, before: Published
    ) -> None:
        self._file, self._variable, self._counted, self._limit = file, variable, counted, limit
        self._rows, self._filled = file.rendered.rows, sum(counted.filled)
        self._unit_rows = [unit.rows for unit in unit_facts(file.rendered)] or [self._rows]
        self._units = [unit.name for unit in file.units]
        self._of_unit = before.of_unit
        is_person = bool(file.variables) and variable is file.variables[0]
        persons = persons_counted(file.rendered) if is_person else None
        self._distinct = persons.in_units if persons else counted.distinct
        self._all_distinct = persons.in_file if persons else counted.all_distinct
        self._before = before.of_units.get((file.name, variable.name, tuple(self._units)), ())

    def entry(self) -> CodebookVariable:
        """The entry with what is shown."""
        shares = self._hidden_shares()
        values = self._values(shares.total)
        whole = values and any(each.rows is None for each in values)
        hidden = shares.total
        distinct = self._all_distinct
        return CodebookVariable(
            self._file.name,
            self._variable,
            self._rows,
            None if hidden else self._filled,
            None if hidden else self._rows - self._filled,
            None if hidden or whole or distinct < 0 else distinct,
            values,
            tuple(self._years(shares, bool(whole))),
            () if hidden or self._before else self._distribution(),
            distinct < 0,
        )

    def _hidden_shares(self) -> HiddenShares:
        counted = self._counted
        shares = [
            Share(filled, rows, self._is_small(counted.with_value[place], counted.without_value[place], place))
            for place, (filled, rows) in enumerate(zip(counted.filled, self._unit_rows, strict=True))
        ]
        few = is_few(counted.all_with_value, self._limit) or is_few(counted.all_without_value, self._limit)
        return hidden_shares(shares, few or self._is_near(0, self._filled), self._limit)

    def _is_small(self, having: int, lacking: int, place: int) -> bool:
        if is_few(having, self._limit) or is_few(lacking, self._limit):
            return True
        if place >= len(self._units):
            return False
        earlier = self._of_unit.get((self._file.name, self._variable.name, self._units[place]))
        return has_changed_by_few(self._counted.filled[place], earlier, self._limit)

    def _is_near(self, place: int, count: int) -> bool:
        """Whether the same count was shown before, and is another by a few."""
        earlier = self._before[place] if place < len(self._before) else None
        return has_changed_by_few(count, earlier, self._limit)

    def _values(self, total_hidden: bool) -> tuple[ValueCount, ...]:
        rows, persons = self._counted.values, self._counted.value_persons
        if not rows:
            return ()
        places = {code: place for place, code in enumerate(dict.fromkeys(each.code for each in self._variable.codes))}
        parts = [
            Part(count, is_few(who, self._limit) or self._is_near(place + 1, count))
            for place, (count, who) in enumerate(zip(rows, persons, strict=True))
        ]
        hidden = hidden_parts(parts, total_hidden, self._limit)
        shown = [None if out else count for count, out in zip(rows, hidden, strict=True)]
        of_set = [
            ValueCount(code.code, code.label_sv, code.label_en, code.from_year, code.to_year, shown[places[code.code]])
            for code in self._variable.codes
        ]
        return (*of_set, ValueCount("", *OTHER_LABELS, None, None, shown[-1]))

    def _years(self, shares: HiddenShares, values_hidden: bool) -> Iterator[YearCounts]:
        for place, unit in enumerate(self._units):
            out, distinct = shares.parts[place], self._distinct[place]
            filled = None if out else self._counted.filled[place]
            shown = None if out or values_hidden or distinct < 0 else distinct
            yield YearCounts(unit.rsplit(" ", 1)[-1], self._unit_rows[place], filled, shown)

    def _distribution(self) -> tuple[Bin, ...]:
        """None of units that are delivered again: two of them would tell of those who have come."""
        return distribution(self._variable, self._counted.bins, self._filled, self._limit)
