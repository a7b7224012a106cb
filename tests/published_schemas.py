"""Documents held against their published schemas, or read by libraries of others, without a network.

What belongs here: validators as plain functions. What must not: expectations.
"""

import warnings
from functools import cache
from pathlib import Path
from typing import Any

import rdflib
from csvw import CSVW
from lxml import etree

SCHEMAS = Path(__file__).resolve().parent / "schemas"
SHACL = rdflib.Namespace("http://www.w3.org/ns/shacl#")


def validated_csvw(metadata: Path) -> list[list[dict[str, Any]]]:
    """The rows of every table that CSV on the Web describes; the description and the data must fit each other."""
    with warnings.catch_warnings():
        warnings.simplefilter("always")  # the library tells what does not fit as warnings
        read = CSVW(str(metadata), validate=True)
        assert read.is_valid, [str(each.message) for each in read.warnings]
        return [list(table) for table in read.tables]


def validated_data_package(descriptor: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of every resource of a data package, which must be valid."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import frictionless

        package = frictionless.Package(str(descriptor))
        report = package.validate()
        assert report.valid, report.flatten(["type", "note"])
        return {resource.name: [dict(row) for row in resource.read_rows()] for resource in package.resources}


def ddi_problems(document: bytes) -> list[str]:
    """What of a document the XML schema of DDI-Codebook 2.5 does not allow."""
    schema = _ddi_schema()
    schema.validate(etree.fromstring(document))
    return [str(each.message) for each in schema.error_log]


def ubl_invoice_problems(document: bytes) -> list[str]:
    """What of an invoice the XML schema of UBL 2.1 does not allow."""
    schema = _ubl_schema()
    try:
        schema.validate(etree.fromstring(document))
    except etree.XMLSyntaxError as error:
        return [str(error)]
    return [str(each.message) for each in schema.error_log]


def shacl_violations(turtle: bytes) -> list[str]:
    """What of a data set the shapes of HealthDCAT-AP, access level NON_PUBLIC, and of DCAT-AP do not allow."""
    from pyshacl import validate

    data = rdflib.Graph().parse(data=turtle, format="turtle")
    _, report, _ = validate(data, shacl_graph=_shapes(), inference="none", advanced=True, allow_warnings=True)
    severe = report.subjects(SHACL.resultSeverity, SHACL.Violation)
    return sorted(
        f"{report.value(each, SHACL.resultPath)} {report.value(each, SHACL.resultMessage)}" for each in severe
    )


@cache
def _ddi_schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / "ddi-codebook-2.5" / "codebook.xsd"))


@cache
def _ubl_schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / "ubl-2.1" / "maindoc" / "UBL-Invoice-2.1.xsd"))


@cache
def _shapes() -> rdflib.Graph:
    shapes = rdflib.Graph()
    for path in sorted((SCHEMAS / "healthdcat-ap-8").glob("*.ttl")):
        shapes.parse(path)
    return shapes
