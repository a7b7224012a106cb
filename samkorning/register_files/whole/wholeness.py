"""When a file in an inbox is whole: all of it has come.

What belongs here: what shows that, in one order. What must not: what lies in an inbox (resources.inbox), or what
becomes of it (assets.steps.intake). A size that has stopped growing shows nothing by itself: a connection that broke
leaves such a size too.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from samkorning.errors import FileRefused, SamkorningError
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.declared.file_names import has_agreed_name, other_name
from samkorning.register_files.reading import stream_register_file
from samkorning.register_files.whole.checksums import fits_checksum
from samkorning.register_files.whole.end_of_file import end_is_there, format_has_end

QUIET = timedelta(minutes=1)
"""How long neither a file nor what lies beside it may have changed before its own end or its rows are looked at."""
SETTLED = timedelta(minutes=15)
"""After so long without a change, a checksum that does not fit is told to the sender: no more will come."""


class Standing(StrEnum):
    """How it stands with a file in an inbox."""

    WHOLE = "whole"
    STILL_CHANGING = "still_changing"
    WAITS_FOR_END = "waits_for_end"
    LACKS_END = "lacks_own_end"
    LACKS_DECLARED_ROWS = "lacks_declared_rows"
    AWAITS_CHECKSUM = "awaits_checksum"
    CHECKSUM_DIFFERS = "checksum_differs"
    OTHER_NAME = "other_name"
    CANNOT_BE_READ = "cannot_be_read"


REMEDIES: dict[Standing, str] = {
    Standing.WHOLE: "it is taken in at the next look",
    Standing.STILL_CHANGING: "wait until it has all come",
    Standing.WAITS_FOR_END: "ask the sender for a checksum or an empty .done file beside it, or use `receive`",
    Standing.LACKS_END: "its format's end is missing; ask the sender to send it again",
    Standing.LACKS_DECLARED_ROWS: "not as many rows as declared have come; ask the sender for the whole file",
    Standing.AWAITS_CHECKSUM: "it does not fit its checksum yet; it is refused if it stays so",
    Standing.CHECKSUM_DIFFERS: "it does not fit its checksum; the sender is told when the decision is approved",
    Standing.OTHER_NAME: "it has not the agreed name; the sender is told when the decision is approved",
    Standing.CANNOT_BE_READ: "give the service's account the right to read it",
}
"""What the data engineer does about it."""


@dataclass(frozen=True)
class Signs:
    """What shows of a file without opening it: an empty ``.done`` beside it, checksums beside it, time without change.

    The time since the last change tells more than two looks at the size: a writer that has reserved the whole size
    beforehand does not change it.
    """

    done: bool
    checksums: tuple[Path, ...]
    unchanged_for: timedelta


def standing(path: Path, signs: Signs, contract: FileContract | None) -> Standing:
    """How it stands with a file; ``contract`` is nothing where no source awaits it.

    A checksum decides whatever else there is, then a ``.done``, then the end of a format that has one, then the
    declared number of rows with a last row that is ended. Text without any of these waits for its end, and a file of
    another name than agreed for none.
    """
    if signs.checksums:
        return _by_checksums(path, signs)
    if signs.done:
        return Standing.WHOLE
    if signs.unchanged_for < QUIET:
        return Standing.STILL_CHANGING
    if _has_other_name(path, signs, contract):
        return Standing.OTHER_NAME
    has_end = end_is_there(path)
    if has_end is not None:
        return Standing.WHOLE if has_end else Standing.LACKS_END
    if contract is None or contract.declared_rows is None:
        return Standing.WAITS_FOR_END
    return Standing.WHOLE if _has_declared_rows(path, contract) else Standing.LACKS_DECLARED_ROWS


def may_be_whole(path: Path, signs: Signs, contract: FileContract | None) -> bool:
    """Whether it is worth the reading that :func:`standing` may need: what a sensor can ask every few seconds."""
    if signs.done or signs.checksums:
        return True
    declared = contract is not None and contract.declared_rows is not None
    if _has_other_name(path, signs, contract):
        return True
    return signs.unchanged_for >= QUIET and (declared or format_has_end(path))


def refusal_of(name: str, how: Standing, contract: FileContract) -> FileRefused | None:
    """What the sender is told of a file that is refused without being read; nothing where it may still become whole."""
    if how is Standing.OTHER_NAME:
        return other_name(name, contract)
    if how is not Standing.CHECKSUM_DIFFERS:
        return None
    return FileRefused(
        name,
        "the content is not what the checksum sent with it says",
        "send the file again, then its checksum, both made from the same file",
    )


def _has_other_name(path: Path, signs: Signs, contract: FileContract | None) -> bool:
    """Whether a file has come to rest under a name that nobody agreed on: before that it may still be renamed."""
    return contract is not None and signs.unchanged_for >= SETTLED and not has_agreed_name(path.name, contract)


def _by_checksums(path: Path, signs: Signs) -> Standing:
    if all(fits_checksum(path, companion) for companion in signs.checksums):
        return Standing.WHOLE
    return Standing.CHECKSUM_DIFFERS if signs.unchanged_for >= SETTLED else Standing.AWAITS_CHECKSUM


def _has_declared_rows(path: Path, contract: FileContract) -> bool:
    """As many rows as declared, the last of them ended: one that broke off in its last field would count too."""
    return _ends_with_line_end(path) and _rows(path, contract) == contract.declared_rows


def _ends_with_line_end(path: Path) -> bool:
    with path.open("rb") as stream:
        stream.seek(max(path.stat().st_size - 16, 0))
        return stream.read().rstrip(b"\x00\x1a").endswith((b"\n", b"\r"))


def _rows(path: Path, contract: FileContract) -> int | None:
    """How many rows a reader finds; nothing where it cannot read the file."""
    try:
        stream = stream_register_file(path, path.name, contract)
        for _ in stream:
            pass
    except SamkorningError:
        return None
    account = stream.account()
    return account.rows + account.refused_rows
