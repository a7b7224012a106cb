"""A refusal names commands that there are, and who can take them."""

import ast
from datetime import date
from pathlib import Path

import pytest

from cli.commands import loaded
from samkorning.case.next_act import next_act
from samkorning.case.remedies import RECORDS, commands_in, who_can, who_may_take
from samkorning.case.roles import Absence, Office, Role
from samkorning.errors import RuleRefused
from tests.commands import program
from tests.factories import SAMPLE, a_case, approved, received
from tests.office import Office as Home

PROJECT = Path(__file__).resolve().parent.parent.parent
TODAY = date(2026, 11, 2)
OFFICE = Office({"Olle": (Role.CASE_OFFICER,), "Rut": (Role.CODE_REVIEWER,)}, {"Rut": (Absence(TODAY, TODAY, "Anna"),)})


def texts() -> list[str]:
    """Every text that the rules of cases are made of."""
    files = [*(PROJECT / "samkorning" / "case").glob("*.py"), *(PROJECT / "samkorning" / "retention").glob("*.py")]
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files]
    return [
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def test_every_command_that_a_rule_names_is_there() -> None:
    there = set(loaded("case").commands)
    named = {command for text in texts() for command in commands_in(text)}
    assert len(named) > 15
    assert named <= there
    assert set(RECORDS) <= there
    assert named - set(RECORDS) <= {"show", "disclosure", "list"}, "a command that only reads is nobody's"


def test_the_next_act_says_who_can_take_it() -> None:
    """What the page shows beside the next act of a case that a rule holds back."""
    case = a_case(*approved(), received("population"))
    act = next_act(case, [], "another program", TODAY)
    assert (act.what, act.how) == (
        "the extraction program is not reviewed as it stands",
        "record it with `case review`",
    )
    assert who_may_take(f"{act.what} {act.how}", OFFICE, TODAY) == ["case review: code reviewer (Anna)"]


@pytest.mark.parametrize(
    ("remedy", "who"),
    [
        ("record it with `case approve`", ["case approve: case officer (Olle)"]),
        ("record it with `case review`", ["case review: code reviewer (Anna)"]),
        ("record it with `case decide`", ["case decide: case officer or manager or lawyer (Olle)"]),
        ("ask with `case ask`, remind with `case remind`", ["case ask: coordinator or case officer (Olle)",
                                                          "case remind: coordinator or case officer (Olle)"]),
        ("`case show` lists what is open", []),
        ("give a later day", []),
    ],
)  # fmt: skip
def test_who_can_make_possible_what_was_refused(remedy: str, who: list[str]) -> None:
    assert who_can(RuleRefused("R09", "a problem", remedy), OFFICE, TODAY) == who


def test_a_refused_command_says_which_rule_and_who_can(office: Home) -> None:
    home = office.desk.home.root
    program(home, "case", "open", SAMPLE / "order.yaml", "--case", "1-2026", "--as", "Erik")
    done = program(home, "case", "decide", "1-2026", "--role", "lawyer", "--as", "Lisa")
    assert done.returncode == 1
    assert "R09: the orderer has not approved" in done.stderr
    assert "who can: case approve: case officer" in done.stderr
    said = program(home, "case", "decide", "1-2026", "--role", "lawyer", "--as", "Lisa", "--json").stdout
    assert '"who_can": ["case approve: case officer"]' in said
