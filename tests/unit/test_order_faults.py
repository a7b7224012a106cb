"""Every fault of an order has its line, its field and what mends it; whatever is in it, nothing else happens."""

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.steps.coming_orders import text_of
from samkorning.errors import OrderRefused
from samkorning.identity.free_text import reads_as_number
from samkorning.order import Order
from samkorning.order.document import DEEPEST, MOST_BYTES, read_document
from samkorning.order.reading import read_incoming_order, read_order, text_of_order
from samkorning.synthetic import make_world
from tests.examples import examples
from tests.factories import SAMPLE_ORDER, an_order
from tests.spelled import SPELLINGS, grouped

NUMBER = str(make_world(10, 5).persons["number"][0])
TITLE, DAY = "title: Diabetes and hospital care in an invented population", "  decided: 2220-11-15"
PLACE = re.compile(r"order\.yaml: line ([0-9]+), (\S+): (.*?); (.*)")
LINES = SAMPLE_ORDER.splitlines()

FAULTS = {
    "impossible date": (DAY, "  decided: 2220-15-11", "ethics.decided", "a date that exists, as YYYY-MM-DD"),
    "no such day": (DAY, "  decided: 2219-02-29", "ethics.decided", "a date that exists"),
    "a time for a date": (DAY, "  decided: 2220-11-15T00:00:00", "ethics.decided", "YYYY-MM-DD"),
    "seconds for a date": (DAY, "  decided: 86400", "ethics.decided", "YYYY-MM-DD"),
    "a word for a date": (DAY, "  decided: soon", "ethics.decided", "YYYY-MM-DD"),
    "a field twice": (TITLE, f"{TITLE}\n{TITLE}", "title", "keep one of the two"),
    "a nested field twice": ("    holder: Synthetic University", "    holder: A\n    holder: B", "holder", "keep one"),
    "a tabulator": ("    holder: Synthetic University", "\t holder: A", "holder", "indent with spaces"),
    "a number for text": (TITLE, "title: 2221", "title", "in quotes"),
    "nothing for text": (TITLE, "title:", "title", "write text"),
    "an empty text": (TITLE, "title: ''", "title", "write something"),
    "a list for text": (TITLE, "title: [a]", "title", "write text"),
    "a text for a block": ("contact: {name: Kontakt Exempel, email: kontakt@university.example}",
                           "contact: me", "contact", "block of fields"),
    "a text for a list": ("  repairs: [leading_zero, float]", "  repairs: float", "specification.repairs", "as a list"),
    "a text for a number": ("  approximate_price_sek: 60000", "  approximate_price_sek: much",
                            "specification.approximate_price_sek", "whole number"),
    "a text for a share": ("    damaged_share_allowed: 0.05", "    damaged_share_allowed: little",
                           "specification.population.damaged_share_allowed", "a number"),
    "a share above one": ("    damaged_share_allowed: 0.05", "    damaged_share_allowed: 5.0",
                          "specification.population.damaged_share_allowed", "docs/order.md"),
    "a word for true": ("synthetic: true", "synthetic: maybe", "synthetic", "true or false"),
    "an unknown field": ("purpose: research", "purpose: research\ncolour: blue", "colour", "spelling"),
    "an unknown field below": ("    column: PERSNR\n", "    colunm: PERSNR\n", "specification.population.colunm",
                               "spelling"),
    "an unknown value": ("purpose: research", "purpose: curiosity", "purpose", "docs/order.md lists"),
    "consent that is neither": ("  consent: not_needed_by_ethics_decision", "  consent: perhaps",
                                "ethics.consent", "list"),
    "an anchor": (TITLE, "title: &a Diabetes", "title", "write the value out"),
    "an alias": (TITLE, "title: *a", "title", "write the value out"),
    "a tag": (TITLE, "title: !!python/object/apply:os.system [ls]", "title", "without it"),
    "a merge": (TITLE, "<<: {title: x}", "YAML", "the name of a field"),
    "a second document": ("specification:\n", "---\nspecification:\n", "kind", "one order a file"),
    "an unclosed list": (TITLE, "title: [unclosed", "title", "indent, colon and quotes"),
    "a character that is none": (TITLE, 'title: "\\U00110000"', "title", "indent, colon and quotes"),
    "half a character": (TITLE, 'title: "\\ud800"', "title", "indent, colon and quotes"),
    "an escaped zero byte": (TITLE, 'title: "a\\x00b"', "title", "indent, colon and quotes"),
    "a zero byte": (TITLE, "title: a\x00b", "title", "write the line anew"),
    "an escape of a terminal": (TITLE, "title: a\x1b[31mb", "title", "write the line anew"),
    "a form of a name": ("    - name: lisa", "    - name: LISA 2220", "specification.sources.0.name", "docs/order.md"),
    "the other order": ("      to_year: 2220\n      variables: [AR, INDATUM, UTDATUM",
                        "      to_year: 2218\n      variables: [AR, INDATUM, UTDATUM",
                        "specification.own_registers.0", "docs/order.md"),
}  # fmt: skip


def faults_of(text: str) -> list[tuple[int, str, str, str]]:
    with pytest.raises(OrderRefused) as refused:
        read_incoming_order(text, "order.yaml")
    found = [PLACE.fullmatch(line) for line in str(refused.value).splitlines()]
    assert all(found), "each fault has line, field, problem and remedy"
    return [(int(each[1]), each[2], each[3], each[4]) for each in found if each]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_by_line_field_and_remedy(name: str) -> None:
    old, new, field, remedy = FAULTS[name]
    text = an_order((old, new))
    first = SAMPLE_ORDER[: SAMPLE_ORDER.index(old)].count("\n") + 1
    lines = range(first - 4, first + 2)  # a block is told by its first line, a field given twice by the second
    seen = [fault for fault in faults_of(text) if fault[1] == field]
    assert len(seen) == 1
    assert seen[0][0] in lines
    assert remedy in seen[0][3]


@pytest.mark.parametrize(
    ("text", "field"),
    [("", "order"), ("# only a comment\n", "order"), ("- a\n- b\n", "order"), ("a word", "order"), ("[]", "order"),
     ("a: " + "[" * 500, "a"), ("a: " + "{b: " * 500, "a"), ("- " * 500, "YAML"), ("%YAML 1.1\n---\na: 1", "YAML"),
     ("? [a, b]\n: 1\n", "YAML"), ("*a : 1", "YAML"), ("title: 'unclosed", "title")],
)  # fmt: skip
def test_what_is_no_order_is_refused_by_its_line(text: str, field: str) -> None:
    [(line, seen, _, remedy)] = faults_of(text)
    assert (line > 0, seen, bool(remedy)) == (True, field, True)


def test_anchors_cannot_make_much_of_little() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{new}: &{new} [*{old}, *{old}]\n" for old, new in pairwise("abcdefghi"))
    [(line, field, _, remedy)] = faults_of(bomb)
    assert (line, field, remedy) == (1, "a", "write the value out where it is meant")


def test_nesting_that_an_order_can_have_is_read() -> None:
    text = "".join(f"{' ' * depth}a:\n" for depth in range(DEEPEST))
    assert read_document(text, "o").value["a"]
    [(line, _, problem, _)] = faults_of(text + f"{' ' * DEEPEST}a: 1\n")
    assert (line, problem) == (DEEPEST + 1, "is nested deeper than any order")


@pytest.mark.parametrize(
    ("content", "line"),
    [("title: Självår\n".encode("latin-1"), 1), (b"title: a\npurpose: \xff\n", 2), ("title: å".encode("utf-16"), 1),
     (b"x" * MOST_BYTES + b"y", 0)],
)  # fmt: skip
def test_what_is_no_text_in_utf_8_is_told_by_its_first_line(tmp_path: Path, content: bytes, line: int) -> None:
    file = tmp_path / "order.yaml"
    file.write_bytes(content)
    with pytest.raises(OrderRefused) as refused:
        text_of(file)
    assert [fault.line for fault in refused.value.faults] == [line]


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_and_a_byte_order_mark_change_nothing(ends: str) -> None:
    content = "\ufeff".encode() + SAMPLE_ORDER.replace("\n", ends).encode()
    assert text_of_order(content, "o") == SAMPLE_ORDER
    assert read_order(SAMPLE_ORDER.replace("\n", ends), "o") == read_order(SAMPLE_ORDER, "o")


def test_a_date_where_text_is_wanted_is_the_text_that_was_written() -> None:
    assert read_order(an_order((TITLE, "title: 2221-12-31")), "o").title == "2221-12-31"
    assert read_order(SAMPLE_ORDER, "o").specification.reference_date == date(2221, 12, 31)


def leaves() -> list[tuple[int, str]]:
    """Every place of the sample order that holds a word of somebody's choice: its line, and the line's text."""
    return [(line, said) for line, said in enumerate(LINES, start=1) if ":" in said and not said.startswith("#")]


@pytest.mark.parametrize("first", range(0, len(SPELLINGS), 12))
def test_a_number_in_a_value_a_key_or_a_comment_is_refused_by_line_and_not_repeated(first: int) -> None:
    names = list(SPELLINGS)
    for count, (line, said) in enumerate(leaves(), start=first):
        spelled = SPELLINGS[names[count % len(names)]](NUMBER)
        key, _, _ = said.partition(":")
        in_value, in_key, in_comment = f"{key}: {spelled}", f"{key}{spelled}: 1", f"{said} # {spelled}"
        for changed in (in_value, in_key, in_comment):
            text = "\n".join([*LINES[: line - 1], changed, *LINES[line:]])
            seen = faults_of(text)
            assert [each[0] for each in seen] == [line]
            assert seen[0][2:] == ("reads as an identity number", "write the serial number or the row")
            assert spelled not in str(seen) and NUMBER[8:] not in str(seen)


@pytest.mark.parametrize(
    "written",
    [f'title: "{NUMBER[:8]}\\x2d{NUMBER[8:]}"', f"title: {NUMBER[:8]}\n  {NUMBER[8:]}",
     f"title: |\n  a\n  {NUMBER}", f"title: >\n  {NUMBER[:6]}\n  {NUMBER[6:8]}\n  {NUMBER[8:]}",
     f"research_plan: \"\\u0032{NUMBER[1:]}\"\n{TITLE}", f"? {NUMBER}\n: 1"],
)  # fmt: skip
def test_a_number_that_only_yaml_puts_together_is_found_too(written: str) -> None:
    seen = faults_of(an_order((TITLE, written)))
    assert [each[2] for each in seen] == ["reads as an identity number"]
    assert 2 <= seen[0][0] <= 4


def every_text_field() -> set[str]:
    """The names of all fields of an order's models that can hold text."""
    found: set[str] = set()
    waiting = [Order.model_json_schema()]
    for schema in waiting:
        for name, field in schema.get("properties", {}).items():
            if '"string"' in str(field).replace("'", '"'):
                found.add(name)
        waiting += list(schema.get("$defs", {}).values())
    return found


def test_every_field_that_can_hold_text_is_looked_at() -> None:
    for name in every_text_field():
        [seen] = faults_of(an_order((TITLE, f"{TITLE}\n{name}: x {grouped(NUMBER, 8, 4, between='-')}")))
        assert seen[0] == 3 and seen[2] == "reads as an identity number"
    assert {
        "title",
        "label",
        "email",
        "organisation",
        "holder",
        "supplements",
        "codes",
    } <= every_text_field()


def mutated(line: int, at: int, what: str, piece: str) -> str:
    lines = list(LINES)
    said = lines[line]
    at = min(at, len(said))
    changed = {
        "insert": [said[:at] + piece + said[at:]],
        "cut": [said[:at]],
        "remove": [],
        "repeat": [said, said],
        "replace": [said[:at] + piece],
        "deeper": [f"  {said}"],
        "swap": [lines[(line + 1) % len(lines)], said],
        "break": [said[:at], said[at:]],
    }[what]
    return "\n".join([*lines[:line], *changed, *lines[line + 1 :]])


PIECES = st.one_of(
    st.text(max_size=6),
    st.sampled_from([":", "- ", "#", "'", '"', "{", "}", "[", "]", "&a ", "*a", "!x ", "? ", "| ", "> ", "%", "\t",
                     "\x00", "\\U00110000", "\ud800", "---", "...", "<<: ", ".inf", "1e999", "9" * 5000, "null", "~",
                     "@", "`"]),
    st.sampled_from(sorted(SPELLINGS)).map(lambda name: SPELLINGS[name](NUMBER)),
)  # fmt: skip


@settings(max_examples=examples(150), deadline=None)
@given(
    st.integers(0, len(LINES) - 1),
    st.integers(0, 60),
    st.sampled_from(["insert", "cut", "remove", "repeat", "replace", "deeper", "swap", "break"]),
    PIECES,
)
def test_an_order_changed_anywhere_is_read_or_refused_by_line(line: int, at: int, what: str, piece: str) -> None:
    text = mutated(line, at, what, piece)
    try:
        taken = read_incoming_order(text, "order.yaml")
    except OrderRefused as refused:
        assert all(0 < fault.line <= len(LINES) + 2 and fault.field and fault.remedy for fault in refused.faults)
        assert not reads_as_number(str(refused))
    else:
        assert not reads_as_number(taken.model_dump_json())
