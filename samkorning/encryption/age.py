"""Sealing for a recipient's public key in the age format, so that plain ``age -d`` opens what we seal.

What belongs here: sealing (age_writing) and the calls of the age library, which opens. What must not: what is sealed
(samkorning.delivery) and where an identity is kept (samkorning.keystore). Each error of the library becomes one refusal
without its text. Errors of the caller's own reader or writer (a full disk, a damaged store) come back as they were: the
library would turn them into its own, and it loses the error of the last write altogether (seen with pyrage 1.4).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyrage  # type: ignore[import-untyped]

from samkorning.encryption.age_writing import Readable, Writable, write_age
from samkorning.errors import PackageRefused, SealedForOthers

_LIBRARY_ERRORS = (pyrage.EncryptError, pyrage.DecryptError, OSError)
_FOR_OTHERS = "No matching keys"  # what the library says of a whole header that none of the identities opens


@dataclass(frozen=True)
class AgeIdentity:
    """The two halves of one age identity: ``secret`` opens, ``recipient`` is public and seals."""

    secret: str = field(repr=False)
    recipient: str


def create_identity() -> AgeIdentity:
    """A new X25519 identity from the operating system's randomness."""
    identity = pyrage.x25519.Identity.generate()
    return AgeIdentity(secret=str(identity), recipient=str(identity.to_public()))


def recipient_of(secret: str) -> str:
    """The public half of an identity, to compare with the recipient that a receipt names."""
    return str(_identity(secret).to_public())


def check_recipient(recipient: str) -> None:
    """Raise PackageRefused unless ``recipient`` is an age X25519 public key (``age1…``)."""
    _recipient(recipient)


def seal(reader: Readable, writer: Writable, recipients: Sequence[str]) -> None:
    """Read plain bytes to the end and write them sealed; at least one recipient, memory bounded."""
    if not recipients:
        raise PackageRefused("nobody to seal for: name at least one recipient's public age key")
    for recipient in recipients:
        _recipient(recipient)
    write_age(reader, writer, recipients)


def unseal(reader: Readable, writer: Writable, *secrets: str) -> None:
    """Read sealed bytes to the end and write them plain; SealedForOthers if none of the identities opens them.

    Blocks of 64 KiB are written as they are verified, so what was written counts only when the call returns: a cut
    or changed end is found last.
    """
    problem = "does not open with this identity: sealed for somebody else, cut off, or changed"
    _run(pyrage.decrypt_io, reader, writer, [_identity(secret) for secret in secrets], problem)


class _WatchedReader:
    """A reader that remembers its own first error, which the library would hide; a pressed Ctrl-C too."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self.error: BaseException | None = None

    def read(self, size: int) -> bytes:
        try:
            return self._stream.read(size)
        except BaseException as error:
            self.error = self.error or error
            raise


class _WatchedWriter:
    """The same for a writer."""

    def __init__(self, stream: Writable) -> None:
        self._stream = stream
        self.error: BaseException | None = None

    def write(self, chunk: bytes) -> int:
        try:
            return self._stream.write(chunk)
        except BaseException as error:
            self.error = self.error or error
            raise

    def flush(self) -> None:
        """Asked for by the library; whoever gave the stream flushes it."""


def _run(act: Callable[..., None], reader: Readable, writer: Writable, whom: list[object], problem: str) -> None:
    source, sink, refusal = _WatchedReader(reader), _WatchedWriter(writer), None
    try:
        act(source, sink, whom)
    except _LIBRARY_ERRORS as error:
        for_others = isinstance(error, pyrage.DecryptError) and str(error).startswith(_FOR_OTHERS)
        refusal = SealedForOthers(problem) if for_others else PackageRefused(problem)
    own_error = source.error or sink.error
    if own_error is not None:
        raise own_error
    if refusal is not None:
        raise refusal


def _recipient(recipient: str) -> object:
    try:
        return pyrage.x25519.Recipient.from_str(recipient)
    except (pyrage.RecipientError, ValueError):
        raise PackageRefused("the recipient's public key is not an age key (age1…)") from None


def _identity(secret: str) -> Any:
    """An identity from its one line, or from the text of an identity file with comments, as age-keygen writes it."""
    lines = [line.strip() for line in secret.splitlines() if line.strip() and not line.startswith("#")]
    try:
        return pyrage.x25519.Identity.from_str("".join(lines))
    except (pyrage.IdentityError, ValueError):
        raise PackageRefused("the identity is not one age identity (AGE-SECRET-KEY-1…)") from None
