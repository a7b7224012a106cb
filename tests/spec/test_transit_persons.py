"""Who stands behind transit identifiers, and how they travel (R24): small tables, and a plain oracle.

Each name reads as the rule; docs/rules.md is generated from the docstrings.
"""

import os
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from samkorning.errors import PackageRefused
from samkorning.identity import Issuer
from samkorning.register_files import FileContract, stream_register_file
from samkorning.register_files.declared.contract import ColumnContract
from samkorning.register_files.formats import open_register_file
from samkorning.transit.documents import last_line, read_last_line
from samkorning.transit.intake_form import as_text, by_our_form
from samkorning.transit.matching import (
    as_listed,
    drawn_for,
    from_list,
    in_population,
    lookup,
    one_number_each,
    under_identifiers,
    with_numbers,
)
from samkorning.transit.sealed_lines import Opened, Written, frames_of, with_last_line
from tests.spec.test_transit_rules import NO_HISTORY, RULES, SEEDS, manifest


def identities(*numbers: int, texts: tuple[tuple[str, str], ...] = ()) -> pl.DataFrame:
    rows = [(number, None, None) for number in numbers] + [(None, issuer, text) for issuer, text in texts]
    return pl.DataFrame(rows, schema={"number": pl.Int64, "issuer": pl.String, "text": pl.String}, orient="row")


def history(*pairs: tuple[int, int]) -> pl.LazyFrame:
    """Each number with its person's latest."""
    return pl.LazyFrame(pairs, schema={"number": pl.Int64, "person_number": pl.Int64}, orient="row")


A, B, C, D = 221101012308, 221101012316, 221202022305, 221303032302


def test_r24_a_person_has_one_transit_identifier_whatever_the_numbers() -> None:
    """R24: a person has one transit identifier in a hand-over, also under several numbers."""
    mapping = drawn_for(identities(A, B, C, texts=(("skane", "X1"),)), history((A, B), (B, B)), os.urandom)
    by_number = dict(mapping.drop_nulls("number").select("number", "transit").rows())
    assert by_number[A] == by_number[B] != by_number[C]
    assert (mapping.height, mapping["transit"].n_unique()) == (4, 3)


def test_r24_the_group_holds_transit_identifiers_alone() -> None:
    """R24: the answer about a group is the transit identifiers of who is in it, in an order that tells nothing."""
    mapping = drawn_for(identities(A, C, D, texts=(("skane", "X1"), ("skane", "X2"))), NO_HISTORY, os.urandom)
    there = in_population(
        mapping, identities(B, D, texts=(("skane", "X2"), ("halland", "X1"))), history((A, B), (B, B))
    )
    expected = mapping.filter(pl.col("number").is_in([A, D]) | (pl.col("text") == "X2"))
    assert there.to_list() == sorted(expected["transit"])


def test_r24_rows_stand_under_transit_identifiers_and_come_back_under_numbers() -> None:
    """R24: rows travel under transit identifiers without identity numbers, and only those about listed persons."""
    mapping = pl.concat([drawn_for(identities(A), NO_HISTORY, os.urandom)])
    rows = pl.DataFrame({"PNR": [str(A), str(C), str(B), "", None], "value": ["1", "2", "3", "4", "5"]})
    known_here = lookup(mapping, history((A, B), (B, B)))
    sent, left_out = under_identifiers(rows, "PNR", RULES, known_here)
    assert (sent.columns, left_out) == (["~transit", "value"], 3)
    back = with_numbers(sent, one_number_each(mapping, NO_HISTORY), "PNR")
    assert back.rows() == [(str(A), "1"), (str(A), "3")]
    with pytest.raises(PackageRefused, match="2 rows under transit identifiers that this case never gave out"):
        with_numbers(sent, one_number_each(mapping.clear(), NO_HISTORY), "PNR")


def test_a_list_comes_back_as_it_was_sent() -> None:
    reserve = "22110101K001"
    mapping = drawn_for(identities(A, C), history((A, C), (C, C)), os.urandom)
    assert from_list(as_listed(mapping), lambda issuer: RULES).equals(mapping)
    listed = as_listed(mapping)
    for bad in ("221101012309", "1101012308", "22110101-2308", "", reserve):
        damaged = listed.with_columns(number=pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(bad)).otherwise("number"))
        with pytest.raises(PackageRefused, match="has 1 rows without a valid identity number"):
            from_list(damaged, lambda issuer: RULES)
    with pytest.raises(PackageRefused, match="has 2 rows"):
        from_list(listed.with_columns(issuer=pl.lit("nobody")), lambda issuer: RULES)


def test_numbers_of_regions_come_back_with_their_issuer() -> None:
    issuer = Issuer.SOCIAL_SERVICES
    mapping = drawn_for(identities(texts=((issuer.value, "22110101T001"),)), NO_HISTORY, os.urandom)
    assert from_list(as_listed(mapping), lambda found: replace(RULES, issuer=found)).equals(mapping)


@given(
    listed=st.sets(st.integers(0, 9), max_size=8),
    there=st.sets(st.integers(0, 9), max_size=8),
    latest=st.lists(st.integers(0, 4), min_size=10, max_size=10),
)
def test_a_group_is_the_intersection_of_persons(listed: set[int], there: set[int], latest: list[int]) -> None:
    # against a plain oracle: ten numbers of at most five persons
    numbers = [221101010000 + place for place in range(10)]
    person = {number: numbers[latest[place]] for place, number in enumerate(numbers)}
    changed = history(*person.items())
    mapping = drawn_for(identities(*(numbers[n] for n in sorted(listed))), NO_HISTORY, os.urandom)
    found = in_population(mapping, identities(*(numbers[n] for n in sorted(there))), changed)
    persons = {person[numbers[n]] for n in there}
    expected = {transit for transit, number in mapping.select("transit", "number").rows() if person[number] in persons}
    assert found.to_list() == sorted(expected)
    leads = lookup(mapping, changed)
    assert leads["number"].is_duplicated().sum() == 0
    listed_persons = {person[number] for number in mapping["number"]}
    assert set(leads["number"]) == {
        *mapping["number"],
        *(n for n in numbers if person[n] in listed_persons),
        *listed_persons,
    }
    own = dict(leads.select("number", "transit").rows())
    assert all(own[number] == transit for transit, number in mapping.select("transit", "number").rows())


CELLS = st.none() | st.text(st.characters(exclude_categories=("Cs",)), max_size=6)


@given(cells=st.lists(st.tuples(CELLS, CELLS), max_size=6), size=st.integers(1, 40))
def test_rows_come_out_as_they_went_in_whatever_they_hold(
    cells: list[tuple[str | None, str | None]], size: int
) -> None:
    schema = {"~transit": pl.String, "a": pl.String, "b": pl.String}
    rows = pl.DataFrame([("B" * 24, *each) for each in cells], schema=schema, orient="row")
    written = Written(rows.iter_slices(2))
    inside = b"".join(with_last_line(written, lambda: last_line(manifest(sha256=written.sha256), SEEDS["scb"])))
    opened = Opened(iter(inside[start : start + size] for start in range(0, len(inside), size)))
    back = pl.concat([pl.DataFrame(schema=schema), *frames_of(opened.lines(), list(schema))])
    assert back.equals(rows)
    assert (opened.rows, opened.sha256) == (written.rows, written.sha256)
    assert read_last_line(opened.last, "file").manifest.sha256 == written.sha256


IN_FILES = st.none() | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=6)
IN_FILES |= st.sampled_from(
    ["", " ", '"', '""', 'a"b', "a;b", "a\nb", "a\r\nb", "\n", " x ", "'", "NULL", "0,5", "a\tb"]
)


@given(cells=st.lists(st.tuples(IN_FILES, IN_FILES), min_size=1, max_size=6))
def test_an_answer_enters_the_intake_as_it_came(cells: list[tuple[str | None, str | None]]) -> None:
    # empty and missing cells, quotes and line ends; by a contract that says otherwise of the holder's own file
    assume(not any(cell and cell.startswith("=") for row in cells for cell in row))
    schema = dict.fromkeys(("PNR", "a", "b"), pl.String)
    rows = pl.DataFrame([(str(A), *each) for each in cells], schema=schema, orient="row")
    content = b"".join(as_text(rows.iter_slices(2)))
    columns = tuple(ColumnContract(name=name) for name in schema)
    theirs = FileContract(format="excel", sheet="one", name_pattern="lev_*.xlsx", columns=columns)
    stream = stream_register_file(content, "T002.csv", by_our_form(theirs, rows.height), opener=open_register_file)
    assert pl.concat(stream).rows() == rows.rows()


@pytest.mark.parametrize("piece", [b"nonsense\n", b'{"~transit":"short"}\n', b'{"~transit":null}\n', b"[1]\n", b"\n",
                                   b'{"~transit":"BBBBBBBBBBBBBBBBBBBBBBBB"}'])  # fmt: skip
def test_lines_that_are_no_rows_are_refused_without_a_word_of_them(piece: bytes) -> None:
    with pytest.raises(PackageRefused, match=r"^has lines that are no rows under transit identifiers$"):
        list(frames_of(iter([piece]), ["~transit"]))
