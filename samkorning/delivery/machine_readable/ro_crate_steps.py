"""The steps of a package read back from its research object.

What belongs here: reading them, which needs no description of a delivery. What must not: writing them (ro_crate), or
whether they hold (samkorning.delivery.steps).
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from samkorning.delivery.steps import SignedStep, Step

RO_CRATE = "ro-crate-metadata.json"
UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What ``steps_of`` raises of a document that this service has not made."""


def steps_of(crate: bytes) -> list[SignedStep]:
    """The steps as a crate shows them, in the order of the package; of a crate made by this service."""
    entities = {entity["@id"]: entity for entity in json.loads(crate)["@graph"]}
    return [_read(entities[each["@id"]], entities) for each in entities["./"]["mentions"]]


def _read(action: Mapping[str, Any], entities: Mapping[str, Mapping[str, Any]]) -> SignedStep:
    statement = entities[action["subjectOf"]["@id"]]
    step = Step(
        action["position"],
        action["name"],
        datetime.strptime(action["endTime"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
        entities[action["agent"]["@id"]]["name"],
        action.get("description", ""),
    )
    return SignedStep(step, statement["text"], statement["signature"])
