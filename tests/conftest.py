"""What all tests share: an office, and a process set up as the program's own."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from samkorning.vault.hygiene import protect_process
from tests.examples import WHOLE
from tests.order_of_files import FIRST, FilesInOrder
from tests.stretching import stretch_once

if TYPE_CHECKING:
    from tests.office import Office

gc.set_threshold(20_000, 20, 20)
protect_process()
stretch_once()
for name in (signal.SIGINT, signal.SIGTERM):  # ignored by what a shell runs in the background, and by its children
    if signal.getsignal(name) is signal.SIG_IGN:
        signal.signal(name, signal.default_int_handler if name is signal.SIGINT else signal.SIG_DFL)
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")  # no verdict depends on speed or load
settings.register_profile("fewer", settings.get_profile("any machine"), max_examples=WHOLE * 3 // 10)
os.environ.setdefault("SAMKORNING_LETTERS_BY_THEMSELVES", "false")  # and tests of letters ask for these
os.environ.setdefault("SAMKORNING_REPORTS", "[]")  # a report takes seconds: tests of reports ask for it


@pytest.fixture(autouse=True)
def the_day_is_set_for_one_test_alone() -> Iterator[None]:
    """The program keeps the day that ``--today`` sets in the environment, and tests run it in their own process."""
    before = os.environ.get("SAMKORNING_TODAY")
    yield
    if before is None:
        os.environ.pop("SAMKORNING_TODAY", None)


@pytest.fixture(autouse=True)
def no_instance_of_another_test() -> None:
    """Dagster remembers the instance of a loop that was left in the middle, as loops of the daemon are."""
    if (states := sys.modules.get("dagster._core.storage.defs_state.base")) is not None:
        states._current_storage.set(None)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An empty office; the environment is as before when the test ends."""
    from tests.office import Office  # Dagster takes seconds to load: only where it is needed

    before = dict(os.environ)
    office = Office(tmp_path)
    yield office
    office.desk.cases.close()
    os.environ.clear()
    os.environ.update(before)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The last lines say what was skipped, and why."""
    skipped = terminalreporter.stats.get("skipped", [])
    terminalreporter.write_sep("=", f"skipped: {len(skipped) or 'nothing'}")
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        terminalreporter.write_line(f"{report.nodeid}: {reason.removeprefix('Skipped: ')}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that wait or take long come first, then those with slow tests, so that no process is left with one of them
    at the end (``--no-loadscope-reorder`` in the Makefile keeps this order).
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: (FIRST.get(item.path.stem, len(FIRST)), item.path not in slow))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Files are handed out one by one, those of the cluster together."""
    return FilesInOrder(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collection_finish() -> None:
    """What all tests import stays to the end: looking through it for garbage time and again takes a twelfth."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    gc.unfreeze()  # DuckDB's library complains of what is left at the end
