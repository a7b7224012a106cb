"""The report to the sender: what, which rows, which rule, what to do; in two languages and without a value."""

import ast
import json
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from samkorning.errors import FileRefused
from samkorning.identity import REMEDIES, Problem
from samkorning.register_files import FileContract, FileVerdict, check_file
from samkorning.register_files.columns.direct_identifiers import LOOKS_LIKE_IDENTITY
from samkorning.register_files.formats import FORMATS
from samkorning.register_files.messages.refusals import SENTENCES, in_swedish
from samkorning.register_files.reports.messages import FAULTS, FORMS_AND_SEPARATORS, REMARKS, RULES, rule_message
from samkorning.register_files.reports.sender_page import row_ranges, sender_page
from samkorning.register_files.reports.sender_report import SEPARATORS, Arrival, sender_report
from samkorning.register_files.table import Remark, RowFault, RuleFinding
from tests.factories import PROJECT

ARRIVAL = Arrival("ab" * 32, date(2026, 11, 22), "36759-2021", "diabetes")
DAMAGED = b"LopNr;V\xe4rde\n1;hemligt\n2\n3;7\n4\n5\n"
READERS = [*(PROJECT / "samkorning" / "register_files").rglob("*.py")]


def verdict(content: bytes = DAMAGED, name: str = "sent.csv", **contract: object) -> FileVerdict:
    return check_file(content, name, FileContract.model_validate(contract))


def test_an_accepted_file_has_a_report_with_nothing_to_do() -> None:
    report = sender_report(verdict(b"a;b\n1;2\n"), ARRIVAL)
    assert (report["accepted"], report["rows"], report["problems"]) == (True, 1, [])
    assert (report["case"], report["source"], report["day"]) == ("36759-2021", "diabetes", "2026-11-22")


def test_a_refused_file_tells_why_which_rows_and_what_to_do() -> None:
    report = sender_report(verdict(), ARRIVAL)
    whole, rows = report["problems"]
    assert not report["accepted"]
    assert whole["what"]["sv"] == "3 av 5 rader är skadade (too_few_fields): rader 2, 4, 5"
    assert whole["remedy"]["sv"] == "rätta raderna och skicka hela filen igen"
    assert (rows["problem"], rows["rows"], rows["count"]) == ("too_few_fields", [2, 4, 5], 3)
    assert rows["remedy"]["sv"] and rows["remedy"]["en"]


def test_many_rows_are_told_in_swedish_as_well() -> None:
    many = verdict(b"a;b\n" + b"1\n" * 30)
    assert sender_report(many, ARRIVAL)["problems"][0]["what"]["sv"].endswith(
        "rader 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 och 10 till"
    )
    assert sender_report(verdict(b"a;b\n1\n"), ARRIVAL)["problems"][0]["what"]["sv"].endswith(": rad 1")


def test_the_page_names_forms_and_separators_in_its_own_language() -> None:
    page = sender_page(sender_report(verdict(b"a;b\n1;2\n"), ARRIVAL))
    swedish, english = page.split("<hr>")
    assert "text med skiljetecken" in swedish and "semikolon" in swedish and "semicolon" not in swedish
    assert "delimited text" in english and "semicolon" in english
    assert {*FORMATS, *SEPARATORS.values()} == FORMS_AND_SEPARATORS.keys()


def test_repeated_rows_are_told_where_they_are_counted() -> None:
    good = verdict(b"a;b\n1;2\n1;2\n")
    assert sender_report(good, ARRIVAL)["repeated_rows"] is None
    report = sender_report(good, ARRIVAL, repeated_rows=1)
    assert report["repeated_rows"] == 1
    assert "<th>Rader som upprepar en tidigare rad</th><td>1</td>" in sender_page(report)
    assert sender_report(verdict(b""), ARRIVAL, repeated_rows=0)["repeated_rows"] is None


def test_broken_rules_are_told_by_column_rule_and_rows() -> None:
    column = {"name": "Värde", "type": "integer"}
    report = sender_report(verdict(tolerance=1, columns=[column]), ARRIVAL)
    rule = report["problems"][-1]
    assert report["accepted"]
    assert (rule["problem"], rule["column"], rule["rows"], rule["count"]) == ("integer", "Värde", [1], 1)


@pytest.mark.parametrize("content", [DAMAGED, b"%PDF-1.7", b"", b"<html>", b"a;b\n1;\x00hemligt\n"])
def test_no_value_stands_in_a_report(content: bytes) -> None:
    report = sender_report(verdict(content), ARRIVAL)
    assert "hemligt" not in json.dumps(report) + sender_page(report)


def test_a_number_in_the_name_of_the_file_is_not_repeated() -> None:
    report = sender_report(verdict(name="22110101-2394.csv"), ARRIVAL)
    assert "2394" not in json.dumps(report) + sender_page(report)


class Tags(HTMLParser):
    """The tags of a page, and every address in it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.addresses: list[str | None] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("content", [DAMAGED, b"a;b\n1;2\n", b""])
def test_the_page_is_whole_in_both_languages_and_fetches_nothing(content: bytes) -> None:
    page = sender_page(sender_report(verdict(content), ARRIVAL))
    tags = Tags(page)
    assert tags.open == []
    assert not tags.addresses
    assert "script" not in tags.seen
    assert page.index('lang="sv">\n<h1>Mottagningsrapport') < page.index('lang="en">\n<h1>Report on a received file')


def test_what_the_sender_named_is_shown_and_not_run() -> None:
    report = sender_report(verdict(b"<b>x</b>;b\n1;2\n", name="<script>alert(1)</script>.csv"), ARRIVAL)
    page = sender_page(report)
    assert "<script>" not in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    ("rows", "ranges"), [([], []), ([4], ["4"]), ([1, 2, 3, 7], ["1-3", "7"]), ([1, 3, 5], ["1", "3", "5"])]
)
def test_rows_that_follow_each_other_are_told_as_ranges(rows: list[int], ranges: list[str]) -> None:
    assert row_ranges(rows) == ranges


def test_a_page_of_very_many_rows_says_how_many_it_leaves_out() -> None:
    content = b"a;b\n" + b"1\n1;2\n" * 3_000
    page = sender_page(sender_report(verdict(content), ARRIVAL))
    assert "och 2800 till" in page
    assert "and 2800 more" in page


def test_every_fault_rule_and_remark_has_its_words() -> None:
    assert FAULTS.keys() == set(RowFault)
    assert REMARKS.keys() == set(Remark)
    assert {"required", "pair", "integer", "decimal", "date", "boolean", "codes", "max_length", "pattern"} == set(RULES)


def template(node: ast.expr, constants: dict[str, str]) -> str | None:
    """A sentence with ``{}`` for what is filled in; nothing where it comes from elsewhere."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Name):
        return constants.get(node.id)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def refusals(path: Path) -> set[str]:
    """Every sentence of a refusal in one module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node) == "FileRefused"]
    found = {template(argument, constants) for call in calls for argument in call.args[1:3]}
    return {sentence for sentence in found if sentence}


def _name(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def test_every_refusal_in_the_readers_has_its_swedish_sentence() -> None:
    said = set().union(*(refusals(path) for path in READERS))
    assert len(said) > 50
    assert said - {english for english, _ in SENTENCES} == set()


def test_what_is_filled_in_stands_in_the_swedish_sentence() -> None:
    for english, swedish in SENTENCES:
        assert english.count("{}") == swedish.count("{}")
        filled = english.format(*(f"part{place}" for place in range(english.count("{}"))))
        assert in_swedish(filled) == swedish.format(*(f"part{place}" for place in range(english.count("{}"))))


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_of_a_number_is_told_in_both_languages(problem: Problem) -> None:
    message = rule_message(problem)
    assert REMEDIES[problem].betydelse in message.sv
    assert REMEDIES[problem].meaning in message.en


def test_kinds_of_content_are_told_in_swedish() -> None:
    refused = FileRefused("x", "the content is a PDF document, not delimited text", "")
    assert in_swedish(refused.problem) == "innehållet är ett PDF-dokument, inte text med skiljetecken"


def test_values_that_look_like_identity_numbers_are_told_by_column_and_rows() -> None:
    found = RuleFinding("Svar", LOOKS_LIKE_IDENTITY, 30, tuple(range(1, 21)))
    report = sender_report(replace(verdict(b"a;b\n1;2\n"), identifying=(found,)), ARRIVAL)
    [message] = report["problems"]
    assert (message["problem"], message["column"], message["count"]) == (LOOKS_LIKE_IDENTITY, "Svar", 30)
    assert message["rows"] == list(range(1, 21))
    assert "1-20, och 10 till" in sender_page(report)
    assert message["remedy"]["sv"].startswith("Skicka filen utan dem")
