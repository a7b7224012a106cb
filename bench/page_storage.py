"""What a delivery leaves in the page's storage, after the job that forgets what nobody reads any longer.

``python bench/page_storage.py`` delivers one case, then another three times, forgets after each delivery as if its day
were long past, and prints by how much the databases have grown; it ends with 1 if the limit is broken. Pages in use
count: what is freed is used again. Most of it is the first delivery's: a case's assets stay told, each once whole.

- At most 100 kB a delivery of a case that is delivered three times, as the demonstration's.
"""

import sqlite3
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from measuring import report, show

from pipelines.forgetting import forget_runs, forget_ticks
from pipelines.instance import dagster_instance
from samkorning.vault.hygiene import protect_process

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from assets.steps.intake.receiving import receive_file
from tests.office import ENGINEER, Office

LIMIT, KILOBYTE, LATER = 100.0, 1_000, 2
TOLERANT = (("linked_share_at_least: 0.5", "linked_share_at_least: 0"), ("allowed: 0.05", "allowed: 0.5"))


def main() -> int:
    protect_process()
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder), persons=1_000)
        case = office.ready_case(*TOLERANT)
        office.deliver(case)
        show("a delivery before anything is forgotten", in_use(office) / KILOBYTE, "kB")
        forget(office)
        start = in_use(office)
        second = office.ready_case(*TOLERANT, number="36760-2021")
        office.deliver(second)
        forget(office)
        first = in_use(office) - start
        for place in range(LATER):
            correct(office, second, place)
            office.deliver(second)
            forget(office)
        whole = in_use(office) - start
        show("of which the first delivery", first / KILOBYTE, "kB")
        show("of which each later one", (whole - first) / LATER / KILOBYTE, "kB")
        each = whole / (1 + LATER) / KILOBYTE
        holds = [report("a delivery of three leaves", each, LIMIT, "kB", each <= LIMIT)]
    return 0 if all(holds) else 1


def correct(office: Office, case: str, place: int) -> None:
    """Another file of the quality register, with some rows less, that is to take the place of the one before."""
    lines = office.sent("diabetes").read_text(encoding="utf-8-sig").splitlines()
    path = office.folder / f"corrected_{place}.csv"
    path.write_text("\n".join(lines[: -1 - place]) + "\n", encoding="utf-8-sig")
    receive_file(office.desk, office.desk.case(case), "diabetes", path, ENGINEER, "corrected")
    office.replace(case, "diabetes")


def forget(office: Office) -> None:
    """What the job does, on a day on which everything is old."""
    moment = datetime.now(UTC) + timedelta(seconds=1)
    with dagster_instance(office.desk) as instance:
        forget_runs(instance, moment)
        forget_ticks(instance, moment, moment)


def in_use(office: Office) -> int:
    """Bytes that the databases of the page use."""
    return sum(map(used, office.desk.home.dagster.rglob("*.db")))


def used(path: Path) -> int:
    with sqlite3.connect(path) as database:
        pages, free, size = (
            database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * size)


if __name__ == "__main__":
    sys.exit(main())
