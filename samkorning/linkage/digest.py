"""A digest of rows that does not depend on their order: whether linked rows are what was delivered before.

What belongs here: adding rows up to a digest. What must not: hashes of files, which depend on every byte.

The row hash is the engine's own and may change with its version, so the version stands in the digest: after an upgrade
rows count as changed once, and a person decides.
"""

import hashlib

import polars as pl

SEEDS = (2, 3)
LOW = 0xFFFFFFFF


class RowsDigest:
    """The digest of all rows that were added, batch by batch; equal for equal rows in any order and any batches."""

    def __init__(self) -> None:
        self._rows, self._sums, self._schema = 0, [0] * (2 * len(SEEDS)), ""

    def add(self, rows: pl.DataFrame) -> None:
        """Add rows, normalised, always with the same columns."""
        self._schema = repr(dict(rows.schema))
        self._rows += rows.height
        for place, seed in enumerate(SEEDS):
            hashes = rows.hash_rows(seed=seed)
            self._sums[2 * place] += int((hashes & LOW).sum())
            self._sums[2 * place + 1] += int((hashes // (LOW + 1)).sum())

    @property
    def rows(self) -> int:
        """How many rows were added."""
        return self._rows

    @property
    def text(self) -> str:
        """The digest with the version of what made it."""
        told = "|".join([self._schema, str(self._rows), *map(str, self._sums)])
        return f"polars-{pl.__version__}:{hashlib.sha256(told.encode()).hexdigest()}"
