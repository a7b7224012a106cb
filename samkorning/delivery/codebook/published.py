"""The counts that earlier deliveries have shown: what a reader can subtract from those of this one.

What belongs here: their form in the case register, and finding the one to hold a count against. What must not: which
counts are small (making).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from samkorning.delivery.codebook.models import CodebookVariable
from samkorning.delivery.description import DeliveredFile


@dataclass(frozen=True)
class Published:
    """Counts as they were shown: of a unit by ``(file, variable, unit)``, of the same units together by
    ``(file, variable, units)`` with the rows with a value first and then those of each value.
    """

    of_unit: Mapping[tuple[str, str, str], int]
    of_units: Mapping[tuple[str, str, tuple[str, ...]], tuple[int | None, ...]]


NOTHING = Published({}, {})


def published_facts(files: Sequence[DeliveredFile], codebook: Iterable[CodebookVariable]) -> list[dict[str, Any]]:
    """What a code book shows, as the case register remembers it: one entry a variable and file."""
    units = {file.name: [unit.name for unit in file.units] for file in files}
    return [
        {
            "file": each.file,
            "variable": each.variable.name,
            "units": units[each.file],
            "filled": [year.filled for year in each.years],
            "shown": [each.filled, *(value.rows for value in each.values)],
        }
        for each in codebook
    ]


def published(facts: Iterable[Mapping[str, Any]]) -> Published:
    """The counts of all earlier deliveries, oldest first: of what was delivered again the last ones count."""
    of_unit: dict[tuple[str, str, str], int] = {}
    of_units: dict[tuple[str, str, tuple[str, ...]], tuple[int | None, ...]] = {}
    for fact in facts:
        of_unit |= dict(_of_units(fact))
        of_units[fact["file"], fact["variable"], tuple(fact["units"])] = tuple(fact["shown"])
    return Published(of_unit, of_units)


def _of_units(fact: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str], int]]:
    for unit, filled in zip(fact["units"], fact["filled"], strict=False):
        if filled is not None:
            yield (fact["file"], fact["variable"], unit), filled
