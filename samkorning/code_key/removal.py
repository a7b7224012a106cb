"""Taking persons out of the code key: one who objects, or all of them when the link is cut.

The serial number stays, without a number: it has been delivered, and drawn again it would mean somebody else. Removal
leaves no earlier generation's file, and encrypts the store anew, so that no copy of an earlier file opens either.
"""

import polars as pl

from samkorning.code_key.extension import distinct_numbers
from samkorning.code_key.table import in_order, read_code_key
from samkorning.vault.store import Store


def remove_persons(store: Store, numbers: pl.Series | pl.DataFrame) -> int:
    """Forget whom the serial numbers of these persons stand for (an objection); give how many persons were there.

    Later data on them gets new serial numbers unless the population leaves them out: that filter is the caller's.
    """
    with store.exclusive():
        held = read_code_key(store)
        return _keep(store, held, without_persons(held, numbers))


def cut_link(store: Store) -> int:
    """Forget whom every serial number stands for, and keep the serial numbers; give how many persons were there.

    Apart from deletion: the series stays closed to reuse, and nobody can be linked again.
    """
    with store.exclusive():
        held = read_code_key(store)
        return _keep(store, held, without_links(held))


def without_persons(held: pl.DataFrame, numbers: pl.Series | pl.DataFrame) -> pl.DataFrame:
    """Give a code key as it is when these persons are removed."""
    chosen = pl.col("number").is_in(distinct_numbers(numbers).implode())
    return in_order(held.with_columns(pl.when(~chosen).then(pl.col("number")).alias("number")))


def without_links(held: pl.DataFrame) -> pl.DataFrame:
    """Give a code key as it is when the link is cut."""
    return in_order(held.with_columns(pl.lit(None, pl.Int64).alias("number")))


def persons_gone(held: pl.DataFrame, kept: pl.DataFrame) -> int:
    """How many persons a code key has lost."""
    return kept["number"].null_count() - held["number"].null_count()


def _keep(store: Store, held: pl.DataFrame, kept: pl.DataFrame) -> int:
    gone = persons_gone(held, kept)
    if gone:
        store.replace_for_good(kept, facts={"removed": gone})
    return gone
