"""The documents of a package: variable list, row flow, readme, manifest; and the checks on what they are made from."""

import ast
import dataclasses
import io
import re
import unicodedata
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import fastexcel
import pandas
import polars as pl
import pytest

from samkorning.delivery.changes.models import Change, What
from samkorning.delivery.checks import check_description
from samkorning.delivery.codebook import codebook
from samkorning.delivery.description import (
    AsWritten,
    DeliveredFile,
    DeliveredUnit,
    DeliveredVariable,
    DeliveryDescription,
    DeliveryKind,
    Origin,
    Recipient,
    SerialNumberFacts,
    StudyChange,
    UnitDifference,
)
from samkorning.delivery.documents import table_words
from samkorning.delivery.documents.readme import readme
from samkorning.delivery.documents.readme_texts import ENGLISH, SWEDISH, Wording
from samkorning.delivery.documents.tables import changes_table, flow_table, variable_list
from samkorning.delivery.formats import FORMATS, Declared, Loss
from samkorning.delivery.lost_persons import ReportedLost
from samkorning.delivery.machine_readable.healthdcat import health_dcat
from samkorning.delivery.package.contents import manifest_without_hashes, package_contents
from samkorning.delivery.package.manifest import MANIFEST, DataFileEntry, Manifest, read_manifest
from samkorning.delivery.package.signed_json import canonical_json, parse, render
from samkorning.delivery.row_difference import RowDifference
from samkorning.delivery.standing import StandingUnit, Why
from samkorning.errors import CheckFailed, PackageRefused
from samkorning.identity.problems import Problem, Repair
from samkorning.linkage.row_flow import RowFlow
from samkorning.order.drawn_files import OWN_HOLDER
from samkorning.own_registers.catalogue.models import Code, Validity
from samkorning.persons.attrition import AttritionStep
from tests.data_formats import in_formats
from tests.provenance import PROVENANCE
from tests.rendered import a_delivered_file, rendered

NAME = "ut_r_par_sv_36759_2021"
SEED = bytes(32)


def a_variable(name: str, **changes: Any) -> DeliveredVariable:
    variable = DeliveredVariable(name, f"{name} på svenska", f"{name} in English", "text", 5)
    return dataclasses.replace(variable, **changes)


def a_file(name: str = NAME, units: tuple[DeliveredUnit, ...] = (), **columns: Any) -> DeliveredFile:
    frame = pl.DataFrame(columns or {"LopNr": [100_000_001, 100_000_002], "HDIA": ["C509", None]})
    return a_delivered_file(name, frame, tuple(map(a_variable, frame.columns)), units)


def a_parquet_file(*names: str) -> DeliveredFile:
    """A file in a format that holds every name."""
    facts, content = in_formats(pl.DataFrame({name: [100_000_001] for name in names}), ["parquet"])
    return DeliveredFile(NAME, facts, lambda name: iter([content[name]]), tuple(map(a_variable, names)))


def a_description(**changes: Any) -> DeliveryDescription:
    description = DeliveryDescription(
        case="36759-2021",
        number="L001",
        kind=DeliveryKind.FIRST,
        synthetic=True,
        title="Bröstcancer och läkemedel",
        recipient=Recipient("Anna Exempel", "Exempeluniversitetet"),
        date=date(2221, 12, 31),
        files=(a_file(),),
        row_flows=(RowFlow("PAR_SV", 5, 2, {"unknown_person": 2, "damaged_number": 1}, duplicates=1),),
        awaited=("region",),
        serial_numbers=SerialNumberFacts(persons_in_code_key=20, drawn_now=7),
        provenance=PROVENANCE,
    )
    changed = dataclasses.replace(description, **changes)
    return dataclasses.replace(changed, codebook=codebook(changed.files, changed.smallest_count))


def page(wording: Wording, **changes: Any) -> str:
    return readme(a_description(**changes), wording).decode()


def rows_of(workbook: bytes) -> list[tuple[Any, ...]]:
    return fastexcel.read_excel(workbook).load_sheet(0, dtypes="string").to_polars().rows()


def test_the_variable_list_has_a_row_for_each_variable_of_each_file() -> None:
    files = (
        a_file(LopNr=list(range(1, 13)), HDIA=[*"ABCDEF", *[None] * 6]),
        a_file("ut_r_dors_36759_2021", LopNr=list(range(1, 13)), ULORSAK=["I219"] * 11 + [None]),
    )
    said = [row[:8] for row in rows_of(variable_list(a_description(files=files)))]
    assert said == [
        (NAME, "LopNr", "LopNr på svenska", "LopNr in English", "1", "text", "5", "12"),
        (NAME, "HDIA", "HDIA på svenska", "HDIA in English", "2", "text", "5", "6"),
        ("ut_r_dors_36759_2021", "LopNr", "LopNr på svenska", "LopNr in English", "1", "text", "5", "12"),
        ("ut_r_dors_36759_2021", "ULORSAK", "ULORSAK på svenska", "ULORSAK in English", "2", "text", "5", "–"),
    ]


def test_the_variable_list_says_what_the_register_catalogue_says() -> None:
    variable = a_variable(
        "KON",
        codes=(Code(code="1", label_sv="man", label_en="man"), Code(code="2", label_sv="kvinna", label_en="woman")),
        valid=Validity(from_year=1964, to_year=2219),
        unit="kg",
        origin=Origin("Socialstyrelsen", "PAR_SV", "KON"),
    )
    file = a_delivered_file(NAME, pl.DataFrame({"LopNr": [1], "KON": ["1"]}), (a_variable("LopNr"), variable))
    said = rows_of(variable_list(a_description(files=(file,))))[1][8:]
    assert said == ("1 man; 2 kvinna", "1964", "2219", "kg", "Socialstyrelsen", "PAR_SV", "KON")


def test_own_registers_are_called_so_in_swedish() -> None:
    variable = a_variable("KON", origin=Origin(OWN_HOLDER, "PAR_SV", "KON"))
    description = a_description(files=(a_delivered_file(NAME, pl.DataFrame({"KON": ["1"]}), (variable,)),))
    assert rows_of(variable_list(description))[0][12] == "eget register"
    catalogue = health_dcat(description).decode()
    assert "Länkade uppgifter från eget register;" in catalogue and "Linked data from own register;" in catalogue


@pytest.mark.parametrize("label", ["=1+1", "{=1}", "http://example.org", "007", "<b>&"])
def test_a_label_stays_text_in_the_variable_list(label: str) -> None:
    file = a_delivered_file(NAME, pl.DataFrame({"LopNr": [1]}), (a_variable("LopNr", label_sv=label),))
    assert rows_of(variable_list(a_description(files=(file,))))[0][2] == label


def test_documents_repeat_byte_for_byte() -> None:
    first, second = (package_contents(a_description(), SEED) for _ in range(2))
    assert [b"".join(one.chunks()) for one in first.members] == [b"".join(one.chunks()) for one in second.members]


def test_the_variable_list_carries_the_date_of_the_delivery_and_not_of_the_clock() -> None:
    properties = zipfile.ZipFile(io.BytesIO(variable_list(a_description()))).read("docProps/core.xml").decode()
    assert set(re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z", properties)) == {"2221-12-31T00:00:00Z"}


def test_persons_who_were_not_counted_are_said_not_to_be() -> None:
    """A linkage of before persons were counted, and register years, have none."""
    lines = flow_table(a_description()).decode("utf-8-sig").split("\r\n")
    assert "PAR_SV;bortfall;inte i kodnyckeln;–;" in lines
    assert not any("totalt" in line or "läsbart" in line for line in lines)
    assert "| not counted | 1 |" in page(ENGLISH)
    lost = {"PAR_SV": ReportedLost(12, {"unknown_person": 12}, 1)}
    assert "| 12 | 1 |" in page(ENGLISH, lost=lost)
    assert "| – | 1 |" in page(SWEDISH, lost={"PAR_SV": ReportedLost(None, {}, 1)})


def test_the_row_flow_has_a_row_for_each_step_and_reason() -> None:
    """Rows and persons at every step, which is what RECORD and GUILD ask an article to tell."""
    readings = {"PERSNR": {"guessed_century": 7, "float": 1}}
    dropped = {"unknown_person": 12, "damaged_number": 6}
    flow = RowFlow("PAR_SV", 20, 2, dropped, duplicates=1, readings=readings, persons=1, persons_without_rows=8)
    lost = {"PAR_SV": ReportedLost(None, {"unknown_person": None}, 6)}
    lines = flow_table(a_description(row_flows=(flow,), lost=lost)).decode("utf-8-sig").split("\r\n")
    assert [line for line in lines if not line.startswith(("studien", NAME))] == [
        "source;step;reason;rows;persons",
        "PAR_SV;rader in;;20;",
        "PAR_SV;länkade;;2;1",
        "PAR_SV;personer utan rader;;;8",
        "PAR_SV;bortfall;damaged number;6;0",
        "PAR_SV;bortfall;inte i kodnyckeln;12;–",
        "PAR_SV;bortfall totalt;;18;–",
        "PAR_SV;bortfall utan läsbart nummer;;6;",
        "PAR_SV;tolkat i PERSNR;decimaltal återställt;–;",
        "PAR_SV;tolkat i PERSNR;gissat århundrade;7;",
        "PAR_SV;dubbletter bland länkade;;1;",
        "",
    ]


def test_the_flow_goes_from_the_first_criterion_to_the_file() -> None:
    steps = (AttritionStep("adults", "1", "born before 2200", 900), AttritionStep("adults", "2", "alive", 850, 50))
    table = flow_table(a_description(attrition=steps, row_flows=())).decode("utf-8-sig")
    assert table.split("\r\n") == [
        "source;step;reason;rows;persons",
        "adults;personer kvar;born before 2200;;900",
        "adults;personer kvar;alive;;850",
        "adults;bortfallna personer;alive;;50",
        "studien;i kodnyckeln;;;20",
        f"{NAME};utlämnat;;2;2",
        "",
    ]


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        (SWEDISH, ["pseudonymiserade, inte anonymiserade", "Syntetiska uppgifter", "första utlämningen", "- region"]),
        (
            SWEDISH,
            [
                "| PAR_SV | – | 2 | damaged number: –, inte i kodnyckeln: – | inte räknat | 1 |",
                "inom tre månader",
            ],
        ),
        (SWEDISH, ["har 20 personer; 7 drogs", "vilka löpnummer som är nya", "python3 verify.py", "`: HDIA"]),
        (ENGLISH, ["pseudonymised, not anonymised", "Synthetic data", "first delivery", "- region"]),
        (
            ENGLISH,
            [
                "| PAR_SV | – | 2 | damaged number: –, unknown person (inte i kodnyckeln): – | not counted | 1 |",
                "within three months",
            ],
        ),
        (ENGLISH, ["holds 20 persons; 7 were drawn", "which serial numbers are new", "python3 verify.py", "`: HDIA"]),
    ],
)
def test_the_readme_says_what_the_recipient_must_know(wording: Wording, said: list[str]) -> None:
    text = page(wording, files=(a_file(LopNr=[1, 2], HDIA=["=1+1", None]),))
    assert [phrase for phrase in said if phrase not in text] == []


def test_the_readme_says_how_other_holders_write_numbers_and_days() -> None:
    """Their values are delivered as they came, and a researcher must know the decimal comma."""
    lab = AsWritten(",", ("YYYY-MM-DD", "YYWW"))
    variables = (
        a_variable("LopNr", type="integer"),
        a_variable("HbA1c", type="decimal", written=lab),
        a_variable("BMI", type="decimal"),
        a_variable("Debut", type="date", written=lab),
        a_variable("Besok", type="date"),
        a_variable("Kod", written=lab),
    )
    frame = pl.DataFrame({each.name: ["1"] for each in variables})
    text = page(ENGLISH, files=(a_delivered_file(NAME, frame, variables),))
    assert f"- `{NAME}`: decimal comma: HbA1c\n- `{NAME}`: dates: Debut (YYYY-MM-DD, YYWW)\n" in text
    assert ENGLISH.as_written not in page(ENGLISH)


@pytest.mark.parametrize("wording", [SWEDISH, ENGLISH])
def test_the_readme_reads_a_file_in_python_with_every_text_as_it_is(wording: Wording, tmp_path: Path) -> None:
    texts = ["NA", "null", "02", " a ", 'a;"b"\r\nc', None]
    file = a_file(LopNr=[*range(len(texts))], HDIA=texts)
    (tmp_path / "file.csv").write_bytes(b"".join(file.chunks("csv")))
    recipe = re.search(r"`pandas\.(read_csv\(.*\))`", page(wording))
    assert recipe is not None
    call = ast.parse(recipe[1], mode="eval").body
    assert isinstance(call, ast.Call)
    said = {str(each.arg): ast.unparse(each.value) for each in call.keywords}
    options = {name: str if value == "str" else ast.literal_eval(value) for name, value in said.items()}
    read = pandas.read_csv(tmp_path / "file.csv", **options)
    assert [None if pandas.isna(each) else each for each in read["HDIA"]] == texts


@pytest.mark.parametrize("wording", [SWEDISH, ENGLISH])
def test_the_readme_follows_the_delivery(wording: Wording) -> None:
    whole = page(
        wording, kind=DeliveryKind.REPEAT, synthetic=False, awaited=(), previous="L002", notes=("Rättat 1/12",)
    )
    assert wording.synthetic not in whole
    assert wording.nothing_awaited in whole
    assert wording.kinds[DeliveryKind.REPEAT] in whole
    assert ": L002" in whole
    assert "- Rättat 1/12" in whole
    assert f"| `data/{NAME}.csv` | 2 | 2 |" in whole
    assert "$" not in whole


@pytest.mark.parametrize("wording", [SWEDISH, ENGLISH])
def test_a_title_from_an_order_cannot_shape_the_page(wording: Wording) -> None:
    text = page(wording, title="Studie\n\n# Rubrik\n$case", awaited=("region\n| a |",))
    assert "\n# Rubrik" not in text
    assert "Studie # Rubrik $case" in text
    assert "\n| a |" not in text


def test_what_has_changed_is_told_in_swedish_under_the_same_heads() -> None:
    changes = [Change(NAME, "KON", What.RETYPED, "integer 3", "text 1", "L001")]
    differences = [UnitDifference("lisa", "L001", None), UnitDifference("lmed", "L001", RowDifference(same=7, new=2))]
    assert changes_table(changes, differences).decode("utf-8-sig").split("\r\n") == [
        "file;of;what;since;before;now",
        f"{NAME};KON;annan typ;L001;heltal 3;text 1",
        ";lisa;utlämnad på nytt;L001;;det som lämnades ut förut finns inte kvar",
        ";lmed;samma rader;L001;;7",
        ";lmed;ändrade rader;L001;;0",
        ";lmed;nya rader;L001;;2",
        ";lmed;borttagna rader;L001;;0",
        ";lmed;nya personer;L001;;0",
        ";lmed;borttagna personer;L001;;0",
        "",
    ]


def test_every_reason_and_reading_has_a_swedish_word() -> None:
    assert {str(each) for each in Problem} <= set(table_words.REASONS)
    assert {"guessed_century", *map(str, Repair)} == set(table_words.READINGS)
    assert set(table_words.CHANGES) == set(What)


@pytest.mark.parametrize("wording", [SWEDISH, ENGLISH])
def test_the_readme_says_which_variables_have_codes_without_a_label(wording: Wording) -> None:
    """A few rows with such codes are not told, as in the code book."""
    men, unnamed = Code(code="1", label_sv="man", label_en="man"), Code(code="2", label_sv="", label_en="")
    variables = (
        a_variable("LopNr"),
        a_variable("WHOLE", codes=(men,)),
        a_variable("OTHERS", codes=(men,)),
        a_variable("UNNAMED", codes=(men, unnamed)),
        a_variable("FEW", codes=(men,)),
    )
    ones, both = ["1"] * 24, ["1"] * 12 + ["2"] * 12
    frame = pl.DataFrame(
        {"LopNr": [*range(1, 25)], "WHOLE": ones, "OTHERS": both, "UNNAMED": both, "FEW": ["1"] * 23 + ["9"]}
    )
    text = page(wording, files=(a_delivered_file(NAME, frame, variables),))
    assert wording.unlabelled.substitute(variables=f"`{NAME}`: OTHERS, UNNAMED") in text
    assert wording.unlabelled.substitute(variables="").split(":")[0] not in page(wording)


@pytest.mark.parametrize(("wording", "three"), [(SWEDISH, "HDIA (3 tecken)"), (ENGLISH, "HDIA (3 characters)")])
def test_the_readme_says_which_codes_are_cut(wording: Wording, three: str) -> None:
    assert wording.unaltered in page(wording)
    frame = pl.DataFrame({"LopNr": [1], "HDIA": ["C50"]})
    file = a_delivered_file(NAME, frame, (a_variable("LopNr"), a_variable("HDIA", cut=3)))
    text = page(wording, files=(file,))
    assert wording.unaltered not in text
    assert wording.cut.substitute(cuts=f"`{NAME}`: {three}") in text


@pytest.mark.parametrize("wording", [SWEDISH, ENGLISH])
@pytest.mark.parametrize("format_name", ["csv", "parquet"])
def test_the_readme_names_only_files_that_are_there(wording: Wording, format_name: str) -> None:
    file = a_file() if format_name == "csv" else a_parquet_file("LopNr")
    description = a_description(files=(file,))
    there = {member.name for member in package_contents(description, SEED).members}
    named = set(re.findall(r"`([a-z_-]+\.(?:json|ttl|xml|xlsx|R))`", readme(description, wording).decode()))
    assert {"variabellista.xlsx", "ddi-codebook.xml", "etiketter.R"} <= named <= there | {"manifest.json"}
    assert ("las_in.R" in named, "datapackage.json" in named) == ((format_name == "csv",) * 2)


@pytest.mark.parametrize(("wording", "name"), [(SWEDISH, "identitet"), (ENGLISH, "identity")])
def test_the_readme_opens_the_package_with_two_commands_and_no_pipe(wording: Wording, name: str) -> None:
    """A pipe of PowerShell reads bytes as text and breaks them."""
    text = page(wording)
    opened = f"`age -d -i {name}.txt -o 36759-2021_L001.tar 36759-2021_L001.tar.age`"
    assert opened in text and "`tar -xf 36759-2021_L001.tar`" in text
    assert "| tar" not in text


def test_both_readmes_have_the_same_sections() -> None:
    assert page(SWEDISH).count("\n## ") == page(ENGLISH).count("\n## ") == 10


def test_names_in_the_package_are_in_composed_form() -> None:
    for member in package_contents(a_description(), SEED).members:
        assert unicodedata.is_normalized("NFC", member.name)


def test_the_manifest_comes_back_as_it_was_written() -> None:
    manifest = package_contents(a_description(), SEED).manifest
    assert parse(Manifest, render(manifest), MANIFEST) == manifest
    assert manifest.files[0].rows == 2
    assert (manifest.persons_in_code_key, manifest.serial_numbers_drawn) == (20, 7)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + b" ",
        lambda text: text.replace(b" ", b"  ", 1),
        lambda text: text.replace(b'"rows": 2', b'"rows": 2.0'),
        lambda text: text.replace(b'"rows": 2', b'"rows": "2"'),
        lambda text: text.replace(b'"rows": 2', b'"rows": -2'),
        lambda text: text.replace(b'"rows": 2,', b""),
        lambda text: text.replace(b'"synthetic": true', b'"synthetic": 1'),
        lambda text: text.replace(b"samkorning-delivery-3", b"samkorning-delivery-4"),
        lambda text: text.replace(b"{", b'{"more": 1,', 1),
        lambda text: b"[" * 100_000,
        lambda text: b"",
        lambda text: b"\xff",
        lambda text: b"null",
    ],
)
def test_a_manifest_written_otherwise_is_refused_by_name(change: Any) -> None:
    text = render(package_contents(a_description(), SEED).manifest)
    with pytest.raises(PackageRefused, match=MANIFEST) as refusal:
        parse(Manifest, change(text), MANIFEST)
    assert refusal.value.__cause__ is None


NEW_IN_3 = {"files": {"__all__": {"format"}}, "units": {"__all__": {"rows", "input_digest"}}}
NEW_IN_3 |= dict.fromkeys(("code_key", "made_from", "approvals"), True)
NEW_IN_2 = {**NEW_IN_3, **dict.fromkeys(("units", "persons_added", "persons_removed"), True)}


@pytest.mark.parametrize(("number", "unknown"), [(1, NEW_IN_2), (2, NEW_IN_3)])
def test_a_manifest_of_an_earlier_form_is_still_read_and_only_in_its_own(number: int, unknown: Any) -> None:
    manifest = package_contents(a_description(**REPLACING), SEED).manifest
    earlier = canonical_json(
        {**manifest.model_dump(mode="json", exclude=unknown), "format": f"samkorning-delivery-{number}"}
    )
    read = read_manifest(earlier)
    assert render(read) == earlier
    assert read.entries.keys() == manifest.entries.keys()
    assert read.signatures == ("manifest.json.sig",)
    for other in (earlier.replace(b"delivery-%d" % number, b"delivery-3"), earlier.replace(b"-%d" % number, b"-9")):
        with pytest.raises(PackageRefused, match=MANIFEST):
            read_manifest(other)
    with pytest.raises(PackageRefused, match=MANIFEST):
        read_manifest(render(manifest).replace(b"delivery-3", b"delivery-%d" % number))


def test_the_manifest_comes_back_as_its_own_form() -> None:
    manifest = package_contents(a_description(), SEED).manifest
    assert read_manifest(render(manifest)) == manifest


def test_the_manifest_says_what_the_delivery_was_made_from_and_by_whose_leave() -> None:
    manifest = package_contents(a_description(), SEED).manifest
    assert manifest.made_from.model_dump() == {
        "specification_sha256": "1" * 64,
        "program_sha256": "2" * 64,
        "lock_sha256": "3" * 64,
        "lock_of": "requirements.lock",
    }
    assert (manifest.code_key.first, manifest.code_key.digest, manifest.code_key.previous) == ("4" * 64, "5" * 64, None)
    assert manifest.approvals.decision_approved == "2221-03-01"


def test_the_scan_sees_every_word_of_the_manifest_and_no_hash() -> None:
    said = manifest_without_hashes(a_description(**REPLACING)).decode()
    assert re.search("[0-9a-f]{64}", said) is None
    assert all(word in said for word in ("par_sv 2219", NAME, "2221-00001-01", "2221-03-01"))


REPLACING = {
    "kind": DeliveryKind.REPLACEMENT,
    "files": (
        a_file(units=(DeliveredUnit("par_sv 2219", 1, "6" * 64, "L001"), DeliveredUnit("par_sv 2221", 1, "7" * 64))),
    ),
    "study_change": StudyChange(came=3, went=2),
}


def test_the_manifest_names_what_replaces_what_and_who_came_and_went() -> None:
    manifest = package_contents(a_description(**REPLACING), SEED).manifest
    assert [(entry.file, entry.unit, entry.replaces) for entry in manifest.units] == [
        (f"data/{NAME}.csv", "par_sv 2219", "L001"),
        (f"data/{NAME}.csv", "par_sv 2221", None),
    ]
    assert (manifest.kind, manifest.persons_added, manifest.persons_removed) == ("replacement", 3, 2)


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        (SWEDISH, ["ersättning för det som har rättats", "| par_sv 2219 | L001 |", "| par_sv 2221 | ingen: ny |"]),
        (SWEDISH, ["Använd inte längre", "har 3 personer kommit till studiepopulationen och 2 tagits bort"]),
        (ENGLISH, ["replacement of what has been corrected", "| par_sv 2219 | L001 |", "| par_sv 2221 | none: new |"]),
        (ENGLISH, ["Do not use the parts", "3 persons have come to the study population and 2 have been taken out"]),
    ],
)
def test_the_readme_names_what_replaces_what_and_who_came_and_went(wording: Wording, said: list[str]) -> None:
    text = page(wording, **REPLACING)
    assert [phrase for phrase in said if phrase not in text] == []
    assert wording.nothing_replaced in page(wording)
    assert wording.same_study in page(wording)


def test_a_hash_has_64_hexadecimal_digits() -> None:
    values = {"name": "data/a.csv", "format": "csv", "rows": 1, "bytes": 1, "sha256": "0" * 64}
    assert parse(DataFileEntry, canonical_json(values), "entry").rows == 1
    for wrong in ("0" * 63, "0" * 65, "G" + "0" * 63, "0" * 64 + "\n"):
        with pytest.raises(PackageRefused):
            parse(DataFileEntry, canonical_json({**values, "sha256": wrong}), "entry")


def test_a_whole_description_passes() -> None:
    check_description(a_description())


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({"case": "36759/2021"}, "case number"),
        ({"case": "../36759-2021"}, "case number"),
        ({"number": "1"}, "delivery number"),
        ({"number": "L001/.."}, "delivery number"),
        ({"files": ()}, "no file to deliver"),
        ({"files": (a_file(), a_file())}, f"{NAME} occurs twice"),
        ({"files": (a_file("par_36759_2021"),)}, "par_36759_2021 does not read"),
        ({"files": (dataclasses.replace(a_file(), variables=()),)}, "not the columns delivered"),
        (
            {"files": (dataclasses.replace(a_file(), variables=a_file().variables[::-1]),)},
            "not the columns delivered, in their order",
        ),
        ({"files": (a_file(LopNr=[1], LOPNR=[1]),)}, "lopnr occurs twice"),
        (
            {"files": (a_parquet_file("LopNr", "a\nb"),)},
            "control character",
        ),
        ({"row_flows": (RowFlow("PAR_SV", 5, 3),)}, "2 rows neither linked nor dropped"),
        ({"row_flows": (RowFlow("PAR_SV", 5, 6, {"x": -1}),)}, "negative"),
        ({"row_flows": (RowFlow("PAR_SV", 0, 0), RowFlow("PAR_SV", 0, 0))}, "PAR_SV occurs twice"),
    ],
)
def test_a_description_that_does_not_hold_is_refused_with_the_fault(changes: dict[str, Any], seen: str) -> None:
    with pytest.raises(CheckFailed, match="36759") as refusal:
        check_description(a_description(**changes))
    assert seen in str(refusal.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(CheckFailed) as refusal:
        check_description(a_description(number="1", row_flows=(RowFlow("PAR_SV", 5, 3),)))
    assert "delivery number" in str(refusal.value)
    assert "2 rows neither" in str(refusal.value)


@pytest.mark.parametrize(
    ("column", "seen"),
    [
        (pl.Series([["C50"]]), "csv: X is List.*; make it text"),
        (pl.Series([0]).cast(pl.Datetime("us", "Europe/Stockholm")), "local time"),  # its offset would be lost
    ],
)
def test_a_column_that_a_data_file_cannot_hold_is_refused(column: pl.Series, seen: str) -> None:
    with pytest.raises(CheckFailed, match=seen):
        rendered(pl.DataFrame({"LopNr": [1], "X": column}))


def test_the_workbook_leaves_no_file_behind(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "absent"))
    assert io.BytesIO(variable_list(a_description())).read(2) == b"PK"


def test_the_readme_says_how_each_format_is_read_and_what_it_does_not_carry() -> None:
    said = [Declared("LopNr", "integer"), Declared("TEXT", "text", "å" * 50)]
    rows = pl.DataFrame({"LopNr": [1, 2, 3], "TEXT": ["", None, "x "]})
    facts, content = in_formats(rows, ["csv", "spss", "stata"], said)
    file = DeliveredFile(NAME, facts, lambda name: iter([content[name]]), tuple(map(a_variable, rows.columns)))
    english, swedish = page(ENGLISH, files=(file,)), page(SWEDISH, files=(file,))
    for ending in (".csv", ".sav", ".dta"):
        assert f"| `data/{NAME}{ending}` | 3 | 2 |" in english and f"`data/{NAME}{ending}`" in swedish
    assert "\n\nSPSS (`.sav`, UTF-8)" in english and "\n\nStata (`.dta`" in english and "%xpt2loc" not in english
    assert f"- `data/{NAME}.sav`: empty text and missing value cannot be told apart: TEXT\n" in english
    assert f"- `data/{NAME}.sav`: blanks at the end of a text are lost: TEXT\n" in english
    assert f"- `data/{NAME}.dta`: the label is cut, the variable list has it whole: TEXT\n" in english
    assert f"- `data/{NAME}.dta`: tom text och saknat värde går inte att skilja åt: TEXT\n" in swedish
    assert "are the same. This is what" not in page(ENGLISH)


def test_every_format_and_all_that_it_tells_has_its_words_in_both_languages() -> None:
    for wording in (SWEDISH, ENGLISH):
        assert set(wording.formats) == set(FORMATS)
        assert set(wording.losses) == {each.value for each in Loss}


def test_the_readme_says_what_a_delivery_of_everything_leaves_out_and_why() -> None:
    standing = tuple(StandingUnit(f"unit_{why}", "L002", why) for why in Why)
    for wording in (SWEDISH, ENGLISH):
        said = page(wording, standing=standing, kind=DeliveryKind.COMPLETE)
        assert all(f"| unit_{why} | L002 | {wording.stands[why]} |" in said for why in Why)
        assert wording.standing not in page(wording, kind=DeliveryKind.COMPLETE)
