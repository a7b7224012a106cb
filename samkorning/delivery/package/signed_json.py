"""The one form of all signed JSON in a delivery, and reading it back without trust.

What belongs here: the form and its reader. What must not: what manifests and receipts say.
"""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from samkorning.errors import PackageRefused


class SignedModel(BaseModel):
    """Base of what is signed: no unknown field, no conversion of types, no change after it is made."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


_Model = TypeVar("_Model", bound=SignedModel)


def canonical_json(values: Mapping[str, Any]) -> bytes:
    """Sorted names, one space of indent, UTF-8, a line feed last: equal values give equal bytes."""
    return (json.dumps(values, sort_keys=True, ensure_ascii=False, indent=1) + "\n").encode()


def render(model: SignedModel) -> bytes:
    """The exact bytes that are signed."""
    return canonical_json(model.model_dump(mode="json"))


def parse(kind: type[_Model], content: bytes, name: str) -> _Model:
    """Read back what ``render`` gave; PackageRefused that names the file for anything else, equal in meaning or not."""
    try:
        model = kind.model_validate_json(content)
    except ValidationError:
        raise PackageRefused(f"{name}: is not a {kind.__name__} of this version") from None
    if render(model) != content:
        raise PackageRefused(f"{name}: is not written in the one form that is signed")
    return model
