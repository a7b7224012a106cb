"""A small register catalogue and registers of made-up rows, for tests of selections.

What belongs here: registers whose classifications change, whose day is text, or that have no day; making rows of them.
What must not: expectations.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from samkorning.order import Specification
from samkorning.own_registers.catalogue import CatalogueRegister, RegisterCatalogue
from samkorning.own_registers.selection import Frames
from tests.factories import read

ICD_BY_YEAR = [
    {"system": "ICD-8", "to_year": 2201},
    {"system": "ICD-9", "from_year": 2202, "to_year": 2203},
    {"system": "ICD-10-SE", "from_year": 2204},
]
"""Classifications of the patient registers: three, in a few years that synthetic persons can live in."""


def _variable(name: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "length": 10, "label_sv": name, "label_en": name, **more}


def _register(name: str, *variables: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "title_sv": name, "title_en": name, "variables": variables, **more}


REGISTERS = (
    _register(
        "PAR_SV",
        _variable("INDATUM", "date"),
        _variable("HDIA", position="main", systems=ICD_BY_YEAR),
        _variable("DIA1", position="secondary", systems=ICD_BY_YEAR),
        _variable("EKOD1", position="external_cause", systems=ICD_BY_YEAR[2:], from_year=2204),
        _variable("OP1", position="procedure", systems=[{"system": "KVÅ", "from_year": 2203}]),
        day="INDATUM",
        part_of="PAR",
        from_year=2200,
    ),
    _register(
        "PAR_OV",
        _variable("INDATUM", "date"),
        _variable("HDIA", position="main", systems=ICD_BY_YEAR[2:]),
        day="INDATUM",
        part_of="PAR",
        from_year=2203,
    ),
    _register(
        "LMED",
        _variable("EDATUM", "date"),
        _variable("ATC", position="drug", systems=[{"system": "ATC"}]),
        day="EDATUM",
        from_year=2203,
    ),
    _register(
        "DORS",
        _variable("DODSDAT"),
        _variable("ULORSAK", position="underlying_cause", systems=ICD_BY_YEAR),
        _variable("MORSAK1", position="contributing_cause", systems=ICD_BY_YEAR),
        day="DODSDAT",
    ),
    _register("BARRED", _variable("CODE"), barred="it is never linked"),
    _register("NO_DAY", _variable("CODE", position="main", systems=[{"system": "ICD-10-SE"}])),
    _register("PERSONS", _variable("SEX", "integer"), holds="persons"),
)
CATALOGUE = RegisterCatalogue(registers=tuple(CatalogueRegister.model_validate(each) for each in REGISTERS))

CODES = {
    "diabetes": {"ICD-10-SE": ["E10-E14*"], "ICD-9": ["250*"]},
    "stroke": {"ICD-10-SE": ["I63*", "I64"], "ICD-8": ["433*"]},
    "insulin": {"ATC": ["A10A*"]},
    "suture": {"KVÅ": ["QXB00"]},
}
"""Code lists that tests may name without declaring them."""

Row = tuple[Any, ...]
SCHEMAS: dict[str, dict[str, Any]] = {
    "PAR_SV": {"INDATUM": pl.Date, "HDIA": pl.String, "DIA1": pl.String, "EKOD1": pl.String, "OP1": pl.String},
    "PAR_OV": {"INDATUM": pl.Date, "HDIA": pl.String},
    "LMED": {"EDATUM": pl.Date, "ATC": pl.String},
    "DORS": {"DODSDAT": pl.String, "ULORSAK": pl.String, "MORSAK1": pl.String},
    "NO_DAY": {"CODE": pl.String},
}


def day(text: str | None) -> date | None:
    """A day as it is written, or none."""
    return date.fromisoformat(text) if text else None


def specification(
    *events: Mapping[str, Any],
    selections: Iterable[Mapping[str, Any]] = (),
    code_lists: Iterable[Mapping[str, Any]] | None = None,
) -> Specification:
    """The sample's specification with these blocks; code lists that they name stand in it by themselves."""
    named = dict.fromkeys(each["codes"]["list"] for each in events if each.get("codes"))
    lists = [{"name": name, "codes": CODES[name]} for name in named] if code_lists is None else list(code_lists)
    blocks = {"events": list(events), "selections": list(selections), "code_lists": lists}
    return Specification.model_validate({**_plain(), **blocks})


@cache
def _plain() -> dict[str, Any]:
    """The sample's specification without own registers."""
    return read().specification.model_dump(exclude_defaults=True, exclude={"own_registers"})


def years(register: str, rows: Mapping[int, Iterable[Row]]) -> dict[int, pl.LazyFrame]:
    """The years of a register; a row is the person and the variables in their order, from the left, blank to the right.

    A day is written YYYY-MM-DD. A year has the variables that exist in it.
    """
    return {year: _frame(register, year, found) for year, found in rows.items()}


def _frame(register: str, year: int, rows: Iterable[Row]) -> pl.LazyFrame:
    schema, entry = SCHEMAS[register], CATALOGUE.register(register)
    wide = [(*row, *[None] * (len(schema) + 1 - len(row))) for row in rows]
    first_is_day = next(iter(schema.values())) == pl.Date
    typed = [(row[0], day(row[1]) if first_is_day else row[1], *row[2:]) for row in wide]
    frame = pl.LazyFrame(typed, schema={"person": pl.Int64, **schema}, orient="row")
    return frame.select("person", *(name for name in schema if entry.variable(name).holds_in(year)))


@dataclass(frozen=True)
class Population:
    """Rows of the population frames, with days as they are written."""

    persons: list[tuple[int, str | None, int | None]] = field(default_factory=list)
    residence: list[tuple[int, str, str | None, str]] = field(default_factory=list)
    index_dates: list[tuple[int, str | None]] = field(default_factory=list)


def frames(registers: Mapping[str, Mapping[int, Iterable[Row]]], population: Population | None = None) -> Frames:
    """Everything as a selection takes it; without a population, none of its frames."""
    held = {name: years(name, rows) for name, rows in registers.items()}
    if population is None:
        return Frames(held)
    persons = [(person, day(born), sex) for person, born, sex in population.persons]
    stays = [(person, day(first), day(last), area) for person, first, last, area in population.residence]
    index_dates = [(person, day(given)) for person, given in population.index_dates]
    return Frames(
        held,
        pl.LazyFrame(persons, {"person": pl.Int64, "birth_date": pl.Date, "sex": pl.Int64}, orient="row"),
        pl.LazyFrame(
            stays,
            {"person": pl.Int64, "first_day": pl.Date, "last_day": pl.Date, "area": pl.String},
            orient="row",
        ),
        pl.LazyFrame(index_dates, {"person": pl.Int64, "index_date": pl.Date}, orient="row"),
    )
