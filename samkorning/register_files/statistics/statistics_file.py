"""Statistics files (SAS, SPSS, Stata) as register files: two readers, one exact text.

What belongs here: opening, the blocks of rows, refusals, the account. What must not: what only one of the forms has
(their modules), calling the readers (statistics_readers), comparing them (two_readers). Every value is read twice;
where the readers differ in a way that is not known to be harmless, the file is refused.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from samkorning.errors import FileRefused
from samkorning.register_files.columns.header import name_columns
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.opened import Batch, OpenedFile
from samkorning.register_files.statistics.statistics_readers import (
    Description,
    Header,
    StatisticsForm,
    Variable,
    describe,
    stored_rows,
    typed_table,
)
from samkorning.register_files.statistics.stored_columns import ColumnReader, StoredColumn
from samkorning.register_files.statistics.stored_text import Texts, decoded, encoding_of, read_by_the_other
from samkorning.register_files.statistics.two_readers import unlike_stored
from samkorning.register_files.statistics.variable_formats import Meanings
from samkorning.register_files.stored.stored_tables import refuse_damaged
from samkorning.register_files.table import MOST_REFUSED, Remark, RowFault, Tally

MOST_UNPACKED = 4 * 1024 * 1024 * 1024  # bytes of all rows, as the header states their number and width
_SEND_TEXT = "send it as delimited text"
Recheck = Callable[[int, int, int], pl.Series | None]
"""A column's place, a first row and how many, from 0: the bytes that the file has there, where they can be known."""


def open_statistics(
    data: bytes,
    name: str,
    form: StatisticsForm,
    meanings: Meanings,
    contract: FileContract,
    stated: Callable[[Header], str | None] = lambda _: None,
    recheck: Recheck = lambda *_: None,
    rows: int | None = None,
) -> OpenedFile:
    """The file opened under the contract.

    ``stated`` gives the encoding that a header states, if it does; ``rows`` are as the form itself states them, beside
    those that pyreadstat finds in the header.

    :raises FileRefused: when it is damaged, too large, or the readers differ.
    """
    description = describe(data, form)
    if description is None or not description.variables:
        raise refuse_damaged(name, form.wanted)
    if rows is not None:
        description = replace(description, rows=rows)
    _refuse_size(description, name)
    read = typed_table(data, form)
    if read is None:
        raise refuse_damaged(name, form.wanted)
    typed, header = read
    return _TwiceRead(data, name, form, description, typed, recheck).opened(meanings, contract, stated(header))


def _refuse_size(description: Description, name: str) -> None:
    width = sum(max(variable.width, 8) for variable in description.variables)
    if (description.rows or 0) * width > MOST_UNPACKED:
        raise FileRefused(name, f"its rows are larger than {MOST_UNPACKED // 2**30} GiB", _SEND_TEXT)


class _TwiceRead:
    """One file in both readers: the typed table of the one, and blocks of stored rows from the other."""

    def __init__(
        self,
        data: bytes,
        name: str,
        form: StatisticsForm,
        description: Description,
        typed: pl.DataFrame,
        recheck: Recheck,
    ) -> None:
        self._data, self._name, self._form = data, name, form
        self._variables, self._rows = description.variables, description.rows
        self._typed, self._recheck = typed, recheck
        self._tally = Tally()

    def opened(self, meanings: Meanings, contract: FileContract, stated: str | None) -> OpenedFile:
        encoding = encoding_of(stated, self._texts(), contract, self._name)
        self._tally.remarks[Remark.ENCODING_GUESSED] += encoding.guessed
        columns = name_columns(self._names(encoding.name, stated is not None), self._name, contract)
        readers = self._column_readers(meanings, encoding.name, stated is not None)
        return OpenedFile(
            name=self._name,
            format=self._form.name,
            columns=columns,
            encoding=encoding.name,
            separator=None,
            tally=self._tally,
            batches=self._batches(columns, readers),
        )

    def _names(self, encoding: str, is_stated: bool) -> list[str | None]:
        names = [variable.name for variable in self._variables]
        read = decoded(names, encoding).to_list()
        other = read_by_the_other(names, encoding if is_stated else None, self._form.lone_encoding)
        if self._typed.columns != other.to_list():
            raise FileRefused(self._name, "its two readers differ on its columns", _SEND_TEXT)
        return read

    def _column_readers(self, meanings: Meanings, encoding: str, is_stated: bool) -> list[ColumnReader]:
        found = [meanings(variable.format) for variable in self._variables]
        without_meaning = [place for place, meaning in enumerate(found, 1) if meaning is None]
        if without_meaning:
            places = ", ".join(map(str, without_meaning[:20]))
            raise FileRefused(
                self._name, f"columns {places} count leap seconds (%tC)", "convert them to %tc and send the file again"
            )
        return [
            ColumnReader(variable, meaning, self._form, encoding, is_stated)
            for variable, meaning in zip(self._variables, found, strict=True)
            if meaning is not None
        ]

    def _blocks(self, variables: Sequence[Variable]) -> Iterator[list[list[Any]]]:
        """The stored rows of some variables; none where there are none."""
        names = [variable.name for variable in variables]
        for block in stored_rows(self._data, self._form, names) if names else ():
            if block is None:
                raise refuse_damaged(self._name, self._form.wanted)
            yield block

    def _texts(self) -> Iterator[Texts]:
        """All names and text of the file; looked through only where nobody states the encoding."""
        yield [variable.name for variable in self._variables]
        for block in self._blocks([known for known in self._variables if known.is_text and not known.is_long_text]):
            yield from block

    def _batches(self, columns: Sequence[str], readers: Sequence[ColumnReader]) -> Iterator[Batch]:
        first = 0
        for block in self._blocks(self._variables):
            height = len(block[0])
            typed = self._typed.slice(first, height)
            if typed.height < height:
                raise self._refuse_rows()
            read = [reader.read(values, column) for reader, values, column in zip(readers, block, typed, strict=True)]
            faults = _first_faults(read)
            self._refuse_unlike(read, block, first, faults)
            yield self._batch(
                pl.DataFrame({c: each.text for c, each in zip(columns, read, strict=True)}), first, faults
            )
            for each in read:
                self._tally.remarks.update(each.remarks)
            first += height
        self._tally.records = self._typed.height
        if self._rows not in (None, first) or first != self._typed.height:
            raise self._refuse_rows()

    def _batch(self, frame: pl.DataFrame, first: int, faults: dict[int, RowFault]) -> Batch:
        """The rows without those at fault; ``faults`` are by place in the block, from 0."""
        refused = sorted(faults)
        kept = frame.filter(~pl.int_range(frame.height, eager=True).is_in(refused)) if refused else frame
        self._tally.refuse((first + place + 1, faults[place]) for place in refused)
        if len(self._tally.refused) > MOST_REFUSED:
            raise FileRefused(
                self._name,
                f"more than {MOST_REFUSED} rows are damaged",
                "send the file again as its holder stored it",
            )
        self._tally.rows += kept.height
        return Batch(kept, first + 1, [first + place + 1 for place in refused])

    def _refuse_unlike(
        self, read: Sequence[StoredColumn], block: Sequence[Sequence[Any]], first: int, faults: dict[int, RowFault]
    ) -> None:
        """Rows at fault are left out: what they hold is taken from neither reader."""
        sound = ~pl.int_range(len(block[0]), eager=True).is_in(sorted(faults))
        odd = [
            place + 1
            for place, each in enumerate(read)
            if (each.unlike & sound).any() and not self._is_in_the_file(place, block[place], first, sound)
        ]
        if odd:
            places = ", ".join(map(str, odd[:20]))
            raise FileRefused(self._name, f"its two readers differ on values of columns {places}", _SEND_TEXT)

    def _is_in_the_file(self, place: int, values: Sequence[Any], first: int, sound: pl.Series) -> bool:
        """Whether the bytes of the file have what pyreadstat read, where that can be known."""
        there = self._recheck(place, first, len(values))
        return there is not None and not (unlike_stored(there, values, self._form) & sound).any()

    def _refuse_rows(self) -> FileRefused:
        return FileRefused(self._name, "its two readers differ on its rows", _SEND_TEXT)


def _first_faults(read: Sequence[StoredColumn]) -> dict[int, RowFault]:
    """The rows at fault by place in the block, each under the first fault that it has."""
    found: dict[int, RowFault] = {}
    for each in read:
        for fault, marks in each.faults.items():
            for place in marks.arg_true():
                found.setdefault(place, fault)
    return found
