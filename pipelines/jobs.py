"""Jobs: the delivery of a case, and the intake of its inbox.

What belongs here: which assets run together. What must not: when they run (sensors, schedules).
"""

import dagster as dg

from assets.graph import CASE, DELIVERY, LINKAGE, PERSONS, cases
from assets.guard import guarded, require_our_instance
from assets.steps.intake import take_in_held, take_in_or_hold
from assets.steps.unmatched import hold_unmatched
from resources import inbox
from resources.desk import Desk
from samkorning.errors import FileRefused, NotFound, RuleRefused

INBOX = "inbox"
"""Who takes files in when nobody does it by hand."""

deliver_job = dg.define_asset_job(
    "deliver",
    selection=dg.AssetSelection.groups(CASE, PERSONS, LINKAGE, DELIVERY),
    executor_def=dg.in_process_executor,
    description="From the case's received files and own registers to its next delivery.",
)


@dg.op(description="Takes in what lies whole in the inbox of one case; a refused file is set aside, the others go on.")
@guarded
def take_in_waiting_files(context: dg.OpExecutionContext, desk: dg.ResourceParam[Desk]) -> None:
    """Counts go to the log; the ledger has the rest."""
    released = len(take_in_held(desk, context.partition_key, INBOX))
    files = inbox.waiting_files(desk.home, context.partition_key)
    taken = sum(_take_in(desk, file) for file in files)
    context.log.info(f"{taken} files safe in the vault, {len(files) - taken} refused, {released} out of quarantine")


def _take_in(desk: Desk, file: inbox.WaitingFile) -> bool:
    """Whether the vault has the file now: taken in, or in quarantine before the decision or without a source."""
    try:
        take_in_or_hold(desk, desk.case(file.case), file.source, file.path, INBOX)
    except NotFound:
        hold_unmatched(desk, file, "the case awaits no such source", INBOX)
    except (FileRefused, RuleRefused):
        inbox.set_aside(file)
        return False
    inbox.remove(file)
    return True


@dg.op(description="Holds the inbox files of no known case encrypted, with their reason and clock.")
def hold_unmatched_files(context: dg.OpExecutionContext, desk: dg.ResourceParam[Desk]) -> None:
    """Counts go to the log; `samkorning file held` lists the files."""
    require_our_instance(context.instance)
    known = set(desk.cases.numbers())
    files = [file for file in inbox.waiting_files(desk.home) if file.case not in known]
    for file in files:
        hold_unmatched(desk, file, "no such case", INBOX)
        inbox.remove(file)
    context.log.info(f"{len(files)} files of no known case held in quarantine")


@dg.job(executor_def=dg.in_process_executor, description="Holds what came for no known case.")
def quarantine() -> None:
    """One step: all such files."""
    hold_unmatched_files()


@dg.job(
    partitions_def=cases, executor_def=dg.in_process_executor, description="Takes in a case's files from the inbox."
)
def intake() -> None:
    """One step: the files of one case."""
    take_in_waiting_files()
