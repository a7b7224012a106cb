"""The complaint file that the recipient's check writes: what it must carry, and what is taken from it.

What belongs here: reading one without trust. What must not: whether a complaint may still be made (complaints), or
looking for the numbers of the case (assets.steps.free_text). The file comes from outside: nothing of it is kept before
its form holds, and nothing of it is quoted when it does not.
"""

import json
import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from samkorning.delivery.recipient.check import WORDS
from samkorning.errors import FileRefused
from samkorning.identity.free_text import require_no_number, require_text

MOST_BYTES, MOST_TEXT = 1 << 20, 2_000
_ABOUT = re.compile(r"[\w .,()/>-]{0,200}")
_REMEDY = "let the recipient write it anew with `verify.py --complaint`"


class _Finding(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    code: str
    about: str
    delivery: Annotated[str, StringConstraints(pattern=r"^(L[0-9]{3,})?$")]


class ComplaintFile(BaseModel):
    """A complaint about one delivery: what was found, and what the recipient says in own words."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    format: Literal["samkorning-complaint-1"]
    case: str
    delivery: str
    findings: Annotated[tuple[_Finding, ...], Field(strict=False, max_length=1_000)]
    text: str

    @property
    def sentences(self) -> list[str]:
        """What was found, each in one line of English."""
        return [f"{each.delivery} {WORDS[each.code][0].format(each.about)}".strip() for each in self.findings]

    @property
    def reason(self) -> str:
        """Why the recipient complains: own words, or what was found first."""
        return self.text.strip() or self.sentences[0]


def read_complaint(content: bytes, name: str, case: str) -> ComplaintFile:
    """The complaint in a file that the recipient sent.

    :raises FileRefused: when it is none of this form, says nothing, or is of another case.
    :raises RuleRefused: when a text in it reads as an identity number.
    """
    said = _parsed(content)
    if said is None or any(each.code not in WORDS or not _ABOUT.fullmatch(each.about) for each in said.findings):
        raise FileRefused(name, "is no complaint as the check of a delivery writes it", _REMEDY)
    if said.case != case:
        raise FileRefused(name, "is of another case", "record it on that case")
    if not said.text.strip() and not said.findings:
        raise FileRefused(name, "says nothing: no finding and no text", _REMEDY)
    if said.text.strip():
        require_text("the text of the complaint", said.text, MOST_TEXT)
    require_no_number("a finding of the complaint", *(each.about for each in said.findings))
    return said


def _parsed(content: bytes) -> ComplaintFile | None:
    if len(content) > MOST_BYTES:
        return None
    try:
        return ComplaintFile.model_validate(json.loads(content.decode("utf-8-sig")))
    except (ValidationError, ValueError, RecursionError):
        return None
