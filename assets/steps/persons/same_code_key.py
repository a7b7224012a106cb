"""The same code key, or nothing is drawn, linked or delivered: what events remember of it, held against the vault.

What belongs here: marks for the events that concern a code key, and refusing a vault that does not hold the last ones.
What must not: how a mark is made (samkorning.code_key.marks). The objections are marked in the same way: a vault that
has lost one would bring somebody back.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from resources.desk import Desk
from samkorning.case import Case, Event
from samkorning.case.states import State, state_of
from samkorning.code_key.marks import holds, mark_from, mark_of
from samkorning.errors import VaultDamaged
from samkorning.keystore import RetentionClass

CODE_KEYS, OBJECTIONS = "code_keys", "objections"
PREFIX = "code_key."
Frames = Mapping[str, pl.DataFrame]

_held: dict[tuple[str, str, str], tuple[str, str]] = {}
"""What this process has found to be held: of a home, case and store, the generation's hash and the mark's digest."""


def marks_detail(desk: Desk, case: Case, changed: Frames | None = None) -> dict[str, Any]:
    """What an event remembers of the code keys: the mark of every store, as it lies there or as it will be.

    :param changed: the rows that some stores will have when the act of the event is done, by name of the store.
    """
    changed = changed or {}
    secret = desk.event_secrets[-1]
    names = sorted({*_names(desk, case), *changed})
    frames = {name: changed[name] if name in changed else _rows(desk, case, name) for name in names}
    return {CODE_KEYS: {name: mark_of(rows, secret, case.number, name).fields() for name, rows in frames.items()}}


def last_marks(case: Case) -> tuple[Event | None, Mapping[str, Any]]:
    """The newest event that remembers the code keys, and its marks; nothing once they are disposed of."""
    if state_of(case.events) is State.DISPOSED:
        return None, {}
    event = next((event for event in reversed(case.events) if CODE_KEYS in event.detail), None)
    return event, event.detail[CODE_KEYS] if event else {}


def require_same_code_key(desk: Desk, case: Case) -> None:
    """Refuse a vault that does not hold the code keys and objections of which an event remembers the marks.

    :raises VaultDamaged: naming the event and what to restore.
    """
    lacking = _lacking(desk, case, {})
    if lacking:  # an act may have been recorded since the caller read the case
        case = desk.case(case.number)
        lacking = _lacking(desk, case, {})
    if lacking:
        event, _ = last_marks(case)
        assert event is not None, "what is lacking was left by an event"  # noqa: S101
        raise VaultDamaged(_what_is_lacking(case, event, lacking))


def lacking_marks(desk: Desk, case: Case) -> list[str]:
    """The stores that do not hold what the last event remembers of them."""
    return _lacking(desk, case, {})


def require_same_afterwards(desk: Desk, case: Case, changed: Frames) -> None:
    """Let an act change a code key that is held as remembered, or that will be: an act that broke off is repeated.

    :raises VaultDamaged: as ``require_same_code_key``.
    """
    if _lacking(desk, case, changed):
        require_same_code_key(desk, case)


def without_number(desk: Desk, case: Case, event: Event) -> dict[str, tuple[int, int]]:
    """Of each code key that is not held as an event remembers it: how many of its serial numbers stand for nobody, and
    how many it had."""
    found = {}
    for name, fields in event.detail.get(CODE_KEYS, {}).items():
        mark, rows = mark_from(fields), _rows(desk, case, name)
        if name.startswith(PREFIX) and not holds(rows, mark, desk.event_secrets, case.number, name):
            then = rows.filter(pl.col("generation") <= mark.generation)
            found[name] = (mark.rows - then["number"].drop_nulls().len(), mark.rows)
    return found


def _lacking(desk: Desk, case: Case, changed: Frames) -> list[str]:
    """The stores that do not hold what the last event remembers of them."""
    _, marks = last_marks(case)
    return [name for name in sorted(marks) if not _is_held(desk, case, name, marks[name], changed)]


def _is_held(desk: Desk, case: Case, name: str, fields: Mapping[str, Any], changed: Frames) -> bool:
    mark = mark_from(fields)
    if name in changed:
        return holds(changed[name], mark, desk.event_secrets, case.number, name)
    place = (str(desk.home.root), case.number, name)
    found = (_sha256(desk, case, name), mark.digest)
    if _held.get(place) != found:
        if not holds(_rows(desk, case, name), mark, desk.event_secrets, case.number, name):
            return False
        _held[place] = found
    return True


def _what_is_lacking(case: Case, event: Event, lacking: list[str]) -> str:
    number = event.detail.get("delivery")
    act = f"event {event.number} ({event.kind.value.replace('_', ' ')})"
    what = f"{number} was delivered with" if number else f"{act} left"
    names = ", ".join(lacking)
    repeat = "" if number else "; if that act was broken off, repeat it"
    return (
        f"case {case.number}: the vault does not hold what {what} on {event.at:%Y-%m-%d} ({names}): vault and keystore "
        f"are older than the case register; stop and restore both from backups of after {event.at:%Y-%m-%d %H:%M}"
        f"{repeat}"
    )


def _names(desk: Desk, case: Case) -> list[str]:
    names = desk.vault.stores(case.number, RetentionClass.CODE_KEY)
    return [name for name in names if name.startswith(PREFIX) or name == OBJECTIONS]


def _rows(desk: Desk, case: Case, name: str) -> pl.DataFrame:
    """The rows of a store as a code key has them; objections have no serial numbers, and none of a missing store."""
    rows = pl.LazyFrame(schema={"number": pl.Int64})
    if desk.vault.has_store(case.number, RetentionClass.CODE_KEY, name):
        store = desk.vault.open_store(case.number, RetentionClass.CODE_KEY, name)
        rows = store.scan() if store.latest() else rows
    return as_marked(rows.collect())


def as_marked(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the columns of a code key: for objections the number's place takes that of the serial number."""
    if "serial_number" in rows.columns:
        return rows
    places = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).alias("serial_number")
    return rows.sort("number").with_columns(places, pl.lit(0, pl.Int16).alias("generation"))


def _sha256(desk: Desk, case: Case, name: str) -> str:
    if not desk.vault.has_store(case.number, RetentionClass.CODE_KEY, name):
        return ""
    latest = desk.vault.open_store(case.number, RetentionClass.CODE_KEY, name).latest()
    return latest.sha256 if latest else ""
