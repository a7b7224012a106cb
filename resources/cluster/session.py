"""How long a cluster is kept: reached when a run first asks for it, used for all that the run does there, left once.

What belongs here: whose session it is now, when it is reached anew, and leaving it. What must not: how a cluster is
reached, left, or asked whether it still stands (connection), which needs what few cases need.

Without a session around it, a cluster is reached for one file and left after it.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from resources.cluster.settings import ClusterSettings


@dataclass
class Reached:
    """A cluster that has been reached: Spark's context, and the attempts at slices that it has counted so far."""

    context: Any
    attempts: int = 0


Reach = Callable[[ClusterSettings], AbstractContextManager[Reached]]


@dataclass
class Session:
    """A cluster for all files of a run."""

    _kept: tuple[ClusterSettings, Reached] | None = None
    _held: ExitStack = field(default_factory=ExitStack)

    @contextmanager
    def for_a_file(self, settings: ClusterSettings, reach: Reach, stands: Callable[[Any], bool]) -> Iterator[Reached]:
        """The cluster of the settings for one file: that of the file before where it still stands, else reached anew.

        After a file that failed it is left: whatever was wrong there, the next file begins with another application.
        """
        if self._kept is not None and not (self._kept[0] == settings and stands(self._kept[1].context)):
            self.leave()
        if self._kept is None:
            self._kept = settings, self._held.enter_context(reach(settings))
        whole = False
        try:
            yield self._kept[1]
            whole = True
        finally:
            if not whole:
                self.leave()

    def leave(self) -> None:
        """Leave the cluster, if it was reached."""
        held, self._held, self._kept = self._held, ExitStack(), None
        held.close()


_SESSION: ContextVar[Session | None] = ContextVar("session", default=None)


@contextmanager
def one_session() -> Iterator[Session]:
    """Every cluster that is opened in the block is one and the same, and it is left when the block ends, however it
    ends; in a block that lies in another, when the outer one ends."""
    around = _SESSION.get()
    if around is not None:
        yield around
        return
    session = Session()
    _SESSION.set(session)
    try:
        yield session
    finally:
        _SESSION.set(None)
        session.leave()


def leave_cluster() -> None:
    """Leave the cluster before the session ends: what follows does nothing there, and other runs wait for it."""
    session = _SESSION.get()
    if session is not None:
        session.leave()
