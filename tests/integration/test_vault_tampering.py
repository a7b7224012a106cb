"""Whoever changes a stored byte, swaps files or puts old ones back is refused with one clear error, naming no value."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from samkorning.errors import SamkorningError, VaultDamaged
from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.keystore.address import StoreAddress
from samkorning.keystore.roots import Root
from samkorning.vault import RetentionClass, Store, Vault, encrypted_files
from samkorning.vault.case_lock import case_lock, known_while_held
from samkorning.vault.encrypted_files import FileSecrets, require_unchanged, secrets_of
from samkorning.vault.manifest import StoredFile
from samkorning.vault.manifest import _read as read_manifest

CASE, OTHER = "36759-2021", "00001-2022"
PASSPHRASE = b"a passphrase for tests"
NUMBER = 212001010007


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with two cases; each has a population of three generations."""
    folder = tmp_path_factory.mktemp("home")
    vault = Vault(
        folder / "vault",
        Keystore.create(folder / "keystore", PassphraseProvider(folder / "keystore", PASSPHRASE, 2**14)),
    )
    for case in (CASE, OTHER):
        store = vault.create_store(case, RetentionClass.CODE_KEY, "population")
        for count in (1, 2, 3):
            store.append(pl.DataFrame({"number": [NUMBER] * count}))
    return folder


@pytest.fixture
def copy(home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(home, tmp_path / "copy"))


def store_of(home: Path, case: str = CASE) -> Store:
    provider = PassphraseProvider(home / "keystore", PASSPHRASE)
    return Vault(home / "vault", Keystore.open(home / "keystore", provider)).open_store(
        case, RetentionClass.CODE_KEY, "population"
    )


def read_all(home: Path) -> list[int]:
    store = store_of(home)
    return [store.scan(generation.number).collect().height for generation in store.generations()]


def folder_of(home: Path, case: str = CASE) -> Path:
    return next((home / "vault" / case).rglob("000000.json")).parent


def manifest(home: Path, number: int, case: str = CASE) -> Path:
    return folder_of(home, case) / f"{number:06d}.json"


def data_file(home: Path, number: int, case: str = CASE) -> Path:
    return next(folder_of(home, case).glob(f"{number:06d}-*.parquet"))


def swap(one: Path, other: Path) -> None:
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


def plaintext_file(home: Path) -> None:
    pl.DataFrame({"number": [NUMBER] * 3}).write_parquet(data_file(home, 3))


def plaintext_file_of_the_same_size(home: Path) -> None:
    path = data_file(home, 3)
    size = path.stat().st_size
    plaintext_file(home)
    content = path.read_bytes()
    path.write_bytes(content[:4] + b"\0" * max(0, size - len(content)) + content[4:size])


def truncated_file(home: Path) -> None:
    path = data_file(home, 2)
    path.write_bytes(path.read_bytes()[:-1])


def longer_file(home: Path) -> None:
    with data_file(home, 2).open("ab") as stream:
        stream.write(b"\0")


def edited_facts(home: Path) -> None:
    path = manifest(home, 3)
    fields = json.loads(path.read_bytes())
    path.write_bytes(json.dumps({**fields, "rows": 4}, sort_keys=True, separators=(",", ":")).encode() + b"\n")


def manifest_with_white_space(home: Path) -> None:
    path = manifest(home, 2)
    path.write_bytes(path.read_bytes() + b" ")


def manifest_as_another_number(home: Path) -> None:
    shutil.copy(manifest(home, 2), manifest(home, 4))


def other_case_in_place(home: Path) -> None:
    mine, theirs = folder_of(home), folder_of(home, OTHER)
    shutil.rmtree(mine)
    shutil.copytree(theirs, mine)


ATTACKS: list[tuple[str, Callable[[Path], object]]] = [
    ("a plaintext file in place of an encrypted one", plaintext_file),
    ("a plaintext file of the same size", plaintext_file_of_the_same_size),
    ("a truncated file", truncated_file),
    ("a longer file", longer_file),
    ("an empty file", lambda home: data_file(home, 1).write_bytes(b"")),
    ("a missing file", lambda home: data_file(home, 3).unlink()),
    ("two generations' files swapped", lambda home: swap(data_file(home, 2), data_file(home, 3))),
    ("two generations' manifests swapped", lambda home: swap(manifest(home, 2), manifest(home, 3))),
    ("an old manifest as the newest", lambda home: shutil.copy(manifest(home, 2), manifest(home, 3))),
    ("an old manifest under a further number", manifest_as_another_number),
    ("a manifest with an edited count", edited_facts),
    ("a manifest with a blank added", manifest_with_white_space),
    ("an empty manifest", lambda home: manifest(home, 3).write_bytes(b"")),
    ("a manifest that is no JSON", lambda home: manifest(home, 3).write_bytes(b"[" * 100_000)),
    ("a chain cut at the end", lambda home: manifest(home, 3).unlink()),
    ("a chain cut in the middle", lambda home: manifest(home, 2).unlink()),
    ("a chain cut at the start", lambda home: manifest(home, 0).unlink()),
    ("another case's manifest", lambda home: shutil.copy(manifest(home, 3, OTHER), manifest(home, 3))),
    ("another case's file", lambda home: shutil.copy(data_file(home, 3, OTHER), data_file(home, 3))),
    ("another case's whole store", other_case_in_place),
]


def test_the_untouched_copy_reads(copy: Path) -> None:
    assert read_all(copy) == [1, 2, 3]


@pytest.mark.parametrize(("attack", "act"), ATTACKS, ids=[name for name, _ in ATTACKS])
def test_is_refused(copy: Path, attack: str, act: Callable[[Path], object]) -> None:
    act(copy)
    with pytest.raises(VaultDamaged) as caught:
        read_all(copy)
    assert CASE in str(caught.value)
    assert str(NUMBER) not in str(caught.value)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(("attack", "act"), ATTACKS, ids=[name for name, _ in ATTACKS])
def test_is_refused_by_who_holds_the_case_and_has_just_read_it(
    copy: Path, attack: str, act: Callable[[Path], object]
) -> None:
    with case_lock(copy / "vault" / ".locks" / CASE, CASE):
        assert read_all(copy) == read_all(copy) == [1, 2, 3]
        act(copy)
        with pytest.raises(VaultDamaged):
            read_all(copy)


def test_what_is_remembered_of_a_case_ends_with_holding_it(copy: Path) -> None:
    lock = copy / "vault" / ".locks" / CASE
    with case_lock(lock, CASE):
        assert known_while_held(lock) == {}
        store = store_of(copy)
        store.append(pl.DataFrame({"number": [NUMBER] * 4}))
        assert read_all(copy) == [1, 2, 3, 4]
        assert list(known_while_held(lock) or {}) == [store.address]
        store.rotate()
        assert read_all(copy) == [1, 2, 3, 4]
    assert known_while_held(lock) is None


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1 << (place % 8)
    path.write_bytes(content)


def test_a_flipped_bit_anywhere_in_a_data_file_or_manifest_is_refused(copy: Path) -> None:
    for path in (data_file(copy, 3), manifest(copy, 2)):
        size = path.stat().st_size
        for place in {0, 1, 3, 4, size // 3, size // 2, size - 9, size - 5, size - 1}:
            flip(path, place)
            with pytest.raises(VaultDamaged):
                read_all(copy)
            flip(path, place)
    assert read_all(copy) == [1, 2, 3]


def keystore_files(home: Path) -> list[Path]:
    """What is read to open the population of the case."""
    keystore = home / "keystore"
    named = ["keystore.json", "provider/master.json", "secrets/audit.json", "classes/service.json"]
    of_service = list((keystore / "provider" / "keys").glob("service.*.json"))
    of_case = [path for path in keystore.rglob("*.json") if CASE in str(path)]
    assert len(of_case) == 4
    return [*(keystore / name for name in named), *of_service, *of_case]


@pytest.mark.parametrize("step", [61, pytest.param(1, marks=pytest.mark.slow)])
def test_a_flipped_bit_in_the_keystore_is_refused(copy: Path, step: int) -> None:
    for path in keystore_files(copy):
        for place in range(0, path.stat().st_size, step):
            flip(path, place)
            with pytest.raises(SamkorningError):
                read_all(copy)
            flip(path, place)
    assert read_all(copy) == [1, 2, 3]


def test_a_file_changed_after_it_was_checked_is_checked_again(copy: Path) -> None:
    store = store_of(copy)
    assert store.scan().collect().height == 3
    plaintext_file(copy)
    with pytest.raises(VaultDamaged):
        store.scan()


def test_an_authentic_manifest_is_not_read_under_another_number(copy: Path) -> None:
    store = store_of(copy)
    root = store._roots.read(store.address)
    shutil.copy(manifest(copy, 2), manifest(copy, 3))
    with pytest.raises(VaultDamaged, match="not what was committed"):
        read_manifest(folder_of(copy), store.address, root, 3)


def test_a_manifest_of_another_history_is_refused(copy: Path, tmp_path: Path) -> None:
    """Two histories of one store, as after a restored backup: each manifest authentic and at its number."""
    other = tmp_path / "other"
    shutil.copytree(copy, other)
    for home, number in ((copy, 1), (other, 2)):
        for _ in range(2):
            store_of(home).append(pl.DataFrame({"number": [number]}))
    take_over(copy, other, 4)
    with pytest.raises(VaultDamaged, match="does not follow"):
        read_all(copy)
    take_over(copy, other, 5)
    with pytest.raises(VaultDamaged, match="the keystore knows"):
        read_all(copy)


def take_over(home: Path, other: Path, generation: int) -> None:
    """A generation of another history in place of this one's."""
    shutil.copy(manifest(other, generation), manifest(home, generation))
    shutil.copy(data_file(other, generation), folder_of(home))


def test_a_plaintext_file_is_refused_whatever_its_hash(copy: Path) -> None:
    """Had a library left the encryption out, size and hash would be right."""
    plaintext_file(copy)
    path = data_file(copy, 3)
    content, secrets = path.read_bytes(), secrets_of_newest(copy)
    for gmac in ("", encrypted_files._gmac(path, secrets)):
        stored = StoredFile(path.name, len(content), hashlib.sha256(content).hexdigest(), 3, gmac=gmac)
        with pytest.raises(VaultDamaged):
            require_unchanged(path, stored, secrets, "place")


def secrets_of_newest(home: Path) -> FileSecrets:
    store = store_of(home)
    return secrets_of(store.address, store._roots.read(store.address), 3, data_file(home, 3).name)


def test_a_change_of_any_byte_is_found_by_what_opening_looks_at(copy: Path) -> None:
    path, secrets = data_file(copy, 3), secrets_of_newest(copy)
    content = path.read_bytes()
    [stored] = read_manifest(folder_of(copy), *address_and_root(copy), 3).files
    assert stored.gmac
    require_unchanged(path, stored, secrets, "place")
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :])
        with pytest.raises(VaultDamaged):
            require_unchanged(path, stored, secrets, "place")
    path.write_bytes(content)
    require_unchanged(path, stored, secrets, "place")


def address_and_root(home: Path) -> tuple[StoreAddress, Root]:
    store = store_of(home)
    return store.address, store._roots.read(store.address)


def test_files_from_before_gmac_was_recorded_are_checked_by_hash(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as then:
        then.setattr(encrypted_files, "_gmac", lambda *_: "")
        store_of(copy).append(pl.DataFrame({"number": [NUMBER] * 4}))
    assert b"gmac" in manifest(copy, 3).read_bytes()
    assert b"gmac" not in manifest(copy, 4).read_bytes()
    store_of(copy).append(pl.DataFrame({"number": [NUMBER] * 5}))
    assert read_all(copy) == [1, 2, 3, 4, 5]
    content = data_file(copy, 4).read_bytes()
    data_file(copy, 4).write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
    with pytest.raises(VaultDamaged, match="not what was committed"):
        read_all(copy)


def test_all_is_held_against_its_hash_where_a_home_is_looked_through(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The doctor's look does not rest on what opening looks at."""
    store = store_of(copy)
    store.require_whole()
    with monkeypatch.context() as then:
        then.setattr(encrypted_files, "_sha256", lambda _: "0" * 64)
        store.append(pl.DataFrame({"number": [NUMBER] * 4}))
    assert read_all(copy) == [1, 2, 3, 4]
    with pytest.raises(VaultDamaged, match="not what was committed"):
        store.require_whole()


def test_a_gmac_is_of_one_file_alone(copy: Path) -> None:
    """The same bytes under another name, or of another writing, have another."""
    path, secrets = data_file(copy, 3), secrets_of_newest(copy)
    other = path.with_name("000003-" + "0" * 32 + ".parquet")
    of_other = secrets_of(*address_and_root(copy), 3, other.name)
    found = {encrypted_files._gmac(path, secrets), encrypted_files._gmac(path, of_other)}
    shutil.copy(path, other)
    found.add(encrypted_files._gmac(other, secrets))
    assert len(found) == 3


def test_every_file_has_an_encryption_key_of_its_own(copy: Path) -> None:
    store = store_of(copy)
    root = store._roots.read(store.address)
    names = [data_file(copy, generation).name for generation in (1, 2, 3)]
    assert len({secrets_of(store.address, root, 1, name).encryption_key for name in names}) == 3


def test_the_hash_alone_would_not_do(copy: Path) -> None:
    """Behind magic and hash every page is authenticated under this file's name: bytes moved to another name fail."""
    store = store_of(copy)
    root, name = store._roots.read(store.address), data_file(copy, 3).name
    other = name[:-9] + ("0" if name[-9] != "0" else "1") + name[-8:]
    for generation, named in ((3, other), (2, name)):
        secrets = secrets_of(store.address, root, generation, named)
        with pytest.raises(pl.exceptions.ComputeError):
            pl.scan_parquet(data_file(copy, 3), decryption=secrets.to_read()).collect()
    secrets = secrets_of(store.address, root, 3, name)
    assert pl.scan_parquet(data_file(copy, 3), decryption=secrets.to_read()).collect().height == 3
