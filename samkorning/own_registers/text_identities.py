"""Identities in own registers whose numbers are text: reserve numbers, persons without check digit, T numbers.

What belongs here: reading them beside their issuer, and the whole number that stands for one inside the register store.
What must not: the small numbers of a case (samkorning.persons.other_identities), or serial numbers.

A store of registers has no table of its own for them, and a case's numbers are the case's. So what stands for one is
reckoned from issuer and text: 62 bits of a hash, below nought, where no national number is. Two of a million identities
meet there once in ten million registers. It lies where it is encrypted, and no cut of a year is made at one.
"""

import hashlib
from datetime import date

import polars as pl

from samkorning.identity import IdentityRules, Issuer, diagnose
from samkorning.own_registers.person_column import NUMBER
from samkorning.own_registers.values import Fault, Read, read_numbers

ISSUER = "issuer"
"""The column of a file that says who gave the number out, where it is not the nation's of twelve digits."""
_ISSUERS = frozenset(Issuer) - {Issuer.ORGANISATION_REGISTER, Issuer.HOLDER}


def read_identities(numbers: pl.Series, issuers: pl.Series) -> Read:
    """The identity column of a file that names issuers: national numbers of twelve digits where none is named, else
    what stands for the identity. None is missing."""
    frame = pl.DataFrame({NUMBER: numbers.cast(pl.String), ISSUER: issuers.cast(pl.String)})
    named = frame[ISSUER].is_not_null() & (frame[ISSUER] != "")
    plain = read_numbers(numbers.filter(~named))
    nothing, faults = pl.repeat(None, frame.height, dtype=pl.Int64, eager=True), dict(plain.faults)
    values = nothing.scatter((~named).arg_true(), plain.values)
    for issuer in frame.filter(named)[ISSUER].unique().to_list():
        of_issuer = (frame[ISSUER] == issuer).fill_null(False)
        read = _of_issuer(frame.filter(of_issuer)[NUMBER], issuer)
        values = values.scatter(of_issuer.arg_true(), read.values)
        faults |= {fault: faults.get(fault, 0) + count for fault, count in read.faults.items()}
    return Read(values, faults)


def stands_for(issuers: pl.Series, texts: pl.Series) -> pl.Series:
    """The whole numbers that stand for some identities; Int64, below nought."""
    numbers = [_reckoned(issuer, text) for issuer, text in zip(issuers, texts, strict=True)]
    return pl.Series(NUMBER, numbers, dtype=pl.Int64)


def with_text_identities(persons: pl.DataFrame, others: pl.DataFrame | None) -> pl.DataFrame:
    """Persons to be found in registers, those whose identities are text also under what stands for them there.

    :param persons: columns ``number`` and more, sorted by number.
    :param others: ``issuer``, ``text`` and ``number`` of the case's identities that are text, where it has any.
    """
    if others is None or others.is_empty():
        return persons
    known = others.select("number", stands_for(others[ISSUER], others["text"]).alias("~register"))
    found = persons.join(known, on="number", how="inner")
    under = found.with_columns(pl.col("~register").alias("number")).select(persons.columns)
    return pl.concat([persons, under]).unique("number").sort("number")


def _of_issuer(numbers: pl.Series, issuer: str) -> Read:
    if issuer not in _ISSUERS:
        return Read(pl.repeat(None, numbers.len(), dtype=pl.Int64, eager=True), {Fault.ISSUER: numbers.len()})
    rules = IdentityRules(date(2299, 12, 31), Issuer(issuer), strict_century=True, allow_synthetic=True)
    read: pl.DataFrame = diagnose(numbers.to_frame("value"), "value", rules, prefix="")
    texts = read.filter(pl.col("text").is_not_null()).select(ISSUER, "text").unique()
    known = texts.with_columns(stands_for(texts[ISSUER], texts["text"]).alias("~stands"))
    joined = read.join(known, on=[ISSUER, "text"], how="left", maintain_order="left")
    values = joined.select(pl.coalesce("number", "~stands")).to_series()
    wrong = values.null_count()
    return Read(values, {Fault.IDENTITY: wrong} if wrong else {})


def _reckoned(issuer: str, text: str) -> int:
    head = hashlib.sha256(f"{issuer}\n{text}".encode()).digest()[:8]
    return -1 - (int.from_bytes(head, "big") >> 2)
