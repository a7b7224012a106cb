"""Who follows what a run does with a cluster: lets it wait for its turn, sees how far it is and what it took.

What belongs here: what can be followed, in counts alone, and who follows now. What must not: Dagster, or
Spark.

Whoever opens a cluster, at whatever depth of a case's work, is followed by who has said so around it.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Figures:
    """What one job of a cluster took: its slices, the workers that did them, attempts at them, time, bytes written."""

    slices: int
    workers: int
    attempts: int
    seconds: float
    bytes: int


class Follower(Protocol):
    """Whoever follows."""

    def turn(self) -> AbstractContextManager[None]:
        """Wait until this run may use the cluster; it may until the block ends."""

    def came(self, rows: int, of: int) -> None:
        """See how many rows are done now, of how many."""

    def took(self, figures: Figures) -> None:
        """See what a job took that is done."""


class Unfollowed:
    """Nobody follows, and nobody is waited for."""

    def turn(self) -> AbstractContextManager[None]:
        """Begin at once."""
        return nullcontext()

    def came(self, rows: int, of: int) -> None:
        """Let it pass."""

    def took(self, figures: Figures) -> None:
        """Let it pass."""


_FOLLOWING: ContextVar[Follower | None] = ContextVar("following", default=None)


@contextmanager
def followed_by(follower: Follower) -> Iterator[None]:
    """Who follows every cluster that is opened in the block."""
    token = _FOLLOWING.set(follower)
    try:
        yield
    finally:
        _FOLLOWING.reset(token)


def follower() -> Follower:
    """Who follows now."""
    return _FOLLOWING.get() or Unfollowed()


def together(figures: Sequence[Figures]) -> Figures:
    """Several jobs, one after the other, as one."""
    return Figures(
        sum(each.slices for each in figures),
        max(each.workers for each in figures),
        sum(each.attempts for each in figures),
        round(sum(each.seconds for each in figures), 1),
        sum(each.bytes for each in figures),
    )
