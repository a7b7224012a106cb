"""What has been said of each column of a file, for the formats that it is written in.

What belongs here: bringing type, labels and codes together with how the text of a holder's column writes them. What
must not: what a format makes of it (samkorning.delivery.formats).
"""

from collections.abc import Iterable

from assets.steps.delivery.variables import described_variable
from resources.desk import Desk
from samkorning.case import Case
from samkorning.delivery.description import DeliveredVariable
from samkorning.delivery.formats import Declared
from samkorning.own_registers.catalogue.models import Code


def declared_columns(desk: Desk, case: Case, source_name: str, columns: Iterable[str]) -> list[Declared]:
    """What was said of the delivered columns of a source or own register, in their order."""
    return [_declared(described_variable(desk, case, source_name, name)) for name in columns]


def _declared(variable: DeliveredVariable) -> Declared:
    written = variable.written
    return Declared(
        variable.name,
        variable.type,
        variable.label_sv,
        _labels(variable.codes),
        written.decimal_mark,
        written.date_shapes,
        written.true_values,
        written.false_values,
    )


def _labels(codes: Iterable[Code]) -> tuple[tuple[str, str], ...]:
    """Each code once; one that has meant several things over the years says all of them."""
    found: dict[str, list[str]] = {}
    for code in codes:
        said = found.setdefault(code.code, [])
        if code.label_sv and code.label_sv not in said:
            said.append(code.label_sv)
    return tuple((code, "; ".join(said)) for code, said in found.items() if said)
