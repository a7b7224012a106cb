"""Parquet, Arrow, JSON lines and fixed width: real files, exact text, refused rows and refused files."""

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest

from samkorning.errors import FileRefused
from samkorning.register_files import FileContract, RegisterTable, inspect_register_file

Write = Callable[[pl.DataFrame], bytes]
NOON = dt.datetime(2219, 1, 2, 12, 0, 5)


def parquet(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()


def arrow_file(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_ipc(stream)
    return stream.getvalue()


def arrow_stream(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_ipc_stream(stream)
    return stream.getvalue()


def by_pyarrow(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    pyarrow.parquet.write_table(frame.to_arrow(), stream)
    return stream.getvalue()


STORED = [(parquet, "f.parquet"), (by_pyarrow, "f.parquet"), (arrow_file, "f.arrow"), (arrow_stream, "f.arrows")]


def read(content: bytes, name: str, **terms: object) -> RegisterTable:
    return inspect_register_file(content, name, FileContract.model_validate(terms))


def refusal(content: bytes, name: str, **terms: object) -> str:
    with pytest.raises(FileRefused) as refused:
        read(content, name, **terms)
    return str(refused.value)


def problems(table: RegisterTable) -> list[tuple[int, str]]:
    return [(problem.row, problem.problem.value) for problem in table.problems]


@pytest.mark.parametrize(("write", "name"), STORED)
@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pl.Series(["001", "", None]), ["001", "", None]),
        (pl.Series([1, -(2**62), None]), ["1", str(-(2**62)), None]),
        (pl.Series([0.1 + 0.2, 1e-12, None]), ["0.30000000000000004", "1e-12", None]),
        (pl.Series([True, False, None]), ["true", "false", None]),
        (pl.Series([dt.date(1850, 1, 1), dt.date(2219, 12, 31)]), ["1850-01-01", "2219-12-31"]),
        (pl.Series([NOON, NOON.replace(microsecond=120000)]), ["2219-01-02 12:00:05", "2219-01-02 12:00:05.120000"]),
        (pl.Series([dt.datetime(2219, 1, 2), None]), ["2219-01-02", None]),
        (pl.Series([dt.time(3, 4, 5)]), ["03:04:05"]),
        (pl.Series([Decimal("1.50"), Decimal("-0.05")]), ["1.50", "-0.05"]),
        (pl.Series(["x", "y", "x"], dtype=pl.Categorical), ["x", "y", "x"]),
    ],
)
def test_a_stored_value_becomes_its_exact_text(
    write: Write, name: str, values: pl.Series, texts: list[str | None]
) -> None:
    table = read(write(values.rename("x").to_frame()), name)
    assert table.frame["x"].to_list() == texts
    assert (table.rows, table.records, table.encoding) == (len(texts), len(texts), None)


@pytest.mark.parametrize(("write", "name"), STORED)
def test_a_stored_table_is_known_by_its_content_and_refused_under_another_name(write: Write, name: str) -> None:
    content = write(pl.DataFrame({"a": ["1"]}))
    assert read(content, "no-suffix").format in ("parquet", "arrow")
    assert "not delimited text" in refusal(content, "file.csv")
    assert "the content is no readable" in refusal(content[:-9], name)
    assert "the content is text" in refusal(b"a;b\n1;2\n", name)
    assert "the file is empty" in refusal(b"", name)


@pytest.mark.parametrize(("write", "name"), STORED)
def test_names_are_held_to_the_contract(write: Write, name: str) -> None:
    content = write(pl.DataFrame({"LOPNR": ["1"], "x": ["2"]}))
    assert read(content, name, columns=[{"name": "LopNr"}]).columns == ("LopNr", "x")
    assert "1 declared columns are missing: Kon" in refusal(content, name, columns=[{"name": "Kon"}])
    assert "stand again" in refusal(write(pl.DataFrame({"a": ["1"], "A": ["2"]})), name)


@pytest.mark.parametrize(("write", "name"), STORED)
@pytest.mark.parametrize("value", [[1, 2], {"x": 1}, b"bytes", dt.timedelta(hours=1)])
def test_columns_that_hold_no_single_values_are_refused_by_place(write: Write, name: str, value: object) -> None:
    frame = pl.DataFrame({"a": ["1"], "b": [value]})
    assert "columns 2 hold no single values" in refusal(write(frame), name)


def test_encrypted_parquet_is_refused() -> None:
    assert "an encrypted Parquet file" in refusal(b"PARE" + b"\x00" * 100 + b"PARE", "f.parquet")


def test_json_lines_keep_the_text_that_numbers_are_written_with() -> None:
    sent = '{"a":"001","b":1.50,"c":null}\n{"b":12345678901234567890,"a":"å\\nä","c":true}\n{"a":1e5,"b":""}\n'
    table = read(sent.encode(), "f.jsonl")
    assert table.frame.rows() == [("001", "1.50", None), ("å\nä", "12345678901234567890", "true"), ("1e5", "", None)]
    assert table.remarks == {"rows_without_all_names": 1}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b'{"a":{"x":1}}', "nested_value"),
        (b'{"a":[1]}', "nested_value"),
        (b'{"a":1,"a":2}', "repeated_name"),
        (b'{"a":NaN}', "not_a_json_object"),
        (b'{"a":1', "not_a_json_object"),
        (b'["a"]', "not_a_json_object"),
        (b'{"a":' + b"[" * 100_000 + b"}", "not_a_json_object"),
        (b'{"a":"\\ud800"}', "undecodable_bytes"),
        (b'{"a":"\\u0000"}', "nul_character"),
        (b'{"a":"\xe5"}', "undecodable_bytes"),
        (b"", "blank_line"),
    ],
)
def test_a_line_that_is_no_flat_object_is_refused_by_number(line: bytes, problem: str) -> None:
    table = read(b'{"a":"\xc3\xa5"}\n' + line + b'\n{"a":"y"}\n', "f.jsonl")
    assert (problems(table), table.frame.rows()) == ([(2, problem)], [("å",), ("y",)])


def test_json_lines_are_known_by_their_content_and_other_json_is_refused() -> None:
    assert read(b'{"a":1}\n{"a":2}\n', "no-suffix").format == "json_lines"
    assert "the content is JSON" in refusal(b'{"a":1}\n', "file.csv")
    assert "the content is JSON" in refusal(b'{\n "a": 1\n}\n', "no-suffix")
    assert "the content is text" in refusal(b"a;b\n1;2\n", "f.jsonl")
    assert "stand again" in refusal(b'{"a":1}\n{"A":2}\n', "f.jsonl")


LAYOUT = [
    {"name": "LopNr", "start": 1, "width": 4},
    {"name": "Namn", "start": 5, "width": 6},
    {"name": "Värde", "start": 12, "width": 4, "padding": "left"},
]


def fixed(lines: list[str], encoding: str = "cp1252", **terms: object) -> RegisterTable:
    content = "".join(line + "\r\n" for line in lines).encode(encoding)
    return read(content, "f.txt", **{"format": "fixed_width", "header": False, "columns": LAYOUT, **terms})


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-16", "cp850"])
def test_fixed_width_is_cut_by_characters_and_only_padding_is_taken_off(encoding: str) -> None:
    table = fixed(["0001 ÅSA     12,5", "0002" + " " * 13], encoding, columns=[*LAYOUT[:2], {**LAYOUT[2], "width": 6}])
    assert table.frame.rows() == [("0001", " ÅSA", "12,5"), ("0002", None, None)]


def test_fixed_width_rows_of_another_length_are_refused_by_number() -> None:
    table = fixed(["0001ÅSA      12", "0002ÅSA", "", "0003ÅSA      123", "0004ÅSA    \x00 12", '0005Bo       "1'])
    assert problems(table) == [
        (2, "row_too_short"),
        (3, "blank_line"),
        (4, "row_too_long"),
        (5, "nul_character"),
    ]
    assert table.frame.rows() == [("0001", "ÅSA", "12"), ("0005", "Bo", '"1')]


def test_a_fixed_width_header_is_skipped_when_declared() -> None:
    assert fixed(["LNr Namn", "0001ÅSA      12"], header=True).frame.rows() == [("0001", "ÅSA", "12")]


def test_a_truncated_arrow_stream_is_refused() -> None:
    stream = io.BytesIO()
    batch = pa.record_batch({"a": ["x" * 100] * 100})
    with pa.ipc.new_stream(stream, batch.schema) as writer:
        writer.write_batch(batch)
        writer.write_batch(batch)
    assert read(stream.getvalue(), "f.arrows").rows == 200
    assert "no readable Arrow file" in refusal(stream.getvalue()[:-3000], "f.arrows")


@pytest.mark.parametrize(
    "odd",
    [
        pl.Series([2**31 - 1], dtype=pl.Int32).cast(pl.Date),
        pl.Series([2**62]).cast(pl.Datetime("ms")),
    ],
    ids=["date", "moment"],
)
def test_values_beyond_the_calendar_are_refused_and_never_lost(odd: pl.Series) -> None:
    for write, name in STORED[::2]:
        assert problems(read(write(pl.DataFrame({"a": odd})), name)) == [(1, "no_date_of_the_calendar")]


@pytest.mark.parametrize("moment", [86_400 * 10**9, 2**61, -1])
def test_a_time_beyond_its_day_is_not_read_as_none(moment: int) -> None:
    table, sink, stream = pa.table({"a": pa.array([moment, None, 0], pa.time64("ns"))}), io.BytesIO(), io.BytesIO()
    pyarrow.parquet.write_table(table, sink)
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    assert "the content is no readable Parquet file" in refusal(sink.getvalue(), "f.parquet")
    assert "the content is no readable Arrow file" in refusal(stream.getvalue(), "f.arrows")


def test_times_in_a_dictionary_and_names_that_stand_twice_are_told_for_what_they_are() -> None:
    noon = pa.array([43_200 * 10**9, None], pa.time64("ns"))
    for table in (pa.table({"a": noon.dictionary_encode()}), pa.table([noon, noon], names=["a", "a"])):
        stream = io.BytesIO()
        with pa.ipc.new_stream(stream, table.schema) as writer:
            writer.write_table(table)
        if table.num_columns == 1:
            assert read(stream.getvalue(), "f.arrows").frame["a"].to_list() == ["12:00:00", None]
        else:
            assert "stand again" in refusal(stream.getvalue(), "f.arrows")


@pytest.mark.parametrize(("write", "name"), STORED[::2])
def test_a_table_without_columns_is_refused_however_many_rows_it_tells(write: Write, name: str) -> None:
    for rows in (0, 3):
        assert "the file has no columns" in refusal(write(pl.DataFrame(height=rows)), name)


def test_a_footer_that_promises_other_rows_is_refused() -> None:
    content = parquet(pl.DataFrame({"a": ["x"] * 20}))
    place = content.rfind(b"\x16\x28")  # twenty, as the footer writes a number
    while "differ on its rows" not in (said := refusal_of(content[:place] + b"\x16\x50" + content[place + 2 :])):
        place = content.rfind(b"\x16\x28", 0, place)
        assert place > 0, said


def refusal_of(content: bytes) -> str:
    try:
        read(content, "f.parquet")
    except FileRefused as refused:
        return refused.problem
    return ""


@pytest.mark.parametrize(("write", "name"), STORED[::2])
def test_a_name_with_a_zero_character_is_refused(write: Write, name: str) -> None:
    content = write(pl.DataFrame({"kolumn": ["x"], "Namn": ["y"]})).replace(b"Namn", b"Na\x00n")
    assert "names of columns hold zero characters (columns 2)" in refusal(content, name)
