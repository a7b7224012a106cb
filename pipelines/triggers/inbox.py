"""Sensors over the inbox: files that may be whole, of cases and of nobody.

What belongs here: asking for intake and quarantine. What must not: what makes a file whole
(samkorning.register_files.whole.wholeness), or taking one in.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable

import dagster as dg

from assets.guard import looking
from assets.steps.intake.inbox_files import worth_a_look
from pipelines.asking import KIND, Wanted, ask
from pipelines.dead_runs import end_dead_runs
from pipelines.jobs import intake, quarantine
from pipelines.triggers.partitions import missing_partitions
from resources.desk import Desk
from resources.inbox import lying_files


@dg.sensor(
    job=intake,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Asks for the intake of every case whose inbox has files that may be whole; says which others wait.",
)
@looking
def inbox_sensor(context: dg.SensorEvaluationContext, desk: dg.ResourceParam[Desk]) -> dg.SensorResult:
    """Before the decision such files go to quarantine. It also ends runs whose process has gone."""
    end_dead_runs(desk, context.instance)
    known, marks = set(desk.cases.numbers()), worth_a_look(desk)
    wanted = [_intake(case, found) for case, found in marks.items() if case in known]
    look = ask(desk, context.instance, f"the inbox: {_files(desk)}", wanted)
    return look.result(missing_partitions(context.instance, known))


@dg.sensor(
    job=quarantine,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Asks for the quarantine of inbox files that belong to no known case.",
)
@looking
def unmatched_files_sensor(context: dg.SensorEvaluationContext, desk: dg.ResourceParam[Desk]) -> dg.SensorResult:
    """All of them in one run."""
    known = set(desk.cases.numbers())
    marks = [mark for case, found in worth_a_look(desk).items() if case not in known for mark in found]
    wanted = [Wanted(digest(marks), called=f"{len(marks)} files", tags=lambda: {KIND: "quarantine"})] if marks else []
    return ask(desk, context.instance, f"{len(marks)} files of no known case", wanted).result()


def _intake(case: str, marks: Iterable[str]) -> Wanted:
    return Wanted(digest(marks), case, lambda: {KIND: "intake"})


def _files(desk: Desk) -> str:
    """How many files lie where."""
    waiting = Counter("/".join(file.place_without_numbers) for file in lying_files(desk.home))
    places = ", ".join(f"{place} ({count})" for place, count in waiting.items())
    return f"{places}; `samkorning file held` says what each waits for" if places else "it is empty"


def digest(parts: Iterable[str]) -> str:
    """One text for several, that says nothing of them."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
