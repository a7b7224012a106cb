"""Statistics files in memory as polars-readstat reads them, which is no library that writes them here.

What belongs here: calling it. What must not: what is compared.
"""

import polars as pl


def read_statistics(content: bytes, ending: str) -> pl.DataFrame:
    """A whole .sav or .dta file; text that is missing and text that is empty are both empty."""
    from polars_readstat import ScanReadstat

    rows: pl.DataFrame = ScanReadstat(f"file{ending}", data=content, preserve_order=True).df.collect()
    return rows.with_columns(pl.selectors.string().fill_null(""))


def in_numbers_and_text(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows as these readers see them: whole numbers and yes as numbers, missing text empty, no blanks at its end."""
    return rows.with_columns(
        pl.selectors.string().fill_null("").str.strip_chars_end(" "),
        (pl.selectors.numeric() | pl.selectors.boolean()).cast(pl.Float64),
    )
