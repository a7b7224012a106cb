"""What a holder says of a file before it comes: how many rows, and by when (R13).

What belongs here: the act, and which announcement holds for the next file. What must not: counting rows (intake holds
the file against the announcement as against its contract).
"""

from datetime import date

from samkorning.case.act import Act
from samkorning.case.events import Case, Event, EventKind
from samkorning.case.rules import source_is_awaited
from samkorning.errors import NotFound, RuleRefused


def announce(case: Case, source: str, rows: int | None, expected: date | None, today: date) -> Act:
    """A holder announces the next file of a source: its rows, the day on which it comes, or both.

    :raises NotFound: when the specification has no such source.
    """
    awaited = {declared.name for declared in case.specification.sources} | {"population", "number_history"}
    if source not in awaited:
        raise NotFound(f"case {case.number} has no source {source}")
    source_is_awaited(case, source)
    if rows is None and expected is None:
        raise RuleRefused("R13", "nothing is announced", "give --rows, --expected, or both")
    if expected is not None and expected < today:
        raise RuleRefused("R13", f"{expected} has passed", "give the day on which the file will come")
    said = {"rows": rows, "expected": expected.isoformat() if expected else None}
    return Act(EventKind.FILE_ANNOUNCED, {"source": source, **{name: value for name, value in said.items() if value}})


def announcement(case: Case, source: str) -> Event | None:
    """The newest announcement for the next file of a source: what was taken in since has used up those before it."""
    of_source = (
        event
        for event in reversed(case.of(EventKind.FILE_ANNOUNCED, EventKind.FILE_RECEIVED))
        if event.detail["source"] == source
    )
    newest = next(of_source, None)
    return newest if newest is not None and newest.kind is EventKind.FILE_ANNOUNCED else None
