"""The scan of one file, whatever it is: a table in any format that is taken in, or a document.

What belongs here: reading a file for the scan. What must not: which case it is scanned for, or what becomes of it.
"""

from pathlib import Path

from samkorning.delivery.number_scan.documents import MARKUP, texts_of
from samkorning.delivery.number_scan.own_numbers import OwnNumbers
from samkorning.delivery.number_scan.scan import Finding, LeakScan
from samkorning.errors import FileRefused
from samkorning.identity import IdentityRules
from samkorning.identity.redaction import redact_file_name
from samkorning.register_files import FileContract, stream_register_file

_DOCUMENTS = (*MARKUP, ".md", ".json", ".yaml", ".yml", ".docx", ".pptx", ".odt")
WORKBOOK = "excel"  # has other sheets, comments and properties
_REMEDY = "save it as a table or a text, or look through it yourself"


def scan_file(path: Path, place: int, own: OwnNumbers, rules: IdentityRules) -> tuple[Finding, ...]:
    """What of the case, or of persons outside it, a file holds in its name and in itself; nothing where it is clean.

    ``place`` is its place among the files, by which it is named where its name holds a number.

    :raises FileRefused: when it is neither a table nor a text, so that nobody may believe it clean.
    """
    shown_name = redact_file_name(path.name)
    named = LeakScan(shown_name, own, rules)
    named.look_at_text("file name", path.name)
    if named.findings():
        shown_name = f"file {place}"
        named = LeakScan(shown_name, own, rules)
        named.look_at_text("file name", path.name)
    inside = None if path.suffix.lower() in _DOCUMENTS else _table(path, LeakScan(shown_name, own, rules))
    return named.findings() + (_document(path, LeakScan(shown_name, own, rules)) if inside is None else inside)


def _table(path: Path, scan: LeakScan) -> tuple[Finding, ...] | None:
    """What a table holds; None where it is no table, or seems clean while not all that is in the file was looked at."""
    try:
        stream = stream_register_file(path, "table", FileContract())
        for batch in stream.batches():
            scan.look_at(batch.frame)
    except FileRefused:
        return None
    account = stream.account()
    whole = account.refused_rows == 0 and not account.hidden_sheets and account.format != WORKBOOK
    return scan.findings() if whole or scan.findings() else None


def _document(path: Path, scan: LeakScan) -> tuple[Finding, ...]:
    texts = texts_of(path.name, path.read_bytes())
    if texts is None:
        raise FileRefused(scan.file, "is neither a table nor a text and was not looked at", _REMEDY)
    for part, text in texts.items():
        scan.look_at_text(part or "text", text)
    return scan.findings()
