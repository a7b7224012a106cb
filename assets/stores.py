"""The stores of a case in the vault, by what they hold.

What belongs here: names and retention classes of stores. What must not: what is done with their rows.
"""

from collections.abc import Mapping

import polars as pl

from assets.case_view import identity_rules
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.ledger import Unit
from samkorning.identity import diagnose
from samkorning.keystore import RetentionClass
from samkorning.persons import latest_numbers
from samkorning.vault import Generation, Store

CODE_KEY, MATERIAL = RetentionClass.CODE_KEY, RetentionClass.MATERIAL
NO_HISTORY = pl.LazyFrame(schema={"number": pl.Int64, "person_number": pl.Int64})
EMPTY_CODE_KEY = pl.LazyFrame(schema={"number": pl.Int64, "serial_number": pl.Int32})
KEPT_WITH_CODE_KEY = frozenset({"population", "number_history"})


def population(desk: Desk, case: Case) -> Store:
    """The valid numbers of the study population."""
    return desk.store(case.number, CODE_KEY, "population")


def code_key(desk: Desk, case: Case) -> Store:
    """The code key of persons."""
    return desk.store(case.number, CODE_KEY, "code_key.person")


def received(desk: Desk, case: Case, source: str) -> Store:
    """A source's file as it was read."""
    retention = CODE_KEY if source in KEPT_WITH_CODE_KEY else MATERIAL
    return desk.store(case.number, retention, f"received.{source}")


def linked(desk: Desk, case: Case, unit: Unit) -> Store:
    """A unit under its serial numbers."""
    return desk.store(case.number, MATERIAL, _linked_name(unit))


def latest_linked(desk: Desk, case: Case, unit: Unit) -> Generation | None:
    """What the vault holds of a unit under its serial numbers; a unit that never was linked makes no store."""
    if not desk.vault.has_store(case.number, MATERIAL, _linked_name(unit)):
        return None
    return linked(desk, case, unit).latest()


def contents(desk: Desk, case: Case, file: str) -> Store:
    """A file of the next delivery."""
    return desk.store(case.number, MATERIAL, f"contents.{file}")


def _linked_name(unit: Unit) -> str:
    return f"linked.{unit.source}" + (f".{unit.period}" if unit.period else "")


def code_key_rows(store: Store) -> pl.LazyFrame:
    """The newest code key; empty before the first serial number is drawn."""
    return store.scan() if store.latest() else EMPTY_CODE_KEY


def latest_facts(store: Store) -> Mapping[str, int | str]:
    """What the newest generation says of itself; nothing for an empty store."""
    latest = store.latest()
    return latest.facts if latest else {}


def number_history(desk: Desk, case: Case) -> pl.LazyFrame:
    """Every number of the case's number history with its person's latest number; empty where none has come."""
    store = received(desk, case, "number_history") if case.specification.number_history else None
    if store is None or store.latest() is None:
        return NO_HISTORY
    return latest_numbers(_changes(case, store)).lazy()


def _changes(case: Case, store: Store) -> pl.DataFrame:
    """Pairs of valid numbers; a pair with a damaged number tells nothing and is left out."""
    rules = identity_rules(case)
    diagnosed = diagnose(diagnose(store.scan(), "old_number", rules, prefix="was_"), "new_number", rules, prefix="is_")
    pairs = diagnosed.select(pl.col("was_number").alias("old_number"), pl.col("is_number").alias("new_number"))
    return pairs.drop_nulls().collect()
