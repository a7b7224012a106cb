"""A vault with a received file of dirty rows, linked by this machine or by a cluster: what tests of the cluster share.

What belongs here: the rows, and what is made of them. What must not: expectations of one test, or the cluster's
processes (tests.spark_cluster).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import polars as pl

from assets.steps.linkage.on_cluster import link_on_cluster
from resources.cluster.settings import ClusterSettings
from samkorning.keystore import Keystore, PassphraseProvider
from samkorning.linkage import Bounds, ColumnLookup, RowsDigest, bounds_for, in_order, link, linked_columns
from samkorning.linkage.engines import open_engine
from samkorning.linkage.kernel import Linked
from samkorning.machine.progress import nobody
from samkorning.order import Source
from samkorning.vault import RetentionClass, Store, Vault
from samkorning.vault.draft import Draft
from tests.property.test_linkage_engines import DAMAGED, KNOWN, NUMBERS, RULES

CASE = "36759-2021"
ROWS, SKEWED = 6_000, 12_000
SOURCE = Source.model_validate(
    {
        "name": "lisa",
        "source_class": "scb",
        "holder": "SCB",
        "identifiers": [
            {"column": "PNR"},
            {"column": "MOR", "serial_name": "LopNrMor", "identifies": "relative"},
            {"column": "FAR", "serial_name": "LopNrFar", "identifies": "relative", "unknown": "drop"},
        ],
        "file": {"columns": [{"name": "PNR"}, {"name": "MOR"}, {"name": "FAR"}, {"name": "KOMMUN"}]},
    }
)


@dataclass
class Room:
    """A vault with a received file, and what it is linked with."""

    vault: Vault
    received: Store
    lookups: Mapping[str, ColumnLookup]

    @staticmethod
    def store_name(name: str) -> tuple[str, RetentionClass, str]:
        return (CASE, RetentionClass.MATERIAL, name)

    def store(self, name: str) -> Store:
        """A store of the case, made if it is new."""
        address = self.store_name(name)
        return self.vault.open_store(*address) if self.vault.has_store(*address) else self.vault.create_store(*address)

    @property
    def bounds(self) -> Bounds:
        serial_numbers = pl.Series("serial_number", list(KNOWN.values()) * 3, dtype=pl.Int32)
        return bounds_for(serial_numbers, ROWS + SKEWED, len(linked_columns(SOURCE)), 2**22)


def a_room(folder: Path) -> Room:
    """A new vault in a folder, with a file of dirty rows received."""
    keystore = Keystore.create(folder / "keystore", _provider(folder))
    received = Vault(folder / "vault", keystore).create_store(*Room.store_name("received.lisa"))
    received.append(dirty_rows())
    return opened_room(folder)


def opened_room(folder: Path) -> Room:
    """The same, of a folder that has one."""
    vault = Vault(folder / "vault", Keystore.open(folder / "keystore", _provider(folder)))
    received = vault.open_store(*Room.store_name("received.lisa"))
    numbers = {"number": list(KNOWN), "serial_number": list(KNOWN.values()), "reused": [0] * len(KNOWN)}
    types = {"serial_number": pl.Int32, "reused": pl.Int8}
    lookup = ColumnLookup(RULES, pl.LazyFrame(numbers, schema_overrides=types))
    return Room(vault, received, {identifier.column: lookup for identifier in SOURCE.identifiers})


def _provider(folder: Path) -> PassphraseProvider:
    return PassphraseProvider(folder / "keystore", b"a passphrase for tests", 2**14)


def dirty_rows() -> pl.DataFrame:
    """Every spelling, damaged and missing numbers, and one person in two thirds of the rows."""
    chance = Random(7)
    spelled = [str(number) for number in NUMBERS] + [f"{str(number)[:8]}-{str(number)[8:]}" for number in NUMBERS]
    written = [*spelled, *DAMAGED, None]

    def row(number: int, person: str | None) -> dict[str, str | None]:
        mother, father = chance.choice(written), chance.choice([*spelled, None])
        return {"PNR": person, "MOR": mother, "FAR": father, "KOMMUN": chance.choice(["0180", "Umeå", None])}

    rows = [row(number, chance.choice(written)) for number in range(ROWS)]
    rows += [row(number, str(next(iter(KNOWN)))) for number in range(SKEWED)]
    chance.shuffle(rows)
    return pl.DataFrame(rows, schema=dict.fromkeys(("PNR", "MOR", "FAR", "KOMMUN"), pl.String))


def committed(store: Store, draft: Draft, linked: Linked) -> tuple[str, object]:
    """The digest of what lies in the vault then, in the order in which it is delivered, and the row flow."""
    store.commit(draft, linked.files)
    digest = RowsDigest()
    for ordered in in_order([store.parts()], linked_columns(SOURCE), 5_000):
        digest.add(ordered.rows)
    return digest.text, linked.row_flow


def on_one_machine(room: Room, name: str) -> tuple[str, object]:
    """What an engine of this machine makes of the received file."""
    store = room.store(f"linked.{name}")
    with open_engine(name, 2**30) as engine, store.draft() as draft:
        linked = link(engine, room.received.scan(), SOURCE, room.lookups, draft, room.bounds)
        return committed(store, draft, linked)


def on_the_cluster(room: Room, settings: ClusterSettings, name: str) -> tuple[str, object]:
    """What the cluster makes of it; nothing but the committed files is left."""
    store = room.store(f"linked.{name}")
    with store.draft() as draft:
        parts = room.received.parts()
        linked = link_on_cluster(settings, parts, SOURCE, room.lookups, draft, room.bounds, nobody)
        answer = committed(store, draft, linked)
    kept = {part.file.path for part in store.parts() if part.file}
    assert set(store._folder.rglob("*.parquet")) == kept, "nothing that was lent or tried in vain is left"
    return answer
