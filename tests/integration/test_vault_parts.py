"""A generation in parts: committed together or not at all, each part bound to its place, older manifests still read."""

import json
import os
import shutil
from pathlib import Path

import polars as pl
import pytest

from samkorning.errors import GuardedFailure, VaultDamaged
from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.vault import RetentionClass, Store, Vault

CASE = "36759-2021"
ROWS = pl.DataFrame(
    {"LopNr": [1, 2, 5, 6, 9], "value": ["a", "b", "c", "d", "e"], "part": [0, 0, 1, 1, 2]},
    schema_overrides={"part": pl.Int16},
)
BOUNDS = [(1, 4), (5, 8), (9, 12)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    provider = PassphraseProvider(tmp_path / "keystore", b"a passphrase for tests", 2**14)
    vault = Vault(tmp_path / "vault", Keystore.create(tmp_path / "keystore", provider))
    return vault.create_store(CASE, RetentionClass.MATERIAL, "linked.lisa")


def write(store: Store, rows: pl.DataFrame = ROWS) -> None:
    with store.draft() as draft:
        parts = draft.write(rows.lazy(), "part")
        store.commit(draft, {name: BOUNDS[part] for part, name in parts.items()}, {"rows_in": 7})


def files(store: Store) -> list[Path]:
    return sorted(store._folder.rglob("*.parquet"))


def test_parts_are_read_in_order_with_their_bounds_and_together(store: Store) -> None:
    write(store)
    parts = store.parts()
    assert [(part.first, part.last, part.height) for part in parts] == [(1, 4, 2), (5, 8, 2), (9, 12, 1)]
    assert [part.rows.collect()["value"].to_list() for part in parts] == [["a", "b"], ["c", "d"], ["e"]]
    latest = store.latest()
    assert latest is not None
    assert (latest.rows, latest.facts) == (5, {"rows_in": 7})
    assert store.scan().collect().equals(ROWS.drop("part"))


def test_parts_lie_in_order_of_serial_numbers_whichever_was_named_first(store: Store) -> None:
    with store.draft() as draft:
        parts = draft.write(ROWS.lazy(), "part")
        store.commit(draft, {parts[part]: BOUNDS[part] for part in (1, 2, 0)})
    assert [part.first for part in store.parts()] == [1, 5, 9]
    assert store.scan().collect().equals(ROWS.drop("part"))


def test_parts_reach_the_disk_before_they_are_committed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: (synced.append(os.fstat(descriptor).st_ino), fsync(descriptor)))
    write(store)
    [manifest] = store._folder.rglob("000001.json")
    first = synced.index(manifest.stat().st_ino)
    assert {path.stat().st_ino for path in files(store)} <= set(synced[:first])


def test_nothing_of_a_draft_that_is_not_committed_stays(store: Store) -> None:
    write(store)
    before = files(store)
    with pytest.raises(RuntimeError), store.draft() as draft:
        draft.write(ROWS.lazy(), "part")
        raise RuntimeError("something else failed")
    with pytest.raises(GuardedFailure, match="nothing was committed"), store.draft() as draft:
        draft.write(ROWS.lazy().with_columns(pl.col("value").cast(pl.Int64)), "part")
    assert files(store) == before
    assert store.scan().collect().height == 5


def test_a_part_that_is_taken_away_is_no_part_of_the_generation(store: Store) -> None:
    with store.draft() as draft:
        parts = draft.write(ROWS.lazy(), "part")
        assert draft.rows_of(parts[2]).collect()["value"].to_list() == ["e"]
        draft.remove(parts.pop(2))
        store.commit(draft, {name: BOUNDS[part] for part, name in parts.items()})
    assert store.scan().collect()["value"].to_list() == ["a", "b", "c", "d"]
    assert len(files(store)) == 2


def test_parts_are_for_their_owner_alone_and_encrypted(store: Store) -> None:
    """Whatever the umask lets others see."""
    before = os.umask(0)
    try:
        write(store)
    finally:
        os.umask(before)
    for path in files(store):
        assert path.stat().st_mode & 0o077 == 0
        assert path.read_bytes()[:4] == b"PARE"


def test_two_parts_that_change_places_are_refused(store: Store) -> None:
    write(store)
    first, second, _ = files(store)
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)
    with pytest.raises(VaultDamaged, match="not what was committed"):
        store.scan()


@pytest.mark.parametrize("damage", ["gone", "cut", "flipped"])
def test_a_damaged_part_is_refused(store: Store, damage: str) -> None:
    write(store)
    path = files(store)[1]
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content[:-9] if damage == "cut" else content[:60] + bytes([content[60] ^ 1]) + content[61:])
    with pytest.raises(VaultDamaged):
        store.parts()


def test_bounds_in_a_manifest_are_authenticated(store: Store) -> None:
    write(store)
    manifest = next(store._folder.rglob("000001.json"))
    fields = json.loads(manifest.read_text())
    fields["files"][0]["last"] = 8
    manifest.write_text(json.dumps(fields, sort_keys=True, separators=(",", ":")) + "\n")
    with pytest.raises(VaultDamaged):
        store.latest()


def test_parts_keep_their_bounds_through_a_rotation(store: Store) -> None:
    write(store)
    before = [(part.first, part.last, part.rows.collect().rows()) for part in store.parts()]
    store.rotate()
    assert [(part.first, part.last, part.rows.collect().rows()) for part in store.parts()] == before


def test_a_generation_of_one_file_is_written_and_read_as_it_always_was(store: Store) -> None:
    """A home from before there were parts goes on: its manifests and ours of one file have the same form."""
    store.append(ROWS)
    fields = json.loads(next(store._folder.rglob("000001.json")).read_text())
    assert fields["format"] == "samkorning-manifest-1"
    assert {"file", "size", "sha256", "rows"} <= set(fields)
    [part] = store.parts()
    assert (part.first, part.last) == (None, None)
    write(store)
    assert [generation.rows for generation in store.generations()] == [5, 5]


def test_a_crashed_draft_is_swept_by_the_next_writer(store: Store) -> None:
    write(store)
    orphan = files(store)[0].with_name(f"000002-{'0' * 32}-000.parquet")
    shutil.copy(files(store)[0], orphan)
    write(store)
    assert not orphan.exists()


def test_a_crashed_draft_of_a_store_that_never_commits_is_swept_by_the_next(store: Store) -> None:
    write(store)
    orphan = files(store)[0].with_name(f"000002-{'0' * 32}-000.parquet")
    shutil.copy(files(store)[0], orphan)
    with store.draft() as draft:
        draft.write(ROWS.lazy(), "part")
        assert not orphan.exists()
    assert len(files(store)) == 3
