"""Periods of codes say for each year what the catalogue says for it, whatever begins and ends when."""

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from samkorning.own_registers.catalogue import CatalogueRegister, CodeSystem, Position
from samkorning.own_registers.catalogue.codes_by_year import code_periods
from tests.examples import examples

YEARS = range(1985, 2001)
bound = st.one_of(st.none(), st.sampled_from(YEARS))


@st.composite
def span(draw: st.DrawFn) -> dict[str, int]:
    """Years that run forward, with or without bounds."""
    first, last = draw(bound), draw(bound)
    if first is not None and last is not None and last < first:
        first, last = last, first
    return {name: year for name, year in (("from_year", first), ("to_year", last)) if year is not None}


@st.composite
def variable(draw: st.DrawFn) -> dict[str, Any]:
    """A variable with up to three classifications, which may leave years out or overlap."""
    systems = [
        {"system": draw(st.sampled_from(list(CodeSystem))), **draw(span())} for _ in range(draw(st.integers(0, 3)))
    ]
    position = draw(st.sampled_from([None, Position.MAIN, Position.SECONDARY]))
    said = {"type": "text", "length": 5, "label_sv": "x", "label_en": "x"}
    return {"systems": systems, "position": position, **draw(span()), **said}


@settings(max_examples=examples(150), deadline=None)
@given(
    st.lists(variable(), max_size=3), st.sets(st.sampled_from(list(CodeSystem))), st.permutations(list(Position)[:2])
)
def test_a_period_holds_what_each_of_its_years_holds(
    variables: list[dict[str, Any]], sought: set[CodeSystem], positions: list[Position]
) -> None:
    named = [{"name": f"V{place}", **said} for place, said in enumerate(variables)]
    register = CatalogueRegister.model_validate({"name": "R1", "title_sv": "", "title_en": "", "variables": named})
    periods = code_periods(register, positions, sought)
    for year in range(1980, 2006):
        meant = tuple(
            (each.name, each.system_in(year))
            for position in positions
            for each in register.at(position)
            if each.holds_in(year) and each.system_in(year) in sought
        )
        assert [period.columns for period in periods if period.holds_in(year)] == ([meant] if meant else [])
    assert all(
        one.to_year < other.from_year and (one.to_year + 1 < other.from_year or one.columns != other.columns)
        for one, other in pairwise(periods)
    ), "in order, apart, and no longer than they must be cut"
