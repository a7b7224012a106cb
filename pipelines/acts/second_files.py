"""Two files of a source have come: a person chooses which of them counts (R13).

What belongs here: both acts. What must not: which files wait (samkorning.case.second_files), or taking one in
(assets.steps.intake).
"""

from typing import Annotated

from pydantic import Field

from assets.steps.intake import choosing
from assets.steps.intake.choosing import Choice
from pipelines.acts.asked import Asked, Reason, SourceName, Typed
from pipelines.acts.job import AtCase, Done, act_on_case
from samkorning import typed
from samkorning.case import EventKind


class AskedChoice(Asked):
    """Of which source, which of the files that wait, and why."""

    source: SourceName
    held: Annotated[str, Typed(typed.a_held_file)] = Field(
        description="The name under which the second file is held, as the case's ledger tells it."
    )
    reason: Reason


@act_on_case
def file_match(at: AtCase, asked: AskedChoice) -> Done:
    """Lets the second file of a source take the place of the one that counts (R13); a preview tells the rows."""
    choice, both = _choice(at, asked, EventKind.FILE_RECEIVED)
    told = f"{both['held']}, in place of the one that counts, {both['counts']}"
    if at.preview:
        return Done(f"{at.number}: would let in {asked.held} of {asked.source}, as {at.person}: {told}", both)
    choosing.let_in(at.desk, choice)
    return Done(f"{at.number}: {asked.held} of {asked.source} counts, by {at.person}: {told}", both)


@act_on_case
def file_refuse(at: AtCase, asked: AskedChoice) -> Done:
    """Refuses the second file of a source; the one that counts stands, and nobody is asked for another one (R13)."""
    choice, both = _choice(at, asked, EventKind.FILE_REFUSED)
    told = f"{both['held']}; the one that counts stands, {both['counts']}"
    if at.preview:
        return Done(f"{at.number}: would refuse {asked.held} of {asked.source}, as {at.person}: {told}", both)
    choosing.refuse(at.desk, choice)
    return Done(f"{at.number}: {asked.held} of {asked.source} is refused, by {at.person}: {told}", both)


def _choice(at: AtCase, asked: AskedChoice, kind: EventKind) -> tuple[Choice, dict[str, str]]:
    """What the person chooses, once the act may be taken, and the rows of both files."""
    choice = Choice(at.number, asked.source, asked.held, at.person, asked.reason)
    choosing.require_choice(at.desk, choice, kind)
    return choice, choosing.rows_of_both(at.case, asked.source, asked.held)


JOBS = [file_match, file_refuse]
