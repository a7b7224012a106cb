"""The warden's program: loads what readers need, and starts one for each file.

What belongs here: which libraries and encodings are loaded beforehand, because a reader may open none. What must not:
reading (reader). It is started by ``wardens.PROGRAM``, which separates the process's network before any thread begins;
the service itself never imports this, and loads no reader.
"""

import codecs
import importlib
import os
import socket

import pyarrow as pa

from samkorning.guards.warden import Task, Warden
from samkorning.register_files.guarded.messages import Channel
from samkorning.register_files.guarded.reader import Work, read, sit_down

_ENCODINGS = (
    "ascii", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "cp850", "cp437",
    "mac_roman", "charmap", "idna", "unicode_escape",
)  # fmt: skip
_LIBRARIES = (
    "pyarrow.compute", "pyarrow.parquet", "pyreadstat._readstat_parser", "polars_readstat",
    "samkorning.register_files.formats",
)  # fmt: skip


def serve(own_network: bool, work: Work = read) -> None:
    """Serves the process that started this one, on standard input, until it ends."""
    for encoding in _ENCODINGS:
        codecs.lookup(encoding)
    for library in _LIBRARIES:
        importlib.import_module(library)
    pa.enable_signal_handlers(False)  # they need a pipe, and a reader may make none
    Warden(socket.socket(fileno=0), _at_a_desk(work, own_network)).serve()
    os._exit(0)


def _at_a_desk(work: Work, own_network: bool) -> Task:
    def task(end: socket.socket, file: int | None, warden: int) -> None:
        work(sit_down(Channel(end), file, warden, own_network))

    return task
