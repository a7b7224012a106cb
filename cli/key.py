"""``samkorning key``: the code key of a case, in counts.

What belongs here: what may be known of a code key without opening a pair of it. What must not: numbers.
"""

from pathlib import Path
from typing import Annotated

import typer

from assets.steps import stores
from assets.steps.persons.impact import impact
from cli.parameters import CaseNumber
from cli.session import console, session
from resources.private import write_private

app = typer.Typer(help="The code key (kodnyckel) of a case.", no_args_is_help=True)


@app.command()
def show(case: CaseNumber) -> None:
    """How many serial numbers each series has, and in how many generations."""
    desk = session.desk
    found = desk.case(case)
    series = []
    for name in stores.series_in_use(desk, found):
        latest = stores.code_key(desk, found, name).latest()
        if latest is not None:
            series.append({"series": name, "serial_numbers": latest.rows, "generation": latest.number})
    kept = found.kept_until()
    answer = {"case": case, "series": series, "kept_until": kept}

    def print_answer() -> None:
        for row in series:
            console.print(f"{row['series']}: {row['serial_numbers']} serial numbers, generation {row['generation']}")
        console.print(f"kept until {kept}" if kept else "no decision keeps the code key")

    session.answer(answer, print_answer)


@app.command(name="impact")
def show_impact(
    case: CaseNumber,
    report: Annotated[Path | None, typer.Option("--report", help="Write serial numbers by delivery, as CSV.")] = None,
    corrections: Annotated[
        Path | None, typer.Option("--corrections", help="Write the correction file, serial number to serial number.")
    ] = None,
) -> None:
    """What a number history that came late means for serial numbers already drawn. It moves none of them."""
    desk = session.desk
    found = impact(desk, desk.case(case))
    desk.audit.append("impact", session.person(None, synthetic=True), case, desk.clock.now(), **found.facts())
    for path, frame in ((report, found.deliveries), (corrections, found.corrections)):
        if path is not None:
            write_private(path, frame.write_csv(separator=";"))
    answer = {"case": case, **found.facts()}

    def print_answer() -> None:
        console.print(f"{found.persons} persons carry more than one serial number")
        for name, count in found.facts().items():
            console.print(f"  {name.replace('_', ' ')}: {count}")

    session.answer(answer, print_answer)
