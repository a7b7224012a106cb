"""``samkorning order``: an order before it is a case."""

from pathlib import Path
from typing import Annotated

import typer

from cli.session import console, session
from samkorning.errors import OrderFault, OrderRefused
from samkorning.leak_scan import no_file, redact_file_name
from samkorning.order import read_order
from samkorning.order.fingerprint import fingerprint

app = typer.Typer(help="Orders (beställningar).", no_args_is_help=True)


@app.callback()
def order() -> None:
    """Orders (beställningar)."""


@app.command()
def check(file: Annotated[Path, typer.Argument(help="The order, as YAML.")]) -> None:
    """Says what is wrong with an order, by line, field and remedy."""
    checked = read_order(text_of(file), file.name, session.desk.catalogue)
    specification = checked.specification
    answer = {
        "ok": True,
        "title": checked.title,
        "sources": [source.name for source in specification.sources],
        "own_registers": [own.register_name for own in specification.own_registers],
        "specification_sha256": specification.sha256,
        "recipient_fingerprint": fingerprint(checked.recipient.age_recipient),
    }
    told = f"the order holds together; the recipient's age key is {answer['recipient_fingerprint']}"
    session.answer(answer, lambda: console.print(f"{redact_file_name(file.name)}: {told}", markup=False))


def text_of(file: Path) -> str:
    """The text of an order file.

    :raises NotFound: when there is no such file.
    :raises OrderRefused: when it is not UTF-8 text.
    """
    if not file.is_file():
        raise no_file(file)
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        pass
    raise OrderRefused(file.name, [OrderFault(0, "file", "is not UTF-8 text", "save the order as YAML in UTF-8")])
