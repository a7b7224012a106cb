"""A packed file on its way into the one that is in it.

What belongs here: what every kind of packing is given and gives. What must not: any one kind.
"""

from dataclasses import dataclass, field

from samkorning.register_files.content.content import Content


@dataclass(frozen=True)
class Packed:
    """A packed file: its bytes, what messages call it, its name without seals, which member is declared, a password."""

    content: Content
    name: str
    packed_name: str
    member: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Unpacked:
    """The file inside. Its name decides its format and is never shown; ``packaging`` says what was around it, outermost
    first."""

    content: Content
    name: str = field(repr=False)
    packaging: tuple[str, ...] = ()
