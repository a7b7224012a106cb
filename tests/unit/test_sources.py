"""docs/sources.md: every line of the sources has its answer, and every command, test and page that it names exists."""

import re
from functools import cache
from pathlib import Path

import pytest

from cli.commands import COMMANDS, tree_as_it_is

PROJECT = Path(__file__).resolve().parent.parent.parent
PAGE = PROJECT / "docs" / "sources.md"
NOT_HERE = "Not here: "
FIELDS = {"purpose", "contact", "research_principal"}
"""Fields of the order, which docs/order.md explains."""


@cache
def lines() -> list[tuple[str, str, str]]:
    rows = [line.strip("|").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:2] == "| "]
    return [tuple(cell.strip() for cell in row) for row in rows if row[0].strip() != "what"]  # type: ignore[misc]


@cache
def commands() -> set[str]:
    inner = {f"{noun} {name}" for noun, names in tree_as_it_is().items() for name in names}
    return inner | (COMMANDS.keys() - tree_as_it_is().keys())


@cache
def written_tests() -> set[str]:
    files = (PROJECT / "tests").rglob("test_*.py")
    return {name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.M)}


def test_the_sources_are_taken_apart_and_no_line_is_blank() -> None:
    assert len(lines()) >= 90
    assert [line for line in lines() if len(line) != 3 or not all(line)] == []
    assert len({what for what, _, _ in lines()}) == len(lines())


@pytest.mark.parametrize("line", lines(), ids=lambda line: line[0][:60])
def test_what_a_line_names_exists(line: tuple[str, str, str]) -> None:
    what, source, here = line
    assert re.match("Steps|Questions|Report|Region|Guide", source), source
    named = set(re.findall("`([^`]+)`", here))
    pages = set(re.findall(r"\]\(([^)]+)\)", here))
    assert named | pages or here.startswith(NOT_HERE), f"{what}: nothing is named"
    assert [page for page in pages if not (PAGE.parent / page).is_file()] == []
    assert named - commands() - written_tests() - FIELDS == set()
