"""A register file read whole or batch by batch, accounted for, and judged against its contract.

What belongs here: the account that must balance, the tolerance, the value rules along the way. What must not: how any
format is read.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
from polars.io.plugins import register_io_source

from samkorning.errors import CheckFailed, FileRefused, SamkorningError
from samkorning.machine.counted_rows import read_on
from samkorning.machine.progress import UNWATCHED, Progress
from samkorning.register_files.content.content import Content
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.declared.file_names import refuse_other_name
from samkorning.register_files.declared.value_rules import ValueRules
from samkorning.register_files.guarded import open_guarded
from samkorning.register_files.opened import Batch, OpenedFile
from samkorning.register_files.packaging import NO_SECRETS, FileSecrets, inside_seal
from samkorning.register_files.packaging.sealed import NAME as SEAL
from samkorning.register_files.table import RegisterTable, Tally

_ROWS_NAMED = 20
Judge = Callable[[RegisterTable], None]
"""Looks at the account of a file that was read to its end; raises :class:`FileRefused` if it is not to be taken."""
Look = Callable[[Batch], None]
"""Is shown every batch on its way."""
Opener = Callable[[Content, str, FileContract, str | None], OpenedFile]
"""Opens a file by its name, contract and password: ``open_guarded``, or ``open_register_file`` in this process."""


class RegisterStream:
    """A register file read in batches of bounded memory. Iterate once; afterwards :meth:`account` says what it was.

    Each batch is a frame of text columns; nothing of it may be trusted before the last batch has come without error.
    """

    def __init__(
        self, opened: OpenedFile, contract: FileContract, progress: Progress = UNWATCHED, size: int | None = None
    ) -> None:
        """:param size: bytes of the file, where it is plain text: with them the time that is left is known."""
        self._progress, self._size = progress, size
        self._opened, self._contract = opened, contract
        self._rules = ValueRules(contract, opened.columns)
        self.name, self.columns = opened.name, opened.columns
        self._ended = False
        self.failure: SamkorningError | None = None

    def __iter__(self) -> Iterator[pl.DataFrame]:
        return (batch.frame for batch in self.batches())

    def batches(self) -> Iterator[Batch]:
        """The same with the row numbers of each frame."""
        for batch in read_on(self._opened.batches, self._progress, self._size):
            self._rules.look_at(batch)
            yield batch
        assert_balanced(self._opened.tally, self.name)
        self._ended = True

    def lazy(self, judge: Judge | None = None, look: Look | None = None) -> pl.LazyFrame:
        """The rows as a LazyFrame that can be collected or written once, in bounded memory.

        Collecting raises :class:`FileRefused` at the end when ``judge`` does so, without one when the contract is not
        kept; so a store that is being written from it commits nothing. What was raised stays in ``failure``, because
        whoever writes may learn only that reading failed. ``look`` is shown every batch.
        """
        judged = judge or (lambda account: refuse_broken_contract(account, self._contract))

        def frames(
            columns: list[str] | None, predicate: pl.Expr | None, rows: int | None, _: int | None
        ) -> Iterator[pl.DataFrame]:
            try:
                for batch in self.batches():
                    if look:
                        look(batch)
                    wanted = batch.frame if columns is None else batch.frame.select(columns)
                    yield wanted if predicate is None else wanted.filter(predicate)
                judged(self.account())
            except SamkorningError as failure:
                self.failure = failure
                raise

        return register_io_source(frames, schema=dict.fromkeys(self.columns, pl.String), is_pure=False)

    def account(self, frame: pl.DataFrame | None = None) -> RegisterTable:
        """The account of the whole file, with ``frame`` as its rows (none where the batches went elsewhere)."""
        if not self._ended:
            raise CheckFailed(f"{self.name}: row accounting: asked for before the file was read to its end")
        opened, tally = self._opened, self._opened.tally
        return RegisterTable(
            name=self.name,
            frame=pl.DataFrame(schema=dict.fromkeys(self.columns, pl.String)) if frame is None else frame,
            rows=tally.rows,
            refused_rows=len(tally.refused),
            columns=self.columns,
            format=opened.format,
            encoding=opened.encoding,
            separator=opened.separator,
            problems=tuple(tally.problems),
            records=tally.records,
            header_records=tally.header_records,
            refused_row_numbers=tuple(tally.refused),
            remarks={remark: count for remark, count in tally.remarks.items() if count},
            findings=self._rules.findings(),
            sheet=opened.sheet,
            hidden_sheets=opened.hidden_sheets,
            packaging=opened.packaging,
        )


def stream_register_file(
    content: Content,
    name: str,
    contract: FileContract,
    secrets: FileSecrets = NO_SECRETS,
    opener: Opener = open_guarded,
    progress: Progress = UNWATCHED,
) -> RegisterStream:
    """Opens a file for reading in batches; :class:`FileRefused` when it is none that the contract allows.

    What is sealed is unsealed here; the process that unpacks and reads it is never given what unseals.
    """
    refuse_other_name(name, contract)
    inside = inside_seal(content, name, secrets)
    opened = opener(inside, name, contract, secrets.password)
    if inside is not content:
        opened = replace(opened, packaging=(SEAL, *opened.packaging))
    return RegisterStream(opened, contract, progress, _text_size(content, opened))


def _text_size(content: Content, opened: OpenedFile) -> int | None:
    """Bytes of the rows as they stand, where the file is plain text with separators."""
    plain = isinstance(content, Path) and opened.separator is not None and not opened.packaging
    return content.stat().st_size if plain and isinstance(content, Path) else None


def inspect_register_file(
    content: Content,
    name: str,
    contract: FileContract,
    secrets: FileSecrets = NO_SECRETS,
    opener: Opener = open_guarded,
) -> RegisterTable:
    """Reads a file whole and reports what it found, however many rows were refused.

    :class:`FileRefused` only where the file cannot be read at all. :func:`refuse_beyond_tolerance` judges the rest.
    """
    stream = stream_register_file(content, name, contract, secrets, opener)
    frames = list(stream)
    return stream.account(pl.concat(frames) if frames else None)


def read_register_file(
    content: Content,
    name: str,
    contract: FileContract,
    secrets: FileSecrets = NO_SECRETS,
    opener: Opener = open_guarded,
) -> RegisterTable:
    """Reads a file whole: all values text exactly as sent, an empty cell null.

    ``content`` is a path or the bytes themselves; ``name`` is what messages call the file. Damaged rows are refused
    one by one; :class:`FileRefused` names the file, the problem and the remedy when there are more of them than the
    contract tolerates, or when the file cannot be taken at all.
    """
    table = inspect_register_file(content, name, contract, secrets, opener)
    refuse_broken_contract(table, contract)
    return table


def refuse_broken_contract(table: RegisterTable, contract: FileContract) -> None:
    """Raises :class:`FileRefused` when too many rows were refused, or there are not as many as declared."""
    refuse_beyond_tolerance(table, contract)
    found = table.rows + table.refused_rows
    if contract.declared_rows is not None and found != contract.declared_rows:
        raise FileRefused(
            table.name,
            f"{contract.declared_rows} rows are declared and {found} are in the file",
            "send the whole file, or correct the declared number of rows",
        )


def refuse_beyond_tolerance(table: RegisterTable, contract: FileContract) -> None:
    """Raises :class:`FileRefused` when the share of refused rows is above what the contract tolerates."""
    data_records = table.rows + table.refused_rows
    if table.refused_rows <= contract.tolerance * data_records:
        return
    kinds = ", ".join(sorted({problem.problem.value for problem in table.problems}))
    raise FileRefused(
        table.name,
        f"{table.refused_rows} of {data_records} rows are damaged ({kinds}): {named_rows(table.refused_row_numbers)}",
        "correct the rows and send the whole file again",
    )


def named_rows(rows: tuple[int, ...]) -> str:
    """``rows 4, 18, 90`` with at most twenty numbers and a count of the rest."""
    named = ", ".join(map(str, rows[:_ROWS_NAMED]))
    more = len(rows) - _ROWS_NAMED
    return f"{'row' if len(rows) == 1 else 'rows'} {named}" + (f" and {more} more" if more > 0 else "")


def assert_balanced(tally: Tally, name: str) -> None:
    """Rows + refused rows + header rows = records of the independent count, or the reading is not to be trusted."""
    counted = tally.rows + len(tally.refused) + tally.header_records
    if counted != tally.records:
        raise CheckFailed(f"{name}: row accounting: {tally.records} records counted, {counted} accounted for")
