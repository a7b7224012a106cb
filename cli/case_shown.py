"""``samkorning case show``: how a case stands, in words and for programs.

What belongs here: showing it. What must not: reckoning any of it (assets.steps.case_account).
"""

from typing import Any

import typer
from rich.table import Table

from assets.steps.case_account import LedgerEntry, case_account
from cli.parameters import CaseNumber
from cli.session import console, session
from samkorning.case.days import Span
from samkorning.case.ledger_account import not_handed_over
from samkorning.case.recipient import is_decided


def add_to(app: typer.Typer) -> None:
    """Puts the command among those of ``case``."""
    app.command()(show)


def show(case: CaseNumber) -> None:
    """How a case stands: state, ledger, clocks and the next act."""
    desk = session.desk
    shown = desk.case(case)
    account = case_account(desk, shown)
    answer = {
        "case": shown.number,
        "state": account.state,
        "ledger": [_ledger_entry(entry) for entry in account.ledger],
        "deliveries": account.deliveries,
        "next_delivery": account.next_delivery,
        "code_key": account.code_key,
        "clocks": account.clocks,
        "next_act": account.next_act,
        "officer": account.officer,
        "holders": account.holders,
        "suggestions": account.suggestions,
        "days": account.days,
        "recipient": {
            "name": shown.order.recipient.name,
            "fingerprint": shown.recipient_fingerprint,
            "decided": is_decided(shown),
        },
        **({"not_handed_over": waiting} if (waiting := not_handed_over(shown)) else {}),
    }
    session.answer(answer, lambda: _print_case(answer))


def _ledger_entry(entry: LedgerEntry) -> dict[str, Any]:
    row = entry.row
    return {
        "source": row.unit.source,
        "period": row.unit.period,
        "holder": row.holder,
        "status": row.status,
        "deliveries": list(row.deliveries),
        "files": entry.files,
        "sent": entry.deliveries,
        **({"why": row.why} if row.why else {}),
    }


def _print_case(answer: dict[str, Any]) -> None:
    console.print(f"[bold]{answer['case']}[/bold] is {answer['state']}")
    table = Table("source", "period", "holder", "status", "deliveries")
    for row in answer["ledger"]:
        table.add_row(
            row["source"], str(row["period"] or ""), row["holder"], row["status"], ", ".join(row["deliveries"])
        )
    console.print(table)
    for row in answer["ledger"]:
        if "why" in row:
            console.print(f"{row['source']} {row['period'] or ''}: {row['why']}".replace(" :", ":"), markup=False)
    recipient = answer["recipient"]
    confirmed = "confirmed" if recipient["decided"] else "not confirmed"
    console.print(f"recipient: {recipient['name']}, {recipient['fingerprint']} ({confirmed})", markup=False)
    if waiting := answer.get("not_handed_over"):
        console.print(f"not handed over: {', '.join(waiting)} (`samkorning delivery hand-over`)")
    for made in answer["deliveries"]:
        replaced = f"; replaced since: {', '.join(made.replaced)}" if made.replaced else ""
        console.print(
            f"{made.delivery} {made.on}: {made.kind}, {made.files} files, {made.rows} rows{replaced}", markup=False
        )
    following = answer["next_delivery"]
    if following is not None:
        by_itself = f", by itself from {following.by_itself_from}" if following.by_itself_from else ""
        units = ", ".join(following.units)
        console.print(f"next delivery: {following.delivery}, {following.kind}: {units}{by_itself}", markup=False)
    key = answer["code_key"]
    until = f" until {key.until}" if key.until else ""
    console.print(f"code key: {key.state.replace('_', ' ')}{until}: {key.why} ({key.rule})", markup=False)
    for clock in answer["clocks"]:
        console.print(f"{clock.due}  {clock.what} ({clock.rule})")
    for holder in answer["holders"]:
        if holder.asked is not None or holder.decided is not None:
            due = f", due {holder.due}" if holder.due and holder.decision == "asked" else ""
            console.print(f"{holder.holder}: {holder.decision}{due}", markup=False)
    for each in answer["suggestions"]:
        console.print(f"suggested since {each.since}: {each.what}; `{each.command}` ({each.rule})", markup=False)
    if answer["days"]:
        console.print(f"days so far: {_in_sum(answer['days'])}", markup=False)
    if answer["officer"]:
        console.print(f"case officer: {answer['officer']}{_away(answer['officer'])}", markup=False)
    act = answer["next_act"]
    console.print(f"next: {act.what} ({act.whose}{f', by {act.due}' if act.due else ''})")


def _away(officer: str) -> str:
    """Until when an officer is away today, and who stands in."""
    away = session.desk.office.absence_of(officer, session.desk.clock.today())
    return f", away until {away.last_day}; {away.stand_in} stands in" if away is not None else ""


def _in_sum(spans: list[Span]) -> str:
    """How many days were whose, in the order in which they first were."""
    sums: dict[str, int] = {}
    for span in spans:
        name = span.name.replace("_", " ") or str(span.whose)
        sums[name] = sums.get(name, 0) + span.days
    return ", ".join(f"{name} {count}" for name, count in sums.items())
