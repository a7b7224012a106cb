"""How far long work has come, on a terminal: rows or bytes done, of how many, and the time left.

What belongs here: showing it on standard error, where a person sits before it. What must not: any name or value.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from samkorning.machine.progress import Advance, Unwatched, Work


class Done(ProgressColumn):
    """``1 200 000 of 5 000 000 rows``, ``1.2 GB of 5.0 GB``; of how many is left out where it is not known."""

    def render(self, task: Task) -> Text:
        """The column of one piece of work."""
        said, unit = (_bytes, "") if task.fields["of_bytes"] else (_grouped, " rows")
        of = "" if task.total is None else f" of {said(max(task.total, task.completed))}"
        return Text(f"{said(task.completed)}{of}{unit}")


class Shown:
    """A line for each piece of work; it goes when the work ends."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), Done(), TimeRemainingColumn())
        self._lines = Progress(*columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
        self._under_way, self._lock = 0, Lock()

    @contextmanager
    def of(self, work: Work, size: int | None) -> Iterator[Advance]:
        """Show one piece of work until the block ends."""
        self._count(1)
        line = self._lines.add_task(work.value, total=size, of_bytes=work.is_of_bytes)
        try:
            yield lambda done: self._lines.advance(line, done)
        finally:
            self._lines.refresh()
            self._lines.remove_task(line)
            self._count(-1)

    def waits(self, sentence: str) -> None:
        """Say whom this process waits for, above the lines of work."""
        self._lines.console.print(sentence, style="dim", markup=False)

    def over(self) -> None:
        """Give the terminal back before a command's last words, whatever work has been broken off."""
        self._lines.stop()

    def _count(self, more: int) -> None:
        """The first piece of work takes the terminal, the last gives it back."""
        with self._lock:
            self._under_way += more
            if self._under_way == 1 and more == 1:
                self._lines.start()
            if self._under_way == 0:
                self._lines.stop()


def progress_on(console: Console, json: bool) -> Shown | Unwatched:
    """Shown where a person sits before standard error and no program reads the answer; else nobody watches."""
    return Shown(console) if console.is_terminal and not json else Unwatched()


def _grouped(rows: float) -> str:
    return f"{int(rows):,}".replace(",", " ")


def _bytes(size: float) -> str:
    return decimal(int(size))
