"""Rotation of every level and destruction of a class: what stays readable, what does not, and what is left on disk."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from samkorning.errors import KeystoreRefused, NotFound, VaultDamaged
from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.vault import RetentionClass, Store, Vault

CASE, OTHER = "36759-2021", "00001-2022"
PASSPHRASE, CHEAP = b"a passphrase for tests", 2**14
NAMES = ("population", "code_key.person")


def provider_of(home: Path, passphrase: bytes = PASSPHRASE) -> PassphraseProvider:
    return PassphraseProvider(home / "keystore", passphrase, CHEAP)


def opened(home: Path, passphrase: bytes = PASSPHRASE) -> Vault:
    return Vault(home / "vault", Keystore.open(home / "keystore", provider_of(home, passphrase)))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    vault = Vault(tmp_path / "vault", Keystore.create(tmp_path / "keystore", provider_of(tmp_path)))
    for case in (CASE, OTHER):
        for name in NAMES:
            store = vault.create_store(case, RetentionClass.CODE_KEY, name)
            store.append(pl.DataFrame({"n": [1]}), facts={"rows": 1})
            store.append(pl.DataFrame({"n": [1, 2]}))
        vault.create_store(case, RetentionClass.MATERIAL, "received.scb").append(pl.DataFrame({"n": [3]}))
    return tmp_path


def stores_of(vault: Vault, case: str = CASE) -> list[Store]:
    return [vault.open_store(case, RetentionClass.CODE_KEY, name) for name in NAMES]


def assert_all_readable(vault: Vault) -> None:
    for case in (CASE, OTHER):
        for store in stores_of(vault, case):
            assert [store.scan(number).collect()["n"].to_list() for number in (1, 2)] == [[1], [1, 2]]
            assert dict(store.generations()[0].facts) == {"rows": 1}
        assert vault.open_store(case, RetentionClass.MATERIAL, "received.scb").scan().collect()["n"].to_list() == [3]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def new_passphrase(home: Path) -> None:
    provider_of(home).change_passphrase(b"another passphrase")
    provider_of(home, b"another passphrase").change_passphrase(PASSPHRASE)


ROTATIONS: list[tuple[str, Callable[[Path], object]]] = [
    ("the passphrase", new_passphrase),
    ("the master", lambda home: provider_of(home).rotate_master()),
    ("a class key", lambda home: opened(home).rotate_class(CASE, RetentionClass.CODE_KEY)),
    ("the service's class key", lambda home: opened(home)._keystore.rotate_service()),
    ("a store's root", lambda home: stores_of(opened(home))[0].rotate()),
]


@pytest.mark.parametrize(("level", "rotate"), ROTATIONS, ids=[name for name, _ in ROTATIONS])
def test_everything_is_readable_and_writable_after_rotating(
    home: Path, level: str, rotate: Callable[[Path], object]
) -> None:
    before = contents(home)
    rotate(home)
    rotate(home)
    assert contents(home) != before
    assert_all_readable(opened(home))
    vault = opened(home)
    assert stores_of(vault)[0].append(pl.DataFrame({"n": [4]})).number == 3
    vault.create_store(CASE, RetentionClass.CODE_KEY, "number_history").append(pl.DataFrame({"n": [5]}))
    vault.create_store("00002-2022", RetentionClass.CODE_KEY, "population").append(pl.DataFrame({"n": [6]}))


def test_a_vault_that_was_open_goes_on_after_each_rotation(home: Path) -> None:
    vault = opened(home)
    stores = stores_of(vault)
    for _, rotate in ROTATIONS:
        rotate(home)
        assert_all_readable(vault)
        assert all(store.scan().collect().height == 2 for store in stores)
        vault.create_store(CASE, RetentionClass.CODE_KEY, f"later-{os.urandom(4).hex()}")


def test_the_old_passphrase_opens_no_more(home: Path) -> None:
    provider_of(home).change_passphrase(b"another passphrase")
    assert_all_readable(opened(home, b"another passphrase"))
    with pytest.raises(KeystoreRefused):
        opened(home)


def test_a_short_new_passphrase_is_refused_and_the_old_one_holds(home: Path) -> None:
    provider = provider_of(home)
    with pytest.raises(KeystoreRefused):
        provider.change_passphrase(b"short")
    assert_all_readable(opened(home))


def test_rotating_a_class_key_leaves_no_file_of_the_old_one(home: Path) -> None:
    keys = home / "keystore" / "provider" / "keys"
    before = {path.name for path in keys.glob(f"{CASE}.code_key.*")}
    opened(home).rotate_class(CASE, RetentionClass.CODE_KEY)
    after = {path.name for path in keys.glob(f"{CASE}.code_key.*")}
    assert len(before) == len(after) == 1
    assert before.isdisjoint(after)


def test_rotating_a_master_rewraps_every_encryption_key(home: Path) -> None:
    keys = home / "keystore" / "provider" / "keys"
    before = contents(keys)
    provider_of(home).rotate_master()
    after = contents(keys)
    assert before.keys() == after.keys()
    assert all(before[name] != after[name] for name in before)


def test_rotating_a_root_changes_every_file_and_keeps_the_record_of_superseded_ones(home: Path) -> None:
    store = stores_of(opened(home))[0]
    store.replace(pl.DataFrame({"n": [1, 2, 3]}))
    before, files = store.generations(), contents(home / "vault" / CASE / "code_key" / "population")
    store.rotate()
    after = store.generations()
    assert [(each.number, each.rows, each.facts) for each in before] == [
        (each.number, each.rows, each.facts) for each in after
    ]
    assert before[0].sha256 == after[0].sha256
    assert before[2].sha256 != after[2].sha256
    assert files.keys().isdisjoint(contents(home / "vault" / CASE / "code_key" / "population"))
    assert store.scan(2).collect().height == 2
    with pytest.raises(NotFound):
        store.scan(1)


def test_files_from_before_a_root_rotation_open_no_more(home: Path) -> None:
    shutil.copytree(home / "vault", home / "backup")
    stores_of(opened(home))[0].rotate()
    shutil.rmtree(home / "vault")
    shutil.move(home / "backup", home / "vault")
    with pytest.raises(VaultDamaged):
        stores_of(opened(home))


def test_an_encryption_key_from_before_a_rotation_opens_nothing_when_it_comes_back(home: Path) -> None:
    """A root as it was wrapped before, and what it was wrapped under, both put back from a backup."""
    vault = opened(home)
    store = stores_of(vault)[0]
    root = home / "keystore" / "roots" / CASE / "code_key" / f"{store.address.store}.json"
    under = home / "keystore" / "provider" / "keys" / f"{json.loads(root.read_bytes())['under']}.json"
    before = {path: path.read_bytes() for path in (root, under)}
    vault.rotate_class(CASE, RetentionClass.CODE_KEY)
    for path, content in before.items():
        path.write_bytes(content)
    with pytest.raises(KeystoreRefused):
        store.latest()


def test_a_changed_file_is_not_carried_over(home: Path) -> None:
    """Encrypted anew it would be authentic: a file that somebody put there, readable in itself."""
    store = stores_of(opened(home))[0]
    newest = sorted((home / "vault" / store.address.folder).rglob("000002-*.parquet"))[0]
    pl.DataFrame({"n": [7, 8]}).write_parquet(newest)
    with pytest.raises(VaultDamaged):
        store.rotate()


def test_an_empty_store_rotates(home: Path) -> None:
    store = opened(home).create_store(CASE, RetentionClass.CODE_KEY, "empty")
    store.rotate()
    assert store.latest() is None
    assert store.append(pl.DataFrame({"n": [1]})).number == 1


def test_a_renewed_service_secret_keeps_the_earlier_ones(home: Path) -> None:
    keystore = opened(home)._keystore
    first = keystore.service_secret("audit")
    keystore.renew_secret("audit", b"2" * 32)
    keystore.renew_secret("audit", b"3" * 32)
    keystore.rotate_service()
    assert opened(home)._keystore.service_secrets("audit") == [first, b"2" * 32, b"3" * 32]
    assert keystore.service_secret("audit") == b"3" * 32
    with pytest.raises(KeystoreRefused):
        keystore.renew_secret("age", b"x")


def test_a_destroyed_class_is_gone_for_good_and_no_other(home: Path) -> None:
    vault = opened(home)
    assert not vault._keystore.is_destroyed(CASE, RetentionClass.CODE_KEY)
    store = stores_of(vault)[0]
    vault.destroy_class(CASE, RetentionClass.CODE_KEY)
    vault.destroy_class(CASE, RetentionClass.CODE_KEY)
    assert vault._keystore.is_destroyed(CASE, RetentionClass.CODE_KEY)
    with pytest.raises(KeystoreRefused):
        store.scan()
    with pytest.raises(NotFound):
        stores_of(vault)
    with pytest.raises(KeystoreRefused, match="destroyed"):
        vault.create_store(CASE, RetentionClass.CODE_KEY, "population")
    assert list((home / "vault" / CASE / "code_key").rglob("*")) == []
    assert vault.stores(CASE) == ["received.scb"]
    assert_readable_elsewhere(opened(home))


def assert_readable_elsewhere(vault: Vault) -> None:
    assert vault.open_store(CASE, RetentionClass.MATERIAL, "received.scb").scan().collect().height == 1
    assert [store.scan().collect().height for store in stores_of(vault, OTHER)] == [2, 2]


def test_a_restored_backup_of_the_data_stays_unreadable_after_destruction(home: Path) -> None:
    shutil.copytree(home / "vault", home / "backup")
    opened(home).destroy_class(CASE, RetentionClass.CODE_KEY)
    shutil.rmtree(home / "vault")
    shutil.move(home / "backup", home / "vault")
    with pytest.raises(KeystoreRefused):
        stores_of(opened(home))
    assert_readable_elsewhere(opened(home))


def test_an_encryption_key_that_comes_back_from_the_providers_backup_is_seen_and_stays_closed(home: Path) -> None:
    keys = home / "keystore" / "provider" / "keys"
    shutil.copytree(keys, home / "backup")
    shutil.copytree(home / "vault", home / "vault-backup")
    opened(home).destroy_class(CASE, RetentionClass.CODE_KEY)
    shutil.copytree(home / "backup", keys, dirs_exist_ok=True)
    shutil.copytree(home / "vault-backup", home / "vault", dirs_exist_ok=True)
    assert not opened(home)._keystore.is_destroyed(CASE, RetentionClass.CODE_KEY)
    with pytest.raises(KeystoreRefused):
        stores_of(opened(home))
    opened(home).destroy_class(CASE, RetentionClass.CODE_KEY)
    assert opened(home)._keystore.is_destroyed(CASE, RetentionClass.CODE_KEY)


def test_a_restored_backup_of_the_keystore_is_known_as_not_erased(home: Path) -> None:
    shutil.copytree(home / "keystore", home / "backup")
    opened(home).destroy_class(CASE, RetentionClass.CODE_KEY)
    shutil.rmtree(home / "keystore")
    shutil.move(home / "backup", home / "keystore")
    assert not opened(home)._keystore.is_destroyed(CASE, RetentionClass.CODE_KEY)
    opened(home).destroy_class(CASE, RetentionClass.CODE_KEY)
    assert opened(home)._keystore.is_destroyed(CASE, RetentionClass.CODE_KEY)
