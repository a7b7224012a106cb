"""The letter of a delivery beside its package, for whoever sends that by post.

What belongs here: laying the copy there. What must not: sending the letter, which is kept in the case's folder of
letters.
"""

from pathlib import Path

from resources.desk import Desk
from samkorning.case.events import EventKind
from samkorning.case.letters.occasions import Occasion
from samkorning.durable import overwrite


def lay_beside_the_package(desk: Desk, case_number: str, occasion: Occasion, file: str) -> None:
    """Copies a delivery's letter, as it was sent, into the folder of its package; nothing for other letters."""
    folder, kept = desk.home.outbox(case_number) / str(occasion.of), desk.home.root / file
    is_delivery = occasion.letter.name == "delivery" and occasion.event.kind is EventKind.DELIVERED
    if is_delivery and folder.is_dir() and kept.is_file():
        overwrite(folder / f"{case_number}_{occasion.of}_letter{Path(file).suffix}", kept.read_bytes())
