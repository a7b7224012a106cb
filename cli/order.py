"""``samkorning order``: an order before it is a case."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.session import console, session
from samkorning.identity.redaction import no_file, redact_file_name
from samkorning.order import Order
from samkorning.order.attachments import files_lacking
from samkorning.order.completeness import missing
from samkorning.order.document import MOST_BYTES
from samkorning.order.fingerprint import fingerprint
from samkorning.order.reading import read_incoming_order, text_of_order
from samkorning.order.workbooks import LIST_SUFFIXES, SUFFIXES

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
    coming = order_from(files)
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


@dataclass(frozen=True)
class ComingOrder:
    """An order as it comes: its text, the name it is known by, and the workbooks that the text was made from."""

    text: str
    name: str
    workbooks: tuple[dict[str, str], ...] = ()


def order_from(files: list[Path]) -> ComingOrder:
    """The order in a YAML file, or in workbooks.

    :raises NotFound: when a file is not there.
    :raises OrderRefused: when it is neither, or cannot be read.
    """
    books = [file for file in files if file.suffix.lower() in (*SUFFIXES, *LIST_SUFFIXES)]
    if len(files) == 1 and files[0].suffix.lower() not in SUFFIXES:
        return ComingOrder(text_of(files[0]), shown_name(files[0]))
    if len(books) < len(files):
        raise typer.BadParameter("give one YAML file, or workbooks (xlsx, xlsm) with lists (xlsx, csv) beside them")
    from samkorning.order.workbooks.incoming import MOST_BYTES as LARGEST_BOOK
    from samkorning.order.workbooks.incoming import IncomingWorkbook, order_text_of

    came = [IncomingWorkbook(shown_name(file), bytes_of(file, LARGEST_BOOK + 1)) for file in books]
    kept = tuple({"file": book.name, "sha256": hashlib.sha256(book.content).hexdigest()} for book in came)
    return ComingOrder(order_text_of(came, session.desk.catalogue), came[0].name, kept)


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


def text_of(file: Path) -> str:
    """The text of an order file.

    :raises NotFound: when there is no such file.
    :raises OrderRefused: when it is not UTF-8 text, or longer than any order.
    """
    return text_of_order(bytes_of(file, MOST_BYTES + 1), shown_name(file))


def bytes_of(file: Path, most: int) -> bytes:
    """The first bytes of a file.

    :raises NotFound: when there is no such file.
    """
    if not file.is_file():
        raise no_file(file)
    with file.open("rb") as stream:
        return stream.read(most)


def shown_name(file: Path) -> str:
    """The name of a file as it may be shown and kept."""
    return redact_file_name(file.name)
