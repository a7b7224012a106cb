"""What an order needs beside its fields before it is complete: its documents, and a variable list."""

import pytest

from samkorning.order import read_order
from samkorning.order.attachments import files_lacking
from samkorning.order.completeness import missing
from tests.factories import SAMPLE_ORDER, an_order

ATTACHMENTS = SAMPLE_ORDER[SAMPLE_ORDER.index("attachments:") : SAMPLE_ORDER.index("\nspecification:")]
CONSENT = "consent: not_needed_by_ethics_decision"
ETHICS = SAMPLE_ORDER[SAMPLE_ORDER.index("ethics:\n") : SAMPLE_ORDER.index("attachments:")]
OWN = SAMPLE_ORDER[SAMPLE_ORDER.index("  sources:\n") :]
DORS = "  own_registers: [{register_name: DORS, from_year: 2219, to_year: 2220, variables: [DODSDAT]}]\n"


def lacking(*changes: tuple[str, str]) -> list[str]:
    return [problem for _, problem, _ in missing(read_order(an_order(*changes), "order.yaml"))]


def test_r03_an_order_comes_with_the_documents_that_it_rests_on() -> None:
    """R03: an order lists the ethics application, the decision and each supplement as documents, with their dates."""
    assert lacking() == []
    assert lacking((ATTACHMENTS, "attachments: []\n")) == [
        "lacks the ethics application",
        "lacks the ethics decision",
        "lists 0 of 1 ethics supplements",
    ]


def test_r03_every_version_of_the_consent_form_comes_with_it() -> None:
    """R03: where consent was asked for, patient information and consent form are among the documents."""
    assert lacking((CONSENT, "consent: [version 1, version 2]")) == [
        "lacks the patient information",
        "lacks the consent form",
    ]


def test_r03_an_order_has_a_variable_list() -> None:
    """R03: an order without a variable of any register is not complete."""
    assert lacking((OWN, "  sources: []\n")) == ["no variable of any register is ordered"]


@pytest.mark.parametrize(
    ("plan", "said"),
    [("", ["lacks the research plan"]), ("attachments: [{kind: research_plan, title: Plan, dated: 2220-01-01}]\n", [])],
)
def test_r05_the_research_plan_comes_with_an_order_on_deceased_persons(plan: str, said: list[str]) -> None:
    """R05: an order on deceased persons only comes with its research plan, and needs no ethics decision."""
    deceased = (ETHICS + ATTACHMENTS, f"deceased_only: true\nresearch_plan: Plan\n{plan}")
    assert lacking(deceased, (OWN, DORS)) == said


def test_an_order_for_statistics_needs_no_ethics_documents() -> None:
    """An order for statistics is complete without an ethics decision."""
    assert lacking(("purpose: research", "purpose: statistics"), (ETHICS + ATTACHMENTS, "")) == []


def test_the_files_of_the_documents_are_those_that_are_listed() -> None:
    """Of the files that come with an order it is told which are not there, and which are others than it lists."""
    first, second = "dated: 2220-09-01", "dated: 2220-11-15}"
    listed = (first, f"{first}, file: ansökan.pdf, sha256: {'a' * 64}"), (second, f"{second[:-1]}, file: Beslut.PDF}}")
    order = read_order(an_order(*listed), "order.yaml")

    def seen(**there: str) -> list[str]:
        files = {name.replace("_", "."): sha256 for name, sha256 in there.items()}
        return [problem for _, problem, _ in files_lacking(order, files)]

    unnamed = "the ethics supplement has no file name"
    assert seen(ansökan_pdf="a" * 64, beslut_pdf="b" * 64) == [unnamed]
    assert seen(ansökan_pdf="c" * 64) == [
        "the file ansökan.pdf is not the one that is listed: its hash is another",
        "the file Beslut.PDF is not in the folder",
        unnamed,
    ]
