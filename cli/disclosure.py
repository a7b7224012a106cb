"""``samkorning case disclosure|accept-disclosure``: how many persons are alike in what is to be delivered, and the
decision on it.

What belongs here: the two commands and how figures are shown. What must not: reckoning, or the rule (samkorning.case).
"""

from dataclasses import asdict
from typing import Any

import typer
from rich.markup import escape
from rich.table import Table

from cli.case import record_act
from cli.parameters import Acting, CaseNumber, Reason
from cli.session import console, session
from samkorning.case import Case
from samkorning.case.act import Act
from samkorning.case.disclosure import accept_disclosure, has_fallen, is_accepted
from samkorning.delivery.disclosure import TOGETHER, FileDisclosure, GroupFigures, told_together
from samkorning.delivery.disclosure.coarser import AS_DELIVERED


def add_to(app: typer.Typer) -> None:
    """Puts the commands among those of ``case``."""
    app.command()(disclosure)
    app.command(name="accept-disclosure")(accept)


def disclosure(case: CaseNumber) -> None:
    """How many persons are alike in the quasi-identifiers of what is to be delivered, and what less detail would do."""
    from pipelines.delivering import put_together  # Dagster takes seconds to load: only where it is needed

    if session.desk.case(case).specification.quasi_identifiers:
        put_together(session.desk, case)
    opened = session.desk.case(case)
    found = _figures(opened)
    told = [_fact(opened, each) for each in found]
    files = [fact for fact in told if fact["source"] != TOGETHER]
    together = next((fact for fact in told if fact["source"] == TOGETHER), None)
    accepted = all(fact["accepted"] for fact in told)
    answer = {"case": case, "accepted": accepted, "files": files, "together": together}
    session.answer(answer, lambda: _show(opened, found))


def _figures(case: Case) -> list[Any]:
    from assets.steps.delivery.delivering import present_plan  # and all that delivers with it
    from assets.steps.delivery.disclosing import disclosures

    return disclosures(session.desk, case, present_plan(session.desk, case))


def accept(case: CaseNumber, reason: Reason, acting: Acting = None) -> None:
    """Records that a person has seen these figures and lets what is to be delivered leave as it is."""

    def act(found: Case, person: str) -> Act:
        seen = _figures(found)
        return accept_disclosure(found, seen, reason, person)

    record_act(case, acting, act)


def _fact(case: Case, found: FileDisclosure) -> dict[str, Any]:
    known = {name: getattr(found, name) for name in ("file", "source", "sha256")}
    alternatives = [{"column": each.column, "how": each.how, **asdict(each.figures)} for each in found.alternatives]
    decided = {"accepted": is_accepted(case, found), "fell": has_fallen(case, found)}
    of_all = {"earlier": found.earlier, "unseen": found.unseen} if found.is_of_all else {}
    told = {"columns": found.columns, **asdict(found.figures), **decided, "alternatives": alternatives}
    return {**known, **of_all, **told}


def _show(case: Case, found: list[FileDisclosure]) -> None:
    if not found:
        console.print("nothing that is due has quasi-identifiers")
        return
    for each in found:
        table = Table("form", "persons", "smallest group", "alone", "under 3", "under 5", "under 10", title=each.file)
        table.add_row(f"{escape(', '.join(each.columns))} {AS_DELIVERED}", *_cells(each.figures))
        for other in each.alternatives:
            table.add_row(f"{escape(other.column)}: {other.how}", *_cells(other.figures))
        for line in told_together(each):
            console.print(escape(line))
        console.print(table)
        console.print("accepted" if is_accepted(case, each) else "not accepted: `case accept-disclosure` records it")


def _cells(figures: GroupFigures) -> list[str]:
    counts = (figures.persons, figures.k, figures.unique, *figures.in_groups_under.values())
    return ["" if count is None else str(count) for count in counts]
