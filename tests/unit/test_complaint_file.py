"""The complaint file: taken as the check writes it, and refused without a quote when it is not."""

import json
from typing import Any

import pytest

from samkorning.case.complaint_file import read_complaint
from samkorning.errors import FileRefused, RuleRefused

CASE = "36759-2221"
FINDING = {"code": "rows", "about": "data/ut_r_par.csv", "delivery": "L001"}
SAID = {
    "format": "samkorning-complaint-1",
    "case": CASE,
    "delivery": "L001",
    "findings": [FINDING],
    "text": "rader saknas",
}


def written(**changes: Any) -> bytes:
    return json.dumps({**SAID, **changes}).encode()


def test_it_gives_words_and_findings() -> None:
    read = read_complaint(written(), "c.json", CASE)
    assert read.reason == "rader saknas"
    assert read.sentences == ["L001 data/ut_r_par.csv: rows is not what the manifest says"]
    assert read_complaint(written(text=""), "c.json", CASE).reason == read.sentences[0]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b" " * (1 << 20) + written(),
        written(format="samkorning-complaint-2"),
        written(more=1),
        written(text=5),
        written(findings=[{**FINDING, "code": "another"}]),
        written(findings=[{**FINDING, "about": "a\nb"}]),
        written(findings=[{**FINDING, "about": "x" * 201}]),
        written(findings=[{**FINDING, "delivery": "secret"}]),
        written(findings=[FINDING] * 1001),
        written(text=" ", findings=[]),
        written(case="1-2221"),
    ],
)
def test_what_the_check_would_not_write_is_refused_without_a_quote(content: bytes) -> None:
    with pytest.raises(FileRefused, match=r"^c\.json: is|^c\.json: says nothing") as refused:
        read_complaint(content, "c.json", CASE)
    assert refused.value.__cause__ is None
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("number", ["222103041238", "22210304-1234"])
def test_a_number_in_a_text_or_a_finding_is_refused_without_it(number: str) -> None:
    for content in (written(text=f"fel för {number}"), written(findings=[{**FINDING, "about": f"data/{number}.csv"}])):
        with pytest.raises(RuleRefused, match="reads as an identity number") as refused:
            read_complaint(content, "c.json", CASE)
        assert number not in str(refused.value)
