"""One row per person: who is in the study in which role, and for each source whether rows could come, and came.

What belongs here: the columns of this file, and a part of its rows. What must not: who is in the study, or whom a
source has rows about (the caller).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from samkorning.delivery.description import DeliveredVariable, VariableRole
from samkorning.order import Specification
from samkorning.order.sources import SourceClass
from samkorning.own_registers.catalogue.models import Code

PERSONS_FILE = "personer"
SERIAL = "LopNr"
CASES, CONTROLS, RELATIVES = "FALL", "KONTROLL", "NARSTAENDE"
ELIGIBLE, LINKED, FROM, TO = "BER", "LANK", "FRAN", "TILL"
_ROLES = {
    CASES: ("Person i studiepopulationen (1 ja, 0 nej)", "Person of the study population (1 yes, 0 no)"),
    CONTROLS: ("Kontroll (1 ja, 0 nej)", "Control (1 yes, 0 no)"),
    RELATIVES: ("Närstående (1 ja, 0 nej)", "Relative (1 yes, 0 no)"),
}
_OF_SOURCE = {
    ELIGIBLE: ("Kan ha rader från {0} (1 ja, 0 nej)", "Can have rows of {0} (1 yes, 0 no)"),
    LINKED: ("Har levererade rader från {0} (1 ja, 0 nej)", "Has delivered rows of {0} (1 yes, 0 no)"),
    FROM: ("Första levererade året från {0}", "First year delivered of {0}"),
    TO: ("Sista levererade året från {0}", "Last year delivered of {0}"),
}
_YES_NO = (Code(code="1", label_sv="ja", label_en="yes"), Code(code="0", label_sv="nej", label_en="no"))
COLUMNS_OF_A_SOURCE = len(_OF_SOURCE)
_LONGEST_NAME = 32


@dataclass(frozen=True)
class SourcePersons:
    """Of one source: the serial numbers that can have rows and those that have (Int32, each once), and the years that
    were delivered, where its units are of years. ``linked`` is nothing where that is not known any more.
    """

    name: str
    eligible: pl.Series = field(repr=False)
    linked: pl.Series | None = field(repr=False)
    from_year: int | None = None
    to_year: int | None = None


def person_columns(specification: Specification) -> list[str]:
    """The columns of the file, in order."""
    return [variable.name for variable in person_variables(specification)]


def person_variables(specification: Specification) -> list[DeliveredVariable]:
    """The description of each column."""
    found = [
        DeliveredVariable(SERIAL, "Löpnummer", "Serial number", "integer", 9, VariableRole.SERIAL_NUMBER),
        *(_flag(role, *_ROLES[role]) for role in roles(specification)),
    ]
    for place, name in enumerate(source_names(specification)):
        for kind, labels in _OF_SOURCE.items():
            called = _column(kind, name, place)
            said = [label.format(name) for label in labels]
            years = DeliveredVariable(called, said[0], said[1], "integer", 4, is_typed=True)
            found.append(years if kind in (FROM, TO) else _flag(called, *said))
    return found


def roles(specification: Specification) -> list[str]:
    """The roles that persons of the study can have; nothing where all are of the population."""
    found = [*([CONTROLS] if specification.controls else []), *([RELATIVES] if specification.relatives else [])]
    return [CASES, *found] if found else []


def source_names(specification: Specification) -> list[str]:
    """The sources that rows come from: holders' files and own registers."""
    sources = [source.name for source in specification.sources if source.source_class is not SourceClass.OWN]
    return [*sources, *(own.name for own in specification.own_registers)]


def person_rows(
    serials: pl.Series, of_roles: Mapping[str, pl.Series], sources: Sequence[SourcePersons]
) -> pl.DataFrame:
    """The rows of some persons, whose serial numbers come in order."""
    return pl.DataFrame([serials.alias(SERIAL), *_values(serials, of_roles, sources)])


def _values(
    serials: pl.Series, of_roles: Mapping[str, pl.Series], sources: Sequence[SourcePersons]
) -> Iterator[pl.Series]:
    for role, persons in of_roles.items():
        yield _is_among(serials, persons).cast(pl.Int8).alias(role)
    for place, source in enumerate(sources):
        eligible = _is_among(serials, source.eligible)
        yield eligible.cast(pl.Int8).alias(_column(ELIGIBLE, source.name, place))
        linked = pl.repeat(None, serials.len(), dtype=pl.Int8, eager=True)
        if source.linked is not None:
            linked = _is_among(serials, source.linked).cast(pl.Int8)
        yield linked.alias(_column(LINKED, source.name, place))
        for kind, year in ((FROM, source.from_year), (TO, source.to_year)):
            years = pl.select(pl.when(pl.lit(eligible)).then(pl.lit(year, pl.Int16))).to_series()
            yield years.alias(_column(kind, source.name, place))


def _is_among(serials: pl.Series, persons: pl.Series) -> pl.Series:
    if persons.is_empty():
        return pl.repeat(False, serials.len(), dtype=pl.Boolean, eager=True)
    sorted_persons = persons.sort()
    places = sorted_persons.search_sorted(serials).clip(0, sorted_persons.len() - 1)
    return sorted_persons.gather(places) == serials


def _flag(name: str, label_sv: str, label_en: str) -> DeliveredVariable:
    return DeliveredVariable(name, label_sv, label_en, "integer", 1, codes=_YES_NO, is_typed=True)


def _column(kind: str, source: str, place: int) -> str:
    """Names of sources that programs for statistics could not hold are cut, and numbered to stay different."""
    name = f"{kind}_{source}"
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 3]}_{place:02d}"
