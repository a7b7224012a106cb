"""A reader: the process that looks at one file. It holds no encryption key and can do nothing but send what it read.

What belongs here: what a reader says, in order. What must not: how formats are read, or what the service believes of
it (believed). It puts up its guards before the first byte of the file is looked at, and ends when the file does.
"""

import json
from array import array
from collections.abc import Callable
from dataclasses import dataclass

from samkorning import guards
from samkorning.errors import CheckFailed, FileRefused
from samkorning.register_files.content.content import Reopenable
from samkorning.register_files.formats import open_register_file
from samkorning.register_files.guarded.content_at_hand import AskedContent, DescriptorContent
from samkorning.register_files.guarded.messages import Channel, Kind
from samkorning.register_files.guarded.order import Order
from samkorning.register_files.guarded.rows import small_batches, take_apart
from samkorning.register_files.opened import Batch, OpenedFile
from samkorning.register_files.table import Tally


@dataclass(frozen=True)
class Desk:
    """All that a reader has: the socket to the service, its order, and the file."""

    channel: Channel
    order: Order
    content: Reopenable


Work = Callable[[Desk], None]


def sit_down(channel: Channel, descriptor: int | None, parent: int, own_network: bool) -> Desk:
    """Takes the order, puts up the guards and reports which of them stand."""
    order = Order.from_json(channel.receive().head)
    standing = guards.put_up(order.limits.process, parent, own_network)
    _send(channel, Kind.GUARDS, {"guards": {guard.value: stands for guard, stands in standing.items()}})
    return Desk(channel, order, AskedContent(channel) if descriptor is None else DescriptorContent(descriptor))


def read(desk: Desk) -> None:
    """Reads the file and sends it to the service: what it is, its rows, its account; or why it cannot be taken."""
    try:
        order = desk.order
        opened = open_register_file(desk.content, order.name, order.contract, order.password)
        _send_file(desk.channel, opened)
    except FileRefused as refused:
        _send(desk.channel, Kind.REFUSED, {"problem": refused.problem, "remedy": refused.remedy})
    except CheckFailed as failed:
        _send(desk.channel, Kind.MISCOUNTED, {"rule": str(failed).removeprefix(f"{desk.order.name}: ")})


def _send_file(channel: Channel, opened: OpenedFile) -> None:
    _send(
        channel,
        Kind.OPENED,
        {
            "format": opened.format,
            "columns": opened.columns,
            "encoding": opened.encoding,
            "separator": opened.separator,
            "sheet": opened.sheet,
            "hidden_sheets": opened.hidden_sheets,
            "packaging": opened.packaging,
        },
    )
    for whole in opened.batches:
        for batch in small_batches(whole):
            _send_rows(channel, batch)
    _send_account(channel, opened.tally)


def _send_rows(channel: Channel, batch: Batch) -> None:
    are_views, layout, parts = take_apart(batch.rows)
    refused = array("q", batch.refused)
    head = {
        "first_row": batch.first_row,
        "rows": len(batch.rows),
        "refused": len(refused),
        "views": are_views,
        "layout": layout,
    }
    channel.send(Kind.BATCH, json.dumps(head).encode(), [memoryview(refused).cast("B"), *parts])


def _send_account(channel: Channel, tally: Tally) -> None:
    head = {
        "records": tally.records,
        "header_records": tally.header_records,
        "rows": tally.rows,
        "remarks": {remark.value: count for remark, count in tally.remarks.items()},
        "faults": [problem.problem.value for problem in tally.problems],
    }
    channel.send(Kind.ENDED, json.dumps(head).encode(), [memoryview(tally.refused).cast("B")])


def _send(channel: Channel, kind: Kind, head: object) -> None:
    channel.send(kind, json.dumps(head).encode())
