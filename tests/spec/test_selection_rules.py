"""What the blocks of a selection can break: each fault with its place, and nothing where they hold together."""

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from samkorning.errors import OrderRefused
from samkorning.order import read_order
from samkorning.order.selection import CodeList
from samkorning.order.selection_rules import selection_findings
from samkorning.own_registers.selection import compile_selection
from tests.factories import CATALOGUE as SHIPPED
from tests.factories import SAMPLE_ORDER
from tests.registers_for_selection import CATALOGUE, specification

Blocks = Mapping[str, Any]
MAIN = {"list": "diabetes", "positions": ["main"]}


def group(name: str = "group", **stated: Any) -> dict[str, Any]:
    """An event group of inpatient care that takes the first day with a code of diabetes."""
    return {"name": name, "registers": ["PAR_SV"], "codes": MAIN, "take": "first", **stated}


def places(*events: Blocks, selections: list[Blocks] | None = None, lists: list[Blocks] | None = None) -> list[str]:
    """Where the faults are, each with what is wrong."""
    said = specification(*events, selections=selections or [], code_lists=lists)
    return [f"{'.'.join(map(str, place))}: {problem}" for place, problem, _ in selection_findings(said, CATALOGUE)]


def test_blocks_that_hold_together_have_no_fault() -> None:
    events = [
        group(),
        group("later", around={"of": "group", "first_day": 1}),
        group("given", around={"of": "index_date"}),
    ]
    selections = [{"name": "inner", "all_of": ["group"]}, {"name": "study", "all_of": ["inner"], "index_date": "group"}]
    assert places(*events, selections=selections) == []


@pytest.mark.parametrize(
    ("events", "selections", "fault"),
    [
        ([group(), group()], [], "events.0.name: the name is taken"),
        ([group()], [{"name": "group", "all_of": ["group"]}], "selections.0.name: the name is taken"),
        ([group("index_date")], [], "events.0.name: the name is taken"),
        ([group(around={"of": "nobody"})], [], "events.0.around.of: no such event group"),
        ([group(around={"of": "group"})], [], "events.0.around.of: leads back to the group itself"),
        (
            [group("one", around={"of": "other"}), group("other", around={"of": "one"})],
            [],
            "events.1.around.of: leads back to the group itself",
        ),
        (
            [group("every", take="every"), group(around={"of": "every"})],
            [],
            "events.1.around.of: the group takes every day",
        ),
        (
            [group()],
            [{"name": "study", "all_of": ["nobody"]}],
            "selections.0.all_of: no event group or selection nobody",
        ),
        (
            [group()],
            [{"name": "study", "all_of": ["group"], "none_of": ["group"]}],
            "selections.0.none_of: group is named twice",
        ),
        ([group()], [{"name": "study", "any_of": ["study", "group"]}], "selections.0.name: leads back to itself"),
        (
            [group()],
            [{"name": "study", "all_of": ["group"], "index_date": "x1"}],
            "selections.0.index_date: no such event group",
        ),
        (
            [group(take="every")],
            [{"name": "study", "all_of": ["group"], "index_date": "group"}],
            "selections.0.index_date: the group takes every day",
        ),
        (
            [group(), group("other")],
            [{"name": "study", "any_of": ["group", "other"], "index_date": "group"}],
            "selections.0.index_date: not everyone in the selection has that day",
        ),
        ([group(registers=["PAR_XX"])], [], "events.0.registers.0: no such own register"),
        ([group(registers=["PAR_SV", "PAR_SV"])], [], "events.0.registers.0: the register is named twice"),
        ([group(registers=["BARRED"])], [], "events.0.registers.0: R06: the register is barred: it is never linked"),
        ([group(registers=["PERSONS"])], [], "events.0.registers.0: the register does not hold events"),
        ([group(registers=["NO_DAY"])], [], "events.0.registers: NO_DAY has no day of an event"),
        (
            [group(codes={"list": "diabetes", "positions": ["drug"]})],
            [],
            "events.0.codes.positions: PAR_SV has no such position",
        ),
        (
            [group(codes={"list": "diabetes", "positions": ["main", "drug"]})],
            [],
            "events.0.codes.positions: none of the registers has codes as drug",
        ),
        (
            [group(codes={"list": "insulin", "positions": ["main"]})],
            [],
            "events.0.codes.list: in no year has PAR_SV codes of the list's classifications there",
        ),
        (
            [group(dates={"first_day": "2199-12-31"})],
            [],
            "events.0.dates.first_day: the dates begin before any of the registers",
        ),
        (
            [group(registers=["LMED", "PAR_SV"], dates={"last_day": "2201-12-31"}, codes=None)],
            [],
            "events.0.registers: LMED covers none of these dates",
        ),
    ],
    ids=lambda value: value.split(": ", 1)[1] if isinstance(value, str) else "",
)
def test_a_fault_is_named_with_its_place(events: list[Blocks], selections: list[Blocks], fault: str) -> None:
    assert fault in places(*events, selections=selections)


def test_a_code_list_is_there_and_somebody_seeks_it() -> None:
    unused = {"name": "unused", "codes": {"ATC": ["A10*"]}, "except_codes": {"KVÅ": ["AB*"]}}
    assert places(group(), lists=[unused, unused]) == [
        "code_lists.0.name: the name is taken",
        "code_lists.1.name: the name is taken",
        "events.0.codes.list: no such code list",
        "code_lists.0.name: no event group seeks it",
        "code_lists.0.except_codes: leaves out codes of KVÅ, of which it has none",
        "code_lists.1.name: no event group seeks it",
        "code_lists.1.except_codes: leaves out codes of KVÅ, of which it has none",
    ]


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("E10-E144*", "different lengths"),
        ("E14-E10*", "comes before"),
        ("E10-E14", "pattern"),
        ("E1*0", "pattern"),
        ("E10%", "pattern"),
        ("E10'", "pattern"),
        ("E1234567", "pattern"),
        ("", "pattern"),
    ],
)
def test_a_code_has_one_of_three_forms(pattern: str, problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        CodeList.model_validate({"name": "list", "codes": {"ICD-10-SE": [pattern]}})


def test_a_window_of_dates_names_a_day() -> None:
    with pytest.raises(ValidationError, match="names neither first_day nor last_day"):
        specification(group(dates={}))


def test_an_order_with_such_a_fault_is_refused_by_its_line() -> None:
    block = "  events:\n    - {name: group, registers: [PAR_SV, DONATION], take: first}\n"
    text = SAMPLE_ORDER.replace("specification:\n", "specification:\n" + block, 1)
    line = text.splitlines().index(block.splitlines()[1]) + 1
    with pytest.raises(OrderRefused, match=rf"line {line}, specification.events.0.registers.1: R06"):
        read_order(text, "order.yaml", SHIPPED)


def test_a_specification_that_no_longer_fits_the_catalogue_is_not_compiled() -> None:
    with pytest.raises(OrderRefused, match=r"events\.0\.registers: NO_DAY has no day of an event"):
        compile_selection(specification(group(registers=["NO_DAY"])), CATALOGUE)
