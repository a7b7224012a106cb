"""Formats of data files: one module each, all behind samkorning.delivery.formats.format, all from one reading of rows.

What belongs here: which formats there are. What must not: which rows leave, and where bytes go (rendering).

A further format is a module beside these and one line below; docs/formats.md tells the steps.
"""

from collections.abc import Iterable

from samkorning.data_formats import FormatName, with_what_they_need
from samkorning.delivery.formats.columns import Declared, Table
from samkorning.delivery.formats.delimited import CSV, TAB
from samkorning.delivery.formats.excel import Excel
from samkorning.delivery.formats.format import Chunk, DataFormat, Loss, Writer, losses_by_variable, require_all_hold
from samkorning.delivery.formats.parquet import Parquet
from samkorning.delivery.formats.read_back import ReadBack
from samkorning.delivery.formats.sas_program import SasProgram
from samkorning.delivery.formats.sas_transport import SasTransport
from samkorning.delivery.formats.spss import Spss
from samkorning.delivery.formats.stata import Stata

FORMATS: dict[FormatName, DataFormat] = {
    each.name: each for each in (CSV, TAB, Parquet(), Spss(), Stata(), SasTransport(), SasProgram(), Excel())
}


def formats_of(names: Iterable[FormatName]) -> tuple[DataFormat, ...]:
    """The formats of these names, with what one of them needs beside itself."""
    return tuple(FORMATS[name] for name in with_what_they_need(names))


__all__ = [
    "CSV",
    "FORMATS",
    "Chunk",
    "DataFormat",
    "Declared",
    "Loss",
    "ReadBack",
    "Table",
    "Writer",
    "formats_of",
    "losses_by_variable",
    "require_all_hold",
]
