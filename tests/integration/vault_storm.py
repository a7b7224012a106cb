"""A storm of kill -9 over concurrent writers of one code key, with a reader that never waits.

Run as a program: ``python vault_storm.py FOLDER [--kills 500] [--writers 3]``. Writers extend the code key with numbers
they share and note every serial number they were given; one of them after the other is killed at a moment of chance
and started again. Whatever was noted must stand for ever, no number may have two serial numbers and no serial number
two numbers, for the reader at every moment and for the last look at the end.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import polars as pl

from samkorning.code_key import extend_code_key, read_code_key
from samkorning.errors import CaseBusy
from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.vault import RetentionClass, Store, Vault

CASE, CLASS, NAME = "36759-2021", RetentionClass.CODE_KEY, "code_key.person"
PASSPHRASE, CHEAP = b"a passphrase for tests", 2**14
PERSONS, BATCH = 50_000, 40
LONGEST_LIFE = 1.5


def vault_of(home: Path, create: bool = False) -> Vault:
    folder = home / "keystore"
    provider = PassphraseProvider(folder, PASSPHRASE, CHEAP)
    return Vault(home / "vault", Keystore.create(folder, provider) if create else Keystore.open(folder, provider))


def store_of(home: Path) -> Store:
    return vault_of(home).open_store(CASE, CLASS, NAME)


def held(store: Store) -> dict[int, int]:
    """Read the code key; a file swept between the look and the reading is looked up again."""
    while True:
        try:
            rows = list(read_code_key(store).select("number", "serial_number").iter_rows())
        except (FileNotFoundError, pl.exceptions.ComputeError):
            continue
        assert len({number for number, _ in rows}) == len({serial for _, serial in rows}) == len(rows)
        return dict(rows)


def write(home: Path, seed: int) -> None:
    """Extend the code key for ever, and note what was acknowledged."""
    store, chance = store_of(home), random.Random(seed)
    notes = os.open(home / f"notes-{seed}", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    while True:
        numbers = [212001010000 + chance.randrange(PERSONS) for _ in range(BATCH)]
        try:
            extend_code_key(store, pl.Series("number", numbers, dtype=pl.Int64), os.urandom)
        except CaseBusy:
            time.sleep(0.002)
            continue
        given = held(store)
        os.write(notes, "".join(f"{number} {given[number]}\n" for number in set(numbers)).encode())


def read(home: Path) -> None:
    """Read for ever without the lock: nothing seen may change or go."""
    store, seen = store_of(home), {}
    while True:
        now = held(store)
        assert now.items() >= seen.items(), "a serial number that was readable has changed or gone"
        seen = now


def noted(home: Path) -> list[tuple[int, int]]:
    lines = [line for path in home.glob("notes-*") for line in path.read_text().split("\n")[:-1]]
    return [(int(number), int(serial)) for number, serial in map(str.split, lines)]


def look_at_the_end(home: Path) -> None:
    store = store_of(home)
    now, notes = held(store), noted(home)
    assert notes, "no writer has extended the code key"
    for number, serial_number in notes:
        assert now.get(number) == serial_number, "an acknowledged serial number was lost or changed"
    extend_code_key(store, pl.Series("number", [212001010000 + PERSONS]), os.urandom)
    files = list((home / "vault" / CASE).rglob("*.parquet"))
    assert len(files) == min(2, len(store.generations())), "orphans of killed writers are left"
    print(f"{len(store.generations())} generations, {len(now)} persons, {len(notes)} acknowledgements kept")


def in_a_process(act: Callable[[], object]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        act()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def storm(home: Path, kills: int, writers: int) -> None:
    vault_of(home, create=True).create_store(CASE, CLASS, NAME)
    chance = random.Random(kills)
    seeds = iter(range(kills + writers))
    reader = in_a_process(lambda: read(home))
    alive = [new_writer(home, next(seeds)) for _ in range(writers)]
    for _ in range(kills):
        time.sleep(chance.random() * LONGEST_LIFE / writers)
        victim = alive.pop(chance.randrange(writers))
        stop(victim)
        alive.append(new_writer(home, next(seeds)))
    wait_for_a_note(home, alive)
    for child in (*alive, reader):
        stop(child)
    if ended(in_a_process(lambda: look_at_the_end(home))) != 0:
        sys.exit("the storm lost or doubled a serial number")


def wait_for_a_note(home: Path, writers: list[int]) -> None:
    """On a busy machine every writer may have been killed before it had done anything."""
    while not any(path.stat().st_size for path in home.glob("notes-*")):
        if any(os.waitpid(writer, os.WNOHANG)[0] for writer in writers):
            sys.exit("a writer ended by itself")
        time.sleep(0.01)


def new_writer(home: Path, seed: int) -> int:
    return in_a_process(lambda: write(home, seed))


def stop(child: int) -> None:
    """Kill a process; it must not have ended by itself before."""
    os.kill(child, signal.SIGKILL)
    if ended(child) != -signal.SIGKILL:
        sys.exit("a writer or the reader failed before it was killed")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="kill -9 over concurrent writers of one code key")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--writers", type=int, default=3)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True)
    start = time.monotonic()
    storm(asked.folder, asked.kills, asked.writers)
    print(
        f"{asked.kills} kills over {asked.writers} writers in {time.monotonic() - start:.0f} s: nothing lost or doubled"
    )
    shutil.rmtree(asked.folder)
