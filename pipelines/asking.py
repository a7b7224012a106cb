"""Asking for runs: what is wanted is held against what runs, what has run and what rests, and told in a sentence.

What belongs here: whether a run is asked for now, under which key, with which tags, and the sentence of a look. What
must not: what is wanted (pipelines.triggers), or work.

Nothing is remembered between looks. What is wanted is found anew each time; what has been tried for it stands in the
runs themselves, by their tag. Dagster remembers a run key for ever, so a key says which try it is: a run that was
killed, re-executed by hand or removed leaves nothing behind that a later try could be mistaken for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import dagster as dg

from pipelines.tries import standings
from resources.desk import Desk
from samkorning.case import EventKind
from samkorning.identity.redaction import redact_numbers

CASE, DELIVERY, KIND, HOLDER = (f"samkorning/{name}" for name in ("case", "delivery", "kind", "holder"))
"""Tags by which runs are found in the page: the case, the delivery that would come of it, what it is for, and whose
file it is about."""
WANTED = "samkorning/wanted"
"""The tag by which the tries for one thing are found: a digest of what is wanted, and the day."""
MOST = 25
"""Runs that one look asks for; the next look asks for the rest."""
NAMED = 8
"""Cases that a sentence names before it counts."""


@dataclass(frozen=True)
class Wanted:
    """A run that something calls for, and of which case, if of one.

    ``mark`` differs whenever there is something else to do. ``tags`` are found for a run that is asked for alone.
    """

    mark: str
    case: str | None = None
    tags: Callable[[], Mapping[str, str]] = dict
    config: Mapping[str, object] | None = None
    job: str | None = None
    called: str = ""
    """What it is called where it is of no case."""
    once: bool = False
    """Whether it is done once for good; anything else may be wanted again the next day."""

    @property
    def name(self) -> str:
        """What the sentence calls it."""
        return self.case or self.called


@dataclass
class Look:
    """What one look asked for, and what it left and why."""

    looked: str
    requests: list[dg.RunRequest] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    left: dict[str, list[str]] = field(default_factory=dict)

    def leave(self, why: str, name: str) -> None:
        """Enters something that no run is asked for."""
        self.left.setdefault(why, []).append(name)

    @property
    def sentence(self) -> str:
        """What was looked at, asked for and left, and why."""
        asked = f"asked for {len(self.asked)}: {_named(self.asked)}" if self.asked else "asked for nothing"
        left = [f"left {len(names)} ({why}): {_named(names)}" for why, names in self.left.items()]
        return redact_numbers("; ".join([f"looked at {self.looked}", asked, *left]))

    def result(self, partitions: Sequence[dg.AddDynamicPartitionsRequest] = ()) -> dg.SensorResult:
        """The same for Dagster. The page shows the sentence as the cursor, or as why nothing was asked for; no look
        ever reads it."""
        return dg.SensorResult(
            run_requests=self.requests,
            skip_reason=None if self.requests else self.sentence,
            cursor=self.sentence,
            dynamic_partitions_requests=list(partitions),
        )


def ask(desk: Desk, instance: dg.DagsterInstance, looked: str, wanted: Iterable[Wanted], most: int = MOST) -> Look:
    """Asks for a run of everything that is wanted, but for what runs already, has failed for a person to see, rests,
    or is beyond ``most``."""
    look, day = Look(looked), desk.clock.today()
    marked = {f"{'once' if each.once else day}:{each.name}:{each.mark}": each for each in wanted}
    tried = standings(instance, WANTED, marked, desk.clock.machine_time())
    for mark, each in marked.items():
        why_not = tried[mark].why_not or _rests(desk, each.case)
        if not why_not and len(look.requests) >= most:
            why_not = "for the next look"
        if why_not:
            look.leave(why_not, each.name)
        else:
            look.asked.append(each.name)
            look.requests.append(_request(each, mark, tried[mark].tries))
    return look


def _rests(desk: Desk, case: str | None) -> str:
    """Why no run is asked for of a case that is paused; the case itself is not opened for it."""
    newest = desk.cases.newest_of(case, EventKind.PAUSED, EventKind.RESUMED) if case else None
    return "paused; `case resume` takes it up" if newest is EventKind.PAUSED else ""


def _request(wanted: Wanted, mark: str, tries: int) -> dg.RunRequest:
    case = {CASE: wanted.case} if wanted.case else {}
    return dg.RunRequest(
        run_key=f"{mark}:{tries}",
        partition_key=wanted.case,
        job_name=wanted.job,
        run_config=dict(wanted.config) if wanted.config else None,
        tags={**case, **wanted.tags(), WANTED: mark},
    )


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
