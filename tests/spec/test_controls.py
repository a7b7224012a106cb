"""Controls as small tables: who can be a control of whom on the index date, and what is drawn.

Many of the tests are faults that other tools have. All persons are synthetic.
"""

import ast
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError

from samkorning.errors import NotFound
from samkorning.order.controls import Controls
from samkorning.own_registers import days
from samkorning.own_registers.controls import DrawnControls, draw_controls
from tests.property.controls_oracle import Rows

D = date
BORN, INDEX, LATER = D(2150, 6, 1), D(2204, 3, 1), D(2204, 9, 1)
SECRET = bytes(range(32))
ROOM = Path(__file__).parents[2] / "samkorning" / "own_registers"


@pytest.fixture(params=["polars", "duckdb"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def people(*numbers: int, born: date | None = BORN, sex: int | None = 1, area: str | None = "0180") -> Rows:
    """Persons alike, resident from birth on."""
    rows = Rows()
    for number in numbers:
        rows.persons.append((number, born, sex))
        rows.residence.append((number, born or BORN, None, area))
    return rows


def asked(*match: str | dict[str, object], **changes: Any) -> Controls:
    columns = [{"column": each} if isinstance(each, str) else each for each in match or ("birth_year",)]
    return Controls.model_validate({"per_case": 10, "match": columns} | changes)


def drawn(rows: Rows, said: Controls, engine: str = "polars") -> DrawnControls:
    return draw_controls(engine, 2**28, said, rows.register(), rows.case_frame(), rows.excluded_series(), SECRET)


def controls(rows: Rows, said: Controls, engine: str = "polars") -> list[tuple[int, date, int]]:
    """Case, index date and control of each pair, in their order."""
    return sorted(drawn(rows, said, engine).pairs.select("case", "index_date", "control").rows())


def of_first(rows: Rows, said: Controls, engine: str) -> set[int]:
    """The controls of person 1."""
    return {control for case, _, control in controls(rows, said, engine) if case == 1}


def test_a_control_is_like_its_case_in_every_matched_column(engine: str) -> None:
    """A control is like its case in every matched column on the index date."""
    rows = people(1, 2, 3, 4, 5)
    rows.persons[1:4] = [(2, D(2151, 6, 1), 1), (3, BORN, 2), (4, D(2150, 1, 1), 1)]
    rows.residence[4] = (5, BORN, None, "0181")
    rows.cases = [(1, INDEX)]
    assert of_first(rows, asked("birth_year", "sex", "area"), engine) == {4}
    assert of_first(rows, asked("birth_year", "sex", {"column": "area", "characters": 2}), engine) == {4, 5}
    assert of_first(rows, asked({"column": "birth_year", "within": 1}, "sex", "area"), engine) == {2, 4}
    found = drawn(rows, asked({"column": "birth_year", "within": 1}, "area"), engine).pairs
    columns = ("control", "case_birth_year", "control_birth_year", "case_area", "control_area")
    assert sorted(found.select(columns).rows()) == [
        (2, 2150, 2151, "0180", "0180"),
        (3, 2150, 2150, "0180", "0180"),
        (4, 2150, 2150, "0180", "0180"),
    ]


def test_at_risk_on_the_index_date_both_ends_of_an_interval_included(engine: str) -> None:
    """Who is resident and alive on the index date is at risk, the first and the last day of an interval included."""
    rows = people(1)
    stays = {
        2: (INDEX, None),
        3: (INDEX + timedelta(1), None),
        4: (BORN, INDEX),
        5: (BORN, INDEX - timedelta(1)),
        6: (INDEX, INDEX),
        7: (BORN, INDEX),
        8: (BORN, INDEX),
    }
    rows.persons += [(number, BORN, 1) for number in stays]
    rows.residence += [(number, *stay, "0180") for number, stay in stays.items()]
    rows.deaths = [(7, INDEX), (8, INDEX - timedelta(1))]
    rows.cases = [(1, INDEX)]
    assert of_first(rows, asked(), engine) == {2, 4, 6, 7}


def test_a_gap_of_residence_is_not_at_risk(engine: str) -> None:
    """A person who has been abroad is at risk before and after, and not between."""
    rows = people(1)
    rows.persons.append((2, BORN, 1))
    rows.residence += [(2, BORN, D(2204, 1, 31), "0180"), (2, D(2204, 4, 1), None, "0180")]
    rows.cases = [(1, INDEX), (1, D(2204, 1, 31)), (1, D(2204, 4, 1))]
    assert controls(rows, asked(), engine) == [(1, D(2204, 1, 31), 2), (1, D(2204, 4, 1), 2)]


def test_who_becomes_a_case_later_may_be_a_control_before(engine: str) -> None:
    """A person who becomes a case later may be a control before; one who is a case on or before the day is none."""
    rows = people(1, 2, 3, 4)
    rows.cases = [(1, INDEX), (2, LATER), (3, INDEX), (4, INDEX - timedelta(1))]
    found = drawn(rows, asked(), engine)
    assert sorted(found.pairs.select("case", "control").rows()) == [(1, 2), (3, 2), (4, 1), (4, 2), (4, 3)]
    assert found.counts["controls who become cases later"] == 3


def test_nobody_is_their_own_control(engine: str) -> None:
    """Nobody is their own control, on none of their index dates."""
    rows = people(1, 2)
    rows.cases = [(1, INDEX), (1, LATER)]
    assert controls(rows, asked(), engine) == [(1, INDEX, 2), (1, LATER, 2)]


def test_a_person_with_two_index_dates_is_two_cases(engine: str) -> None:
    """A person with two index dates is two cases, each with the controls of its day."""
    rows = people(1, 2, 3)
    rows.residence[1:] = [(2, BORN, INDEX, "0180"), (3, LATER, None, "0180")]
    rows.cases = [(1, INDEX), (1, LATER)]
    assert controls(rows, asked(), engine) == [(1, INDEX, 2), (1, LATER, 3)]


def test_a_person_with_two_records_has_one_set_of_controls(engine: str) -> None:
    """The same person and index date given twice, or twice in the register, is one case with one set of controls."""
    rows = people(*range(1, 30))
    rows.cases = [(1, INDEX), (1, INDEX), (None, INDEX), (2, None)]
    rows.persons *= 2
    rows.residence *= 2
    found = drawn(rows, asked(per_case=3), engine)
    assert found.pairs["number"].to_list() == [1, 2, 3]
    assert found.pairs["control"].n_unique() == 3
    steps = dict(found.attrition.iter_rows())
    assert (steps["rows given"], steps["given again"], steps["without a person or an index date"]) == (4, 1, 2)
    assert steps["with all controls"] == 1
    assert found.counts["rows of persons repeated"] == 29
    assert found.counts["persons with residences that overlap"] == 29


def test_two_death_records_double_no_row(engine: str) -> None:
    """Of several death records the earliest counts, nobody's rows are doubled, and those that differ are counted."""
    rows = people(1, 2, 3, 4)
    rows.deaths = [(2, LATER), (2, LATER), (3, LATER), (3, INDEX - timedelta(1)), (4, None)]
    rows.cases = [(1, INDEX)]
    found = drawn(rows, asked(), engine)
    assert found.pairs["control"].to_list() == [2]
    assert found.cases["eligible"].to_list() == [1]
    faults = ("deaths recorded again", "deaths on several dates", "deaths without a date")
    assert [found.counts[fault] for fault in faults] == [2, 1, 1]


def test_who_is_dead_and_still_resident_in_the_register_is_no_control(engine: str) -> None:
    """Whoever has died before the index date is no control and no case, though the register still has them resident."""
    rows = people(1, 2, 3)
    rows.deaths = [(2, D(2204, 2, 29)), (3, D(2204, 2, 29))]
    rows.cases = [(1, INDEX), (3, INDEX)]
    found = drawn(rows, asked(), engine)
    assert found.pairs.is_empty()
    assert found.cases["outcome"].to_list() == ["taken", "dead before the index date"]


def test_values_are_those_of_the_index_date_and_of_no_snapshot(engine: str) -> None:
    """A person who has moved is matched where they lived on the index date, and not at the end of a year."""
    rows = people(1, 2, 3)
    rows.residence[1:] = [
        (2, BORN, INDEX, "0180"),
        (2, INDEX + timedelta(1), None, "2480"),
        (3, BORN, INDEX - timedelta(1), "0180"),
        (3, INDEX, None, "2480"),
    ]
    rows.cases = [(1, INDEX)]
    assert of_first(rows, asked("area"), engine) == {2}


def test_a_column_of_the_residence_goes_before_one_of_the_person(engine: str) -> None:
    """Where a column stands in both, the value of the interval counts, since that of the person has no date."""
    rows = people(1, 2)
    rows.fixed |= {"area": pl.String}
    rows.persons = [(1, BORN, 1, "2480"), (2, BORN, 1, "2480")]
    rows.residence[1] = (2, BORN, None, "0181")
    rows.cases = [(1, INDEX)]
    assert of_first(rows, asked("area"), engine) == set()


def test_a_missing_value_is_like_no_other(engine: str) -> None:
    """A missing value in a matched column is like no other, a missing one neither: such a case is listed without."""
    for column, rows in (
        ("sex", people(1, 2, sex=None)),
        ("area", people(1, 2, area=None)),
        ("birth_year", people(1, 2, born=None)),
    ):
        rows.cases = [(1, INDEX)]
        found = drawn(rows, asked(column), engine)
        assert found.pairs.is_empty(), column
        assert found.cases_without_controls["case"].to_list() == [1]


def test_rows_that_contradict_each_other_are_no_guess(engine: str) -> None:
    """Where two rows of a person differ, what they differ about is missing, and they are counted."""
    rows = people(1, 2, 3)
    rows.persons.append((2, BORN, 2))
    rows.residence.append((3, BORN, None, "2480"))
    rows.cases = [(1, INDEX)]
    assert of_first(rows, asked("sex"), engine) == {3}
    assert of_first(rows, asked("area"), engine) == {2}
    assert of_first(rows, asked("birth_year"), engine) == {2, 3}
    assert drawn(rows, asked(), engine).counts["persons in rows that differ"] == 1


def test_of_residences_that_overlap_the_one_that_began_last_counts(engine: str) -> None:
    """On a day that several residences hold, the one that began last counts, and the day is not lost."""
    rows = people(1, 2, 3)
    rows.residence += [(2, D(2200, 1, 1), D(2204, 2, 29), "2480"), (3, D(2200, 1, 1), INDEX, "2480")]
    rows.cases = [(1, INDEX)]
    assert of_first(rows, asked("area"), engine) == {2}


def test_rows_that_are_no_interval_are_counted_and_left_out(engine: str) -> None:
    """A residence without a first day, or that ends before it, is counted and left out."""
    rows = people(1, 2, 3)
    rows.residence[1:] = [(2, None, None, "0180"), (3, LATER, INDEX, "0180")]
    rows.cases = [(1, INDEX)]
    found = drawn(rows, asked(), engine)
    assert found.pairs.is_empty()
    assert found.counts["residences without a first day or that end before it"] == 2


@pytest.mark.parametrize("separator", [",", ";", "|", " ", "-", "_", "\x1f", "~", "·"])
def test_a_level_that_holds_a_separator_stays_apart(engine: str, separator: str) -> None:
    """Levels that would be one text when joined are different: nothing is joined to texts."""
    rows = people(1, 2)
    rows.fixed |= {"trade": pl.String}
    rows.persons = [(1, BORN, 1, f"b{separator}c"), (2, BORN, 1, "c")]
    rows.residence = [(1, BORN, None, "a"), (2, BORN, None, f"a{separator}b")]
    rows.cases = [(1, INDEX)]
    assert of_first(rows, asked("area", "trade"), engine) == set()


def test_exclusions_come_before_sampling_in_both_groups(engine: str) -> None:
    """Who is excluded is no case and no control, and their place goes to somebody else."""
    rows = people(*range(1, 8))
    rows.cases, rows.excluded = [(1, INDEX), (2, LATER)], [2, 3, 4]
    found = drawn(rows, asked(per_case=3), engine)
    assert set(found.pairs["case"]) == {1}
    assert set(found.pairs["control"]) == {5, 6, 7}
    assert found.cases["outcome"].to_list() == ["taken", "excluded"]


def test_cases_with_too_few_controls_stay_and_are_listed(engine: str) -> None:
    """A case with too few controls stays, is counted and listed; so are those that cannot have any, with the reason."""
    rows = people(1, 2)
    rows.persons.append((3, D(2170, 1, 1), 1))
    rows.residence.append((3, BORN, D(2190, 1, 1), "0180"))
    rows.persons.append((4, D(2180, 1, 1), 1))
    rows.residence.append((4, D(2180, 1, 1), None, "0180"))
    rows.cases = [(1, INDEX), (3, INDEX), (4, INDEX), (9, INDEX)]
    found = drawn(rows, asked(per_case=2), engine)
    assert found.cases.select("case", "outcome", "eligible", "controls").rows() == [
        (1, "taken", 1, 1),
        (3, "not at risk on the index date", 0, 0),
        (4, "taken", 0, 0),
        (9, "not in the population register", 0, 0),
    ]
    assert found.cases_without_controls["case"].to_list() == [4]
    assert found.cases_with_fewer(2)["case"].to_list() == [1, 4]
    assert found.cases_not_in_register["case"].to_list() == [9]
    steps = dict(found.attrition.iter_rows())
    assert steps.pop("rows given") == 4 == sum(steps.values())
    assert (steps["without a control"], steps["with fewer controls than asked for"]) == (1, 1)


def test_a_control_may_serve_several_cases_unless_that_is_excluded(engine: str) -> None:
    """A control may serve several case persons; where it may not, the earliest index date takes first."""
    rows = people(1, 2, 3)
    rows.cases = [(1, LATER), (2, INDEX)]
    rows.residence[0] = (1, LATER, None, "0180")
    assert controls(rows, asked(), engine) == [(1, LATER, 3), (2, INDEX, 3)]
    assert controls(rows, asked(reuse_between=False), engine) == [(2, INDEX, 3)]


def test_within_a_case_person_a_control_may_serve_several_dates_unless_that_is_excluded(engine: str) -> None:
    """A control may serve several index dates of one person, unless that is excluded."""
    rows = people(1, 2, 3)
    rows.cases = [(1, INDEX), (1, LATER), (2, LATER)]
    both = [(1, INDEX, 2), (1, INDEX, 3), (1, LATER, 3), (2, LATER, 3)]
    assert controls(rows, asked(), engine) == both
    assert controls(rows, asked(reuse_within=False), engine) == [row for row in both if row != (1, LATER, 3)]
    assert controls(rows, asked(reuse_between=False), engine) == both[:3]
    assert controls(rows, asked(reuse_within=False, reuse_between=False), engine) == both[:2]


def test_a_list_that_runs_short_is_drawn_longer(engine: str) -> None:
    """Where controls serve only once, no case goes without as long as one of its candidates is free."""
    cases, others = range(1, 61), range(100, 160)
    rows = people(*cases, *others)
    rows.cases = [(case, INDEX) for case in cases]
    found = drawn(rows, asked(per_case=1, reuse_between=False), engine)
    assert found.pairs["control"].n_unique() == found.pairs.height == 60


def test_years_of_residence_are_without_a_gap_or_since_birth(engine: str) -> None:
    """Who must have been resident for some years has been so without a gap; moving is none, and birth begins anew."""
    rows = people(1)
    lived: dict[int, list[tuple[date, date | None]]] = {
        2: [(D(2202, 3, 1), None)],
        3: [(D(2202, 3, 2), None)],
        4: [(D(2200, 1, 1), D(2203, 5, 5)), (D(2203, 5, 6), None)],
        5: [(D(2200, 1, 1), D(2203, 5, 5)), (D(2203, 5, 7), None)],
    }
    rows.persons += [(number, BORN, 1) for number in lived]
    rows.residence += [(number, *stay, "0180") for number, stays in lived.items() for stay in stays]
    rows.persons.append((6, D(2203, 1, 1), 1))
    rows.residence.append((6, D(2203, 1, 1), None, "0180"))
    rows.cases = [(1, INDEX)]
    assert of_first(rows, asked("sex", resident_years=2), engine) == {2, 4, 6}
    rows.cases = [(3, INDEX)]
    assert drawn(rows, asked("sex", resident_years=2), engine).cases["outcome"].to_list() == [
        "not at risk on the index date"
    ]


def test_29_february(engine: str) -> None:
    """A year since 29 February is completed on 1 March where there is no 29th."""
    rows = people(1, born=D(2204, 2, 29))
    rows.persons += [(2, D(2204, 2, 29), 1), (3, D(2204, 3, 1), 1), (4, D(2204, 1, 1), 1)]
    rows.residence += [(2, D(2204, 2, 29), None, "0180"), (3, D(2204, 3, 1), None, "0180")]
    rows.residence.append((4, D(2204, 1, 1), D(2204, 2, 29), "0180"))
    rows.cases = [(1, D(2204, 2, 29))]
    assert of_first(rows, asked(), engine) == {2, 4}
    rows = people(1, 2, born=D(2150, 1, 1))
    rows.residence[1] = (2, D(2204, 2, 29), None, "0180")
    for day, expected in ((D(2205, 2, 28), set[int]()), (D(2205, 3, 1), {2})):
        rows.cases = [(1, day)]
        assert of_first(rows, asked(resident_years=1), engine) == expected


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (D(2184, 2, 29), D(2202, 2, 28), 17),
        (D(2184, 2, 29), D(2202, 3, 1), 18),
        (D(2184, 2, 29), D(2204, 2, 28), 19),
        (D(2184, 2, 29), D(2204, 2, 29), 20),
        (D(2184, 3, 1), D(2202, 2, 28), 17),
        (D(2184, 3, 1), D(2202, 3, 1), 18),
        (D(2183, 12, 31), D(2202, 12, 30), 18),
        (D(2183, 12, 31), D(2202, 12, 31), 19),
        (D(2204, 2, 29), D(2204, 2, 29), 0),
    ],
)
def test_an_age_is_in_completed_years(birth: date, day: date, age: int) -> None:
    """An age is in completed years; who is born on 29 February completes one on 1 March where there is no 29th."""
    row = pl.DataFrame({"birth": [birth], "day": [day]})
    assert row.select(days.age_at(pl.col("birth"), pl.col("day"))).item() == age
    birthdays = row.select(
        years=days.anniversary(pl.col("birth"), max(age, 0)), next=days.anniversary(pl.col("birth"), age + 1)
    )
    assert birthdays["years"].item() <= day < birthdays["next"].item()


def many(cases: int, candidates: int) -> Rows:
    """So many cases of one day, and so many candidates who are none."""
    rows = people(*range(10**6, 10**6 + candidates))
    rows.persons += [(case, BORN, 1) for case in range(1, cases + 1)]
    rows.residence += [(case, INDEX, None, "0180") for case in range(1, cases + 1)]
    rows.cases = [(case, INDEX) for case in range(1, cases + 1)]
    return rows


def chi_square(observed: list[int], expected: float) -> float:
    return sum((count - expected) ** 2 / expected for count in observed)


def test_draws_are_uniform_among_the_eligible() -> None:
    """Each of the eligible is drawn as often as another: 100,000 draws, and of them the first of each case."""
    cases, candidates, per_case = 20_000, 50, 5
    pairs = drawn(many(cases, candidates), asked(per_case=per_case)).pairs
    assert pairs.height == cases * per_case
    every = pairs.group_by("control").len()["len"].to_list()
    without_replacement = (candidates - 1) / (candidates - per_case)
    assert 24 < chi_square(every, cases * per_case / candidates) * without_replacement < 85  # 0.1 % on either side
    first = pairs.filter(pl.col("number") == 1).group_by("control").len()["len"].to_list()
    assert 24 < chi_square(first, cases / candidates) < 85


def test_draws_of_two_cases_have_nothing_to_do_with_each_other() -> None:
    """What one case has drawn tells nothing of the next one's draw, nor one index date of a person of the other."""
    rows = many(4_000, 10)
    rows.cases += [(case, LATER) for case in range(1, 4_001)]
    first = drawn(rows, asked(per_case=1)).pairs.sort("index_date", "case")["control"] - 10**6
    of_day, of_later = first[:4_000], first[4_000:]
    for one, other in ((of_day[:-1], of_day[1:]), (of_day, of_later)):
        together = (one * 10 + other).value_counts()["count"].to_list()
        assert len(together) == 100
        assert 61 < chi_square(together, len(one) / 100) < 149  # 0.1 % on either side of 99 degrees of freedom


def test_no_stratum_begins_the_draws_anew(engine: str) -> None:
    """Strata that are alike but for their persons draw different places: no seed begins anew in each."""
    strata, size = 1_000, 10
    rows = Rows()
    for stratum in range(strata):
        for place in range(size + 1):
            person = stratum * 100 + place
            rows.persons.append((person, BORN, 1))
            rows.residence.append((person, BORN, None, f"{stratum:04d}"))
        rows.cases.append((stratum * 100, INDEX))
    places = drawn(rows, asked("area", per_case=1), engine).pairs["control"] % 100
    counts = places.value_counts()["count"].to_list()
    assert len(counts) == size
    assert 1.1 < chi_square(counts, strata / size) < 28  # 0.1 % on either side of nine degrees of freedom


def test_shuffled_rows_give_the_same_pairs(engine: str) -> None:
    """The order in which rows come cannot show in a draw."""
    rows = people(*range(1, 100))
    rows.cases = [(case, INDEX) for case in range(1, 20)]
    before = controls(rows, asked(per_case=4), engine)
    for part in (rows.persons, rows.residence, rows.cases):
        part.reverse()
    assert controls(rows, asked(per_case=4), engine) == before


def test_the_balance_tells_how_like_the_groups_are(engine: str) -> None:
    """The balance compares cases with all eligible and with those drawn, each risk set weighing as much as its case."""
    rows = people(*range(1, 12))
    rows.persons[5:] = [(number, D(2152, 1, 1), 2) for number in range(6, 12)]
    rows.cases = [(1, INDEX), (2, INDEX)]
    found = drawn(rows, asked({"column": "birth_year", "within": 2}, per_case=2), engine).balance
    years = found.filter(column="birth_year").row(0, named=True)
    assert (years["cases"], round(years["eligible"], 3)) == (2150.0, 2151.333)
    men = found.filter(column="sex", level="1").row(0, named=True)
    assert (men["cases"], round(men["eligible"], 3)) == (1.0, 0.333)
    assert found.filter(column="age")["cases"].to_list() == [54.0]
    assert years["difference_before"] == pytest.approx((2150 - 2151 - 1 / 3) / ((0 + 8 / 9) / 2) ** 0.5, abs=1e-5)
    alike = drawn(rows, asked("birth_year", "sex"), engine).balance
    assert set(alike["difference_after"]) == {0.0}


def test_what_is_no_column_of_the_register_is_refused() -> None:
    """A column that the register does not have, or that cannot be compared as asked, is refused by its name."""
    rows = people(1, 2)
    rows.cases = [(1, INDEX)]
    rows.varying |= {"income": pl.Float64}
    rows.residence = [(*row, 1.5) for row in rows.residence]
    for said, problem in (
        (asked("parish"), "parish is no column"),
        (asked("income"), "income holds no text"),
        (asked({"column": "area", "within": 1}), "area holds no whole numbers"),
        (asked({"column": "sex", "characters": 1}), "sex holds no text; characters"),
        (asked("case"), "case has a name that drawing uses"),
    ):
        with pytest.raises(NotFound, match=problem):
            drawn(rows, said)


@pytest.mark.parametrize(
    "wrong",
    [
        {"match": []},
        {"match": [{"column": "sex"}, {"column": "sex"}]},
        {"match": [{"column": "area", "within": 1, "characters": 2}]},
        {"per_case": 0},
        {"per_case": 1.5},
        {"resident_years": -1},
    ],
)
def test_a_request_that_contradicts_itself_is_refused(wrong: dict[str, object]) -> None:
    """A request without a matched column, with one twice, or without controls is no request."""
    with pytest.raises(ValidationError):
        Controls.model_validate(asked().model_dump() | wrong)


def test_without_cases_or_persons_there_are_tables_without_rows(engine: str) -> None:
    """Without cases, or with a register of nobody, every table is there and has no rows."""
    empty, nobody = people(1, 2), Rows()
    nobody.cases = [(1, INDEX)]
    for rows in (empty, nobody):
        found = drawn(rows, asked("sex"), engine)
        assert found.pairs.height == 0
        assert found.pairs.columns == ["case", "index_date", "control", "number", "case_sex", "control_sex"]
        assert found.cases.height == len(rows.cases)


FORBIDDEN = {"with_row_index", "with_row_count", "row_index", "sample", "shuffle", "random", "randint", "random_seed"}


@pytest.mark.parametrize(
    "path",
    sorted(p for room in ("controls", "relatives") for p in (ROOM / room).glob("*.py")),
    ids=lambda p: f"{p.parent.name}/{p.name}",
)
def test_no_lazy_row_number_and_no_random_column(path: Path) -> None:
    """No draw rests on numbers of rows or random columns: the streaming engine may read them twice and get others."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {
        node.func.attr for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    imported = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    imported |= {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    named = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    assert not called & FORBIDDEN
    assert not named & {"row_index_name", "row_index", "seed"}
    assert not imported & {"random", "secrets", "numpy", "uuid", "time", "os"}
