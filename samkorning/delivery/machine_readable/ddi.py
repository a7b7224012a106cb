"""The delivery as a code book for programs: DDI-Codebook 2.5 (``ddi-codebook.xml``).

What belongs here: study, files and variables with their categories and counts, in two languages. What must not:
counting or suppressing (samkorning.delivery.codebook): a count that is not shown there is not written here.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from samkorning.delivery.codebook.models import CodebookVariable, ValueCount
from samkorning.delivery.description import DeliveredFile, DeliveredVariable, DeliveryDescription, data_name
from samkorning.delivery.machine_readable.healthdcat import data_set_address, years_covered

DDI_CODEBOOK = "ddi-codebook.xml"
NAMESPACE = "ddi:codebook:2_5"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
PSEUDONYMISED = "Uppgifterna är pseudonymiserade, inte anonymiserade: de är personuppgifter."
FILE_TYPES = {
    "csv": "CSV; UTF-8, semikolon / semicolon",
    "tab": "text; UTF-8, tabulator / tab",
    "parquet": "Parquet",
    "spss": "SPSS sav",
    "stata": "Stata dta 118",
    "sas_transport": "SAS transport 8",
    "sas": "SAS-program / SAS program",
    "excel": "Excel xlsx",
}
_NUMERIC = ("integer", "decimal")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def ddi_codebook(description: DeliveryDescription) -> bytes:
    """The whole document, with the counts that the code book of the description shows."""
    register_namespace("", NAMESPACE)
    root = Element(f"{{{NAMESPACE}}}codeBook", {"version": "2.5", LANGUAGE: "sv"})
    document = _child(_child(root, "docDscr"), "citation")
    _titles(document, description, f"Kodbok {description.folder}", f"Code book {description.folder}")
    study = _child(root, "stdyDscr")
    _citation(study, description)
    _study_information(study, description)
    _access(study, description)
    for number, file in enumerate(description.files, start=1):
        _file(root, number, file)
    data = _child(root, "dataDscr")
    numbers = {file.name: number for number, file in enumerate(description.files, start=1)}
    for name, entries in groupby(description.codebook, lambda entry: entry.file):
        for place, entry in enumerate(entries, start=1):
            _variable(data, numbers[name], place, entry)
    indent(root, " ")
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _citation(study: Element, description: DeliveryDescription) -> None:
    said = description.metadata
    citation = _child(study, "citation")
    _titles(citation, description, description.title, description.title)
    if description.research_principal:
        _child(_child(citation, "rspStmt"), "AuthEnty", description.research_principal)
    _child(_child(citation, "prodStmt"), "producer", said.publisher.name)
    distribution = _child(citation, "distStmt")
    _child(distribution, "distrbtr", said.publisher.name, URI=said.publisher.page)
    _child(distribution, "distDate", description.date.isoformat(), date=description.date.isoformat())
    _child(_child(citation, "verStmt"), "version", description.number, date=description.date.isoformat())


def _titles(citation: Element, description: DeliveryDescription, swedish: str, english: str) -> None:
    titles = _child(citation, "titlStmt")
    _child(titles, "titl", swedish)
    _child(titles, "parTitl", english, language="en")
    _child(titles, "IDNo", data_set_address(description), agency="samkorning")


def _study_information(study: Element, description: DeliveryDescription) -> None:
    said, years = description.metadata, years_covered(description)
    information = _child(study, "stdyInfo")
    subject = _child(information, "subject")
    for word in said.keywords:
        _child(subject, "keyword", word)
    _child(information, "abstract", said.description or description.title)
    summary = _child(information, "sumDscr")
    for event, year in zip(("start", "end"), years or (), strict=False):
        _child(summary, "timePrd", str(year), event=event, date=str(year))
    _child(summary, "nation", "Sverige", abbr="SE")
    _child(summary, "anlyUnit", "person; händelse")
    _child(summary, "anlyUnit", "person; event", language="en")
    if said.population_coverage:
        _child(summary, "universe", said.population_coverage)
    _child(summary, "dataKind", "registerdata")
    _child(summary, "dataKind", "register data", language="en")


def _access(study: Element, description: DeliveryDescription) -> None:
    said = description.metadata
    use = _child(_child(study, "dataAccs"), "useStmt")
    _child(use, "confDec", PSEUDONYMISED, required="yes")
    _child(use, "restrctn", said.access_conditions)
    _child(use, "contact", said.publisher.name, URI=said.publisher.page)
    _child(use, "conditions", said.legal_basis)


def _file(root: Element, number: int, file: DeliveredFile) -> None:
    form = file.rendered.forms[0]
    described = _child(root, "fileDscr", ID=f"F{number}", URI=data_name(file.name, form))
    text = _child(described, "fileTxt")
    _child(text, "fileName", f"{file.name}{form.ending}")
    if file.units:
        _child(text, "fileCont", ", ".join(unit.name for unit in file.units))
    dimensions = _child(text, "dimensns")
    _child(dimensions, "caseQnty", str(file.rendered.rows))
    _child(dimensions, "varQnty", str(len(file.variables)))
    _child(text, "fileType", ", ".join(FILE_TYPES[each.format] for each in file.rendered.forms), charset="UTF-8")


def _variable(data: Element, file: int, place: int, entry: CodebookVariable) -> None:
    variable = entry.variable
    unit = {"measUnit": variable.unit} if variable.unit else {}
    interval = "contin" if variable.type in (*_NUMERIC, "date") and not variable.codes else "discrete"
    named = {"ID": f"F{file}V{place}", "files": f"F{file}", "name": variable.name}
    described = _child(data, "var", intrvl=interval, **named, **unit)
    _labels(described, variable.label_sv, variable.label_en)
    for kind, count in (("vald", entry.filled), ("invd", entry.missing)):
        if count is not None:
            _child(described, "sumStat", str(count), type=kind)
    if entry.distinct is not None:
        _child(described, "sumStat", str(entry.distinct), type="other", otherType="distinct")
    for code, values in groupby(entry.values, lambda value: value.code):
        _category(described, code, list(values))
    for system in variable.systems:
        _child(described, "concept", f"{system.system}{_years(system.from_year, system.to_year)}")
    _format(described, variable)
    for text, language in _notes(entry):
        _child(described, "notes", text, language=language)


def _category(described: Element, code: str, values: Sequence[ValueCount]) -> None:
    """A value with its labels by years; its rows are those of all years together, so they are written once."""
    category = _child(described, "catgry")
    if code:
        _child(category, "catValu", code)
    for value in values:
        years = _years(value.from_year, value.to_year)
        _labels(category, value.label_sv and f"{value.label_sv}{years}", value.label_en and f"{value.label_en}{years}")
    if values[0].rows is not None:
        _child(category, "catStat", str(values[0].rows), type="freq")


def _format(described: Element, variable: DeliveredVariable) -> None:
    kind = "numeric" if variable.type in _NUMERIC else "character"
    category = {"date": "date", "boolean": "other"}.get(variable.type, "other")
    _child(described, "varFormat", variable.type, type=kind, schema="ISO", category=category)


def _notes(entry: CodebookVariable) -> Iterable[tuple[str, str]]:
    """Where a variable comes from, the years it holds for, the breaks in its series, and its rows by year."""
    variable = entry.variable
    if variable.origin:
        yield f"{variable.origin.holder}: {variable.origin.register}.{variable.origin.column}", ""
    years = _years(variable.valid.from_year, variable.valid.to_year).strip(" ()")
    if years:
        yield f"Finns {years} / exists {years}", ""
    for each in variable.breaks:
        yield f"Brott {each.year}: {each.note_sv}", ""
        yield f"Break {each.year}: {each.note_en}", "en"
    for year in entry.years:
        if year.rows is not None and year.filled is not None:
            yield f"{year.year}: {year.filled} / {year.rows}", ""


def _years(first: int | None, last: int | None) -> str:
    return f" ({first or ''}–{last or ''})" if first or last else ""


def _labels(parent: Element, swedish: str, english: str) -> None:
    for text, language in ((swedish, "sv"), (english, "en")):
        if text:
            _child(parent, "labl", text, language=language)


def _child(parent: Element, tag: str, text: str = "", /, *, language: str = "", **attributes: str) -> Element:
    """An element below another, with what XML cannot hold left out of its text."""
    said = {key: _NOT_IN_XML.sub("", value) for key, value in attributes.items()}
    child = SubElement(parent, f"{{{NAMESPACE}}}{tag}", said | ({LANGUAGE: language} if language else {}))
    child.text = _NOT_IN_XML.sub("", text) or None
    return child
