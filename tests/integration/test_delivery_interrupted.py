"""A sealing that is killed at any step, and what it leaves on disk meanwhile; each in a process of its own."""

import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from test_delivery_factory import PUBLIC, RECIPIENT, SEED, a_description, sealed_in

from samkorning.delivery.package.sealing import seal_package
from samkorning.delivery.package.verification import verify_package
from samkorning.durable import sweep_partials
from samkorning.errors import PackageRefused

HERE = Path(__file__).parent
NAME = "36759-2021_L001"

# Every step that changes the folder's state, in order; the process dies just before the one that is named.
KILLED_BEFORE = """
import os, signal, sys
from pathlib import Path

folder, recipient, step = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
sys.path[:0] = sys.argv[4:]
from test_delivery_factory import SEED, a_description
from samkorning.delivery.package.sealing import seal_package

steps = 0

def counted(act):
    def run(*arguments):
        global steps
        steps += 1
        if steps == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return act(*arguments)
    return run

os.fsync, Path.rename = counted(os.fsync), counted(Path.rename)
seal_package(a_description(), folder, recipient, SEED)
print(steps)
"""


def run_apart(script: str, *arguments: str | int | Path) -> subprocess.CompletedProcess[str]:
    places = [str(HERE), str(HERE.parent.parent)]
    command = [sys.executable, "-c", script, *map(str, arguments), *places]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_sealing_has_six_steps_to_be_killed_before(tmp_path: Path) -> None:
    answer = run_apart(KILLED_BEFORE, tmp_path / "L001", RECIPIENT.recipient, 0)
    assert (answer.stdout, answer.stderr) == ("6\n", "")


@pytest.mark.parametrize("step", [1, *(pytest.param(step, marks=pytest.mark.slow) for step in range(2, 6)), 6])
def test_a_killed_sealing_is_whole_or_not_there_and_sealing_again_completes_it(tmp_path: Path, step: int) -> None:
    folder = tmp_path / "L001"
    assert run_apart(KILLED_BEFORE, folder, RECIPIENT.recipient, step).returncode == -signal.SIGKILL
    visible = {path.name for path in folder.iterdir() if not path.name.endswith(".partial")}
    assert visible in (set(), {f"{NAME}.tar.age"}, {f"{NAME}.tar.age", f"{NAME}.receipt.json"})
    sweep_partials(folder)
    if f"{NAME}.receipt.json" in visible:
        with pytest.raises(PackageRefused, match="sealed already"):
            seal_package(a_description(), folder, RECIPIENT.recipient, SEED)
    else:
        sealed_in(folder)
    assert {path.name for path in folder.iterdir()} == {f"{NAME}.tar.age", f"{NAME}.receipt.json"}
    assert verify_package(folder, PUBLIC, RECIPIENT.secret).problems == ()


def test_what_a_killed_sealing_leaves_is_swept(tmp_path: Path) -> None:
    run_apart(KILLED_BEFORE, tmp_path / "L001", RECIPIENT.recipient, 3)
    left = {f"{NAME}.tar.age.partial", f"{NAME}.receipt.json.partial"}
    assert {path.name for path in (tmp_path / "L001").iterdir()} == left
    assert set(sweep_partials(tmp_path)) == left
    assert list((tmp_path / "L001").iterdir()) == []


WATCHED = """
import os, sys
from pathlib import Path

folder, recipient, secret, public = Path(sys.argv[1]), *sys.argv[2:5]
sys.path[:0] = sys.argv[5:]
from test_delivery_factory import SEED, a_description
from samkorning.delivery.package.sealing import seal_package
from samkorning.delivery.package.verification import verify_package

def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, Path)) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        print("open", Path(arguments[0]).name)

sys.addaudithook(watch)
seal_package(a_description(), folder, recipient, SEED)
print("ok", verify_package(folder, public, secret).ok)
"""


def test_sealing_and_verifying_write_two_partial_files_and_nothing_else(tmp_path: Path) -> None:
    answer = run_apart(WATCHED, tmp_path / "L001", RECIPIENT.recipient, RECIPIENT.secret, PUBLIC)
    assert answer.stderr == ""
    assert answer.stdout.splitlines() == [
        f"open {NAME}.tar.age.partial",
        f"open {NAME}.receipt.json.partial",
        "ok True",
    ]


MEASURED = """
import resource, sys
from pathlib import Path
import polars as pl

folder, rows, recipient, secret, public = Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:6]
sys.path[:0] = sys.argv[6:]
from dataclasses import replace
from test_delivery_factory import SEED, a_description, a_frame
from samkorning.delivery.formats import Table
from samkorning.delivery.package.sealing import seal_package
from samkorning.delivery.rendering import Rendering, SerialNumbers, SpreadsheetValues, UnitContents
from samkorning.delivery.package.verification import verify_package
from tests.rendered import in_one_unit

frame = pl.scan_parquet(folder / "rows.parquet").head(rows)
schema = frame.collect_schema()

def ordered():
    return map(in_one_unit, frame.collect_batches(chunk_size=100_000, lazy=True))

def csv():
    return (chunk["csv"] for chunk in Rendering(Table("ut_r_par_sv", schema), []).chunks(ordered()))

known = pl.Series(range(100_000_000, 110_000_000), dtype=pl.Int32)
takers = [UnitContents(schema, 1), SpreadsheetValues(), SerialNumbers({"LopNr": known})]
once = Rendering(Table("ut_r_par_sv", schema), takers)
for _ in once.chunks(ordered()):
    pass
[file] = a_description(ut_r_par_sv_36759_2021=a_frame().select("LopNr", "TEXT")).files
file = replace(file, rendered=once.facts(), chunks=lambda _: csv())
sealed = seal_package(replace(a_description(), files=(file,)), folder / str(rows), recipient, SEED)
assert verify_package(folder / str(rows), public, secret).ok
assert sealed.manifest.files[0].rows == rows
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, sealed.receipt.bytes // 2**20)
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    numbers = pl.int_range(100_000_000, 106_000_000, dtype=pl.Int32, eager=True).alias("LopNr")
    pl.DataFrame([numbers]).with_columns(TEXT=pl.lit("C509 " * 10)).write_parquet(tmp_path / "rows.parquet")
    peaks = {}
    for rows in (1_000_000, 6_000_000):
        answer = run_apart(MEASURED, tmp_path, rows, RECIPIENT.recipient, RECIPIENT.secret, PUBLIC)
        assert answer.stderr == ""
        peaks[rows], sealed_megabytes = map(int, answer.stdout.split())
        assert sealed_megabytes >= rows * 60 // 2**20
    assert peaks[6_000_000] - peaks[1_000_000] < 100  # the larger file has some 300 MB more
