"""What can be wrong with Parquet, Arrow, JSON lines or text in fixed width, and what is made of it.

What belongs here: the damages and their outcomes, as a table that test_register_files_stored.py holds and
docs/incoming-files.md shows. What must not: expectations of single values (tests/integration/test_readers_stored.py).
"""

import datetime as dt
import io
from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet

from samkorning.register_files import FileContract
from tests.spec.damages import ROWS, Cells, Damage

TWO = (ROWS[0], ROWS[2])
LINES = tuple(f'{{"LopNr": "{number}", "Namn": "{name}"}}' for number, name in ROWS)
LAYOUT = FileContract.model_validate(
    {
        "format": "fixed_width",
        "header": False,
        "columns": [{"name": "LopNr", "start": 1, "width": 3}, {"name": "Namn", "start": 4, "width": 5}],
    }
)


def table(*rows: Cells) -> pa.Table:
    columns = list(zip(*(rows or ROWS), strict=True))
    return pa.table({"LopNr": columns[0], "Namn": columns[1]})


def named(*names: str) -> pa.Table:
    return pa.Table.from_arrays([pa.array(["x"]) for _ in names], names=list(names))


def of(values: pa.Array) -> pa.Table:
    return pa.table({"a": ["x"] * len(values), "b": values})


def parquet(rows: pa.Table | None = None) -> bytes:
    stream = io.BytesIO()
    pyarrow.parquet.write_table(table() if rows is None else rows, stream)
    return stream.getvalue()


def arrow_file(rows: pa.Table | None = None) -> bytes:
    return _arrow(pa.ipc.new_file, rows)


def arrow_stream(rows: pa.Table | None = None) -> bytes:
    return _arrow(pa.ipc.new_stream, rows)


def _arrow(opened: Callable[..., pa.ipc.RecordBatchStreamWriter], rows: pa.Table | None) -> bytes:
    stream, whole = io.BytesIO(), table() if rows is None else rows
    with opened(stream, whole.schema) as writer:
        writer.write_table(whole, max_chunksize=1)
    return stream.getvalue()


def json_lines(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines or LINES).encode()


def fixed_width(*lines: str) -> bytes:
    said = lines or tuple(f"{number}{name:<5}" for number, name in ROWS)
    return "".join(f"{line}\r\n" for line in said).encode("cp1252")


def with_second(line: str) -> Callable[[], bytes]:
    return lambda: json_lines(LINES[0], line, LINES[2])


def laid_out(name: str, sent: Callable[[], bytes], **outcome: object) -> Damage:
    return Damage(name, sent, "file.txt", contract=LAYOUT, **outcome)  # type: ignore[arg-type]


ENDLESS = pa.array([10**12, 1], pa.int64()).cast(pa.timestamp("s"))
NO_SUCH_DAY = pa.array([2**31 - 1, 94_779], pa.int32()).cast(pa.date32())
NOON = pa.array([dt.datetime(2219, 1, 2, 12), dt.datetime(2219, 1, 2)], pa.timestamp("us"))
DATES = (("x", "2219-01-02 12:00:00"), ("x", "2219-01-02"))
NUL = pa.array(["a\0b", "c"])
SECOND = ((2, "nested_value"),)

# fmt: off
DAMAGES = [
    Damage("Parquet", parquet, "file.parquet"),
    Damage("Parquet, no rows", lambda: parquet(table().slice(0, 0)), "file.parquet", rows=()),
    Damage("Parquet, dates and moments", lambda: parquet(of(NOON)), "file.parquet", rows=DATES),
    Damage("Parquet, a number that is no date of the calendar", lambda: parquet(of(NO_SUCH_DAY)), "file.parquet",
                 rows=(("x", "2229-07-01"),), refused=((1, "no_date_of_the_calendar"),)),
    Damage("Parquet, a NUL inside text", lambda: parquet(of(NUL)), "file.parquet",
                 rows=(("x", "c"),), refused=((1, "nul_character"),)),
    Damage("Parquet, cut off", lambda: parquet()[:-9], "file.parquet", refusal="no readable Parquet file"),
    Damage("Parquet, the same name twice", lambda: parquet(named("a", "a")), "file.parquet",
                 refusal="names of earlier columns stand again (columns 2)"),
    Damage("Parquet, no columns", lambda: parquet(pa.table({})), "file.parquet", refusal="has no columns"),
    Damage("Parquet, lists", lambda: parquet(of(pa.array([[1], [2]]))), "file.parquet",
                 refusal="columns 2 hold no single values"),
    Damage("Parquet under the name of text", parquet, "file.csv", refusal="a Parquet file, not delimited text"),
    Damage("text under the name of Parquet", lambda: b"a;b\n1;2\n", "file.parquet", refusal="content is text"),
    Damage("Arrow file", arrow_file, "file.arrow"),
    Damage("Arrow file, cut off", lambda: arrow_file()[:-9], "file.arrow", refusal="no readable Arrow file"),
    Damage("Arrow file, the same name twice", lambda: arrow_file(named("a", "a")), "file.arrow",
                 refusal="names of earlier columns stand again (columns 2)"),
    Damage("Arrow stream", arrow_stream, "file.arrows"),
    Damage("Arrow stream, no rows", lambda: arrow_stream(table().slice(0, 0)), "file.arrows", rows=()),
    Damage("Arrow stream, a moment beyond the calendar", lambda: arrow_stream(of(ENDLESS)), "file.arrows",
                 rows=(("x", "1970-01-01 00:00:01"),), refused=((1, "no_date_of_the_calendar"),)),
    Damage("Arrow stream, cut off inside", lambda: arrow_stream()[:-60], "file.arrows",
                 refusal="no readable Arrow file"),
    Damage("Arrow stream, cut off between rows", lambda: arrow_stream()[:-8], "file.arrows",
                 refusal="no readable Arrow file"),
    Damage("Arrow stream, another behind it", lambda: arrow_stream() * 2, "file.arrows",
                 refusal="no readable Arrow file"),
    Damage("JSON lines", json_lines, "file.jsonl"),
    Damage("JSON lines, a name that a row lacks", with_second('{"LopNr": "002"}'), "file.jsonl",
                 rows=(ROWS[0], ("002", None), ROWS[2]), remarks=("rows_without_all_names",)),
    Damage("JSON lines, a structure in a value", with_second('{"LopNr": {"a": 1}}'), "file.jsonl", rows=TWO,
                 refused=SECOND),
    Damage("JSON lines, a name twice in one row", with_second('{"LopNr": 1, "LopNr": 2}'), "file.jsonl", rows=TWO,
                 refused=((2, "repeated_name"),)),
    Damage("JSON lines, a row that is no JSON", with_second('{"LopNr": NaN}'), "file.jsonl", rows=TWO,
                 refused=((2, "not_a_json_object"),)),
    Damage("JSON lines, cut off inside a row", lambda: json_lines()[:-9], "file.jsonl", rows=ROWS[:2],
                 refused=((3, "not_a_json_object"),)),
    Damage("JSON lines, half a character", with_second('{"LopNr": "\\ud800"}'), "file.jsonl", rows=TWO,
                 refused=((2, "undecodable_bytes"),)),
    Damage("JSON lines under the name of text", json_lines, "file.csv", refusal="JSON, not delimited text"),
    laid_out("fixed width", fixed_width),
    laid_out("fixed width, a row too short", lambda: fixed_width("001Åsa  ", "002Örj", "003Siv  "), rows=TWO,
             refused=((2, "row_too_short"),)),
    laid_out("fixed width, a row too long", lambda: fixed_width("001Åsa  ", "002Örjan Ö", "003Siv  "), rows=TWO,
             refused=((2, "row_too_long"),)),
    laid_out("fixed width, cut off inside a row", lambda: fixed_width()[:-4], rows=ROWS[:2],
             refused=((3, "row_too_short"),)),
    laid_out("fixed width, a web page under its name", lambda: b"<html></html>", refusal="a web page or XML document"),
]
