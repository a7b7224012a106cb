"""From identities to serial numbers: adding to a case's code key, and looking it up.

What belongs here: bringing the stores of code key, other identities and number history together. What must not:
drawing, and the rules of the lookup itself.
"""

import os

import polars as pl

from assets.steps import stores
from assets.steps.case_view import identity_rules
from assets.steps.persons.opting_out import NOBODY, left_out, note, noted, opted_out
from resources.desk import Desk
from samkorning.case import Case
from samkorning.code_key import Extension, extend_code_key
from samkorning.errors import CheckFailed
from samkorning.linkage import ColumnLookup, numbers_to_add, of_population, serial_number_lookup
from samkorning.order import PERSON_SERIES, IdentifierColumn, Identifies, Unknown
from samkorning.persons.other_identities import extend_other_identities, numbers_of, other_identities
from samkorning.persons.population import identities_in


def numbered(desk: Desk, case: Case, series: str, identities: pl.DataFrame) -> pl.DataFrame:
    """The whole numbers that stand for some identities inside the case; identities that are text get theirs here.

    :param identities: columns ``number``, ``issuer`` and ``text``.
    :returns: column ``number`` (Int64), each once.
    """
    texts = identities.filter(pl.col("text").is_not_null())
    if texts.is_empty():
        return identities.select("number").unique()
    store = stores.other_identities(desk, case, series)
    extend_other_identities(store, texts)
    return numbers_of(identities.lazy(), other_identities(store)).collect()


def add_to_code_key(desk: Desk, case: Case, series: str, numbers: pl.LazyFrame) -> Extension:
    """Gives everybody among the numbers a serial number; who has one keeps it."""
    persons = _history(desk, case, series)
    if series == PERSON_SERIES:
        numbers = numbers.join(left_out(desk, case), on="number", how="anti")
    missing = numbers_to_add(numbers, every_number(desk, case, series), persons).collect()
    return extend_code_key(stores.code_key(desk, case, series), missing, os.urandom)


def add_column(desk: Desk, case: Case, identifier: IdentifierColumn, table: pl.LazyFrame) -> None:
    """Gives everybody in one identifier column of a file a serial number; a desk that draws none leaves it at those
    that there are.
    """
    if not desk.draws_serial_numbers:
        return
    series = identifier.identifies.series
    rules = identity_rules(case, identifier.identifies, identifier.issuer)
    identities = identities_in(table, identifier.column, rules)
    add_to_code_key(desk, case, series, numbered(desk, case, series, identities).lazy())


def every_number(desk: Desk, case: Case, series: str = PERSON_SERIES) -> pl.LazyFrame:
    """Every number that leads to a serial number in this case, of those who may not leave too."""
    return serial_number_lookup(stores.code_key_rows(desk, case, series), _history(desk, case, series))


def lookup(desk: Desk, case: Case, series: str = PERSON_SERIES) -> pl.LazyFrame:
    """Every number that is linked with: those that lead to a serial number, but of persons who have opted out."""
    everybody = every_number(desk, case, series)
    out = noted(desk, case) if series == PERSON_SERIES else NOBODY
    return everybody if out.is_empty() else everybody.filter(~pl.col("number").is_in(out.implode()))


def population_lookup(desk: Desk, case: Case) -> pl.LazyFrame:
    """Every number of the persons of the study population, relatives that were added left out."""
    persons = _history(desk, case, PERSON_SERIES)
    return of_population(lookup(desk, case), stores.population(desk, case).scan(), persons)


def column_lookup(desk: Desk, case: Case, identifier: IdentifierColumn) -> ColumnLookup:
    """What one identifier column is linked with.

    Rows are about persons of the study population; a relative may be anybody in the code key. Relatives that one source
    added must not open other sources to rows about themselves.
    """
    series = identifier.identifies.series
    about_the_population = identifier.identifies is Identifies.PERSON and identifier.when_unknown is not Unknown.ADD
    return ColumnLookup(
        rules=identity_rules(case, identifier.identifies, identifier.issuer),
        serial_numbers=population_lookup(desk, case) if about_the_population else lookup(desk, case, series),
        others=identities_of_text(desk, case, series),
    )


def identities_of_text(desk: Desk, case: Case, series: str) -> pl.LazyFrame | None:
    """The identities of a series that are text, and the numbers that stand for them; nothing where it has none."""
    if f"other_identities.{series}" not in desk.vault.stores(case.number):
        return None
    return other_identities(stores.other_identities(desk, case, series))


def opted_out_of_case(desk: Desk, case: Case) -> pl.Series:
    """The numbers on the opt-out list, in order, that lead to a serial number in this case."""
    if desk.opt_out.latest() is None or PERSON_SERIES not in stores.series_in_use(desk, case):
        return NOBODY
    numbers = opted_out(desk, case).join(every_number(desk, case), on="number", how="semi")
    return numbers.select("number").collect()["number"].sort()


def note_opted_out(desk: Desk, case: Case) -> None:
    """Notes who of the case's persons has opted out by now, before anybody is linked."""
    note(desk, case, opted_out_of_case(desk, case))


def require_opted_out_noted(desk: Desk, case: Case) -> None:
    """Refuses to go on from what was linked by another opt-out list.

    :raises CheckFailed: with what to do.
    """
    if not opted_out_of_case(desk, case).equals(noted(desk, case)):
        raise CheckFailed(
            f"case {case.number}: the opt-out list has changed since the case was linked, and concerns it; run it again"
        )


def _history(desk: Desk, case: Case, series: str) -> pl.LazyFrame:
    return stores.persons_of_history(desk, case) if series == PERSON_SERIES else stores.NO_HISTORY
