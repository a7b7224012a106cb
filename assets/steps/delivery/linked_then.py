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
    """The newest generation that holds what was delivered: the same content, as also after a number history that moved
    nobody. Of one that was linked for its first delivery the content is not kept: it is known by its inputs.

    :param delivered: ``input_sha256`` and ``content_digest`` of the unit as the ledger has it.
    """
    if stores.latest_linked(desk, case, unit) is None:
        return None
    kept = stores.linked(desk, case, unit).generations()[-KEPT:]
    return next((each for each in reversed(kept) if _holds(each, delivered)), None)


def _holds(linked: Generation, delivered: Mapping[str, Any]) -> bool:
    """Whether a generation is what was delivered. After an objection the same inputs give another content."""
    content, inputs = linked.facts.get("content_digest"), linked.facts.get("input_sha256")
    if content is not None and delivered["content_digest"] is not None:
        return content == delivered["content_digest"]
    return inputs == delivered["input_sha256"]
