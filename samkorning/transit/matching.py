"""Who stands behind transit identifiers on each side: frames in, frames out.

What belongs here: the identifiers of a list, finding the persons of another case among them, and putting one in the
place of the other in rows. What must not: stores, files, cases.

Columns of identities: ``number`` (Int64), or ``issuer`` and ``text`` (String) for numbers that are text.
``MAPPING`` has ``transit`` (String) beside them: a person with several numbers has a row for each of them.
A number history has ``number`` and ``person_number`` (Int64), the person's latest.
"""

from collections.abc import Callable

import polars as pl

from samkorning.errors import PackageRefused
from samkorning.identity import IdentityRules, Issuer, diagnose
from samkorning.transit.identifiers import COLUMN, draw_identifiers

IDENTITY = ("number", "issuer", "text")
MAPPING = pl.Schema({"transit": pl.String, "number": pl.Int64, "issuer": pl.String, "text": pl.String})
LIST_COLUMNS = (COLUMN, "number", "issuer")
GROUP_COLUMNS = (COLUMN,)
TWELVE = 12
_PERSON = ["person", "issuer", "text"]
_FOUND = "~found_"


def drawn_for(identities: pl.DataFrame, history: pl.LazyFrame, random_bytes: Callable[[int], bytes]) -> pl.DataFrame:
    """One new transit identifier for every person, as MAPPING, in the order of the identifiers."""
    persons = _with_person(identities.lazy(), history).collect()
    each = persons.select(_PERSON).unique(maintain_order=True)
    drawn = each.with_columns(draw_identifiers(each.height, random_bytes))
    return persons.join(drawn, on=_PERSON, nulls_equal=True).select(*MAPPING).unique().sort("transit", *IDENTITY)


def as_listed(mapping: pl.DataFrame) -> pl.DataFrame:
    """The list as it is sent: ``~transit``, ``number`` as people write it, ``issuer`` (null for national numbers)."""
    return mapping.select(pl.col("transit").alias(COLUMN), _written().alias("number"), "issuer")


def from_list(listed: pl.DataFrame, rules_of: Callable[[Issuer | None], IdentityRules]) -> pl.DataFrame:
    """A list as it came, as MAPPING.

    :param rules_of: how the numbers of an issuer are read.
    :raises PackageRefused: when a row holds no valid identity; says how many do, and no value.
    """
    parts = [_read_part(part, rules_of) for part in listed.partition_by("issuer")]
    read = pl.concat([MAPPING.to_frame(), *parts])
    damaged = listed.height - read.height
    if damaged:
        raise PackageRefused(f"has {damaged} rows without a valid identity number")
    return read.sort("transit", *IDENTITY)


def lookup(mapping: pl.DataFrame, history: pl.LazyFrame) -> pl.DataFrame:
    """Every identity that leads to a transit identifier, as MAPPING, each identity once.

    A number that is listed leads to its own; other numbers of the same person lead to the first of the person's.
    """
    listed = mapping.unique(list(IDENTITY), keep="first", maintain_order=True)
    numbers = _with_person(listed.lazy(), history).filter(pl.col("number").is_not_null())
    first = numbers.sort("transit").group_by("person", maintain_order=True).first().select("person", "transit")
    others = history.select("number", pl.col("person_number").alias("person")).join(first, on="person")
    now = first.select(pl.col("person").alias("number"), "transit")
    more = (
        pl.concat([others.select("number", "transit"), now])
        .unique("number")
        .join(listed.lazy(), on="number", how="anti")
    )
    added = more.select("transit", "number", *(pl.lit(None, pl.String).alias(name) for name in ("issuer", "text")))
    return pl.concat([listed, added.collect()])


def in_population(mapping: pl.DataFrame, population: pl.DataFrame, history: pl.LazyFrame) -> pl.Series:
    """The transit identifiers of the persons who are in a population, in their order.

    :param population: identities of the population.
    """
    there = _with_person(population.lazy(), history).select(_PERSON).unique()
    found = _with_person(mapping.lazy(), history).join(there, on=_PERSON, how="semi", nulls_equal=True)
    return found.select("transit").unique().sort("transit").collect()["transit"]


def under_identifiers(
    rows: pl.DataFrame, column: str, rules: IdentityRules, known: pl.DataFrame
) -> tuple[pl.DataFrame, int]:
    """Rows with a transit identifier in place of an identity column, and how many rows were about others.

    :param known: what leads to an identifier, as MAPPING.
    """
    transit = identifiers_of(rows[column], rules, known)
    kept = rows.drop(column).insert_column(0, transit.alias(COLUMN)).filter(transit.is_not_null())
    return kept, rows.height - kept.height


def identifiers_of(column: pl.Series, rules: IdentityRules, known: pl.DataFrame) -> pl.Series:
    """The transit identifier of every value of an identity column; null where it is of nobody who is known."""
    read: pl.DataFrame = diagnose(column.alias("value").to_frame(), "value", rules, prefix=_FOUND)
    numbers = known.filter(pl.col("number").is_not_null()).select("number", "transit")
    texts = known.filter(pl.col("text").is_not_null()).select("issuer", "text", pl.col("transit").alias("other"))
    joined = read.join(numbers, left_on=f"{_FOUND}number", right_on="number", how="left", maintain_order="left").join(
        texts,
        left_on=[f"{_FOUND}issuer", f"{_FOUND}text"],
        right_on=["issuer", "text"],
        how="left",
        maintain_order="left",
    )
    return joined.select(pl.coalesce("transit", "other").alias("transit"))["transit"]


def one_number_each(mapping: pl.DataFrame, history: pl.LazyFrame) -> pl.DataFrame:
    """One identity for each transit identifier: the person's latest number where it is among them.

    :returns: columns ``transit`` and ``written`` (String, as people write it).
    """
    with_person = _with_person(mapping.lazy(), history).with_columns(_written().alias("written"))
    best = with_person.sort("transit", pl.col("number") == pl.col("person"), "number", "text", nulls_last=False)
    return best.group_by("transit", maintain_order=True).last().select("transit", "written").collect()


def with_numbers(rows: pl.DataFrame, numbers: pl.DataFrame, column: str) -> pl.DataFrame:
    """Rows with the identity column in place of their transit identifiers.

    :param numbers: columns ``transit`` and ``written``.
    :raises PackageRefused: for identifiers that are not among them; says how many rows, and no value.
    """
    joined = rows.join(numbers, left_on=COLUMN, right_on="transit", how="left", maintain_order="left")
    strangers = joined["written"].null_count()
    if strangers:
        raise PackageRefused(f"has {strangers} rows under transit identifiers that this case never gave out")
    return joined.select(pl.col("written").alias(column), *(name for name in rows.columns if name != COLUMN))


def _read_part(part: pl.DataFrame, rules_of: Callable[[Issuer | None], IdentityRules]) -> pl.DataFrame:
    """The valid rows of one issuer."""
    named = part["issuer"][0]
    if named is not None and named not in list(Issuer):
        return MAPPING.to_frame()
    rules = rules_of(Issuer(named) if named is not None else None)
    read: pl.DataFrame = diagnose(part.rename({"number": "value"}).drop("issuer"), "value", rules, prefix="")
    national = pl.col("number").is_not_null()
    whole = pl.when(national).then(pl.col("number").cast(pl.String).str.zfill(TWELVE)).otherwise(pl.col("text"))
    issued = pl.col("issuer").eq_missing(pl.lit(named, dtype=pl.String))
    right = pl.when(national).then(pl.lit(named is None)).otherwise(issued)
    taken = read.filter(pl.col("problem").is_null() & (whole == pl.col("value")) & right)
    texts = (pl.when(~national).then(pl.col(name)).alias(name) for name in ("issuer", "text"))
    return taken.select(pl.col(COLUMN).alias("transit"), "number", *texts)


def _with_person(identities: pl.LazyFrame, history: pl.LazyFrame) -> pl.LazyFrame:
    """Identities with ``person``: the latest number of a number, null for a text."""
    latest = history.select("number", "person_number")
    joined = identities.join(latest, on="number", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("person_number", "number").alias("person")).drop("person_number")


def _written() -> pl.Expr:
    """An identity as people write it."""
    national = pl.col("number").cast(pl.String).str.zfill(TWELVE)
    return pl.when(pl.col("text").is_not_null()).then(pl.col("text")).otherwise(national)
