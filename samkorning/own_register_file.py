"""Reading a year of an own register from a file, typed as the register catalogue says.

What belongs here: the authority's own, well-formed exports. What must not: other holders' files, which come in every
shape (samkorning.register_files).
"""

from pathlib import Path

import polars as pl

from samkorning.errors import FileRefused
from samkorning.extraction import NUMBER
from samkorning.leak_scan import no_file
from samkorning.machine_faults import fault_of, unplaced
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
        raise no_file(path)
    schema: dict[str, type[pl.DataType]] = {NUMBER: pl.Int64}
    schema |= {variable.name: TYPES[variable.type] for variable in register.variables}
    table = _read(path)
    missing = sorted(set(schema) - set(table.columns))
    if missing:
        raise FileRefused(path.name, f"lacks the columns {', '.join(missing)}", "export it by the register catalogue")
    frame = table.select(_typed(name, table.schema[name], dtype) for name, dtype in schema.items())
    for name, dtype in schema.items():
        lost = frame[name].null_count() - table[name].null_count()
        if lost:
            problem = f"{lost} values of {name} are no {dtype.__name__}"
            raise FileRefused(path.name, problem, "export it by the register catalogue")
    outside = frame.filter(~pl.col(NUMBER).is_between(FIRST_NUMBER, LAST_NUMBER) | pl.col(NUMBER).is_null()).height
    if outside:
        problem = f"{outside} rows have no number of twelve digits"
        raise FileRefused(path.name, problem, "export national numbers as integers")
    return frame.lazy()


def _read(path: Path) -> pl.DataFrame:
    """The table as it stands, text where the file is text."""
    table: pl.DataFrame | None
    try:
        parquet = path.suffix == ".parquet"
        table = pl.read_parquet(path) if parquet else pl.read_csv(path, separator=";", infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        table, found = None, fault_of(error)  # the library's own error could quote values
        if found is not None:
            raise unplaced(found) from None
    if table is None:
        raise FileRefused(path.name, "is not readable", "export it as Parquet, or as CSV with semicolons in UTF-8")
    return table


def _typed(name: str, given: pl.DataType, wanted: type[pl.DataType]) -> pl.Expr:
    """A column as its type; what does not fit becomes null, and is counted. Decimals in text may have a comma."""
    column = pl.col(name)
    if given == pl.String and wanted is pl.Date:
        return column.str.to_date("%Y-%m-%d", strict=False)
    if given == pl.String and wanted is pl.Float64:
        column = column.str.replace(",", ".", literal=True)
    return column.cast(wanted, strict=False)
