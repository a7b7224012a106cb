"""Files that are sealed by age: known by their first bytes, and unsealed on the way by somebody who can.

What belongs here: what a sealed file looks like, and its inside as content. What must not: the identity that unseals
and the library that does (both are the caller's, as a function).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from samkorning.errors import PackageRefused, SealedForOthers
from samkorning.register_files.content.chunks import Chunks
from samkorning.register_files.content.content import Content, kind_of, open_content, read_head, refuse_other_kind
from samkorning.register_files.packaging import refusals

NAME = "age"
SUFFIX = ".age"
_MARKS = (b"age-encryption.org/v1", b"-----BEGIN AGE ENCRYPTED FILE-----")


Unseal = Callable[[BinaryIO], Iterator[bytes]]
"""Gives a sealed stream's bytes in clear, chunk by chunk; what came counts only when it has ended without an error.

:raises SealedForOthers: when the seal is to somebody else; PackageRefused when it is cut off or changed.
"""


@dataclass(frozen=True)
class FileSecrets:
    """What opens a file that does not lie open: a password, and something that unseals."""

    password: str | None = field(default=None, repr=False)
    unseal: Unseal | None = field(default=None, repr=False)


NO_SECRETS = FileSecrets()


def is_sealed(head: bytes) -> bool:
    """Whether the first bytes are those of a file sealed by age, binary or armored."""
    return head.startswith(_MARKS)


def inside_seal(content: Content, name: str, secrets: FileSecrets) -> Content:
    """What a sealed file holds, unsealed anew at every reading; a file that is not sealed as it is.

    :raises FileRefused: when nothing here unseals, or the name states a seal that is not there; while reading, when the
        seal is another's, cut off or changed.
    """
    head = read_head(content)
    if not is_sealed(head):
        if head and without_seal(name) != name:
            raise refuse_other_kind(name, kind_of(head), "a sealed file")
        return content
    unseal = secrets.unseal
    if unseal is None:
        raise refusals.refuse_no_identity(name)
    inside = Chunks(lambda: _unsealed(content, name, unseal))
    if is_sealed(read_head(inside)):
        raise refusals.refuse_nested(name)
    return inside


def without_seal(name: str) -> str:
    """The name of a file without the ending that states its seal."""
    return name[: -len(SUFFIX)] if name.lower().endswith(SUFFIX) else name


def _unsealed(content: Content, name: str, unseal: Unseal) -> Iterator[bytes]:
    refusal = None
    with open_content(content) as stream:
        try:
            yield from unseal(stream)
        except SealedForOthers:
            refusal = refusals.refuse_other_recipient(name)
        except PackageRefused:
            refusal = refusals.refuse_broken_seal(name)
    if refusal is not None:
        raise refusal
