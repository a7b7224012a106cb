"""Reading a year of an own register from a file, typed as the register catalogue says.

What belongs here: the authority's own, well-formed exports. What must not: other holders' files, which come in every
shape (samkorning.register_files).
"""

from pathlib import Path

import polars as pl

from samkorning.errors import FileRefused, NotFound
from samkorning.extraction import NUMBER
from samkorning.register_catalogue import CatalogueRegister

TYPES: dict[str, type[pl.DataType]] = {"text": pl.String, "integer": pl.Int64, "decimal": pl.Float64, "date": pl.Date}
FIRST_NUMBER, LAST_NUMBER = 10**11, 10**12 - 1


def read_own_register_file(path: Path, register: CatalogueRegister) -> pl.LazyFrame:
    """One register year: column ``number`` (Int64) and every variable of the catalogue.

    :param path: CSV with semicolons in UTF-8, or Parquet.
    :raises NotFound: when there is no such file.
    :raises FileRefused: when columns are missing or values do not have their type; no value is told.
    """
    if not path.is_file():
        raise NotFound(f"no file {path.name} there")
    schema: dict[str, type[pl.DataType]] = {
        NUMBER: pl.Int64,
        **{variable.name: TYPES[variable.type] for variable in register.variables},
    }
    frame = _read(path, schema)
    if frame is None:
        raise FileRefused(
            path.name, "a column is missing or a value does not have its type", "export it by the catalogue"
        )
    outside = frame.filter(~pl.col(NUMBER).is_between(FIRST_NUMBER, LAST_NUMBER) | pl.col(NUMBER).is_null()).height
    if outside:
        raise FileRefused(
            path.name, f"{outside} rows have no number of twelve digits", "export national numbers as integers"
        )
    return frame.lazy()


def _read(path: Path, schema: dict[str, type[pl.DataType]]) -> pl.DataFrame | None:
    """The typed table, or nothing where it cannot be had: the library's own error would quote values."""
    try:
        if path.suffix == ".parquet":
            return pl.read_parquet(path).select(pl.col(name).cast(dtype) for name, dtype in schema.items())
        table = pl.read_csv(path, separator=";", infer_schema=False)
        return table.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    except (pl.exceptions.PolarsError, OSError):
        return None
