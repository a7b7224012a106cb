"""The disclosure preview through the production definitions: looked at, accepted, released, delivered, and again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.steps import stores
from assets.steps.delivery.delivering import deliver, present_plan
from assets.steps.delivery.disclosing import disclosures
from assets.steps.delivery.disclosing_together import reckon_together
from pipelines.delivering import put_together
from pipelines.instance import dagster_instance
from samkorning.case import EventKind, acts
from samkorning.case.disclosure import accept_disclosure, is_accepted
from samkorning.case.inputs import Unit
from samkorning.delivery.disclosure import FileDisclosure, told_together
from samkorning.errors import CheckFailed, RuleRefused
from tests.commands import answer, program
from tests.office import ENGINEER, OFFICER, RECIPIENT
from tests.small_office import CASE, SmallOffice, small_order

QUASI = """specification:
  quasi_identifiers:
    - source: diabetes
      columns: [{column: Besoksdatum, kind: date}, {column: Insulin}]
"""
HEADER = "PERSNR;Besoksdatum;Debutdatum;HbA1c;BMI;Insulin;Pump;Rokning_Beskrivning;Rokning_Värde"


def visits(office: SmallOffice, name: str, days: list[str]) -> Path:
    """A visit a person of the study, on these days."""
    path = office.folder / f"{name}.csv"
    rows = [f"{number};{day};;40;;;;;" for number, day in zip(office.first, days, strict=True)]
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8-sig")
    return path


FOUR_FIVE = ["2218-01-01"] * 4 + ["2218-06-01"] * 5
THREE_SIX = ["2218-01-01"] * 3 + ["2218-06-01"] * 6
"""One day has three visitors, who are the smallest group; as year all nine are alike."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[SmallOffice]:
    """A case whose specification names quasi-identifiers, with all that its delivery needs but two decisions."""
    office = an_office(tmp_path, QUASI)
    yield office
    office.desk.cases.close()


@pytest.fixture
def of_two(tmp_path: Path) -> Iterator[SmallOffice]:
    """The same with two files that have them; the second has not come."""
    office = an_office(tmp_path, TWO, SECOND)
    yield office
    office.desk.cases.close()


def an_office(folder: Path, quasi: str, more: str = "") -> SmallOffice:
    """Its first file has come."""
    office = SmallOffice(folder)
    text = small_order().replace(RECIPIENT, office.identity.recipient).replace("specification:\n", quasi, 1) + more
    text = text.replace("holder: Exempelregistret", "holder: Exempelregistret\n      corrections: follow", 1)
    detail = acts.order_detail(text, "order.yaml", office.desk.catalogue)
    office.desk.cases.open(CASE, office.desk.clock.now(), ENGINEER, detail)
    office.decide(CASE)
    office.release_holders(CASE, "Exempelregistret")
    office.review(CASE)
    office.take(CASE, "population", office.population(office.first))
    office.take(CASE, "diabetes", visits(office, "visits", FOUR_FIVE))
    return office


def homes(office: SmallOffice) -> Path:
    """Where each person of the study lives: three in one municipality and six in another, alike in each file."""
    path = office.folder / "bosatt.csv"
    rows = [f"{number};{'0180' if nth % 3 else '1480'}" for nth, number in enumerate(office.first)]
    path.write_text("\n".join(["PERSNR;Kommun", *rows]) + "\n", encoding="utf-8")
    return path


TWO = (
    QUASI
    + """    - source: bosatt
      columns: [{column: Kommun, kind: municipality}]
"""
)
SECOND = """    - name: bosatt
      source_class: quality_register
      holder: Exempelregistret
      identifiers:
        - {column: PERSNR, serial_name: LopNr}
      file:
        format: delimited
        separator: ";"
        columns:
          - {name: PERSNR, label: Identity number}
          - {name: Kommun, label: Municipality}
"""


def accept(office: SmallOffice) -> None:
    def act(case: Any) -> Any:
        seen = disclosures(office.desk, case, present_plan(office.desk, case))
        return accept_disclosure(case, seen, "weighed against the purpose", OFFICER)

    office.act(CASE, OFFICER, act)


def test_a_case_with_quasi_identifiers_from_the_preview_to_a_later_delivery(office: SmallOffice) -> None:
    with pytest.raises(RuleRefused, match=r"R20: nobody has accepted the disclosure risk.*`case accept-disclosure`"):
        office.release(CASE)
    put_together(office.desk, CASE)
    assert shown(office)["smallest_group"] == 4
    assert not office.desk.case(CASE).of(EventKind.DELIVERED), "what is looked at does not leave"
    accept(office)
    [file] = office.desk.case(CASE).events[-1].detail["files"]
    assert (file["source"], file["k"], file["persons"], file["in_groups_under"]["5"]) == ("diabetes", 4, 9, 4)
    office.release(CASE)
    assert office.deliver(CASE)["delivery"] == "L001"

    office.take(CASE, "diabetes", visits(office, "smaller", THREE_SIX))
    office.release_holders(CASE, "Exempelregistret")
    with pytest.raises(RuleRefused, match="R20: the disclosure risk of diabetes is not accepted as it is now"):
        office.deliver(CASE)
    accept(office)
    assert office.deliver(CASE)["delivery"] == "L002"

    office.take(CASE, "diabetes", visits(office, "larger", FOUR_FIVE[::-1]))
    office.release_holders(CASE, "Exempelregistret")
    assert office.deliver(CASE)["delivery"] == "L003", "no group is smaller than accepted: nobody is waited for"


@pytest.mark.slow
def test_a_supplement_is_looked_at_together_with_what_was_delivered_before(of_two: SmallOffice) -> None:
    """Nobody is alone in either file; who visited when and where they live together singles one out."""
    office = of_two
    put_together(office.desk, CASE)
    accept(office)
    office.release(CASE)
    assert office.deliver(CASE)["delivery"] == "L001"
    office.take(CASE, "bosatt", homes(office))
    with pytest.raises(RuleRefused, match="the disclosure risk of bosatt, all files together is not accepted"):
        office.deliver(CASE)
    alone, together = figures(office)
    assert (alone.source, alone.figures.k, alone.figures.unique) == ("bosatt", 3, 0)
    assert (together.figures.persons, together.figures.k, together.figures.unique) == (9, 1, 1)
    assert (together.columns, together.earlier, together.unseen) == (
        ("diabetes.Besoksdatum", "diabetes.Insulin", "bosatt.Kommun"),
        ("diabetes",),
        (),
    )
    forms = {(each.column, each.how): each.figures.k for each in together.alternatives}
    assert (forms["bosatt.Kommun", "left out"], forms["diabetes.Besoksdatum", "year"]) == (4, 3)
    metadata = metadata_of_contents(office)
    assert (metadata["smallest_group"], metadata["persons_alone"]) == (1, 1)
    assert "joined with them: diabetes." in metadata["disclosure_together_table"]
    assert "| diabetes.Besoksdatum: year | 9 | 3 | 0 |" in metadata["disclosure_together_table"]
    assert "bosatt.Kommun" not in metadata["disclosure_table"]
    accept(office)
    assert office.desk.case(CASE).events[-1].detail["files"][1]["earlier"] == ["diabetes"]
    made = office.deliver(CASE)
    assert made["delivery"] == "L002"
    package = [path.read_bytes() for path in office.opened(made).rglob("*") if path.is_file()]
    assert any(b"disclosure risk accepted" in each for each in package), "that it was looked at is signed"
    figures_of_it = (b"all files together", b"in_groups_under", b"weighed against the purpose")
    assert not [word for word in figures_of_it if any(word in each for each in package)], "and what was seen stays"


@pytest.mark.slow
def test_what_was_delivered_and_is_kept_no_longer_is_said_not_to_be_looked_at(of_two: SmallOffice) -> None:
    office = of_two
    put_together(office.desk, CASE)
    accept(office)
    office.release(CASE)
    office.deliver(CASE)
    office.take(CASE, "bosatt", homes(office))
    put_together(office.desk, CASE)
    accept(office)
    linked = stores.linked(office.desk, office.desk.case(CASE), Unit("diabetes", None))
    for _ in range(2):
        linked.replace(linked.scan().head(0))
    with pytest.raises(CheckFailed, match="has changed since it was compared; run again"):
        figures(office)
    case = office.desk.case(CASE)
    reckon_together(office.desk, case, present_plan(office.desk, case))
    _, together = figures(office)
    assert (together.figures.k, together.earlier, together.unseen) == (3, (), ("diabetes",))
    assert not is_accepted(case, together), "a person accepted other figures"
    assert told_together(together)[1].startswith("NOT joined")


def test_two_files_of_one_delivery_are_looked_at_together(of_two: SmallOffice) -> None:
    office = of_two
    office.take(CASE, "bosatt", homes(office))
    put_together(office.desk, CASE)
    assert [(each.source, each.figures.k) for each in figures(office)] == [
        ("bosatt", 3),
        ("diabetes", 4),
        ("all files together", 1),
    ]
    accept(office)
    office.release(CASE)
    assert office.deliver(CASE)["delivery"] == "L001"


def figures(office: SmallOffice) -> list[FileDisclosure]:
    return disclosures(office.desk, office.desk.case(CASE), present_plan(office.desk, office.desk.case(CASE)))


def shown(office: SmallOffice) -> dict[str, Any]:
    """What the page shows of the contents that were put together last."""
    metadata = metadata_of_contents(office)
    assert metadata["disclosure"].startswith("![persons alone") and len(metadata["disclosure"]) < 2000
    assert "| Besoksdatum: year | 9 | 9 | 0 | 0 | 0 | 9 |" in metadata["disclosure_table"]
    assert "disclosure_together" not in metadata, "one file is all there is"
    return metadata


def metadata_of_contents(office: SmallOffice) -> dict[str, Any]:
    with dagster_instance(office.desk) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey("delivery_contents"))
        assert event is not None and event.asset_materialization is not None
        return {name: value.value for name, value in event.asset_materialization.metadata.items()}


def test_sealing_itself_asks_for_the_decision(office: SmallOffice) -> None:
    put_together(office.desk, CASE)
    accept(office)
    office.release(CASE)
    office.take(CASE, "diabetes", visits(office, "other", THREE_SIX))
    office.release_holders(CASE, "Exempelregistret")
    put_together(office.desk, CASE)
    case = office.desk.case(CASE)
    with pytest.raises(RuleRefused, match="is not accepted as it is now"):
        deliver(office.desk, case, present_plan(office.desk, case))
    assert not list(office.desk.home.outbox(CASE).glob("L*")), "nothing was made"


@pytest.mark.slow
def test_contents_that_changed_since_they_were_seen_are_looked_at_again(office: SmallOffice) -> None:
    put_together(office.desk, CASE)
    accept(office)
    office.release(CASE)
    office.take(CASE, "diabetes", visits(office, "other", FOUR_FIVE[::-1]))
    office.release_holders(CASE, "Exempelregistret")
    with pytest.raises(RuleRefused, match="is not accepted as it is now"):
        office.deliver(CASE)


@pytest.mark.slow
def test_the_commands_show_the_figures_and_record_the_decision(office: SmallOffice) -> None:
    home = office.desk.home.root
    said = answer(program(home, "case", "disclosure", CASE, "--json"))
    [file] = said["files"]
    assert said["together"] is None, "one file is all there is"
    assert (said["accepted"], file["k"], file["unique"], file["columns"]) == (False, 4, 0, ["Besoksdatum", "Insulin"])
    forms = {(each["column"], each["how"]): each["k"] for each in file["alternatives"]}
    assert forms == {("Besoksdatum", "year"): 9, ("Besoksdatum", "left out"): 9, ("Insulin", "left out"): 4}
    assert "in_groups_under" in file
    why = ("--reason", "weighed", "--json")
    own = program(home, "case", "accept-disclosure", CASE, *why, "--as", ENGINEER)
    assert (own.returncode, "who wrote the specification" in own.stdout) == (1, True)
    assert answer(program(home, "case", "accept-disclosure", CASE, *why, "--as", OFFICER))["event"]
    assert answer(program(home, "case", "disclosure", CASE, "--json"))["accepted"]
    assert "not accepted" not in program(home, "case", "disclosure", CASE).stdout
