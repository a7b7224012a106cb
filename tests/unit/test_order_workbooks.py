"""What a tired person writes in an order's workbook: it is read as it is meant, or told by its cell."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, get_args

import pytest

from samkorning.errors import OrderRefused
from samkorning.order import read_order
from samkorning.order.workbooks import sheets
from samkorning.order.workbooks.cells import CellFault, value_of, written
from samkorning.order.workbooks.columns import Column, Kind
from samkorning.order.workbooks.filling import filled_sheets, filling_of
from samkorning.order.workbooks.incoming import IncomingWorkbook, filled_in
from samkorning.order.workbooks.judging import gather, order_in
from samkorning.order.workbooks.plain_text import order_text
from samkorning.order.workbooks.template import TEMPLATES, workbook
from samkorning.order.workbooks.words import FILE_FORMATS, PURPOSES
from samkorning.register_files.declared.contract import FormatName
from samkorning.register_files.formats import open_register_file
from samkorning.synthetic import make_world
from tests.factories import CATALOGUE, SAMPLE_ORDER
from tests.workbooks import Fill, sheet, with_part
from tests.workbooks import workbook as book_of

NUMBER = str(make_world(10, 5).persons["number"][0])
ORDER = read_order(SAMPLE_ORDER, "order.yaml")
FILLING = filling_of(ORDER, CATALOGUE, "sv")
FORM, VARIABLES, HOLDERS = "Beställning", "Variabellista", "Registerhållare"
Rows = dict[str, list[list[Any]]]


def column(kind: Kind) -> Column:
    return Column("x", "X", "X", kind, PURPOSES if kind is Kind.CHOICE else ())


@pytest.mark.parametrize(
    ("kind", "text", "meant"),
    [
        (Kind.WHOLE, "2020", 2020),
        (Kind.WHOLE, "2020.0", 2020),
        (Kind.WHOLE, "2 020", 2020),
        (Kind.WHOLE, "\u00a02020 ", 2020),
        (Kind.WHOLE, "tjugo", CellFault),
        (Kind.SHARE, "0,05", 0.05),
        (Kind.SHARE, "5 %", 0.05),
        (Kind.DATE, "2024-01-31", "2024-01-31"),
        (Kind.DATE, "2024-01-31 00:00:00", "2024-01-31"),
        (Kind.DATE, "2024\u201301\u201331", "2024-01-31"),
        (Kind.DATE, "20240131", "2024-01-31"),
        (Kind.DATE, "45322", CellFault),
        (Kind.DATE, "31/1 2024", CellFault),
        (Kind.DATE, "2023-02-29", CellFault),
        (Kind.YES_NO, "JA", True),
        (Kind.YES_NO, "false", False),
        (Kind.YES_NO, "x", True),
        (Kind.YES_NO, "kanske", CellFault),
        (Kind.CHOICE, "Forskning ", "research"),
        (Kind.CHOICE, "STATISTICS", "statistics"),
        (Kind.CHOICE, "nyfikenhet", CellFault),
        (Kind.YEARS, "2015\u20132020", (2015, 2020)),
        (Kind.YEARS, "2015.0", (2015, 2015)),
        (Kind.YEARS, "2015 till 2020", (2015, 2020)),
        (Kind.TEXTS, "v1;  v2\nv3;", ["v1", "v2", "v3"]),
        (Kind.TEXT, "  två\u00a0ord\u200b_x000D_ ", "två ord"),
        (Kind.TEXT, '=HYPERLINK("http://example.org")', CellFault),
        (Kind.TEXT, "@SUM(A1)", CellFault),
        (Kind.TEXT, "+cmd|' /C calc'!A0", CellFault),
        (Kind.TEXT, "-5", "-5"),
    ],
)
def test_a_cell_is_read_as_it_is_meant_or_refused(kind: Kind, text: str, meant: Any) -> None:
    if meant is CellFault:
        with pytest.raises(CellFault) as refused:
            value_of(column(kind), written(text))
        assert text.strip() not in str(refused.value.problem + refused.value.remedy)
    else:
        assert value_of(column(kind), written(text)) == meant


def rows_of_sample() -> Rows:
    """The sheets of the sample order as rows of cells, to be spoiled."""
    return {
        each.named: [list(cells) for _, cells in sorted(each.rows.items())] for each in filled_sheets(FILLING, "sv")
    }


def read_back(rows: Rows, *more: Fill, **options: Any) -> Any:
    fills = [sheet(cells, name) for name, cells in rows.items()]
    content = book_of(*fills, *more, **options)
    found = filled_in([IncomingWorkbook("order.xlsx", content)], open_register_file)
    return read_order(order_text(order_in(found, "order.xlsx", CATALOGUE)), "order.xlsx", CATALOGUE)


def refusal(rows: Rows, *more: Fill) -> list[str]:
    with pytest.raises(OrderRefused) as refused:
        read_back(rows, *more)
    return [str(fault) for fault in refused.value.faults]


def put(rows: Rows, name: str, label: str, value: Any) -> None:
    next(cells for cells in rows[name] if cells[0] == label)[1] = value


def _reordered(rows: Rows) -> None:
    rows[VARIABLES] = [[*reversed(cells)] for cells in rows[VARIABLES]]


def _headings_of_a_tool(rows: Rows) -> None:
    rows[VARIABLES][0][:4] = ["Dataset", "Variable name", "Description", "Years"]


def _english_headings(rows: Rows) -> None:
    rows[VARIABLES][0] = [each.en.upper() + " *" for each in sheets.VARIABLES.columns]


def _note_above(rows: Rows) -> None:
    rows[VARIABLES] = [["ifylld av NN"], [None], *rows[VARIABLES]]


def _small_letters(rows: Rows) -> None:
    rows[VARIABLES][1:] = [
        [
            cells[0].lower(),
            cells[1].lower() if cells[0].isupper() and cells[0] not in ("POPULATION", "NUMBER_HISTORY") else cells[1],
            *cells[2:],
        ]
        for cells in rows[VARIABLES][1:]
    ]


def _numbers(rows: Rows) -> None:
    for cells in rows[VARIABLES][1:]:
        if cells[3]:
            cells[3:6] = ["", 2219.0, 2220]
    put(rows, FORM, "Referensdatum", dt.date(2221, 12, 31))
    put(rows, FORM, "Etikbeslutets datum", "2220-11-15\u00a0")


def _years_one_by_one(rows: Rows) -> None:
    found = []
    for cells in rows[VARIABLES]:
        years = [2219, 2220] if cells[3] == "2219-2220" else [cells[3]]
        found += [[*cells[:3], year, *cells[4:]] for year in years]
    rows[VARIABLES] = found


def _blanks(rows: Rows) -> None:
    rows[FORM] = [[f" {cells[0]} ", cells[1], None] for cells in rows[FORM]]
    rows[FORM][0] = ["Fält:", " VÄRDE", None]
    rows[VARIABLES] += [["\u00a0", " ", None], [None] * 12]


MEANT: dict[str, Callable[[Rows], None]] = {
    "columns in another order": _reordered,
    "headings of a metadata tool": _headings_of_a_tool,
    "English headings, in capitals": _english_headings,
    "words above the headings": _note_above,
    "small letters": _small_letters,
    "numbers and dates of Excel": _numbers,
    "a row for each year": _years_one_by_one,
    "blanks, hard blanks, colons": _blanks,
}


@pytest.mark.parametrize("spoil", MEANT.values(), ids=MEANT.keys())
def test_what_a_tired_person_does_is_read_as_it_is_meant(spoil: Callable[[Rows], None]) -> None:
    rows = rows_of_sample()
    spoil(rows)
    assert read_back(rows) == ORDER


def _variable(place: int, value: Any, row: int = 1) -> Callable[[Rows], None]:
    def spoil(rows: Rows) -> None:
        rows[VARIABLES][row][place] = value

    return spoil


def _answer(label: str, value: Any) -> Callable[[Rows], None]:
    return partial(put, name=FORM, label=label, value=value)


def _twice(rows: Rows) -> None:
    rows[FORM].append(["Purpose", "statistics"])


def _no_heading(rows: Rows) -> None:
    rows[VARIABLES][0][1] = "Namnet"


def _no_headings(rows: Rows) -> None:
    rows[VARIABLES] = rows[VARIABLES][1:]


def _own_column(rows: Rows) -> None:
    rows[VARIABLES][0].append("Min egen")
    rows[VARIABLES][3].append("viktigt")


def _unknown_source(rows: Rows) -> None:
    rows["Identitetskolumner"][1][0] = "lissa"


SAID: dict[str, tuple[Callable[[Rows], None], str, str]] = {
    "no purpose": (_answer("Ändamål", ""), "sheet Beställning, row 3, column B (Ändamål)", "is empty; write it"),
    "a word that is none": (_answer("Ändamål", "annat"), "row 3, column B (Ändamål)", "choose one of: forskning"),
    "a day as a number": (_answer("Referensdatum", 45322), "column B (Referensdatum)", "YYYY-MM-DD"),
    "a bad address": (_answer("Kontaktperson, e-post", "vet ej"), "(Kontaktperson, e-post)", "docs/order.md"),
    "answered twice": (_twice, "column B (Purpose)", "answered twice"),
    "a formula in text": (_answer("Projektets titel", "=A1"), "(Projektets titel)", "begins as a formula does"),
    "an unknown register": (_variable(0, "PAR_XX", 25), "sheet Variabellista, row 26, column A (Register)", "PAR_SV"),
    "an unknown variable": (_variable(1, "HDIAG", 25), "row 26, column B (Variabel)", "register catalogue"),
    "no variable": (_variable(1, "", 25), "row 26, column B (Variabel)", "is empty"),
    "another period": (_variable(3, "2218-2220", 26), "row 27, column B (Variabel)", "one period"),
    "a period backwards": (_variable(3, "2220-2219", 25), "row 26, column D (Period)", "put the years in order"),
    "a heading that is lost": (_no_heading, "sheet Variabellista, row 1", "Variabel (Variable) is not there"),
    "all headings lost": (_no_headings, "sheet Variabellista, row 1", "headings"),
    "a column of their own": (_own_column, "sheet Variabellista, row 1, column M", "no heading that is known"),
    "a source misspelled": (_unknown_source, "sheet Identitetskolumner, row 2, column A", "name a source"),
}


@pytest.mark.parametrize(("spoil", "place", "words"), SAID.values(), ids=SAID.keys())
def test_what_cannot_be_meant_is_told_by_its_cell(spoil: Callable[[Rows], None], place: str, words: str) -> None:
    rows = rows_of_sample()
    spoil(rows)
    assert any(place in fault and words in fault for fault in refusal(rows))


def test_all_faults_are_told_in_one_answer_with_the_rules_that_they_do_not_hide() -> None:
    rows = rows_of_sample()
    put(rows, FORM, "Projektets titel", "")
    put(rows, FORM, "Kontaktperson, e-post", "")
    put(rows, FORM, "Mottagarens publika nyckel (age1…)", "")
    rows[VARIABLES][1][5] = "inget år"
    rows["Övriga fält"].append(["specification.smallest_count", "1"])
    seen = "\n".join(refusal(rows))
    for said in (
        "(Projektets titel)",
        "(Kontaktperson, e-post)",
        "R20:",
        "column F",
        "smallest_count",
        "sheet Övriga fält",
    ):
        assert said in seen


@pytest.mark.parametrize("name", [FORM, VARIABLES, "Bilagor", "Övriga fält"])
def test_a_number_typed_anywhere_is_refused_by_its_cell_and_not_shown(name: str) -> None:
    rows = rows_of_sample()
    rows[name].append([f"{NUMBER[:8]}-{NUMBER[8:]}", "x", NUMBER])
    seen = refusal(rows)
    assert all(
        "reads as an identity number" in fault and f"sheet {name}, row {len(rows[name])}" in fault for fault in seen
    )
    assert NUMBER[8:] not in "".join(seen) and NUMBER[:8] not in "".join(seen)


def _merged(book: Any) -> None:
    book.get_worksheet_by_name(VARIABLES).merge_range("J20:J22", "")


def _hidden(book: Any) -> None:
    book.get_worksheet_by_name(VARIABLES).hide()


def _filtered(book: Any) -> None:
    book.get_worksheet_by_name(VARIABLES).set_row(5, None, None, {"hidden": True})


def _formula(book: Any) -> None:
    book.get_worksheet_by_name(VARIABLES).write_formula("C5", "=1/0", None, "#DIV/0!")


WHOLE_SHEETS: dict[str, tuple[Fill, str]] = {
    "merged cells": (_merged, "sheet Variabellista: has merged cells"),
    "a hidden sheet": (_hidden, "sheet Variabellista: is hidden"),
    "a filter": (_filtered, "sheet Variabellista: has hidden rows"),
    "an error of Excel": (_formula, "sheet Variabellista, row 5: holds an error of Excel"),
    "a sheet of their own": (
        sheet([["koder"], ["E10"]], "Mina koder"),
        "1 sheets with content are none of the template's",
    ),
    "a newer template": (sheet([["samkorning-order-99"]], "Läs först"), "a newer version"),
}


@pytest.mark.parametrize(("spoil", "words"), WHOLE_SHEETS.values(), ids=WHOLE_SHEETS.keys())
def test_what_would_be_read_otherwise_than_it_is_seen_is_refused(spoil: Fill, words: str) -> None:
    assert any(words in fault for fault in refusal(rows_of_sample(), spoil))


def test_a_template_of_before_and_one_without_its_first_sheet_are_read() -> None:
    assert read_back(rows_of_sample(), sheet([["samkorning-order-0"]], "Läs först")) == ORDER
    assert read_back(rows_of_sample()) == ORDER


LISTED = [
    ["PAR_SV", "HDIA", "Huvuddiagnos, med \xe5\xe4\xf6", "2219-2220"],
    ["par_sv", "DIA1-DIA3", "", "2219-2220"],
    ["DORS", "ULORSAK", "", "2219"],
    ["DORS", "ULORSAK", "", "2220"],
    ["population", "PERSNR", "", ""],
    ["lisa", "PersonNr", "", ""],
]


def test_lists_may_come_in_workbooks_of_their_own() -> None:
    """A metadata tool's export has one sheet of any name; its rows are the variable list."""
    rows = rows_of_sample()
    alone = book_of(sheet(rows.pop(VARIABLES), "Export 1"))
    form = book_of(*(sheet(cells, name) for name, cells in rows.items()))
    books = [IncomingWorkbook("order.xlsx", form), IncomingWorkbook("export.xlsx", alone)]
    found = filled_in(books, open_register_file)
    assert read_order(order_text(order_in(found, "order.xlsx", CATALOGUE)), "o", CATALOGUE) == ORDER
    lines = ["Dataset;Variabel;Klartext;Period", *(";".join(cells[:4]) for cells in LISTED)]
    text = IncomingWorkbook("export.csv", "\r\n".join(lines).encode("cp1252"))
    found = filled_in([IncomingWorkbook("order.xlsx", form), text], open_register_file)
    said = gather(found, CATALOGUE).value["specification"]["own_registers"]
    assert [(own["register_name"], own["from_year"], own["to_year"], len(own["variables"])) for own in said] == [
        ("PAR_SV", 2219, 2220, 4), ("DORS", 2219, 2220, 1)
    ]  # fmt: skip
    with pytest.raises(OrderRefused, match="no headings of a list"):
        filled_in([IncomingWorkbook("x.xlsx", book_of(sheet([["a", "b"], ["1", "2"]])))], open_register_file)


def test_templates_are_the_same_bytes_every_time() -> None:
    for template in TEMPLATES:
        assert workbook(template, CATALOGUE) == workbook(template, CATALOGUE)


IN, MAIN, ICD = "slutenvård", "huvuddiagnos", "ICD-10-SE"
SELECTED = [
    # group, role, care, position, system, code, how, to, left out, from, to, which, detail, because
    ["", "population", IN, "huvudDIAGNOS", ICD, "e10.9", "", "", "", "2015-01-01", "", "första", "", ""],
    ["", "population", IN, MAIN, ICD, "I21", "med alla under", "", "", "", "", "", "", ""],
    ["", "population", IN, MAIN, ICD, "E10", "intervall", "E14", "", "", "", "", "", ""],
    ["", "population", IN, MAIN, ICD, "E13*", "", "", "ja", "", "", "", "", ""],
    ["Hjärta å kärl", "uttag", "sluten och öppen vård", "huvud- och bidiagnos", ICD, "I20-I25", *[""] * 6, 3, "etik"],
]


def test_the_selectors_are_code_lists_groups_the_population_and_what_is_taken() -> None:
    rows = rows_of_sample()
    for label in (
        "Kolumn med personnummer i populationens fil",
        "Populationens fil, format",
        "Populationens fil, fältskiljare",
    ):
        put(rows, FORM, label, "")
    rows[VARIABLES] = [cells for cells in rows[VARIABLES] if cells[0] not in ("POPULATION",)]
    rows["Diagnosurval"] += SELECTED
    rows["Läkemedelsurval"] += [["", "uttag", "a10b", "med alla under"]]
    said = read_back(rows).specification
    lists = {each.name: each for each in said.code_lists}
    assert lists["diagnoses_population"].codes == {"ICD-10-SE": ("E109", "I21*", "E10-E14*")}
    assert lists["diagnoses_population"].except_codes == {"ICD-10-SE": ("E13*",)}
    groups = {each.name: each for each in said.events}
    assert (groups["hjarta_a_karl"].registers, groups["hjarta_a_karl"].codes.positions) == (
        ("PAR_SV", "PAR_OV"), ("main", "secondary")
    )  # fmt: skip
    assert groups["diagnoses_population"].take == "first"
    assert said.population.drawn.selection == "study_population"
    assert said.selections[0].index_date == "diagnoses_population"
    taken = {own.register_name: own for own in said.own_registers}
    assert (taken["PAR_SV"].events, taken["LMED"].events) == ("hjarta_a_karl", "drugs_extraction")
    assert [(cut.variable, cut.characters) for cut in taken["PAR_OV"].cut_codes] == [
        ("HDIA", 3),
        ("DIA1", 3),
        ("DIA2", 3),
    ]


@pytest.mark.parametrize(
    ("code", "how", "last", "system", "words"),
    [
        ("diabetes", "", "", "ICD-10-SE", "no code of ICD-10-SE"),
        ("E10", "intervall", "", "ICD-10-SE", "an interval needs its last code"),
        ("E14", "intervall", "E10", "ICD-10-SE", "bounds do not fit"),
        ("E10*", "exakt", "", "ICD-10-SE", "no single code"),
        (250.0, "", "", "ICD-8", 'in double quotes, with the zeros that it has: "0011"'),
        ("2.5E+3", "", "", "ICD-8", "as Excel writes it"),
    ],
)
def test_a_code_that_is_none_is_told_by_its_cell(code: Any, how: str, last: str, system: str, words: str) -> None:
    rows = rows_of_sample()
    rows["Diagnosurval"].append(["", "uttag", "slutenvård", "huvuddiagnos", system, code, how, last])
    [seen] = [fault for fault in refusal(rows) if words in fault]
    assert "sheet Diagnosurval, row 2, column" in seen


def test_a_code_of_digits_in_quotes_is_taken_with_its_zeros() -> None:
    rows = rows_of_sample()
    rows["Diagnosurval"].append(["", "uttag", "slutenvård", "huvuddiagnos", "ICD-8", '"0011"'])
    assert read_back(rows).specification.code_lists[0].codes == {"ICD-8": ("0011",)}


def _only_dors(rows: Rows) -> None:
    rows[VARIABLES] = [cells for cells in rows[VARIABLES] if cells[0] in ("Register", "DORS", "POPULATION")]
    rows[HOLDERS], rows["Identitetskolumner"] = rows[HOLDERS][:1], rows["Identitetskolumner"][:1]
    rows["Övriga fält"] = [
        cells for cells in rows["Övriga fält"] if "sources" not in cells[0] and "history" not in cells[0]
    ]


def test_orders_for_statistics_and_on_deceased_persons_are_the_same_form() -> None:
    rows = rows_of_sample()
    _only_dors(rows)
    rows[FORM] = [cells for cells in rows[FORM] if not cells[0].startswith(("Etik", "Ändringsans", "Patient"))]
    assert any("R03" in fault for fault in refusal(rows))
    put(rows, FORM, "Ändamål", "statistik")
    assert read_back(rows).purpose == "statistics"
    put(rows, FORM, "Ändamål", "forskning")
    rows[FORM].append(["Gäller bara avlidna", "ja"])
    assert any("R05" in fault for fault in refusal(rows))
    rows[FORM].append(["Forskningsplan (beteckning)", "Plan 1"])
    assert read_back(rows).deceased_only


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a workbook at all", book_of(sheet([["x"]]))[:900]])
def test_what_is_no_workbook_is_refused_by_its_name(content: bytes) -> None:
    with pytest.raises(OrderRefused, match=r"^order\.xlsx: [a-z]"):
        filled_in([IncomingWorkbook("order.xlsx", content)], open_register_file)


def test_every_format_that_a_contract_knows_can_be_chosen_in_the_form() -> None:
    assert {word.value for word in FILE_FORMATS} == set(get_args(FormatName))


def test_macros_are_seen_past() -> None:
    content = book_of(*(sheet(cells, name) for name, cells in rows_of_sample().items()))
    book = IncomingWorkbook("order.xlsm", with_part(content, "xl/vbaProject.bin", b"Sub Auto_Open()"))
    said = order_in(filled_in([book], open_register_file), "order.xlsm", CATALOGUE)
    assert read_order(order_text(said), "order.xlsm") == ORDER


def test_no_fault_repeats_what_stands_in_a_cell() -> None:
    """Something else in one cell after the other: the order is read all the same, or refused without showing it."""
    whole = list(filled_sheets(FILLING, "sv"))
    cells = [
        (at, row, column)
        for at, each in enumerate(whole)
        for row, texts in each.rows.items()
        for column in range(len(texts))
    ]
    refused = 0
    for at, row, column in cells[::29]:
        texts = list(whole[at].rows[row])
        texts[column] = "QZXMARK"
        spoiled = replace(whole[at], rows={**whole[at].rows, row: tuple(texts)})
        try:
            order_in([*whole[:at], spoiled, *whole[at + 1 :]], "order.xlsx", CATALOGUE)
        except OrderRefused as refusal:
            refused += 1
            assert "QZXMARK" not in str(refusal).upper()
    assert refused > len(cells) // 29 // 4
