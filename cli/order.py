"""``samkorning order``: an order before it is a case."""

from pathlib import Path
from typing import Annotated

import typer

from cli.session import console, session
from samkorning.identity.redaction import no_file, redact_file_name
from samkorning.order.document import MOST_BYTES
from samkorning.order.fingerprint import fingerprint
from samkorning.order.reading import read_incoming_order, text_of_order

app = typer.Typer(help="Orders (beställningar).", no_args_is_help=True)


@app.callback()
def order() -> None:
    """Orders (beställningar)."""


@app.command()
def check(file: Annotated[Path, typer.Argument(help="The order, as YAML.")]) -> None:
    """Says what is wrong with an order, by line, field and remedy."""
    checked = read_incoming_order(text_of(file), shown_name(file), session.desk.catalogue)
    specification = checked.specification
    answer = {
        "ok": True,
        "title": checked.title,
        "sources": [source.name for source in specification.sources],
        "own_registers": [own.register_name for own in specification.own_registers],
        "specification_sha256": specification.sha256,
        "recipient_fingerprint": fingerprint(checked.recipient.sealed_for),
    }
    whose = "the recipient's age key" if checked.recipient.age_recipient else "locked in 7z; the recipient"
    sentence = f"the order holds together; {whose} is {answer['recipient_fingerprint']}"
    session.answer(answer, lambda: console.print(f"{shown_name(file)}: {sentence}", markup=False))


def text_of(file: Path) -> str:
    """The text of an order file.

    :raises NotFound: when there is no such file.
    :raises OrderRefused: when it is not UTF-8 text, or longer than any order.
    """
    if not file.is_file():
        raise no_file(file)
    with file.open("rb") as stream:
        return text_of_order(stream.read(MOST_BYTES + 1), shown_name(file))


def shown_name(file: Path) -> str:
    """The name of a file as it may be shown and kept."""
    return redact_file_name(file.name)
