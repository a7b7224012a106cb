"""The letters of a case as they stand: which it has occasion for, which were sent, and whether they are kept whole.

What belongs here: looking. What must not: making or sending any.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assets.steps.letters.sending import folder_of
from assets.steps.letters.under_way import noted
from resources.desk import Desk
from samkorning.case import Case, Event
from samkorning.case.letters.occasions import Occasion, occasions
from samkorning.case.letters.registry import To

WHOLE, ALTERED, MISSING = "whole", "altered", "missing"


@dataclass(frozen=True)
class ListedLetter:
    """One letter: what occasioned it and when, whether and when it was sent, how, to whom, and how it is kept."""

    letter: str
    of: str | None
    rule: str
    to: To
    occasion: str
    since: date
    sent: date | None
    way: str | None
    sent_to: tuple[str, ...]
    file: str | None
    kept: str | None
    under_way: bool


def letters_of(desk: Desk, case: Case) -> list[ListedLetter]:
    """Every letter that the case has occasion for, oldest occasion first."""
    return [_listed(desk, case, occasion) for occasion in occasions(case)]


def _listed(desk: Desk, case: Case, occasion: Occasion) -> ListedLetter:
    sent = occasion.sent
    said: dict[str, Any] = dict(sent.detail) if sent else {}
    return ListedLetter(
        letter=occasion.letter.name,
        of=occasion.of,
        rule=occasion.letter.rule,
        to=occasion.letter.to,
        occasion=occasion.letter.when_en,
        since=occasion.event.at.date(),
        sent=sent.at.date() if sent else None,
        way=said.get("way"),
        sent_to=tuple(said.get("to", ())),
        file=said.get("file"),
        kept=_kept(desk.home.root, sent) if sent else None,
        under_way=noted(folder_of(desk, case, occasion)) is not None,
    )


def _kept(root: Path, sent: Event) -> str:
    """Whether every file of a letter lies there as it was sent."""
    folder = (root / sent.detail["file"]).parent
    states = {_state(folder / name, sha256) for name, sha256 in sent.detail["files_sha256"].items()}
    return next((state for state in (MISSING, ALTERED) if state in states), WHOLE)


def _state(path: Path, sha256: str) -> str:
    if not path.is_file():
        return MISSING
    return WHOLE if hashlib.sha256(path.read_bytes()).hexdigest() == sha256 else ALTERED
