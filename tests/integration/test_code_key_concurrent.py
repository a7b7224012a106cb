"""Two runs and several threads that extend one code key at once: every person gets one serial number."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import polars as pl

from samkorning.code_key import extend_code_key, read_code_key
from samkorning.errors import CaseBusy
from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.vault import RetentionClass, Store, Vault
from tests.patience import PATIENCE

CASE, NAME = "36759-2021", "code_key.person"
PASSPHRASE = b"a passphrase for tests"
BATCHES, EACH, STEP = 8, 40, 20

EXTENDING = f"""
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from test_code_key_concurrent import extend_in_batches, opened
print("ready", flush=True)
sys.stdin.readline()
extend_in_batches(opened(Path(sys.argv[1])), {BATCHES})
"""


def opened(home: Path) -> Store:
    keystore = Keystore.open(home / "keystore", PassphraseProvider(home / "keystore", PASSPHRASE))
    return Vault(home / "vault", keystore).open_store(CASE, RetentionClass.CODE_KEY, NAME)


def created(home: Path) -> Store:
    provider = PassphraseProvider(home / "keystore", PASSPHRASE, 2**14)
    vault = Vault(home / "vault", Keystore.create(home / "keystore", provider))
    return vault.create_store(CASE, RetentionClass.CODE_KEY, NAME)


def extend_in_batches(store: Store, batches: int) -> None:
    """Extend with overlapping batches; a busy case is tried again."""
    batch = 0
    while batch < batches:
        first = 212001010000 + batch * STEP
        try:
            extend_code_key(store, pl.Series("number", range(first, first + EACH), dtype=pl.Int64), os.urandom)
            batch += 1
        except CaseBusy:
            continue


def assert_one_serial_number_each(store: Store) -> None:
    code_key = read_code_key(store)
    persons = EACH + STEP * (BATCHES - 1)
    assert code_key.height == code_key["number"].n_unique() == code_key["serial_number"].n_unique() == persons
    drawn = [generation.facts["drawn"] for generation in store.generations()]
    assert sum(map(int, drawn)) == persons


def test_two_processes_at_once(tmp_path: Path) -> None:
    store = created(tmp_path)
    command = [sys.executable, "-c", EXTENDING, str(tmp_path), str(Path(__file__).parent)]
    runs = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for run in runs:
        assert run.stdout is not None
        assert run.stdout.readline() == "ready\n"
    for run in runs:
        assert run.stdin is not None
        run.stdin.write("go\n")
        run.stdin.flush()
    for run in runs:
        run.communicate(timeout=PATIENCE)
        assert run.returncode == 0
    assert_one_serial_number_each(store)


def test_four_threads_at_once(tmp_path: Path) -> None:
    store = created(tmp_path)
    threads = [threading.Thread(target=extend_in_batches, args=(store, BATCHES)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert_one_serial_number_each(store)
