"""What the page costs with thousands of cases: loading the definitions, the front page, a look, and telling of a case.

``python bench/page.py [--cases 2000]`` makes a home with a case that has delivered, one that is decided and one that
is new, then as many cases like these as asked for, and prints a table; it ends with 1 if a limit is broken. The
quickest of three counts; the keystore is open before, as in the daemon.

- Definitions, beyond importing Dagster: at most 0.5 s.
- The front page over 2,000 cases that rest: at most 1 s. A look that finds nothing to tell: at most 0.5 s.
- Telling of one case that has changed, all nodes that an act changes: at most 1 s.
- Beside it, what a case and the front page add to Dagster's storage each time that they are told.
"""

import argparse
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import dagster as dg
from measuring import report, seconds, show

from assets.front_page import report_desk
from assets.page_report import REPORTED, report_case, report_changes
from assets.steps.overview import readable_rows
from pipelines.definitions import build_definitions
from pipelines.desk import MOST_AT_ONCE
from pipelines.instance import dagster_instance
from resources.desk import Desk
from samkorning.case.overview import OverviewRow
from samkorning.vault.hygiene import protect_process

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.office import Office

DELIVERED, DECIDED, NEW = "1-2019", "2-2019", "3-2019"
ROUNDS, TIMES = 3, 10
COPY = "INSERT INTO case_event (case_number, {0}) SELECT ?, {0} FROM case_event WHERE case_number = ?"


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=2_000)
    count = asked.parse_args().cases
    protect_process()
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder), persons=600)
        prototypes(office)
        with dagster_instance(office.desk) as instance:
            numbers = cases_like(office, instance, count)
            holds = list(_measured(office.desk, instance, numbers))
    return 0 if all(holds) else 1


def _measured(desk: Desk, instance: dg.DagsterInstance, numbers: list[str]) -> Iterator[bool]:
    count = len(numbers)
    taken = _quickest(lambda: build_definitions(desk).get_repository_def())
    yield report("definitions", taken, 0.5, "s", taken <= 0.5)
    taken = _quickest(lambda: report_desk(desk, instance, MOST_AT_ONCE))
    yield report(f"front page, {count} cases", taken, 1, "s", taken <= 1)
    assert report_changes(desk, instance, MOST_AT_ONCE) == (0, 0), "all rest"
    taken = _quickest(lambda: report_changes(desk, instance, MOST_AT_ONCE))
    yield report(f"a look at {count} cases that rest", taken, 0.5, "s", taken <= 0.5)
    taken = _quickest(lambda: _report_anew(desk, instance))
    yield report("telling of a case that has delivered", taken, 1, "s", taken <= 1)
    show("a case told, in Dagster's storage", _stored(desk, lambda: _report_anew(desk, instance)), "kB")
    show("the front page told, in Dagster's storage", _stored(desk, lambda: report_desk(desk, instance, 1)), "kB")


def _report_anew(desk: Desk, instance: dg.DagsterInstance) -> None:
    """As after an act: the case is found out about, and told."""
    [row] = [row for row in readable_rows(desk, only=DELIVERED) if row.case_number == DELIVERED]
    desk.overview.keep([replace(row, events=0)])
    instance.daemon_cursor_storage.set_cursor_values({f"{REPORTED}{DELIVERED}": f"{row.events}:before"})
    report_case(desk, instance, DELIVERED)


def _stored(desk: Desk, act: Callable[[], object]) -> float:
    """Kilobytes that an act adds, of many."""
    before = _size(desk)
    for _ in range(TIMES):
        act()
    return (_size(desk) - before) / TIMES / 1_000


def _size(desk: Desk) -> int:
    """Of all databases, with what lies in their logs."""
    found = 0
    for path in desk.home.dagster.rglob("*.db"):
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        found += path.stat().st_size
    return found


def _quickest(act: Callable[[], object]) -> float:
    return min(seconds(act) for _ in range(ROUNDS))


def prototypes(office: Office) -> None:
    """One case of each kind, as acts make them."""
    office.ready_case(number=DELIVERED)
    office.deliver(DELIVERED)
    office.open_case(number=DECIDED)
    office.decide(DECIDED)
    office.open_case(number=NEW)


def cases_like(office: Office, instance: dg.DagsterInstance, count: int) -> list[str]:
    """Copies of their events and of their rows in the overview, told to the page already; no look opens them."""
    report_changes(office.desk, instance, count)
    rows = {row.case_number: row for row in readable_rows(office.desk)}
    likes = cycle((DELIVERED, DECIDED, NEW))
    copies = {f"{place}-2020": next(likes) for place in range(1, count - len(rows) + 1)}
    with sqlite3.connect(office.desk.home.case_register) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(case_event)") if row[1] != "case_number"]
        for number, like in copies.items():
            database.execute(COPY.format(", ".join(columns)), (number, like))
    kept: list[OverviewRow] = [replace(rows[like], case_number=number) for number, like in copies.items()]
    office.desk.overview.keep(kept)
    instance.add_dynamic_partitions("case", list(copies))
    shown = {f"{REPORTED}{row.case_number}": f"{row.events}:{row.standing.digest}" for row in kept}
    instance.daemon_cursor_storage.set_cursor_values(shown)
    return [*rows, *copies]


if __name__ == "__main__":
    sys.exit(main())
