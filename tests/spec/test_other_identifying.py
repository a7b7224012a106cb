"""Other identifying content: which names of columns and which values count, where no identity is declared."""

from datetime import date

import polars as pl
import pytest

from samkorning.errors import FileRefused
from samkorning.identity import IdentityRules
from samkorning.register_files.columns.direct_identifier_names import suggests_direct_identifier
from samkorning.register_files.columns.direct_identifiers import OtherIdentifying
from samkorning.register_files.opened import Batch

RULES = IdentityRules(reference_date=date(2221, 12, 31), allow_synthetic=True)
NUMBER = "221101012399"


def looked_at(*values: str | None, column: str = "text") -> OtherIdentifying:
    other = OtherIdentifying(["id", column], ["id"], RULES)
    frame = pl.DataFrame({"id": [NUMBER] * len(values), column: values}, schema_overrides={column: pl.String})
    other.look_at(Batch(frame, 1, []))
    return other


@pytest.mark.parametrize(
    "column",
    ["Namn", "NAMN", "name", "Förnamn", "efternamn", "FIRST_NAME", "lastName", "Patient_Namn", "patientnamn",
     "Mors namn", "Adress", "gatuadress", "home_address", "StreetAddress", "Telefon", "tel", "TelefonNr",
     "phone_number", "Mobil", "Hemtelefon", "arbetstel", "Gatunamn",
     "E-post", "epost", "e_mail", "Email", "kontakt_epost"],
)  # fmt: skip
def test_a_name_that_suggests_a_direct_identifier(column: str) -> None:
    assert suggests_direct_identifier(column)


@pytest.mark.parametrize(
    "column",
    ["KommunNamn", "LopNr", "P1105_LopNr_PersonNr", "Vardenhet", "LakemedelNamn", "variable_name", "Hotell", "Telemark",
     "Mobilitet", "Postnummer", "Kon", "Besoksdatum", "Rokning_Beskrivning", "Svar", "ATC", "INDEXDATUM", "file_name"],
)  # fmt: skip
def test_an_ordinary_name(column: str) -> None:
    assert not suggests_direct_identifier(column)


@pytest.mark.parametrize("value", [NUMBER, "22110101-2399", "110101-2399", f"se {NUMBER}", "se 22110101-2399, ring"])
def test_a_value_that_looks_like_an_identity_number(value: str) -> None:
    other = looked_at("x", value, None)
    assert other.values() == {"text": 1}
    with pytest.raises(FileRefused, match=r"text \(1 values\)") as refused:
        other.refuse_values("file.csv")
    assert value not in str(refused.value)


@pytest.mark.parametrize("value", ["20190504", "221101012394", "5560360793", "1,5", "HSA-2321000016-ABC", ""])
def test_an_ordinary_value(value: str) -> None:
    other = looked_at(value)
    assert other.values() == {}
    other.refuse_values("file.csv")


def test_ten_bare_digits_count_when_too_many_are_valid_for_chance() -> None:
    assert looked_at("1101012399", *["9999999999"] * 10).values() == {"text": 1}
    assert looked_at("1101012399", *["9999999999"] * 100).values() == {}


def test_the_declared_identity_column_is_not_other_content() -> None:
    assert looked_at("x").values() == {}
    assert looked_at("x", column="Namn").names == ("Namn",)
    assert OtherIdentifying(["Namn"], ["Namn"], RULES).names == ()


def test_counts_add_up_over_batches() -> None:
    other = OtherIdentifying(["text"], [], RULES)
    for _ in range(3):
        other.look_at(Batch(pl.DataFrame({"text": [NUMBER, "x"]}), 1, []))
    assert other.values() == {"text": 3}


def rows_of(other: OtherIdentifying) -> list[tuple[str, int, tuple[int, ...]]]:
    return [(found.column, found.count, found.rows) for found in other.findings()]


def test_the_rows_are_those_of_the_file_with_the_refused_ones_counted() -> None:
    other = OtherIdentifying(["text", "more"], [], RULES)
    other.look_at(Batch(pl.DataFrame({"text": ["x", NUMBER], "more": ["x", "y"]}), 1, [1, 2]))
    other.look_at(Batch(pl.DataFrame({"text": [None, "x", f"se {NUMBER}, {NUMBER}"], "more": [NUMBER] * 3}), 5, [6]))
    assert rows_of(other) == [("text", 2, (4, 8)), ("more", 3, (5, 7, 8))]


def test_at_most_the_first_twenty_rows_of_a_column_are_listed_and_all_are_counted() -> None:
    other = OtherIdentifying(["text"], [], RULES)
    for place in range(50):
        frame = pl.DataFrame({"text": ["x", *["22110101-2399"] * 9]})
        other.look_at(Batch(frame, 1 + 10 * place, []))
    assert rows_of(other) == [("text", 450, (*range(2, 11), *range(12, 21), 22, 23))]


def test_rows_of_ten_bare_digits_are_listed_when_they_count() -> None:
    assert rows_of(looked_at("x", "1101012399", *["9999999999"] * 10, NUMBER)) == [("text", 2, (2, 13))]
    assert rows_of(looked_at("1101012399", *["9999999999"] * 100, NUMBER)) == [("text", 1, (102,))]
