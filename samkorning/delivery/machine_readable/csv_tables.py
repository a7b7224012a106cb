"""The data files as tables for programs: CSV on the Web (``csv-metadata.json``), data package (``datapackage.json``).

What belongs here: columns, types, keys and the form of the files. What must not: counts, hashes, or anything about the
study. A column of another holder's file leaves as it was written, so its type is text whatever was declared; the
declared one stands in the variable list and in the code book.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from samkorning.delivery.description import DeliveredFile, DeliveredVariable, DeliveryDescription, VariableRole
from samkorning.delivery.rendering.persons import persons_counted
from samkorning.own_registers.catalogue.models import Code

CSV_METADATA = "csv-metadata.json"
DATA_PACKAGE = "datapackage.json"
_PLAIN_NAME = re.compile("[A-Za-z][A-Za-z0-9_]*")
"""What CSV on the Web takes as the name of a column; another is found by its title alone."""
_CSVW_TYPES = {"text": "string", "integer": "integer", "decimal": "double", "date": "date", "boolean": "boolean"}
_PACKAGE_TYPES = {"text": "string", "integer": "integer", "decimal": "number", "date": "date", "boolean": "boolean"}


def csv_metadata(description: DeliveryDescription) -> bytes:
    """CSV on the Web (W3C): every table with its columns, their labels in two languages, value sets and keys."""
    persons = persons_file(description)
    return _json(
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "sv"}],
            "@id": f"urn:samkorning:{description.case}:{description.number}",
            "dc:title": description.title,
            "dc:identifier": description.folder,
            "dc:issued": {"@value": description.date.isoformat(), "@type": "xsd:date"},
            "dialect": {
                "delimiter": ";",
                "encoding": "utf-8",
                "header": True,
                "doubleQuote": True,
                "lineTerminators": ["\r\n"],
            },
            "tables": [_table(file, persons) for file in csv_files(description)],
        }
    )


def data_package(description: DeliveryDescription) -> bytes:
    """The same tables as a data package (Frictionless)."""
    persons = persons_file(description)
    return _json(
        {
            "name": description.folder.lower(),
            "title": description.title,
            "version": description.number,
            "created": f"{description.date.isoformat()}T00:00:00Z",
            "resources": [_resource(file, persons) for file in csv_files(description)],
        }
    )


def csv_path(file: DeliveredFile) -> str:
    """Where a data file that leaves as CSV lies in the package."""
    return f"data/{file.name}.csv"


def csv_files(description: DeliveryDescription) -> list[DeliveredFile]:
    """The files that leave as CSV, be it beside other formats."""
    return [file for file in description.files if any(form.format == "csv" for form in file.rendered.forms)]


def person_column(file: DeliveredFile) -> str | None:
    """The column of the person that a row is about: the first of serial numbers."""
    return next((each.name for each in file.variables if each.role is VariableRole.SERIAL_NUMBER), None)


def persons_file(description: DeliveryDescription) -> DeliveredFile | None:
    """The file of who is in the study, where the delivery has one and it has one row a person."""
    return next((file for file in csv_files(description) if file.is_study and has_one_row_a_person(file)), None)


def has_one_row_a_person(file: DeliveredFile) -> bool:
    """Whether no person has two rows, as they were counted."""
    counted = persons_counted(file.rendered)
    return counted is not None and 0 < file.rendered.rows == counted.in_file


def data_type(variable: DeliveredVariable) -> str:
    """What the values of a column can be read as."""
    typed = variable.role is not VariableRole.VALUE or variable.is_typed
    return variable.type if typed else "text"


def _table(file: DeliveredFile, persons: DeliveredFile | None) -> dict[str, Any]:
    columns = [_column(variable) for variable in file.variables]
    schema = {"columns": columns, **_keys(file, persons, "columnReference", "resource", csv_path)}
    return {"url": csv_path(file), "dc:title": file.name, "tableSchema": schema}


def _column(variable: DeliveredVariable) -> dict[str, Any]:
    labels = {"sv": variable.label_sv, "en": variable.label_en}
    column: dict[str, Any] = {
        **_named(variable.name, {language: label for language, label in labels.items() if label}),
        "datatype": _CSVW_TYPES[data_type(variable)],
        "null": [""],
    }
    if variable.unit:
        column["schema:unitText"] = variable.unit
    if variable.codes:
        column["skos:hasTopConcept"] = [_concept(code) for code in variable.codes]
    if variable.systems:
        column["dc:conformsTo"] = [f"{each.system}{_years(each.from_year, each.to_year)}" for each in variable.systems]
    return column


def _named(name: str, labels: Mapping[str, str]) -> dict[str, Any]:
    """A column is known by its name, or by its only title where the name is none to CSV on the Web."""
    if _PLAIN_NAME.fullmatch(name):
        return {"name": name, "titles": {"und": name, **labels}}
    return {"titles": name, "dc:title": _in_languages(labels)}


def _in_languages(labels: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"@value": label, "@language": language} for language, label in labels.items() if label]


def _concept(code: Code) -> dict[str, Any]:
    labels = _in_languages({"sv": code.label_sv, "en": code.label_en})
    years = _years(code.from_year, code.to_year).strip()
    return {
        "skos:notation": code.code,
        **({"skos:prefLabel": labels} if labels else {}),
        **({"skos:historyNote": years} if years else {}),
    }


def _years(first: int | None, last: int | None) -> str:
    return f" {first or ''}–{last or ''}" if first or last else ""


def _resource(file: DeliveredFile, persons: DeliveredFile | None) -> dict[str, Any]:
    fields = [
        {
            "name": variable.name,
            "title": variable.label_sv or variable.name,
            "description": variable.label_en or variable.name,
            "type": _PACKAGE_TYPES[data_type(variable)],
        }
        for variable in file.variables
    ]
    keys = _keys(file, persons, "fields", "resource", lambda other: other.name)
    return {
        "name": file.name,
        "path": csv_path(file),
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "dialect": {"csv": {"delimiter": ";", "lineTerminator": "\r\n"}},
        "schema": {"fields": fields, "missingValues": [""], **keys},
    }


def _keys(
    file: DeliveredFile,
    persons: DeliveredFile | None,
    columns: str,
    resource: str,
    named: Callable[[DeliveredFile], str],
) -> dict[str, Any]:
    """The keys that are true: of a file with one row a person, and of extracts about nobody but the study's persons."""
    column = person_column(file)
    if column is None:
        return {}
    keys: dict[str, Any] = {"primaryKey": column} if has_one_row_a_person(file) else {}
    if persons is not None and file is not persons and file.is_about_the_study:
        known = person_column(persons)
        keys["foreignKeys"] = [{columns: column, "reference": {resource: named(persons), columns: known}}]
    return keys


def _json(values: Mapping[str, Any] | Sequence[Any]) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode()
