"""How far long work has come is shown to a person at a terminal, and to nobody else; it tells rows, and no name."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import polars as pl
import pytest

from samkorning.machine.progress import Work
from tests.factories import SAMPLE
from tests.office import Office

YEAR = SAMPLE / "registers" / "LMED_2219.csv"
CURSOR, NO_CURSOR = "\x1b[?25h", "\x1b[?25l"
NAMED = "221101012394"


def on_a_terminal(office: Office, *arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, standard output, and what a person sees of standard error on a terminal."""
    ours, theirs = pty.openpty()
    shown: list[bytes] = []

    def look() -> None:
        try:
            while content := os.read(ours, 65_536):
                shown.append(content)
        except OSError:  # nobody writes any more
            pass

    looking = Thread(target=look)
    looking.start()
    try:
        done = subprocess.run(
            command(office, *arguments), env=a_terminal(), stdout=subprocess.PIPE, stderr=theirs, check=False
        )
    finally:
        os.close(theirs)
        looking.join()
        os.close(ours)
    return done.returncode, done.stdout.decode(), b"".join(shown).decode()


def command(office: Office, *arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "cli", "--home", str(office.desk.home.root), *map(str, arguments)]


def a_terminal() -> dict[str, str]:
    return os.environ | {"TERM": "xterm-256color", "COLUMNS": "120", "NO_COLOR": "1"}


@pytest.fixture
def year(office: Office, tmp_path: Path) -> Iterator[Path]:
    """A file whose name is a person's number."""
    assert office.desk.keystore
    path = tmp_path / f"lmed_{NAMED}.csv"
    path.write_bytes(YEAR.read_bytes())
    yield path


def test_a_person_at_a_terminal_sees_rows_and_the_terminal_comes_back(office: Office, year: Path) -> None:
    cells = pl.read_csv(YEAR, separator=";", infer_schema=False)
    exit_code, answered, shown = on_a_terminal(office, "register", "load", "LMED", "2219", year)
    persons = cells["number"].n_unique()
    assert (exit_code, answered) == (0, f"LMED 2219: {cells.height} rows, {persons} persons\n")
    assert f"{Work.READING} " in shown
    assert f"{cells.height:,} of ".replace(",", " ") in shown
    assert shown.count(NO_CURSOR) == shown.count(CURSOR) > 0
    assert not [number for number in [NAMED, *cells["number"]] if number in shown]


def test_a_refusal_comes_after_it_and_leaves_the_terminal_as_it_was(office: Office, year: Path) -> None:
    year.write_text(year.read_text().replace("ATC", "CTA", 1))
    exit_code, answered, shown = on_a_terminal(office, "register", "load", "LMED", "2219", year)
    assert (exit_code, answered) == (1, "")
    assert shown.rindex(CURSOR) < shown.index("lmed_[number].csv: lacks the columns ATC")
    assert shown.count(NO_CURSOR) == shown.count(CURSOR)


@pytest.mark.slow
def test_a_program_that_reads_the_answer_sees_none_of_it(office: Office, year: Path) -> None:
    exit_code, answered, shown = on_a_terminal(office, "register", "load", "LMED", "2219", year, "--json")
    assert (exit_code, json.loads(answered)["register"], shown) == (0, "LMED", "")


@pytest.mark.slow
def test_a_pipe_gets_none_of_it(office: Office, year: Path) -> None:
    load = command(office, "register", "load", "LMED", "2219", year)
    done = subprocess.run(load, env=a_terminal(), capture_output=True, check=True)
    assert done.stderr == b""
    assert b"\x1b" not in done.stdout


@pytest.mark.slow
def test_receiving_and_delivering_are_watched_too(office: Office) -> None:
    case = office.ready_case()
    _, _, received = on_a_terminal(office, "receive", case, "lisa", office.sent("lisa"), "--as", "Erik")
    exit_code, _, delivered = on_a_terminal(office, "deliver", case)
    assert exit_code == 0
    assert f"{Work.LINKING} " in delivered
    assert f"{Work.ORDERING} " in delivered
    assert f"{Work.SEALING} " in delivered
    assert "delivery" in delivered.replace("\x1b", ""), "the lines of finished steps stay"
    assert not [number for number in office.world.persons["number"].cast(pl.String) if number in received + delivered]
