"""Every mutation of the installed Dagster, in every way that is forbidden, at the real application on a real home."""

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from dagster._core.workspace.load_target import ModuleTarget
from dagster._core.workspace.permissions import Permissions
from dagster_graphql.schema import create_schema
from graphql import parse, validate
from starlette.types import Receive, Scope, Send

from pipelines.instance import dagster_instance
from pipelines.page.access import Access
from pipelines.page.addresses import own_origins
from pipelines.page.application import SERVED, page_application
from pipelines.page.mutations import ALLOWED, REFUSED
from pipelines.page.permissions import MUTATION_OF, PageContext
from pipelines.page.token import ByToken
from tests.asking import COMMAND, COOKIE, PORT, TOKEN, Asking, Request, asking, get, mutations_of
from tests.office import Office
from tests.pipeline.page_ways import (
    DISGUISES,
    HANDSHAKES,
    MESSAGES,
    PROXY,
    SUBSCRIPTION,
    WAYS,
    act,
    start,
    web_socket,
)

SCHEMA = create_schema().graphql_schema
MUTATIONS = dict(mutations_of(SCHEMA))
CLOSED = {
    "download_captured_logs_endpoint",
    "download_notebook",
    "download_debug_file_endpoint",
    "report_asset_materialization_endpoint",
    "report_asset_check_endpoint",
    "report_asset_observation_endpoint",
    "vendor_static",
}
"""Dagster's routes that nobody reaches."""
CLOSED_SOCKET = {"type": "websocket.close", "code": 1008}


@dataclass
class Reached:
    """Dagster's application, and how many requests have come to it."""

    app: Any
    times: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.times += 1
        await self.app(scope, receive, send)


@dataclass
class Page:
    """The page of a small home, the same one to be read only, and Dagster behind both."""

    access: Access
    dagster: Reached
    to: Asking
    to_read_only: Asking


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    before = dict(os.environ)
    office = Office(tmp_path_factory.mktemp("page"))
    office.open_case()
    names, entrance = own_origins(PORT, (PROXY,)), ByToken(TOKEN, COOKIE)
    target = ModuleTarget("pipelines.served", attribute=None, working_directory=None, location_name=None)
    with dagster_instance(office.desk) as instance, PageContext(instance, target) as context:
        access = page_application(context, names, entrance, read_only=False)
        dagster = Reached(access.app)
        access = replace(access, app=dagster)
        with asyncio.Runner() as runner:
            read_only = replace(page_application(context, names, entrance, read_only=True), app=dagster)
            yield Page(access, dagster, Asking(access, runner), Asking(read_only, runner))
    office.desk.cases.close()
    os.environ.clear()
    os.environ.update(before)


def test_each_is_a_mutation_that_dagster_would_carry_out() -> None:
    for field in MUTATIONS.values():
        assert not validate(SCHEMA, parse(act(field))), field


def test_every_mutation_of_the_installed_dagster_is_decided() -> None:
    """A newer Dagster may bring another: it is refused, and named here until somebody has decided."""
    decided = ALLOWED.keys() | REFUSED.keys()
    assert not ALLOWED.keys() & REFUSED.keys()
    assert (MUTATIONS.keys() - decided, decided - MUTATIONS.keys()) == (set(), set()), "new, and gone"


def test_every_route_of_the_installed_dagster_is_decided(page: Page) -> None:
    names = {route.name for route in page.dagster.app.routes}
    assert (names - SERVED.keys() - CLOSED, (SERVED.keys() | CLOSED) - names) == (set(), set()), "new, and gone"
    assert {route.name for route in page.access.closed} == CLOSED


def test_every_mutation_in_every_forbidden_way_is_refused(page: Page) -> None:
    tried = [(name, way) for name in MUTATIONS for way in WAYS]
    for name, way in tried:
        require_refused(page, page.to, WAYS[way](act(MUTATIONS[name])), f"{name}: {way}")
    assert len(tried) == len(MUTATIONS) * len(WAYS) >= 3000


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_not_on_the_list_is_refused_in_every_disguise(page: Page, name: str) -> None:
    for way, made in DISGUISES.items():
        answer = require_refused(page, page.to, made(act(MUTATIONS[name])), way)
        assert name in answer and REFUSED[name] in answer


def test_a_mutation_that_a_newer_dagster_brings_is_refused(page: Page) -> None:
    for way, made in DISGUISES.items():
        answer = require_refused(page, page.to, made(act('brandNew21200101(name: "x")')), way)
        assert "this change" in answer
        assert "21200101" not in answer, "what nobody knows is not said back"


def test_a_read_only_page_refuses_every_mutation(page: Page) -> None:
    for name, field in MUTATIONS.items():
        for way, made in (WAYS | DISGUISES).items():
            require_refused(page, page.to_read_only, made(act(field)), f"{name}: {way}")
    assert page.to_read_only.ask(asking("{ assetNodes { id } }")).json()["data"]["assetNodes"]


PERMISSIONS = """{ permissions { permission value disabledReason }
  workspaceOrError { ... on Workspace { locationEntries { permissions { permission value disabledReason } } } }
  assetNodes { hasWipePermission hasReportRunlessAssetEventPermission hasMaterializePermission } }"""


def test_the_page_greys_what_would_be_refused_and_says_why(page: Page) -> None:
    """A newer Dagster may bring another permission: it is named here until it has its mutation."""
    assert set(MUTATION_OF) == set(Permissions)
    assert set(MUTATION_OF.values()) <= MUTATIONS.keys()
    said = page.to.ask(asking(PERMISSIONS)).json()["data"]
    [place] = said["workspaceOrError"]["locationEntries"]
    for told in (said["permissions"], place["permissions"]):
        assert len(told) > 10
        for each in told:
            mutation = MUTATION_OF[Permissions(each["permission"])]
            expected = (True, None) if mutation in ALLOWED else (False, REFUSED[mutation])
            assert (each["value"], each["disabledReason"]) == expected, mutation
    may = {(node["hasWipePermission"], node["hasReportRunlessAssetEventPermission"]) for node in said["assetNodes"]}
    assert (may, {node["hasMaterializePermission"] for node in said["assetNodes"]}) == ({(False, False)}, {True})


RIGHT = ["as it is", "by a command", "behind the proxy", "with parameters", "without an origin, by its referer"]


@pytest.mark.parametrize(
    ("name", "way"), [*((name, RIGHT[0]) for name in sorted(ALLOWED)), *(("startSensor", way) for way in RIGHT)]
)
def test_what_is_on_the_list_reaches_dagster(page: Page, name: str, way: str) -> None:
    before = page.dagster.times
    answer = page.to.ask(DISGUISES[way](act(MUTATIONS[name])))
    assert page.dagster.times == before + 1
    assert name in answer.json()["data"]


def test_no_mutation_goes_over_the_web_socket(page: Page) -> None:
    """Every mutation in every message that could hold it, and at every web socket that is not the page's own."""
    before = page.dagster.times
    for field in MUTATIONS.values():
        for way, opened in HANDSHAKES.items():
            assert page.to.converse(opened, start(act(field))) == [CLOSED_SOCKET], way
    assert page.dagster.times == before
    for field in MUTATIONS.values():
        for way, said in MESSAGES.items():
            answers = page.to.converse(web_socket(), *said(act(field)))
            assert answers[-1] == CLOSED_SOCKET, way
            assert not [answer for answer in answers if '"id"' in answer.get("text", "")], way


@pytest.mark.parametrize(
    "opened", [web_socket(), web_socket(cookie=None, origin=None, authorization=f"Bearer {TOKEN}")]
)
def test_the_web_socket_carries_subscriptions(page: Page, opened: Request) -> None:
    said = {"type": "connection_init"}, start(SUBSCRIPTION)
    answers = [json.loads(answer["text"]) for answer in page.to.converse(opened, *said) if "text" in answer]
    assert [answer["type"] for answer in answers[:2]] == ["connection_ack", "data"]
    assert answers[1]["payload"]["data"]["pipelineRunLogs"]["__typename"] == "PipelineRunLogsSubscriptionFailure"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT"])
@pytest.mark.parametrize(
    "path",
    [
        "/report_asset_materialization/delivery",
        "/report_asset_check/delivery",
        "/report_asset_observation/delivery",
        "/logs/x.out",
        "/notebook",
        "/dagit/notebook",
        "/download_debug/x",
        "/vendor/graphiql/graphiql.min.js",
    ],
)
def test_routes_that_report_or_give_files_are_closed(page: Page, path: str, method: str) -> None:
    before = page.dagster.times
    request = Request(method, path, headers=tuple(COMMAND.items()), body=b'{"asset_key": ["delivery"]}')
    assert page.to.ask(request).status == 404
    assert page.dagster.times == before


@pytest.mark.parametrize(
    "path", ["//report_asset_check/delivery", "/Report_asset_check/delivery", "/graphql/", "//graphql"]
)
def test_a_route_by_another_spelling_is_no_way_to_it(page: Page, path: str) -> None:
    before = page.dagster.times
    assert page.to.ask(replace(asking(act("reloadWorkspace { __typename }")), path=path)).status == 405
    assert page.dagster.times == before


@pytest.mark.parametrize(
    ("path", "what"),
    [("/", "<title"), ("/assets/delivery", "<title"), ("/server_info", "dagster_version"), ("/favicon.svg", "<svg")],
)
def test_the_page_is_served(page: Page, path: str, what: str) -> None:
    answer = page.to.ask(get(path))
    assert answer.status == 200
    assert what in answer.body.decode()


def test_the_page_shows_the_home(page: Page) -> None:
    nodes = page.to.ask(asking("{ assetNodes { assetKey { path } } }")).json()["data"]["assetNodes"]
    assert ["delivery"] in [node["assetKey"]["path"] for node in nodes]


def require_refused(page: Page, to: Asking, request: Request, what: str) -> str:
    """The request gets a sentence in place of data, and Dagster has not seen it."""
    before = page.dagster.times
    answer = to.ask(request)
    assert page.dagster.times == before, what
    assert answer.status in (400, 403, 405, 413, 415), (what, answer)
    body = answer.body.decode()
    assert request.method == "HEAD" or json.loads(body)["data"] is None, what
    assert TOKEN not in body and COOKIE not in body, what
    assert not answer.header("set-cookie") and not answer.header("access-control-allow-origin"), what
    return body
