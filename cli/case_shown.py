"""``samkorning case show``: how a case stands, in words and for programs.

What belongs here: showing it. What must not: reckoning any of it (assets.steps.case_account).
"""

from collections.abc import Iterator
from typing import Any

import typer
from rich.table import Table

from assets.steps.case_account import LedgerEntry, MadeDelivery, case_account
from assets.steps.letters.waiting import names_not_sent
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
        "letters_not_sent": names_not_sent(desk, shown),
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
        "counts": entry.counts,
        "sent": entry.deliveries,
        **({"why": row.why} if row.why else {}),
    }


def _print_case(answer: dict[str, Any]) -> None:
    console.print(f"[bold]{answer['case']}[/bold] is {answer['state']}")
    _print_ledger(answer["ledger"])
    for line in (*_of_deliveries(answer), *_of_clocks(answer), *_of_persons(answer)):
        console.print(line, markup=False)


def _print_ledger(ledger: list[dict[str, Any]]) -> None:
    table = Table("source", "period", "holder", "status", "file that counts", "deliveries")
    for row in ledger:
        table.add_row(
            row["source"],
            str(row["period"] or ""),
            row["holder"],
            row["status"],
            str(row["counts"] or ""),
            ", ".join(row["deliveries"]),
        )
    console.print(table)
    for row in ledger:
        if "why" in row:
            console.print(f"{row['source']} {row['period'] or ''}: {row['why']}".replace(" :", ":"), markup=False)


def _of_deliveries(answer: dict[str, Any]) -> Iterator[str]:
    """Whom they are sealed for, which were made, which is next, and the letters that have not gone."""
    recipient = answer["recipient"]
    confirmed = "confirmed" if recipient["decided"] else "not confirmed"
    yield f"recipient: {recipient['name']}, {recipient['fingerprint']} ({confirmed})"
    if waiting := answer.get("not_handed_over"):
        yield f"not handed over: {', '.join(waiting)} (`samkorning delivery hand-over`)"
    for made in answer["deliveries"]:
        replaced = f"; replaced since: {', '.join(made.replaced)}" if made.replaced else ""
        yield f"{made.delivery} {made.on}: {made.kind}, {made.files} files, {made.rows} rows{replaced}{_lost(made)}"
    if (following := answer["next_delivery"]) is not None:
        by_itself = f", by itself from {following.by_itself_from}" if following.by_itself_from else ""
        yield f"next delivery: {following.delivery}, {following.kind}: {', '.join(following.units)}{by_itself}"
    if answer["letters_not_sent"]:
        yield f"letters not sent yet: {', '.join(answer['letters_not_sent'])} (`samkorning letter send`)"


def _lost(made: MadeDelivery) -> str:
    """The persons whom its sources lost, as its documents told."""
    if made.lost is None:
        return "; persons lost: not counted"
    lost = [
        f"{source} {'left out' if each['in_all'] is None else each['in_all']}" for source, each in made.lost.items()
    ]
    return f"; persons lost: {', '.join(lost)}" if lost else ""


def _of_clocks(answer: dict[str, Any]) -> Iterator[str]:
    """The code key, what runs out, what holders owe, and what is suggested."""
    key = answer["code_key"]
    until = f" until {key.until}" if key.until else ""
    yield f"code key: {key.state.replace('_', ' ')}{until}: {key.why} ({key.rule})"
    for clock in answer["clocks"]:
        yield f"{clock.due}  {clock.what} ({clock.rule})"
    for holder in answer["holders"]:
        if holder.asked is not None or holder.decided is not None:
            due = f", due {holder.due}" if holder.due and holder.decision == "asked" else ""
            yield f"{holder.holder}: {holder.decision}{due}"
    for each in answer["suggestions"]:
        yield f"suggested since {each.since}: {each.what}; `{each.command}` ({each.rule})"


def _of_persons(answer: dict[str, Any]) -> Iterator[str]:
    """Whose the days were, whose the case is, and whose the next act."""
    if answer["days"]:
        yield f"days so far: {_in_sum(answer['days'])}"
    if answer["officer"]:
        yield f"case officer: {answer['officer']}{_away(answer['officer'])}"
    act = answer["next_act"]
    yield f"next: {act.what} ({act.whose}{f', by {act.due}' if act.due else ''}){f'; {act.how}' if act.how else ''}"


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
