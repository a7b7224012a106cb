"""Fixed width text as a format of register files: every row as long as its declared layout.

What belongs here: the layout and the cutting of lines. What must not: lines, encodings and the account. Quotes mean
nothing here. The spaces with which the layout fills a column are its padding, not the value: they are taken off on
the declared side only.
"""

from dataclasses import dataclass

import polars as pl

from samkorning.register_files.content.content import Content
from samkorning.register_files.declared.contract import ColumnContract, FileContract
from samkorning.register_files.opened import OpenedFile
from samkorning.register_files.table import RowFault
from samkorning.register_files.text.lines import LineSplitter
from samkorning.register_files.text.text_rows import Rejects, TextRows, open_text, skip_lines

NAME = "fixed_width"
SUFFIXES = ()  # no file name states a layout


def recognises(head: bytes) -> bool:
    """Never: fixed width is only read under a declared layout."""
    return False


def open_file(content: Content, name: str, contract: FileContract) -> OpenedFile:
    """The file opened under its layout; a header line, where there is one, is taken off."""
    text = open_text(content, name, contract, "fixed width text")
    skip_lines(text, contract.skip_rows + contract.header)
    return OpenedFile(
        name=name,
        format=NAME,
        columns=tuple(column.name for column in contract.columns),
        encoding=text.encoding,
        separator=None,
        tally=text.tally,
        batches=TextRows(text, LineSplitter(text.order_mark)).batches(_Layout(contract.columns)),
    )


@dataclass(frozen=True)
class _Layout:
    columns: tuple[ColumnContract, ...]

    def parse(self, text: bytes) -> tuple[pl.DataFrame, Rejects]:
        lines = pl.Series("line", [line.decode() for line in text.splitlines()], dtype=pl.String).to_frame()
        length = pl.col("line").str.len_chars()
        whole = max(_start(column) + _width(column) for column in self.columns)
        faults = lines.select(
            (length == 0).alias("blank"), length.is_between(1, whole - 1).alias("short"), (length > whole).alias("long")
        )
        rows = lines.filter(~faults.select(pl.any_horizontal(pl.all())).to_series()).select(
            _cut(column) for column in self.columns
        )
        return rows, _rejects(faults)


def _start(column: ColumnContract) -> int:
    return (column.start or 1) - 1


def _width(column: ColumnContract) -> int:
    return column.width or 0


def _cut(column: ColumnContract) -> pl.Expr:
    """The column's characters without its padding; nothing but padding is an empty cell."""
    text = pl.col("line").str.slice(_start(column), _width(column))
    stripped = {
        "right": text.str.strip_chars_end(" "),
        "left": text.str.strip_chars_start(" "),
        "none": text,
    }[column.padding]
    return pl.when(text.str.strip_chars(" ") != "").then(stripped).alias(column.name)


_FAULTS = {"blank": RowFault.BLANK_LINE, "short": RowFault.TOO_SHORT, "long": RowFault.TOO_LONG}


def _rejects(faults: pl.DataFrame) -> Rejects:
    return sorted((place + 1, fault) for name, fault in _FAULTS.items() for place in faults[name].arg_true())
