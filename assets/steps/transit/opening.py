"""Opening a transit file with the home's own identities: first to its end and proven, then row by row.

What belongs here: the way from the file to frames, and each refusal of it in words for who took it. What must not:
whether it may be taken (samkorning.transit.taking), or what becomes of its rows (taking).

No row of a file is parsed before all of it is proven: hash and signature over every byte, by an authority that the
case has confirmed. Each later reading proves anew that it read the same.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assets.steps.intake import sealing
from resources.desk import Desk
from samkorning.errors import FileRefused, PackageRefused, SealedForOthers
from samkorning.transit.documents import SignedManifest, read_last_line
from samkorning.transit.sealed_lines import Opened, frames_of
from samkorning.transit.taking import NOTHING_CHANGED

SEND_AGAIN = f"ask who sent it to send it again; {NOTHING_CHANGED}"


@dataclass(frozen=True)
class TransitFile:
    """A file that lies somewhere, called by a name without numbers."""

    desk: Desk
    path: Path
    name: str

    def proven(self, is_from_a_peer: Callable[[SignedManifest], None]) -> SignedManifest:
        """Its signed last line, once every byte is read and is what was signed.

        :param is_from_a_peer: refuses what no authority of the case has signed.
        :raises FileRefused: when it is sealed for others, cut off, changed or no transit file.
        """
        with self._refused():
            opened = Opened(self._chunks())
            for _ in opened.lines():
                pass
            signed = read_last_line(opened.last, self.name)
        is_from_a_peer(signed)
        if (opened.sha256, opened.rows) != (signed.manifest.sha256, signed.manifest.rows):
            raise FileRefused(self.name, "R24: its rows are not those that were signed", SEND_AGAIN)
        return signed

    def frames(self, signed: SignedManifest) -> Iterator[pl.DataFrame]:
        """Its rows, batch by batch; they count only when all have come."""
        with self._refused():
            opened = Opened(self._chunks())
            yield from frames_of(opened.lines(), signed.manifest.columns)
            if opened.sha256 != signed.manifest.sha256:
                raise PackageRefused("was changed while it was read")

    def _chunks(self) -> Iterator[bytes]:
        unseal = sealing.unsealing(self.desk)
        if unseal is None:
            raise SealedForOthers("this home has no identity")
        with self.path.open("rb") as stream:
            yield from unseal(stream)

    @contextmanager
    def _refused(self) -> Iterator[None]:
        """What is wrong with the file, as a refusal of it."""
        refusal = None
        try:
            yield
        except SealedForOthers:
            remedy = f"give its sender the address that `transit show` prints; {NOTHING_CHANGED}"
            refusal = FileRefused(self.name, "R24: it is sealed for somebody else", remedy)
        except PackageRefused as error:
            problem = str(error).removeprefix(f"{self.name}: ")
            refusal = FileRefused(self.name, f"R24: it cannot be used: {problem}", SEND_AGAIN)
        if refusal is not None:
            raise refusal


@contextmanager
def refused_as(name: str) -> Iterator[None]:
    """What cannot be used of a file's rows, as a refusal of the file."""
    refusal = None
    try:
        yield
    except PackageRefused as error:
        refusal = FileRefused(name, f"R24: {error}", SEND_AGAIN)
    if refusal is not None:
        raise refusal
