"""Fifty-two ways in which people and programs write one identity number.

What belongs here: the ways, each a function of the twelve digits. What must not: finding them.
"""

import base64
from collections.abc import Callable
from urllib.parse import quote

Writing = Callable[[str], str]


def grouped(*lengths: int, by: str) -> Writing:
    """The digits cut into groups of these lengths."""

    def write(number: str) -> str:
        parts, start = [], 0
        for length in lengths:
            parts.append(number[start : start + length])
            start += length
        return by.join(parts)

    return write


def between(characters: str) -> Writing:
    """The date, something between, the last four."""
    return lambda number: f"{number[:8]}{characters}{number[8:]}"


def in_script(zero: str) -> Writing:
    """The digits of another script, which follow its zero."""
    return lambda number: "".join(chr(ord(zero) + int(digit)) for digit in number)


def mixed(letters: dict[str, str]) -> Writing:
    """Digits replaced by what looks like them."""
    return lambda number: number.translate(str.maketrans(letters))


SPELLINGS: dict[str, Writing] = {
    "twelve digits": lambda n: n,
    "ten digits": lambda n: n[2:],
    "hyphen": between("-"),
    "ten digits with hyphen": lambda n: f"{n[2:8]}-{n[8:]}",
    "plus sign": lambda n: f"{n[2:8]}+{n[8:]}",
    "blank": between(" "),
    "ten digits with blank": lambda n: f"{n[2:8]} {n[8:]}",
    "among words": lambda n: f"se journal {n}, tack",
    "close to letters": lambda n: f"PNR{n}x",
    "date in groups, hyphens": grouped(4, 2, 2, 4, by="-"),
    "date in groups, blanks": grouped(4, 2, 2, 4, by=" "),
    "short date in groups": lambda n: grouped(2, 2, 2, 4, by="-")(n[2:]),
    "century apart": grouped(2, 6, 4, by="-"),
    "day first": lambda n: f"{n[6:8]}.{n[4:6]}.{n[:4]}-{n[8:]}",
    "day first, short year": lambda n: f"{n[6:8]}/{n[4:6]}/{n[2:4]} {n[8:]}",
    "two blanks": between("  "),
    "no-break space": between("\u00a0"),
    "thin space": between("\u2009"),
    "narrow no-break space": between("\u202f"),
    "soft hyphen": between("\u00ad"),
    "zero-width space": between("\u200b"),
    "zero-width joiners throughout": lambda n: "\u200d".join(n),
    "en dash": between("\u2013"),
    "minus sign": between("\u2212"),
    "spaced hyphen": between(" - "),
    "dot": between("."),
    "slash": between("/"),
    "underscore": between("_"),
    "tab": between("\t"),
    "line end": between("\r\n"),
    "digits apart": lambda n: " ".join(n),
    "full-width digits": in_script("\uff10"),
    "Arabic digits": in_script("\u0660"),
    "Devanagari digits": in_script("\u0966"),
    "mathematical digits": in_script("\U0001d7ce"),
    "thousands by comma": lambda n: f"{int(n):,}",
    "thousands by blank": lambda n: f"{int(n):,}".replace(",", "\u00a0"),
    "scientific": lambda n: f"{int(n):.11E}",
    "decimal": lambda n: f"{n}.0",
    "zero in front": lambda n: f"0{n}",
    "inside a longer run": lambda n: f"77{n}31",
    "lost zero": lambda n: n[2:].lstrip("0") if n[2] == "0" else n[2:],
    "O for 0": mixed({"0": "O"}),
    "l for 1": mixed({"1": "l"}),
    "percent-encoded": lambda n: "".join(f"%{ord(digit):02X}" for digit in n),
    "percent-encoded hyphen": lambda n: quote(between("/")(n), safe=""),
    "character references": lambda n: "".join(f"&#{ord(digit)};" for digit in n),
    "base64": lambda n: base64.b64encode(n.encode()).decode(),
    "hexadecimal": lambda n: f"{int(n):x}",
    "bytes in hexadecimal": lambda n: n.encode().hex(),
    "backwards": lambda n: n[::-1],
    "without check digit": lambda n: n[2:11],
}
