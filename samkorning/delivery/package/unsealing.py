"""A sealed file as a tar archive to walk through, with nothing plain on disk and bounded memory.

What belongs here: the way from age to tar through a pipe, and a 7z archive's members as the same tar. What must not:
what is done with the members.
"""

import os
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, cast

from samkorning.delivery.package.archive import ChunkReader, Member, tar_chunks
from samkorning.delivery.package.names import SEVEN_ZIP_ENDING
from samkorning.delivery.package.seven_zip_reading import seven_zip_members
from samkorning.encryption import age
from samkorning.errors import PackageRefused

_CHUNK = 1 << 16


@contextmanager
def unsealed_archive(sealed: Path, secret: str) -> Iterator[tarfile.TarFile]:
    """The archive inside ``sealed``, to be walked once from start to end.

    ``secret`` is the age identity, or the passphrase of a 7z archive. PackageRefused if it does not open with that, is
    no archive, or anything of it was changed or cut off; the last is known only when the block ends, so nothing seen
    inside may be trusted before.
    """
    opened = _locked if sealed.name.endswith(SEVEN_ZIP_ENDING) else _plain
    with opened(sealed, secret) as plain:
        try:
            with tarfile.open(fileobj=plain, mode="r|", errorlevel=2) as archive:
                yield archive
        except (tarfile.TarError, EOFError):
            raise PackageRefused(f"{sealed.name}: what was sealed is not a delivery's archive") from None
        if any(chunk.strip(b"\0") for chunk in iter(lambda: plain.read(_CHUNK), b"")):
            raise PackageRefused(f"{sealed.name}: something follows after the archive")


@contextmanager
def _locked(sealed: Path, passphrase: str) -> Iterator[BinaryIO]:
    """A 7z archive's members as the tar that they would have been: what walks through it is the same for both."""
    refusal = None
    try:
        with seven_zip_members(sealed, passphrase) as members:
            yield cast(BinaryIO, ChunkReader(_as_tar(members)))
    except PackageRefused as refused:
        refusal = str(refused).removeprefix(f"{sealed.name}: ")
    if refusal is not None:
        raise PackageRefused(f"{sealed.name}: {refusal}")


def _as_tar(members: list[Member]) -> Iterator[bytes]:
    """Members of one folder; what may be in it is decided where the tar is walked through."""
    folders = {member.name.partition("/")[0] for member in members}
    if len(folders) != 1:
        raise PackageRefused("what was sealed is not a delivery's archive")
    (folder,) = folders
    yield from tar_chunks(folder, [replace(each, name=each.name.removeprefix(f"{folder}/")) for each in members])


@contextmanager
def _plain(sealed: Path, identity_secret: str) -> Iterator[BinaryIO]:
    """The plain bytes through a pipe; an error of the unsealing outranks what the reader made of the cut stream."""
    read_end, write_end = os.pipe()
    refusals: list[Exception] = []
    with os.fdopen(read_end, "rb") as plain:
        thread = threading.Thread(target=_unseal_into, args=(sealed, write_end, identity_secret, refusals), daemon=True)
        thread.start()
        failure = None
        try:
            yield plain
        except Exception as error:
            failure = error
    thread.join()
    _raise_first(sealed, refusals, failure)


def _unseal_into(sealed: Path, write_end: int, identity_secret: str, refusals: list[Exception]) -> None:
    try:
        with os.fdopen(write_end, "wb") as writer, sealed.open("rb") as reader:
            age.unseal(reader, writer, identity_secret)
    except BrokenPipeError:
        pass
    except Exception as error:
        refusals.append(error)


def _raise_first(sealed: Path, refusals: list[Exception], failure: Exception | None) -> None:
    for error in refusals:
        if isinstance(error, PackageRefused):
            raise PackageRefused(f"{sealed.name}: {error}")
        raise error
    if failure is not None:
        raise failure
