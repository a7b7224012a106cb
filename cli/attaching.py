"""``samkorning case attach|documents|document``: the documents that come with an order.

What belongs here: the commands. What must not: which document a file is (samkorning.case.attaching).
"""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from assets.steps.attaching import Attached, attach_file, document_of, write_document
from cli.parameters import Acting, CaseNumber
from cli.session import console, session
from samkorning.case.attaching import documents
from samkorning.errors import NotFound
from samkorning.identity.redaction import redact_file_name
from samkorning.order.attachments import AttachmentKind


def add_to(app: typer.Typer) -> None:
    """Puts the commands among those of ``case``."""
    app.command(name="attach")(attach)
    app.command(name="documents")(list_documents)
    app.command(name="document")(document)


def attach(
    case: CaseNumber,
    files: Annotated[list[Path], typer.Argument(help="Documents, by the file names that the order lists.")],
    kind: Annotated[
        AttachmentKind | None, typer.Option("--kind", help="What it is, where the order does not list it.")
    ] = None,
    dated: Annotated[str | None, typer.Option("--dated", help="The day that stands on it, YYYY-MM-DD.")] = None,
    acting: Acting = None,
) -> None:
    """Takes documents to a case: ethics decision, consent forms, research plan, agreements (R03). They are archived."""
    day = date.fromisoformat(session.day(dated)) if dated else None
    person = session.person(acting, session.desk.case(case).order.synthetic)
    taken: list[Attached] = []
    for file in files:
        taken.append(attach_file(session.desk, session.desk.case(case), file, person, kind, day))
    said = [f"{each.file}: {'is there already' if each.was_there else 'attached'}" for each in taken]
    session.answer({"case": case, "documents": taken}, lambda: console.print("\n".join(said), markup=False))


def list_documents(case: CaseNumber) -> None:
    """The documents of a case: attached, awaited, or changed in the order since."""
    found = [
        {
            "kind": each.kind,
            "title": each.title,
            "standing": each.standing,
            "file": each.event.detail["file"] if each.event else None,
            "dated": each.event.detail["dated"] if each.event else None,
            "sha256": each.event.detail["sha256"] if each.event else None,
        }
        for each in documents(session.desk.case(case))
    ]

    def show() -> None:
        table = Table("document", "title", "standing", "file", "dated")
        for row in found:
            cells = (str(row["kind"]).replace("_", " "), row["title"], row["standing"], row["file"], row["dated"])
            table.add_row(*(str(each or "") for each in cells))
        console.print(table if found else "the case has no documents")

    session.answer({"case": case, "documents": found}, show)


def document(
    case: CaseNumber,
    file: Annotated[str, typer.Argument(help="The file name of an attached document.")],
    out: Annotated[Path, typer.Option("--out", help="Where to write it; a file that is there stays.")],
    acting: Acting = None,
) -> None:
    """Writes a document of a case as it came, once it is proven to be that."""
    found = session.desk.case(case)
    person = session.person(acting, found.order.synthetic)
    if out.exists():
        raise NotFound(f"{redact_file_name(out.name)} is there already; name another file")
    write_document(session.desk, found, document_of(found, file), person, out)
    session.answer({"case": case, "written": str(out)}, lambda: console.print(f"written to {out}", markup=False))
