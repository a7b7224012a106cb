"""One safeguard: what it protects, the text that is switched off, and the tests that must notice.

What belongs here: an entry of the list and applying it to a source. What must not: running anything (run).
"""

from dataclasses import dataclass
from pathlib import Path


class DoesNotApply(Exception):
    """The text of a safeguard is not in its file, or more than once: the entry has to follow the source."""


@dataclass(frozen=True)
class Safeguard:
    """A protective statement, call or comparison.

    ``text`` stands exactly once in ``file``; with ``instead`` in its place the safeguard is off and all else as before.
    ``noticed_by`` are test files, or single tests in them; at least one must then fail. ``short`` marks the ten that
    are tried in every build.
    """

    name: str
    protects: str
    file: str
    text: str
    instead: str
    noticed_by: tuple[str, ...]
    short: bool = False

    def switched_off(self, source: str) -> str:
        """The source without this safeguard.

        :raises DoesNotApply: where its text is not there exactly once.
        """
        found = source.count(self.text)
        if found != 1:
            raise DoesNotApply(f"{self.name}: its text stands {found} times in {self.file}, not once")
        return source.replace(self.text, self.instead)

    def switch_off(self, tree: Path) -> None:
        """Takes the safeguard out of a copy of the project, and what was compiled from it."""
        path = tree / self.file
        path.write_text(self.switched_off(path.read_text(encoding="utf-8")), encoding="utf-8")
        for compiled in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
            compiled.unlink()
