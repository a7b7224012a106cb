"""Whether anybody in a file is known to its case, as soon as it comes: of another case's file no row will link.

What belongs here: looking at the rows while they are read, until the first one is found. What must not: the linkage,
which decides what of a file links, or stopping a file: this is only told to who takes it in.
"""

import polars as pl

from assets.steps import stores
from assets.steps.persons.numbering import column_lookup
from resources.desk import Desk
from samkorning.case import Case
from samkorning.errors import SamkorningError
from samkorning.identity import diagnose
from samkorning.linkage import ColumnLookup
from samkorning.order import Identifies, SourceClass, Unknown
from samkorning.register_files.opened import Batch

VALUE, FOUND = "value", "~known_"


class KnownLook:
    """Looks at the first identity column of a file, batch by batch."""

    def __init__(self, column: str, lookup: ColumnLookup) -> None:
        self._column, self._rules, self._is_found = column, lookup.rules, False
        self._numbers = lookup.serial_numbers.select("number").collect()
        others = lookup.others
        self._texts = None if others is None else others.collect().join(self._numbers, on="number", how="semi")

    def look_at(self, batch: Batch) -> None:
        """Looks at one batch, as long as nobody was found."""
        if self._is_found or self._column not in batch.frame.columns:
            return
        values = batch.frame.select(pl.col(self._column).alias(VALUE))
        read: pl.DataFrame = diagnose(values, VALUE, self._rules, prefix=FOUND)
        self._is_found = self._is_known_by_number(read) or self._is_known_by_text(read)
        self._numbers = self._numbers.clear() if self._is_found else self._numbers

    def facts(self) -> dict[str, bool]:
        """What the case register keeps of it, of a file that has rows."""
        return {} if self._is_found else {"none_known": True}

    def _is_known_by_number(self, read: pl.DataFrame) -> bool:
        """Goes through the many that are known with the few of the batch: a table of the few takes little room."""
        wanted = read[f"{FOUND}number"].drop_nulls().unique()
        return not self._numbers.filter(pl.col("number").is_in(wanted.implode())).is_empty()

    def _is_known_by_text(self, read: pl.DataFrame) -> bool:
        if self._texts is None:
            return False
        on = ["issuer", "text"]
        return not read.join(self._texts, left_on=[f"{FOUND}{name}" for name in on], right_on=on, how="semi").is_empty()


def known_look(desk: Desk, case: Case, source: str) -> KnownLook | None:
    """What looks at a holder's file about persons of the study; nothing for others, or before there is a code key.

    A code key that cannot be read stops deliveries, which say so; it is no reason to refuse a file.
    """
    declared = case.specification.source(source)
    if declared is None or declared.source_class is SourceClass.OWN:
        return None
    person = declared.identifiers[0]
    is_of_the_study = person.identifies is Identifies.PERSON and person.when_unknown is not Unknown.ADD
    if not is_of_the_study or not desk.vault.has_store(case.number, stores.CODE_KEY, stores.code_key_name()):
        return None
    try:
        return KnownLook(person.column, column_lookup(desk, case, person))
    except SamkorningError:
        return None
