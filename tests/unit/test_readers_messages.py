"""What of a reader's messages is believed, one by one: a lie that another check would end later is refused at once."""

import json
import socket
import struct
from typing import Any

import pytest

from samkorning.register_files import FileContract
from samkorning.register_files.guarded.believed import OpenedHead, head_as
from samkorning.register_files.guarded.messages import MOST_BODY, MOST_HEAD, Channel, Garbled
from samkorning.register_files.guarded.order import Order
from samkorning.register_files.guarded.reader_process import _checked, _row_numbers
from samkorning.register_files.guarded.rows import put_together

OPENED: dict[str, Any] = {
    "format": "delimited", "columns": ["a", "b"], "encoding": "utf-8", "separator": ";", "sheet": None,
    "hidden_sheets": [], "packaging": [],
}  # fmt: skip


def test_a_message_has_its_fields_and_no_other() -> None:
    assert head_as(OpenedHead, json.dumps(OPENED).encode()).columns == ["a", "b"]
    for otherwise in ({**OPENED, "secret": "x"}, {**OPENED, "columns": [1, 2]}, {"format": "delimited"}, []):
        with pytest.raises(Garbled):
            head_as(OpenedHead, json.dumps(otherwise).encode())


def test_a_column_has_a_name_that_a_header_may_have() -> None:
    order = Order("sent.csv", FileContract())
    assert _checked(("a", "b"), order) == ("a", "b")
    for names in (("a", "222001012387"), ("a", "A"), ("a", "")):
        with pytest.raises(Garbled):
            _checked(names, order)


@pytest.mark.parametrize("numbers", [(2, 1), (1, 1), (0, 1), (8, 11), (-1,)])
def test_refused_rows_rise_and_are_there(numbers: tuple[int, ...]) -> None:
    assert _row_numbers(memoryview(struct.pack("<3q", 1, 4, 10)), 1, 10).tolist() == [1, 4, 10]
    with pytest.raises(Garbled):
        _row_numbers(memoryview(struct.pack(f"<{len(numbers)}q", *numbers)), 1, 10)
    with pytest.raises(Garbled):
        _row_numbers(memoryview(bytes(7)), 1, 10)


@pytest.mark.parametrize(("kind", "head", "body"), [(7, MOST_HEAD + 1, 0), (8, 2, MOST_BODY + 1), (99, 0, 0)])
def test_a_message_is_bounded_before_anything_of_it_is_received(kind: int, head: int, body: int) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(struct.pack("<BIQ", kind, head, body))
        with pytest.raises(Garbled):
            Channel(ours).receive(5)


def test_which_cells_are_filled_is_told_for_every_row() -> None:
    """Twenty cells need three bytes of marks; of fewer the library would read what lies behind them in memory."""
    cells = bytes(20 * 16 + 64)
    for marks, whole in ((3, True), (1, False)):
        body = memoryview(b"\xff" * marks + bytes(64 - marks) + cells[:320])
        if whole:
            assert len(put_together(("a",), 20, True, [[[20, marks, 320]]], body)) == 20
        else:
            with pytest.raises(Garbled):
                put_together(("a",), 20, True, [[[20, marks, 320]]], body)


@pytest.mark.parametrize("marks", [b"", b"\x00"])
def test_no_cell_leads_outside_of_what_was_sent_also_where_it_is_said_to_be_empty(marks: bytes) -> None:
    inside, outside = (struct.pack("<i4sii", 20, b"aaaa", buffer, 0) for buffer in (0, 9))
    for view, whole in ((inside, True), (outside, False)):
        parts = [part + bytes(-len(part) % 64) for part in (marks, view, b"a" * 20) if part]
        layout = [[[1, len(marks), 16, 20]]]
        if whole:
            assert len(put_together(("a",), 1, True, layout, memoryview(b"".join(parts)))) == 1
        else:
            with pytest.raises(Garbled):
                put_together(("a",), 1, True, layout, memoryview(b"".join(parts)))
