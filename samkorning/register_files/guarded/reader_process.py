"""A register file opened in a process of its own that can do nothing but read it.

What belongs here: what a reader says of a file, made into what every format gives. What must not: how a reader is
started (wardens), guarded (samkorning.guards), exchanged messages with (exchange) or believed (believed, rows).
"""

from array import array
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import pairwise

from samkorning.errors import FileRefused
from samkorning.guards import Guard
from samkorning.register_files.columns.header import name_columns
from samkorning.register_files.content.content import Content
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.guarded import believed
from samkorning.register_files.guarded.exchange import Exchange
from samkorning.register_files.guarded.limits import Limits
from samkorning.register_files.guarded.messages import Garbled, Kind, Message
from samkorning.register_files.guarded.order import Order
from samkorning.register_files.guarded.rows import put_together
from samkorning.register_files.guarded.wardens import WARDEN, ReadersWarden
from samkorning.register_files.opened import Batch, OpenedFile
from samkorning.register_files.table import RowProblem, Tally

_NUMBER = 8  # bytes of a row number


def open_guarded(
    content: Content,
    name: str,
    contract: FileContract,
    password: str | None = None,
    limits: Limits | None = None,
    warden: ReadersWarden = WARDEN,
) -> OpenedFile:
    """The file as ``formats.open_register_file`` opens it, read by a process without keys, network or writes.

    :raises FileRefused: when it is none it may have, when reading costs more than ``limits``, or breaks off.
    :raises GuardedFailure: when no process can be started.
    """
    reading = Exchange(warden, content, Order(name, contract, password, limits or Limits()))
    reading.guards()
    head, columns = _opened(reading)
    tally = Tally()
    return OpenedFile(
        name=name,
        format=head.format,
        columns=columns,
        encoding=head.encoding,
        separator=head.separator,
        tally=tally,
        batches=_Batches(reading, columns, tally),
        sheet=head.sheet,
        hidden_sheets=tuple(head.hidden_sheets),
        packaging=tuple(head.packaging),
    )


def guards_here(warden: ReadersWarden = WARDEN) -> dict[Guard, bool]:
    """Which guards stand around a process that reads a file on this machine."""
    reading = Exchange(warden, b"", Order("", FileContract()))
    standing = reading.guards()
    reading.close()
    return {guard: standing.get(guard.value, False) for guard in Guard}


def make_ready(warden: ReadersWarden = WARDEN) -> None:
    """Lets the first file wait less for libraries to load; there is no need to call it."""
    warden.make_ready()


@cache
def absent_guards() -> tuple[Guard, ...]:
    """The guards that this machine lacks, looked for once."""
    return tuple(guard for guard, stands in guards_here().items() if not stands)


def _opened(reading: Exchange) -> tuple[believed.OpenedHead, tuple[str, ...]]:
    message = reading.next_message()
    try:
        _refuse_other_than(Kind.OPENED, message, reading)
        head = believed.head_as(believed.OpenedHead, message.head)
        return head, _checked(tuple(head.columns), reading.order)
    except Garbled:
        raise reading.garbled() from None


def _refuse_other_than(kind: Kind, message: Message, reading: Exchange) -> None:
    """Raises what the reader refused the file for, if it did."""
    if message.kind == Kind.REFUSED:
        refused = believed.refusal(
            believed.head_as(believed.RefusedHead, message.head), reading.order.name, reading.order.contract
        )
        reading.close()
        raise refused
    if message.kind == Kind.MISCOUNTED:
        failed = believed.miscount(believed.head_as(believed.MiscountedHead, message.head), reading.order.name)
        reading.close()
        raise failed
    if message.kind != kind:
        raise Garbled


def _checked(columns: tuple[str, ...], order: Order) -> tuple[str, ...]:
    """The names, if they are such as a header may have under the contract."""
    if columns == tuple(column.name for column in order.contract.columns):
        return columns
    named = None
    with suppress(FileRefused):
        named = name_columns(columns, order.name, order.contract)
    if named != columns:
        raise Garbled
    return columns


class _Batches(Iterator[Batch]):
    """The rows as they come; the tally is complete when they have ended. Whoever lets go of it ends the reader."""

    def __init__(self, reading: Exchange, columns: tuple[str, ...], tally: Tally) -> None:
        self._reading, self._columns, self._tally = reading, columns, tally
        self._rows = self._bytes = 0

    def __next__(self) -> Batch:
        message = self._reading.next_message()
        try:
            if message.kind == Kind.BATCH:
                return self._batch(message)
            _refuse_other_than(Kind.ENDED, message, self._reading)
            self._end(message)
        except Garbled:
            raise self._reading.garbled() from None
        self._reading.close()
        raise StopIteration

    def __del__(self) -> None:
        self._reading.close()

    def _batch(self, message: Message) -> Batch:
        head = believed.head_as(believed.BatchHead, message.head)
        cut = head.refused * _NUMBER
        refused = _row_numbers(message.body[:cut], head.first_row, head.first_row + head.rows + head.refused - 1)
        rows = put_together(self._columns, head.rows, head.views, head.layout, message.body[cut:])
        self._rows += head.rows
        self._bytes += len(message.body)
        self._reading.refuse_beyond(self._bytes)
        return Batch(rows, head.first_row, refused.tolist())

    def _end(self, message: Message) -> None:
        head, tally = believed.head_as(believed.EndedHead, message.head), self._tally
        refused = _row_numbers(message.body, 1, head.records - head.header_records)
        if head.rows != self._rows or len(head.faults) > len(refused):
            raise Garbled
        tally.records, tally.header_records, tally.rows = head.records, head.header_records, head.rows
        tally.refused.extend(refused)
        tally.problems += map(RowProblem, refused, head.row_faults())
        tally.remarks.update(head.remarks_by_name())


def _row_numbers(body: memoryview, first: int, last: int) -> "array[int]":
    """Rising row numbers; :class:`Garbled` where they are none or lie outside."""
    numbers = array("q")
    if len(body) % _NUMBER:
        raise Garbled
    numbers.frombytes(body)
    rising = all(one < next_one for one, next_one in pairwise(numbers))
    if not rising or (numbers and not first <= numbers[0] <= numbers[-1] <= last):
        raise Garbled
    return numbers
