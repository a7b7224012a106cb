"""The form in which an answer enters the ordinary intake: text with separators, as it is written here.

What belongs here: writing rows so, and the contract by which they are read again. What must not: whose rows they are
(matching), or the intake. Every text comes back as it was, an empty one and a missing one too; a cell that is written
as Excel writes text, ``="0123"``, comes back without that dress, as from any holder.
"""

from collections.abc import Iterable, Iterator

import polars as pl

from samkorning.register_files import FileContract

SUFFIX = ".csv"
_SEPARATOR = ";"


def as_text(frames: Iterable[pl.DataFrame]) -> Iterator[bytes]:
    """Rows of text as a file with a header, chunk by chunk."""
    for place, frame in enumerate(frames):
        yield frame.write_csv(separator=_SEPARATOR, include_header=place == 0).encode()


def by_our_form(contract: FileContract, rows: int | None = None) -> FileContract:
    """The contract of a holder's file for one that is written here: the same columns and rules, our form and name.

    :param rows: how many it has, where the sender has said so.
    """
    form = {"format": "delimited", "separator": _SEPARATOR, "encoding": "utf-8", "header": True, "skip_rows": 0}
    nothing = dict.fromkeys(("name_pattern", "sheet", "member"))
    return contract.model_copy(update={**form, **nothing, "declared_rows": rows})
