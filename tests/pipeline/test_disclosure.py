"""The disclosure preview through the production definitions: looked at, accepted, released, delivered, and again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.steps.delivery.delivering import deliver, present_plan
from assets.steps.delivery.disclosing import disclosures
from pipelines.delivering import put_together
from pipelines.instance import dagster_instance
from samkorning.case import EventKind, acts
from samkorning.case.disclosure import accept_disclosure
from samkorning.errors import RuleRefused
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
    office = SmallOffice(tmp_path)
    text = small_order().replace(RECIPIENT, office.identity.recipient).replace("specification:\n", QUASI, 1)
    text = text.replace("holder: Exempelregistret", "holder: Exempelregistret\n      corrections: follow", 1)
    detail = acts.order_detail(text, "order.yaml", office.desk.catalogue)
    office.desk.cases.open(CASE, office.desk.clock.now(), ENGINEER, detail)
    office.decide(CASE)
    office.release_holders(CASE, "Exempelregistret")
    office.review(CASE)
    office.take(CASE, "population", office.population(office.first))
    office.take(CASE, "diabetes", visits(office, "visits", FOUR_FIVE))
    yield office
    office.desk.cases.close()


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


def shown(office: SmallOffice) -> dict[str, Any]:
    """What the page shows of the contents that were put together last."""
    with dagster_instance(office.desk) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey("delivery_contents"))
        assert event is not None and event.asset_materialization is not None
        metadata = {name: value.value for name, value in event.asset_materialization.metadata.items()}
    assert metadata["disclosure"].startswith("![persons alone") and len(metadata["disclosure"]) < 2000
    assert "| Besoksdatum: year | 9 | 9 | 0 | 0 | 0 | 9 |" in metadata["disclosure_table"]
    return metadata


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
