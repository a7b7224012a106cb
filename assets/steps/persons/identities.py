"""Identities as people write them, and the whole numbers that stand for them inside a case.

What belongs here: from text to number and back, and sealing what is given out of them. What must not: serial numbers.
"""

from collections.abc import Callable
from pathlib import Path

import polars as pl

from assets.steps import stores
from assets.steps.case_view import identity_rules
from assets.steps.sealed_files import sealed_to_new_file
from resources.desk import Desk
from samkorning.case import Case
from samkorning.errors import FileRefused
from samkorning.identity import IdentityRules, diagnose
from samkorning.order import PERSON_SERIES
from samkorning.persons.other_identities import SCHEMA, extend_other_identities, other_identities, with_new_identities

TWELVE = 12
BOTH = ["issuer", "text"]


def numbers_of_rows(
    desk: Desk,
    case: Case,
    series: str,
    rows: pl.DataFrame,
    rules: IdentityRules,
    is_taken: Callable[[pl.DataFrame], bool],
) -> pl.DataFrame:
    """``rows`` with ``number`` (Int64; null where ``value`` is no valid identity) in place of ``value``.

    Identities of text that are new get their numbers for good only if ``is_taken`` says so of the answer: a file that
    is refused leaves nobody behind.
    """
    diagnosed = diagnose(rows, "value", rules, prefix="")
    valid = pl.col("problem").is_null()
    identities = diagnosed.with_columns(pl.when(valid).then(pl.col(name)).alias(name) for name in ("number", *BOTH))
    texts = identities.filter(pl.col("text").is_not_null())
    extended = with_new_identities(_held(desk, case, series), texts)
    numbered = identities.join(extended.rename({"number": "other"}), on=BOTH, how="left", maintain_order="left")
    answer = numbered.select(pl.coalesce("number", "other").alias("number"), *(set(rows.columns) - {"value"}))
    if texts.height and is_taken(answer):
        extend_other_identities(stores.other_identities(desk, case, series), texts)
    return answer


def only_number_of(desk: Desk, case: Case, identity: str) -> int:
    """The number that stands for one person's identity in this case.

    :raises FileRefused: when it cannot be read as an identity number; the message does not quote it.
    """
    row = pl.DataFrame({"value": [identity]}, schema={"value": pl.String})
    found = numbers_of_rows(desk, case, PERSON_SERIES, row, identity_rules(case), lambda rows: True)["number"].item()
    if found is None:
        raise FileRefused("standard input", "the first line is no valid identity number", "check it and give it again")
    return int(found)


def as_written(desk: Desk, case: Case, series: str, found: pl.DataFrame) -> pl.DataFrame:
    """``serial_number``, ``number`` as people write it, and ``issuer`` (none for national numbers), in the same order.

    :param found: columns ``serial_number`` and ``number`` (Int64, null where nobody is known).
    """
    joined = found.join(_held(desk, case, series), on="number", how="left", maintain_order="left")
    national = pl.col("number").cast(pl.String).str.zfill(TWELVE)
    written = pl.when(pl.col("text").is_not_null()).then(pl.col("text")).otherwise(national)
    return joined.select("serial_number", written.alias("number"), "issuer")


def sealed_to_file(frame: pl.DataFrame, recipient: str, to: Path) -> str:
    """Writes a frame as CSV, sealed with age for one recipient, durable; the SHA-256 of the sealed file.

    :raises HomeRefused: when something lies there already.
    :raises PackageRefused: when the recipient's public key is none.
    """
    return sealed_to_new_file(frame.write_csv(separator=";").encode(), recipient, to)


def _held(desk: Desk, case: Case, series: str) -> pl.DataFrame:
    if not desk.vault.has_store(case.number, stores.CODE_KEY, f"other_identities.{series}"):
        return SCHEMA.to_frame()
    return other_identities(stores.other_identities(desk, case, series)).collect()
