"""The newcomer's first command: one synthetic case from its order to three deliveries that open."""

from pathlib import Path

import polars as pl
import pytest

from pipelines.demonstration import demonstrate
from pipelines.register_study import demonstrate_register_study
from resources import inbox
from samkorning.delivery import open_package
from samkorning.encryption.age import create_identity
from samkorning.encryption.signing import public_key
from tests.office import Office


def test_the_demonstration_makes_three_deliveries(tmp_path: Path) -> None:
    desk = Office(tmp_path, persons=300).desk
    said: list[str] = []
    made = demonstrate(desk, 300, 2221, said.append)
    assert [(each["delivery"], each["kind"]) for each in made.deliveries] == [
        ("L001", "first"),
        ("L002", "supplement"),
        ("L003", "repeat"),
    ]
    assert not list(inbox.lying_files(desk.home, made.case)), "what was taken in lies in the inbox no longer"
    secret = made.identity.read_text().splitlines()[-1]
    for each in made.deliveries:
        sealed = desk.home.root / each["path"]
        opened = open_package(sealed, secret, tmp_path / each["delivery"], public_key(desk.signing_seed))
        assert [file.rows for file in opened.manifest.files] == [file["rows"] for file in each["files"]]
    assert made.serial_numbers >= made.persons > 0
    assert any("comes late" in line for line in said)


@pytest.mark.slow
def test_the_second_case_is_found_in_registers_and_delivers_twice(tmp_path: Path) -> None:
    """Its story: a study from a register with five controls each and siblings, then a new year on the same numbers."""
    office = Office(tmp_path, persons=2_000, seed=2221)
    desk, identity = office.desk, create_identity()
    made = demonstrate_register_study(desk, office.world, identity.recipient, lambda line: None)
    assert [(each["delivery"], each["kind"]) for each in made.deliveries] == [("L001", "first"), ("L002", "repeat")]
    first, second = (
        open_package(desk.home.root / each["path"], identity.secret, tmp_path / each["delivery"]).folder / "data"
        for each in made.deliveries
    )

    def delivered(folder: Path, name: str) -> pl.DataFrame:
        path = folder / f"ut_r_{name}_{made.case.replace('-', '_')}.csv"
        return pl.read_csv(path, separator=";", infer_schema=False)

    study, pairs, siblings = (delivered(first, name) for name in ("study", "controls", "relatives"))
    cases, controls = study.filter(pl.col("ROLL") == "fall"), study.filter(pl.col("ROLL") == "kontroll")
    assert cases.height > 0 and pairs.height > 0
    assert pairs.group_by("LopNrFall", "INDEXDATUM").len()["len"].max() <= 5
    assert set(pairs["LopNrKontroll"]) == set(controls["LopNr"])
    assert set(siblings["LopNr"]) <= set(cases["LopNr"])
    in_study, relatives = set(study["LopNr"]), set(siblings["LopNrNarstaende"])
    deaths = delivered(first, "dors")
    assert set(deaths["LopNr"]) <= in_study | relatives
    drugs = [delivered(folder, "lmed") for folder in (first, second)]
    assert all(set(each["LopNr"]) <= in_study for each in drugs), "the same numbers in the new year, and nobody new"
    assert {day[:4] for day in drugs[1]["EDATUM"]} == {"2221"}
    dated = drugs[0].join(study.group_by("LopNr").agg(pl.col("INDEXDATUM").max()), on="LopNr")
    days = dated.select(pl.col("EDATUM").str.to_date() - pl.col("INDEXDATUM").str.to_date()).to_series().dt.total_days()
    assert days.max() <= 730
