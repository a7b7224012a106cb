"""``samkorning order``: an order before it is a case."""

import hashlib
from pathlib import Path
from typing import Annotated, Literal

import typer

from assets.steps.coming_orders import ONE_OR_THE_OTHER, ComingOrder, may_be_an_order, order_from, shown_name, text_of
from cli.session import console, session
from samkorning.identity.redaction import no_file
from samkorning.order import Order
from samkorning.order.attachments import files_lacking
from samkorning.order.completeness import missing
from samkorning.order.fingerprint import fingerprint
from samkorning.order.reading import read_incoming_order

app = typer.Typer(help="Orders (beställningar).", no_args_is_help=True)


@app.callback()
def order() -> None:
    """Orders (beställningar)."""


OrderFiles = Annotated[
    list[Path], typer.Argument(help="The order: one YAML file, or Excel workbooks (xlsx, xlsm; lists in csv too).")
]


@app.command()
def check(
    files: OrderFiles,
    documents: Annotated[
        Path | None, typer.Option("--documents", help="The folder with the documents that come with the order.")
    ] = None,
) -> None:
    """Says what is wrong with an order and what is missing, by line, or by sheet, row and column, with its remedy.

    Ends with 1 where something is missing of an order on real persons.
    """
    coming = order_of(files)
    checked = read_incoming_order(coming.text, coming.name, session.desk.catalogue)
    specification = checked.specification
    lacking = lacking_of(checked, documents)
    answer = {
        "ok": True,
        "complete": not lacking,
        "missing": lacking,
        "title": checked.title,
        "sources": [source.name for source in specification.sources],
        "own_registers": [own.register_name for own in specification.own_registers],
        "specification_sha256": specification.sha256,
        "recipient_fingerprint": fingerprint(checked.recipient.sealed_for),
    }
    whose = "the recipient's age key" if checked.recipient.age_recipient else "locked in 7z; the recipient"
    sentence = f"the order holds together; {whose} is {answer['recipient_fingerprint']}"
    said = [sentence, *(f"missing: {each}" for each in lacking)]
    session.answer(answer, lambda: console.print("\n".join(f"{coming.name}: {each}" for each in said), markup=False))
    if lacking and not checked.synthetic:
        raise typer.Exit(1)


@app.command()
def template(
    out: Annotated[Path, typer.Option("--out", help="The folder that the workbooks are written to.")],
    order: Annotated[
        Path | None, typer.Option("--order", help="An order in YAML, to have it as a filled-in workbook.")
    ] = None,
    language: Annotated[
        Literal["sv", "en"] | None, typer.Option("--language", help="sv or en; both without it.")
    ] = None,
) -> None:
    """Writes the Excel templates of an order, empty or with an order in them."""
    from samkorning.durable import make_folder, overwrite
    from samkorning.order.workbooks.filling import filling_of
    from samkorning.order.workbooks.template import TEMPLATES, filled_order, workbook

    catalogue, name = session.desk.catalogue, order.name if order else ""
    wanted = [each for each in TEMPLATES if language in (None, each.language)]
    written = {}
    if order is None:
        written = {each.file: workbook(each, catalogue) for each in wanted}
    else:
        read = read_incoming_order(text_of(order), shown_name(order), catalogue)
        for each in {each.language: each for each in reversed(wanted)}.values():
            filled = filled_order(each.language, catalogue, filling_of(read, catalogue, each.language))
            written[f"{Path(name).stem}_{each.language}.xlsx"] = filled
    make_folder(out)
    for file, content in written.items():
        overwrite(out / file, content)
    answer = {"folder": str(out), "files": sorted(written)}
    session.answer(answer, lambda: console.print(f"written to {out}: {', '.join(sorted(written))}", markup=False))


def order_of(files: list[Path]) -> ComingOrder:
    """The order in a YAML file, or in workbooks.

    :raises NotFound: when a file is not there.
    :raises OrderRefused: when it cannot be read.
    """
    if not may_be_an_order(files):
        raise typer.BadParameter(ONE_OR_THE_OTHER)
    return order_from(files, session.desk.catalogue)


def lacking_of(order: Order, documents: Path | None = None) -> list[str]:
    """What is missing of an order, each in a sentence with its remedy; with a folder, of its files too.

    :raises NotFound: when there is no such folder.
    """
    found = missing(order)
    if documents is not None:
        if not documents.is_dir():
            raise no_file(documents)
        there = {file.name: _sha256_of(file) for file in documents.iterdir() if file.is_file()}
        found += files_lacking(order, there)
    return [f"{problem}; {remedy}" for _, problem, remedy in found]


def _sha256_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
