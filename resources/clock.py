"""The clock: the only place that asks what time it is.

What belongs here: now and today. What must not: deadlines (samkorning.case.clocks).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime


@dataclass(frozen=True)
class Clock:
    """Time in UTC; or the given day, at the present time of day, in homes of synthetic cases alone."""

    day: date | None = None

    def now(self) -> datetime:
        """The present moment, in UTC."""
        now = datetime.now(UTC)
        return datetime.combine(self.day, now.timetz()) if self.day else now

    def today(self) -> date:
        """The present day."""
        return self.now().date()

    def machine_time(self) -> datetime:
        """The machine's own time, by which file systems date their files, whatever day is set."""
        return datetime.now(UTC)
