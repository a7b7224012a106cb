"""Taking persons out of the code key: one who objects, or all of them when the link is cut.

The serial number stays, without a number: it has been delivered, and drawn again it would mean somebody else. Removal
leaves no earlier generation's file, and encrypts the store anew, so that no copy of an earlier file opens either.
"""

import polars as pl

from samkorning.code_key.extension import distinct_numbers
from samkorning.code_key.table import read_code_key
from samkorning.vault.store import Store


def remove_persons(store: Store, numbers: pl.Series | pl.DataFrame) -> int:
    """Forget whom the serial numbers of these persons stand for (an objection); give how many persons were there.

    Later data on them gets new serial numbers unless the population leaves them out: that filter is the caller's.
    """
    asked = distinct_numbers(numbers)
    return _forget(store, pl.col("number").is_in(asked.implode()))


def cut_link(store: Store) -> int:
    """Forget whom every serial number stands for, and keep the serial numbers; give how many persons were there.

    Apart from deletion: the series stays closed to reuse, and nobody can be linked again.
    """
    return _forget(store, pl.lit(True))


def _forget(store: Store, chosen: pl.Expr) -> int:
    with store.exclusive():
        held = read_code_key(store)
        gone = held.filter(pl.col("number").is_not_null() & chosen).height
        if gone:
            kept = held.with_columns(pl.when(~chosen).then(pl.col("number")).alias("number"))
            store.replace_for_good(kept, facts={"removed": gone})
    return gone
