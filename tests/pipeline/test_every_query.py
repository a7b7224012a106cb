"""Every query of Dagster's schema is asked of a home that has delivered, refused and failed: no answer names anybody.

The queries are made from the schema itself: each field at the top with arguments filled in from what the home has, and
below it everything down to some depth. A newer Dagster's queries are asked as well.
"""

import asyncio
import gc
import json
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from dagster._core.workspace.load_target import ModuleTarget
from dagster_graphql.schema import create_schema
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    parse,
    validate,
)

from assets.front_page import report_desk
from assets.steps.intake.receiving import receive_file
from pipelines.instance import LOCATION, dagster_instance
from pipelines.page.addresses import own_origins
from pipelines.page.application import page_application
from pipelines.page.permissions import PageContext
from pipelines.page.token import ByToken
from samkorning.errors import CheckFailed, SamkorningError
from tests.asking import COOKIE, PORT, TOKEN, Asking, asking
from tests.canary import hits, looking_for
from tests.office import ENGINEER, Office

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")]

SCHEMA = create_schema().graphql_schema
DEPTH = 5
MOST_FIELDS = 800
"""Of one query; what lies deeper is reached by another field at the top."""
LENIENT = ("      holder: Exempelregistret", "      holder: Exempelregistret\n      linked_share_at_least: 1.0")


@dataclass
class Writing:
    """One query that is being written: which values arguments get, and how much there is already."""

    values: dict[str, str]
    left_out: frozenset[str] = frozenset()
    fields: int = 0
    path: tuple[str, ...] = field(default=())

    def arguments(self, asked: GraphQLField) -> str:
        """All that are demanded, and those that a value is known for."""
        given = [
            f"{name}: {self.value(name, argument.type)}"
            for name, argument in asked.args.items()
            if isinstance(argument.type, GraphQLNonNull) or name in self.values
        ]
        return f"({', '.join(given)})" if given else ""

    def value(self, name: str, kind: Any) -> str:
        """A value for an argument of this name and type."""
        if isinstance(kind, GraphQLNonNull):
            return self.value(name, kind.of_type)
        if isinstance(kind, GraphQLList):
            return f"[{self.value(name.removesuffix('s'), kind.of_type)}]"
        if isinstance(kind, GraphQLEnumType):
            return next(iter(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            wanted = {
                inner: each.type
                for inner, each in kind.fields.items()
                if isinstance(each.type, GraphQLNonNull) or inner in self.values
            }
            return "{" + ", ".join(f"{inner}: {self.value(inner, each)}" for inner, each in wanted.items()) + "}"
        known = self.values.get(name)
        default = {"Int": "50", "Float": "2000000000.0", "Boolean": "true"}.get(kind.name, '"x"')
        return known if known is not None and (known[0] == '"') == (default[0] == '"') else default

    def below(self, kind: Any, depth: int) -> str:
        """Everything that can be asked of a type, in braces; nothing of one that is a value itself."""
        named = get_named_type(kind)
        if isinstance(named, GraphQLUnionType | GraphQLInterfaceType):
            inner = [
                f"... on {each.name} {self.below(each, depth)}"
                for each in SCHEMA.get_possible_types(named)
                if depth > 0 and self.fields < MOST_FIELDS
            ]
            return "{ __typename " + " ".join(inner) + " }"
        if not isinstance(named, GraphQLObjectType):
            return ""
        asked = ["__typename"]
        for name, each in named.fields.items():
            if get_named_type(each.type).name in self.path or f"{named.name}_{name}" in self.left_out:
                continue
            self.fields += 1
            leaf = not isinstance(
                get_named_type(each.type), GraphQLObjectType | GraphQLUnionType | GraphQLInterfaceType
            )
            if not leaf and (depth == 0 or self.fields > MOST_FIELDS):
                continue
            before, self.path = self.path, (*self.path, named.name)
            # Types that share a union may give one name different forms: an alias keeps them apart.
            asked.append(f"{named.name}_{name}: {name}{self.arguments(each)} {self.below(each.type, depth - 1)}")
            self.path = before
        return "{ " + " ".join(asked) + " }"


@dataclass
class Home:
    """A home in which much has happened, its page, and numbers that must not be seen."""

    office: Office
    numbers: list[int]
    values: list[dict[str, str]]
    to: Asking
    failing: dict[str, frozenset[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    before = dict(os.environ)
    office = Office(tmp_path_factory.mktemp("asked"))
    case = office.ready_case()
    numbers = sorted(office.world.study().to_list())[:60] + office.world.history["old_number"].to_list()[:10]
    office.deliver(case)
    named = office.folder / f"labb_{numbers[0]}.xlsx"
    named.write_bytes(office.sent("region_labb").read_bytes()[:-100])
    with pytest.raises(SamkorningError):
        receive_file(office.desk, office.desk.case(case), "region_labb", named, ENGINEER)
    blocked = office.ready_case(LENIENT, number="2-2026")
    with pytest.raises(CheckFailed):
        office.deliver(blocked)
    target = ModuleTarget("pipelines.served", attribute=None, working_directory=None, location_name=LOCATION)
    with dagster_instance(office.desk) as instance:
        report_desk(office.desk, instance, 10)
        runs = [run.run_id for run in instance.get_runs()]
        with PageContext(instance, target) as context, asyncio.Runner() as runner:
            page = page_application(context, own_origins(PORT), ByToken(TOKEN, COOKIE), read_only=True)
            values = [_values(runs[0], case, "case"), _values(runs[-1], blocked, "linked_quality_register")]
            yield Home(office, numbers, values, Asking(page, runner))
    office.desk.cases.close()
    os.environ.clear()
    os.environ.update(before)


@contextmanager
def unfinished_work() -> Iterator[None]:
    """Where one field fails, the library of the queries leaves the work on its neighbours unfinished; Python says so
    when it is collected. That is here alone, so that no other code is interrupted by it: one that is evaluated without
    Python's own functions (a named tuple's making) could not even say so, and would fail.
    """
    gc.disable()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            yield
            gc.collect()
        finally:
            gc.enable()


def _values(run: str, case: str, asset: str) -> dict[str, str]:
    """What arguments of these names get."""
    texts = {
        "runId": run, "id": run, "repositoryName": "__repository__", "repositoryLocationName": LOCATION,
        "locationName": LOCATION, "name": LOCATION, "jobName": "deliver", "pipelineName": "deliver", "path": asset,
        "partition": case, "partitionKey": case, "partitionName": case, "groupName": "linkage", "assetKey": asset,
        "sensorName": "inbox_sensor", "scheduleName": "repeat_deliveries", "resourceName": "desk", "stepKey": asset,
        "checkName": "linkage_rate", "graphName": "deliver", "handleID": asset, "solidName": asset,
    }  # fmt: skip
    return {name: json.dumps(text) for name, text in texts.items()} | {"limit": "50"}


assert SCHEMA.query_type is not None
QUERIES = SCHEMA.query_type.fields
MOST_TRIES = 4
AT_ONCE = 8
"""Queries after which what they left unfinished is collected."""


def _query(name: str, values: dict[str, str], left_out: frozenset[str] = frozenset()) -> str:
    writing = Writing(values, left_out)
    return f"{{ {name}{writing.arguments(QUERIES[name])} {writing.below(QUERIES[name].type, DEPTH)} }}"


def _answers(home: Home, name: str, values: dict[str, str]) -> Iterator[bytes]:
    """What is answered to a query; a field that fails can empty the whole answer, so it is asked again without it, and
    without those that failed in it with other values before.
    """
    left_out = frozenset[str]()
    for _ in range(MOST_TRIES - 2 if name in home.failing else MOST_TRIES):
        answer = home.to.ask(asking(_query(name, values, left_out)))
        yield answer.body
        paths = [error.get("path") or [] for error in answer.json().get("errors", [])]
        failed = {step for path in paths for step in path[-1:] if isinstance(step, str)} - left_out - {name}
        if not failed:
            break
        left_out |= failed | home.failing.get(name, frozenset())
    home.failing[name] = left_out


def test_every_query_is_one_that_dagster_answers(home: Home) -> None:
    for name in QUERIES:
        assert not validate(SCHEMA, parse(_query(name, home.values[0]))), name


def _different(home: Home) -> Iterator[tuple[str, dict[str, str]]]:
    """Every query with every set of values, but those in which the values make no difference."""
    asked: set[str] = set()
    for values in home.values:
        for name in QUERIES:
            if (query := _query(name, values)) not in asked:
                asked.add(query)
                yield name, values


def test_no_answer_to_any_query_names_anybody(home: Home) -> None:
    names_anybody = looking_for(home.numbers)
    said: dict[str, set[str]] = {"linkage_rate": set(), "row_flow": set(), "L001": set()}
    left = [*_different(home)]
    while left:
        some, left = left[:AT_ONCE], left[AT_ONCE:]
        with unfinished_work():
            for name, values in some:
                for answer in _answers(home, name, values):
                    assert not names_anybody(answer), f"{name} names somebody"
                    for what, queries in said.items():
                        queries |= {name} if what.encode() in answer else set()
    assert {"assetNodes", "assetNodeOrError"} <= said["row_flow"], said
    assert {"assetNodes", "logsForRun"} <= said["L001"], said


def test_nothing_lies_in_storage_or_logs_afterwards(home: Home) -> None:
    assert hits(home.office.desk.home.dagster, home.numbers) == []
    logs = [path for path in (home.office.desk.home.failures,) if path.exists()]
    assert not [path for path in logs for number in home.numbers if str(number) in path.read_text()]
