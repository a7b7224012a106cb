"""What a diagnosed frame looks like: types of columns, names, order, engines."""

from datetime import date

import duckdb
import narwhals as nw
import polars as pl
import pytest

from samkorning.identity import HOLDERS_OWN_KINDS, IdentityRules, Kind, Repair, diagnose, diagnose_value
from samkorning.linkage.engines import open_engine
from samkorning.persons.population import find_population, identities_in

RULES = IdentityRules(date(2221, 12, 31), allow_synthetic=True, repairs=frozenset(Repair))
SCHEMA = {
    "identity_number": pl.Int64,
    "identity_text": pl.String,
    "identity_issuer": pl.String,
    "identity_kind": pl.String,
    "identity_problem": pl.String,
    "identity_guessed_century": pl.Boolean,
    "identity_repair": pl.String,
}
FRAME = pl.DataFrame({"other": [3, 1, 2], "id": ["219108182388", "okänd", "24950606FH28"]})


def test_the_result_has_its_schema_and_keeps_columns_rows_and_order() -> None:
    found = diagnose(FRAME, "id", RULES)
    assert dict(found.schema) == {"other": pl.Int64, "id": pl.String} | SCHEMA
    assert found.select("other", "id").equals(FRAME)


def test_duckdb_gives_the_same_types() -> None:
    found = diagnose(duckdb.from_arrow(FRAME.to_arrow()), "id", RULES).pl()
    assert dict(found.schema) == {"other": pl.Int64, "id": pl.String} | SCHEMA


def test_a_frame_comes_back_as_the_kind_it_was() -> None:
    assert isinstance(diagnose(FRAME, "id", RULES), pl.DataFrame)
    assert isinstance(diagnose(FRAME.lazy(), "id", RULES), pl.LazyFrame)
    assert isinstance(diagnose(nw.from_native(FRAME), "id", RULES), nw.DataFrame)
    assert isinstance(diagnose(nw.from_native(FRAME.lazy()), "id", RULES), nw.LazyFrame)
    assert isinstance(diagnose(duckdb.from_arrow(FRAME.to_arrow()), "id", RULES), duckdb.DuckDBPyRelation)


@pytest.mark.parametrize("values", [[], [None, None]])
def test_an_empty_column_and_one_of_nulls_are_diagnosed(values: list[None]) -> None:
    found = diagnose(pl.DataFrame({"id": values}, schema={"id": pl.String}), "id", RULES)
    assert found["identity_problem"].to_list() == ["missing"] * len(values)


def test_a_second_diagnosis_replaces_the_first_and_another_prefix_stands_beside_it() -> None:
    once = diagnose(FRAME, "id", RULES)
    assert diagnose(once, "id", RULES).equals(once)
    assert len(diagnose(once, "id", RULES, prefix="mother_").columns) == len(once.columns) + len(SCHEMA)


@pytest.mark.parametrize("column", ["identity_number", "Identity_Number"])
def test_a_column_that_the_result_would_replace_is_a_mistake_of_the_program(column: str) -> None:
    with pytest.raises(ValueError, match="another prefix"):
        diagnose(FRAME.rename({"id": column}), column, RULES)


@pytest.mark.parametrize("column", ["number", "Kind"])
@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_population_may_have_any_name_for_its_column(column: str, engine: str) -> None:
    table = FRAME.rename({"id": column}).lazy()
    with open_engine(engine, 2**30) as opened:
        found = find_population(opened, table, column, RULES)
    assert (found.rows, found.identities.height) == (3, 2)
    assert identities_in(table, column, RULES).height == 2


@pytest.mark.parametrize("dtype", [pl.Int64, pl.UInt64, pl.Int128, pl.Float64])
def test_numbers_are_read_as_their_digits_whatever_holds_them(dtype: pl.DataType) -> None:
    frame = pl.DataFrame({"id": [219108182388, 109010017, None]}, schema={"id": dtype})
    found = diagnose(frame, "id", RULES)
    assert found["identity_number"].to_list() == [219108182388, 220109010017, None]
    assert found["identity_problem"].to_list() == [None, None, "missing"]


def test_numbers_that_no_64_bits_hold_are_too_long_and_never_an_error() -> None:
    for frame in (
        pl.DataFrame({"id": [2**64 - 1]}, schema={"id": pl.UInt64}),
        pl.DataFrame({"id": [2**100, -(2**100)]}, schema={"id": pl.Int128}),
        pl.DataFrame({"id": [float("inf"), 1e300, 0.5]}, schema={"id": pl.Float64}),
    ):
        assert set(diagnose(frame, "id", RULES)["identity_problem"]) <= {"bad_length", "bad_character"}


def test_a_float_that_is_no_number_is_missing() -> None:
    frame = pl.DataFrame({"id": [float("nan")]})
    assert diagnose(frame, "id", RULES)["identity_problem"].to_list() == ["missing"]


def test_categories_are_read_as_their_text() -> None:
    frame = FRAME.with_columns(pl.col("id").cast(pl.Categorical))
    assert diagnose(frame, "id", RULES)["identity_number"].to_list() == [219108182388, None, None]


@pytest.mark.parametrize("dtype", [pl.Date, pl.Boolean, pl.Binary])
def test_a_column_of_another_type_is_a_mistake_of_the_program(dtype: pl.DataType) -> None:
    with pytest.raises(TypeError, match="column id holds"):
        diagnose(pl.DataFrame({"id": []}, schema={"id": dtype}), "id", RULES)


@pytest.mark.parametrize("ages", [(64, 18), (-1, 5)])
def test_ages_that_cannot_be_meant_are_refused(ages: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="ages"):
        IdentityRules(date(2221, 12, 31), ages=ages)


@pytest.mark.parametrize("kinds", [frozenset(), HOLDERS_OWN_KINDS])
def test_a_column_holds_some_kind_and_one_of_the_holders_own_at_most(kinds: frozenset[Kind]) -> None:
    with pytest.raises(ValueError, match="kinds"):
        IdentityRules(date(2221, 12, 31), kinds=kinds)


ODD = [None, "", "okänd", "21910818-2388", "9108182388", "24950606FH28", "219108182388.0", "219108182386", "109010017"]


@pytest.mark.parametrize("every", [2, 3, 50, 999])
def test_rows_in_memory_and_one_lazy_plan_give_the_same_answer_row_by_row(every: int) -> None:
    values = ["219108182388" if row % every else ODD[row // every % len(ODD)] for row in range(1000)]
    frame = pl.DataFrame({"row": range(1000), "id": values}, schema_overrides={"id": pl.String})
    whole, by_one = diagnose(frame, "id", RULES), {value: diagnose_value(value, RULES) for value in {*values}}
    assert whole.equals(diagnose(frame.lazy(), "id", RULES).collect())
    assert whole["identity_number"].to_list() == [by_one[value].number for value in values]
    assert whole["identity_problem"].to_list() == [by_one[value].problem for value in values]
