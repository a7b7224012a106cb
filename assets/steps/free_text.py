"""Free text about a case: none of it names one of the case's own persons by number, however spelled.

What belongs here: looking digits of a text up among the numbers of its case, in memory. What must not: spellings of
numbers in general (samkorning.identity.free_text), which are refused before this is asked.

This is no look-up of a person: nothing is said but that the text cannot stand. Nothing is opened where a text has too
few digits to be a number. A refusal leaves a record all the same, because it shows that somebody is in the case.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from assets.steps import stores
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.hand_overs import STORE
from samkorning.errors import RuleRefused
from samkorning.identity.free_text import REMEDY, require_no_numbers_within, squeezed, texts_within
from samkorning.order import PERSON_SERIES

LAST_TEN = 10**10
SHORTEST, FEWEST_DIGITS = 10, 6
"""What a number without its century has at least: characters, and digits where letters are among them."""
COULD_BE_NUMBER = re.compile("[0-9]{6}[0-9A-Z]{4}")
"""Every issuer writes a date, or digits in its place, and four characters behind it."""


def require_nobody_named(desk: Desk, case: Case, person: str, words: Mapping[str, Any]) -> None:
    """Refuses words about a case that hold an identity number: in any usual spelling, or the case's own in every one.

    :param person: who writes them, for the record of a refusal.
    :param words: texts by name, also inside lists and mappings.
    :raises RuleRefused: naming the text and what to write in its place, quoting nothing.
    """
    require_no_numbers_within(words, "order")
    for name, text in texts_within(words):
        if names_somebody(desk, case, text):
            desk.audit.append("refuse free text", person, case.number, desk.clock.now(), field=name)
            raise RuleRefused("free text", f"{name} holds a number of somebody in the case", REMEDY)


def names_somebody(desk: Desk, case: Case, text: str) -> bool:
    """Whether a text holds a number of somebody in the case: of ten or twelve digits, or as its issuer writes it."""
    said = squeezed(text)
    if COULD_BE_NUMBER.search(said) is None:
        return False
    tens = {int(run[at : at + 10]) for run in re.findall("[0-9]{10,}", said) for at in range(len(run) - 9)}
    return any(not found.head(1).collect().is_empty() for found in _held(desk, case, tens, said))


def _held(desk: Desk, case: Case, tens: set[int], said: str) -> Iterator[pl.LazyFrame]:
    """For every store of the case that holds persons, the rows whose number is among what was said."""
    present = desk.vault.stores(case.number, stores.CODE_KEY)
    wanted = pl.Series(sorted(tens), dtype=pl.Int64).implode()
    listed = [name for name in present if name.startswith(STORE)]
    for name in ("population", "persons", stores.OBJECTIONS, f"code_key.{PERSON_SERIES}", *listed):
        if name in present and (rows := _rows(desk, case, name)) is not None:
            yield rows.filter((pl.col("number") % LAST_TEN).is_in(wanted))
    for name, columns in _written_down(case, present).items():
        if name in present and (rows := _rows(desk, case, name)) is not None:
            there = [column for column in rows.collect_schema().names() if column.casefold() in columns]
            yield rows.filter(pl.any_horizontal(pl.lit(False), *(_is_said(column, said, wanted) for column in there)))


def _written_down(case: Case, present: list[str]) -> dict[str, tuple[str, ...]]:
    """Stores with numbers as text, and their columns; files as they came count until the case has read them."""
    found: dict[str, tuple[str, ...]] = {f"other_identities.{PERSON_SERIES}": ("text",)}
    if "population" not in present:
        found["received.population"] = (case.specification.population.column.casefold(),)
    if "persons" not in present:
        found[f"received.{stores.NUMBER_HISTORY}"] = ("old_number", "new_number")
    return found


def _is_said(column: str, said: str, wanted: pl.Series) -> pl.Expr:
    text = pl.col(column).cast(pl.String).str.to_uppercase().str.replace_all("[^0-9A-Z]", "")
    whole = (text.str.len_chars() >= SHORTEST) & (text.str.count_matches("[0-9]") >= FEWEST_DIGITS)
    digits = text.str.tail(10).str.to_integer(strict=False)
    return whole & (pl.lit(said).str.contains(text, literal=True) | digits.is_in(wanted))


def _rows(desk: Desk, case: Case, name: str) -> pl.LazyFrame | None:
    store = desk.store(case.number, stores.CODE_KEY, name)
    return store.scan() if store.latest() else None
