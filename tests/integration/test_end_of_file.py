"""Formats that carry their own end, on files that real writers wrote: whole, cut anywhere, padded, reserved."""

import gzip
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import py7zr
import pyarrow as pa
import pyreadstat
import pytest
import xlwt

from samkorning.register_files.whole.end_of_file import end_is_there, format_has_end

FRAME = pl.DataFrame({"a": [f"å{row % 7}" * (row % 40) for row in range(3000)], "b": list(range(3000))})


def into(write: Callable[[io.BytesIO], object]) -> bytes:
    stream = io.BytesIO()
    write(stream)
    return stream.getvalue()


def zipped(stream: io.BytesIO, comment: bytes = b"") -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", FRAME.write_csv())
        archive.comment = comment


def seven_zipped(stream: io.BytesIO) -> None:
    with py7zr.SevenZipFile(stream, "w") as archive:
        archive.writestr(FRAME.write_csv().encode(), "a.csv")


def old_workbook(stream: io.BytesIO) -> None:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("a")
    for row, (text, number) in enumerate(FRAME.iter_rows()):
        sheet.write(row, 0, f"{text}{row:040}" * 60)
        sheet.write(row, 1, number)
    workbook.save(stream)


def streamed(stream: io.BytesIO) -> None:
    table = FRAME.to_arrow()
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)


def spss(folder: Path, ending: str, compressed: bool = False) -> bytes:
    path = folder / f"a.{ending}"
    write = pyreadstat.write_por if ending == "por" else pyreadstat.write_sav
    frame = FRAME.head(200).with_columns(pl.col("a").str.replace_all("å", "a")).to_pandas()
    write(frame, str(path), **({} if ending == "por" else {"compress": compressed, "column_labels": {"a": "Å, ä"}}))
    return path.read_bytes()


MEMORY: dict[str, Callable[[io.BytesIO], object]] = {
    "xlsx": lambda stream: FRAME.write_excel(stream),
    "xls": old_workbook,
    "zip": zipped,
    "zip with a comment": lambda stream: zipped(stream, b"like an end PK\x05\x06 of its own"),
    "7z": seven_zipped,
    "gz": lambda stream: stream.write(gzip.compress(FRAME.write_csv().encode())),
    "gz of two": lambda stream: stream.write(gzip.compress(b"a;b\n") + gzip.compress(FRAME.write_csv().encode())),
    "Parquet": lambda stream: FRAME.write_parquet(stream),
    "Arrow file": lambda stream: FRAME.write_ipc(stream),
    "Arrow stream": streamed,
    "Stata 13": lambda stream: FRAME.to_pandas().to_stata(stream, version=117),
    "Stata 14": lambda stream: FRAME.to_pandas().to_stata(stream, version=118),
}
FILES: dict[str, Callable[[Path], bytes]] = {
    **{name: (lambda folder, write=write: into(write)) for name, write in MEMORY.items()},
    "sav": lambda folder: spss(folder, "sav"),
    "zsav": lambda folder: spss(folder, "sav", compressed=True),
    "por": lambda folder: spss(folder, "por"),
}


@pytest.mark.parametrize("name", FILES)
def test_the_end_of_a_format_is_seen_and_missed(name: str, tmp_path: Path) -> None:
    content = FILES[name](tmp_path)
    path = tmp_path / "sent"

    def ends(content: bytes) -> bool | None:
        path.write_bytes(content)
        return end_is_there(path)

    assert ends(content) is True
    assert format_has_end(path)
    cuts = [*range(90, 600, 7), len(content) // 3, len(content) // 2, len(content) - 90]
    assert [cut for cut in cuts if cut < len(content) and ends(content[:cut])] == [], "cut off"
    assert ends(content[: len(content) // 2] + bytes(len(content) - len(content) // 2)) is False, "reserved beforehand"


@pytest.mark.parametrize(
    "content",
    [b"", b"a;b\n1;2\n", b"{}\n", b"%PDF-1.7", b"HEADER RECORD*******", b"\x72\x02\x01\x00", b"age-encryption.org/"],
)
def test_other_content_has_no_end_of_its_own(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sent"
    path.write_bytes(content)
    assert end_is_there(path) is None
    assert not format_has_end(path)


def test_any_bytes_behind_a_known_beginning_are_looked_at_without_failing(tmp_path: Path) -> None:
    path = tmp_path / "sent"
    beginnings = [FILES[name](tmp_path)[:60] for name in FILES]
    for beginning in beginnings:
        for filling in (b"\xff", b"\x00", b"\x7f", b"PK\x05\x06", b"\x01\x00\x00\x00"):
            path.write_bytes((beginning + filling * 300)[:1000])
            assert end_is_there(path) in (True, False)
