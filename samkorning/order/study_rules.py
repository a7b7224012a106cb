"""Rules about who is in the study: a drawn population, controls, relatives, and extracts about them (R22, R23).

What belongs here: what these blocks say about each other. What must not: the language of selections (selection_rules),
or whether a register is loaded.
"""

from collections.abc import Iterator

from samkorning.order.models import Order
from samkorning.order.own_registers import About

Path = tuple[str | int, ...]
Finding = tuple[Path, str, str]
POPULATION: Path = ("specification", "population")


def the_population_is_drawn_from_what_is_there(order: Order) -> Iterator[Finding]:
    """R22: a population is drawn from a source and a selection of the specification, by columns that are declared."""
    specification = order.specification
    drawn, index_date = specification.population.drawn, specification.population.index_date
    if drawn and drawn.selection and drawn.selection not in {each.name for each in specification.selections}:
        yield (*POPULATION, "drawn", "selection"), "R22: no such selection", "name one of the selections"
    if drawn and drawn.within and specification.population_source is None:
        yield (*POPULATION, "drawn", "within"), "R22: no such source", "name one of the sources"
        return
    if index_date and drawn and drawn.within is None:
        problem = "a selection gives its own index dates"
        yield (*POPULATION, "index_date"), problem, "leave it out, and name index_date in the selection"
        return
    file = (specification.population_source or specification.population).file
    if index_date and index_date not in {column.name for column in file.columns}:
        yield (*POPULATION, "index_date"), "no such column in the file that the persons come from", "declare it there"


def controls_need_index_dates(order: Order) -> Iterator[Finding]:
    """R23: controls are at risk on the index date of their case, so that every case has one."""
    specification = order.specification
    drawn = specification.population.drawn
    chosen = next((each for each in specification.selections if drawn and each.name == drawn.selection), None)
    dated = specification.population.index_date or (chosen and chosen.index_date)
    if specification.controls and not dated:
        remedy = "name the column in population.index_date, or the event group in the selection's index_date"
        yield ("specification", "controls"), "R23: the population has no index date", remedy


def rows_are_about_who_is_in_the_study(order: Order) -> Iterator[Finding]:
    """Rows about relatives or controls can leave only where the specification asks for these."""
    specification = order.specification
    asked = {About.CONTROLS: specification.controls, About.RELATIVES: specification.relatives}
    for index, own in enumerate(specification.own_registers):
        for whom in own.about if "about" in own.model_fields_set else ():
            if whom in asked and asked[whom] is None:
                place = ("specification", "own_registers", index, "about")
                yield place, f"the specification asks for no {whom}", f"add {whom}, or leave it out here"
    relatives = specification.relatives
    if relatives and "controls" in relatives.of and specification.controls is None:
        yield ("specification", "relatives", "of"), "the specification asks for no controls", "name cases alone"
