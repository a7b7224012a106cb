"""Whether a code key is what it must be: one to one, and unmoved since before."""

import polars as pl

from samkorning.errors import NotFound
from samkorning.vault.store import Store


def code_key_faults(store: Store) -> dict[str, int]:
    """Counts of faults, all 0 in a code key that holds: numbers with two serial numbers, serial numbers with two
    numbers, and serial numbers that the generation before gave to somebody else or that are gone.
    """
    if store.latest() is None:
        return {}
    rows = store.scan()
    doubled = rows.select(
        pl.col("number").drop_nulls().is_duplicated().sum().alias("numbers"),
        pl.col("serial_number").is_duplicated().sum().alias("serial_numbers"),
    ).collect()
    return {
        "with_two_serial_numbers": int(doubled["numbers"][0]),
        "sharing_a_serial_number": int(doubled["serial_numbers"][0]),
        "moved": _moved(store, rows),
    }


def _moved(store: Store, rows: pl.LazyFrame) -> int:
    generations = store.generations()
    if len(generations) < 2:
        return 0
    try:
        earlier = store.scan(generations[-2].number)
    except NotFound:
        return 0  # its file was removed for good, as when a person is taken out
    before = earlier.drop_nulls("number").select("serial_number", pl.col("number").alias("before"))
    now = before.join(rows, on="serial_number", how="left")
    moved = now.filter(pl.col("generation").is_null() | (pl.col("number") != pl.col("before")))
    return int(moved.select(pl.len()).collect().item())
