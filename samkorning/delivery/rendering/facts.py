"""What is known of a rendered data file: its bytes, and what each taker found.

What belongs here: how it is kept and read again. What must not: how it is found (the takers).
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

Count = Annotated[int, Field(ge=0)]


class RenderedFacts(BaseModel):
    """One reading of a file: its columns, data rows (header apart), bytes and their SHA-256 in hex.

    ``taken`` is what the takers found, by their names; each taker's module reads its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: tuple[str, ...]
    rows: Count
    bytes: Count
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}\z")]
    taken: Mapping[str, JsonValue] = Field(default_factory=dict)

    def found_by(self, name: str, otherwise: Any) -> Any:
        """What the taker of that name found; ``otherwise`` where it did not look."""
        return self.taken.get(name, otherwise)
