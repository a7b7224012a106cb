"""The files that the service draws for a case and takes in as its own: who is in the study, controls and relatives.

What belongs here: what they look like, as sources. What must not: drawing (samkorning.own_registers), or taking in.
"""

from samkorning.identity import Issuer
from samkorning.identity.identifies import Identifies, Unknown
from samkorning.order.controls import Controls
from samkorning.order.population import INDEX_DATE, NUMBER, Population
from samkorning.order.relatives import Kind, Relatives
from samkorning.order.sources import IdentifierColumn, Source, SourceClass
from samkorning.register_files import FileContract
from samkorning.register_files.declared.contract import ColumnContract

OWN_HOLDER = "own register"
STUDY, CONTROLS, RELATIVES = "study", "controls", "relatives"
ROLE, CASE, CONTROL = "ROLL", "fall", "kontroll"
COUNT, ELIGIBLE, ORDER = "ANTALKONTROLLER", "ANTALMOJLIGA", "NR"
CASE_NUMBER, CONTROL_NUMBER = "case_number", "control_number"
OF_CASE, OF_CONTROL = "_FALL", "_KONTROLL"
RELATIVE_NUMBER, KINSHIP, DEGREE = "relative_number", "SLAKTSKAP", "GRAD"


def drawn_files(
    population: Population, controls: Controls | None, relatives: Relatives | None, issuer: Issuer | None
) -> tuple[Source, ...]:
    """The sources of a case that the service draws itself; none where the population is a file and nothing more.

    :param issuer: who gave the numbers of the population out, where they could be several issuers'.
    """
    if not (population.drawn or controls or relatives):
        return ()
    found = [_study(issuer, with_controls=controls is not None)]
    found += [_controls(controls, issuer)] if controls else []
    return (*found, _relatives()) if relatives else tuple(found)


def _study(issuer: Issuer | None, *, with_controls: bool) -> Source:
    person = (IdentifierColumn(column=NUMBER, issuer=issuer),)
    index_date = _column(INDEX_DATE, "Indexdatum / index date", type="date")
    if not with_controls:
        return _drawn(STUDY, person, index_date)
    return _drawn(
        STUDY,
        person,
        _column(ROLE, "Roll: fall eller kontroll / case or control", codes=(CASE, CONTROL)),
        index_date,
        _column(COUNT, "Antal kontroller till fallet / controls of the case", type="integer"),
        _column(ELIGIBLE, "Antal möjliga kontroller / persons eligible as controls", type="integer"),
    )


def _controls(asked: Controls, issuer: Issuer | None) -> Source:
    matched = [
        _column(f"{name.upper()}{whose}", f"{name}, {words}, on the index date")
        for name in asked.columns
        for whose, words in ((OF_CASE, "the case"), (OF_CONTROL, "the control"))
    ]
    identifiers = (
        IdentifierColumn(column=CASE_NUMBER, serial_name="LopNrFall", issuer=issuer),
        IdentifierColumn(column=CONTROL_NUMBER, serial_name="LopNrKontroll"),
    )
    index_date = _column(INDEX_DATE, "Indexdatum / index date", type="date")
    order = _column(ORDER, "Kontrollens nummer till fallet, i dragen ordning / in the order drawn", type="integer")
    return _drawn(CONTROLS, identifiers, index_date, order, *matched)


def _relatives() -> Source:
    """Who is whose relative: the pair alone, so that no row about a relative leaves by it."""
    identifiers = (
        IdentifierColumn(column=NUMBER),
        IdentifierColumn(
            column=RELATIVE_NUMBER, serial_name="LopNrNarstaende", identifies=Identifies.RELATIVE, unknown=Unknown.ADD
        ),
    )
    kind = _column(KINSHIP, "Släktskap: vad den närstående är / what the relative is", codes=tuple(Kind))
    degree = _column(DEGREE, "Grad; tom där den inte är känd / degree, empty where unknown", type="integer")
    return _drawn(RELATIVES, identifiers, kind, degree)


def _drawn(name: str, identifiers: tuple[IdentifierColumn, ...], *columns: ColumnContract) -> Source:
    numbers = [_column(identifier.column, "Identity number") for identifier in identifiers]
    return Source(
        name=name,
        source_class=SourceClass.OWN,
        holder=OWN_HOLDER,
        identifiers=identifiers,
        file=FileContract(columns=(*numbers, *columns)),
    )


def _column(name: str, label: str, **more: object) -> ColumnContract:
    return ColumnContract.model_validate({"name": name, "label": label, **more})
