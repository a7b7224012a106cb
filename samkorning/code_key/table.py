"""What the code key's table looks like, and reading it."""

import polars as pl

from samkorning.vault.store import Store

SCHEMA = pl.Schema({"number": pl.Int64, "serial_number": pl.Int32, "generation": pl.Int16})


def read_code_key(store: Store) -> pl.DataFrame:
    """Give the newest code key, empty before the first generation."""
    if store.latest() is None:
        return SCHEMA.to_frame()
    return store.scan().collect()


def rows_of(numbers: pl.Series, serial_numbers: pl.Series, generation: int) -> pl.DataFrame:
    """Give rows of the code key that come in one generation."""
    return pl.DataFrame({"number": numbers, "serial_number": serial_numbers}).with_columns(
        pl.lit(generation, dtype=pl.Int16).alias("generation")
    )


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    """Give the rows of a code key in the order of their numbers, in which they are made ready to be looked up in in a
    third of the time. Serial numbers without a number come last in their own order: where they lay among the others
    would tell whom they stood for.
    """
    without = pl.col("number").is_null()
    return pl.concat([rows.filter(~without).sort("number"), rows.filter(without).sort("serial_number")])


def next_generation(store: Store) -> int:
    """Give the number that the store's next generation will have. Only while the store is held."""
    latest = store.latest()
    return latest.number + 1 if latest else 1
