"""The linked rows that a delivery was made of, as long as they are kept.

What belongs here: finding the generation. What must not: reading its rows.
"""

from collections.abc import Mapping
from typing import Any

from assets.steps import stores
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.inputs import Unit
from samkorning.vault import Generation

KEPT = 2
"""A linked file and the one before it lie in the vault."""


def linked_then(desk: Desk, case: Case, unit: Unit, delivered: Mapping[str, Any]) -> Generation | None:
    """The newest generation that holds what was delivered: made from the same inputs, or from others with the same
    content, as after a number history that moved nobody.

    :param delivered: ``input_sha256`` and ``content_digest`` of the unit as the ledger has it.
    """
    if stores.latest_linked(desk, case, unit) is None:
        return None
    kept = stores.linked(desk, case, unit).generations()[-KEPT:]
    return next((each for each in reversed(kept) if _holds(each, delivered)), None)


def _holds(linked: Generation, delivered: Mapping[str, Any]) -> bool:
    names = ("input_sha256", "content_digest")
    return any(delivered[name] is not None and linked.facts.get(name) == delivered[name] for name in names)
