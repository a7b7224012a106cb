"""``samkorning file guards``: what the process that reads a file is kept from on this machine.

What belongs here: showing them. What must not: the guards themselves (samkorning.guards).
"""

from rich.table import Table

from cli.session import console, session
from samkorning.guards import PREVENTS
from samkorning.register_files.guarded import guards_here


def guards() -> None:
    """Which guards stand around the process that reads a file here, tried out; an absent one is told by name."""
    standing = guards_here()
    absent = [guard.value for guard, stands in standing.items() if not stands]
    answer = {"guards": {guard.value: stands for guard, stands in standing.items()}, "absent": absent}

    def show() -> None:
        table = Table("guard", "here", "keeps a reader of files from")
        for guard, stands in standing.items():
            table.add_row(guard.value.replace("_", " "), "stands" if stands else "ABSENT", PREVENTS[guard])
        console.print(table)

    session.answer(answer, show)
