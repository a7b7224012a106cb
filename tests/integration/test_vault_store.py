"""Stores on a real disk: what was committed comes back, and nothing else does."""

import fcntl
import os
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import polars as pl
import pytest

from samkorning.errors import CaseBusy, GuardedFailure, KeystoreRefused, NotFound, VaultDamaged
from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.vault import RetentionClass, Store, StoreExists, Vault, VaultAsRestored, WriteRefused
from samkorning.vault.encrypted_files import secrets_of

CASE = "36759-2021"
PASSPHRASE = b"a passphrase for tests"
CHEAP = 2**14
ROWS = pl.DataFrame({"number": [212001010007, 212001020006], "text": ["å", None]})


def vault_in(home: Path) -> Vault:
    provider = PassphraseProvider(home / "keystore", PASSPHRASE, CHEAP)
    return Vault(home / "vault", Keystore.create(home / "keystore", provider))


def opened(home: Path) -> Vault:
    provider = PassphraseProvider(home / "keystore", PASSPHRASE)
    return Vault(home / "vault", Keystore.open(home / "keystore", provider))


def store_in(vault: Vault, name: str = "population", case: str = CASE) -> Store:
    return vault.create_store(case, RetentionClass.MATERIAL, name)


def data_files(home: Path) -> list[Path]:
    return sorted((home / "vault").rglob("*.parquet"))


def test_what_was_appended_comes_back_in_another_opening(tmp_path: Path) -> None:
    written = store_in(vault_in(tmp_path)).append(ROWS, facts={"refused": 3, "source": "scb"})
    store = opened(tmp_path).open_store(CASE, RetentionClass.MATERIAL, "population")
    assert store.scan().collect().equals(ROWS)
    assert store.latest() == written
    assert (written.number, written.rows, dict(written.facts)) == (1, 2, {"refused": 3, "source": "scb"})


def test_every_generation_stays_readable_after_append(tmp_path: Path) -> None:
    store = store_in(vault_in(tmp_path))
    for count in (1, 2, 0):
        store.append(ROWS.head(count))
    assert [store.scan(number).collect().height for number in (1, 2, 3)] == [1, 2, 0]
    assert [generation.rows for generation in store.generations()] == [1, 2, 0]


def test_a_lazy_frame_is_written_without_collecting_it_first(tmp_path: Path) -> None:
    store = store_in(vault_in(tmp_path))
    assert store.append(pl.LazyFrame({"n": range(1000)}).filter(pl.col("n") < 10)).rows == 10


def test_replace_keeps_the_last_generation_for_readers_and_drops_the_older_ones(tmp_path: Path) -> None:
    store = store_in(vault_in(tmp_path))
    for _ in range(4):
        store.replace(ROWS)
    assert len(data_files(tmp_path)) == 2
    assert store.scan(3).collect().equals(ROWS)
    with pytest.raises(NotFound, match="superseded"):
        store.scan(2)
    assert len(store.generations()) == 4


def test_a_store_is_created_once_and_opened_only_if_created(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    assert not vault.has_store(CASE, RetentionClass.MATERIAL, "population")
    with pytest.raises(NotFound):
        vault.open_store(CASE, RetentionClass.MATERIAL, "population")
    store_in(vault)
    assert vault.has_store(CASE, RetentionClass.MATERIAL, "population")
    with pytest.raises(StoreExists):
        store_in(vault)


def test_an_empty_store_has_no_generation(tmp_path: Path) -> None:
    store = store_in(vault_in(tmp_path))
    assert store.latest() is None
    with pytest.raises(NotFound, match="empty"):
        store.scan()


def test_stores_of_a_case_are_listed_by_name(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    store_in(vault, "received.scb")
    vault.create_store(CASE, RetentionClass.CODE_KEY, "code_key.person")
    store_in(vault, "received.scb", "00001-2022")
    assert vault.stores(CASE) == ["code_key.person", "received.scb"]
    assert vault.stores(CASE, RetentionClass.CODE_KEY) == ["code_key.person"]
    assert vault.stores("99999-2021") == []
    assert vault.cases() == ["00001-2022", CASE]


@pytest.mark.parametrize("name", ["", "..", "a/b", "x" * 121, "å", ".hidden"])
def test_a_store_name_cannot_leave_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        store_in(vault_in(tmp_path), name)


@pytest.mark.parametrize("case", ["", "..", "../other", "a.b", ".locks"])
def test_a_case_number_cannot_leave_the_vault(tmp_path: Path, case: str) -> None:
    vault = vault_in(tmp_path)
    with pytest.raises(NotFound):
        vault.lock(case)
    with pytest.raises(NotFound):
        store_in(vault, case=case)


def test_files_are_for_their_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store_in(vault_in(tmp_path)).append(ROWS)
    finally:
        os.umask(before)
    for path in [*(tmp_path / "vault").rglob("*"), *(tmp_path / "keystore").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_no_byte_of_a_row_lies_in_clear(tmp_path: Path) -> None:
    rows = pl.DataFrame({"number": [212001010007] * 50, "surname": ["Unmistakable"] * 50})
    store_in(vault_in(tmp_path)).append(rows)
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for trace in (b"Unmistakable", b"surname", b"212001010007", (212001010007).to_bytes(8, "little")):
        assert trace not in content


def test_equal_rows_never_give_equal_files(tmp_path: Path) -> None:
    store = store_in(vault_in(tmp_path))
    assert store.append(ROWS).sha256 != store.append(ROWS).sha256


def test_an_error_in_the_rows_quotes_no_cell_and_commits_nothing(tmp_path: Path) -> None:
    store = store_in(vault_in(tmp_path))
    broken = pl.LazyFrame({"number": ["2120010A0007"]}).select(pl.col("number").cast(pl.Int64))
    with pytest.raises(GuardedFailure) as caught:
        store.append(broken)
    assert "2120010A0007" not in repr(caught.value)
    assert caught.value.__context__ is None
    assert store.latest() is None
    assert data_files(tmp_path) == []


def test_secrets_are_not_in_any_representation(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    store = store_in(vault)
    root = vault._keystore.roots.read(store.address)
    file = secrets_of(store.address, root, 1, f"000001-{'0' * 32}.parquet")
    for thing in (vault, store, vault._keystore, root, vault._keystore._provider, file):
        assert repr(root.secret) not in repr(thing) and repr(file.encryption_key) not in repr(thing)
        assert "passphrase for tests" not in repr(thing)


def hold_elsewhere(home: Path) -> subprocess.Popen[str]:
    """Hold the case's lock in another process until its standard input closes."""
    program = (
        "import fcntl,sys; f=open(sys.argv[1],'a'); fcntl.flock(f,fcntl.LOCK_EX); print('held',flush=True);"
        "sys.stdin.read()"
    )
    lock = str(home / "vault" / ".locks" / CASE)
    holder = subprocess.Popen(
        [sys.executable, "-c", program, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_case_held_elsewhere_is_busy_for_writers_and_open_for_readers(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    store = store_in(vault)
    store.append(ROWS)
    with hold_elsewhere(tmp_path) as holder:
        with pytest.raises(CaseBusy), vault.lock(CASE):
            pass
        with pytest.raises(CaseBusy):
            store.append(ROWS)
        assert store.scan().collect().equals(ROWS)
        store_in(vault, case="00001-2022").append(ROWS)
        holder.communicate()
    assert store.append(ROWS).number == 2


def test_a_held_case_is_held_against_every_kind_of_holder(tmp_path: Path) -> None:
    vault, lock = vault_in(tmp_path), tmp_path / "vault" / ".locks" / CASE
    with vault.lock(CASE), lock.open("rb") as another, pytest.raises(BlockingIOError):
        fcntl.flock(another, fcntl.LOCK_SH | fcntl.LOCK_NB)


def test_the_lock_is_reentrant_within_a_process_and_released_at_the_end(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    store = store_in(vault)
    with vault.lock(CASE), opened(tmp_path).lock(CASE):
        store.append(ROWS)
    with hold_elsewhere(tmp_path) as holder:
        holder.communicate()


def test_a_forked_child_does_not_hold_its_parents_lock(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    with vault.lock(CASE):
        child = os.fork()
        if child == 0:
            try:
                with vault.lock(CASE):
                    os._exit(1)
            except CaseBusy:
                os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_threads_of_one_process_lose_no_generation(tmp_path: Path) -> None:
    store = store_in(vault_in(tmp_path))
    threads = [threading.Thread(target=lambda: [store.append(ROWS) for _ in range(5)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [generation.number for generation in store.generations()] == list(range(1, 21))


def test_orphans_of_a_crash_are_swept_by_the_next_writer_only(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    store = store_in(vault)
    store.append(ROWS)
    folder = data_files(tmp_path)[0].parent
    orphan = folder / f"000002-{'0' * 32}.parquet"
    orphan.write_bytes(b"PARE half a file")
    strange = folder / "notes.txt"
    strange.write_bytes(b"not ours")
    assert store.scan().collect().equals(ROWS)
    assert orphan.exists()
    store.append(ROWS)
    assert not orphan.exists()
    assert strange.exists()


def test_a_wiped_vault_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    store_in(vault).append(ROWS)
    (tmp_path / "vault" / CASE).rename(tmp_path / "elsewhere")
    assert vault.has_store(CASE, RetentionClass.MATERIAL, "population")
    with pytest.raises(StoreExists):
        store_in(vault)
    with pytest.raises(VaultDamaged, match="missing"):
        vault.open_store(CASE, RetentionClass.MATERIAL, "population")


def test_an_older_backup_of_the_vault_opens_only_after_a_persons_act(tmp_path: Path) -> None:
    store = store_in(vault_in(tmp_path))
    store.append(ROWS.head(1))
    shutil.copytree(tmp_path / "vault", tmp_path / "backup")
    store.append(ROWS)
    shutil.rmtree(tmp_path / "vault")
    shutil.move(tmp_path / "backup", tmp_path / "vault")
    vault = opened(tmp_path)
    with pytest.raises(VaultDamaged, match="older than generation 2"):
        vault.open_store(CASE, RetentionClass.MATERIAL, "population")
    [behind] = vault.restored(CASE)
    assert (behind.known.generation, behind.found.generation) == (2, 1)
    assert (behind.known.rows, behind.found.rows, behind.rows_lost) == (2, 1, 1)
    vault.accept_restored(CASE, behind)
    assert vault.restored(CASE) == []
    store = vault.open_store(CASE, RetentionClass.MATERIAL, "population")
    assert store.scan().collect().equals(ROWS.head(1))
    assert store.append(ROWS).number == 2


def test_a_damaged_backup_is_not_accepted(tmp_path: Path) -> None:
    store_in(vault_in(tmp_path)).append(ROWS)
    for path in (tmp_path / "vault" / CASE).rglob("000001.json"):
        path.write_bytes(path.read_bytes().replace(b'"rows":2', b'"rows":3'))
    with pytest.raises(VaultDamaged):
        opened(tmp_path).restored(CASE)


def restored(tmp_path: Path) -> Vault:
    """The vault as its backup holds it."""
    shutil.rmtree(tmp_path / "vault")
    shutil.copytree(tmp_path / "backup", tmp_path / "vault")
    return opened(tmp_path)


def test_a_store_that_was_made_since_the_backup_is_given_up_and_made_anew(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    shutil.copytree(tmp_path / "vault", tmp_path / "backup")
    store_in(vault).append(ROWS)
    vault = restored(tmp_path)
    [behind] = vault.restored(CASE)
    assert (behind.found.generation, behind.rows_lost) == (0, 2)
    vault.accept_restored(CASE, behind)
    assert not vault.has_store(CASE, RetentionClass.MATERIAL, "population")
    assert store_in(vault).append(ROWS).number == 1


def test_what_lies_under_another_root_is_never_accepted(tmp_path: Path) -> None:
    store = store_in(vault_in(tmp_path))
    store.append(ROWS)
    shutil.copytree(tmp_path / "vault", tmp_path / "backup")
    store.rotate()
    with pytest.raises(VaultDamaged, match="under another encryption key"):
        restored(tmp_path).restored(CASE)


def test_a_store_that_went_on_apart_from_the_keystore_is_never_accepted(tmp_path: Path) -> None:
    store = store_in(vault_in(tmp_path))
    store.append(ROWS)
    shutil.copytree(tmp_path / "vault", tmp_path / "before")
    store.append(ROWS)
    shutil.copytree(tmp_path / "vault", tmp_path / "backup")
    shutil.rmtree(tmp_path / "vault")
    shutil.copytree(tmp_path / "before", tmp_path / "vault")
    vault = opened(tmp_path)
    vault.accept_restored(CASE, vault.restored(CASE)[0])
    vault.open_store(CASE, RetentionClass.MATERIAL, "population").append(ROWS.head(1))
    with pytest.raises(VaultDamaged, match="went on apart"):
        restored(tmp_path).restored(CASE)


def test_another_state_than_was_looked_at_is_not_accepted(tmp_path: Path) -> None:
    store = store_in(vault_in(tmp_path))
    store.append(ROWS)
    shutil.copytree(tmp_path / "vault", tmp_path / "backup")
    for _ in range(2):
        store.append(ROWS)
    vault = restored(tmp_path)
    [behind] = vault.restored(CASE)
    vault.accept_restored(CASE, behind)
    with pytest.raises(VaultDamaged, match="is not as it was looked at"):
        vault.accept_restored(CASE, behind)


def test_looking_at_a_restored_vault_lets_nothing_open_that_did_not(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    store = store_in(vault)
    store.append(ROWS.head(1))
    shutil.copytree(tmp_path / "vault", tmp_path / "backup")
    store.append(ROWS)
    vault = restored(tmp_path)
    with vault.lock(CASE):
        view = VaultAsRestored(vault, vault._keystore)
        looked_at = view.open_store(CASE, RetentionClass.MATERIAL, "population")
        assert looked_at.scan().collect().equals(ROWS.head(1))
        with pytest.raises(WriteRefused):
            looked_at.append(ROWS)
        with pytest.raises(VaultDamaged, match="older than generation 2"):
            vault.open_store(CASE, RetentionClass.MATERIAL, "population")


def test_an_older_keystore_opens_a_newer_vault(tmp_path: Path) -> None:
    store = store_in(vault_in(tmp_path))
    store.append(ROWS)
    shutil.copytree(tmp_path / "keystore", tmp_path / "backup")
    for _ in range(3):
        store.append(ROWS)
    shutil.rmtree(tmp_path / "keystore")
    shutil.move(tmp_path / "backup", tmp_path / "keystore")
    store = opened(tmp_path).open_store(CASE, RetentionClass.MATERIAL, "population")
    assert store.append(ROWS).number == 5


def test_a_vault_without_its_keystore_does_not_open(tmp_path: Path) -> None:
    store_in(vault_in(tmp_path)).append(ROWS)
    (tmp_path / "keystore").rename(tmp_path / "lost")
    with pytest.raises(KeystoreRefused, match="no keystore"):
        opened(tmp_path)
    with pytest.raises(KeystoreRefused, match="restore"):
        vault_in(tmp_path).open_store(CASE, RetentionClass.MATERIAL, "population")
