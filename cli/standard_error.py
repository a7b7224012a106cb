"""Standard error, kept for what this program says itself.

What belongs here: the one place that closes standard error to everything else. What must not: what is said.

Libraries print errors with their texts, and the texts hold SQL with its parameters, or cells. Dagster writes there when
its event log fails, SQLAlchemy and alembic log, threads of Polars and DuckDB write to the descriptor itself, Python
prints exceptions in threads, in finalisers and at the end. Handlers and hooks are many and change with every version,
so the descriptor is led to nowhere, for this process and for those that it starts; ours go to a copy of it.
"""

import os
import sys
from contextlib import suppress
from typing import TextIO, cast


class StandardError:
    """What our own sentences are written to: standard error, before and after it is ours alone."""

    def __init__(self) -> None:
        self._copy: TextIO | None = None

    def alone(self) -> None:
        """From now on nothing else that this process or its children print reaches standard error.

        Where a caller in this process has put something else in its place, that stays.
        """
        if sys.stderr is not sys.__stderr__:
            return
        self._copy = os.fdopen(os.dup(2), "w", encoding="utf-8", errors="backslashreplace")
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)

    @property
    def stream(self) -> TextIO:
        """The same, for whoever asks for a file."""
        return cast(TextIO, self)

    def write(self, text: str) -> int:
        """Writes a part of a sentence; where standard error itself lies on a full disk, the exit code has to do."""
        with suppress(OSError):
            self._stream().write(text)
        return len(text)

    def flush(self) -> None:
        """Lets it be seen."""
        with suppress(OSError):
            self._stream().flush()

    def isatty(self) -> bool:
        """Whether a person sits before it."""
        return self._stream().isatty()

    def fileno(self) -> int:
        """Its descriptor, by which the width of a terminal is found."""
        return self._stream().fileno()

    def _stream(self) -> TextIO:
        return self._copy or sys.stderr


OURS = StandardError()
