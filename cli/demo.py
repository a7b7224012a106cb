"""``samkorning demo``: one synthetic case from its order to its third delivery, and one found in registers.

What belongs here: the command and its closing table. What must not: the way itself (pipelines.demonstration).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from cli.session import console, errors, session
from samkorning.persons.attrition import in_words

if TYPE_CHECKING:
    from pipelines.demonstration import Demonstration
    from pipelines.register_study import RegisterStudy

ANY_SEED = 2221


def demo(
    persons: Annotated[int, typer.Option("--persons", min=100, help="Persons in the synthetic world.")] = 10_000,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same world.")] = ANY_SEED,
) -> None:
    """Runs a synthetic case from its order to three sealed deliveries, and one whose study is found in registers."""
    from pipelines.demonstration import demonstrate  # Dagster takes seconds to load: only where it is needed
    from pipelines.register_study import demonstrate_register_study

    def progress(line: str) -> None:
        errors.print(f"· {line}", style="dim", markup=False)

    made = demonstrate(session.desk, persons, seed, progress)
    second = demonstrate_register_study(session.desk, made.world, made.recipient, progress)
    answer = {
        "case": made.case,
        "deliveries": made.deliveries,
        "persons": made.persons,
        "serial_numbers": made.serial_numbers,
        "identity": str(made.identity),
        "register_study": {
            "case": second.case,
            "deliveries": second.deliveries,
            "attrition": [step.fact() for step in second.attrition],
        },
    }
    session.answer(answer, lambda: _show(made, second))


def _show(made: "Demonstration", second: "RegisterStudy") -> None:
    console.print(_row_flow_table(made))
    console.print(f"{made.persons} persons in the study population, {made.serial_numbers} serial numbers drawn\n")
    _show_deliveries(made.deliveries)
    console.print(_attrition_table(second))
    _show_deliveries(second.deliveries)
    first = made.deliveries[0]["path"]
    console.print(f"\nThe recipient's age identity: {_here(str(made.identity))}", soft_wrap=True)
    console.print("Open and verify the first delivery:")
    command = f".venv/bin/samkorning delivery open {_here(first)} --identity {_here(str(made.identity))} --to opened"
    console.print(f"  {command}", soft_wrap=True)
    console.print("  .venv/bin/samkorning delivery verify opened", soft_wrap=True)
    console.print("See the case in the Dagster page: make up")


def _show_deliveries(deliveries: Sequence[dict[str, Any]]) -> None:
    for delivery in deliveries:
        rows = sum(file["rows"] for file in delivery["files"])
        console.print(f"{delivery['delivery']} ({delivery['kind']}): {len(delivery['files'])} files, {rows} rows")
        console.print(f"  {_here(delivery['path'])}", soft_wrap=True)


def _attrition_table(second: "RegisterStudy") -> Table:
    table = Table("of", "criterion", "persons left", "removed", title=f"Case {second.case}, found in own registers")
    for row in in_words(second.attrition):
        table.add_row(*row)
    return table


def _row_flow_table(made: "Demonstration") -> Table:
    table = Table("source", "rows in", "linked", "dropped, and why", title=f"Case {made.case}")
    for flow in made.row_flows:
        why = ", ".join(f"{rows} {reason.replace('_', ' ')}" for reason, rows in flow.dropped.items())
        table.add_row(flow.source, str(flow.rows_in), str(flow.linked), why)
    return table


def _here(path: str) -> str:
    """A path as short as it can be typed from where the user stands."""
    full = Path(path)
    return str(full.relative_to(Path.cwd())) if full.is_relative_to(Path.cwd()) else path
