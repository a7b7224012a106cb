"""What a value of an identifier column is: every example of the tables, as a column and as a single value."""

from dataclasses import replace
from functools import cache

import duckdb
import polars as pl
import pytest

from samkorning.identity import (
    REMEDIES,
    IdentityRules,
    Issuer,
    Kind,
    Problem,
    Repair,
    diagnose,
    diagnose_value,
)
from tests.spec.identity_examples import (
    CENTURIES,
    ISSUERS,
    KINDS,
    ORGANISATIONS,
    PROBLEMS,
    PUBLISHED,
    REAL,
    REPAIRING,
    SHAPES,
    SYNTHETIC,
    WORKING_AGE,
    WORKPLACES,
    Example,
    IssuerExample,
    KindExample,
    declared,
)
from tests.spec.identity_page import PAGE, page


@cache
def column_answers(rules: IdentityRules) -> dict[str | None, dict[str, object]]:
    """What a column of all the examples says of each."""
    values = list({example.value: None for example in (*KINDS, *SHAPES, *CENTURIES, *ISSUERS, *PROBLEMS)})
    values += [value for examples in PUBLISHED.values() for value in examples]
    frame = diagnose(pl.DataFrame({"id": values}, schema={"id": pl.String}), "id", rules, prefix="")
    return dict(zip(values, frame.drop("id").iter_rows(named=True), strict=True))


def diagnosed(value: str | None, rules: IdentityRules) -> dict[str, object]:
    """What the column says, which must be what the single value says."""
    column, single = column_answers(rules)[value], diagnose_value(value, rules)
    assert column == {name: getattr(single, name) for name in column}
    return column


def outcome(value: str | None, rules: IdentityRules) -> object:
    """The number, the text or the problem."""
    found = diagnosed(value, rules)
    return next(found[name] for name in ("problem", "number", "text") if found[name] is not None)


@pytest.mark.parametrize("example", KINDS, ids=lambda example: f"{example.kind}: {example.why}")
def test_a_number_is_of_a_kind_and_has_an_issuer(example: KindExample) -> None:
    found = diagnosed(example.value, example.rules)
    assert (found["kind"], found["issuer"], found["problem"]) == (example.kind, example.issuer, None)
    assert found["number" if isinstance(example.identity, int) else "text"] == example.identity


@pytest.mark.parametrize("example", [*SHAPES, *CENTURIES], ids=lambda example: example.why)
def test_a_number_is_read_however_it_is_written(example: Example) -> None:
    assert outcome(example.value, example.rules) == example.is_


@pytest.mark.parametrize("example", PROBLEMS, ids=lambda example: f"{example.is_}: {example.why}")
def test_what_is_not_taken_has_its_problem_and_gives_no_number(example: Example) -> None:
    found = diagnosed(example.value, example.rules)
    assert (found["problem"], found["number"], found["text"], found["issuer"]) == (example.is_, None, None, None)


@pytest.mark.parametrize("example", ISSUERS, ids=lambda example: example.issuer)
def test_a_declared_issuer_decides_and_without_one_several_are_never_guessed(example: IssuerExample) -> None:
    found = diagnosed(example.value, declared(example.issuer))
    assert (found["issuer"], found["problem"]) == (example.issuer, None)
    bare = diagnosed(example.value, SYNTHETIC)
    assert (bare["problem"] == Problem.AMBIGUOUS_ISSUER) == example.fits_others
    assert bare["issuer"] == (None if example.fits_others else example.issuer)


@pytest.mark.parametrize("issuer", PUBLISHED)
def test_the_examples_that_issuers_publish_are_taken(issuer: Issuer) -> None:
    assert [diagnosed(value, declared(issuer, REAL))["issuer"] for value in PUBLISHED[issuer]] == [issuer] * len(
        PUBLISHED[issuer]
    )


def test_every_kind_problem_and_issuer_has_an_example() -> None:
    assert {example.kind for example in KINDS} == set(Kind)
    assert {example.is_ for example in PROBLEMS} == set(Problem) == set(REMEDIES)
    own = {Issuer.NATIONAL, Issuer.ORGANISATION_REGISTER, Issuer.HOLDER}
    assert {example.issuer for example in ISSUERS} == set(Issuer) - own


def test_guesses_are_marked_and_signs_and_twelve_digits_are_none() -> None:
    guessed = {example.value: diagnosed(example.value, example.rules)["guessed_century"] for example in SHAPES}
    assert [value for value, guess in guessed.items() if guess] == ["9108182388", "109010017"]


def test_repairs_are_made_only_where_the_rules_allow_them_and_are_named() -> None:
    for value, repair in [
        ("109010017", Repair.LEADING_ZERO),
        ("219108182388.0", Repair.FLOAT),
        ("21280118123", Repair.TRAILING_BLANK),
    ]:
        made, refused = diagnosed(value, REPAIRING), diagnosed(value, SYNTHETIC)
        assert (made["problem"], made["repair"]) == (None, repair)
        assert (refused["problem"], refused["repair"]) == (
            next(p for p in Problem if REMEDIES[p].repair == repair),
            repair,
        )


def test_a_number_in_a_whole_number_column_is_read_as_its_digits() -> None:
    found = diagnose(pl.DataFrame({"id": [219108182388, 9108182388, 109010017]}), "id", REPAIRING, prefix="")
    assert found["number"].to_list() == [219108182388, 219108182388, 220109010017]
    assert found["guessed_century"].to_list() == [False, True, True]
    assert found["repair"].to_list() == [None, None, "leading_zero"]


def test_a_declared_region_still_takes_national_and_national_reserve_numbers() -> None:
    assert diagnosed("219108182388", declared(Issuer.SKANE))["issuer"] == Issuer.NATIONAL
    assert diagnosed("24950606FH28", declared(Issuer.SKANE))["issuer"] == Issuer.NATIONAL_RESERVE


def test_duckdb_and_polars_give_the_same_answer_to_every_example() -> None:
    values = [example.value for example in (*KINDS, *SHAPES, *CENTURIES, *ISSUERS, *PROBLEMS)]
    frame = pl.DataFrame({"row": range(len(values)), "id": values})
    for rules in (REPAIRING, WORKING_AGE, ORGANISATIONS, replace(WORKPLACES, issuer=Issuer.HALLAND)):
        answer = diagnose(duckdb.from_arrow(frame.to_arrow()), "id", rules).pl().sort("row")
        assert answer.drop("id").equals(diagnose(frame, "id", rules).drop("id"))


def test_the_page_on_identity_numbers_is_generated_from_these_tables() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.spec.identity_page"
