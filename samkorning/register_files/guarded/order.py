"""What the service asks of a reader.

What belongs here: the order as JSON. What must not: the file's bytes, which come by another way.
"""

from dataclasses import dataclass, field
from typing import Self

from pydantic import TypeAdapter

from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.guarded.limits import Limits


@dataclass(frozen=True)
class Order:
    """One file to read: what messages call it, its contract, its password, and what reading may cost."""

    name: str
    contract: FileContract
    password: str | None = field(default=None, repr=False)
    limits: Limits = field(default_factory=Limits)

    def as_json(self) -> bytes:
        """The order as it travels."""
        return _ORDER.dump_json(self)

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """The order as it came."""
        return _ORDER.validate_json(data)  # type: ignore[return-value]


_ORDER = TypeAdapter(Order)
