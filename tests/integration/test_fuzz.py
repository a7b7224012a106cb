"""A short look at damaged files, and that the look sees; ``make fuzz`` takes a long one (``tests/fuzz``)."""

import os
import time
from dataclasses import replace
from typing import Any

import pytest

from samkorning.errors import FileRefused
from samkorning.register_files import FileVerdict
from samkorning.register_files.formats import FORMATS
from tests.fuzz.cases import draw, files
from tests.fuzz.fuzz import Findings, Terms, report, run
from tests.fuzz.outcomes import Outcome, Reached, finding_in
from tests.fuzz.packings import PACKINGS
from tests.fuzz.second_look import why_it_broke_off
from tests.fuzz.seeds import NUMBERS, WORD
from tests.fuzz.workers import Worker

CASES = 12 * 6


def test_no_damaged_file_hangs_crashes_or_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    findings = run(Terms(seed=2, cases=CASES))
    assert report(findings, 2) == 0, capsys.readouterr().out
    assert findings.files == CASES
    assert set(findings.formats) == set(FORMATS)
    assert set(findings.packings) == {"not packed", *(packing.name for packing in PACKINGS)}


def test_every_format_comes_as_often_and_the_same_files_come_again() -> None:
    assert {file.format for file in files()} == set(FORMATS)
    for number in range(25):
        case = draw(7, number)
        if "age" not in case.packing:  # a seal has random bytes of its own
            assert case == draw(7, number)


def verdict(problem: str) -> FileVerdict:
    return FileVerdict("file.csv", None, FileRefused("file.csv", problem, "send it again"))


@pytest.mark.parametrize("said", [WORD, WORD.upper(), f"x{WORD[1:8]}x", NUMBERS[1], NUMBERS[0][2:]])
def test_a_word_or_number_of_the_file_in_a_message_is_found(said: str) -> None:
    assert finding_in(verdict("the file is empty")) is None
    assert "in a message" in str(finding_in(verdict(f"the value {said} is odd")))


def test_findings_end_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    findings = Findings()
    findings.enter(draw(1, 1), Outcome(Reached.ERROR, "hangs"), 1.0)
    assert report(findings, 1) == 1
    assert "hangs" in capsys.readouterr().out


class Does:
    """What does something in the process that it is sent to."""

    def __init__(self, what: Any, *arguments: Any) -> None:
        self.what, self.arguments = what, arguments

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return self.what, self.arguments


@pytest.mark.slow
def test_a_service_that_dies_or_hangs_is_found_and_replaced() -> None:
    worker, whole = Worker(patience=3.0), replace(draw(1, 0), content=files()[0].content, name="file.csv")
    died, _ = worker.outcome(replace(whole, contract=Does(os._exit, 3)))  # type: ignore[arg-type]
    hung, _ = worker.outcome(replace(whole, contract=Does(time.sleep, 60)))  # type: ignore[arg-type]
    assert "exit 3" in str(died.finding) and "hangs" in str(hung.finding)
    assert worker.outcome(whole)[0].finding is None
    worker.close()


@pytest.mark.slow
def test_a_reader_that_breaks_off_is_looked_into() -> None:
    whole = draw(1, 0)
    assert "AttributeError from" in str(why_it_broke_off(replace(whole, contract=None)))  # type: ignore[arg-type]
    assert why_it_broke_off(replace(whole, contract=Does(os.abort))) is None  # type: ignore[arg-type]
