"""What an order says of formats and names of variables together: a format that cannot have them is refused by name.

What belongs here: what is known before there are rows. What must not: what rows show (samkorning.delivery.formats).
"""

from collections.abc import Callable, Iterable, Iterator

from samkorning.data_formats import FormatName, header_problem, name_problem, with_what_they_need
from samkorning.order.models import Order, Specification
from samkorning.own_registers.catalogue import RegisterCatalogue

Path = tuple[str | int, ...]
Finding = tuple[Path, str, str]
Problem = Callable[[str, FormatName], str | None]
REMEDY = "choose csv or parquet, or leave it out of the delivery"
HEADER_REMEDY = "have the holder name it otherwise, choose another format, or leave it out of the delivery"


def formats_are_named_once(order: Order) -> Iterator[Finding]:
    """A format is asked for once."""
    formats = order.specification.formats
    if len(set(formats)) < len(formats):
        yield ("specification", "formats"), "names a format twice", "name each once"


def formats_take_the_names(order: Order) -> Iterator[Finding]:
    """Every delivered variable of a source has a name that every format of the order takes."""
    for place, names in _names(order.specification):
        yield from _findings(place, order.specification, names)


def delimited_text_takes_the_names(order: Order) -> Iterator[Finding]:
    """So does the first line of delimited text: asked of orders that come in, not of those kept from before."""
    for place, names in _names(order.specification):
        yield from _findings(place, order.specification, names, header_problem, HEADER_REMEDY)


def formats_take_the_names_of_registers(order: Order, catalogue: RegisterCatalogue) -> Iterator[Finding]:
    """So has every variable of an own register, under the name that the catalogue delivers it by."""
    for index, own in enumerate(order.specification.own_registers):
        found = catalogue.find(own.register_name)
        renamed = {each.name: each.delivered_name for each in found.variables} if found else {}
        names = [renamed.get(name, name) for name in own.variables]
        yield from _findings(("specification", "own_registers", index, "variables"), order.specification, names)


def _names(specification: Specification) -> Iterator[tuple[Path, list[str]]]:
    """The delivered names that the order itself gives, by where it gives them."""
    for index, source in enumerate(specification.sources):
        names = [name for identifier in source.identifiers for name in identifier.delivered_names]
        yield ("specification", "sources", index), [*names, *source.delivered_columns]
    for index, own in enumerate(specification.own_registers):
        yield ("specification", "own_registers", index), list(own.delivered_names)


def _findings(
    place: Path,
    specification: Specification,
    names: Iterable[str],
    problem_of: Problem = name_problem,
    remedy: str = REMEDY,
) -> Iterator[Finding]:
    for name in names:
        for format_name in with_what_they_need(specification.formats):
            problem = problem_of(name, format_name)
            if problem:
                yield place, f"{format_name} cannot have the variable {name!r}: its name {problem}", remedy
                break
