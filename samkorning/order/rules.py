"""Rules that an order alone can break: each one function that gives the faults it finds, none when it is kept.

What belongs here: rules of the service about the content of an order. What must not: anything that depends on what has
happened since (samkorning.case.rules), or on shapes of fields (samkorning.order.models).
"""

from collections import Counter
from collections.abc import Callable, Iterator

from samkorning.identity.identifies import Identifies, Unknown
from samkorning.order.attachments import attachment_findings
from samkorning.order.format_rules import (
    delimited_text_takes_the_names,
    formats_are_named_once,
    formats_take_the_names,
    formats_take_the_names_of_registers,
)
from samkorning.order.models import Order
from samkorning.order.quasi_identifiers import quasi_identifier_findings
from samkorning.order.selection_rules import selection_findings
from samkorning.order.sources import SourceClass
from samkorning.order.study_rules import (
    controls_need_index_dates,
    rows_are_about_who_is_in_the_study,
    the_population_is_drawn_from_what_is_there,
)
from samkorning.own_registers.catalogue import RegisterCatalogue

Path = tuple[str | int, ...]
Finding = tuple[Path, str, str]
"""Where in the order, what is wrong, and what mends it."""

RESERVED_SOURCES = frozenset({"population", "number_history", "personer"})


def research_needs_ethics_approval(order: Order) -> Iterator[Finding]:
    """R03: research on living persons rests on an ethics decision."""
    if order.purpose == "research" and not order.deceased_only and order.ethics is None:
        yield ("ethics",), "R03: research without an ethics decision", "add the ethics block"


def deceased_only_needs_a_research_plan(order: Order) -> Iterator[Finding]:
    """R05: an order on deceased persons only needs a research plan in place of ethics approval."""
    if order.deceased_only and order.research_plan is None:
        yield ("research_plan",), "R05: deceased persons only, without a research plan", "add research_plan"


def deceased_only_takes_the_cause_of_death_register(order: Order) -> Iterator[Finding]:
    """R05: the exception is for the cause-of-death register alone."""
    others = [own.register_name for own in order.specification.own_registers if own.register_name != "DORS"]
    if order.deceased_only and (others or order.specification.sources):
        yield ("deceased_only",), "R05: registers other than DORS", "order them with an ethics decision"


def source_names_are_unique(order: Order) -> Iterator[Finding]:
    """A name leads to one source: in commands, assets, files and the ledger."""
    specification = order.specification
    names = [source.name for source in specification.all_sources] + [own.name for own in specification.own_registers]
    counts = Counter(names)
    for index, source in enumerate(specification.sources):
        if source.source_class is SourceClass.OWN:
            place = ("specification", "sources", index, "source_class")
            yield place, "what the service draws is not sent by anybody", "name the class of the holder"
        if counts[source.name] > 1 or source.name in RESERVED_SOURCES:
            yield ("specification", "sources", index, "name"), "the name is taken", "choose another name"
    for index, own in enumerate(specification.own_registers):
        if counts[own.name] > 1:
            place = ("specification", "own_registers", index, "register_name")
            yield place, "the register is listed twice", "put its variables and period in one entry"


def named_columns_are_declared(order: Order) -> Iterator[Finding]:
    """Every column that the specification uses is declared in its file."""
    specification = order.specification
    population = specification.population
    if population.drawn is None and population.column not in {column.name for column in population.file.columns}:
        yield ("specification", "population", "column"), "no such column in file.columns", "declare it there"
    for index, source in enumerate(specification.sources):
        declared = {column.name for column in source.file.columns}
        for position, identifier in enumerate(source.identifiers):
            if identifier.column not in declared:
                place = ("specification", "sources", index, "identifiers", position, "column")
                yield place, "no such column in file.columns", "declare it there"
        if source.deliver is not None and not declared.issuperset(source.deliver):
            yield ("specification", "sources", index, "deliver"), "names undeclared columns", "declare them in file"


def identifier_columns_are_not_delivered(order: Order) -> Iterator[Finding]:
    """R07: serial numbers are the default; an identifier column never leaves as it came."""
    for index, source in enumerate(order.specification.sources):
        identifying = {identifier.column for identifier in source.identifiers}
        if identifying & set(source.deliver or ()):
            yield ("specification", "sources", index, "deliver"), "R07: lists an identifier column", "remove it"


def delivered_names_are_unique(order: Order) -> Iterator[Finding]:
    """No two delivered columns of a file share a name, in any letter case (SAS and SPSS do not tell them apart)."""
    for index, source in enumerate(order.specification.sources):
        names = [name for identifier in source.identifiers for name in identifier.delivered_names]
        names += source.delivered_columns
        if len({name.casefold() for name in names}) < len(names):
            yield ("specification", "sources", index), "two delivered columns share a name", "rename serial_name"


def the_first_identifier_is_the_person_of_the_row(order: Order) -> Iterator[Finding]:
    """A row without its person is nothing: the first identifier column is a person, dropped or added, never blank."""
    for index, source in enumerate(order.specification.sources):
        first, place = source.identifiers[0], ("specification", "sources", index, "identifiers", 0)
        if first.when_unknown is Unknown.BLANK:
            yield (*place, "unknown"), "the first identifier column cannot be left blank", "write drop or add"
        if first.identifies is not Identifies.PERSON:
            yield (*place, "identifies"), "the first identifier column is not the person of the row", "move it down"


def extracts_take_events_of_their_register(order: Order) -> Iterator[Finding]:
    """An extract of events names a group that looks at its register."""
    groups = {group.name: group for group in order.specification.events}
    for index, own in enumerate(order.specification.own_registers):
        place = ("specification", "own_registers", index, "events")
        if own.events is None:
            continue
        if own.events not in groups:
            yield place, f"no event group {own.events}", "name one of the specification's events"
        elif own.register_name not in groups[own.events].registers:
            yield place, f"the event group {own.events} does not look at {own.register_name}", "name the register there"


def codes_are_cut_where_they_are_delivered(order: Order) -> Iterator[Finding]:
    """R08: only a variable that is delivered can be delivered with less detail."""
    for index, own in enumerate(order.specification.own_registers):
        missing = sorted({cut.variable for cut in own.cut_codes} - set(own.variables))
        if missing:
            place = ("specification", "own_registers", index, "cut_codes")
            yield place, f"R08: {', '.join(missing)} is not among the variables", "add it there, or leave it out here"


def deliveries_are_sealed_for_somebody(order: Order) -> Iterator[Finding]:
    """R20: a delivery is sealed for the recipient's age key or locked with a passphrase, and not both."""
    said = order.recipient
    if said.sealed_as == "age" and said.age_recipient is None:
        mends = "add the recipient's public age key, or write sealed_as: 7z"
        yield ("recipient", "age_recipient"), "R20: there is no key to seal deliveries for", mends
    if said.sealed_as == "7z" and said.age_recipient is not None:
        problem = "R20: an age key beside sealed_as: 7z"
        yield ("recipient", "sealed_as"), problem, "remove the key, or write sealed_as: age"


def quasi_identifiers_are_delivered(order: Order) -> Iterator[Finding]:
    """R20: the disclosure preview looks at what is delivered."""
    yield from quasi_identifier_findings(order.specification)


def synthetic_cases_have_no_real_recipient(order: Order) -> Iterator[Finding]:
    """A synthetic case never delivers to a real recipient: the recipient's organisation says that it is synthetic."""
    organisation = order.recipient.organisation.casefold()
    if order.synthetic and not ("synthetic" in organisation or "syntetisk" in organisation):
        yield ("recipient", "organisation"), "a synthetic case has a real recipient", "name a synthetic organisation"


RULES: tuple[Callable[[Order], Iterator[Finding]], ...] = (
    research_needs_ethics_approval,
    deceased_only_needs_a_research_plan,
    deceased_only_takes_the_cause_of_death_register,
    source_names_are_unique,
    named_columns_are_declared,
    the_population_is_drawn_from_what_is_there,
    identifier_columns_are_not_delivered,
    delivered_names_are_unique,
    the_first_identifier_is_the_person_of_the_row,
    extracts_take_events_of_their_register,
    codes_are_cut_where_they_are_delivered,
    controls_need_index_dates,
    rows_are_about_who_is_in_the_study,
    deliveries_are_sealed_for_somebody,
    quasi_identifiers_are_delivered,
    synthetic_cases_have_no_real_recipient,
    formats_are_named_once,
    formats_take_the_names,
    attachment_findings,
)


def donation_register_is_never_linked(order: Order, catalogue: RegisterCatalogue) -> Iterator[Finding]:
    """R06: a register that the catalogue bars, as the donation register, is never linked at person level."""
    for index, own in enumerate(order.specification.own_registers):
        found = catalogue.find(own.register_name)
        if found is not None and found.barred:
            place = ("specification", "own_registers", index, "register_name")
            yield place, f"R06: {own.register_name} is barred: {found.barred}", "remove it"


def registers_are_in_the_catalogue(order: Order, catalogue: RegisterCatalogue) -> Iterator[Finding]:
    """R03: own registers and their variables are ordered by the names of the register catalogue."""
    for index, own in enumerate(order.specification.own_registers):
        place = ("specification", "own_registers", index)
        found = catalogue.find(own.register_name)
        if found is None:
            yield (*place, "register_name"), "R03: no such own register", f"use one of {', '.join(catalogue.names)}"
            continue
        missing = sorted(set(own.variables) - {variable.name for variable in found.variables})
        if missing:
            problem = f"R03: the register has no variable {', '.join(missing)}"
            yield (*place, "variables"), problem, "use the names of the register catalogue"


def delivered_names_of_registers_are_unique(order: Order, catalogue: RegisterCatalogue) -> Iterator[Finding]:
    """No two delivered columns of an own register share a name; serial numbers have names of their own."""
    for index, own in enumerate(order.specification.own_registers):
        found = catalogue.find(own.register_name)
        renamed = {each.name: each.delivered_name for each in found.variables} if found else {}
        names = [*own.delivered_names, *(renamed.get(name, name) for name in own.variables)]
        if len({name.casefold() for name in names}) < len(names):
            yield ("specification", "own_registers", index), "two delivered columns share a name", "rename serial_name"


def codes_alone_are_cut(order: Order, catalogue: RegisterCatalogue) -> Iterator[Finding]:
    """R07: what stands for a number in an identifier column is never a part of that number."""
    for index, own in enumerate(order.specification.own_registers):
        found = catalogue.find(own.register_name)
        identifying = {variable.name for variable in found.variables if variable.identifies} if found else set()
        if identifying & {cut.variable for cut in own.cut_codes}:
            yield ("specification", "own_registers", index, "cut_codes"), "cuts an identifier column", "remove it"


CATALOGUE_RULES: tuple[Callable[[Order, RegisterCatalogue], Iterator[Finding]], ...] = (
    donation_register_is_never_linked,
    registers_are_in_the_catalogue,
    delivered_names_of_registers_are_unique,
    codes_alone_are_cut,
    formats_take_the_names_of_registers,
)


INCOMING_RULES: tuple[Callable[[Order], Iterator[Finding]], ...] = (delimited_text_takes_the_names,)
"""Rules that came later: an order that is kept from before stays readable without them."""


def findings(order: Order, catalogue: RegisterCatalogue | None = None, comes_in: bool = False) -> list[Finding]:
    """Everything in the order that breaks a rule; what the register catalogue says only where one is given.

    :param comes_in: whether it comes in now, and is not one that is kept from before.
    """
    found = [finding for rule in RULES + (INCOMING_RULES if comes_in else ()) for finding in rule(order)]
    selecting = selection_findings(order.specification, catalogue)
    found += [(("specification", *place), problem, remedy) for place, problem, remedy in selecting]
    return found + ([each for rule in CATALOGUE_RULES for each in rule(order, catalogue)] if catalogue else [])
