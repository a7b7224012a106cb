"""Identities of the case that are text: whole cells, and words of a text.

What belongs here: finding them as they are stored, with or without dashes and blanks. What must not: numbers.
"""

import polars as pl

from samkorning.delivery.number_scan.own_numbers import SHORTEST_TEXT

_WORD = f"[0-9A-Za-z][0-9A-Za-z-]{{{SHORTEST_TEXT - 1},}}"


def rows_with_texts(cells: pl.DataFrame, texts: pl.Series) -> pl.Series:
    """The rows of ``cells`` (``row``, ``text``) that hold one of ``texts``, each once for every cell or word."""
    if texts.is_empty():
        return pl.Series("row", dtype=pl.Int64)
    long = cells.filter(pl.col("text").str.len_bytes() >= SHORTEST_TEXT)
    words = long.select("row", pl.col("text").str.extract_all(_WORD)).explode("text").drop_nulls()
    bare = pl.concat([long, words]).select("row", pl.col("text").str.to_uppercase().str.replace_all("[- ]", ""))
    return bare.join(texts.to_frame(), on="text", how="semi")["row"]
