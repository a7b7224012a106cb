"""Digits that are not written as plain digits: other scripts, unseen characters, letters, encodings, hexadecimal.

What belongs here: turning a cell into one that holds plain digits. What must not: finding numbers in it (groups).
"""

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from urllib.parse import unquote

import polars as pl

from samkorning.delivery.number_scan.digit_runs import NO_WINDOWS
from samkorning.delivery.number_scan.groups import windows_of_text
from samkorning.delivery.number_scan.own_numbers import TEN_DIGITS
from samkorning.delivery.number_scan.spellings import Spelling

_THREE_IN_BASE64 = "[MNO][DTjz][AEIMQUYcgk][wxyz0-5]"
TWO_THREES = f"(?:{_THREE_IN_BASE64}){{2}}"
ESCAPED = r"%[0-9A-Fa-f]{2}|&#?[0-9A-Za-z]+;|\\u00[0-9A-Fa-f]{2}"
_HEXADECIMAL = r"(?:^|[^0-9A-Za-z]|0[xX])([0-9A-Fa-f]{9,10})(?:[^0-9A-Za-z]|$)"
_BYTES_IN_HEXADECIMAL = "(?:3[0-9]|2[dD]){9,13}"
_LETTER_BESIDE_DIGIT = "[0-9][OolI|]|[OolI|][0-9]"
_DISGUISED = "|".join(
    (_LETTER_BESIDE_DIGIT, ESCAPED, TWO_THREES, _BYTES_IN_HEXADECIMAL, "[0-9][A-Fa-f]", "[A-Fa-f][0-9]")
)
_LARGEST = 10**12


def windows_of_cells(cells: pl.DataFrame) -> pl.DataFrame:
    """The windows of cells of text (``row``, ``text``), in every spelling; one found plainly is not found again."""
    plain = _without_unusual(cells)
    found = windows_of_text(plain.select("row", "text"))
    if plain["unusual"].any():
        unusual = pl.when(pl.col("row").is_in(plain.filter("unusual")["row"].implode()))
        found = found.with_columns(unusual.then(pl.lit(Spelling.UNUSUAL.value)).otherwise("spelling").alias("spelling"))
    disguised = plain.filter(pl.col("text").str.contains(_DISGUISED)).select("row", "text")
    if disguised.is_empty():
        return found
    seen_before = found.select("row", "value")
    again = [windows.join(seen_before, on=["row", "value"], how="anti") for windows in _undisguised(disguised)]
    return pl.concat([found, *again])


def _undisguised(cells: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The windows of cells that are not what they seem, one reading after the other."""
    yield _read_again(_rewritten(cells, _LETTER_BESIDE_DIGIT, _letters_to_digits), Spelling.LETTERS)
    yield _read_again(_rewritten(cells, ESCAPED, _unescaped), Spelling.ENCODED)
    yield _read_again(_rewritten(cells, TWO_THREES, _out_of_base64), Spelling.ENCODED)
    yield _read_again(_tokens(cells, _BYTES_IN_HEXADECIMAL, _characters), Spelling.HEXADECIMAL)
    yield _hexadecimal(cells)


def _read_again(cells: pl.DataFrame, spelling: Spelling) -> pl.DataFrame:
    """The windows of cells as they are after rewriting; without a check digit they would be too many."""
    if cells.is_empty():
        return NO_WINDOWS
    found = windows_of_text(cells).filter("checked", pl.col("spelling") != Spelling.LOST_ZERO.value)
    return found.with_columns(pl.lit(spelling.value).alias("spelling"))


def _without_unusual(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells with digits of every script as plain ones and without what is not seen; ``unusual`` where that was."""
    as_it_is = pl.col("text").str.len_bytes() == pl.col("text").str.len_chars()
    if cells.select(as_it_is.all()).item():
        return cells.with_columns(pl.lit(False).alias("unusual"))
    plain = pl.col("text").map_elements(plain_text, return_dtype=pl.String)
    written = cells.with_columns(pl.when(as_it_is).then("text").otherwise(plain).alias("plain"))
    unusual = _digits("plain") != _digits("text")
    return written.select("row", pl.col("plain").alias("text"), unusual.alias("unusual"))


def _digits(column: str) -> pl.Expr:
    return pl.col(column).str.replace_all("[^0-9]", "")


def plain_text(text: str) -> str:
    """Text with plain digits, ``-`` for every dash, a blank for every blank, and nothing unseen."""
    return "".join(map(_plain, unicodedata.normalize("NFKC", text)))


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category == "Cf" or character == "\0":
        return ""
    if category == "Pd" or character == "\u2212":
        return "-"
    return " " if category == "Zs" else character


def _rewritten(cells: pl.DataFrame, where: str, rewrite: Callable[[str], str]) -> pl.DataFrame:
    """The cells in which a pattern is found, rewritten."""
    found = cells.filter(pl.col("text").str.contains(where)).select("row", "text")
    return found.with_columns(pl.col("text").map_elements(rewrite, return_dtype=pl.String))


def _tokens(cells: pl.DataFrame, pattern: str, rewrite: Callable[[str], str]) -> pl.DataFrame:
    """What a pattern finds in the cells, rewritten, one a row."""
    found = cells.select("row", pl.col("text").str.extract_all(pattern)).explode("text").drop_nulls()
    return found.with_columns(pl.col("text").map_elements(rewrite, return_dtype=pl.String))


def _letters_to_digits(text: str) -> str:
    return text.translate(str.maketrans("OolI|", "00111"))


def _unescaped(text: str) -> str:
    without = re.sub(r"\\u00([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), text)
    return plain_text(html.unescape(unquote(without)))


def _out_of_base64(text: str) -> str:
    """Every word of the text that base64 decodes, decoded."""
    return " ".join(_decoded(word) for word in re.findall(r"[A-Za-z0-9+/_-]{8,}", text))


def _decoded(word: str) -> str:
    try:
        content = base64.b64decode(word + "=" * (-len(word) % 4), altchars=b"-_")
    except binascii.Error:
        return ""
    return plain_text(content.decode("utf-8", "replace"))


def _characters(token: str) -> str:
    return bytes.fromhex(token).decode("ascii")


def _hexadecimal(cells: pl.DataFrame) -> pl.DataFrame:
    """Whole numbers of twelve or ten digits in hexadecimal."""
    words = cells.select("row", pl.col("text").str.extract(_HEXADECIMAL, 1)).drop_nulls()
    numbers = words.select("row", pl.col("text").str.to_integer(base=16, strict=False).alias("run")).drop_nulls()
    run = pl.col("run")
    return numbers.filter(run < _LARGEST).select(
        "row",
        (run % TEN_DIGITS).alias("value"),
        pl.when(run >= TEN_DIGITS).then(run // TEN_DIGITS).alias("century"),
        pl.lit(True).alias("checked"),
        pl.lit(Spelling.HEXADECIMAL.value).alias("spelling"),
        pl.lit("").alias("way"),
    )
