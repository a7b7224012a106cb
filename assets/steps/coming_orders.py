"""An order as it comes in files: one of YAML, or Excel workbooks with lists beside them.

What belongs here: from files to the order's text, for the command line and the page alike. What must not: what an order
says (samkorning.order), or where files may lie.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from samkorning.errors import OrderFault, OrderRefused
from samkorning.identity.redaction import no_file, redact_file_name
from samkorning.order.document import MOST_BYTES
from samkorning.order.reading import text_of_order
from samkorning.order.workbooks import LIST_SUFFIXES, SUFFIXES
from samkorning.own_registers.catalogue import RegisterCatalogue

ONE_OR_THE_OTHER = "give one YAML file, or workbooks (xlsx, xlsm) with lists (xlsx, csv) beside them"


@dataclass(frozen=True)
class ComingOrder:
    """An order as it comes: its text, the name it is known by, and the workbooks that the text was made from."""

    text: str
    name: str
    workbooks: tuple[dict[str, str], ...] = ()


def may_be_an_order(files: Sequence[Path]) -> bool:
    """Whether these are one YAML file, or workbooks with lists beside them."""
    return len(files) == 1 or all(file.suffix.lower() in (*SUFFIXES, *LIST_SUFFIXES) for file in files)


def order_from(files: Sequence[Path], catalogue: RegisterCatalogue) -> ComingOrder:
    """The order in a YAML file, or in workbooks.

    :raises NotFound: when a file is not there.
    :raises OrderRefused: when it is neither, or cannot be read.
    """
    if not files or not may_be_an_order(files):
        raise OrderRefused("order", [OrderFault(0, "files", "are no order", ONE_OR_THE_OTHER)])
    if len(files) == 1 and files[0].suffix.lower() not in SUFFIXES:
        return ComingOrder(text_of(files[0]), shown_name(files[0]))
    from samkorning.order.workbooks.incoming import MOST_BYTES as LARGEST_BOOK  # reading workbooks takes its time
    from samkorning.order.workbooks.incoming import IncomingWorkbook, order_text_of

    came = [IncomingWorkbook(shown_name(file), bytes_of(file, LARGEST_BOOK + 1)) for file in files]
    kept = tuple({"file": book.name, "sha256": hashlib.sha256(book.content).hexdigest()} for book in came)
    return ComingOrder(order_text_of(came, catalogue), came[0].name, kept)


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
