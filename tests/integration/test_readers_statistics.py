"""SAS transport, SPSS and Stata files, written by real writers: exact text, refused rows, refused files."""

import datetime as dt
import json
import struct
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from samkorning.errors import FileRefused
from samkorning.register_files import FileContract, RegisterTable
from samkorning.register_files.statistics import statistics_file
from samkorning.register_files.statistics.statistics_readers import StatisticsForm
from tests import statistics_files
from tests.reading_here import inspect_register_file
from tests.sas7bdat import Column, sas7bdat, special, with_deleted
from tests.statistics_files import WRITERS, Writer

ALL = pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
NOON = dt.datetime(2219, 1, 2, 12, 0, 5)


def read(content: bytes, name: str, **terms: object) -> RegisterTable:
    return inspect_register_file(content, name, FileContract.model_validate(terms))


def refusal(content: bytes, name: str, **terms: object) -> str:
    with pytest.raises(FileRefused) as refused:
        read(content, name, **terms)
    return str(refused.value)


def only(content: bytes, name: str, **terms: object) -> list[str | None]:
    """The only column of a file."""
    table = read(content, name, **terms)
    assert table.frame.width == 1
    return table.frame.to_series().to_list()


@ALL
@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (pl.Series(["001", "Bo", "x y"]), ["001", "Bo", "x y"]),
        (pl.Series([1.0, -2.0, None]), ["1", "-2", None]),
        (pl.Series([0.1, -1234.5, None]), ["0.1", "-1234.5", None]),
        (pl.Series([123456789012345.0, -999999999999999.0]), ["123456789012345", "-999999999999999"]),
    ],
)
def test_text_and_numbers_are_read_as_they_are_stored(writer: Writer, values: pl.Series, texts: list[str]) -> None:
    table = read(writer.write(values.rename("x").to_frame()), writer.file)
    assert table.frame.to_series().to_list() == texts
    assert (table.format, table.rows, table.records) == (writer.form, len(texts), len(texts))


@ALL
def test_dates_and_moments_are_iso_text(writer: Writer) -> None:
    dates = [dt.date(1850, 1, 1), dt.date(2299, 12, 31), None]
    moments = [dt.datetime(1850, 1, 1, 1, 2, 3), NOON, None]
    frame = pl.DataFrame({"d": dates, "m": moments})
    content = writer.write(
        frame, *([] if writer.write is statistics_files.other_sav else [{"m": FORMATS[writer.form]}])
    )
    assert read(content, writer.file).frame.rows() == [
        ("1850-01-01", "1850-01-01 01:02:03"),
        ("2299-12-31", "2219-01-02 12:00:05"),
        (None, None),
    ]


FORMATS = {
    "spss": "DATETIME20",
    "spss_portable": "DATETIME20",
    "stata": "%tc",
    "sas": "DATETIME20",
    "sas_transport": "DATETIME20",
}


@ALL
def test_times_are_read_from_their_own_type(writer: Writer) -> None:
    frame = pl.DataFrame({"t": [dt.time(3, 4, 5), dt.time(0), None]})
    assert only(writer.write(frame), writer.file) == ["03:04:05", "00:00:00", None]


@ALL
def test_swedish_letters_are_read_in_every_form_that_has_a_place_for_them(writer: Writer) -> None:
    frame = pl.DataFrame({"x": ["Åsa Ölänning", "é", "z"]})
    if writer.form == "spss_portable":
        content = writer.write(pl.DataFrame({"x": ["Qsa", "e", "z"]})).replace(b"Qsa", b"\xc5sa")
        assert "letters that portable files have no place for" in refusal(content, writer.file)
    else:
        table = read(writer.write(frame), writer.file)
        assert (table.frame.to_series().to_list(), table.encoding) == (["Åsa Ölänning", "é", "z"], "utf-8")


@ALL
def test_an_empty_text_and_a_missing_one_are_the_same_and_blanks_at_the_end_are_padding(writer: Writer) -> None:
    values = only(writer.write(pl.DataFrame({"x": [" a  ", "", None, "b"]})), writer.file)
    assert values == [" a" if writer.pads_text else " a  ", None, None, "b"]


@ALL
def test_a_file_without_rows_is_a_table_of_none(writer: Writer) -> None:
    table = read(writer.write(pl.DataFrame({"x": ["a"], "n": [1.0]}).clear()), writer.file)
    assert (table.rows, table.records, [name.lower() for name in table.columns]) == (0, 0, ["x", "n"])


@ALL
def test_names_are_held_to_the_contract(writer: Writer) -> None:
    content = writer.write(pl.DataFrame({"LOPNR": ["1"], "x": ["2"]}))
    assert read(content, writer.file, columns=[{"name": "LopNr"}]).columns[0] == "LopNr"
    assert "1 declared columns are missing: Kon" in refusal(content, writer.file, columns=[{"name": "Kon"}])


@ALL
def test_a_file_is_known_by_its_content_and_refused_under_another_name(writer: Writer) -> None:
    content = writer.write(pl.DataFrame({"x": ["1"]}))
    assert read(content, "no-suffix").format == writer.form
    for name in {"f.csv", "f.xlsx", "f.parquet", "f.sas7bdat", "f.xls"} - {writer.file}:
        assert "the content is a" in refusal(content, name)
    assert "the content is text" in refusal(b"a;b\n1;2\n", writer.file)
    assert "the file is empty" in refusal(b"", writer.file)


@pytest.mark.parametrize(("write", "name"), [(statistics_files.sav, "f.sav"), (statistics_files.dta, "f.dta")])
def test_labelled_values_keep_their_codes(write: statistics_files.Callable[..., bytes], name: str) -> None:
    content = write(pl.DataFrame({"Kon": [1, 2]}), variable_value_labels={"Kon": {1: "Man", 2: "Kvinna"}})
    assert only(content, name) == ["1", "2"]


def test_broken_numbers_of_portable_files_are_read_to_the_last_bit_though_one_reader_loses_it() -> None:
    numbers = [number / 100 for number in range(-50, 50)] + [1 / 3, 123456.789]
    texts = only(statistics_files.por(pl.DataFrame({"n": numbers})), "f.por")
    assert [float(text or "nan") for text in texts] == numbers


def test_declared_missing_values_of_spss_are_missing_and_counted() -> None:
    frame = pl.DataFrame({"n": [1.0, 98.0, 99.0, None], "s": ["a", "NA", "", "b"], "r": [1.0, 3.0, 5.0, 7.0]})
    ranges = {"n": [98, 99], "s": ["NA"], "r": [{"lo": 3, "hi": 5}, 1]}
    table = read(statistics_files.sav(frame, missing_ranges=ranges), "f.sav")
    assert table.frame.rows() == [("1", "a", None), (None, None, None), (None, None, None), (None, "b", "7")]
    assert table.remarks == {"special_missing_values": 6}


def test_special_missing_values_of_stata_are_missing_and_counted() -> None:
    numbers = pl.DataFrame({"n": [1.0, 2.0, None]})
    plain, whole = (
        statistics_files.other_dta(numbers),
        statistics_files.other_dta(numbers.with_columns(pl.Series("n", [1.0, 2.0, 3.0]))),
    )
    missing = bytes.fromhex("000000000000e07f")
    assert missing in plain and missing not in whole
    table = read(plain.replace(missing, bytes.fromhex("000000000001e07f")), "f.dta")
    assert (table.frame["n"].to_list(), table.remarks) == (["1", "2", None], {"special_missing_values": 1})
    assert not read(plain, "f.dta").remarks


@pytest.mark.parametrize("letter", "AMZ_")
def test_special_missing_values_of_sas_are_missing_and_counted(letter: str) -> None:
    table = read(sas7bdat([Column("n")], [[1.0], [None], [special(letter)], [3.0]]), "f.sas7bdat")
    assert (table.frame["n"].to_list(), table.remarks) == (["1", None, None, "3"], {"special_missing_values": 1})


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "latin-1", "cp850"])
def test_the_encoding_that_a_sas_data_set_states_is_the_one_it_is_read_in(encoding: str) -> None:
    frame = pl.DataFrame({"t": ["Åsa", "Växjö", "éü"]})
    table = read(statistics_files.sas(frame, encoding=encoding), "f.sas7bdat")
    assert (table.frame["t"].to_list(), table.encoding, table.remarks) == (frame["t"].to_list(), encoding, {})


def test_a_sas_data_set_that_states_no_encoding_is_read_by_the_rule_or_as_declared() -> None:
    content = sas7bdat([Column("t", width=4, is_text=True)], [["Åsa".encode("cp850")], ["ö".encode("cp850")]], None)
    for declared in ("auto", "cp850"):
        table = read(content, "f.sas7bdat", encoding=declared)
        assert (table.frame["t"].to_list(), table.encoding) == (["Åsa", "ö"], "cp850")


def test_a_sas_data_set_with_deleted_rows_is_refused_as_one_reader_knows_of_them_and_one_does_not() -> None:
    content = sas7bdat([Column("n")], [[float(row)] for row in range(8)])
    assert read(content, "f.sas7bdat").rows == 8
    assert "its two readers differ on its rows" in refusal(with_deleted(content, 8, 8), "f.sas7bdat")


def test_a_sas_data_set_of_many_pages_is_read_whole() -> None:
    frame = pl.DataFrame({"t": [f"{number:06d}" for number in range(5000)], "n": [float(n) for n in range(5000)]})
    table = read(statistics_files.sas(frame), "f.sas7bdat")
    assert table.frame["t"].to_list() == frame["t"].to_list()
    assert (table.rows, table.records) == (5000, 5000)


@pytest.mark.parametrize("letter", [b"A", b"Z", b"_"])
def test_special_missing_values_of_sas_transport_are_missing_and_counted(letter: bytes) -> None:
    content = statistics_files.xpt(pl.DataFrame({"n": [1.0, None, 3.0]}))
    assert content.count(b"\x2e" + b"\x00" * 7) == 1
    table = read(content.replace(b"\x2e" + b"\x00" * 7, letter + b"\x00" * 7), "f.xpt")
    assert (table.frame["n"].to_list(), table.remarks) == (["1", None, "3"], {"special_missing_values": 1})


def test_dates_of_stata_that_are_stored_in_four_bytes_are_exact() -> None:
    days = [dt.date(1850, 1, 1), dt.date(2219, 1, 2), dt.date(2299, 12, 31), None]
    counted = [None if day is None else (day - dt.date(1960, 1, 1)).days for day in days]
    content = statistics_files.other_dta(pl.DataFrame({"d": pl.Series(counted, dtype=pl.Float32)}), {"d": "%td"})
    assert only(content, "f.dta") == [None if day is None else day.isoformat() for day in days]


def test_numbers_of_four_bytes_have_their_own_digits_and_a_remark_where_they_lost_some() -> None:
    values = pl.Series("n", [1.1, 16_777_215.0, 220_101_011_234.0], dtype=pl.Float32)
    table = read(statistics_files.other_dta(values.to_frame()), "f.dta")
    assert table.frame["n"].to_list() == ["1.1", "16777215", "220101017600"]
    assert table.remarks == {"numbers_beyond_their_bytes": 1}


@pytest.mark.parametrize(("width", "kept"), [(3, 8_191), (4, 2_097_151), (6, 137_438_953_471)])
def test_numbers_of_shortened_sas_variables_have_a_remark_where_they_may_have_lost_digits(
    width: int, kept: int
) -> None:
    stored = [[struct.pack("<d", float(number))[8 - width :]] for number in (1, kept, 22_010_101_123_400)]
    table = read(sas7bdat([Column("n", width=width)], stored), "f.sas7bdat")
    assert table.frame["n"].to_list()[:2] == ["1", str(kept)]
    assert table.remarks == {"numbers_beyond_their_bytes": 1}


def test_numbers_beyond_15_digits_are_remarked() -> None:
    table = read(statistics_files.sav(pl.DataFrame({"n": [1e15, 999999999999999.0]})), "f.sav")
    assert table.frame["n"].to_list() == ["1000000000000000", "999999999999999"]
    assert table.remarks == {"numbers_beyond_15_digits": 1}


@pytest.mark.parametrize("version", [114, 117])
@pytest.mark.parametrize("values", [["Åsa", "x"], ["abcÅdef", "åäöåäö"], ["é", "långt ord"]])
def test_text_that_fills_a_variable_of_old_stata_is_read_whole(version: int, values: list[str]) -> None:
    table = read(statistics_files.old_dta(pl.DataFrame({"t": values, "n": [1.0, 2.0]}), version), "f.dta")
    assert (table.frame["t"].to_list(), table.encoding) == (values, "latin-1")
    assert table.remarks == {"encoding_guessed": 1}


def test_a_clock_of_stata_with_its_date_is_read_though_one_reader_has_nothing() -> None:
    frame = pl.DataFrame({"m": [0.0, 8_173_270_861_500.0, None]})
    content = statistics_files.other_dta(frame, {"m": "%tcDDmonCCYY_HH:MM"})
    assert only(content, "f.dta") == ["1960-01-01", "2219-01-01 01:01:01.500000", None]


def test_months_and_quarters_of_stata_are_no_days() -> None:
    frame = pl.DataFrame({"m": [3108.0], "q": [1036.0], "y": [2219.0]})
    content = statistics_files.other_dta(frame, {"m": "%tm", "q": "%tq", "y": "%ty"})
    assert read(content, "f.dta").frame.rows() == [("2219-01", "2219q1", "2219")]


def test_a_clock_of_stata_that_counts_leap_seconds_is_refused() -> None:
    content = statistics_files.other_dta(pl.DataFrame({"a": [1.0], "m": [1.0]}), {"m": "%tC"})
    assert "columns 2 count leap seconds (%tC)" in refusal(content, "f.dta")


def test_long_text_of_stata_is_read_where_both_readers_can_and_refused_where_one_cannot() -> None:
    frame = pl.DataFrame({"t": ["å" * 3000, "x"]})
    version_118, version_119 = statistics_files.other_dta(frame), statistics_files.dta(frame)
    assert b"<release>119" in version_119
    assert only(version_118, "f.dta") == ["å" * 3000, "x"]
    assert "its two readers differ on values of columns 1" in refusal(version_119, "f.dta")


@pytest.mark.parametrize(
    ("declared", "text", "encoding"),
    [("cp850", "Å", "cp850"), ("mac_roman", "Å", "mac_roman"), ("cp1252", "Å", "cp1252"), ("auto", "Å", "latin-1")],
)
def test_a_declared_encoding_holds_where_the_file_states_none(declared: str, text: str, encoding: str) -> None:
    content = statistics_files.xpt(pl.DataFrame({"t": ["QXsa", "bbbb"]})).replace(b"QX", text.encode(encoding).ljust(2))
    table = read(content, "f.xpt", encoding=declared)
    assert (table.frame["t"].to_list(), table.encoding) == ([f"{text} sa", "bbbb"], encoding)


def test_a_declared_encoding_that_is_not_the_stated_one_is_refused() -> None:
    content = statistics_files.sav(pl.DataFrame({"t": ["å"]}))
    assert read(content, "f.sav", encoding="utf-8-sig").encoding == "utf-8"
    assert "the file states another encoding than cp1252" in refusal(content, "f.sav", encoding="cp1252")


@pytest.mark.parametrize(
    ("write", "name"),
    [(statistics_files.sav, "f.sav"), (statistics_files.dta, "f.dta"), (statistics_files.xpt, "f.xpt")],
)
def test_a_row_with_bytes_that_are_no_characters_is_refused_alone(
    write: statistics_files.Callable[..., bytes], name: str
) -> None:
    content = write(pl.DataFrame({"t": ["Åsa åäö", "QXbb", "x"]})).replace(b"QXbb", b"\xe5\xe4bb")
    table = read(content, name, encoding="utf-8")
    assert [(each.row, each.problem.value) for each in table.problems] == [(2, "undecodable_bytes")]
    assert table.frame["t"].to_list() == ["Åsa åäö", "x"]


def test_a_row_with_a_nul_inside_text_is_refused_alone() -> None:
    table = read(statistics_files.xpt(pl.DataFrame({"t": ["a", "b\x00c", "d\x00\x00"]})), "f.xpt")
    assert [(each.row, each.problem.value) for each in table.problems] == [(2, "nul_character")]
    assert table.frame["t"].to_list() == ["a", "d"]


def test_rows_with_dates_outside_the_calendar_are_refused_by_number() -> None:
    content = statistics_files.xpt(pl.DataFrame({"d": [0.0, 1e7, -1e9, 1.0]}), {"d": "DATE9"})
    table = read(content, "f.xpt")
    assert [(each.row, each.problem.value) for each in table.problems] == [
        (2, "no_date_of_the_calendar"),
        (3, "no_date_of_the_calendar"),
    ]
    assert table.frame["d"].to_list() == ["1960-01-01", "1960-01-02"]


def test_a_transport_file_of_several_tables_is_refused() -> None:
    one = statistics_files.xpt5(pl.DataFrame({"x": ["1"]}))
    member = one.index(b"HEADER RECORD*******MEMBER")
    assert "the file holds 2 tables" in refusal(one + one[member:], "f.xpt")


@pytest.mark.parametrize("seen", [b"              2 ", b"              4 "])
def test_a_transport_file_with_other_rows_than_it_tells_is_refused(seen: bytes) -> None:
    content = statistics_files.xpt(pl.DataFrame({"x": ["a" * 80, "b" * 80, "c" * 80]}))
    place = content.index(b"OBSV8   HEADER RECORD!!!!!!!") + 28
    right = content[:place] + b"              3 " + content[place + 16 :]
    assert read(right, "f.xpt").rows == 3
    wrong = content[:place] + seen + content[place + 16 :]
    assert "its two readers differ on its rows" in refusal(wrong, "f.xpt")


def test_a_long_file_is_read_by_blocks_with_row_numbers_that_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("samkorning.register_files.statistics.statistics_readers._VALUES_AT_A_TIME", 10)
    days = [float(day) for day in range(23)]
    days[11] = 1e9
    content = statistics_files.xpt(pl.DataFrame({"d": days, "t": [str(day) for day in range(23)]}), {"d": "DATE9"})
    table = inspect_register_file(content, "f.xpt", FileContract())
    assert table.refused_row_numbers == (12,)
    assert table.frame["t"].to_list() == [str(day) for day in range(23) if day != 11]
    assert table.records == 23


@pytest.mark.parametrize(
    ("form", "name", "frame"),
    [("sav", "f.sav", {"a": ["2200"], "n": [1.5]}), ("dta", "f.dta", {"a": ["2200"], "n": [1.5]})],
)
@pytest.mark.parametrize("column", ["a", "n"])
def test_a_value_that_the_readers_differ_on_refuses_the_file_without_telling_it(
    form: str, name: str, frame: dict[str, list[object]], column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = statistics_file.typed_table

    def other(data: bytes, form: StatisticsForm) -> object:
        read = real(data, form)
        assert read
        return read[0].with_columns(pl.lit("2201" if column == "a" else 2.5).alias(column)), read[1]

    monkeypatch.setattr(statistics_file, "typed_table", other)
    monkeypatch.setattr("samkorning.register_files.statistics.stata_records.StataRecords.column", lambda *_: None)
    content = WRITERS[form].write(pl.DataFrame(frame))
    with pytest.raises(FileRefused) as refused:
        inspect_register_file(content, name, FileContract())
    place = 1 if column == "a" else 2
    assert f"its two readers differ on values of columns {place}; send it as delimited text" in str(refused.value)
    assert "220" not in str(refused.value)


def test_the_readers_are_loaded_when_such_a_file_comes_and_need_no_pandas() -> None:
    program = """
import sys
sys.modules["pandas"] = None
from samkorning.register_files import FileContract, inspect_register_file
from samkorning.register_files.formats import open_register_file
assert not {"pyreadstat", "polars_readstat"} & set(sys.modules)
table = inspect_register_file(sys.stdin.buffer.read(), "f.sav", FileContract(), opener=open_register_file)
assert "pyreadstat" in sys.modules
print(table.rows)
"""
    content = statistics_files.sav(pl.DataFrame({"a": ["x", "y"], "n": [1.0, 2.0]}))
    done = subprocess.run([sys.executable, "-c", program], input=content, capture_output=True, check=True)
    assert done.stdout == b"2\n"


def test_file_check_says_what_intake_would_say(tmp_path: Path) -> None:
    path = tmp_path / "par.sas7bdat"
    path.write_bytes(
        statistics_files.sas(pl.DataFrame({"LopNr": ["1", "2"], "Ort": ["Växjö", "Ås"]}), encoding="cp1252")
    )
    program = Path(sys.executable).with_name("samkorning")
    done = subprocess.run([program, "file", "check", path, "--json"], capture_output=True, check=True, text=True)
    said = json.loads(done.stdout)
    assert (said["rows"], said["columns"], said["format"]) == (2, ["LopNr", "Ort"], "sas")
    assert (said["encoding"], said["problems"]) == ("cp1252", [])


def test_a_table_that_is_too_large_unpacked_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics_file, "MOST_UNPACKED", 100)
    content = statistics_files.zsav(pl.DataFrame({"n": [1.0] * 100}))
    with pytest.raises(FileRefused, match="its rows are larger than"):
        inspect_register_file(content, "f.sav", FileContract())
