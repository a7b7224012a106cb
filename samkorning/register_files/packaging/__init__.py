"""Files that come packed (zip, 7z, gz, tar.gz), alone or with a password, and sealed by age.

What belongs here: the registry of kinds, one module and one line each, and the one rule of nesting: a seal around an
archive around a file. What must not: how a kind is opened, or what the file inside is. Nothing is ever unpacked to
disk: the file inside is content that is unpacked anew at every reading.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from samkorning.register_files.content.content import Content, kind_of, read_head, refuse_other_kind
from samkorning.register_files.packaging import gzip_file, refusals, seven_zip, zip_archive
from samkorning.register_files.packaging.packed import Packed, Unpacked
from samkorning.register_files.packaging.sealed import (
    NO_SECRETS,
    FileSecrets,
    Unseal,
    inside_seal,
    is_sealed,
    without_seal,
)
from samkorning.register_files.workbooks.workbook import is_workbook

__all__ = ["NO_SECRETS", "FileSecrets", "Unpacked", "Unseal", "inside_seal", "unpack"]

WORKBOOKS = (".xlsx", ".xlsm")
_PART = re.compile(r"\.((zip|7z|gz|tgz)\.[0-9]{2,3}|z[0-9]{2})$", re.I)
_ENDINGS = {".zip": "a zip archive", ".7z": "a 7z archive", ".gz": "a gzip archive", ".tgz": "a gzip archive"}
_OTHERS = (b"Rar!", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")


@dataclass(frozen=True)
class Kind:
    """A form of packing: how it is known, and how the one file in it is found."""

    recognises: Callable[[bytes], bool]
    unpack: Callable[[Packed], Unpacked | None]


def _kind(module: ModuleType) -> Kind:
    return Kind(module.recognises, module.unpack)


KINDS: tuple[Kind, ...] = (_kind(zip_archive), _kind(seven_zip), _kind(gzip_file))


def unpack(content: Content, name: str, member: str | None = None, password: str | None = None) -> Unpacked:
    """The file inside a packed one, or a file that is not packed as it is.

    :param name: the file's name as it came, for messages.
    :param member: pattern of the name of the file that is meant, where an archive holds several.
    :raises FileRefused: when the archive is damaged, locked, hostile, or holds not exactly one file.
    """
    head, packed_name = read_head(content), without_seal(name)
    if is_sealed(head):
        raise refusals.refuse_no_identity(name)
    if _PART.search(packed_name):
        raise refusals.refuse_part(name)
    kind = _kind_of(head, packed_name)
    if kind is None and head:
        _refuse_unlike_name(head, packed_name, name)
    inner = kind.unpack(Packed(content, name, packed_name, member, password)) if kind else None
    if inner is None:
        return Unpacked(content, packed_name)
    _refuse_nested(inner, name)
    return inner


def _kind_of(head: bytes, name: str) -> Kind | None:
    """The kind that knows the content; a name that says workbook leaves the zip to the reader of workbooks."""
    if name.lower().endswith(WORKBOOKS):
        return None
    return next((kind for kind in KINDS if kind.recognises(head)), None)


def _refuse_unlike_name(head: bytes, packed_name: str, name: str) -> None:
    """A name that states a packing is believed: what is left of a cut archive could read as a short text."""
    for ending, wanted in _ENDINGS.items():
        if packed_name.lower().endswith(ending):
            raise refuse_other_kind(name, kind_of(head), wanted)


def _refuse_nested(inner: Unpacked, name: str) -> None:
    head = read_head(inner.content)
    packed_again = _kind_of(head, inner.name) is not None and not is_workbook(head)
    if packed_again or is_sealed(head) or head.startswith(_OTHERS):
        raise refusals.refuse_nested(name)
