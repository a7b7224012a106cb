"""Large text: read in batches of bounded memory, from disk or memory, writing nothing anywhere."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from samkorning.errors import CheckFailed, FileRefused
from samkorning.register_files import FileContract
from samkorning.register_files.content import content
from samkorning.register_files.text import text_rows
from tests.reading_here import inspect_register_file, stream_register_file

DAMAGED = [b"1;2\r\n", b"1;2;3;4\r\n", b'1;"2"x;3\r\n', b"1;\x00;3\r\n", b"1;2;3;\r\n", b'"\x81";2;3\r\n']


def large(rows: int, damaged_share: float = 0.01) -> tuple[list[bytes], list[int]]:
    """Lines of a Windows-1252 file with CRLF, and the numbers of its damaged rows."""
    chance = random.Random(7)
    lines, damaged = ["LopNr;Namn;Värde\r\n".encode("cp1252")], []
    for row in range(1, rows + 1):
        if chance.random() < damaged_share:
            damaged.append(row)
            lines.append(chance.choice(DAMAGED))
        else:
            name = chance.choice(["Åsa – Ek", '"Ö; ""Q"""', '"två\r\nrader"', ""])
            lines.append(f"{row:09};{name};{chance.randrange(1000)},5\r\n".encode("cp1252"))
    return lines, damaged


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    lines, _ = large(30_000)
    path = tmp_path / "large.csv"
    path.write_bytes(b"".join(lines))
    return path


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "BLOCK", 128 * 1024)


def test_every_row_of_a_large_file_is_kept_or_refused_by_its_number(sent: Path) -> None:
    _, damaged = large(30_000)
    table = inspect_register_file(sent, "large.csv", FileContract())
    assert list(table.refused_row_numbers) == damaged
    assert table.frame["LopNr"].cast(pl.Int64).equals(table.row_numbers().rename("LopNr"))
    assert (table.encoding, table.rows + table.refused_rows, table.records) == ("cp1252", 30_000, 30_001)
    assert set(table.frame["Namn"]) == {"Åsa – Ek", 'Ö; "Q"', "två\r\nrader", None}


def test_a_path_and_its_bytes_read_alike(sent: Path) -> None:
    from_path = inspect_register_file(sent, "large.csv", FileContract())
    from_bytes = inspect_register_file(sent.read_bytes(), "large.csv", FileContract())
    assert from_path.frame.equals(from_bytes.frame)
    assert from_path.problems == from_bytes.problems


def test_value_rules_count_over_all_batches(sent: Path) -> None:
    contract = FileContract.model_validate({"columns": [{"name": "Namn", "required": True}]})
    table = inspect_register_file(sent, "large.csv", contract)
    finding = table.findings[0]
    without = table.row_numbers().filter(table.frame["Namn"].is_null())
    assert (finding.count, list(finding.rows)) == (without.len(), without.head(1000).to_list())


def test_a_stream_gives_batches_and_then_its_account(sent: Path) -> None:
    stream = stream_register_file(sent, "large.csv", FileContract())
    with pytest.raises(CheckFailed):
        stream.account()
    batches = list(stream)
    assert len(batches) > 3
    assert sum(batch.height for batch in batches) == stream.account().rows
    assert stream.account().frame.height == 0


def test_a_lazy_stream_writes_in_one_go(sent: Path, tmp_path: Path) -> None:
    stream = stream_register_file(sent, "large.csv", FileContract(tolerance=0.02))
    stream.lazy().sink_parquet(tmp_path / "out.parquet")
    expected = inspect_register_file(sent, "large.csv", FileContract()).frame
    assert pl.read_parquet(tmp_path / "out.parquet").equals(expected)
    assert stream.account().rows == expected.height


def test_a_lazy_stream_selects_and_filters(sent: Path) -> None:
    stream = stream_register_file(sent, "large.csv", FileContract(tolerance=0.02))
    found = stream.lazy().filter(pl.col("LopNr") == "000000100").select("Namn").collect()
    assert found.height == 1


def test_a_lazy_stream_fails_at_its_end_when_too_many_rows_are_damaged(sent: Path, tmp_path: Path) -> None:
    stream = stream_register_file(sent, "large.csv", FileContract())
    with pytest.raises(FileRefused, match="of 30000 rows are damaged"):
        stream.lazy().sink_parquet(tmp_path / "out.parquet")


def test_more_damaged_rows_than_are_named_end_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_rows, "MOST_REFUSED", 10_000)
    with pytest.raises(FileRefused, match="more than 10000 rows are damaged"):
        inspect_register_file(b"a;b\n" + b"1\n" * 10_001, "file.csv", FileContract(tolerance=1))


def test_reading_leaves_no_descriptor_open(sent: Path) -> None:
    def open_descriptors() -> int:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208

    inspect_register_file(sent, "large.csv", FileContract())
    before = open_descriptors()
    inspect_register_file(sent, "large.csv", FileContract())
    assert open_descriptors() == before


def written_files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


_MEASURE = """
import json, sys
from pathlib import Path
from samkorning.register_files import FileContract, stream_register_file
from samkorning.register_files.formats import open_register_file
stream = stream_register_file(Path(sys.argv[1]), "large.csv", FileContract(), opener=open_register_file)
rows = sum(batch.height for batch in stream)
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(json.dumps({"rows": rows, "refused": stream.account().refused_rows, "most_kB": int(status["VmHWM"].split()[0])}))
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """A child reads 1 and 4 million rows, in a folder of its own that stays empty."""
    lines, damaged = large(200_000)
    path = tmp_path / "large.csv"
    most = {}
    for repeats in (5, 20):
        with path.open("wb") as file:
            file.write(lines[0])
            for _ in range(repeats):
                file.write(b"".join(lines[1:]))
        home = tmp_path / f"home{repeats}"
        home.mkdir()
        run = subprocess.run(
            [sys.executable, "-c", _MEASURE, str(path)],
            capture_output=True,
            check=True,
            cwd=home,
            env={**os.environ, "HOME": str(home), "TMPDIR": str(home)},
        )
        said = json.loads(run.stdout)
        assert said["rows"] + said["refused"] == repeats * 200_000
        assert said["refused"] == repeats * len(damaged)
        assert list(written_files(home)) == []
        most[repeats] = said["most_kB"] * 1024
    assert most[20] < 700 * 1024 * 1024
    assert most[20] < 1.3 * most[5]
