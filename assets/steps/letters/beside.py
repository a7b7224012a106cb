"""The letter of a delivery beside its package, for whoever sends that by post.

What belongs here: laying the copy there, and knowing it again. What must not: sending the letter, which is kept in the
case's folder of letters.
"""

import hashlib
from pathlib import Path

from resources.desk import Desk
from samkorning.case import Case, Event
from samkorning.case.clocks import is_letter_of
from samkorning.case.events import EventKind
from samkorning.case.letters.occasions import Occasion
from samkorning.durable import overwrite


def lay_beside_the_package(desk: Desk, case_number: str, occasion: Occasion, file: str) -> None:
    """Copies a delivery's letter, as it was sent, into the folder of its package; nothing for other letters."""
    folder, kept = desk.home.outbox(case_number) / str(occasion.of), desk.home.root / file
    is_delivery = occasion.letter.name == "delivery" and occasion.event.kind is EventKind.DELIVERED
    if is_delivery and folder.is_dir() and kept.is_file():
        overwrite(folder / f"{_name(case_number, str(occasion.of))}{Path(file).suffix}", kept.read_bytes())


def is_letter_beside(path: Path, case: Case, delivered: Event) -> bool:
    """Whether a file in a package's folder is the letter of its delivery, as it was sent."""
    sent = {each.detail["sha256"] for each in case.of(EventKind.LETTER_SENT) if is_letter_of(each, delivered.number)}
    named = path.stem == _name(case.number, delivered.detail["delivery"])
    return named and path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() in sent


def _name(case_number: str, delivery: str) -> str:
    return f"{case_number}_{delivery}_letter"
