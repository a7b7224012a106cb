"""What a look of the due-deliveries sensor costs where thousands of cases have delivered and rest.

``python bench/ticks.py`` makes a home with thirteen registers of twenty years and one case that has delivered, then as
many cases like it as a limit speaks of, and prints a table; it ends with 1 if a limit is broken. The quickest of three
looks counts, each from a desk of its own, as the daemon's first look after a start has it; opening the keystore is left
out: it is slow on purpose, once per process.

- 2,000 cases that rest: at most 0.5 s a look, and every sensor's whole look as well. 10,000: at most 2 s.
- Beside it, a look at which one case has changed and is found out about anew.
"""

import sqlite3
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import dagster as dg
import polars as pl
from measuring import report, seconds

from assets.steps.delivery.due import due_cases
from pipelines.instance import dagster_instance
from pipelines.triggers import SENSORS
from resources.desk import Desk
from samkorning.vault.hygiene import protect_process

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.office import Office

LIMITS = {2_000: 0.5, 10_000: 2.0}
SENSED, ROUNDS = 2_000, 3
YEARS = range(2200, 2220)
FURTHER_REGISTERS = tuple(f"REG{number:02d}" for number in range(9))


def main() -> int:
    protect_process()
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder), persons=1_000)
        case = office.ready_case()
        office.deliver(case)
        for register in FURTHER_REGISTERS:
            for year in YEARS:
                office.desk.registers.load(register, year, pl.DataFrame({"number": [212001010000]}))
        holds = [_report(office, case, count, limit) for count, limit in LIMITS.items() if count == SENSED]
        holds += [_report_sensor(office, sensor) for sensor in SENSORS]
        holds += [_report(office, case, count, limit) for count, limit in LIMITS.items() if count != SENSED]
        changed = min(_look_at_a_change(office, case) for _ in range(ROUNDS))
        print(f"{'the same where one case has changed':<42} {changed:8.2f} s")
    return 0 if all(holds) else 1


def _report(office: Office, case: str, count: int, limit: float) -> bool:
    _cases_like(office, case, count)
    taken = min(_look(office.desk.home.root, count) for _ in range(ROUNDS))
    return report(f"a look at {count} cases that rest", taken, limit, "s", taken <= limit)


def _report_sensor(office: Office, sensor: dg.SensorDefinition) -> bool:
    """A sensor's whole look, from Dagster's storage to its sentence; its first one finds out what it needs."""
    limit = LIMITS[SENSED]
    with dagster_instance(office.desk) as instance:
        context = dg.build_sensor_context(instance=instance)
        taken = min(seconds(lambda: sensor(context, desk=office.desk)) for _ in range(ROUNDS))
    return report(f"{sensor.name} at {SENSED} cases", taken, limit, "s", taken <= limit)


def _look(home: Path, count: int) -> float:
    desk = Desk.at(home)
    desk.keystore.service_secret("audit")
    taken = seconds(lambda: due_cases(desk))
    assert len(desk.due.rows()) == count
    desk.cases.close()
    return taken


def _cases_like(office: Office, case: str, count: int) -> None:
    """Copies of the case's events and of what is due for it; no look opens them."""
    [like] = [row for row in due_cases(office.desk, most=1) if row.case_number == case]
    numbers = [f"{place}-2020" for place in range(1, count)]
    copied = "INSERT OR IGNORE INTO case_event (case_number, {0}) SELECT ?, {0} FROM case_event WHERE case_number = ?"
    with sqlite3.connect(office.desk.home.case_register) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(case_event)") if row[1] != "case_number"]
        for number in numbers:
            database.execute(copied.format(", ".join(columns)), (number, case))
    office.desk.due.keep([replace(like, case_number=number) for number in numbers])


def _look_at_a_change(office: Office, case: str) -> float:
    [row] = [row for row in due_cases(office.desk) if row.case_number == case]
    office.desk.due.keep([replace(row, events=0)])
    return seconds(lambda: due_cases(office.desk))


if __name__ == "__main__":
    sys.exit(main())
