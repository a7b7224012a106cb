"""Text as statistics files store it: bytes in an encoding that the header states, or that has to be found.

What belongs here: which encoding it is, and decoding with marks where bytes are no characters. What must not: the rule
that finds an encoding (encodings), and numbers.
"""

import codecs
from collections.abc import Iterable, Sequence

import polars as pl

from samkorning.errors import FileRefused
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.text.encodings import FoundEncoding, find_encoding

_KNOWN = (
    "ascii", "utf-8", "latin-1", "iso8859-2", "iso8859-4", "iso8859-10", "iso8859-15", "cp1250", "cp1252", "cp1257",
    "cp437", "cp850", "cp865", "mac_roman",
)  # fmt: skip
_HOUSE_NAMES = {codecs.lookup(name).name: name for name in _KNOWN} | {"utf-8-sig": "utf-8"}
"""Looked up when the module is loaded: a process that reads a file may open none, and encodings lie in files."""
_TAKEN_FOR_WINDOWS = {"ascii", "latin-1", "cp437", "cp850", "cp865"}
_AS_CONTROLS = "samkorning-controls"
Texts = Sequence[str | None]
"""Text of which every character stands for the byte of its number."""


def encoding_of(stated: str | None, texts: Iterable[Texts], contract: FileContract, name: str) -> FoundEncoding:
    """The encoding that the header states, or the declared one, or the one found by rule in all text of the file.

    :raises FileRefused: when the stated one is unknown here, or is not the declared one.
    """
    declared = None if contract.encoding == "auto" else _house_name(contract.encoding)
    if stated is None:
        return FoundEncoding(declared, guessed=False) if declared else find_encoding(_bytes(texts))
    known = _house_name(stated)
    if known is None:
        raise FileRefused(name, "its encoding is not known here", "write the file again in UTF-8 and send that")
    if declared and declared != known:
        raise FileRefused(
            name,
            f"the file states another encoding than {declared}",
            "correct the declaration or send the file in the declared encoding",
        )
    return FoundEncoding(known, guessed=False)


def _house_name(encoding: str) -> str | None:
    try:
        return _HOUSE_NAMES.get(codecs.lookup(encoding).name)
    except (LookupError, OSError):  # one of which a process that reads a file may load no table
        return None


def _bytes(texts: Iterable[Texts]) -> Iterable[bytes]:
    """What is beyond ASCII, one value a line."""
    for values in texts:
        odd = [text for text in values if text and not text.isascii()]
        yield "\n".join([*odd, ""]).encode("latin-1", "replace")


def decoded(texts: Texts, encoding: str, errors: str = "strict") -> pl.Series:
    """The texts as characters (String); null where there is none and where its bytes are no characters."""
    whole = pl.Series(texts, dtype=pl.String)
    if (whole.str.len_bytes() == whole.str.len_chars()).all():
        return whole
    return pl.Series([_decode(text, encoding, errors) for text in texts], dtype=pl.String)


def read_by_the_other(texts: Texts, stated: str | None, lone: str) -> pl.Series:
    """The texts as polars-readstat reads them: some stated encodings it takes for Windows', ``lone`` where none is."""
    encoding = "cp1252" if stated in _TAKEN_FOR_WINDOWS else stated or lone
    return decoded(texts, encoding, "replace" if encoding == "utf-8" else _AS_CONTROLS)


def _as_controls(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no characters, as the control characters of their numbers."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error(_AS_CONTROLS, _as_controls)


def _decode(text: str | None, encoding: str, errors: str) -> str | None:
    if text is None or text.isascii():
        return text
    try:
        return text.encode("latin-1").decode(encoding, errors)
    except UnicodeError:
        return None
