"""What can be wrong with a statistics file or an old workbook, or be in it on purpose, and what is made of it.

What belongs here: the damages and their outcomes, as a table that test_register_files_statistics.py holds and
docs/incoming-files.md shows. What must not: how the files are written (tests.statistics_files, tests.old_workbooks).
"""

import datetime as dt
import struct

import polars as pl
import xlwt

from samkorning.register_files.workbooks.compound_file import MARK
from tests import old_workbooks
from tests.sas7bdat import Column, sas7bdat, special, with_deleted
from tests.spec.damages import ROWS, Cells, Damage
from tests.statistics_files import dta, old_dta, other_dta, por, sas, sav, xpt, xpt5, zsav

PLAIN: tuple[Cells, ...] = (("001", "Asa"), ("002", "Orjan"), ("003", "Siv"))
DAY = dt.date(2219, 1, 2)


def table(rows: tuple[Cells, ...] = ROWS) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"LopNr": pl.String, "Namn": pl.String}, orient="row")


def one(name: str, *values: object) -> pl.DataFrame:
    return pl.DataFrame({name: values}, strict=False)


def old(version: int) -> bytes:
    return old_dta(table(), version)


def in_encoding(content: bytes, encoding: str) -> bytes:
    """A file in UTF-8 with the same letters in an encoding of one byte a letter, and a blank for the other byte."""
    for letter in "åäöÅÄÖ":
        content = content.replace(letter.encode(), letter.encode(encoding) + b" ")
    return content


def transport_with_two_tables() -> bytes:
    content = xpt5(table(PLAIN))
    return content + content[content.index(b"HEADER RECORD*******MEMBER") :]


def stating_rows(rows: int) -> bytes:
    """A transport file of version 8 with three rows that tells another number of them."""
    content = xpt(one("x", "a" * 80, "b" * 80, "c" * 80))
    place = content.index(b"OBSV8   HEADER RECORD!!!!!!!") + 28
    return content[:place] + f"{rows:15d} ".encode() + content[place + 16 :]


def special_in_stata() -> bytes:
    """A missing number of the kind ``.a``."""
    plain = other_dta(one("n", 1.0, None))
    return plain.replace(struct.pack("<d", 2.0**1023), struct.pack("<Q", 0x7FE0010000000000))


def special_in_transport() -> bytes:
    """A missing number of the kind ``.A``."""
    return xpt(one("n", 1.0, None)).replace(b"." + bytes(7), b"A" + bytes(7))


def workbook(*rows: tuple[object, ...]) -> bytes:
    return old_workbooks.workbook(rows)


def good() -> tuple[tuple[object, ...], ...]:
    return (("LopNr", "Namn"), *ROWS)


def uncalculated() -> bytes:
    def fill(book: xlwt.Workbook) -> None:
        page = book.add_sheet("Blad1")
        page.write(0, 0, "a")
        page.write(1, 0, xlwt.Formula("1+1"))

    return old_workbooks.workbook_of(fill)


DAMAGES = [
    Damage("SAS", lambda: sas(table()), "file.sas7bdat"),
    Damage("SAS in cp1252", lambda: sas(table(), encoding="cp1252"), "file.sas7bdat"),
    Damage("SAS in latin-1", lambda: sas(table(), encoding="latin-1"), "file.sas7bdat"),
    Damage("SAS in cp850", lambda: sas(table(), encoding="cp850"), "file.sas7bdat"),
    Damage("SPSS", lambda: sav(table()), "file.sav"),
    Damage("SPSS, packed", lambda: zsav(table()), "file.zsav"),
    Damage("SPSS portable", lambda: por(table(PLAIN)), "file.por", PLAIN),
    Damage("Stata", lambda: dta(table()), "file.dta"),
    Damage("Stata before version 14", lambda: old(117), "file.dta", remarks=("encoding_guessed",)),
    Damage("Stata before version 13", lambda: old(114), "file.dta", remarks=("encoding_guessed",)),
    Damage("SAS transport, version 8", lambda: xpt(table()), "file.xpt"),
    Damage("SAS transport, version 5", lambda: xpt5(table()), "file.xpt"),
    Damage("SAS transport in cp850", lambda: in_encoding(xpt(one("Ort", "Växjö", "Ås", "Å")), "cp850"),
                     "file.xpt", (("Vä xjö",), ("Å s",), ("Å",)), remarks=("encoding_guessed",)),
    Damage("SAS transport in latin-1", lambda: in_encoding(xpt(one("Ort", "Växjö", "Ås", "Å")), "latin-1"),
                     "file.xpt", (("Vä xjö",), ("Å s",), ("Å",)), remarks=("encoding_guessed",)),
    Damage("an old workbook", lambda: workbook(*good()), "file.xls"),
    Damage("no rows", lambda: sav(table().clear()), "file.sav", ()),
    Damage("SPSS, cut off", lambda: sav(table())[:-9], "file.sav", refusal="no readable SPSS file"),
    Damage("SPSS, packed, cut off", lambda: zsav(table())[:-9], "file.sav", refusal="no readable SPSS file"),
    Damage("SPSS portable, cut off", lambda: por(table(PLAIN))[:550], "file.por",
                     refusal="no readable SPSS portable file"),
    Damage("Stata, cut off", lambda: dta(table())[:-200], "file.dta", refusal="no readable Stata file"),
    Damage("Stata, cut off behind its rows", lambda: dta(table())[:-50], "file.dta",
                     refusal="no readable Stata file"),
    Damage("Stata, bytes behind its end", lambda: dta(table()) + b"x", "file.dta",
                     refusal="no readable Stata file"),
    Damage("SAS, cut off by one byte", lambda: sas(table())[:-1], "file.sas7bdat",
                     refusal="no readable SAS file"),
    Damage("SAS, cut off", lambda: sas(table())[:-9], "file.sas7bdat", refusal="no readable SAS file"),
    Damage("SAS, cut off inside its header", lambda: sas(table())[:700], "file.sas7bdat",
                     refusal="no readable SAS file"),
    Damage("SAS, cut off between pages", lambda: sas(table())[:1024 + 16_384], "file.sas7bdat",
                     refusal="no readable SAS file"),
    Damage("SAS with deleted rows", lambda: with_deleted(sas7bdat([Column("n")], [[1.0], [2.0]]), 8, 2),
                     "file.sas7bdat", refusal="its two readers differ on its rows"),
    Damage("SAS transport, cut off inside a record", lambda: xpt(table())[:-9], "file.xpt",
                     refusal="no readable SAS transport file"),
    Damage("SAS transport, version 8, with fewer rows than it tells", lambda: stating_rows(4), "file.xpt",
                     refusal="its two readers differ on its rows"),
    Damage("SAS transport with two tables", transport_with_two_tables, "file.xpt",
                     refusal="the file holds 2 tables"),
    Damage("an old workbook of another program, which tells another code page than that of its text",
           lambda: old_workbooks.in_code_page(workbook(*good()), 1252), "file.xls"),
    Damage("an old workbook, cut off", lambda: workbook(*good())[:3000], "file.xls",
                     refusal="cut off or damaged"),
    Damage("an old workbook with an empty directory", lambda: MARK + bytes(504), "file.xls",
                     refusal="cut off or damaged"),
    Damage("a formula that was never calculated", uncalculated, "file.xls", (),
                     ((1, "formula_without_stored_value"),), ("formulas",)),
    Damage("two sheets with content in an old workbook", lambda: old_workbooks.workbook_of(
                     old_workbooks.sheet(good(), "ett"), old_workbooks.sheet([["x"]], "två")), "file.xls",
                     refusal="2 visible sheets have content"),
    Damage("letters beyond ASCII in SPSS portable", lambda: por(table(PLAIN)).replace(b"Asa", b"\xc5sa"),
                     "file.por", refusal="letters that portable files have no place for"),
    Damage("bytes that are no characters", lambda: sav(table()).replace(b"Siv", b"S\xe5v"), "file.sav",
                     ROWS[:2], ((3, "undecodable_bytes"),)),
    Damage("a NUL inside text", lambda: xpt(table()).replace(b"Siv", b"S\x00v"), "file.xpt", ROWS[:2],
                     ((3, "nul_character"),)),
    Damage("blanks behind text", lambda: sav(one("a", "x  ", " y")), "file.sav", (("x",), (" y",))),
    Damage("empty text, which these forms cannot tell from missing", lambda: dta(one("a", "x", "")),
                     "file.dta", (("x",), (None,))),
    Damage("dates and times", lambda: sav(pl.DataFrame({"d": [DAY], "k": [dt.time(3, 4, 5)]})), "file.sav",
                     (("2219-01-02", "03:04:05"),)),
    Damage("times longer than a day", lambda: sav(one("k", 90_000.0), {"k": "TIME8"}), "file.sav",
                     (("25:00:00",),)),
    Damage("months and quarters of Stata", lambda: other_dta(pl.DataFrame({"m": [3108.0], "q": [1036.0]}),
                     {"m": "%tm", "q": "%tq"}), "file.dta", (("2219-01", "2219q1"),)),
    Damage("a number that is no date of the calendar", lambda: xpt(one("d", 0.0, 1e7), {"d": "DATE9"}),
                     "file.xpt", (("1960-01-01",),), ((2, "no_date_of_the_calendar"),)),
    Damage("a Stata clock that counts leap seconds", lambda: other_dta(one("m", 1.0), {"m": "%tC"}),
                     "file.dta", refusal="columns 1 count leap seconds"),
    Damage("labelled values", lambda: sav(one("Kon", 1, 2), variable_value_labels={"Kon": {1: "Man"}}),
                     "file.sav", (("1",), ("2",))),
    Damage("values that SPSS counts as missing", lambda: sav(one("n", 1.0, 99.0), missing_ranges={"n": [99]}),
                     "file.sav", (("1",), (None,)), remarks=("special_missing_values",)),
    Damage("special missing values of Stata", special_in_stata, "file.dta", (("1",), (None,)),
                     remarks=("special_missing_values",)),
    Damage("special missing values of SAS", lambda: sas7bdat([Column("n")], [[1.0], [special("A")]]),
                     "file.sas7bdat", (("1",), (None,)), remarks=("special_missing_values",)),
    Damage("special missing values of SAS transport", special_in_transport, "file.xpt", (("1",), (None,)),
                     remarks=("special_missing_values",)),
    Damage("numbers of more than 15 digits", lambda: sav(one("n", 1e15)), "file.sav",
                     (("1000000000000000",),), remarks=("numbers_beyond_15_digits",)),
    Damage("the same name but for case", lambda: dta(pl.DataFrame({"a": ["1"], "A": ["2"]})), "file.dta",
                     refusal="stand again (columns 2)"),
    Damage("long text in the newest Stata, which one reader loses", lambda: dta(one("a", "å" * 3000)),
                     "file.dta", refusal="its two readers differ on values of columns 1"),
    Damage("SAS by PROC CPORT under the name of SAS transport", lambda: b"**COMPRESSED** " * 6, "file.xpt",
                     refusal="a SAS file of PROC CPORT, not a SAS transport file"),
    Damage("SPSS with a password", lambda: b"\x1c" + bytes(7) + b"ENCRYPTEDSAV" + bytes(99), "file.sav",
                     refusal="an encrypted file, not an SPSS file"),
    Damage("SPSS under the name of text", lambda: sav(table()), "file.csv", refusal="the content is an SPSS"),
    Damage("Stata under the name of SAS", lambda: dta(table()), "file.sas7bdat",
                     refusal="the content is a Stata file, not a SAS file"),
    Damage("an old workbook under the name of a new one", lambda: workbook(*good()), "file.xlsx",
                     refusal="the content is an old Excel workbook"),
    Damage("text under the name of SPSS", lambda: b"LopNr;Namn\n001;x\n", "file.sav",
                     refusal="the content is text, not an SPSS file"),
    Damage("nothing", lambda: b"", "file.dta", refusal="the file is empty"),
]  # fmt: skip
