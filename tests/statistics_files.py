"""Statistics files for tests, written by the writers of three libraries, and SAS data sets by our own.

What belongs here: frames as bytes of a form. What must not: expectations.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas
import polars as pl
import polars_readstat
import pyreadstat

from tests.sas7bdat import Column, sas7bdat

Formats = Mapping[str, str] | None


def _written(suffix: str, write: Callable[[Path], Any]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        write(path)
        return path.read_bytes()


def sav(frame: pl.DataFrame, formats: Formats = None, **terms: Any) -> bytes:
    return _written(".sav", lambda path: pyreadstat.write_sav(frame, path, variable_format=formats, **terms))


def zsav(frame: pl.DataFrame, formats: Formats = None, **terms: Any) -> bytes:
    return sav(frame, formats, compress=True, **terms)


def packed_sav(frame: pl.DataFrame, formats: Formats = None, **terms: Any) -> bytes:
    return sav(frame, formats, row_compress=True, **terms)


def other_sav(frame: pl.DataFrame, formats: Formats = None, **terms: Any) -> bytes:
    """By the other library, which takes no format that is not its own."""
    return _written(".sav", lambda path: polars_readstat.write_readstat(frame, path, **terms))


def por(frame: pl.DataFrame, formats: Formats = None, **terms: Any) -> bytes:
    upper = frame.rename(str.upper)
    said = {name.upper(): form for name, form in (formats or {}).items()} or None
    return _written(".por", lambda path: pyreadstat.write_por(upper, path, variable_format=said, **terms))


def dta(frame: pl.DataFrame, formats: Formats = None, **terms: Any) -> bytes:
    return _written(".dta", lambda path: pyreadstat.write_dta(frame, path, variable_format=formats, **terms))


def other_dta(frame: pl.DataFrame, formats: Formats = None) -> bytes:
    return _written(
        ".dta", lambda path: polars_readstat.write_readstat(frame, path, variable_format=dict(formats or {}) or None)
    )


def old_dta(frame: pl.DataFrame, version: int = 114) -> bytes:
    """By pandas, which still writes the versions before UTF-8."""
    table = pandas.DataFrame({name: frame[name].to_list() for name in frame.columns})
    return _written(".dta", lambda path: table.to_stata(path, version=version, write_index=False))


def xpt(frame: pl.DataFrame, formats: Formats = None, version: int = 8) -> bytes:
    return _written(
        ".xpt",
        lambda path: polars_readstat.write_xpt(
            frame, path, version=version, variable_format=dict(formats or {}) or None
        ),
    )


def xpt5(frame: pl.DataFrame, formats: Formats = None) -> bytes:
    return xpt(frame, formats, 5)


def other_xpt(frame: pl.DataFrame, formats: Formats = None, **terms: Any) -> bytes:
    return _written(".xpt", lambda path: pyreadstat.write_xport(frame, path, variable_format=formats, **terms))


_SAS_FORMATS = {pl.Date: "DATE9", pl.Datetime: "DATETIME20", pl.Time: "TIME8"}
_SAS_ZERO = 3653  # days from 1960 to 1970


def sas(frame: pl.DataFrame, formats: Formats = None, encoding: str | None = "utf-8") -> bytes:
    columns = [_sas_column(column, (formats or {}).get(column.name), encoding or "ascii") for column in frame]
    return sas7bdat(columns, frame.select(_sas_numbers(column) for column in frame).rows(), encoding)


def _sas_column(column: pl.Series, form: str | None, encoding: str) -> Column:
    if column.dtype == pl.String:
        longest = max((len((text or "").encode(encoding)) for text in column), default=1)
        return Column(column.name, width=max(longest, 1), is_text=True)
    return Column(column.name, form or _SAS_FORMATS.get(column.dtype.base_type(), ""))


def _sas_numbers(column: pl.Series) -> pl.Series:
    """Days, and moments and times of day in whole seconds, as SAS counts them."""
    if column.dtype == pl.Date:
        return column.to_physical() + _SAS_ZERO
    if isinstance(column.dtype, pl.Datetime):
        return column.dt.epoch("s") + _SAS_ZERO * 86_400
    return column.to_physical() // 10**9 if column.dtype == pl.Time else column


@dataclass(frozen=True)
class Writer:
    """One way to write one form: what the form is called here, and how its files are."""

    write: Callable[..., bytes]
    form: str
    file: str
    pads_text: bool = True


WRITERS = {
    "sav": Writer(sav, "spss", "f.sav"),
    "packed sav": Writer(packed_sav, "spss", "f.sav"),
    "zsav": Writer(zsav, "spss", "f.zsav"),
    "other sav": Writer(other_sav, "spss", "f.sav"),
    "por": Writer(por, "spss_portable", "f.por"),
    "dta": Writer(dta, "stata", "f.dta", pads_text=False),
    "other dta": Writer(other_dta, "stata", "f.dta", pads_text=False),
    "sas7bdat": Writer(sas, "sas", "f.sas7bdat"),
    "xpt": Writer(xpt, "sas_transport", "f.xpt"),
    "xpt 5": Writer(xpt5, "sas_transport", "f.xpt"),
    "other xpt": Writer(other_xpt, "sas_transport", "f.xpt"),
}
