"""An order as the texts of a workbook's sheets.

What belongs here: which sheets say which part of an order, so that reading them gives the same order. What must not:
writing the workbook (template).

Lists say what they can; what they cannot stands among the further fields. Where a list would say something that the
order does not, it stays empty.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from samkorning.order.document import Path
from samkorning.order.models import Order
from samkorning.order.workbooks import sheets
from samkorning.order.workbooks.columns import Language
from samkorning.order.workbooks.form import form_texts, further_rows
from samkorning.order.workbooks.form_lines import LINES
from samkorning.order.workbooks.gathered import FilledSheet
from samkorning.order.workbooks.holders import attachment_rows, holder_rows, identifier_rows
from samkorning.order.workbooks.judging import gather
from samkorning.order.workbooks.selector_rows import selector_rows
from samkorning.order.workbooks.variables import variable_rows
from samkorning.own_registers.catalogue import RegisterCatalogue

Texts = dict[str, str]
IN_ORDER = ("codes", "except_codes")
"""Mappings whose order counts: a specification is known by the hash of its text."""


@dataclass(frozen=True)
class Filling:
    """The texts of a workbook: those of the form by path, of each list by column, and the further fields."""

    form: dict[Path, str] = field(default_factory=dict)
    lists: dict[str, list[Texts]] = field(default_factory=dict)
    further: list[tuple[str, str]] = field(default_factory=list)


def filling_of(order: Order, catalogue: RegisterCatalogue, language: Language) -> Filling:
    """The texts that say an order."""
    meant = order.model_dump(mode="json", exclude_unset=True)
    lists = _lists(meant, catalogue, language)
    without_selectors = {key: rows for key, rows in lists.items() if key not in ("diagnoses", "drugs")}
    for tried in (lists, without_selectors, {}):
        filling = Filling(form_texts(meant, language), dict(tried))
        left = list(_left(_said(filling, catalogue, language), meant, ()))
        filling.further.extend(row for each in left if each for row in further_rows(*each))
        if None not in left and _is_same(_said(filling, catalogue, language), meant):
            return filling
    raise AssertionError("form and further fields say every order")


def _said(filling: Filling, catalogue: RegisterCatalogue, language: Language) -> Any:
    """What a reader of the texts would read."""
    return gather(list(filled_sheets(filling, language)), catalogue).value


def _is_same(said: Any, meant: Any) -> bool:
    """Whether two plain values are the same, True and 1 apart."""
    return json.dumps(said, sort_keys=True) == json.dumps(meant, sort_keys=True)


def filled_sheets(filling: Filling, language: Language) -> Iterator[FilledSheet]:
    """The texts as the sheets that a reader gets."""
    lines = [line for line in LINES if line.path in filling.form]
    form = [(line.column.heading(language), filling.form[line.path]) for line in lines]
    for sheet, rows in ((sheets.ORDER, form), (sheets.FURTHER, filling.further)):
        heads = tuple(column.heading(language) for column in sheet.columns)
        yield FilledSheet(sheet, sheet.name(language), dict(enumerate([heads, *rows], start=1)))
    for sheet in sheets.TABLES:
        heads = tuple(column.heading(language) for column in sheet.columns)
        listed = [
            tuple(row.get(column.key, "") for column in sheet.columns) for row in filling.lists.get(sheet.key, ())
        ]
        yield FilledSheet(sheet, sheet.name(language), dict(enumerate([heads, *listed], start=1)))


def _lists(meant: Mapping[str, Any], catalogue: RegisterCatalogue, language: Language) -> dict[str, list[Texts]]:
    registers = {register.name: register for register in catalogue.registers}
    selected = selector_rows(meant, language)
    return {
        sheets.HOLDERS.key: list(holder_rows(meant, language)),
        sheets.IDENTIFIERS.key: list(identifier_rows(meant, language)),
        sheets.VARIABLES.key: list(variable_rows(meant, registers, language)),
        sheets.ATTACHMENTS.key: list(attachment_rows(meant, language)),
        sheets.DIAGNOSES.key: selected[0] if selected else [],
        sheets.DRUGS.key: selected[1] if selected else [],
    }


def _left(said: Any, meant: Any, path: Path) -> Iterator[tuple[Path, Any] | None]:
    """What is meant and not yet said; None where something is said that is not meant."""
    if isinstance(said, dict) and isinstance(meant, dict):
        if said.keys() - meant.keys() or (path[-1:] and path[-1] in IN_ORDER and list(said) != list(meant)):
            yield None
        for key, inner in meant.items():
            yield from _left(said[key], inner, (*path, key)) if key in said else [((*path, key), inner)]
    elif isinstance(said, list) and isinstance(meant, list) and len(said) <= len(meant) and said:
        for place, inner in enumerate(meant):
            more: Iterator[tuple[Path, Any] | None] = iter([((*path, place), inner)])
            yield from _left(said[place], inner, (*path, place)) if place < len(said) else more
    elif type(said) is not type(meant) or said != meant:
        yield path, meant
