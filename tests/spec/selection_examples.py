"""What a selection takes, example by example: each is a test on both engines, and a part of docs/selection.md.

What belongs here: statements, blocks, rows and what becomes of them. What must not: running them (test_selection).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.registers_for_selection import Population


@dataclass(frozen=True)
class R:
    """A row of a register, and whether the event group takes it. Its register year is that of the day, if not said."""

    person: int
    day: str | None
    code: str | None
    taken: bool
    year: int | None = None
    register: str | None = None
    secondary: str | None = None

    @property
    def register_year(self) -> int:
        return self.year or int((self.day or "2204")[:4])


@dataclass(frozen=True)
class Example:
    """A statement about an event group, what the group states beside its registers and codes, and rows."""

    why: str
    asks: Mapping[str, Any]
    rows: Sequence[R]
    codes: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"ICD-10-SE": ["E10*"]})
    except_codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    registers: Sequence[str] = ("PAR_SV",)
    positions: Sequence[str] = ("main",)
    persons: Sequence[tuple[int, str | None, int | None]] = ()
    residence: Sequence[tuple[int, str, str | None, str]] = ()
    index_dates: Sequence[tuple[int, str | None]] = ()
    before: Sequence[Mapping[str, Any]] = ()
    """Groups that come before, of the same registers and codes unless they say other."""

    @property
    def population(self) -> Population:
        return Population(list(self.persons), list(self.residence), list(self.index_dates))


@dataclass(frozen=True)
class SelectionExample:
    """A statement about a selection of event groups, each of which takes one code: who has which day, and who is in."""

    why: str
    groups: Mapping[str, Mapping[str, Any]]
    selection: Mapping[str, Any]
    days: Sequence[tuple[int, str, str]]
    entries: Sequence[tuple[int, str | None]]
    index_dates: Sequence[tuple[int, str]] = ()
    before: Sequence[Mapping[str, Any]] = ()
    """Selections that it names."""


DIABETES = {"ICD-9": ["250*"], "ICD-10-SE": ["E10*"]}
CODES = [
    Example(
        "`E109` is that code alone",
        {},
        [R(1, "2204-05-01", "E109", True), R(2, "2204-05-01", "E1091", False), R(3, "2204-05-01", "E10", False)],
        {"ICD-10-SE": ["E109"]},
    ),
    Example(
        "`E10*` is every code that begins so",
        {},
        [
            R(1, "2204-05-01", "E10", True),
            R(2, "2204-05-01", "E109", True),
            R(3, "2204-05-01", "E1", False),
            R(4, "2204-05-01", "E119", False),
        ],
    ),
    Example(
        "`E10-E14*` is every code whose first characters are the first, the last or lie between; a shorter one is not",
        {},
        [
            R(1, "2204-05-01", "E10", True),
            R(2, "2204-05-01", "E149X", True),
            R(3, "2204-05-01", "E15", False),
            R(4, "2204-05-01", "E1", False),
            R(5, "2204-05-01", "E09", False),
        ],
        {"ICD-10-SE": ["E10-E14*"]},
    ),
    Example(
        "a list leaves out what it excepts, and one of a row's other codes can still be of it",
        {},
        [
            R(1, "2204-05-01", "E109", False),
            R(2, "2204-05-01", "E101", True),
            R(3, "2204-05-01", "E109", True, secondary="E101"),
        ],
        except_codes={"ICD-10-SE": ["E109"]},
        positions=("main", "secondary"),
    ),
    Example(
        "a register's value is compared by its letters and digits, in capitals: points, blanks and dashes do not count",
        {},
        [
            R(1, "2204-05-01", "E10.9", True),
            R(2, "2204-05-01", "e109 ", True),
            R(3, "2204-05-01", "E10.9-", True),
            R(4, "2204-05-01", "E10", False),
        ],
        {"ICD-10-SE": ["E109"]},
    ),
    Example(
        "a code may have its point in the order too",
        {},
        [R(1, "2204-05-01", "E10.9", True), R(2, "2204-05-01", "E109", True), R(3, "2204-05-01", "E108", False)],
        {"ICD-10-SE": ["e10.9"]},
    ),
    Example(
        "a row without a code has none, whatever is sought",
        {},
        [R(1, "2204-05-01", None, False), R(2, "2204-05-01", "", False), R(3, "2204-05-01", "A00", True)],
        {"ICD-10-SE": ["A-Z*"]},
    ),
    Example(
        "a code counts at the positions that are named",
        {},
        [R(1, "2204-05-01", "E109", True), R(2, "2204-05-01", "I64", False, secondary="E109")],
    ),
    Example(
        "of several positions one is enough",
        {},
        [R(1, "2204-05-01", "E109", True), R(2, "2204-05-01", "I64", True, secondary="E109")],
        positions=("main", "secondary"),
    ),
    Example(
        "a code is of the classification of its register year",
        {},
        [
            R(1, "2203-12-31", "250A", True),
            R(2, "2203-12-31", "E109", False),
            R(3, "2204-01-01", "250A", False),
            R(4, "2204-01-01", "E109", True),
        ],
        DIABETES,
    ),
    Example(
        "the register year decides it, not the year of the day: a stay may begin in the year before",
        {},
        [R(1, "2203-12-30", "E109", True, year=2204), R(2, "2203-12-30", "250A", False, year=2204)],
        DIABETES,
    ),
    Example(
        "in a year of a classification of which the list has no codes, nothing is taken",
        {},
        [R(1, "2201-06-01", "E109", False), R(2, "2201-06-01", "250", False), R(3, "2204-06-01", "E109", True)],
        DIABETES,
    ),
]
DAYS = [
    Example(
        "every bound of dates includes its day",
        {"dates": {"first_day": "2204-02-29", "last_day": "2204-12-31"}},
        [
            R(1, "2204-02-28", "E109", False),
            R(2, "2204-02-29", "E109", True),
            R(3, "2204-12-31", "E109", True),
            R(4, "2205-01-01", "E109", False),
        ],
    ),
    Example(
        "without a bound, since or until always",
        {"dates": {"last_day": "2204-12-31"}},
        [R(1, "2204-01-01", "E109", True), R(2, "2205-01-01", "E109", False)],
    ),
    Example(
        "a row without a day meets nothing that is asked of days",
        {"dates": {"first_day": "2204-01-01"}},
        [R(1, None, "E109", False), R(2, "2204-01-01", "E109", True)],
    ),
    Example(
        "where nothing is asked of days, a row needs none",
        {"sex": 1},
        [R(1, None, "E109", True), R(2, "2204-01-01", "E109", True), R(3, None, "E109", False)],
        persons=[(1, None, 1), (2, None, 1), (3, None, 2)],
    ),
    Example(
        "a day that is not complete, or is in no calendar, is none",
        {"take": "first"},
        [
            R(1, "22040229", "E109", True),
            R(2, "22040000", "E109", False),
            R(3, "220402", "E109", False),
            R(4, "22050229", "E109", False),
        ],
        registers=("DORS",),
        positions=("underlying_cause",),
    ),
]
WASH_OUT = [
    Example(
        "a day counts if there was none in so many days before it",
        {"free_days": 365},
        [
            R(1, "2204-03-01", "E109", True),
            R(1, "2205-03-01", "E109", False),
            R(2, "2204-03-01", "E109", True),
            R(2, "2205-03-02", "E109", True),
        ],
    ),
    Example(
        "another row on the same day is no earlier one",
        {"free_days": 365},
        [R(1, "2204-03-01", "E109", True), R(1, "2204-03-01", "E101", True)],
    ),
    Example(
        "it looks at all days with the codes, also before the dates, and in every register of the group",
        {"free_days": 365, "dates": {"first_day": "2204-01-01"}},
        [
            R(1, "2203-12-31", "E109", False, year=2204),
            R(1, "2204-06-01", "E109", False),
            R(2, "2203-12-31", "E109", False, year=2204, register="PAR_OV"),
            R(2, "2204-06-01", "E109", False),
            R(3, "2204-06-01", "E109", True),
        ],
        registers=("PAR_SV", "PAR_OV"),
    ),
    Example(
        "days with other codes do not matter",
        {"free_days": 365},
        [R(1, "2204-03-01", "I64", False), R(1, "2204-06-01", "E109", True)],
    ),
]
AROUND = [
    Example(
        "days are counted from the day of another group, which takes one day; that day itself is 0",
        {"around": {"of": "earlier", "first_day": -1, "last_day": 0}},
        [
            R(1, "2204-02-28", "E109", False),
            R(1, "2204-02-29", "E109", True),
            R(1, "2204-03-01", "E109", True),
            R(1, "2204-03-02", "E109", False),
            R(1, "2204-03-01", "I64", False),
            R(2, "2204-03-01", "E109", False),
        ],
        before=[{"name": "earlier", "list": {"ICD-10-SE": ["I64"]}, "take": "first"}],
    ),
    Example(
        "or from the index dates that came with the population; each of a person's holds by itself",
        {"around": {"of": "index_date", "first_day": 1, "last_day": 30}, "take": "first"},
        [
            R(1, "2204-01-01", "E109", False),
            R(1, "2204-01-31", "E109", True),
            R(1, "2204-06-30", "E109", True),
            R(1, "2204-07-01", "E109", False),
            R(2, "2204-01-31", "E109", False),
        ],
        index_dates=[(1, "2204-01-01"), (1, "2204-06-01"), (2, None)],
    ),
    Example(
        "without bounds it is enough to have the other day",
        {"around": {"of": "earlier"}},
        [
            R(1, "2200-01-01", "I64", False, year=2204),
            R(1, "2204-03-01", "E109", True),
            R(2, "2204-03-01", "E109", False),
        ],
        before=[{"name": "earlier", "list": {"ICD-10-SE": ["I64"]}, "take": "last"}],
    ),
]
PERSONS = [
    Example(
        "age is in whole years on the day; the birthday is the first day of an age",
        {"ages": {"lowest": 1, "highest": 1}},
        [
            R(1, "2204-05-31", "E109", False),
            R(1, "2204-06-01", "E109", True),
            R(1, "2205-05-31", "E109", True),
            R(1, "2205-06-01", "E109", False),
        ],
        persons=[(1, "2203-06-01", 1)],
    ),
    Example(
        "whoever was born on 29 February has a birthday on 1 March in years without one",
        {"ages": {"lowest": 1, "highest": 7}},
        [
            R(1, "2205-02-28", "E109", False),
            R(1, "2205-03-01", "E109", True),
            R(2, "2204-02-28", "E109", True),
            R(2, "2204-02-29", "E109", False),
        ],
        persons=[(1, "2204-02-29", 1), (2, "2196-02-29", 1)],
    ),
    Example(
        "age and sex of whom the population register does not know are not met",
        {"ages": {"lowest": 0, "highest": 120}},
        [R(1, "2204-05-01", "E109", True), R(2, "2204-05-01", "E109", False), R(3, "2204-05-01", "E109", False)],
        persons=[(1, "2150-01-01", 1), (2, None, 1)],
    ),
    Example(
        "sex is that of the population register",
        {"sex": 2},
        [R(1, "2204-05-01", "E109", False), R(2, "2204-05-01", "E109", True), R(3, "2204-05-01", "E109", False)],
        persons=[(1, None, 1), (2, None, 2), (3, None, None)],
    ),
    Example(
        "area is where the person was resident on the day, whatever holds at the end of the year",
        {"areas": ["0180"]},
        [
            R(1, "2204-06-30", "E109", True),
            R(1, "2204-07-01", "E109", False),
            R(2, "2204-06-30", "E109", False),
            R(2, "2204-07-01", "E109", True),
        ],
        residence=[
            (1, "2204-01-01", "2204-06-30", "0180"),
            (1, "2204-07-01", None, "1480"),
            (2, "2204-01-01", "2204-06-30", "1480"),
            (2, "2204-07-01", None, "0180"),
        ],
    ),
    Example(
        "a county has all its municipalities; a day between two stays is in none",
        {"areas": ["01"]},
        [R(1, "2204-01-31", "E109", True), R(1, "2204-02-01", "E109", False), R(1, "2204-03-01", "E109", True)],
        residence=[(1, "2204-01-01", "2204-01-31", "0180"), (1, "2204-03-01", None, "0181")],
    ),
]
TAKING = [
    Example(
        "`at_least` counts days, not rows",
        {"at_least": 2},
        [
            R(1, "2204-05-01", "E109", False),
            R(1, "2204-05-01", "E101", False),
            R(2, "2204-05-01", "E109", True),
            R(2, "2204-05-02", "E109", True),
        ],
    ),
    Example(
        "it counts the days that meet everything else",
        {"at_least": 2, "dates": {"first_day": "2204-05-02"}},
        [
            R(1, "2204-05-01", "E109", False),
            R(1, "2204-05-02", "E109", False),
            R(2, "2204-05-02", "E109", True),
            R(2, "2204-05-03", "E109", True),
        ],
    ),
    Example(
        "`first` is the first day that meets everything else, with all its rows",
        {"take": "first", "dates": {"first_day": "2204-05-02"}},
        [
            R(1, "2204-05-01", "E109", False),
            R(1, "2204-05-02", "E109", True),
            R(1, "2204-05-02", "E101", True),
            R(1, "2204-05-02", "I64", False),
            R(1, "2204-05-03", "E109", False),
        ],
    ),
    Example(
        "`last` is the last of them",
        {"take": "last"},
        [
            R(1, "2203-12-31", "E109", False, year=2204),
            R(1, "2204-12-31", "E109", True),
            R(2, "2204-01-01", "E109", True),
        ],
    ),
    Example(
        "a number is the n-th of a person's days; who has fewer has none",
        {"take": 2},
        [
            R(1, "2204-05-01", "E109", False),
            R(1, "2204-05-01", "E101", False),
            R(1, "2204-05-02", "E109", True),
            R(1, "2204-05-03", "E109", False),
            R(2, "2204-05-01", "E109", False),
        ],
    ),
]
SECTIONS = {
    "Codes": CODES,
    "Days and dates": DAYS,
    "Wash-out": WASH_OUT,
    "Days around something": AROUND,
    "Age, sex and area": PERSONS,
    "How often, and which": TAKING,
}
FIRST = {"take": "first"}
GIVEN = {"around": {"of": "index_date", "last_day": 0}}
COMBINING = [
    SelectionExample(
        "`all_of` asks for every member, `none_of` for no one of its members",
        {"diabetes": {}, "stroke": {}, "cancer": {}},
        {"all_of": ["diabetes", "stroke"], "none_of": ["cancer"]},
        [
            (1, "diabetes", "2204-01-01"),
            (1, "stroke", "2204-02-01"),
            (2, "diabetes", "2204-01-01"),
            (3, "diabetes", "2204-01-01"),
            (3, "stroke", "2204-01-01"),
            (3, "cancer", "2205-01-01"),
        ],
        [(1, None)],
    ),
    SelectionExample(
        "`any_of` is content with one; each person is in it once",
        {"diabetes": {}, "stroke": {}},
        {"any_of": ["diabetes", "stroke"]},
        [
            (1, "diabetes", "2204-01-01"),
            (1, "diabetes", "2204-03-01"),
            (1, "stroke", "2204-02-01"),
            (2, "stroke", "2204-02-01"),
        ],
        [(1, None), (2, None)],
    ),
    SelectionExample(
        "a member can be another selection",
        {"diabetes": {}, "stroke": {}, "cancer": {}},
        {"any_of": ["both", "cancer"]},
        [
            (1, "diabetes", "2204-01-01"),
            (1, "stroke", "2204-02-01"),
            (2, "diabetes", "2204-01-01"),
            (3, "cancer", "2204-01-01"),
        ],
        [(1, None), (3, None)],
        before=[{"name": "both", "all_of": ["diabetes", "stroke"]}],
    ),
    SelectionExample(
        "the index date is the day of a group that everyone in the selection is in",
        {"diabetes": FIRST, "stroke": {}},
        {"all_of": ["diabetes"], "none_of": ["stroke"], "index_date": "diabetes"},
        [
            (1, "diabetes", "2204-03-01"),
            (1, "diabetes", "2204-02-29"),
            (2, "diabetes", "2204-01-01"),
            (2, "stroke", "2205-01-01"),
        ],
        [(1, "2204-02-29")],
    ),
    SelectionExample(
        "a person with two given index dates is looked at for each; what is by person holds for both",
        {"diabetes": {}, "stroke": GIVEN},
        {"all_of": ["diabetes"], "none_of": ["stroke"]},
        [
            (1, "diabetes", "2204-01-01"),
            (1, "stroke", "2204-05-01"),
            (2, "diabetes", "2204-01-01"),
            (3, "stroke", "2204-05-01"),
            (4, "diabetes", "2204-01-01"),
        ],
        [(1, "2204-04-30"), (2, "2204-01-01")],
        index_dates=[(1, "2204-04-30"), (1, "2204-05-01"), (2, "2204-01-01"), (3, "2204-01-01")],
    ),
    SelectionExample(
        "without given index dates in it, it is about persons, and has no index date unless it states one",
        {"diabetes": {}},
        {"all_of": ["diabetes"]},
        [(1, "diabetes", "2204-01-01")],
        [(1, None)],
        index_dates=[(1, "2204-04-30")],
    ),
]
