"""Descriptions for programs, each read by a library of others or held against its published schema."""

import dataclasses
import json
import warnings
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from samkorning.delivery.codebook import CodebookVariable, ValueCount
from samkorning.delivery.description import (
    DeliveredFile,
    DeliveredUnit,
    DeliveryDescription,
    Origin,
    VariableRole,
)
from samkorning.delivery.machine_readable.csv_tables import (
    CSV_METADATA,
    DATA_PACKAGE,
    csv_metadata,
    csv_path,
    data_package,
)
from samkorning.delivery.machine_readable.ddi import ddi_codebook
from samkorning.delivery.machine_readable.healthdcat import health_dcat
from samkorning.delivery.machine_readable.ro_crate import ro_crate
from samkorning.delivery.machine_readable.ro_crate_steps import RO_CRATE, steps_of
from samkorning.delivery.package.contents import described_documents, documents_to_scan, package_contents
from samkorning.delivery.package.manifest import MANIFEST, SIGNATURES
from samkorning.delivery.steps import SignedStep, Step, signed_steps, step_problems
from samkorning.encryption.signing import public_key
from samkorning.order.metadata import Metadata, Office
from samkorning.own_registers.catalogue.models import Break, Code, CodeSystem, CodeSystemYears
from tests.published_schemas import ddi_problems, shacl_violations, validated_csvw, validated_data_package
from tests.rendered import a_delivered_file
from tests.unit.test_delivery_documents import SEED, a_description, a_variable

STUDY = pl.DataFrame({"LopNr": [100_000_001, 100_000_002], "INDEXDATUM": ["2219-01-01", None]})
EXTRACT = pl.DataFrame(
    {
        "LopNr": [100_000_001, 100_000_001],
        "HDIA": ['C;50 "x"', ""],
        "INDATUM": [date(2219, 5, 4), None],
        "ANTAL": [1e-7, 1e20],
        "Rokning_Värde": ["1", None],
        "SAGD": ["1985-05-00", None],
    }
)
STEPS = (
    Step(1, "requested", datetime(2221, 1, 1, 9, tzinfo=UTC), "case officer"),
    Step(2, "released by the register holder", datetime(2221, 1, 2, 9, tzinfo=UTC), "register holder", "SCB"),
    Step(3, "delivered", datetime(2221, 1, 3, 9, tzinfo=UTC), "service", "L001"),
)


def a_file(name: str, rows: pl.DataFrame, changes: dict[str, dict[str, Any]], **more: Any) -> DeliveredFile:
    known = {"LopNr": {"role": VariableRole.SERIAL_NUMBER, "type": "integer"}, **changes}
    variables = tuple(a_variable(column, **known.get(column, {})) for column in rows.columns)
    return dataclasses.replace(a_delivered_file(name, rows, variables, more.pop("units", ())), **more)


def a_study(rows: pl.DataFrame = STUDY) -> DeliveredFile:
    return a_file("ut_r_study_36759_2021", rows, {}, is_study=True)


def an_extract(rows: pl.DataFrame = EXTRACT) -> DeliveredFile:
    smoking = (
        Code(code="1", label_sv="ja", label_en="yes", to_year=2218),
        Code(code="1", label_sv="röker", label_en="smokes", from_year=2219),
        Code(code="2", label_sv="nej", label_en="no"),
    )
    changes: dict[str, dict[str, Any]] = {
        "HDIA": {"systems": (CodeSystemYears(system=CodeSystem.ICD_10), CodeSystemYears(system=CodeSystem.KVA))},
        "INDATUM": {"type": "date", "is_typed": True, "breaks": (Break(year=2219, note_sv="ny", note_en="new"),)},
        "ANTAL": {"type": "decimal", "is_typed": True, "unit": "kg"},
        "Rokning_Värde": {"codes": smoking, "origin": Origin("SCB", "lisa", "Rokning_Värde")},
        "SAGD": {"type": "date"},  # declared as a date by another holder, whose values leave as they were written
    }
    units = (DeliveredUnit("par_sv 2218", 1, "6" * 64), DeliveredUnit("par_sv 2219", 1, "6" * 64))
    return a_file("ut_r_par_sv_36759_2021", rows, changes, units=units, is_about_the_study=True)


def described(**changes: Any) -> DeliveryDescription:
    whole = {"files": (a_study(), an_extract()), "research_principal": "Synthetic University", "steps": STEPS}
    return dataclasses.replace(a_description(**{**whole, **changes}), **changes)


def on_disk(description: DeliveryDescription, folder: Path) -> Path:
    """The package's members as files."""
    for member in package_contents(description, SEED).members:
        path = folder / member.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(member.chunks()))
    return folder


# tables


def test_csv_on_the_web_reads_every_value_by_its_description(tmp_path: Path) -> None:
    tables = validated_csvw(on_disk(described(), tmp_path) / CSV_METADATA)
    assert [row["LopNr"] for row in tables[0]] == [100_000_001, 100_000_002]
    first, second = tables[1]
    assert (first["HDIA"], first["INDATUM"].date(), first["ANTAL"]) == ('C;50 "x"', date(2219, 5, 4), 1e-7)
    assert (first["Rokning_Värde"], first["SAGD"], second["INDATUM"]) == ("1", "1985-05-00", None)


def test_a_data_package_reads_the_same(tmp_path: Path) -> None:
    rows = validated_data_package(on_disk(described(), tmp_path) / DATA_PACKAGE)
    assert rows["ut_r_par_sv_36759_2021"][0]["INDATUM"] == date(2219, 5, 4)


@pytest.mark.parametrize(
    "broken",
    [
        pl.DataFrame({"LopNr": [100_000_001, 100_000_003], "HDIA": ["A", "B"]}),  # somebody who is not in the study
        EXTRACT.rename({"INDATUM": "DATUM"}),
    ],
)
def test_the_description_does_not_fit_other_data(tmp_path: Path, broken: pl.DataFrame) -> None:
    folder = on_disk(described(), tmp_path)
    (folder / csv_path(an_extract())).write_bytes(b"".join(an_extract(broken).chunks("csv")))
    with pytest.raises((AssertionError, ValueError), match=r"not found in table|Unspecified column"):
        validated_csvw(folder / CSV_METADATA)


TWICE = pl.DataFrame({"LopNr": [100_000_001, 100_000_001], "INDEXDATUM": ["2219-01-01", "2220-01-01"]})


@pytest.mark.parametrize(
    ("files", "primary", "foreign"),
    [
        ((a_study(), an_extract()), [True, False], [False, True]),
        ((a_study(TWICE), an_extract()), [False, False], [False, False]),  # several index dates a person
        ((an_extract(EXTRACT.head(1)),), [True], [False]),
        ((a_study(), dataclasses.replace(an_extract(), is_about_the_study=False)), [True, False], [False, False]),
    ],
)
def test_only_keys_that_are_true_are_told(
    files: tuple[DeliveredFile, ...], primary: list[bool], foreign: list[bool]
) -> None:
    schemas = [table["tableSchema"] for table in json.loads(csv_metadata(described(files=files)))["tables"]]
    assert [("primaryKey" in schema, "foreignKeys" in schema) for schema in schemas] == list(
        zip(primary, foreign, strict=True)
    )
    package = json.loads(data_package(described(files=files)))["resources"]
    assert [("primaryKey" in each["schema"], "foreignKeys" in each["schema"]) for each in package] == list(
        zip(primary, foreign, strict=True)
    )


# code book

SHOWN = ValueCount("1", "ja", "yes", None, None, 40)
HIDDEN = ValueCount("2", "nej", "no", None, None, None)


def entries(**changes: Any) -> Iterator[CodebookVariable]:
    for file in described().files:
        for variable in file.variables:
            yield CodebookVariable(file.name, variable, 44, 41, 3, 2, **changes)


def test_the_ddi_code_book_holds_to_its_schema() -> None:
    assert ddi_problems(ddi_codebook(described(codebook=tuple(entries(values=(SHOWN, HIDDEN)))))) == []
    assert ddi_problems(described_documents(described())["ddi-codebook.xml"]) == []
    assert ddi_problems(b'<codeBook xmlns="ddi:codebook:2_5"><var/></codeBook>') != []


def test_the_ddi_code_book_writes_shown_counts_alone() -> None:
    text = ddi_codebook(described(codebook=tuple(entries(values=(SHOWN, HIDDEN))))).decode()
    assert text.count('<sumStat type="vald">41</sumStat>') == 8
    assert text.count('<catStat type="freq">40</catStat>') == text.count("<catStat") == 8
    hidden = [dataclasses.replace(each, filled=None, missing=None, distinct=None) for each in entries()]
    assert "sumStat" not in ddi_codebook(described(codebook=tuple(hidden))).decode()


def test_the_ddi_code_book_has_both_languages_and_counts_a_code_once() -> None:
    codes = (ValueCount("1", "ja", "yes", None, 2218, 40), ValueCount("1", "röker", "smokes", 2219, None, 40))
    text = ddi_codebook(described(codebook=tuple(entries(values=codes)))).decode()
    assert '<labl xml:lang="sv">ja (–2218)</labl>' in text
    assert '<labl xml:lang="en">smokes (2219–)</labl>' in text
    assert text.count("<catStat") == 8


def test_the_ddi_code_book_leaves_out_what_xml_cannot_hold() -> None:
    assert ddi_problems(ddi_codebook(described(title="a\x00b\x1f<&\ufffe"))) == []


# catalogue

MINIMUM = (
    "dct:accessRights", "dcatap:applicableLegislation", "healthdcatap:hasCodeValues", "healthdcatap:hasCodingSystem",
    "dcat:contactPoint", "geodcatap:custodian", "dct:description", "dcat:distribution", "dct:spatial",
    "dpv:hasPersonalData", "healthdcatap:hdab", "healthdcatap:healthCategory", "healthdcatap:healthTheme",
    "dct:identifier", "healthdcatap:hasStructuredData", "dcat:keyword", "dct:language", "healthdcatap:numberOfRecords",
    "healthdcatap:numberOfUniqueIndividuals", "dct:provenance", "dct:publisher", "dct:temporal", "dct:title",
    "dct:type", "healthdcatap:hasVariables", "prov:wasGeneratedBy",
)  # fmt: skip
"""The elements of Implementing Regulation (EU) 2026/2098, but for the standard of a data model, which there is not."""


def test_the_catalogue_entry_has_every_element_of_the_regulation_and_no_violation() -> None:
    text = health_dcat(described())
    assert shacl_violations(text) == []
    assert [name for name in MINIMUM if f" {name} ".encode() not in text.replace(b"\n", b" ")] == []


@pytest.mark.parametrize(
    "element", ["healthdcatap:hdab", "dcat:theme", "dct:provenance", "healthdcatap:hasVariables", "dcat:keyword"]
)
def test_an_entry_without_an_element_is_a_violation(element: str) -> None:
    prefix, name = element.split(":")
    renamed = health_dcat(described()).replace(f"  {prefix}:{name} ".encode(), b"  dct:subject ")
    assert shacl_violations(renamed) != []


def test_words_of_the_order_stand_in_the_entry_and_cannot_shape_it() -> None:
    body = Office.model_construct(name='Byrå "ett"\n', page="https://body.example/a b", email="a@body.example")
    words = Metadata.model_construct(**{**Metadata().__dict__, "access_body": body, "keywords": ("a\\b\t.",)})
    text = health_dcat(described(metadata=words, title='Studie" . <x> a <y> .'))
    assert shacl_violations(text) == []
    assert b'"a\\\\b\\t."@sv' in text
    assert b"<https://body.example/a%20b>" in text


# research object and its steps


def test_the_research_object_opens_and_names_every_file_and_step(tmp_path: Path) -> None:
    from rocrate.rocrate import ROCrate

    folder = on_disk(described(), tmp_path)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        crate = ROCrate(folder)
    assert [str(each.message) for each in warned] == []
    members = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    unlisted = {RO_CRATE, MANIFEST, *SIGNATURES}
    assert {entity.id for entity in crate.data_entities} == members - unlisted
    assert [each["agent"]["name"] for each in crate.root_dataset["mentions"]] == [step.role for step in STEPS]


@cache
def signed(**changes: Any) -> list[SignedStep]:
    description = described(**changes)
    steps = signed_steps(description.case, description.number, description.steps, SEED)
    return steps_of(ro_crate(description, {}, steps))


def test_every_step_verifies_with_the_key_of_the_package() -> None:
    assert step_problems(signed(), "36759-2021", "L001", public_key(SEED)) == []
    assert [each.step for each in signed()] == list(STEPS)


def changed(place: int, **changes: Any) -> list[SignedStep]:
    steps = signed()
    return [*steps[:place], dataclasses.replace(steps[place], **changes), *steps[place + 1 :]]


OTHER = dataclasses.replace(STEPS[1], about="a region")


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        (changed(1, step=OTHER), "shown as another"),
        (changed(1, statement=signed()[1].statement.replace("SCB", "XYZ")), "shown as another"),
        (changed(1, signature=signed()[0].signature), "not signed"),
        (changed(1, signature=""), "not signed"),
        (changed(1, signature="å"), "not signed"),
        ([signed()[0], signed()[2]], "missing or not in its place"),
        ([signed()[1], signed()[0], signed()[2]], "missing or not in its place"),
        (signed(number="L002"), "shown as another"),
    ],
)
def test_a_changed_step_is_known(steps: list[SignedStep], problem: str) -> None:
    problems = step_problems(steps, "36759-2021", "L001", public_key(SEED))
    assert problems and all(problem in each for each in problems[:1])


def test_a_step_of_another_service_is_known() -> None:
    assert len(step_problems(signed(), "36759-2021", "L001", public_key(b"1" * 32))) == len(STEPS)


def test_what_the_leak_scan_reads_has_neither_hash_nor_signature() -> None:
    text = documents_to_scan(described())[RO_CRATE]
    crate = json.loads(text)
    assert all("sha256" not in entity and not entity.get("signature") for entity in crate["@graph"])
    assert "Synthetic University" in text.decode()
