"""Jobs: the delivery of a case, and the intake of its inbox.

What belongs here: which assets run together. What must not: when they run (sensors, schedules).
"""

import dagster as dg

from assets.graph import CASE, DELIVERY, LINKAGE, PERSONS, cases
from assets.guard import guarded
from assets.intake import take_in
from resources import inbox
from resources.desk import Desk
from samkorning.errors import FileRefused, NotFound

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
    files = inbox.waiting_files(desk.home, context.partition_key)
    taken = sum(_take_in(desk, file) for file in files)
    context.log.info(f"{taken} files taken in, {len(files) - taken} refused")


def _take_in(desk: Desk, file: inbox.WaitingFile) -> bool:
    try:
        take_in(desk, desk.case(file.case), file.source, file.path, INBOX)
    except (FileRefused, NotFound):
        inbox.set_aside(file)
        return False
    inbox.remove(file)
    return True


@dg.job(
    partitions_def=cases, executor_def=dg.in_process_executor, description="Takes in a case's files from the inbox."
)
def intake() -> None:
    """One step: the files of one case."""
    take_in_waiting_files()
