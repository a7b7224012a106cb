"""What filled sheets say as an order, or all their faults at once.

What belongs here: the order in which sheets are read, and judging. What must not: reading a workbook's bytes
(incoming), or writing them (template).
"""

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from samkorning.errors import OrderFault, OrderRefused
from samkorning.order.document import Document, Path
from samkorning.order.models import Order
from samkorning.order.reading import model_faults
from samkorning.order.rules import findings
from samkorning.order.workbooks import sheets
from samkorning.order.workbooks.form import read_form, read_further, require_form
from samkorning.order.workbooks.gathered import FilledSheet, Gathered
from samkorning.order.workbooks.holders import read_attachments, read_holders, read_identifiers
from samkorning.order.workbooks.nested import get_in, leave_out, set_in
from samkorning.order.workbooks.selectors import read_selectors
from samkorning.order.workbooks.variables import read_variables
from samkorning.own_registers.catalogue import RegisterCatalogue


def gather(filled: Sequence[FilledSheet], catalogue: RegisterCatalogue) -> Gathered:
    """All that the sheets say."""
    gathered = Gathered(catalogue)
    by_key: dict[str, list[FilledSheet]] = {sheet.key: [] for sheet in sheets.READ}
    for each in filled:
        by_key[each.sheet.key].append(each)
    for form in by_key[sheets.ORDER.key]:
        read_form(gathered, form)
    read_holders(gathered, by_key[sheets.HOLDERS.key])
    read_identifiers(gathered, by_key[sheets.IDENTIFIERS.key])
    read_variables(gathered, by_key[sheets.VARIABLES.key])
    read_selectors(gathered, by_key[sheets.DIAGNOSES.key], by_key[sheets.DRUGS.key])
    read_attachments(gathered, by_key[sheets.ATTACHMENTS.key])
    for further in by_key[sheets.FURTHER.key]:
        read_further(gathered, further)
    require_form(gathered, next((each.named for each in by_key[sheets.ORDER.key]), sheets.ORDER.sv))
    return gathered


def order_in(filled: Sequence[FilledSheet], source: str, catalogue: RegisterCatalogue) -> Mapping[str, Any]:
    """The plain values of the order that sheets say.

    :raises OrderRefused: with every fault's sheet, row, column and remedy; where an identity number was found, with
        those alone.
    """
    gathered = gather(filled, catalogue)
    if gathered.numbers:
        raise OrderRefused(source, gathered.in_order(gathered.numbers))
    faults = gathered.in_order([*gathered.faults, *judged(gathered)])
    if faults:
        raise OrderRefused(source, faults)
    return gathered.value


def judged(gathered: Gathered) -> list[OrderFault]:
    """What models and rules find, beside what is known already.

    Where something is missing or wrong that has an example, the example stands for it, and what else is wrong is left
    out, so that one answer tells all.
    """
    value = copy.deepcopy(gathered.value)
    stood_for = {path for path in gathered.examples if get_in(value, path) is None} | gathered.replaced
    _put_examples(gathered, value, stood_for)
    order, faults, wrong = _validated(gathered.document(value))
    if order is None:
        _put_examples(gathered, value, wrong & gathered.examples.keys())
        for path in wrong - gathered.examples.keys():
            leave_out(value, path)
        stood_for |= wrong
        order, _, _ = _validated(gathered.document(value))
    reported = {fault.place for fault in gathered.faults}
    kept = [fault for fault in faults if fault.place not in reported]
    if order is None:
        return kept
    document = gathered.document(value)
    return kept + [
        document.fault(path, problem, remedy)
        for path, problem, remedy in findings(order, gathered.catalogue)
        if not any(path[: len(each)] == each for each in stood_for)
    ]


def _put_examples(gathered: Gathered, value: dict[str, Any], paths: Iterable[Path]) -> None:
    for path in sorted(paths, key=len):
        set_in(value, path, gathered.examples[path])


def _validated(document: Document) -> tuple[Order | None, list[OrderFault], set[Path]]:
    """The order, or its faults and the fields that have them."""
    wrong: set[Path] = set()
    try:
        return Order.model_validate(document.value), [], wrong
    except ValidationError as invalid:
        wrong = {document.known(error["loc"]) for error in invalid.errors()}
        return None, model_faults(document, invalid), wrong
