"""The name of a file against the pattern that its contract expects.

What belongs here: what a pattern means, and the refusal of another name. What must not: names that are in a file.
"""

import re
import unicodedata

from samkorning.errors import FileRefused
from samkorning.identity.free_text import REDACTED
from samkorning.register_files.declared.contract import FileContract

_NUMBERS = ("0" * 12, "0" * 10, "00000000_0000", "000000_0000")
"""What may have stood in a name where a number-shaped part of it is redacted."""


def refuse_other_name(name: str, contract: FileContract) -> None:
    """Raises :class:`FileRefused` when a file's name is not as agreed."""
    if not has_agreed_name(name, contract):
        raise other_name(name, contract)


def other_name(name: str, contract: FileContract) -> FileRefused:
    """What the sender is told of a file that has not the agreed name."""
    return FileRefused(
        name,
        f"the name of the file does not fit the agreed pattern {contract.name_pattern}",
        "send the file that is meant, under a name that fits",
    )


def has_agreed_name(name: str, contract: FileContract) -> bool:
    """Whether a file's name is as agreed; any is where nothing is."""
    return contract.name_pattern is None or fits_pattern(name, contract.name_pattern)


def fits_pattern(name: str, pattern: str) -> bool:
    """Whether a name fits: ``*`` stands for any characters and ``?`` for one, upper and lower case are alike."""
    wanted = re.escape(_plain(pattern)).replace(r"\*", ".*").replace(r"\?", ".")
    spellings = {name.replace(REDACTED, number) for number in _NUMBERS} if REDACTED in name else {name}
    return any(re.fullmatch(wanted, _plain(each), re.DOTALL) for each in spellings)


def _plain(text: str) -> str:
    """Letters with their dots, however a system composes them, without regard to case."""
    return unicodedata.normalize("NFC", text).casefold()
