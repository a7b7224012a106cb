"""What the page shows of a case: state, next act, clocks, ledger, deliveries, code key; and of the files that came.

What belongs here: an account of a case in the page's forms. What must not: the account itself
(assets.steps.case_account).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg

from assets.shown.tables import filled_table, table
from assets.steps.case_account import CaseAccount, LedgerEntry
from assets.steps.persons.same_code_key import last_marks
from resources.desk import Desk
from samkorning.case import Case, Event, EventKind
from samkorning.case.ledger_account import CameIn, WentOut
from samkorning.case.remedies import who_may_take
from samkorning.years import spans

Metadata = dict[str, Any]


def case_metadata(desk: Desk, case: Case, account: CaseAccount) -> Metadata:
    """Everything that a reader asks of a case, the next act first."""
    act, today = account.next_act, desk.clock.today()
    can = who_may_take(f"{act.what} {act.how}", desk.office, today)
    return {
        "state": str(account.state),
        "next_act": act.what,
        "whose": act.whose,
        **({"how": act.how} if act.how else {}),
        **({"who_can": "; ".join(can)} if can else {}),
        "due": str(act.due) if act.due else "no day is set",
        "over_their_day": sum(clock.due < today for clock in account.clocks),
        "clocks": dg.MetadataValue.md(clocks_table(account)),
        "ledger": dg.MetadataValue.md(ledger_table(account)),
        "deliveries": dg.MetadataValue.md(deliveries_table(case, account)),
        **({"packages": dg.MetadataValue.md(packages_table(case))} if account.deliveries else {}),
        "next_delivery": _next_delivery(account),
        "code_key": _code_key(account),
        **code_key_mark(case),
        "events": len(case.events),
        "as_of": f"event {case.events[-1].number}, {case.events[-1].at:%Y-%m-%d %H:%M} UTC; looked at "
        f"{desk.clock.today()}",
    }


def clocks_table(account: CaseAccount) -> str:
    """The clocks that run, soonest first."""
    return table(["due", "what", "rule"], [(clock.due, clock.what, clock.rule) for clock in account.clocks])


def ledger_table(account: CaseAccount) -> str:
    """The ledger (leveranslista): each unit, where it stands and why, what came, and what it went out in.

    Years of a register that stand alike share a line; columns that say nothing are left out.
    """
    units: dict[tuple[str, ...], list[str]] = {}
    for entry in account.ledger:
        units.setdefault((entry.row.unit.source, *_standing(entry)), []).append(str(entry.row.unit))
    rows = [(units_in_words(alike), *standing) for (_, *standing), alike in units.items()]
    return filled_table(["what", "holder", "status", "why", "came"], rows)


def _standing(entry: LedgerEntry) -> tuple[str, ...]:
    row, went = entry.row, ", ".join(map(_went, entry.deliveries))
    status = str(row.status).replace("_", " ") + (f" in {went}" if went else "")
    return row.holder, status, row.why, ", ".join(map(_came, entry.files))


def _went(made: WentOut) -> str:
    return f"{made.delivery} (replaced by {made.replaced_by})" if made.replaced_by else made.delivery


def deliveries_table(case: Case, account: CaseAccount) -> str:
    """The deliveries that were made, and what became of each."""
    handed = {event.detail["delivery"]: event.detail["target"] for event in case.of(EventKind.HANDED_OVER)}
    rows = [
        (
            made.delivery,
            made.kind,
            made.on,
            made.files,
            made.rows,
            units_in_words(made.replaced),
            handed.get(made.delivery, ""),
        )
        for made in account.deliveries
    ]
    head = ["delivery", "kind", "day", "#files", "#rows", "replaced since", "handed over"]
    return filled_table(head, rows)


def packages_table(case: Case) -> str:
    """Where each delivery lies with its report."""
    return table(["package with report"], [(f"`{event.detail['path']}`",) for event in case.of(EventKind.DELIVERED)])


def units_in_words(units: Sequence[str]) -> str:
    """Units by their names, the years of a register together: ``lisa, lmed 2005-2007``."""
    years: dict[str, list[int]] = {}
    for unit in units:
        name, _, year = unit.partition(" ")
        years.setdefault(name, []).extend([int(year)] if year else [])
    return ", ".join(f"{name} {spans(found)}" if found else name for name, found in years.items())


def code_key_mark(case: Case) -> Metadata:
    """How far the code key had come by the last event that remembers it: generation, rows, and its keyed digest."""
    event, marks = last_marks(case)
    if event is None:
        return {}
    rows = [(name, mark["generation"], mark["rows"], mark["digest"][:16] + "…") for name, mark in sorted(marks.items())]
    said = table(["series", "#generation", "#rows", "digest"], rows)
    return {"code_key_as_recorded": dg.MetadataValue.md(said)}


def came_metadata(case: Case, files: Mapping[str, Event]) -> Metadata:
    """The newest file of each source of a class: rows, what was refused, and the report that its sender gets.

    :param files: source → the event by which its file counts.
    """
    details = {source: event.detail for source, event in files.items()}
    rows = [
        (
            source,
            files[source].at.date(),
            detail["rows"],
            detail["refused_rows"],
            f"`{_report_of(case, detail)}`" if detail.get("report") else "",
        )
        for source, detail in sorted(details.items())
    ]
    head = ["file of", "day", "#rows", "#rows refused", "report to the sender"]
    return {
        "files": len(files),
        "rows": sum(detail["rows"] for detail in details.values()),
        "rows_refused": sum(detail["refused_rows"] for detail in details.values()),
        "dagster/row_count": sum(detail["rows"] for detail in details.values()),
        "what_came": dg.MetadataValue.md(table(head, rows)),
    }


def _report_of(case: Case, detail: Mapping[str, Any]) -> str:
    names: Sequence[str] = sorted(detail["report"])
    page = next((name for name in names if name.endswith(".html")), names[0])
    return f"outbox/{case.number}/reports/{page}"


def _came(file: CameIn) -> str:
    rows = f" {file.rows} rows" if file.rows is not None else ""
    return f"{file.on} {file.outcome}{rows}"


def _next_delivery(account: CaseAccount) -> str:
    following = account.next_delivery
    if following is None:
        return "nothing is due"
    by_itself = f", by itself from {following.by_itself_from}" if following.by_itself_from else ""
    return f"{following.delivery}, {following.kind}: {units_in_words(following.units)}{by_itself}"


def _code_key(account: CaseAccount) -> str:
    key = account.code_key
    until = f" until {key.until}" if key.until else ""
    return f"{key.state.replace('_', ' ')}{until}: {key.why} ({key.rule})"
