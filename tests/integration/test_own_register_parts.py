"""A register year in the vault: parts that are opened only for those whom they can hold, and what befalls a load."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from resources.register_store import RegisterStore
from resources.register_years import OWN_REGISTERS
from samkorning.case.inputs import Unit
from samkorning.errors import CaseBusy, NotFound, VaultDamaged
from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.linkage.engines import open_engine
from samkorning.order import OwnRegister
from samkorning.own_registers.catalogue import CatalogueRegister
from samkorning.own_registers.extraction import extract
from samkorning.vault import RetentionClass, Vault

OWN = OwnRegister.model_validate({"register_name": "LMED", "variables": ["ATC"], "from_year": 2219, "to_year": 2219})
NUMBERS = [year * 10**8 + 1_12_1234 for year in range(2100, 2200, 10)]
MEMORY = 9_000  # of which a part has a twelfth: some sixty rows
ANOTHER = """
import os, signal, sys
from pathlib import Path
import polars as pl
from tests.integration.test_own_register_parts import REGISTER, a_store, a_year
from resources.register_years import OWN_REGISTERS

store = a_store(Path(sys.argv[1]))

def batches():
    for batch in a_year(15).iter_slices(50):
        yield batch
    if sys.argv[2] == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    print("half way", flush=True)
    sys.stdin.readline()

store._load(REGISTER, 2219, batches())
"""


REGISTER = CatalogueRegister(name="LMED", title_sv="x", title_en="x", variables=())


def a_store(folder: Path) -> RegisterStore:
    provider = PassphraseProvider(folder / "keystore", b"a passphrase for tests", 2**14)
    opened = Keystore.open if (folder / "keystore").exists() else Keystore.create
    return RegisterStore(Vault(folder / "vault", opened(folder / "keystore", provider)), MEMORY)


def a_year(times: int = 20) -> pl.DataFrame:
    rows = [(number, f"A{place % 10}") for place in range(times) for number in reversed(NUMBERS)]
    return pl.DataFrame(rows, {"number": pl.Int64, "ATC": pl.String}, orient="row")


def load(store: RegisterStore, rows: pl.DataFrame) -> None:
    store._load(REGISTER, 2219, list(rows.iter_slices(50)))


@pytest.fixture
def store(tmp_path: Path) -> RegisterStore:
    store = a_store(tmp_path)
    load(store, a_year())
    return store


def files(folder: Path) -> list[Path]:
    return sorted((folder / "vault" / OWN_REGISTERS).rglob("*.parquet"))


def rows_of(store: RegisterStore, *numbers: int) -> int:
    """How many rows of some persons are extracted, from the parts that can hold them."""
    persons = pl.DataFrame({"number": numbers, "serial_number": range(len(numbers)), "reused": [0] * len(numbers)})
    persons = persons.cast({"serial_number": pl.Int32, "reused": pl.Int8})
    with open_engine("polars", 2**30) as engine:
        year = store.year("LMED", 2219, persons["number"])
        return extract(engine, OWN, year.parts, persons).collect(engine="streaming").height


def test_only_the_parts_that_can_hold_somebody_are_opened(store: RegisterStore, tmp_path: Path) -> None:
    everybody = store.year("LMED", 2219, pl.Series(NUMBERS))
    assert (everybody.rows, sum(part.height for part in everybody.parts)) == (200, 200)
    assert len(everybody.parts) == len(files(tmp_path)) == 4
    few = store.year("LMED", 2219, pl.Series(NUMBERS[:1]))
    assert (few.rows, len(few.parts)) == (200, 1)
    assert rows_of(store, NUMBERS[0], NUMBERS[-1]) == 40
    assert rows_of(store, NUMBERS[0] + 1) == 0


def test_what_lies_open_tells_nobodys_number(store: RegisterStore, tmp_path: Path) -> None:
    """Neither does a part: what it says of its least and greatest numbers is encrypted with it."""
    written = [path for path in (tmp_path / "vault").rglob("*") if path.is_file()]
    for content in (path.read_bytes() for path in written):
        assert not [number for number in NUMBERS if str(number).encode() in content]
        assert not [number for number in NUMBERS if number.to_bytes(8, "little") in content]
    [manifest] = [path for path in written if path.name == "000001.json"]
    said = json.loads(manifest.read_text())["files"]
    assert all(file["first"] % 10**6 == 0 and file["last"] % 10**6 == 999_999 for file in said)
    assert json.loads(manifest.read_text())["facts"].keys() == {"content_digest", "account"}


def test_a_part_that_is_not_as_committed_is_refused_by_whoever_it_is_opened_for(
    store: RegisterStore, tmp_path: Path
) -> None:
    parts = files(tmp_path)
    content = bytearray(parts[-1].read_bytes())
    content[len(content) // 2] ^= 1
    parts[-1].write_bytes(content)
    refused = [number for number in NUMBERS if is_refused(store, number)]
    assert 0 < len(refused) < len(NUMBERS)


def test_parts_cannot_change_places(store: RegisterStore, tmp_path: Path) -> None:
    """They share an encryption key, so it is the manifest that tells one from another."""
    one, other = files(tmp_path)[:2]
    held = one.read_bytes()
    shutil.copyfile(other, one)
    other.write_bytes(held)
    assert any(is_refused(store, number) for number in NUMBERS)


def is_refused(store: RegisterStore, number: int) -> bool:
    try:
        assert rows_of(store, number) == 20
    except VaultDamaged as refusal:
        assert str(number) not in str(refusal)
        return True
    return False


def test_loaded_again_the_same_rows_are_the_same_input(store: RegisterStore, tmp_path: Path) -> None:
    """Whatever depends on the year is not due for it; where one value is another, it is."""
    first, mark = store.hashes({"lmed"}), store.marks()
    load(store, a_year().reverse())
    assert (store.hashes({"lmed"}), store.marks() == mark) == (first, False)
    load(store, a_year().with_columns(pl.lit("B").alias("ATC")))
    assert store.hashes({"lmed"}) != first
    assert len({path.name[:6] for path in files(tmp_path)}) == 2, "readers of the year before are let to an end"
    assert store.generations()[Unit("lmed", 2219)].number == 3


def test_a_load_that_is_killed_leaves_the_year_before_and_no_litter(store: RegisterStore, tmp_path: Path) -> None:
    before, names = store.hashes({"lmed"}), files(tmp_path)
    died = subprocess.run([sys.executable, "-c", ANOTHER, str(tmp_path), "dies"], check=False)
    assert died.returncode == -9
    assert len(files(tmp_path)) > len(names), "it died on the way"
    assert a_store(tmp_path).hashes({"lmed"}) == before
    assert rows_of(store, *NUMBERS) == 200
    load(store, a_year(15))
    assert {path.name[:6] for path in files(tmp_path)} == {"000001", "000002"}
    assert len({path.name[:39] for path in files(tmp_path)}) == 2, "of each generation, one writing"
    assert rows_of(store, *NUMBERS) == 150


def test_two_load_at_once(store: RegisterStore, tmp_path: Path) -> None:
    """One of them does; the other is told to try again, and the year is one or the other whole."""
    command = [sys.executable, "-c", ANOTHER, str(tmp_path), "waits"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "half way\n"
        with pytest.raises(CaseBusy):
            load(store, a_year(3))
        assert rows_of(store, *NUMBERS) == 200
        other.communicate("go on\n")
    assert other.returncode == 0
    assert rows_of(store, *NUMBERS) == 150


def test_a_load_that_fails_takes_its_files_with_it(store: RegisterStore, tmp_path: Path) -> None:
    before = files(tmp_path)

    def broken() -> Iterator[pl.DataFrame]:
        yield from a_year(15).iter_slices(50)
        raise RuntimeError("the disk of the export went away")

    with pytest.raises(RuntimeError):
        store._load(REGISTER, 2219, broken())
    assert files(tmp_path) == before
    with pytest.raises(RuntimeError):
        store._load(REGISTER, 2220, broken())
    with pytest.raises(NotFound, match="has no year 2220"):
        store.year("LMED", 2220, pl.Series(NUMBERS))


def test_a_year_of_before_there_were_parts_is_read_as_it_lies(store: RegisterStore, tmp_path: Path) -> None:
    """One file, in order of arrival, without bounds; the next load puts parts in its place."""
    store._vault.create_store(OWN_REGISTERS, RetentionClass.REGISTERS, "LMED.2218").append(a_year())
    year = store.year("LMED", 2218, pl.Series(NUMBERS[:1]))
    assert [(part.first, part.last, part.height) for part in year.parts] == [(None, None, 200)]
    generation = store.generations()[Unit("lmed", 2218)]
    assert store.hashes({"lmed"})[Unit("lmed", 2218)] == generation.sha256
    store._load(REGISTER, 2218, list(a_year().iter_slices(50)))
    assert len(store.year("LMED", 2218, pl.Series(NUMBERS)).parts) == 4
    assert store.hashes({"lmed"})[Unit("lmed", 2218)] == store.hashes({"lmed"})[Unit("lmed", 2219)]


def test_a_year_encrypted_anew_is_the_same_input(store: RegisterStore) -> None:
    before = store.hashes({"lmed"})
    store._vault.open_store(OWN_REGISTERS, RetentionClass.REGISTERS, "LMED.2219").rotate()
    assert store.hashes({"lmed"}) == before
    assert rows_of(store, NUMBERS[0]) == 20
    assert len(store.year("LMED", 2219, pl.Series(NUMBERS[:1])).parts) == 1
