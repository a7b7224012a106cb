"""A digest of rows that does not depend on their order: whether linked rows are what was delivered before.

What belongs here: adding rows up to a digest. What must not: hashes of files, which depend on every byte.

The row hash is the engine's own and may change with its version, so the version stands in the digest: after an upgrade
rows count as changed once, and a person decides.
"""

import hashlib

import polars as pl

SEEDS = (2, 3)
LOW = 0xFFFFFFFF


def row_hashes(rows: pl.DataFrame) -> pl.DataFrame:
    """A column of hashes (UInt64) for every seed: equal for equal rows, and for others as good as never."""
    return pl.DataFrame({f"seed {seed}": rows.hash_rows(seed=seed) for seed in SEEDS})


class RowsDigest:
    """The digest of all rows that were added, batch by batch; equal for equal rows in any order and any batches."""

    def __init__(self) -> None:
        self.rows, self._sums, self._schema = 0, [0] * (2 * len(SEEDS)), ""

    def add(self, rows: pl.DataFrame) -> None:
        """Add rows, normalised, always with the same columns."""
        self.add_hashed(rows.schema, row_hashes(rows))

    def add_hashed(self, schema: pl.Schema, hashes: pl.DataFrame) -> None:
        """Add rows of these columns by their ``row_hashes``."""
        self._schema = repr(dict(schema))
        self.rows += hashes.height
        for place, column in enumerate(hashes.iter_columns()):
            self._sums[2 * place] += int((column & LOW).sum())
            self._sums[2 * place + 1] += int((column // (LOW + 1)).sum())

    @property
    def text(self) -> str:
        """The digest with the version of what made it."""
        summed = "|".join([self._schema, str(self.rows), *map(str, self._sums)])
        return f"polars-{pl.__version__}:{hashlib.sha256(summed.encode()).hexdigest()}"
