"""The files that the service draws for a case and takes in as its own: who is in the study.

What belongs here: what they look like, as sources. What must not: drawing (samkorning.own_registers), or taking in.
"""

from samkorning.order.population import INDEX_DATE, NUMBER, Population
from samkorning.order.sources import IdentifierColumn, Source, SourceClass
from samkorning.register_files import FileContract
from samkorning.register_files.declared.contract import ColumnContract

OWN_HOLDER = "own register"
STUDY, CONTROLS, RELATIVES = "study", "controls", "relatives"


def drawn_files(population: Population) -> tuple[Source, ...]:
    """The sources of a case that the service draws itself; none where the population is a file and nothing more."""
    return (_study(),) if population.drawn else ()


def _study() -> Source:
    return Source(
        name=STUDY,
        source_class=SourceClass.OWN,
        holder=OWN_HOLDER,
        identifiers=(IdentifierColumn(column=NUMBER),),
        file=FileContract(
            columns=(
                ColumnContract(name=NUMBER, label="Identity number"),
                ColumnContract(name=INDEX_DATE, label="Indexdatum / index date", type="date"),
            )
        ),
    )
