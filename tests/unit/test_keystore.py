"""The keystore: what opens, what does not, and what it says."""

import os
from pathlib import Path

import pytest

from samkorning.errors import KeystoreRefused
from samkorning.keystore import Anchor, Keystore, PassphraseProvider, RetentionClass, StoreAddress
from samkorning.keystore.documents import parsed

PASSPHRASE = b"a passphrase for tests"
CHEAP = 2**14
POPULATION = StoreAddress("36759-2021", RetentionClass.CODE_KEY, "population")
RECEIVED = StoreAddress("36759-2021", RetentionClass.MATERIAL, "received.scb")
OTHER_CASE = StoreAddress("00001-2022", RetentionClass.CODE_KEY, "population")


def provider_in(folder: Path, passphrase: bytes = PASSPHRASE) -> PassphraseProvider:
    return PassphraseProvider(folder, passphrase, CHEAP)


@pytest.fixture
def keystore(tmp_path: Path) -> Keystore:
    return Keystore.create(tmp_path / "keystore", provider_in(tmp_path / "keystore"))


def reopened(keystore: Keystore) -> Keystore:
    return Keystore.open(keystore.folder, provider_in(keystore.folder))


def test_secrets_and_roots_survive_closing(keystore: Keystore) -> None:
    root = keystore.roots.create(POPULATION)
    again = reopened(keystore)
    assert again.roots.read(POPULATION) == root
    assert again.store_root(*POPULATION.labels[:1], POPULATION.retention_class, POPULATION.store) == root.secret
    assert again.service_secret("audit") == keystore.service_secret("audit")
    assert len(root.secret) == len(again.service_secret("signing")) == 32


def test_every_store_and_service_has_a_secret_of_its_own(keystore: Keystore) -> None:
    secrets = [keystore.roots.create(address).secret for address in (POPULATION, RECEIVED, OTHER_CASE)]
    secrets += [keystore.service_secret(name) for name in ("audit", "signing")]
    assert len(set(secrets)) == 5


def test_create_refuses_an_existing_keystore_and_open_a_missing_one(keystore: Keystore, tmp_path: Path) -> None:
    with pytest.raises(KeystoreRefused, match="open it"):
        Keystore.create(keystore.folder, provider_in(keystore.folder))
    with pytest.raises(KeystoreRefused, match="no keystore"):
        Keystore.open(tmp_path / "elsewhere", provider_in(tmp_path / "elsewhere"))


def test_a_wrong_passphrase_opens_nothing_and_is_not_quoted(keystore: Keystore) -> None:
    with pytest.raises(KeystoreRefused, match="check the passphrase") as caught:
        Keystore.open(keystore.folder, provider_in(keystore.folder, b"another passphrase"))
    assert "another passphrase" not in str(caught.value)


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeystoreRefused, match="shorter than 12"):
        Keystore.create(tmp_path / "keystore", provider_in(tmp_path / "keystore", b"short"))


def test_a_start_that_broke_off_is_completed_under_the_same_master(tmp_path: Path) -> None:
    folder = tmp_path / "keystore"
    provider_in(folder).prepare()
    master = (folder / "provider" / "master.json").read_bytes()
    Keystore.create(folder, provider_in(folder))
    assert (folder / "provider" / "master.json").read_bytes() == master


def test_a_broken_start_is_not_completed_under_another_passphrase(tmp_path: Path) -> None:
    folder = tmp_path / "keystore"
    provider_in(folder).prepare()
    with pytest.raises(KeystoreRefused, match="check the passphrase"):
        Keystore.create(folder, provider_in(folder, b"another passphrase"))


def test_a_lost_master_is_not_replaced_by_a_new_one(keystore: Keystore) -> None:
    (keystore.folder / "provider" / "master.json").unlink()
    (keystore.folder / "keystore.json").unlink()
    with pytest.raises(KeystoreRefused, match="missing"):
        Keystore.create(keystore.folder, provider_in(keystore.folder))


def test_a_keystore_that_others_may_read_is_refused(keystore: Keystore) -> None:
    keystore.folder.chmod(0o750)
    with pytest.raises(KeystoreRefused, match="chmod 700"):
        reopened(keystore)


def test_a_root_moved_to_another_store_does_not_open(keystore: Keystore) -> None:
    same_class = StoreAddress("36759-2021", RetentionClass.CODE_KEY, "number_history")
    for address in (POPULATION, OTHER_CASE, same_class):
        keystore.roots.create(address)
    files = {
        address: keystore.folder / "roots" / address.folder.with_suffix(".json") for address in (OTHER_CASE, same_class)
    }
    mine = keystore.folder / "roots" / POPULATION.folder.with_suffix(".json")
    for other in files.values():
        mine.write_bytes(other.read_bytes())
        with pytest.raises(KeystoreRefused):
            reopened(keystore).roots.read(POPULATION)


def test_a_class_key_moved_to_another_class_does_not_open(keystore: Keystore) -> None:
    for address in (POPULATION, OTHER_CASE):
        keystore.roots.create(address)
    keys = keystore.folder / "provider" / "keys"
    mine, theirs = (next(keys.glob(f"{address.class_label}.*.json")) for address in (POPULATION, OTHER_CASE))
    mine.write_bytes(theirs.read_bytes())
    with pytest.raises(KeystoreRefused):
        reopened(keystore).roots.read(POPULATION)


def test_service_secrets_cannot_change_places(keystore: Keystore) -> None:
    secrets = keystore.folder / "secrets"
    (secrets / "signing.json").write_bytes((secrets / "audit.json").read_bytes())
    with pytest.raises(KeystoreRefused):
        reopened(keystore).service_secret("signing")


def test_a_secret_of_any_length_is_kept_once(keystore: Keystore) -> None:
    secret = b"AGE-SECRET-KEY-" + os.urandom(30).hex().encode()
    assert not keystore.has_secret("age")
    keystore.keep_secret("age", secret)
    assert reopened(keystore).service_secret("age") == secret
    with pytest.raises(FileExistsError):
        keystore.keep_secret("age", secret)


def test_the_anchor_moves_and_is_bound_to_its_root(keystore: Keystore) -> None:
    root, other = keystore.roots.create(POPULATION), keystore.roots.create(OTHER_CASE)
    assert keystore.roots.anchor(POPULATION, root) is None
    keystore.roots.move_anchor(POPULATION, root, Anchor(1, "ab"))
    keystore.roots.move_anchor(POPULATION, root, Anchor(2, "cd"))
    assert keystore.roots.anchor(POPULATION, root) == Anchor(2, "cd")
    keystore.roots.move_anchor(OTHER_CASE, other, Anchor(7, "ef"))
    mine, theirs = keystore.roots._anchor_file(POPULATION, root), keystore.roots._anchor_file(OTHER_CASE, other)
    mine.write_bytes(theirs.read_bytes())
    with pytest.raises(KeystoreRefused):
        keystore.roots.anchor(POPULATION, root)


def test_destroying_a_class_key_closes_its_stores_and_no_others(keystore: Keystore) -> None:
    for address in (POPULATION, RECEIVED, OTHER_CASE):
        keystore.roots.create(address)
    keystore.destroy_class(POPULATION.case, POPULATION.retention_class)
    again = reopened(keystore)
    with pytest.raises(KeystoreRefused, match="destroyed"):
        again.roots.read(POPULATION)
    assert again.roots.read(RECEIVED)
    assert again.roots.read(OTHER_CASE)


@pytest.mark.parametrize("cost", [2**13, 2**21, 3 * 2**14])
def test_a_stretching_cost_outside_the_bounds_is_refused(keystore: Keystore, cost: int) -> None:
    master = keystore.folder / "provider" / "master.json"
    master.write_bytes(master.read_bytes().replace(str(CHEAP).encode(), str(cost).encode()))
    with pytest.raises(KeystoreRefused):
        reopened(keystore)


@pytest.mark.parametrize(
    "content",
    [
        b'{"format": "samkorning-root-2", "id": "a"}',
        b'{"format":"samkorning-root-1","id":"a"}',
        b'{"format": "samkorning-root-1", "id": "a"} ',
        b'{"format": "samkorning-root-1", "id": "a", "id": "a"}',
        b'["samkorning-root-1"]',
        b'{"format": "samkorning-root-1"',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_a_document_is_read_only_as_the_service_writes_it(content: bytes) -> None:
    path = Path("population.json")
    assert parsed(path, b'{"format": "samkorning-root-1", "id": "a"}', "samkorning-root-1").text("id") == "a"
    with pytest.raises(KeystoreRefused, match="not what the service wrote"):
        parsed(path, content, "samkorning-root-1")
