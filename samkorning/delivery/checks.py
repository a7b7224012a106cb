"""Whether a description can become a package: names, row flow, and variables that are those of the file.

What belongs here: rules over the description alone. What must not: rules over rows or over the case (those are the
blocking checks before the delivery). All faults are reported at once, by names and counts.
"""

import re
from collections.abc import Iterable, Iterator

from samkorning.case_number import DELIVERY_NUMBER, is_case_number
from samkorning.delivery.description import DeliveredFile, DeliveryDescription
from samkorning.errors import CheckFailed

_FILE_NAME = re.compile(r"ut_r_[a-z][a-z0-9]*(_[a-z0-9]+)*")
_STATISTICS_PACKAGE_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,31}")
_LINE_BREAKING = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def check_description(description: DeliveryDescription) -> None:
    """Raise CheckFailed with every fault of the description; reads no rows."""
    faults = [*_name_faults(description), *_row_flow_faults(description)]
    for file in description.files:
        faults += _variable_faults(file)
    if faults:
        raise CheckFailed(f"delivery {description.number} of {description.case}: " + "; ".join(faults))


def file_name_holds(name: str, case: str) -> bool:
    """Whether ``name`` reads ``ut_r_<register>[_<part>]_<case number>_<case year>`` for this case."""
    ending = f"_{case.replace('-', '_')}"
    return name.endswith(ending) and _FILE_NAME.fullmatch(name.removesuffix(ending)) is not None


def fits_statistics_packages(variable: str) -> bool:
    """Whether a variable name fits SAS, SPSS and Stata files alike; CSV takes any name, such as LopNr."""
    return _STATISTICS_PACKAGE_NAME.fullmatch(variable) is not None


def _name_faults(description: DeliveryDescription) -> Iterator[str]:
    if not is_case_number(description.case):
        yield "the case number is not written like 36759-2021"
    if DELIVERY_NUMBER.fullmatch(description.number) is None:
        yield "the delivery number is not written like L001"
    if not description.files:
        yield "there is no file to deliver"
    for name in repeated(file.name for file in description.files):
        yield f"{name} occurs twice"
    for file in description.files:
        if not file_name_holds(file.name, description.case):
            yield f"file name {file.name} does not read ut_r_<register>_<case number>_<case year>"


def _row_flow_faults(description: DeliveryDescription) -> Iterator[str]:
    for name in repeated(flow.source for flow in description.row_flows):
        yield f"row flow: source {name} occurs twice"
    for flow in description.row_flows:
        if min(flow.rows_in, flow.linked, flow.duplicates, *flow.dropped.values(), 0) < 0:
            yield f"row flow of {flow.source}: a count is negative"
        if flow.unexplained:
            yield f"row flow of {flow.source}: {flow.unexplained} rows neither linked nor dropped for a reason"


def _variable_faults(file: DeliveredFile) -> Iterator[str]:
    columns = list(file.rendered.columns)
    declared = [variable.name for variable in file.variables]
    if declared != columns:
        yield f"{file.name}: the variables described are not the columns delivered, in their order"
    for name in repeated(name.casefold() for name in columns):
        yield f"{file.name}: variable {name} occurs twice when case is disregarded"
    for name in columns:
        if not name or _LINE_BREAKING.search(name):
            yield f"{file.name}: a variable name is empty or holds a control character"


def repeated(names: Iterable[str]) -> list[str]:
    """The names that occur more than once, sorted."""
    seen: set[str] = set()
    twice: set[str] = set()
    for name in names:
        (twice if name in seen else seen).add(name)
    return sorted(twice)
