"""The sheets about other register holders' files and their identifier columns, and that of the attachments.

What belongs here: their rows ↔ blocks of an order. What must not: the columns of the files (variables).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from samkorning.order.document import Path
from samkorning.order.workbooks.cells import text_of
from samkorning.order.workbooks.columns import Language
from samkorning.order.workbooks.gathered import FilledSheet, Gathered, list_rows
from samkorning.order.workbooks.nested import get_in
from samkorning.order.workbooks.sheets import ATTACHMENTS, HOLDERS, IDENTIFIERS, Sheet

SOURCES: Path = ("specification", "sources")
_OF_FILE = ("format", "separator", "encoding")
Row = Mapping[str, Any]


def read_holders(gathered: Gathered, sheets: Iterable[FilledSheet]) -> None:
    """Takes the sources that are listed, each with a file that has no columns yet."""
    rows = [row for filled in sheets for row in list_rows(gathered, filled) if row.has("name")]
    for number, row in enumerate(rows):
        path = (*SOURCES, number)
        gathered.put((*path, "name"), row.get("name").casefold(), row.place("name"))
        row.put(path, source_class="source_class", holder="holder", linked_share_at_least="linked_share_at_least")
        if row.has("period"):
            first, last = row.get("period")
            gathered.put((*path, "period"), {"from_year": first, "to_year": last}, row.place("period"))
        gathered.put((*path, "file"), {}, row.place("format"))
        row.put((*path, "file"), **{name: name for name in _OF_FILE})
        gathered.places[path] = row.place("name")


def read_identifiers(gathered: Gathered, sheets: Iterable[FilledSheet]) -> None:
    """Takes the identifier columns of each source, the first of which is the person of the row."""
    names = [source.get("name") for source in get_in(gathered.value, SOURCES) or ()]
    counts = dict.fromkeys(names, 0)
    for row in (row for filled in sheets for row in list_rows(gathered, filled) if row.has("source")):
        name = row.get("source").casefold()
        if name not in counts:
            row.fault(
                "source", "is none of the sources", "name a source of the sheet Registerhållare (Register holders)"
            )
            continue
        path = (*SOURCES, names.index(name), "identifiers", counts[name])
        row.put(path, column="column", serial_name="serial_name", identifies="identifies", unknown="unknown")
        row.put(path, reused_name="reused_name")
        counts[name] += 1


def read_attachments(gathered: Gathered, sheets: Iterable[FilledSheet]) -> None:
    """Takes the documents that are listed."""
    for number, row in enumerate(row for filled in sheets for row in list_rows(gathered, filled)):
        path: Path = ("attachments", number)
        row.put(path, **{column.key: column.key for column in ATTACHMENTS.columns})
        gathered.places[path] = row.place("kind")


def holder_rows(given: Mapping[str, Any], language: Language) -> Iterator[dict[str, str]]:
    """The rows that say an order's sources, as far as such rows can."""
    for source in given["specification"].get("sources", ()):
        period = source.get("period")
        span = (period["from_year"], period["to_year"]) if period else None
        of_file = {name: source["file"].get(name) for name in _OF_FILE}
        yield _texts(HOLDERS, {**source, **of_file, "period": span}, language)


def identifier_rows(given: Mapping[str, Any], language: Language) -> Iterator[dict[str, str]]:
    """The rows that say the identifier columns of an order's sources."""
    for source in given["specification"].get("sources", ()):
        for identifier in source["identifiers"]:
            yield _texts(IDENTIFIERS, {**identifier, "source": source["name"]}, language)


def attachment_rows(given: Mapping[str, Any], language: Language) -> Iterator[dict[str, str]]:
    """The rows that say an order's attachments."""
    for attachment in given.get("attachments", ()):
        yield _texts(ATTACHMENTS, attachment, language)


def _texts(sheet: Sheet, said: Row, language: Language) -> dict[str, str]:
    found = {column.key: text_of(column, said.get(column.key), language) for column in sheet.columns}
    return {key: text for key, text in found.items() if text}
