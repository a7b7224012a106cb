"""What is found in a register year when it is held against its catalogue and the year before, and what stops it.

What belongs here: the checks, each a function of accounts. What must not: counting (account), or who may accept what
has been stopped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import sqrt

from samkorning.own_registers.account import YearAccount
from samkorning.own_registers.person_column import NUMBER

LEAST_SHARE = 0.7
"""With no more rows or persons than this of the year before, somebody has to say that they are all."""
BY_CHANCE = 3
"""So many roots of a number can lack by chance: from a hundred rows on the share alone decides."""
MISSING_MORE = 0.1
"""A variable that is missing in so much more of the rows than in the year before is named."""


@dataclass(frozen=True)
class Finding:
    """One thing to look at: the check, a sentence of counts, and whether the year waits for a person because of it."""

    check: str
    said: str
    stops: bool = False


@dataclass(frozen=True)
class Before:
    """What a year is held against: the same year as it was loaded before, else the year before."""

    said: str
    account: YearAccount


def rows_and_persons(account: YearAccount, before: Before | None) -> Iterator[Finding]:
    """30 % fewer rows or persons than before, and beyond chance: half a transfer looks like a whole one."""
    if before is None:
        return
    for what, now, then in (
        ("rows", account.rows, before.account.rows),
        ("persons", account.persons, before.account.persons),
    ):
        if then and now <= LEAST_SHARE * then and then - now >= BY_CHANCE * sqrt(then):
            yield Finding("rows_and_persons", f"{now} {what} where {before.said} has {then}", stops=True)


def missing_values(account: YearAccount, before: Before | None) -> Iterator[Finding]:
    """A variable that is missing in a tenth more of the rows, or altogether, since the year before."""
    if before is None or not account.rows or not before.account.rows:
        return
    for name, said in account.variables.items():
        then = before.account.variables.get(name)
        if then is None:
            continue
        share, share_then = said.missing / account.rows, then.missing / before.account.rows
        if share - share_then >= MISSING_MORE or (share == 1.0 and share_then < 1.0):
            yield Finding("missing_values", f"{name} is missing in {share:.0%} of the rows, {share_then:.0%} before")


def codes(account: YearAccount, before: Before | None) -> Iterator[Finding]:
    """Codes of a value set that were not there in the year before, or that are gone."""
    if before is None or not account.rows or not before.account.rows:
        return
    for name, said in account.variables.items():
        then = before.account.variables.get(name)
        if then is None:
            continue
        for word, some in (("new", said.codes.keys() - then.codes), ("gone", then.codes.keys() - said.codes)):
            if some:
                yield Finding("codes", f"{name}: {word}: {', '.join(sorted(some))}")


def values_outside(account: YearAccount, before: Before | None) -> Iterator[Finding]:
    """Values that are not of the value set of the year, and values of a variable that the year does not have."""
    for name, said in account.variables.items():
        if said.outside:
            yield Finding("values_outside", f"{name}: {said.outside} values outside what the catalogue has in the year")


def days_outside(account: YearAccount, before: Before | None) -> Iterator[Finding]:
    """Events whose day lies in another year."""
    if account.outside_year:
        yield Finding("days_outside", f"{account.outside_year} rows whose day lies outside the year")


CHECKS: tuple[Callable[[YearAccount, Before | None], Iterator[Finding]], ...] = (
    rows_and_persons,
    missing_values,
    codes,
    values_outside,
    days_outside,
)
STOPPING = frozenset({rows_and_persons.__name__})
"""The checks that can stop a year."""


def findings(account: YearAccount, before: Before | None) -> tuple[Finding, ...]:
    """Everything there is to look at, in the order of the checks."""
    return tuple(finding for check in CHECKS for finding in check(account, before))


def in_words(differing: list[str] | None, ordered: tuple[str, ...]) -> str:
    """In which of the ordered variables a year differs from what was delivered; persons count as one."""
    if differing is None:
        return "loaded by another version: which variables differ is not known"
    found = [name for name in (NUMBER, *ordered) if name in differing]
    if not found:
        return "differs in no variable that was ordered"
    return f"differs in {', '.join('persons and rows' if name == NUMBER else name for name in found)}"
