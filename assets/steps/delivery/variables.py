"""What a package says of each delivered column: from the register catalogue, or from the contract of a holder's file.

What belongs here: finding the description of one column. What must not: how it is written.
"""

from resources.desk import Desk
from samkorning.case import Case
from samkorning.delivery import DeliveredVariable, Origin, VariableRole
from samkorning.delivery.description import AsWritten
from samkorning.delivery.study_persons.persons_file import PERSONS_FILE, person_variables
from samkorning.order import OwnRegister, Source
from samkorning.order.drawn_files import OWN_HOLDER
from samkorning.own_registers.catalogue.models import Code, Validity

SERIAL_NUMBER_LABELS = ("Löpnummer", "Serial number")
REUSED_LABELS = ("Återanvänt personnummer (1 ja, 0 nej)", "Reused identity number (1 yes, 0 no)")
YES_NO = (Code(code="1", label_sv="ja", label_en="yes"), Code(code="0", label_sv="nej", label_en="no"))


def described_variable(desk: Desk, case: Case, source_name: str, name: str) -> DeliveredVariable:
    """One column of a file of a source or own register, by its delivered name."""
    if source_name == PERSONS_FILE:
        return next(each for each in person_variables(case.specification) if each.name == name)
    source = case.specification.source(source_name)
    if source is not None:
        return _of_source(source, name)
    own = next(own for own in case.specification.own_registers if own.name == source_name)
    return _of_register(desk, own, name)


def _of_register(desk: Desk, own: OwnRegister, name: str) -> DeliveredVariable:
    origin = Origin(OWN_HOLDER, own.register_name, name)
    if name in own.delivered_names:
        return _serial_number(name, origin) if name == own.serial_name else _reused(name, origin)
    entry = desk.catalogue.register(own.register_name)
    variable = next((each for each in entry.variables if each.delivered_name == name), None) or entry.variable(name)
    cut = next((each.characters for each in own.cut_codes if each.variable == name), None)
    length = variable.length if cut is None else min(variable.length or cut, cut)
    return DeliveredVariable(
        name,
        variable.label_sv,
        variable.label_en,
        "integer" if variable.identifies else variable.type,
        9 if variable.identifies else length,
        VariableRole.SERIAL_NUMBER if variable.identifies else VariableRole.VALUE,
        Origin(OWN_HOLDER, own.register_name, variable.name),
        variable.unit,
        Validity(from_year=variable.from_year, to_year=variable.to_year),
        variable.codes,
        variable.systems,
        variable.breaks,
        is_typed=True,
        cut=cut,
    )


def _of_source(source: Source, name: str) -> DeliveredVariable:
    for identifier in source.identifiers:
        if name in identifier.delivered_names:
            origin = Origin(source.holder, source.name, identifier.column)
            return _serial_number(name, origin) if name == identifier.serial_name else _reused(name, origin)
    column = next(column for column in source.file.columns if column.name == name)
    codes = tuple(Code(code=code, label_sv="", label_en="") for code in column.codes)
    origin = Origin(source.holder, source.name, column.name)
    written = AsWritten(column.decimal_mark, column.date_shapes, column.true_values, column.false_values)
    return DeliveredVariable(
        name,
        column.label,
        column.label,
        column.type,
        column.max_length or 0,
        origin=origin,
        codes=codes,
        written=written,
    )


def _serial_number(name: str, origin: Origin) -> DeliveredVariable:
    return DeliveredVariable(name, *SERIAL_NUMBER_LABELS, "integer", 9, VariableRole.SERIAL_NUMBER, origin)


def _reused(name: str, origin: Origin) -> DeliveredVariable:
    return DeliveredVariable(name, *REUSED_LABELS, "integer", 1, VariableRole.REUSED, origin, codes=YES_NO)
