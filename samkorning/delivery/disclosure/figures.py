"""What is told of the groups of a file, or of all together: counts of persons by form, and nothing of who they are.

What belongs here: reading what the taker kept. What must not: counting (groups, together), or judging.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from samkorning.delivery.disclosure.groups import NAME
from samkorning.delivery.rendering.facts import RenderedFacts

TOGETHER = "all files together"
"""What stands in the place of a source where the figures are of all files (alla filer tillsammans)."""


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
    """A file with the quasi-identifiers that were looked at, its figures, and those of each other form.

    Of all files together, ``source`` is ``TOGETHER``, ``earlier`` are the units of earlier deliveries that were looked
    at with them, and ``unseen`` what could not be: rows that are kept no longer, or are not about persons.
    """

    file: str
    source: str
    sha256: str
    columns: tuple[str, ...]
    figures: GroupFigures
    alternatives: tuple[VariantFigures, ...]
    earlier: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    @property
    def is_of_all(self) -> bool:
        """Whether these are the figures of all files together."""
        return self.source == TOGETHER


def disclosure_of(file: str, source: str, facts: RenderedFacts) -> FileDisclosure | None:
    """The figures of a rendered file; nothing where no quasi-identifiers are named for it."""
    found = facts.found_by(NAME, None)
    if found is None:
        return None
    return FileDisclosure(file, source, facts.forms[0].sha256, *_told(found))


def together_of(
    found: Mapping[str, Any], contents: str, earlier: tuple[str, ...], unseen: tuple[str, ...]
) -> FileDisclosure:
    """The figures of all files together; ``contents`` is a hash of what they hold."""
    return FileDisclosure(TOGETHER, TOGETHER, contents, *_told(found), earlier, unseen)


def told_together(found: FileDisclosure) -> list[str]:
    """What the figures of all files together (alla filer tillsammans) are of, and what they do not see."""
    if not found.is_of_all:
        return []
    said = ["All files together, alla filer tillsammans: joined by serial number, as a recipient can."]
    if found.earlier:
        said.append(f"Delivered before and joined with them: {', '.join(found.earlier)}.")
    if found.unseen:
        said.append(f"NOT joined, as its rows are not kept or are not about persons: {', '.join(found.unseen)}.")
    return said


def _told(found: Mapping[str, Any]) -> tuple[tuple[str, ...], GroupFigures, tuple[VariantFigures, ...]]:
    first, *others = [_variant(each) for each in found["variants"]]
    return tuple(found["columns"]), first.figures, tuple(others)


def _variant(found: Mapping[str, object]) -> VariantFigures:
    figures = {name: found[name] for name in ("persons", "k", "unique", "in_groups_under")}
    return VariantFigures(str(found["column"]), str(found["how"]), GroupFigures(**figures))  # type: ignore[arg-type]
