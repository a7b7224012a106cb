"""Codes of a list: the condition that a register's value meets, in SQL and in Polars.

What belongs here: how a code is compared. What must not: which variables hold codes (catalogue.codes_by_year).

Values of registers are compared by their letters and digits alone, in capital letters: points, blanks, dashes and other
signs do not count. An interval compares as many first characters as its bounds have, one after the other, digits before
letters; a shorter value lies in none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import groupby
from operator import or_
from typing import TYPE_CHECKING

from samkorning.on_demand import LoadedWhenUsed
from samkorning.order.selection import INTERVAL, CodeList
from samkorning.own_registers.catalogue import CodeSystem
from samkorning.own_registers.selection import writing
from samkorning.own_registers.selection.steps import Definition

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LoadedWhenUsed("polars")

SIGNS = "[^0-9A-Za-zÅÄÖåäö]"
"""All that is left out of a register's value before it is compared."""
MOST_SAID = 12
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZÄÅÖ"
PLAIN = Definition(
    "plain",
    "A code as it is compared: its letters and digits, in capital letters.",
    f"""CREATE OR REPLACE TEMP MACRO plain(code) AS
    CASE WHEN regexp_full_match(code, '[0-9A-ZÅÄÖ]*') THEN code
        ELSE upper(regexp_replace(code, '{SIGNS}', '', 'g')) END""",
)
_SHORT = {
    CodeSystem.ICD_7: "icd_7",
    CodeSystem.ICD_8: "icd_8",
    CodeSystem.ICD_9: "icd_9",
    CodeSystem.ICD_10: "icd_10",
    CodeSystem.ICD_O_3: "icd_o_3",
    CodeSystem.KVA: "kva",
    CodeSystem.ATC: "atc",
}


def first_characters(code_list: CodeList, system: CodeSystem) -> str:
    """A regular expression of all values that begin as a code of the list does: most others need no closer look."""
    first = set[str]()
    for pattern in code_list.codes[system]:
        interval = INTERVAL.fullmatch(pattern)
        lowest, highest = (interval[1][0], interval[2][0]) if interval else (pattern[0], pattern[0])
        first.update(each for each in ALPHABET if lowest <= each <= highest)
    return f"^{SIGNS}*[{''.join(sorted(first | {each.lower() for each in first}))}]"


def plain(value: pl.Expr) -> pl.Expr:
    """A register's value as it is compared."""
    return value.str.replace_all(SIGNS, "").str.to_uppercase()


def function(code_list: CodeList, system: CodeSystem) -> str:
    """The name of the function that says whether a value is a code of a list."""
    return f"is_{writing.relation(code_list.name)}_{_SHORT[system]}"


def definitions(code_list: CodeList) -> Iterator[Definition]:
    """The functions that say whether a value is a code of a list, one for each classification."""
    for system, patterns in code_list.codes.items():
        name, left_out = function(code_list, system), code_list.except_codes.get(system, ())
        condition = f"regexp_matches(code, '{first_characters(code_list, system)}')\n    AND ("
        condition += "\n        OR ".join(_conditions(patterns)) + ")"
        condition += f"\n    AND NOT ({' OR '.join(_conditions(left_out))})" if left_out else ""
        sentence = f"Whether a value is a code of the list {code_list.name} in {system}: {_said(patterns)}"
        sentence += f"; but for {_said(left_out)}." if left_out else "."
        yield Definition(name, sentence, f"CREATE OR REPLACE TEMP MACRO {name}(code) AS\n    {condition}")


def begins_as(value: pl.Expr, code_list: CodeList, system: CodeSystem) -> pl.Expr:
    """Whether a register's value may be a code of a list: whether it begins as one."""
    return value.str.contains(_two_characters(code_list.codes[system]) or first_characters(code_list, system))


def _two_characters(patterns: Sequence[str]) -> str:
    """As ``first_characters``, of the first two, with any signs between; nothing where they are many or an interval."""
    firsts = sorted({pattern.removesuffix("*")[:2] for pattern in patterns})
    if len(firsts) > MOST_SAID or any(INTERVAL.fullmatch(pattern) for pattern in patterns):
        return ""
    written = (f"{SIGNS}*".join(f"[{each}{each.lower()}]" for each in first) for first in firsts)
    return f"^{SIGNS}*(?:{'|'.join(written)})"


def of_list(compared: pl.Expr, code_list: CodeList, system: CodeSystem) -> pl.Expr:
    """Whether a value, as it is compared, is a code of a list in a classification."""
    found = _any_of(compared, code_list.codes[system])
    left_out = code_list.except_codes.get(system, ())
    return found & ~_any_of(compared, left_out) if left_out else found


def _said(patterns: Sequence[str]) -> str:
    """Some codes as they are written; of many how many they are."""
    return ", ".join(patterns) if len(patterns) <= MOST_SAID else f"{len(patterns)} codes, beginnings and intervals"


def _conditions(patterns: Iterable[str]) -> Iterator[str]:
    exact, begins, intervals = _sorted_out(patterns)
    if exact:
        yield f"plain(code) IN {writing.codes(exact)}"
    for length, beginnings in groupby(sorted(begins, key=len), key=len):
        yield f"left(plain(code), {length}) IN {writing.codes(beginnings)}"
    for first, last in intervals:
        bounds, length = f"{writing.code(first)} AND {writing.code(last)}", len(first)
        yield f"(length(plain(code)) >= {length} AND left(plain(code), {length}) BETWEEN {bounds})"


def _any_of(compared: pl.Expr, patterns: Iterable[str]) -> pl.Expr:
    exact, begins, intervals = _sorted_out(patterns)
    conditions = [compared.is_in(exact)] if exact else []
    for length, beginnings in groupby(sorted(begins, key=len), key=len):
        conditions.append(compared.str.head(length).is_in(list(beginnings)))
    for first, last in intervals:
        long_enough = compared.str.len_chars() >= len(first)
        conditions.append(long_enough & compared.str.head(len(first)).is_between(pl.lit(first), pl.lit(last)))
    return reduce(or_, conditions)


def _sorted_out(patterns: Iterable[str]) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """Codes alone, beginnings, and intervals of beginnings."""
    exact, begins, intervals = list[str](), list[str](), list[tuple[str, str]]()
    for pattern in dict.fromkeys(patterns):
        interval = INTERVAL.fullmatch(pattern)
        if interval:
            intervals.append((interval[1], interval[2]))
        elif pattern.endswith("*"):
            begins.append(pattern[:-1])
        else:
            exact.append(pattern)
    return exact, begins, intervals
