"""The dry run beside the extraction program: the figures of every step, on made-up persons, for any years."""

import pytest

from samkorning.order import read_order
from samkorning.own_registers.dry_run import DryRun, dry_run
from samkorning.synthetic import make_world
from tests.factories import CATALOGUE, PROJECT, SAMPLE_ORDER

REGISTER_STUDY = (PROJECT / "data" / "sample" / "order_register_study.yaml").read_text(encoding="utf-8")
EARLIER = (("2219-01", "2009-01"), ("2220-12", "2010-12"), (": 2219", ": 2009"), (": 2220", ": 2010"), ("2223", "2013"))
MEMORY = 2**30


def run_of(text: str) -> DryRun:
    return dry_run(read_order(text, "order.yaml").specification, CATALOGUE, make_world(1_200, 7), MEMORY)


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_each_step_has_its_figures_and_each_register_year_its_row_flow(engine: str) -> None:
    text = REGISTER_STUDY.replace("  approximate_price_sek", f"  engine: {engine}\n  approximate_price_sek")
    found = run_of(text)
    assert [step.of for step in found.attrition][:1] == ["diabetes_in_hospital"]
    assert {step.of for step in found.attrition} >= {"patients", "controls", "relatives"}
    assert [flow.source for flow in found.row_flows][:3] == ["par_sv 2219", "par_sv 2220", "lmed 2219"]
    assert all(flow.rows_in == flow.linked + sum(flow.dropped.values()) for flow in found.row_flows)
    assert any(flow.dropped.get("not_in_event_group") for flow in found.row_flows)


@pytest.mark.slow
def test_a_program_for_other_years_gives_figures_too() -> None:
    text = REGISTER_STUDY
    for now, then in EARLIER:
        text = text.replace(now, then)
    found, today = run_of(text), run_of(REGISTER_STUDY)
    assert next(flow.source for flow in found.row_flows) == "par_sv 2009"
    assert [step.persons for step in found.attrition][1:4] == [step.persons for step in today.attrition][1:4]


def test_the_same_program_gives_the_same_figures_and_words() -> None:
    found = run_of(SAMPLE_ORDER)
    assert found == run_of(SAMPLE_ORDER)
    assert all(line.startswith("-- ") for line in found.text().splitlines())
    assert "files of other holders are left out" in found.text()
