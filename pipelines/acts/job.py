"""A job from a function: one act, its form, who acts, a preview that records nothing, and what the page is told.

What belongs here: what all acts have in common. What must not: any act.

An act is never repeated by itself: whether it was recorded is for a person to see. Acts of one case wait for each other
and for its deliveries, as all runs of a case do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_type_hints

import dagster as dg
from dagster._core.remote_origin import RemoteJobOrigin

from assets.graph import cases
from assets.guard import guarded, guarded_outside_cases
from assets.page_report import report_case
from assets.steps.recording import record, require_recordable
from pipelines.acts.acting import acting_person
from pipelines.acts.asked import Asked, looked_at
from pipelines.asking import CASE
from pipelines.purging import PARTITION_TAG
from pipelines.saying import say
from resources.desk import Desk
from samkorning.case import Case, state_of
from samkorning.case.act import Act
from samkorning.case.acts import seen_when_withdrawn
from samkorning.case.enquiries import TWO_WEEKS
from samkorning.case.repeated import done_already

NEVER_REPEATED = {"dagster/max_retries": "0"}
TASK = "samkorning/task"
"""The tag by which the page groups acts: the module they are in."""


@dataclass(frozen=True)
class At:
    """Where an act is taken and by whom. ``preview``: nothing may be changed."""

    desk: Desk
    instance: dg.DagsterInstance
    person: str
    preview: bool
    origin: RemoteJobOrigin | None
    """Where Dagster's daemon finds the jobs; nothing for a run that is not launched from the page."""

    @property
    def today(self) -> date:
        """The present day."""
        return self.desk.clock.today()

    def day(self, text: str | None) -> date:
        """A day that was typed, or today."""
        return date.fromisoformat(text) if text else self.today

    def deadline(self, text: str | None) -> date:
        """A last day that was typed, or two weeks from today."""
        return date.fromisoformat(text) if text else self.today + TWO_WEEKS


@dataclass(frozen=True)
class AtCase(At):
    """The same, of one case."""

    case: Case

    @property
    def number(self) -> str:
        """The case number."""
        return self.case.number


@dataclass(frozen=True)
class Done:
    """What an act did, or would do, as a sentence; and what the page shows beside it."""

    sentence: str
    shown: Mapping[str, Any] = field(default_factory=dict)
    opened: str | None = None
    """The case that it opened."""


After = Callable[[Desk, str, str], Any]
"""What follows an act that was recorded: of which case, and by whom."""


def act_on_case(take: Callable[..., Act | Done]) -> dg.JobDefinition:
    """The job of an act on one case, which the launch names as its partition.

    :param take: is given where and what, and gives the act to be recorded; or does what it does itself, but not in a
        preview, and says so.
    """
    return act_followed_by(None)(take)


def act_followed_by(after: After | None) -> Callable[[Callable[..., Act | Done]], dg.JobDefinition]:
    """The same of an act that something follows once it is recorded."""

    def job(take: Callable[..., Act | Done]) -> dg.JobDefinition:
        @guarded
        def act(context: dg.OpExecutionContext, desk: Desk, asked: Asked) -> Done:
            case, asked = desk.case(context.partition_key), looked_at(asked)
            person = acting_person(desk, context.run.tags, asked.acting, synthetic=case.order.synthetic)
            taken = take(
                AtCase(desk, context.instance, person, asked.preview, context.run.remote_job_origin, case), asked
            )
            if not isinstance(taken, Done):
                taken = _recorded(desk, case, person, taken, asked.preview, after)
            if not asked.preview:
                report_case(desk, context.instance, case.number)
            return taken

        return _job(take, act, partitions_def=cases)

    return job


def act_on_desk(take: Callable[..., Done]) -> dg.JobDefinition:
    """The job of an act that is of no one case, such as on registers."""
    return act_outside_cases(lambda desk, asked: desk.holds_synthetic_cases_alone())(take)


def act_outside_cases(synthetic: Callable[[Desk, Any], bool]) -> Callable[[Callable[..., Done]], dg.JobDefinition]:
    """The same of an act that itself says whether it concerns synthetic persons alone, in whose cases any name acts."""

    def job(take: Callable[..., Done]) -> dg.JobDefinition:
        @guarded_outside_cases
        def act(context: dg.OpExecutionContext, desk: Desk, asked: Asked) -> Done:
            asked = looked_at(asked)
            person = acting_person(desk, context.run.tags, asked.acting, synthetic=synthetic(desk, asked))
            return take(At(desk, context.instance, person, asked.preview, context.run.remote_job_origin), asked)

        return _job(take, act)

    return job


def _recorded(desk: Desk, case: Case, person: str, act: Act, preview: bool, after: After | None) -> Done:
    words, seen = act.kind.value.replace("_", " "), seen_when_withdrawn(act)
    shown = {name: str(act.detail[name]) for name in ("recipient", "fingerprint", "shortens") if name in act.detail}
    if preview:
        require_recordable(desk, case, person, act)
        return Done(f"would record for {case.number}, as {person}: {words}{seen}", shown)
    if (known := done_already(case, act, person)) is not None:
        return Done(f"{case.number}: {words} by {known.person} already, {known.at.date()}; nothing is added", shown)
    state = state_of(record(desk, case, person, act).events)
    if after is not None:
        after(desk, case.number, person)
    return Done(f"{case.number}: {words}, by {person}; the case is {state}{seen}", shown)


def _enter(context: dg.OpExecutionContext, desk: Desk, case: str) -> None:
    """A case that was opened has its partition, and the run that opened it goes with it when it is disposed of."""
    report_case(desk, context.instance, case)
    context.instance.add_run_tags(context.run_id, {CASE: case, PARTITION_TAG: case})


def _job(
    take: Callable[..., Any], act: Callable[..., Done], partitions_def: dg.PartitionsDefinition[str] | None = None
) -> dg.JobDefinition:
    name, text = take.__name__, " ".join((take.__doc__ or "").split())

    def body(context: dg.OpExecutionContext, config: Asked, desk: dg.ResourceParam[Desk]) -> None:
        done = act(context, desk, config)
        preview = "; nothing was recorded" if config.preview else ""
        if done.opened is not None:
            _enter(context, desk, done.opened)
        say(context, f"{done.sentence}{preview}", done.shown)

    body.__annotations__["config"] = get_type_hints(take, include_extras=True)["asked"]
    op = dg.op(name=f"{name}_step", description=text)(body)  # no two things in a repository have one name
    step: dict[dg.NodeInvocation, dict[str, dg.IDependencyDefinition]] = {dg.NodeInvocation(op.name, alias=name): {}}
    return dg.GraphDefinition(name=name, node_defs=[op], dependencies=step).to_job(
        description=text,
        executor_def=dg.in_process_executor,
        partitions_def=partitions_def,
        tags={**NEVER_REPEATED, TASK: take.__module__.rpartition(".")[2]},
    )
