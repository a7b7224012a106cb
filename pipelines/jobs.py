"""Jobs: the delivery of a case, and the intake of its inbox.

What belongs here: which assets run together. What must not: when they run (triggers).
"""

from collections.abc import Iterable

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from assets.graph import cases
from assets.guard import guarded, guarded_outside_cases
from assets.page_report import report_case
from assets.steps.delivery.handing_over import hand_over
from assets.steps.intake.inbox_files import receive_or_set_aside, refuse_unread, standings, whole_files
from assets.steps.intake.receiving import receive_held_files
from assets.steps.intake.unmatched import hold_unmatched
from assets.steps.persons.impact import impact
from assets.steps.reminding import remind_where_due
from assets.steps.retention.disposing import complete
from pipelines.case_definitions import TAKEN_UP, deliver_job
from pipelines.saying import say
from resources import inbox
from resources.desk import Desk
from resources.inbox import WaitingFile
from samkorning.case.roles import SERVICE
from samkorning.register_files.whole.wholeness import Standing

INBOX = "inbox"
"""Who takes files in when nobody does it by hand."""


@dg.op(description="Takes in what lies whole in the inbox of one case; a refused file is set aside, the others go on.")
@guarded
def take_in_waiting_files(context: dg.OpExecutionContext, desk: dg.ResourceParam[Desk]) -> None:
    """It says counts; the ledger has the rest."""
    released = len(receive_held_files(desk, context.partition_key, INBOX))
    found = list(standings(desk, context.partition_key))
    whole = [file for file, how in found if how is Standing.WHOLE]
    taken, failure = _receive_each(desk, whole)
    for file, how in found:
        refuse_unread(desk, file, how, INBOX)
    if failure is not None:
        raise failure
    say(context, f"{taken} files safe in the vault, {released} out of quarantine, {len(found) - taken} others")


def _receive_each(desk: Desk, files: Iterable[WaitingFile]) -> tuple[int, Exception | None]:
    """How many are safe now, and the first failure that nobody foresaw: it stops none of the other files."""
    taken, failure = 0, None
    for file in files:
        try:
            taken += receive_or_set_aside(desk, file, INBOX)
        except Exception as error:
            failure = failure or error
    return taken, failure


@dg.op(description="Holds the inbox files of no known case encrypted, with their reason and clock.")
@guarded_outside_cases
def hold_unmatched_files(context: dg.OpExecutionContext, desk: dg.ResourceParam[Desk]) -> None:
    """It says counts; `samkorning file held` lists the files."""
    unknown = {file.case for file in inbox.lying_files(desk.home)} - set(desk.cases.numbers())
    files = [file for case in sorted(unknown) for file in whole_files(desk, case)]
    for file in files:
        hold_unmatched(desk, file, "no such case", INBOX)
        inbox.remove(file)
    say(context, f"{len(files)} files of no known case held in quarantine")


@dg.job(executor_def=dg.in_process_executor, tags=TAKEN_UP, description="Holds what came for no known case, encrypted.")
def quarantine() -> None:
    """One step: all such files."""
    hold_unmatched_files()


@dg.job(
    partitions_def=cases,
    executor_def=dg.in_process_executor,
    tags=TAKEN_UP,
    description="Takes in a case's files from the inbox.",
)
def intake() -> None:
    """One step: the files of one case."""
    take_in_waiting_files()


@dg.op(description="Takes a disposal that two persons have decided to its end; orders and confirms nothing.")
@guarded
def complete_what_was_confirmed(context: dg.OpExecutionContext, desk: dg.ResourceParam[Desk]) -> None:
    """Receipts lie in the home."""
    done = complete(desk, context.partition_key, SERVICE)
    say(context, "; ".join(f"{each.number or ''} {each.phase}".strip() for each in done))


@dg.job(
    partitions_def=cases,
    executor_def=dg.in_process_executor,
    tags=TAKEN_UP,
    description="Goes on with a disposal that was confirmed: what broke off, and its second receipt.",
)
def complete_disposal() -> None:
    """One step."""
    complete_what_was_confirmed()


@dg.op(description="What a number history that came late means for serial numbers that have left, in counts.")
@guarded
def look_into_history(context: dg.OpExecutionContext, desk: dg.ResourceParam[Desk]) -> None:
    """It moves no serial number; a person decides with `code_key_impact` and `key impact`."""
    case = context.partition_key
    found = impact(desk, desk.case(case)).facts()
    desk.audit.append("impact", SERVICE, case, desk.clock.now(), **found)
    say(context, ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in found.items()), found)


@dg.job(
    partitions_def=cases,
    executor_def=dg.in_process_executor,
    tags=TAKEN_UP,
    description="Looks into a number history that came after the first delivery; moves no serial number.",
)
def number_history() -> None:
    """One step."""
    look_into_history()


@dg.op(description="Records the reminders of a case that are due, each once.")
@guarded
def remind_of_what_is_owed(context: dg.OpExecutionContext, desk: dg.ResourceParam[Desk]) -> None:
    """What follows when nobody answers is for a person."""
    done = remind_where_due(desk, context.partition_key)
    say(context, f"reminded of: {', '.join(each.about for each in done) or 'nothing, it is settled'}")
    report_case(desk, context.instance, context.partition_key)


@dg.job(
    partitions_def=cases,
    executor_def=dg.in_process_executor,
    tags=TAKEN_UP,
    description="Reminds the orderer or a holder of what is owed and late; each thing once.",
)
def remind() -> None:
    """One step."""
    remind_of_what_is_owed()


@dg.op(description="Hands over what a target has not taken yet; what is there already is not sent again.")
@guarded
def hand_over_what_waits(context: dg.OpExecutionContext, desk: dg.ResourceParam[Desk]) -> None:
    """What cannot be reached fails, and is tried again; what is refused waits for a person."""
    done = hand_over(desk, desk.case(context.partition_key), SERVICE)
    say(
        context, ", ".join(f"{each['delivery']} to {each['target']}" for each in done) or "nothing is to be handed over"
    )
    report_case(desk, context.instance, context.partition_key)


@dg.job(
    partitions_def=cases,
    executor_def=dg.in_process_executor,
    tags=TAKEN_UP,
    description="Hands over again what a target could not be reached for; goes on from what has arrived.",
)
def hand_over_again() -> None:
    """One step."""
    hand_over_what_waits()


JOBS: list[dg.JobDefinition | UnresolvedAssetJobDefinition] = [
    deliver_job,
    intake,
    quarantine,
    remind,
    number_history,
    complete_disposal,
    hand_over_again,
]
