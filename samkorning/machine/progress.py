"""How far long work has come: how many of its rows or bytes are done, shown to whoever watches; unasked, nobody does.

What belongs here: what can be watched. What must not: rows (counted_rows), terminals, or any name: the work is called
by one of a few words, so that nothing of anybody's can be shown.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from typing import Protocol

Advance = Callable[[int], None]
"""Takes how many rows more are done, or bytes of work that is reckoned in them; any thread may call it."""


class Work(StrEnum):
    """What is being done."""

    READING = "reading"
    SORTING = "sorting"
    LINKING = "linking"
    ORDERING = "putting in order"
    COMPARING = "counting who are alike"
    SEALING = "sealing"

    @property
    def is_of_bytes(self) -> bool:
        """Whether bytes of it are counted, not rows."""
        return self is Work.SEALING


class Progress(Protocol):
    """Whoever watches."""

    def of(self, work: Work, size: int | None) -> AbstractContextManager[Advance]:
        """Watch one piece of work until the block ends, however it ends; of so many rows or bytes, if known."""

    def waits(self, sentence: str) -> None:
        """Hear whom this process waits for."""


class Unwatched:
    """Nobody watches."""

    def of(self, work: Work, size: int | None) -> AbstractContextManager[Advance]:
        """Let it pass."""
        return nullcontext(nobody)

    def waits(self, sentence: str) -> None:
        """Let it pass."""


UNWATCHED: Progress = Unwatched()


def nobody(done: int) -> None:
    """Let pass what nobody counts."""
