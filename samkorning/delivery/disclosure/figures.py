"""What is told of the groups of a file: counts of persons by form, and nothing of who they are.

What belongs here: reading what the taker kept. What must not: counting (groups), or judging.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from samkorning.delivery.disclosure.groups import NAME
from samkorning.delivery.rendering.facts import RenderedFacts


@dataclass(frozen=True)
class GroupFigures:
    """Persons, the size of the smallest group of them (none without persons), persons who are alone in theirs, and
    persons in groups of fewer than 3, 5 and 10.
    """

    persons: int
    k: int | None
    unique: int
    in_groups_under: Mapping[str, int]


@dataclass(frozen=True)
class VariantFigures:
    """What the figures would be with one column in another form."""

    column: str
    how: str
    figures: GroupFigures


@dataclass(frozen=True)
class FileDisclosure:
    """A file with the quasi-identifiers that were looked at, its figures, and those of each other form."""

    file: str
    source: str
    sha256: str
    columns: tuple[str, ...]
    figures: GroupFigures
    alternatives: tuple[VariantFigures, ...]


def disclosure_of(file: str, source: str, facts: RenderedFacts) -> FileDisclosure | None:
    """The figures of a rendered file; nothing where no quasi-identifiers are named for it."""
    found = facts.found_by(NAME, None)
    if found is None:
        return None
    first, *others = [_variant(each) for each in found["variants"]]
    return FileDisclosure(file, source, facts.forms[0].sha256, tuple(found["columns"]), first.figures, tuple(others))


def _variant(found: Mapping[str, object]) -> VariantFigures:
    figures = {name: found[name] for name in ("persons", "k", "unique", "in_groups_under")}
    return VariantFigures(str(found["column"]), str(found["how"]), GroupFigures(**figures))  # type: ignore[arg-type]
