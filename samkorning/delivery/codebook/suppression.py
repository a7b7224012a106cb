"""Suppression: which counts are left out, so that none of a few persons can be read or reckoned back.

What belongs here: the rule, over plain counts. What must not: where counts come from, or how they are written.

A count is small where fewer persons than the limit stand behind it (primary suppression). Further counts are left out
until what is left in the dark cannot be told from totals that are shown (secondary suppression): the reader who
subtracts is left with a span as wide as the limit, though he knows that no suppressed count is 0.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LEAST_LIMIT = 3
"""With a lower limit a suppressed count could be nothing but 1."""


@dataclass(frozen=True)
class Part:
    """One count of a sum; ``small`` where too few persons stand behind it."""

    value: int
    small: bool = False


@dataclass(frozen=True)
class Share:
    """How many of a known number have something; ``small`` where too few persons have it, or too few have it not."""

    part: int
    whole: int
    small: bool = False

    @property
    def rest(self) -> int:
        """How many have it not."""
        return self.whole - self.part


@dataclass(frozen=True)
class HiddenShares:
    """Which shares are left out, and whether their sum is."""

    total: bool
    parts: tuple[bool, ...]


def is_few(persons: int, limit: int) -> bool:
    """Whether a number of persons is small: nobody is not."""
    return 0 < persons < limit


def has_changed_by_few(count: int, earlier: int | None, limit: int) -> bool:
    """Whether a count differs by a few from the one that an earlier delivery has shown, if it has shown one."""
    return earlier is not None and is_few(abs(count - earlier), limit)


def hidden_parts(parts: Sequence[Part], total_hidden: bool, limit: int) -> tuple[bool, ...]:
    """Which counts of a sum are left out, when the sum is shown or is itself left out.

    Counts of 0 are shown unless all are left out.
    """
    hidden = {place for place, part in enumerate(parts) if part.small}
    waiting = sorted({part.value for part in parts if part.value and not part.small})
    while (hidden or total_hidden) and not _is_wide(parts, hidden, total_hidden, limit):
        if not waiting:
            return (True,) * len(parts)
        least = waiting.pop(0)  # all that are equal: which of them would be chosen tells something
        hidden |= {place for place, part in enumerate(parts) if part.value == least}
    return tuple(place in hidden for place in range(len(parts)))


def hidden_shares(shares: Sequence[Share], total_small: bool, limit: int) -> HiddenShares:
    """Which shares are left out, where the number that each is of is shown, and so is their sum unless it is small.

    A share and its rest are one thing: who knows the whole and one of them knows the other.
    """
    hidden = {place for place, share in enumerate(shares) if share.small}
    waiting = sorted(
        (place for place, share in enumerate(shares) if place not in hidden and share.part and share.rest),
        key=lambda place: (-min(shares[place].part, shares[place].rest), place),
    )
    while total_small or (hidden and not _all_wide(shares, hidden, limit)):
        if total_small or not waiting:
            return HiddenShares(True, (True,) * len(shares))
        hidden.add(waiting.pop(0))
    return HiddenShares(False, tuple(place in hidden for place in range(len(shares))))


def _is_wide(parts: Sequence[Part], hidden: set[int], total_hidden: bool, limit: int) -> bool:
    """Whether each hidden count may be anything from 1 to the limit as far as the others tell; and where their sum is
    known, whether they differ, so that nobody knows which of them is which.
    """
    values = [parts[place].value for place in hidden]
    differ = bool(values) if total_hidden else len(set(values)) > 1
    return differ and sum(values) - len(values) >= limit - 1


def _all_wide(shares: Sequence[Share], hidden: set[int], limit: int) -> bool:
    """Whether each hidden share may be what it likes within the limit, or within its whole where that is smaller."""
    enough = (max(1, min(limit - 1, shares[place].whole - 2)) for place in hidden)
    return all(width >= least for width, least in zip(_widths(shares, hidden), enough, strict=True))


def _widths(shares: Sequence[Share], hidden: set[int]) -> Iterator[int]:
    """How far each hidden share may lie from what it is, both ways together, with neither it nor its rest 0."""
    for place in hidden:
        others = [shares[other] for other in hidden if other != place]
        down = min(shares[place].part - 1, sum(other.rest - 1 for other in others))
        up = min(shares[place].rest - 1, sum(other.part - 1 for other in others))
        yield down + up
