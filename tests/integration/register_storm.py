"""A storm of kill -9 over concurrent writers of one case's events, with a reader that never waits.

Run as a program: ``python register_storm.py FOLDER [--kills 100] [--writers 2] [--database FILE]``. Writers record
events and note each that was acknowledged; one after the other is killed at a moment of chance and started again. No
acknowledged event may be lost or doubled, and no reader may ever be told that the home was tampered with: a crash is
none.
"""

import argparse
import os
import random
import shutil
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from assets.steps.safekeeping.case_register_database import upgrade_database
from assets.steps.safekeeping.doctor import examine
from resources.desk import Desk
from samkorning.case import EventKind
from samkorning.errors import CaseBusy
from tests.integration.vault_storm import ended, in_a_process, stop, wait_for_a_note
from tests.moments import small_office

CASE, LONGEST_LIFE = "36759-2021", 0.8


def write(home: Path, seed: int) -> None:
    """Record events for ever, and note what was acknowledged."""
    desk, count = Desk.at(home), 0
    notes = os.open(home / f"notes-{seed}", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    while True:
        holder = f"{seed}.{count}"
        try:
            case = desk.cases.case(CASE)
            desk.cases.record(case, EventKind.HOLDER_RELEASED, desk.clock.now(), "Olle", {"holder": holder})
        except CaseBusy:
            continue
        os.write(notes, f"{holder}\n".encode())
        count += 1


def read(home: Path) -> None:
    """Read for ever: nobody may be accused, and no event that was readable may go."""
    desk, seen = Desk.at(home), 0
    while True:
        now = len(desk.cases.case(CASE).events)
        assert now >= seen and desk.cases.numbers() == [CASE]
        seen = now


def look_at_the_end(home: Path) -> None:
    desk = Desk.at(home)
    there = Counter(event.detail["holder"] for event in desk.cases.case(CASE).of(EventKind.HOLDER_RELEASED))
    noted = [line for path in home.glob("notes-*") for line in path.read_text().split("\n")[:-1]]
    assert noted, "no writer has recorded an event"
    assert all(there[holder] == 1 for holder in noted), "an acknowledged event was lost or doubled"
    assert max(there.values()) == 1
    found = examine(desk)
    assert found.ok, [str(misfit) for misfit in found.misfits]
    print(f"{sum(there.values())} events, {len(noted)} acknowledgements kept, {len(desk.audit.records())} records")


def storm(folder: Path, kills: int, writers: int, database: Path | None) -> None:
    office = small_office(folder)
    if database is not None:
        office.desk.home.root.joinpath("config.yaml").write_text(f"case_register_database_file: {database}\n")
        del office.__dict__["desk"]
        upgrade_database(office.desk)
    office.open_case()
    office.desk.cases.close()
    home, chance, seeds = office.desk.home.root, random.Random(kills), iter(range(kills + writers))

    def new_writer() -> int:
        seed = next(seeds)
        return in_a_process(lambda: write(home, seed))

    reader, alive = in_a_process(lambda: read(home)), [new_writer() for _ in range(writers)]
    for _ in range(kills):
        time.sleep(0.1 + chance.random() * LONGEST_LIFE)
        stop(alive.pop(chance.randrange(writers)))
        alive.append(new_writer())
    wait_for_a_note(home, alive)
    for child in (*alive, reader):
        stop(child)
    if ended(in_a_process(lambda: look_at_the_end(home))) != 0:
        sys.exit("the storm lost or doubled an event, or left a home that is accused")


if __name__ == "__main__":
    os.environ.pop("SAMKORNING_HOME", None)
    parser = argparse.ArgumentParser(description="kill -9 over concurrent writers of one case's events")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--writers", type=int, default=2)
    parser.add_argument("--database", type=Path, help="file with the connection string of a PostgreSQL database")
    asked = parser.parse_args()
    storm(asked.folder, asked.kills, asked.writers, asked.database)
    print(f"{asked.kills} kills over {asked.writers} writers: nothing lost, doubled or accused")
    shutil.rmtree(asked.folder)
