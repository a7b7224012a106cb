"""The leak scan: the case's own numbers as people write them, in every place, and what chance writes left alone."""

import dataclasses
import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.delivery import (
    DeliveredVariable,
    DeliveryDescription,
    DeliveryKind,
    Recipient,
    SerialNumberFacts,
    described_documents,
    documents_to_scan,
    manifest_without_hashes,
)
from samkorning.delivery.codebook import codebook
from samkorning.delivery.documents.tables import balance_table
from samkorning.delivery.documents.workbooks import workbook
from samkorning.delivery.number_scan import Finding, LeakScan, OwnNumbers, texts_of
from samkorning.delivery.number_scan.chance import more_than_chance
from samkorning.delivery.number_scan.files import scan_file
from samkorning.delivery.package.manifest import MANIFEST
from samkorning.delivery.reported_balance import reported_balance
from samkorning.errors import FileRefused
from samkorning.identity import IdentityRules
from samkorning.own_registers.catalogue.models import Code
from samkorning.own_registers.controls.balance import PERSONS, SCHEMA
from samkorning.synthetic import make_world
from tests.examples import examples
from tests.provenance import PROVENANCE
from tests.rendered import a_delivered_file
from tests.spec.number_spellings import SPELLINGS

RULES = IdentityRules(reference_date=date(2221, 12, 31), allow_synthetic=True)
WORLD = [str(number) for number in make_world(400, 3).persons["number"]]
CASE, STRANGERS = WORLD[:300], WORLD[300:]
OWN = OwnNumbers(pl.Series(list(map(int, CASE))), pl.Series(["992175123455", "AB12"]))
NUMBER = next(number for number in CASE if number[2] == "0" and "0" in number[3:] and "1" in number[3:])
"""Born in a year that begins with 0, with a 0 and a 1 besides, so that every spelling changes something."""


def found(*batches: pl.DataFrame, own: OwnNumbers = OWN) -> tuple[Finding, ...]:
    scan = LeakScan("file", own, RULES)
    for batch in batches:
        scan.look_at(batch)
    return scan.findings()


def in_cell(written: str, folder: Path) -> bool:
    return bool(found(pl.DataFrame({"x": ["a", written, None], "y": [1, 2, 3]})))


def in_header(written: str, folder: Path) -> bool:
    return bool(found(pl.DataFrame({written: ["a", "b"]})))


def in_label(written: str, folder: Path) -> bool:
    """In the label of a variable, as the documents of the package carry it."""
    scan = LeakScan("documents", OWN, RULES)
    description = a_description(written)
    documents = {**described_documents(description), MANIFEST: manifest_without_hashes(description)}
    for name, content in documents.items():
        for text in (texts_of(name, content) or {}).values():
            scan.look_at_text(name, text)
    return bool(scan.findings())


def in_file_name(written: str, folder: Path) -> bool:
    path = folder / f"svar {written}.md"
    path.write_text("ingenting")
    return bool(scan_file(path, 1, OWN, RULES))


def in_document(written: str, folder: Path) -> bool:
    path = folder / "brev.md"
    path.write_bytes(f"# Brev\n\nRaden för {written} är fel.\n".encode())
    return bool(scan_file(path, 1, OWN, RULES))


PLACES = (in_cell, in_header, in_label, in_file_name, in_document)


def a_description(label: str) -> DeliveryDescription:
    code = Code(code="1", label_sv=label, label_en=label)
    variable = DeliveredVariable("X", label, label, "text", 10, codes=(code,))
    files = (a_delivered_file("ut_r_x_36759_2021", pl.DataFrame({"X": [1]}), (variable,)),)
    return DeliveryDescription(
        case="36759-2021",
        number="L001",
        kind=DeliveryKind.FIRST,
        synthetic=True,
        title="Synthetic",
        recipient=Recipient("Ada", "Universitet"),
        date=date(2221, 3, 1),
        files=files,
        codebook=codebook(files, 5),
        row_flows=(),
        awaited=("region_labb",),
        serial_numbers=SerialNumberFacts(149, 149),
        provenance=PROVENANCE,
    )


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if place % 13 else [])  # four of fifty-two always run
        for place, name in enumerate(SPELLINGS)
    ],
)
def test_a_number_is_found_in_every_document(name: str) -> None:
    """Whichever document a label stands in, the number in it is found there: tables, label scripts, report, print."""
    description = dataclasses.replace(a_description(SPELLINGS[name](NUMBER)), reports=frozenset({"pdf"}))
    missed = []
    for document, content in documents_to_scan(description).items():
        scan = LeakScan("documents", OWN, RULES)
        for text in (texts_of(document, content) or {}).values():
            scan.look_at_text(document, text)
        missed += [] if scan.findings() else [document]
    assert sorted(missed) == ["LÄSMIG.md", "README.md", "radflode.csv", "ro-crate-metadata.json"], (
        "what has no label in it"
    )


def test_a_number_is_found_in_a_report_in_print() -> None:
    """A print is compressed: the page that it is made from is looked through."""
    description = dataclasses.replace(a_description("x"), title=NUMBER, reports=frozenset({"pdf"}))
    found_in = []
    for document, content in documents_to_scan(description).items():
        scan = LeakScan("documents", OWN, RULES)
        for text in (texts_of(document, content) or {}).values():
            scan.look_at_text(document, text)
        found_in += [document] if scan.findings() else []
    assert {"rapport.sv.html", "report.en.html"} <= set(found_in)


def test_a_number_in_the_properties_of_a_workbook_is_found() -> None:
    scan = LeakScan("documents", OWN, RULES)
    for text in (texts_of("x.xlsx", workbook(f"Lista {NUMBER}", date(2221, 3, 1), ())) or {}).values():
        scan.look_at_text("x.xlsx", text)
    assert scan.findings()


def test_there_are_fifty_two_ways() -> None:
    """The leak scan is held to fifty-two ways of writing one number."""
    assert len(SPELLINGS) == 52


@pytest.mark.parametrize(
    ("name", "place"),
    [
        pytest.param(
            name,
            place,
            id=f"{name}-{place.__name__}",
            # a label stands in every document of a package: four of fifty-two always run
            marks=[pytest.mark.slow] if place is in_label and at % 13 else [],
        )
        for at, name in enumerate(SPELLINGS)
        for place in PLACES
    ],
)
def test_a_number_is_found_in_every_place(name: str, place: Callable[[str, Path], bool], tmp_path: Path) -> None:
    """The leak scan finds a number of the case in every way of writing, in every place that leaves."""
    written = SPELLINGS[name](NUMBER)
    if place is in_file_name and "/" in written:
        pytest.skip("no file can be called so")
    assert place(written, tmp_path)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_what_is_no_number_is_not_found(place: Callable[[str, Path], bool], tmp_path: Path) -> None:
    for harmless in ("2221-03-14 12.30", "070-174 06 05", "tel 08-123 456 78", "36759-2021", "3F2504E0", "1234567890"):
        assert not place(harmless, tmp_path)


TYPES: dict[str, pl.Series] = {
    "whole number of twelve": pl.Series([int(CASE[0]), 5, None]),
    "whole number of ten": pl.Series([int(CASE[1][2:]), 5, None]),
    "unsigned": pl.Series([int(CASE[0]), 5, None], dtype=pl.UInt64),
    "floating point of ten": pl.Series([float(CASE[1][2:]), 2.5, None]),
    "floating point of twelve": pl.Series([float(CASE[0]), float("nan"), float("inf")]),
    "exact decimal": pl.Series([Decimal(CASE[0]), Decimal(5), None], dtype=pl.Decimal(20, 2)),
    "categorical": pl.Series([CASE[0], "a", None], dtype=pl.Categorical),
    "enumeration": pl.Series(["a", CASE[0], None], dtype=pl.Enum(["a", CASE[0]])),
    "list of texts": pl.Series([["a", CASE[0]], [], None]),
    "list of whole numbers": pl.Series([[1, int(CASE[0])], [], None]),
    "array": pl.Series([[1, int(CASE[0])], [2, 3], None], dtype=pl.Array(pl.Int64, 2)),
    "struct": pl.Series([{"a": 1, "b": CASE[0]}, {"a": 2, "b": None}, None]),
    "struct in a list": pl.Series([[{"b": CASE[0]}], [], None]),
    "bytes": pl.Series([CASE[0].encode(), b"\xff\x00", None]),
    "bytes in UTF-16": pl.Series([CASE[0].encode("utf-16-le"), b"\xff\x00", None]),
    "object": pl.Series([CASE[0], object(), None], dtype=pl.Object),
}


@pytest.mark.parametrize("name", TYPES)
def test_a_number_is_found_in_a_column_of_any_type(name: str) -> None:
    """The leak scan looks into columns of every type."""
    said = found(pl.DataFrame({"x": TYPES[name]}))
    assert {(each.column, each.rows) for each in said} == {("x", 1)}


DAY = date(int(NUMBER[:4]), int(NUMBER[4:6]), int(NUMBER[6:8]))
HALVES: dict[str, tuple[object, object]] = {
    "texts": (NUMBER[:8], NUMBER[8:]),
    "ten digits": (NUMBER[2:8], NUMBER[8:]),
    "with hyphens": (DAY.isoformat(), f"-{NUMBER[8:]}"),
    "whole numbers": (int(NUMBER[:8]), int(NUMBER[8:])),
    "a date and a text": (DAY, NUMBER[8:]),
    "a time and a whole number": (datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC), int(NUMBER[8:])),
}


@pytest.mark.parametrize("name", HALVES)
def test_a_number_split_over_two_columns_is_found(name: str) -> None:
    left, right = HALVES[name]
    said = found(pl.DataFrame({"BORN": [None, left], "LAST": [None, right]}))
    assert [(each.column, each.rows, each.first_rows) for each in said] == [("BORN and LAST", 1, (2,))]


@pytest.mark.parametrize(
    ("values", "rows"),
    [
        ([f"{STRANGERS[0][:8]}-{STRANGERS[0][8:]}", "a"], 1),
        ([f"se journal {STRANGERS[0]}, tack"], 1),
        ([f"{STRANGERS[0][2:8]}+{STRANGERS[0][8:]}"], 1),
        (STRANGERS[:20], 20),
        (list(map(int, STRANGERS[:20])), 20),
        ([STRANGERS[0][2:], "a"], 0),
        ([f"{number[:11]}{(int(number[11]) + 1) % 10}" for number in STRANGERS], 0),
        (["992175-123455", "992175123455 and more", "x"], 2),
        (["AB12", "992175", None], 0),
    ],
)
def test_persons_outside_the_case_and_identities_of_text(values: list[object], rows: int) -> None:
    """A stranger's number in text, and a whole column of them, are found; one code that reads as a number is not."""
    assert sum(each.rows for each in found(pl.DataFrame({"x": values}, strict=False))) == rows


def a_large_case(persons: int) -> OwnNumbers:
    """Numbers of persons born 2119-2219, drawn evenly; no world of persons behind them."""
    draw = random.Random(1)
    first = date(2119, 1, 1)
    numbers = []
    for _ in range(persons):
        day = first + timedelta(days=draw.randrange(36_889))
        nine = f"{day:%y%m%d}{draw.randrange(1, 1000):03}"
        doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(nine))
        check = -sum(value // 10 + value % 10 for value in doubled) % 10
        numbers.append(int(f"{day.year // 100}{nine}{check}"))
    return OwnNumbers(pl.Series(numbers))


ROWS = 70_000


@cache
def innocent() -> pl.DataFrame:
    """Seventy thousand rows of time stamps, order numbers and codes: more than a million cells."""
    draw = random.Random(7)
    shares = pl.Series([draw.random() for _ in range(ROWS)])
    at = pl.lit(datetime(2219, 1, 1)) + pl.duration(minutes=pl.lit(shares * 1_500_000).cast(pl.Int64))
    row = pl.int_range(0, ROWS)
    codes = {f"CODE_{digits}": pl.lit(shares * 10**digits).cast(pl.Int64) for digits in range(8, 15)}
    return pl.select(
        TO_MINUTE=at.dt.strftime("%Y%m%d%H%M"),
        TO_SECOND=at.dt.strftime("%Y%m%d%H%M%S"),
        WITH_HYPHEN=at.dt.strftime("%Y%m%d-%H%M"),
        WITH_BLANK=at.dt.strftime("%Y-%m-%d %H%M"),
        ISO=at.dt.strftime("%Y-%m-%d %H:%M:%S"),
        AS_NUMBER=at.dt.strftime("%y%m%d%H%M").cast(pl.Int64),
        DAY=at.dt.date(),
        HOSPITAL=(row % 7919 + 1000).cast(pl.String),
        ORDER=row + 2_201_010_100,
        ORDER_TEXT=(row // 10_000 + 990_100).cast(pl.String) + "-" + (row % 10_000).cast(pl.String).str.zfill(4),
        NOTE=pl.lit("ref ") + codes["CODE_10"].cast(pl.String) + " klar",
        **{f"TEXT_{name}": code.cast(pl.String) for name, code in codes.items()},
        **codes,
    )


def test_a_million_innocent_cells_do_not_block() -> None:
    """Time stamps, order numbers and codes of eight to fourteen digits do not block, though some hit by chance."""
    table = innocent()
    assert table.width * table.height > 1_000_000
    assert found(*table.iter_slices(20_000), own=a_large_case(100_000)) == ()


@pytest.mark.parametrize("digits", [9, 10, 12])
def test_more_than_chance_blocks(digits: int) -> None:
    """A hundred numbers among as many random codes as there are rows are more than chance gives."""
    numbers = [int(each) for each in CASE if each[2] != "0"][:100]
    short = {9: [each % 10**10 // 10 for each in numbers], 10: [each % 10**10 for each in numbers], 12: numbers}[digits]
    codes = innocent()[f"CODE_{digits}"].head(20_000)
    assert found(pl.DataFrame({"x": codes})) == ()
    assert [each.rows >= 90 for each in found(pl.DataFrame({"x": pl.concat([codes, pl.Series(short)])}))] == [True]


def test_means_of_years_of_birth_do_not_block() -> None:
    """The balance of a study whose controls are matched on it: decimals, and a year behind them."""
    means = {"cases": [2158.970588], "eligible": [2158.949728], "drawn": [2158.97549]}
    apart = {"difference_before": [0.001309], "difference_after": [-0.00000308]}
    persons = {name: [34] for name in PERSONS.values()}
    balance = pl.DataFrame({"column": ["birth_year"], "level": [None], **means, **apart, **persons}, schema=SCHEMA)
    written = reported_balance(balance, 5)
    assert written[1] == ("birth_year", "", "2158.9706", "2158.9497", "2158.9755", "0.0013", "0.0")
    scan = LeakScan("documents", OWN, RULES)
    scan.look_at_text("balans.csv", balance_table(written).decode("utf-8-sig"))
    assert scan.findings() == ()
    scan.look_at_text("balans.csv", "2158.970588;2158.949728")
    assert scan.findings() != (), "what six decimals would write"


@pytest.mark.parametrize("share", [0.05, *(pytest.param(share, marks=pytest.mark.slow) for share in (0.3, 0.9))])
def test_serial_numbers_do_not_block_however_many_of_a_days_numbers_a_case_holds(share: float) -> None:
    """Nine random digits are a date and a birth number of the case as often as it holds birth numbers of that date."""
    days = pl.date_range(date(2120, 1, 1), date(2124, 12, 31), eager=True).dt.strftime("%y%m%d").cast(pl.Int64)
    every = pl.DataFrame({"day": days}).join(pl.DataFrame({"birth_number": range(1, 1000)}), how="cross")
    nine = every.select(pl.col("day") * 1000 + pl.col("birth_number")).to_series().sample(fraction=share, seed=1)
    own = OwnNumbers(210_000_000_000 + nine * 10 + 5)
    serials = pl.Series(random.Random(7).sample(range(100_000_000, 1_000_000_000), 500_000))
    assert found(pl.DataFrame({"LopNr": serials}), own=own) == ()
    leaked = pl.concat([serials, nine.sample(3_000, seed=2)])
    assert [each.spelling for each in found(pl.DataFrame({"LopNr": leaked}), own=own)] == ["without check digit"]


NINE = [int(each) % 10**10 // 10 for each in CASE if each[2] != "0"]
"""The case's numbers without century and check digit, as a serial number may read by chance."""


@pytest.mark.parametrize(
    ("of_the_case", "column", "blocks"),
    [
        (NINE[:1], "LopNr", False),  # one or two in a thousand deliveries of a few hundred persons have one
        (NINE[:3], "LopNr", True),
        (NINE[:1], "CODE", True),  # of no other column is anything known
        (NINE, "LopNr", True),  # a code key that was made of the numbers themselves
        ([int(CASE[0]) % 10**10], "LopNr", True),
    ],
)
def test_a_serial_number_may_read_as_a_number_without_check_digit_once(
    of_the_case: list[int], column: str, blocks: bool
) -> None:
    drawn = random.Random(11).sample(
        range(500_000_000, 600_000_000), 300 - len(of_the_case)
    )  # no month has number 0-99
    serials = pl.Series(column, [*drawn, *of_the_case])
    scan = LeakScan("file", OWN, RULES, {"LopNr"})
    scan.look_at(serials.to_frame())
    assert bool(scan.findings()) is blocks


def test_one_code_on_a_date_of_which_the_case_holds_most_numbers_says_little() -> None:
    """A case of everybody born on one day: a code that begins with that day is one of theirs, and means nothing."""
    nine = pl.Series(range(200_101_001, 200_101_900))
    own = OwnNumbers(212_000_000_000 + nine * 10 + 5)
    codes = pl.Series([417_205_118, 530_114_922, 200_101_450])
    assert found(pl.DataFrame({"LopNr": codes}), own=own) == ()
    assert len(found(pl.DataFrame({"x": ["20200101-4505", "a"]}), own=OwnNumbers(pl.Series([202_001_014_505])))) == 1


def test_a_spelling_that_chance_does_not_write_blocks_in_one_cell_of_many() -> None:
    hidden = f"{NUMBER[:8]}-{NUMBER[8:]}"
    table = innocent().select(pl.when(pl.int_range(pl.len()) == 777).then(pl.lit(hidden)).otherwise("NOTE").alias("x"))
    (said,) = found(table)
    assert (said.column, said.rows, said.first_rows, said.spelling) == ("x", 1, (778,), "digits in groups")


@pytest.mark.parametrize(
    ("hits", "expected", "more"),
    [(1, 1e-4, True), (1, 1e-2, False), (0, 0.0, False), (1100, 1000, False), (1200, 1000, True), (5, 10, False)],
)
def test_the_bound_on_chance(hits: int, expected: float, more: bool) -> None:
    assert more_than_chance(hits, expected) is more


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.sampled_from([*CASE[:3], STRANGERS[0], "a", None, "2221-03-14"]), max_size=30), st.integers(1, 30))
def test_batches_give_what_the_whole_gives(cells: list[str | None], size: int) -> None:
    whole = pl.DataFrame({"x": pl.Series(cells, dtype=pl.String)})
    assert found(*whole.iter_slices(size)) == found(whole)


def test_neither_findings_nor_the_numbers_held_say_a_number(tmp_path: Path) -> None:
    """What is told names place and spelling, never the number, though file or column is named after a person."""
    path = tmp_path / f"{NUMBER[2:8]}_{NUMBER[8:]}.csv"
    path.write_text(f"{NUMBER[:8]}.{NUMBER[8:]};x\n{NUMBER};1\n{NUMBER[::-1]};2\n")
    said = scan_file(path, 3, OWN, RULES)
    assert {each.column for each in said} == {"file name", "text"}
    columns = found(pl.DataFrame({NUMBER[::-1]: ["a", NUMBER]}))
    assert {each.column for each in columns} == {"name of column 1", "column 1"}
    text = f"{said}{columns}{OWN!r}"
    assert not any(piece in text for piece in (NUMBER[8:], NUMBER[2:8], NUMBER[::-1][:4]))


def written_as(folder: Path) -> Iterator[Path]:
    """One table in several formats, with a number in its second row."""
    table = pl.DataFrame({"A": ["x", CASE[0]], "B": [1, 2]})
    table.write_csv(folder / "t.csv", separator=";")
    table.write_parquet(folder / "t.parquet")
    table.write_ndjson(folder / "t.jsonl")
    table.write_excel(folder / "t.xlsx")
    (folder / "t.json").write_text(f'{{"a": [1, "{CASE[0]}"]}}')
    (folder / "t.html").write_text(f"<p title='x'>{CASE[0][:4]}<b>{CASE[0][4:8]}</b>&#8209;{CASE[0][8:]}</p>")
    (folder / "t.txt").write_text(f"två rader, {CASE[0][:8]}-\n{CASE[0][8:]} delad", encoding="cp1252")
    (folder / "damaged.csv").write_text(f"a;b\n1;2\n1;2;3;{CASE[0]}\n")
    yield from sorted(folder.iterdir())


def test_a_file_of_any_format_is_looked_through(tmp_path: Path) -> None:
    clean = [path.name for path in written_as(tmp_path) if not scan_file(path, 1, OWN, RULES)]
    assert clean == []


@pytest.mark.parametrize("between", [", ", '","', "\n", " - "])
@pytest.mark.parametrize("before", [0, 1, 99, 5000])
def test_a_number_is_found_in_a_list_of_others(between: str, before: int) -> None:
    """Wherever in a long text it stands, and whatever is around it."""
    others = [f"{at:012}" for at in range(before)]
    scan = LeakScan("file", OWN, RULES)
    scan.look_at_text("text", f"[{between.join([*others, NUMBER, *others])}]")
    assert scan.findings()
    assert found(pl.DataFrame({"x": [between.join([*others, NUMBER, *others])]}))
    assert before > 99 or found(pl.DataFrame({"x": ["".join([*others, NUMBER, *others])]}))


def test_what_cannot_be_read_is_never_called_clean(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    with pytest.raises(FileRefused, match="not looked at"):
        scan_file(path, 1, OWN, RULES)


def test_a_case_without_numbers_finds_strangers_alone() -> None:
    nobody = OwnNumbers(pl.Series([], dtype=pl.Int64))
    said = found(pl.DataFrame({"x": [f"{NUMBER[:8]}-{NUMBER[8:]}", NUMBER[2:]]}), own=nobody)
    assert [(each.rows, each.spelling) for each in said] == [(1, "number of a person outside the case")]
