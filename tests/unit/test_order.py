"""Reading an order: faults by line, field and remedy; a hash that holds in every process."""

import os
import subprocess
import sys

import pytest

from samkorning.errors import OrderRefused
from samkorning.identity import Problem, diagnose_value
from samkorning.order import Identifies, read_order
from samkorning.own_registers.program import extraction_program
from tests.factories import CATALOGUE, SAMPLE, SAMPLE_ORDER, an_order, read


def faults(text: str) -> list[str]:
    with pytest.raises(OrderRefused) as refusal:
        read_order(text, "order.yaml")
    return str(refusal.value).splitlines()


def line_of(text: str, piece: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if piece in line)


@pytest.mark.parametrize(
    ("old", "new", "field", "remedy"),
    [
        ("purpose: research", "purpose: curiosity", "purpose", "docs/order.md lists"),
        ("  reference_date: 2221-12-31", "  reference_date: soon", "specification.reference_date", "YYYY-MM-DD"),
        (
            "      source_class: scb",
            "      source_class: tax",
            "specification.sources.0.source_class",
            "docs/order.md lists",
        ),
        ("    column: PERSNR\n", "    colunm: PERSNR\n", "specification.population.colunm", "spelling"),
        ("      from_year: 2219", "      from_year: 2230", "specification.own_registers.0", "docs/order.md"),
    ],
)
def test_a_fault_names_line_field_and_remedy(old: str, new: str, field: str, remedy: str) -> None:
    text = an_order((old, new))
    said = next(fault for fault in faults(text) if f" {field}:" in fault)
    assert remedy in said
    expected = line_of(text, "register_name: PAR_SV") if "own_registers" in field else line_of(text, new.strip())
    assert said.startswith(f"order.yaml: line {expected}, ")


def test_a_missing_field_is_told_with_the_block_that_lacks_it() -> None:
    text = an_order(("contact: {name: Kontakt Exempel, email: kontakt@university.example}", "contact: {name: K}"))
    [said] = faults(text)
    assert said == f"order.yaml: line {line_of(text, 'contact:')}, contact.email: is missing; add the field"


@pytest.mark.parametrize(
    ("text", "place"),
    [("title: [unclosed", "YAML"), ("- a\n- b\n", "holds no fields"), ("", "holds no fields"), ("title: 'x", "YAML")],
)
def test_what_is_no_order_is_refused_by_line(text: str, place: str) -> None:
    assert place in faults(text)[0]


def test_a_fault_repeats_no_value() -> None:
    secret = "991231-1239 was here"
    said = "\n".join(
        faults(an_order(("purpose: research", f"purpose: {secret}"), ("  engine: polars", f"  engine: {secret}")))
    )
    assert secret not in said


def test_the_hash_is_the_same_in_every_process() -> None:
    reading = "from samkorning.order import read_order; order = read_order(open(sys.argv[1]).read(), 'o')"
    program = f"import sys; {reading}; print(order.specification.sha256)"
    hashes = {
        subprocess.run(
            [sys.executable, "-c", program, str(SAMPLE / "order.yaml")],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2", "3")
    }
    assert hashes == {read().specification.sha256}


def test_defaults_written_out_do_not_change_the_hash() -> None:
    written = an_order(("  engine: polars", "  engine: polars\n  all_or_nothing: false\n  strict_century: false"))
    assert read_order(written, "o").specification.sha256 == read_order(SAMPLE_ORDER, "o").specification.sha256


AGES = ("  engine: polars", "  engine: polars\n  ages: {lowest: 18, highest: 64}")


def test_the_ages_of_the_population_settle_centuries_of_persons_and_not_of_their_relatives() -> None:
    order = read_order(an_order(AGES), "o")
    assert order.identity_rules().ages == (18, 64)
    assert order.identity_rules(Identifies.RELATIVE).ages is None
    assert diagnose_value("150818-2381", order.identity_rules()).problem == Problem.AMBIGUOUS_CENTURY
    assert "ages 18 to 64" in extraction_program(order.specification, CATALOGUE)
    assert order.specification.sha256 != read().specification.sha256


def test_ages_that_cannot_be_meant_are_refused_by_line() -> None:
    for ages in ("{lowest: 64, highest: 18}", "{lowest: -1, highest: 18}", "[18, 64]"):
        text = an_order((AGES[0], f"  engine: polars\n  ages: {ages}"))
        assert all(fault.startswith(f"order.yaml: line {line_of(text, 'ages:')}, ") for fault in faults(text))


def test_the_sample_order_holds_together() -> None:
    assert read().synthetic
