"""Metadata workbooks for tests: an entry of the register catalogue, written as the authority publishes it.

What belongs here: writing one. What must not: expectations.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from samkorning.own_registers.catalogue import CatalogueRegister, CatalogueVariable, Validity, words
from tests.workbooks import sheet, workbook

Tables = dict[str, list[list[Any]]]


def tables_of(register: CatalogueRegister) -> Tables:
    """The rows of every sheet, header first."""
    codes = [
        [_list_name(variable), each.code, each.label_sv, each.label_en, each.from_year, each.to_year]
        for variable in register.variables
        for each in variable.codes
    ]
    properties = [[named, _value(getattr(register, field))] for named, field in words.PROPERTIES.items()]
    published = [["Licens", "CC0"], ["Språk", "sv"]]
    return {
        words.DESCRIPTION: [[words.PROPERTY, words.VALUE], *properties, *published],
        words.VARIABLES: [list(words.VARIABLE_COLUMNS), *map(_variable, register.variables)],
        f"{words.CODE_LISTS}or": [list(words.CODE_COLUMNS), *codes],
        "Läs mig": [["Om arbetsboken"]],
    }


def written(tables: Tables) -> bytes:
    """The workbook."""
    return workbook(*(sheet(rows, name) for name, rows in tables.items()))


def _list_name(variable: CatalogueVariable) -> str:
    return f"{variable.name} koder"


def _variable(variable: CatalogueVariable) -> list[Any]:
    return [
        variable.name,
        _word(words.TYPES, variable.type),
        variable.length,
        variable.label_sv,
        variable.label_en,
        variable.unit,
        _list_name(variable) if variable.codes else None,
        "; ".join(f"{each.system.value} {_span(each)}".strip() for each in variable.systems),
        _word(words.POSITIONS, variable.position),
        _word(words.STANDS_FOR, variable.identifies),
        variable.serial_name,
        variable.from_year,
        variable.to_year,
        "; ".join(f"{each.year}: {each.note_sv} | {each.note_en}" for each in variable.breaks),
    ]


def _span(validity: Validity) -> str:
    return f"{validity.from_year or ''}-{validity.to_year or ''}" if validity.from_year or validity.to_year else ""


def _value(value: Any) -> Any:
    return _word({**words.STANDINGS, **words.HOLDS}, value) if isinstance(value, Enum) else value


def _word(allowed: Mapping[str, Any], meant: Any) -> str | None:
    return next((word for word, value in allowed.items() if value == meant), None)
