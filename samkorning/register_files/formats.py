"""The registry of formats: one module and one line each.

What belongs here: which formats there are, and which of them a file has. What must not: reading.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePath
from types import ModuleType

from samkorning.register_files.content.content import Content, kind_of, read_head, refuse_empty, refuse_other_kind
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.opened import OpenedFile
from samkorning.register_files.packaging import unpack
from samkorning.register_files.statistics import sas, sas_transport, spss, spss_portable, stata
from samkorning.register_files.stored import arrow, parquet
from samkorning.register_files.text import delimited, fixed_width, json_lines
from samkorning.register_files.workbooks import excel, old_excel


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
    "sas": _format(sas),
    "sas_transport": _format(sas_transport),
    "spss": _format(spss),
    "spss_portable": _format(spss_portable),
    "stata": _format(stata),
    "old_excel": _format(old_excel),
}


def open_register_file(content: Content, name: str, contract: FileContract, password: str | None = None) -> OpenedFile:
    """The file unpacked and opened in this process, as the form that it has.

    :raises FileRefused: when it has none that it may have, or does not unpack.
    """
    inner = unpack(content, name, contract.member, password)
    form = _declared(contract) or _by_ending(inner.name) or _by_content(read_head(inner.content), name)
    opened = form.open_file(inner.content, name, contract)
    return replace(opened, packaging=inner.packaging) if inner.packaging else opened


def _declared(contract: FileContract) -> Format | None:
    return None if contract.format == "auto" else FORMATS[contract.format]


def _by_ending(name: str) -> Format | None:
    suffix = PurePath(name).suffix.lower()
    return next((known for known in FORMATS.values() if suffix in known.suffixes), None)


def _by_content(head: bytes, name: str) -> Format:
    if not head:
        raise refuse_empty(name)
    found = next((known for known in FORMATS.values() if known.recognises(head)), None)
    if not found:
        raise refuse_other_kind(name, kind_of(head), "a format that is taken in")
    return found
