"""Reading a year of an own register from a file, batch by batch, exactly as the register catalogue types it.

What belongs here: the authority's own exports, their columns, and the account of their faults. What must not: what a
value may be (values), or other holders' files, which come in every shape (samkorning.register_files).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException

from samkorning.errors import FileRefused
from samkorning.identity.redaction import no_file, redact_file_name
from samkorning.machine.counted_rows import counted
from samkorning.machine.faults import fault_of, unplaced
from samkorning.machine.progress import UNWATCHED, Progress, Work
from samkorning.own_registers.catalogue import CatalogueRegister
from samkorning.own_registers.person_column import NUMBER
from samkorning.own_registers.text_identities import ISSUER, read_identities
from samkorning.own_registers.values import Fault, read_identifier, read_numbers, read_values
from samkorning.register_files import FileContract, refuse_broken_contract, stream_register_file

ROWS_AT_ONCE = 100_000
_AS_EXPORTED = FileContract(format="delimited", separator=";", encoding="utf-8")
_REMEDY = "export it by the register catalogue; nothing was loaded"


class ExactRows:
    """Batches of one register year, from wherever they come, as the catalogue types them."""

    def __init__(self, register: CatalogueRegister, year: int | None, name: str) -> None:
        """:param year: variables that the catalogue does not have in that year may be left out; they are missing then.
        :param name: of where they come from, for messages.
        """
        self._register, self._name = register, name
        self._needed = {NUMBER, *(each.name for each in register.variables if year is None or each.holds_in(year))}
        self._faults: Counter[tuple[str, Fault]] = Counter()

    def typed(self, batches: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """Column ``number`` (Int64) and every variable of the catalogue, in its order and type.

        None come any more from the first fault on, while the rest is counted.

        :raises FileRefused: when columns are missing or values do not have their type: which variables, how many values
            and what is wrong with them, never a value. Whoever writes commits nothing then.
        """
        for batch in batches:
            self.require_columns(batch.columns)
            typed = self._typed(batch)
            if not self._faults:
                yield typed
        if self._faults:
            raise FileRefused(self._name, self._faults_in_words(), _REMEDY)

    def require_columns(self, columns: Iterable[str]) -> None:
        """:raises FileRefused: when a column is missing that the year has."""
        missing = self._needed - set(columns)
        if missing:
            raise FileRefused(self._name, f"lacks the columns {', '.join(sorted(missing))}", _REMEDY)

    def _typed(self, batch: pl.DataFrame) -> pl.DataFrame:
        named = ISSUER in batch.columns
        read = {NUMBER: read_identities(batch[NUMBER], batch[ISSUER]) if named else read_numbers(batch[NUMBER])}
        for each in self._register.variables:
            reader = read_identifier if each.identifies else read_values
            read[each.name] = reader(self._column(batch, each.name), each)
        for name, column in read.items():
            for fault, count in column.faults.items():
                self._faults[name, fault] += count
        return pl.DataFrame({name: column.values for name, column in read.items()})

    @staticmethod
    def _column(batch: pl.DataFrame, name: str) -> pl.Series:
        return batch[name] if name in batch.columns else pl.Series(name, [None] * batch.height, dtype=pl.Null)

    def _faults_in_words(self) -> str:
        """``EDATUM: 3 values not of its type, 1 with a time of day; number: 2 missing``."""
        order = [NUMBER, *(each.name for each in self._register.variables)]
        by_name = {
            name: [f"{n} {fault}" for (column, fault), n in self._faults.items() if column == name] for name in order
        }
        found = (f"{name}: {', '.join(faults)}" for name, faults in by_name.items() if faults)
        return f"values do not fit: {'; '.join(found)}"


class OwnRegisterFile:
    """A file that holds one year of one register. Its rows are read once, in bounded memory."""

    def __init__(self, path: Path, register: CatalogueRegister, year: int | None = None) -> None:
        """CSV with semicolons in UTF-8, or Parquet.

        :raises NotFound: when there is no such file.
        """
        if not path.is_file():
            raise no_file(path)
        self._path, self._register = path, register
        self._name = redact_file_name(path.name)
        self._rows = ExactRows(register, year, self._name)

    def batches(self, progress: Progress = UNWATCHED) -> Iterator[pl.DataFrame]:
        """Its rows as ``ExactRows`` types them; at least one batch.

        :raises FileRefused: as there, and when the file is damaged.
        """
        reader = self._parquet if self._path.suffix.lower() == ".parquet" else self._csv
        return self._rows.typed(reader(progress))

    def _csv(self, progress: Progress) -> Iterator[pl.DataFrame]:
        stream = stream_register_file(self._path, self._name, _AS_EXPORTED, progress=progress)
        seen = False
        for batch in stream.batches():
            seen = True
            yield batch.frame
        refuse_broken_contract(stream.account(), _AS_EXPORTED)
        if not seen:
            yield pl.DataFrame(schema=dict.fromkeys(stream.columns, pl.String))

    def _parquet(self, progress: Progress) -> Iterator[pl.DataFrame]:
        """The rows as the file types them; an error of the library could quote them."""
        wanted = [NUMBER, ISSUER, *(each.name for each in self._register.variables)]
        try:
            table = pl.scan_parquet(self._path, glob=False)
            present = [name for name in wanted if name in table.collect_schema().names()]
            yield table.select(present).clear().collect()  # a file without rows has columns too
            with progress.of(Work.READING, table.select(pl.len()).collect().item()) as advance:
                rows = table.select(present).collect_batches(chunk_size=ROWS_AT_ONCE, lazy=True)
                yield from counted(rows, advance)
        except (pl.exceptions.PolarsError, PanicException, OSError) as error:
            found = fault_of(error)
        else:
            return
        if found is not None:
            raise unplaced(found)
        raise FileRefused(self._name, "is not readable", "export it as Parquet, or as CSV with semicolons in UTF-8")
