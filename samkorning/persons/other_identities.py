"""Identities whose numbers are text: reserve numbers, T numbers, organisations, workplaces, households.

What belongs here: giving each such identity, which is issuer and text, a small whole number inside its case, so
that code key and linkage work on whole numbers alone. What must not: serial numbers. The small numbers never leave the
vault.

Columns: ``issuer`` and ``text`` (String), ``number`` (Int64, from 1; a national number has twelve digits and never
meets one).
"""

import polars as pl

from samkorning.vault import Store

ISSUER, TEXT, NUMBER = "issuer", "text", "number"
SCHEMA = pl.Schema({ISSUER: pl.String, TEXT: pl.String, NUMBER: pl.Int64})


def other_identities(store: Store) -> pl.LazyFrame:
    """The identities of a store; none before the first."""
    return store.scan() if store.latest() else SCHEMA.to_frame().lazy()


def extend_other_identities(store: Store, identities: pl.DataFrame) -> int:
    """Gives every new identity a number and keeps the others; how many were new.

    :param identities: columns ``issuer`` and ``text``, without nulls; may repeat.
    """
    with store.exclusive():
        held = other_identities(store).collect()
        extended = with_new_identities(held, identities)
        new = extended.height - held.height
        if new:
            store.replace(extended, facts={"added": new})
    return new


def with_new_identities(held: pl.DataFrame, identities: pl.DataFrame) -> pl.DataFrame:
    """The identities held, and behind them the new ones with the numbers that they would get."""
    new = identities.select(ISSUER, TEXT).unique().join(held, on=[ISSUER, TEXT], how="anti").sort(ISSUER, TEXT)
    numbers = pl.int_range(held.height + 1, held.height + new.height + 1, dtype=pl.Int64)
    return pl.concat([held, new.with_columns(numbers.alias(NUMBER))])


def numbers_of(identities: pl.LazyFrame, others: pl.LazyFrame) -> pl.LazyFrame:
    """The numbers of some identities, each once.

    :param identities: columns ``number`` (Int64, null for text), ``issuer`` and ``text``.
    :param others: the other identities of the case.
    :returns: column ``number``.
    """
    joined = identities.join(others.rename({NUMBER: "other"}), on=[ISSUER, TEXT], how="left")
    return joined.select(pl.coalesce(NUMBER, "other").alias(NUMBER)).drop_nulls().unique()
