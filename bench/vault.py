"""The vault against the same two columns drawn and written plainly by Polars, in the same run on the same disk.

``python bench/vault.py [--persons 10000000] [--folder DIR]`` prints a table and ends with 1 if a limit is broken. Every
measurement is taken in a process of its own, plain and vault in turn, and the quickest of three counts. Stretching the
passphrase is left out: it is slow on purpose, once per process; its time is printed beside.

- First generation, at most 1.5 x plain: numbers made distinct, drawn for, encrypted, hashed, fsynced and committed;
  plainly: drawn, written and fsynced.
- 100,000 new persons on top, at most 1 x the plain first write.
- Opening and verifying, at most 2 x plain: store opened, manifests and hash checked, all rows decrypted; plainly: all
  rows read.
- Peak memory, at most 2.5 GB, of the processes that make a generation.
- Audit, at least 0.8 x bare: records appended; bare: a line of the same length written and fsynced; in turn, medians.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import polars as pl
from measuring import measured, quickest, report, seconds

from samkorning.audit import AuditLog
from samkorning.code_key import extend_code_key
from samkorning.code_key.serial_numbers import draw_serial_numbers
from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.vault import RetentionClass, Store, Vault
from samkorning.vault.hygiene import protect_process

CASE, NAME = "36759-2021", "code_key.person"
NEW_PERSONS = 100_000
ROUNDS = 3
RECORDS = 500


def numbers(first: int, count: int) -> pl.Series:
    """Numbers of persons born two hundred years ahead, in no order."""
    series = pl.int_range(first, first + count, eager=True, dtype=pl.Int64)
    return (212000000000 + series).shuffle(seed=1).alias("number")


def keystore_in(home: Path) -> Keystore:
    provider = PassphraseProvider(home / "keystore", b"a passphrase for the benchmark")
    if (home / "keystore").exists():
        return Keystore.open(home / "keystore", provider)
    return Keystore.create(home / "keystore", provider)


def store_in(home: Path) -> Store:
    vault = Vault(home / "vault", keystore_in(home))
    if vault.has_store(CASE, RetentionClass.CODE_KEY, NAME):
        return vault.open_store(CASE, RetentionClass.CODE_KEY, NAME)
    return vault.create_store(CASE, RetentionClass.CODE_KEY, NAME)


def plain_write(home: Path, persons: int) -> Callable[[], object]:
    given = numbers(0, persons)

    def act() -> None:
        drawn = draw_serial_numbers(persons, pl.Series([], dtype=pl.Int32), os.urandom)
        with (home / "plain.parquet").open("wb") as stream:
            pl.DataFrame({"number": given, "serial_number": drawn}).write_parquet(stream)
            stream.flush()
            os.fsync(stream.fileno())

    return act


def first_generation(home: Path, persons: int) -> Callable[[], object]:
    shutil.rmtree(home / "vault", ignore_errors=True)
    shutil.rmtree(home / "keystore", ignore_errors=True)
    given, store = numbers(0, persons), store_in(home)
    return lambda: extend_code_key(store, given, os.urandom)


def next_generation(home: Path, persons: int) -> Callable[[], object]:
    generation = store_in(home).latest()
    new = numbers(persons + NEW_PERSONS * (generation.number if generation else 0), NEW_PERSONS)
    store = store_in(home)
    return lambda: extend_code_key(store, new, os.urandom)


def plain_read(home: Path) -> Callable[[], object]:
    return lambda: pl.read_parquet(home / "plain.parquet")


def vault_read(home: Path) -> Callable[[], object]:
    vault = Vault(home / "vault", keystore_in(home))
    return lambda: vault.open_store(CASE, RetentionClass.CODE_KEY, NAME).scan().collect()


def audit_against_bare(home: Path) -> float:
    """Append a record and write a bare line of its length in turn; give how many of the one fit in the other's time."""
    log = AuditLog(home / "audit.jsonl", keystore_in(home).service_secret("audit"))
    noon = datetime(2221, 12, 31, 12, tzinfo=UTC)
    log.append("deliver", "anna", CASE, noon, delivery="L001", rows=0)
    line = (home / "audit.jsonl").read_bytes()
    audit, bare = [], []
    for _ in range(RECORDS):
        audit.append(seconds(lambda: log.append("deliver", "anna", CASE, noon, delivery="L001", rows=0)))
        bare.append(seconds(lambda: bare_append(home / "bare", line)))
    return median(bare) / median(audit)


def bare_append(path: Path, line: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(descriptor, line)
    os.fsync(descriptor)
    os.close(descriptor)


def compare_stores(home: Path, persons: int) -> list[bool]:
    first, plain, following, read, plainly_read = [], [], [], [], []
    for _ in range(ROUNDS):
        plain.append(measured(lambda: plain_write(home, persons)))
        first.append(measured(lambda: first_generation(home, persons)))
        following.append(measured(lambda: next_generation(home, persons)))
        plainly_read.append(measured(lambda: plain_read(home)))
        read.append(measured(lambda: vault_read(home)))
    base, peak = quickest(plain), max(each.gigabytes for each in (*first, *following))
    print(f"plain draw and write {base:.2f} s, plain read {quickest(plainly_read):.2f} s, {persons} persons")
    ratios = [
        ("first generation / plain", quickest(first) / base, 1.5),
        ("100,000 new persons / plain", quickest(following) / base, 1.0),
        ("open, verify and read / plain read", quickest(read) / quickest(plainly_read), 2.0),
    ]
    held = [report(name, ratio, limit, "x", ratio <= limit) for name, ratio, limit in ratios]
    return [*held, report("peak memory", peak, 2.5, "GB", peak <= 2.5)]


def compare_audit(home: Path) -> bool:
    ratio = audit_against_bare(home)
    return report("audit appends / bare write and fsync", ratio, 0.8, "x", ratio >= 0.8)


def main() -> None:
    parser = argparse.ArgumentParser(description="the vault against plain Polars")
    parser.add_argument("--persons", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, help="where to write (default: the system's temporary folder)")
    asked = parser.parse_args()
    protect_process()
    home = Path(tempfile.mkdtemp(dir=asked.folder))
    try:
        held = [*compare_stores(home, asked.persons), compare_audit(home)]
        stretching = measured(lambda: lambda: keystore_in(home))
        print(f"{'opening the keystore (stretching, apart)':<42} {stretching.seconds:8.2f} s")
    finally:
        shutil.rmtree(home)
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
