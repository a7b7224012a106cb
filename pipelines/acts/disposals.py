"""Disposal (gallring) of a case: one person orders it, another confirms it by the same act.

What belongs here: the act. What must not: what is due and how it goes (assets.steps.retention), or the runs of a case
that is disposed of (pipelines.purging).
"""

import dagster as dg

from assets.steps.retention.disposing import Disposal, dispose, rehearse
from pipelines.acts.asked import Asked
from pipelines.acts.job import AtCase, Done, act_on_case


@act_on_case
def disposal_take(at: AtCase, asked: Asked) -> Done:
    """Orders the disposal of what is due, or confirms what another person has ordered; a preview shows what goes."""
    if at.preview:
        rows = rehearse(at.desk, [at.number])
        now = [row for row in rows if row["in_days"] == 0]
        return Done(f"{at.number}: {len(now)} things would go today, {len(rows) - len(now)} stay", _table(rows))
    done = dispose(at.desk, at.number, at.person)
    receipts = {f"receipt of {each.number}": each.receipt for each in done if each.receipt}
    return Done(f"{at.number}: {'; '.join(map(_words, done))}", receipts)


def _words(done: Disposal) -> str:
    if done.phase == "nothing":
        return "nothing is due"
    waits = f", which waits for {done.waits}" if done.waits else ""
    return f"{done.number} {done.phase}{waits}"


def _table(rows: list[dict[str, object]]) -> dict[str, dg.MarkdownMetadataValue]:
    lines = ["| what | first day | why | rule |", "|---|---|---|---|"]
    for row in sorted(rows, key=lambda row: (str(row["first_day"]), str(row["what"]))):
        lines.append(f"| {row['what']} | {row['first_day'] or 'not yet'} | {row['why']} | {row['rule']} |")
    return {"what goes when": dg.MetadataValue.md("\n".join(lines))}


JOBS = [disposal_take]
