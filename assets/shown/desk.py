"""What the page shows of the register desk as a whole.

What belongs here: the account of the desk in the page's forms. What must not: reckoning it
(assets.steps.desk_account).
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import dagster as dg

from assets.shown.tables import IN_PLACE, UNBROKEN, table
from assets.steps.desk_account import DeskAccount, DueThing

MOST, MOST_OF_ALL = 25, 50
"""Rows of a table; the rest is a number and the command that shows it."""
LEFT, WIDE, STEP = 90, 200, 13
STATES = ("opened", "specified", "approved", "delivered", "ended", "disposed")


def desk_metadata(account: DeskAccount, runs: Mapping[str, int]) -> dict[str, Any]:
    """Everything that a reader asks of the desk, what to do first.

    :param runs: how many runs of the last day failed, and how many are under way, in words.
    """
    late = sum(thing.day < str(account.today) for thing in account.due)
    return {
        "as_of": str(account.today),
        "cases": sum(account.states.values()),
        "cases_by_state": dg.MetadataValue.md(states_picture(account.states)),
        "due_this_week": len(account.due) - late,
        "over_their_day": late,
        **_things("due", account.due),
        **_things("waits_for_a_person", [replace(one, what=_act(one.what)) for one in account.waiting]),
        "waits_for": dg.MetadataValue.md(table(["whose act", "#cases"], list(account.waits_for.items())[:MOST])),
        "deliveries_stopped": dg.MetadataValue.md(table(["case", "stopped by", "remedy"], _stopped(account))),
        "files_in_quarantine": account.held,
        "files_in_the_inbox": account.in_inbox,
        "register_years": dg.MetadataValue.md(table(["register", "years", "waits for a person"], account.registers)),
        "lead_times": dg.MetadataValue.md(_lead_times(account)),
        "health": dg.MetadataValue.md(_health(account, runs)),
    }


def states_picture(states: Mapping[str, int]) -> str:
    """A bar a state, in the order in which a case comes to them, with its number of cases."""
    known = [*(state for state in STATES if state in states), *sorted(set(states) - set(STATES))]
    most = max(states.values(), default=1)
    bars = "".join(
        f'<text y="{STEP * place + 9}">{state}</text>'
        f'<path fill="#246" d="M{LEFT} {STEP * place + 1}h{max(round(WIDE * states[state] / most), 1)}v9H{LEFT}z"/>'
        f'<text x="{LEFT + WIDE + 6}" y="{STEP * place + 9}">{states[state]}</text>'
        for place, state in enumerate(known)
    )
    size = f'width="{LEFT + WIDE + 50}" height="{max(STEP * len(known), STEP)}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" font-size="9" {size}>{bars}</svg>'
    said = ", ".join(f"{states[state]} {state}" for state in known) or "no case"
    return f"![{said}](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"


def _things(name: str, things: Sequence[DueThing]) -> dict[str, Any]:
    """As many as the page draws in place; where there are more, all of them behind a link."""
    whole = _table_of(things[:MOST_OF_ALL])
    if len(whole) <= IN_PLACE and len(things) <= MOST_OF_ALL:
        return {name: dg.MetadataValue.md(whole)}
    fit = max(count for count in range(MOST) if len(_table_of(things[:count])) <= IN_PLACE - len(MORE))
    rest = len(things) - MOST_OF_ALL
    whole += f"\n\nand {rest} more: `samkorning case list`" if rest > 0 else ""
    at_once = f"{_table_of(things[:fit])}\n\n{MORE.format(len(things) - fit)}"
    return {name: dg.MetadataValue.md(at_once), f"{name}_all": dg.MetadataValue.md(whole)}


def _act(what: str) -> str:
    """An act without how it is taken, which the page of the case says."""
    return what.partition(": ")[0]


MORE = "and {} more below"


def _table_of(things: Sequence[DueThing]) -> str:
    rows = [(one.day, case_link(one.case), one.what, one.whose) for one in things]
    return table(["day", "case", "what", "whose"], rows)


def case_link(number: str) -> str:
    """A case number that leads to the case's own page."""
    return f"[{number.replace('-', UNBROKEN)}](/assets/case?view=partitions&partition={number})"


def _stopped(account: DeskAccount) -> list[tuple[str, str, str]]:
    return [(case_link(number), check, remedy) for number, check, remedy in account.stopped[:MOST]]


def _lead_times(account: DeskAccount) -> str:
    rows = [
        (each.what, each.delivered, _rounded(each.median_days), each.waiting, _rounded(each.median_days_waiting))
        for each in account.lead_times
    ]
    return table(["cases", "#delivered", "#median days to it", "#waiting", "#median days so far"], rows)


def _health(account: DeskAccount, runs: Mapping[str, int]) -> str:
    unread = ", ".join(account.not_read[:MOST])
    rows = [
        ("cases that cannot be read", len(account.not_read), f"{unread}: `samkorning doctor`" if unread else ""),
        ("free on the disk of the home, GB", f"{account.free_bytes / 1e9:.1f}", ""),
        *((name, count, "see Runs" if count else "") for name, count in runs.items()),
    ]
    return table(["what", "#how many", "what to do"], rows)


def _rounded(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
