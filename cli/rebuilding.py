"""``samkorning delivery rebuild``: a delivery is built again from its inputs and held against what was delivered.

What belongs here: naming the delivery, and showing what came of it. What must not: building (assets.steps.delivery).
"""

from pathlib import Path
from typing import Annotated

import typer

from assets.steps.delivery.rebuilding import Rebuilt, rebuild
from cli.parameters import Acting, delivery_number, named
from cli.session import console, errors, session
from samkorning.case_number import is_case_number, require_case_number, require_delivery_number
from samkorning.errors import NotFound


def rebuild_delivery(
    package: Annotated[
        str,
        typer.Argument(
            metavar="CASE|PACKAGE", help="Case number, or a package, its receipt or folder in the outbox of the home."
        ),
    ],
    delivery: Annotated[
        str | None, typer.Argument(help="The delivery, such as L001; not beside a package.", callback=delivery_number)
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine", help="polars or duckdb; the specification's without it.", callback=named("the engine")
        ),
    ] = None,
    acting: Acting = None,
) -> None:
    """Builds a delivery again from its inputs and says whether it is the same, byte for byte. Exit 1 if not."""
    case_number, number = _named(package, delivery)
    synthetic = session.desk.case(case_number).order.synthetic
    found = rebuild(session.desk, case_number, number, engine, session.person(acting, synthetic))
    answer = {
        "ok": found.ok,
        "case": found.case,
        "delivery": found.delivery,
        "engine": found.engine,
        "same_program": found.same_program,
        "files": [{"name": file.name, "same": file.same, "sha256": file.sha256} for file in found.files],
        "documents_same": found.documents_same,
        "problems": list(found.problems),
    }
    session.answer(answer, lambda: _show(found))
    raise typer.Exit(0 if found.ok else 1)


def add_to(app: typer.Typer) -> None:
    """Puts the command among those of its noun."""
    app.command(name="rebuild")(rebuild_delivery)


def _named(package: str, delivery: str | None) -> tuple[str, str]:
    """The case and the delivery that are meant.

    :raises NotFound: when that is neither a case with its delivery nor something in the outbox of the home.
    """
    if delivery is not None:
        return require_case_number(package), delivery
    if is_case_number(package):
        raise NotFound("name the delivery too, such as L001")
    outbox, path = (session.desk.home.root / "outbox").resolve(), Path(package).resolve()
    parts = path.relative_to(outbox).parts if path.is_relative_to(outbox) else ()
    if len(parts) < 2 or not path.exists():
        raise NotFound("that is no delivery in the outbox of the home; name case and delivery")
    return require_case_number(parts[0]), require_delivery_number(parts[1])


def _show(found: Rebuilt) -> None:
    for file in found.files:
        console.print(f"  {file.name}: {'the same' if file.same else 'NOT the same'}", markup=False)
    if not found.same_program:
        console.print("the program is another one than it was delivered with")
    for problem in found.problems:
        errors.print(problem, style="red", markup=False)
    if found.ok:
        console.print(f"{found.case} {found.delivery}: built again with {found.engine}, the same byte for byte")
