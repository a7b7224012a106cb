"""The registry of formats: one module and one line each.

What belongs here: which formats there are, and which of them a file has. What must not: reading.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from types import ModuleType

from samkorning.register_files import arrow, delimited, excel, fixed_width, json_lines, parquet
from samkorning.register_files.content import Content, kind_of, read_head, refuse_empty, refuse_other_kind
from samkorning.register_files.contract import FileContract
from samkorning.register_files.opened import OpenedFile


@dataclass(frozen=True)
class Format:
    """A form that files come in: its name, the endings of its file names, how it is known and opened."""

    name: str
    suffixes: tuple[str, ...]
    recognises: Callable[[bytes], bool]
    open_file: Callable[[Content, str, FileContract], OpenedFile]


def _format(module: ModuleType) -> Format:
    return Format(module.NAME, module.SUFFIXES, module.recognises, module.open_file)


FORMATS: dict[str, Format] = {
    "delimited": _format(delimited),
    "fixed_width": _format(fixed_width),
    "excel": _format(excel),
    "parquet": _format(parquet),
    "arrow": _format(arrow),
    "json_lines": _format(json_lines),
}


def open_register_file(content: Content, name: str, contract: FileContract) -> OpenedFile:
    """The file opened in this process, as the form that it has; :class:`FileRefused` when it is none it may have."""
    return format_of(content, name, contract).open_file(content, name, contract)


def format_of(content: Content, name: str, contract: FileContract) -> Format:
    """The declared format, or the one of the file name's ending, or the one that knows the content."""
    if contract.format != "auto":
        return FORMATS[contract.format]
    suffix = PurePath(name).suffix.lower()
    by_name = next((known for known in FORMATS.values() if suffix in known.suffixes), None)
    return by_name or _by_content(read_head(content), name)


def _by_content(head: bytes, name: str) -> Format:
    if not head:
        raise refuse_empty(name)
    found = next((known for known in FORMATS.values() if known.recognises(head)), None)
    if not found:
        raise refuse_other_kind(name, kind_of(head), "a format that is taken in")
    return found
