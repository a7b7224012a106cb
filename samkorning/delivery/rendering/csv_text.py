"""The CSV form of data files, the same bytes every time.

What belongs here: header, rows, and what CSV cannot hold. What must not: where the rows come from.

The form: UTF-8 with a byte order mark, ``;`` between fields, CRLF after every row (RFC 4180; SAS and Excel on Windows
expect it), dates as 2219-05-04, point as decimal sign, nothing for a missing value and ``""`` for an empty text.
Values are never altered: a text that begins with = + - or @ leaves as it is, and the readme names the variables
where that occurs, because a spreadsheet would calculate it.
"""

import io

import polars as pl

from samkorning.errors import CheckFailed

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def header(schema: pl.Schema) -> bytes:
    """The byte order mark and the names of the columns.

    :raises CheckFailed: when a column is of a type that CSV does not hold.
    """
    for name, dtype in schema.items():
        if not _can_hold(dtype):
            raise CheckFailed(f"{name} is {dtype}, which CSV cannot hold; make it text, number, date or local time")
    return BYTE_ORDER_MARK + pl.DataFrame(schema=schema).write_csv(separator=";", line_terminator="\r\n").encode()


def rows_as_text(rows: pl.DataFrame) -> bytes:
    """The rows, each with its line end.

    :raises CheckFailed: when a row would be a blank line, which most readers skip.
    """
    if rows.width == 1 and rows.to_series().null_count():
        raise CheckFailed(f"a file of {rows.columns[0]} alone has rows without a value; drop them or add a variable")
    content = io.BytesIO()
    rows.write_csv(
        content,
        include_header=False,
        separator=";",
        line_terminator="\r\n",
        datetime_format="%Y-%m-%dT%H:%M:%S%.f",
        time_format="%H:%M:%S%.f",
    )
    return content.getvalue()


def _can_hold(dtype: pl.DataType) -> bool:
    if isinstance(dtype, pl.Datetime):
        return dtype.time_zone is None
    plain = (pl.Null, pl.String, pl.Boolean, pl.Date, pl.Time, pl.Categorical, pl.Enum)
    return dtype.is_numeric() or isinstance(dtype, plain)
