"""What has changed of the variables since a file was delivered last."""

import dataclasses
from typing import Any

import polars as pl
import pytest

from samkorning.delivery.changes import described_files, variable_changes
from samkorning.delivery.description import DeliveredFile, DeliveredVariable, Origin
from samkorning.delivery.documents.tables import changes_table
from samkorning.own_registers.catalogue.models import Code
from tests.rendered import a_delivered_file

FILE = "ut_r_par_sv_36759_2021"
KON = DeliveredVariable("KON", "Kön", "Sex", "text", 1, origin=Origin("own register", "PAR_SV", "KON"))
ONE, TWO = (Code(code=code, label_sv=code, label_en=code) for code in "12")


def a_file(*variables: DeliveredVariable, name: str = FILE) -> DeliveredFile:
    frame = pl.DataFrame({variable.name: ["1"] for variable in variables})
    return a_delivered_file(name, frame, variables)


def kon(**changes: Any) -> DeliveredVariable:
    return dataclasses.replace(KON, **changes)


AGE = DeliveredVariable("ALDER", "Ålder", "Age", "integer", 3, origin=Origin("own register", "PAR_SV", "ALDER"))


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ([KON], [KON], []),
        ([KON], [kon(name="SEX")], [("SEX", "renamed", "KON", "SEX")]),
        ([KON], [KON, AGE], [("ALDER", "added", "", "ALDER")]),
        ([KON, AGE], [KON], [("ALDER", "gone", "ALDER", "")]),
        ([KON], [AGE], [("ALDER", "added", "", "ALDER"), ("KON", "gone", "KON", "")]),
        ([kon(origin=None)], [kon(name="SEX", origin=None)], [("SEX", "added", "", "SEX"), ("KON", "gone", "KON", "")]),
        ([KON], [kon(type="integer")], [("KON", "retyped", "text 1", "integer 1")]),
        ([KON], [kon(label_sv="Könet")], [("KON", "relabelled", "Kön", "Könet")]),
        ([KON], [kon(label_en="Gender")], [("KON", "relabelled", "Sex", "Gender")]),
        ([KON], [kon(unit="kg")], [("KON", "other unit", "", "kg")]),
        ([kon(codes=(ONE,))], [kon(codes=(ONE, TWO))], [("KON", "other value set", "1", "2")]),
        (
            [kon(codes=(ONE,))],
            [kon(codes=(ONE.model_copy(update={"to_year": 2219}),))],
            [("KON", "other value set", "1", "1")],
        ),
        (
            [KON],
            [kon(name="SEX", label_sv="Könet")],
            [("SEX", "renamed", "KON", "SEX"), ("SEX", "relabelled", "Kön", "Könet")],
        ),
        ([KON, AGE], [AGE, KON], []),
    ],
)
def test_a_change_of_variables_is_told(
    before: list[DeliveredVariable], now: list[DeliveredVariable], said: list[tuple[str, ...]]
) -> None:
    """Renamed is what comes of the same column under another name; of what has no known column it cannot be said."""
    deliveries = [("L001", described_files([a_file(*before)]))]
    found = variable_changes([a_file(*now)], deliveries)
    assert [(each.variable, str(each.what), each.before, each.now) for each in found] == said
    assert {each.since for each in found} <= {"L001"}


def test_a_file_is_held_against_the_delivery_that_it_was_in_last() -> None:
    one, other = described_files([a_file(KON)]), described_files([a_file(AGE, name="ut_r_dors_36759_2021")])
    found = variable_changes([a_file(kon(name="SEX"))], [("L001", one), ("L002", other)])
    assert [(each.what, each.since) for each in found] == [("renamed", "L001")]
    assert variable_changes([a_file(KON, name="ut_r_new_36759_2021")], [("L001", one)]) == ()
    assert variable_changes([a_file(KON)], [("L001", {})]) == (), "of before descriptions were remembered"


def test_changes_are_written_as_csv() -> None:
    found = variable_changes([a_file(kon(name="SEX"))], [("L001", described_files([a_file(KON)]))])
    assert changes_table(found, ()).decode("utf-8-sig").split("\r\n") == [
        "file;of;what;since;before;now",
        f"{FILE};SEX;nytt namn;L001;KON;SEX",
        "",
    ]
