"""The inside of an Excel workbook (xlsx, xlsm) as a zip of XML parts: is it whole and harmless, what sheets has it.

What belongs here: the archive's limits, refusal of XML with a document type, the list of sheets. What must not: cell
values. Macros, formulas and external links are never run or followed; they are only seen.
"""

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from samkorning.errors import FileRefused
from samkorning.register_files.workbooks.sheet_rows import SheetRows, count_rows

MOST_BYTES = 256 * 1024 * 1024  # of the workbook as sent
MOST_UNPACKED = 2 * 1024 * 1024 * 1024  # of all its parts together
MOST_PARTS = 10_000
_USUAL_PART = "xl/workbook.xml"
_SMALL_PART = 16 * 1024 * 1024
_CHUNK = 4 * 1024 * 1024
_DOCUMENT_TYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_ELAPSED = re.compile(rb"\[(?:h+|m+|s+)\]|numFmtId=\"46\"", re.I)
_LIBRARY_ERRORS = (
    zipfile.BadZipFile, zlib.error, struct.error, ValueError, EOFError, OverflowError, OSError, KeyError, IndexError,
    RuntimeError,
)  # fmt: skip
_RESEND = "save it again as an Excel workbook (xlsx) and send that"


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its name, whether it shows, and the part that holds it."""

    name: str
    visible: bool
    part: str


class Workbook:
    """An opened workbook; opening refuses what is too large, broken or no workbook."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        if len(data) > MOST_BYTES:
            raise FileRefused(
                name, f"the workbook is larger than {MOST_BYTES // 2**20} MiB", "send it as delimited text"
            )
        self._archive = _open_archive(data, name)
        self._part = self._find_part()
        self._refuse_limits()
        self.has_macros = self._beside("vbaProject.bin") in self._archive.namelist()
        self.has_elapsed_times = self._has_elapsed_times()
        self.sheets = self._read_sheets()

    def _find_part(self) -> str:
        """The part that lists the sheets: the one that Excel calls so, or the one that the archive says it is."""
        if _USUAL_PART in self._archive.namelist() or _relations_of("") not in self._archive.namelist():
            return _USUAL_PART
        relations = self._elements(_relations_of(""), "Relationship")
        targets = (found.get("Target", "") for found in relations if found.get("Type", "").endswith("/officeDocument"))
        return _joined("", next(targets, _USUAL_PART))

    def _beside(self, target: str) -> str:
        """The name of a part, which is given from where the list of sheets lies."""
        return _joined(posixpath.dirname(self._part), target)

    def _has_elapsed_times(self) -> bool:
        """Whether any number format counts hours, minutes or seconds beyond a day, such as ``[h]:mm``."""
        styles = self._beside("styles.xml")
        return styles in self._archive.namelist() and any(_ELAPSED.search(chunk) for chunk in self.chunks(styles))

    def check_parts(self) -> None:
        """Reads every part beside the sheets to its end: sizes, check sums, document types."""
        for part in self._archive.namelist():
            if part.endswith((".xml", ".rels")) and not part.startswith("xl/worksheets/"):
                deque(self.chunks(part), maxlen=0)

    def rows_of(self, place: int) -> SheetRows:
        """The independent count of the sheet at a place."""
        return count_rows(self.chunks(self.sheets[place].part))

    def chunks(self, part: str) -> Iterator[bytes]:
        """The unpacked bytes of a part; refuses damage and document types along the way."""
        broken, tail = False, b""
        try:
            with self._archive.open(part) as stream:
                while chunk := stream.read(_CHUNK):
                    self._refuse_document_type(tail + chunk)
                    tail = chunk[-16:]
                    yield chunk
        except _LIBRARY_ERRORS:
            broken = True
        if broken:
            raise FileRefused(self.name, "the workbook is damaged inside", _RESEND)

    def _refuse_document_type(self, text: bytes) -> None:
        if _DOCUMENT_TYPE.search(text) or text.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
            raise FileRefused(self.name, "the workbook holds XML that no Excel writes", _RESEND)

    def _refuse_limits(self) -> None:
        members = self._archive.infolist()
        if len(members) > MOST_PARTS or sum(member.file_size for member in members) > MOST_UNPACKED:
            raise FileRefused(
                self.name,
                f"unpacked the workbook has over {MOST_UNPACKED // 2**30} GiB or {MOST_PARTS} parts",
                "send it as delimited text",
            )
        if self._part not in self._archive.namelist():
            raise FileRefused(self.name, "the content is a zip archive, not an Excel workbook", _RESEND)

    def _read_sheets(self) -> tuple[Sheet, ...]:
        targets = {
            found.get("Id", ""): self._beside(found.get("Target", ""))
            for found in self._elements(_relations_of(self._part), "Relationship")
            if found.get("Type", "").endswith("/worksheet")
        }
        listed = self._elements(self._part, "sheet")
        return tuple(
            Sheet(found.get("name", ""), found.get("state", "visible") == "visible", targets[identifier])
            for found in listed
            if (identifier := _relation(found)) in targets
        )

    def _elements(self, part: str, wanted: str) -> list[dict[str, str]]:
        """The attributes of all elements of a name in a small part."""
        found: list[dict[str, str]] = []
        parser = expat.ParserCreate()
        parser.StartElementHandler = lambda tag, attributes: (
            found.append(attributes) if tag.rpartition(":")[2] == wanted else None
        )
        broken = part not in self._archive.namelist() or self._archive.getinfo(part).file_size > _SMALL_PART
        try:
            if not broken:
                parser.Parse(b"".join(self.chunks(part)), True)
        except (expat.ExpatError, LookupError, ValueError, OSError):  # an encoding of which a reader may load no table
            broken = True
        if broken:
            raise FileRefused(self.name, "the workbook's list of sheets cannot be read", _RESEND)
        return found


def is_workbook(head: bytes) -> bool:
    """Whether the first bytes are those of a zip that begins as workbooks do."""
    return head.startswith(b"PK\x03\x04") and (b"[Content_Types].xml" in head or b"xl/" in head)


def _open_archive(data: bytes, name: str) -> zipfile.ZipFile:
    archive = None
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _LIBRARY_ERRORS:
        archive = None
    if archive is None:
        raise FileRefused(name, "the workbook is cut off or damaged", _RESEND)
    return archive


def _relations_of(part: str) -> str:
    """Where it stands what belongs to a part; to the whole archive for none."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _joined(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def _relation(attributes: dict[str, str]) -> str:
    return next((value for name, value in attributes.items() if name.endswith(":id")), "")
