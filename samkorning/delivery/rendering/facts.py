"""What is known of a rendered data file: its bytes in each format, and what each taker found.

What belongs here: how it is kept and read again. What must not: how it is found (the takers).
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from samkorning.data_formats import FormatName

Count = Annotated[int, Field(ge=0)]


class Form(BaseModel):
    """A file in one format: the ending of its name, its bytes and their SHA-256 in hex.

    ``losses`` is what the format does not carry, by the words of samkorning.delivery.formats.format.Loss, and of which
    variables.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: FormatName
    ending: str
    bytes: Count
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}\z")]
    losses: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class RenderedFacts(BaseModel):
    """One reading of a file: its columns, data rows (header apart), and each form that it was given.

    ``taken`` is what the takers found, by their names; each taker's module reads its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: tuple[str, ...]
    rows: Count
    forms: tuple[Form, ...]
    taken: Mapping[str, JsonValue] = Field(default_factory=dict)

    def found_by(self, name: str, otherwise: Any) -> Any:
        """What the taker of that name found; ``otherwise`` where it did not look."""
        return self.taken.get(name, otherwise)
