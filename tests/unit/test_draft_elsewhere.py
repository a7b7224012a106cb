"""Files of one generation that are written by others than who commits it, and tables that are lent to these."""

from pathlib import Path

import polars as pl
import pytest

from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.linkage.slices import slices_of
from samkorning.vault import Part, RetentionClass, Store, Vault
from samkorning.vault.encrypted_files import EncryptedFile
from samkorning.vault.part_files import PartFiles

ROWS = pl.DataFrame({"LopNr": [1, 2, 3, 4, 5]})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    provider = PassphraseProvider(tmp_path / "keystore", b"a passphrase for tests", 2**14)
    vault = Vault(tmp_path / "vault", Keystore.create(tmp_path / "keystore", provider))
    return vault.create_store("36759-2021", RetentionClass.MATERIAL, "linked.lisa")


def files(store: Store) -> list[str]:
    return sorted(path.name for path in store._folder.rglob("*.parquet"))


def test_files_of_elsewhere_are_committed_beside_those_of_here(store: Store) -> None:
    with store.draft() as draft:
        elsewhere = PartFiles(draft.place, 1_000)
        other = elsewhere.write_one(ROWS.tail(2).lazy())
        adopted = draft.adopt(elsewhere.durable({other: (4, 9)}))
        here = draft.write_one(ROWS.head(3).lazy())
        store.commit(draft, {**adopted, here: (1, 3)})
    assert other.endswith("-1000.parquet")
    assert [(part.first, part.last, part.height) for part in store.parts()] == [(1, 3, 3), (4, 9, 2)]
    assert store.scan().collect().equals(ROWS)


def test_of_a_writing_that_breaks_off_nothing_stays_whoever_wrote_it(store: Store) -> None:
    with pytest.raises(ValueError, match="broken off"), store.draft() as draft:
        PartFiles(draft.place, 2_000).write_one(ROWS.lazy())
        draft.write_one(ROWS.lazy())
        draft.lend(ROWS.lazy())
        assert len(files(store)) == 3
        raise ValueError("broken off")
    assert files(store) == []


def test_what_was_tried_in_vain_and_what_was_lent_go_when_the_rest_is_committed(store: Store) -> None:
    with store.draft() as draft:
        PartFiles(draft.place, 3_000).write_one(ROWS.lazy())
        lent = draft.lend(ROWS.lazy())
        kept = draft.write_one(ROWS.lazy())
        store.commit(draft, {kept: (1, 5)})
        assert not lent.path.exists()
    assert files(store) == [kept]


def test_what_is_lent_opens_with_its_own_encryption_key_alone(store: Store) -> None:
    with store.draft() as draft:
        lent = draft.lend(ROWS.lazy())
        assert lent.rows().collect().equals(ROWS)
        for others in (draft.place.secrets, draft.lend(ROWS.lazy()).secrets):
            with pytest.raises(pl.exceptions.ComputeError):
                EncryptedFile(lent.path, others).rows().collect()
        assert lent.path.stat().st_mode & 0o077 == 0


def test_slices_hold_every_row_once(store: Store) -> None:
    with store.draft() as draft:
        first, second = draft.write_one(ROWS.lazy()), draft.write_one(ROWS.lazy())
        store.commit(draft, {first: (1, 5), second: (6, 9)})
    slices = slices_of(store.parts(), 2)
    assert [(each.offset, each.rows, each.first) for each in slices] == [
        (0, 2, 1),
        (2, 2, 1),
        (4, 1, 1),
        (0, 2, 6),
        (2, 2, 6),
        (4, 1, 6),
    ]
    assert pl.concat(each.table for each in slices).collect().equals(pl.concat([ROWS, ROWS]))


def test_a_file_without_rows_is_one_slice_and_rows_of_elsewhere_are_none(store: Store) -> None:
    store.append(ROWS.clear())
    assert [(each.offset, each.rows) for each in slices_of(store.parts(), 2)] == [(0, 0)]
    with pytest.raises(ValueError, match="do not lie in the vault"):
        slices_of([Part(None, None, 5, ROWS.lazy())], 2)
