"""The list of safeguards follows the source: every entry can still be switched off, and names tests that are there."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest

from tests.factories import PROJECT
from tests.mutations.run import named_tests, noticed_in
from tests.mutations.safeguard import DoesNotApply, Safeguard
from tests.mutations.safeguards import SAFEGUARDS
from tests.mutations.workplace import Outcome


@cache
def text_of(file: str) -> str:
    return (PROJECT / file).read_text(encoding="utf-8")


def faults_of(safeguard: Safeguard) -> Iterator[str]:
    """What of an entry does not hold: its text, what stands in its place, the tests it names."""
    try:
        without = safeguard.switched_off(text_of(safeguard.file))
        if safeguard.file.endswith(".py"):
            ast.parse(without)
    except (DoesNotApply, SyntaxError) as fault:
        yield f"{safeguard.name}: {fault}"
    if not safeguard.noticed_by:
        yield f"{safeguard.name}: names no test"
    for named in safeguard.noticed_by:
        file, _, test = named.partition("[")[0].partition("::")
        if not (PROJECT / file).is_file():
            yield f"{safeguard.name}: no file {file}"
        elif test and not re.search(rf"^def {re.escape(test)}\(", text_of(file), re.MULTILINE):
            yield f"{safeguard.name}: {file} has no {test}"


def test_every_safeguard_can_be_switched_off_and_names_tests_that_are_there() -> None:
    assert [fault for safeguard in SAFEGUARDS for fault in faults_of(safeguard)] == []


def test_each_has_a_name_of_its_own_that_can_be_a_folder() -> None:
    names = Counter(each.name for each in SAFEGUARDS)
    assert [name for name, times in names.items() if times > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z0-9-]+", name)] == []


def test_the_short_form_has_ten() -> None:
    assert sum(each.short for each in SAFEGUARDS) == 10


@pytest.mark.parametrize("source", ["a", "a = b\na = b\n"])
def test_an_entry_that_stands_nowhere_or_twice_is_told(source: str) -> None:
    entry = Safeguard("name", "nobody", "file.py", "a = b\n", "", ("tests/unit/test_safeguards.py",))
    with pytest.raises(DoesNotApply, match="name: its text stands"):
        entry.switched_off(source)


@pytest.mark.parametrize(
    ("exit_code", "said", "noticed"),
    [
        (1, "FAILED tests/a.py::test_b[x y] - assert 1 == 2\n", "tests/a.py::test_b[x y]"),
        (1, "ERROR tests/a.py::test_b - OSError\n", "tests/a.py::test_b"),
        (0, "1 passed\n", None),
        (2, "ERROR tests/a.py - SyntaxError\n", None),
        (3, "INTERNALERROR>\n", None),
        (5, "no tests ran\n", None),
        (None, "", None),
    ],
)
def test_only_a_test_that_failed_has_noticed(exit_code: int | None, said: str, noticed: str | None) -> None:
    found, why_not = noticed_in(Outcome(exit_code, said))
    assert found == noticed
    assert bool(why_not) == (noticed is None)


def test_a_test_is_run_once_however_often_it_is_named() -> None:
    entries = [
        Safeguard("a", "", "f", "t", "", ("tests/a.py::test_one", "tests/b.py")),
        Safeguard("b", "", "f", "t", "", ("tests/a.py", "tests/b.py::test_two", "tests/c.py::test_three")),
    ]
    assert named_tests(entries) == ("tests/b.py", "tests/a.py", "tests/c.py::test_three")
