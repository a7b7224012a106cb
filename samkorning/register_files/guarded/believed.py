"""What the service believes of what a reader says.

What belongs here: the heads of its messages with fixed fields and bounds, and its refusals held against the sentences
there are. What must not: rows (rows). A reader that a file has taken over says what it likes; nothing of it may become
a message, so every sentence is one of ours and what stands in its gaps is a number, a word of ours or a declared name.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from samkorning.errors import CheckFailed, FileRefused
from samkorning.register_files.columns.header import MOST_COLUMNS
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.guarded.messages import Garbled
from samkorning.register_files.messages.kinds_of_content import KINDS
from samkorning.register_files.messages.refusals import SENTENCES
from samkorning.register_files.table import MOST_REFUSED, PROBLEMS_LISTED, Remark, RowFault
from samkorning.register_files.text.separators import CANDIDATES

_MOST = 2**62
_Count = Annotated[int, Field(ge=0, le=_MOST)]
_Length = Annotated[int, Field(ge=0, le=2**40)]
_ShortText = Annotated[str, Field(max_length=1_000)]


class _Head(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class OpenedHead(_Head):
    """What the file is."""

    format: Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_]+$")]
    columns: Annotated[list[Annotated[str, Field(max_length=2**20)]], Field(max_length=MOST_COLUMNS)]
    encoding: Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_-]+$")] | None
    separator: Literal[CANDIDATES] | None  # type: ignore[valid-type]
    sheet: _ShortText | None
    hidden_sheets: Annotated[list[_ShortText], Field(max_length=10_000)]
    packaging: Annotated[list[Annotated[str, Field(pattern=r"^[a-z0-9_.]{1,20}$")]], Field(max_length=10)]


class BatchHead(_Head):
    """Where rows stand in the file, and how their bytes are laid out."""

    first_row: _Count
    rows: _Count
    refused: Annotated[int, Field(ge=0, le=MOST_REFUSED)]
    views: bool
    layout: Annotated[list[list[Annotated[list[_Length], Field(min_length=3)]]], Field(max_length=MOST_COLUMNS)]


class EndedHead(_Head):
    """The account of the whole file."""

    records: _Count
    header_records: _Count
    rows: _Count
    remarks: Annotated[dict[str, _Count], Field(max_length=len(Remark))]
    faults: Annotated[list[str], Field(max_length=PROBLEMS_LISTED)]

    def row_faults(self) -> list[RowFault]:
        """Why the first refused rows were refused."""
        return [_member(RowFault, fault) for fault in self.faults]

    def remarks_by_name(self) -> Mapping[Remark, int]:
        """What was seen, and how often."""
        return {_member(Remark, remark): count for remark, count in self.remarks.items()}


class RefusedHead(_Head):
    """Why the file cannot be taken."""

    problem: Annotated[str, Field(max_length=2**20)]
    remedy: Annotated[str, Field(max_length=2**20)]


class MiscountedHead(_Head):
    """Why the reading is not to be trusted."""

    rule: _ShortText


class GuardsHead(_Head):
    """Which guards stand."""

    guards: Annotated[dict[Annotated[str, Field(max_length=40)], bool], Field(max_length=100)]


_AnyHead = TypeVar("_AnyHead", bound=_Head)
_AnyMember = TypeVar("_AnyMember", RowFault, Remark)


def head_as(kind: type[_AnyHead], data: bytes) -> _AnyHead:
    """The head, as far as its form goes; :class:`Garbled` where it has another."""
    head = None
    try:
        head = kind.model_validate_json(data)
    except (ValidationError, RecursionError):
        head = None
    if head is None:
        raise Garbled
    return head


def _member(kind: type[_AnyMember], value: str) -> _AnyMember:
    try:
        return kind(value)
    except ValueError:
        raise Garbled from None


def refusal(head: RefusedHead, name: str, contract: FileContract) -> FileRefused:
    """The refusal that the reader speaks of, in our words; :class:`Garbled` where it uses others."""
    if not (_is_ours(head.problem, contract) and _is_ours(head.remedy, contract)):
        raise Garbled
    return FileRefused(name, head.problem, head.remedy)


def miscount(head: MiscountedHead, name: str) -> CheckFailed:
    """The failed check that the reader speaks of; :class:`Garbled` where there is no such."""
    if not any(pattern.fullmatch(head.rule) for pattern in _MISCOUNTS):
        raise Garbled
    return CheckFailed(f"{name}: {head.rule}")


def _is_ours(sentence: str, contract: FileContract) -> bool:
    """Whether some sentence of ours reads so with nothing in its gaps but what may stand there."""
    matches = [match for pattern in _PATTERNS if (match := pattern.fullmatch(sentence))]
    may_stand = _gaps(contract) if matches else None
    return any(may_stand and all(may_stand.fullmatch(part) for part in match.groups()) for match in matches)


def _gaps(contract: FileContract) -> re.Pattern[str]:
    """What may stand in a gap: numbers, words of ours, or declared names, one or several."""
    declared = (column.name for column in contract.columns)
    agreed = (contract.name_pattern, contract.encoding)
    words = {*KINDS, *_ENCODINGS, *declared, *(each for each in agreed if each)}
    one = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"{_NUMBERS}|(?:{one})(?:, (?:{one}))*")


_ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252", "cp850", "mac_roman")
_NUMBERS = "[0-9]{1,8}(?:, [0-9]{1,8})*"
_PATTERNS = tuple(
    re.compile("(.+?)".join(re.escape(part) for part in english.split("{}")), re.S) for english, _ in SENTENCES
)
_MISCOUNTS = tuple(
    re.compile(f"row accounting: {rule}")
    for rule in (
        "the parser stopped at text that the byte pass took for clean",
        "[0-9]{1,10} clean records, [0-9]{1,10} rows read",
    )
)
