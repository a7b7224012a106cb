"""What the machine lacks, as the person at the command line meets it: one sentence, exit code 3, and nothing else on
standard error.
"""

import getpass
import json
import os
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from resources.desk import Desk
from samkorning.case import acts
from tests.commands import program
from tests.factories import an_order
from tests.office import ENGINEER, Office

CASE = "36759-2021"
LOADED = """
from importlib import import_module
import resources.machine
from cli.commands import COMMANDS
modules = [module for command in COMMANDS.values() for module in (command.module, *command.more)]
assert all(map(import_module, modules))
"""


def run(home: Path, *arguments: str, first: str = "") -> subprocess.CompletedProcess[str]:
    """The program, after a line of Python that makes its process poorer once everything is loaded."""
    poorer = f"import os, resource, sys, cli.main\n{LOADED}\n{first}\ncli.main.main()"
    command = [sys.executable, "-c", poorer, "--home", str(home), *arguments]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def assert_reported(done: subprocess.CompletedProcess[str], fault: str, *words: str) -> None:
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["fault"], answer["safe_to_repeat"]) == (3, fault, True), done.stderr
    assert done.stderr == f"{answer['problem']}\n"
    for word in words:
        assert word in done.stderr


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another account")
def test_an_account_that_may_not_read_the_home(office: Office) -> None:
    office.open_case()
    as_nobody = "os.setgroups([]); os.setgid(65534); os.setuid(65534)"
    done = run(office.desk.home.root, "case", "approve", CASE, "--json", first=as_nobody)
    assert_reported(done, "no permission", "give it the right")
    assert program(office.desk.home.root, "case", "approve", CASE, "--as", "Olle").returncode == 0


@pytest.mark.slow
def test_too_many_open_files(office: Office) -> None:
    office.open_case()
    few = "n = len(os.listdir('/proc/self/fd')); resource.setrlimit(resource.RLIMIT_NOFILE, (n + 2, n + 2))"
    done = run(office.desk.home.root, "case", "approve", CASE, "--as", "Olle", "--json", first=few)
    assert_reported(done, "too many open files", "ulimit -n")
    assert program(office.desk.home.root, "case", "approve", CASE, "--as", "Olle").returncode == 0


@pytest.mark.slow
def test_a_file_that_may_not_grow(office: Office) -> None:
    office.open_case()
    short = "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))"
    done = run(office.desk.home.root, "case", "approve", CASE, "--as", "Olle", "--json", first=short)
    answer = json.loads(done.stdout)
    assert done.returncode == 3
    assert answer["fault"] in ("file size limited", "disk error", "disk full")  # SQLite does not say which
    assert done.stderr == f"{answer['problem']}\n"


@pytest.mark.slow
def test_a_database_that_another_process_holds(office: Office) -> None:
    office.open_case()
    holder = sqlite3.connect(office.desk.home.case_register)
    holder.execute("BEGIN IMMEDIATE")
    done = run(office.desk.home.root, "case", "approve", CASE, "--as", "Olle", "--json")
    holder.close()
    assert_reported(done, "locked by another process", f"process {os.getpid()} (")
    assert program(office.desk.home.root, "case", "approve", CASE, "--as", "Olle").returncode == 0


@pytest.mark.slow
def test_a_clock_that_went_back(office: Office) -> None:
    """In a home of real persons nothing is recorded; a person may say that the clock is right."""
    home = office.desk.home.root
    (home / "config.yaml").write_text(
        f"keystore: {office.folder / 'keystore'}\n"
        f"passphrase_file: {office.folder / 'passphrase'}\n"
        f"accounts: {{{getpass.getuser()}: Olle Ordning}}\n"
    )
    (office.folder / "passphrase").write_text("a long enough passphrase\n")
    desk = Desk.at(home)
    detail = acts.order_detail(an_order(("synthetic: true", "synthetic: false")), "order.yaml", desk.catalogue)
    desk.cases.open(CASE, desk.clock.now(), ENGINEER, detail)
    desk.audit.append("open", ENGINEER, CASE, desk.clock.now() + timedelta(days=1))
    events = desk.cases.counts()
    for _ in range(2):
        done = run(home, "case", "approve", CASE, "--json")
        assert_reported(done, "clock went back", "accept-clock")
        assert desk.cases.counts() == events
    assert program(home, "audit", "verify").returncode == 0
    assert program(home, "audit", "accept-clock").returncode == 0
    done = program(home, "case", "approve", CASE)
    assert done.returncode == 0, done.stderr
    desk.cases.close()


def test_in_a_home_of_synthetic_cases_the_day_may_go_back(office: Office) -> None:
    office.open_case()
    home = office.desk.home.root
    assert program(home, "--today", "2222-01-01", "case", "approve", CASE, "--as", "Olle").returncode == 0
    decided = ("case", "decide", CASE, "--role", "lawyer", "--as", "Lisa")
    assert program(home, "--today", "2221-01-01", *decided).returncode == 0


NOISE = """
import atexit, logging, threading, warnings
import cli.audit
from sqlalchemy.exc import OperationalError

class Unraisable:
    def __del__(self):
        raise ValueError("219108182388")

def noise():
    logging.getLogger("sqlalchemy").error("219108182388")
    logging.getLogger("dagster").critical("219108182388")
    logging.lastResort.emit(logging.makeLogRecord({"msg": "219108182388"}))
    warnings.warn("219108182388")
    print("219108182388", file=sys.stderr)
    sys.__stderr__.write("219108182388")
    os.write(2, b"thread '<unnamed>' panicked at 219108182388")
    os.system("echo 219108182388 >&2")
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    Unraisable()
    atexit.register(lambda: 1 / 0)
    raise OperationalError("INSERT INTO t VALUES (?)", ["219108182388"], ValueError("219108182388"))

cli.audit.app.command(name="noise")(noise)
"""


def test_nothing_but_our_own_sentence_reaches_standard_error(tmp_path: Path) -> None:
    """Loggers, warnings, threads, finalisers, exit functions, children and the descriptor itself."""
    done = run(tmp_path / "home", "audit", "noise", first=NOISE)
    assert done.returncode == 3
    assert done.stderr.startswith("failed unexpectedly (reference ")
    assert done.stderr.count("\n") == 1
    assert "219108182388" not in done.stdout + done.stderr


def test_a_failure_is_told_though_the_protected_log_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "home" / "failures.log").mkdir(parents=True)
    done = run(tmp_path / "home", "audit", "noise", first=NOISE)
    assert done.returncode == 3
    assert "OperationalError" in done.stderr and "cannot be written" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [("case", "list"), ("case", "list", "--json"), ("nonsense",)])
def test_an_answer_that_fits_nowhere_is_a_failure(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Standard output, and standard error, on a full disk: the exit code has to do."""
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "cli", "--home", str(tmp_path / "home"), *arguments]
        done = subprocess.run(command, stdout=full, stderr=full)
    assert done.returncode == (2 if arguments == ("nonsense",) else 3)
