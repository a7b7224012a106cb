"""The layer before the page, around a small application: names, origins, sessions, headers and bodies."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from pipelines.page.access import LARGEST_BODY, Access
from pipelines.page.addresses import own_origins, proxied_origins, require_own_origin
from pipelines.page.entrance import BehindProxy
from pipelines.page.headers import HEADERS, POLICY
from pipelines.page.refusal import Refused
from pipelines.page.token import UNKNOWN, ByToken
from resources.acting import ACCOUNT_TAG, tags_with_account
from resources.settings import Settings
from samkorning.errors import HomeRefused
from tests.asking import BROWSER, COOKIE, HOST, ORIGIN, PORT, TOKEN, Answer, Asking, Request, asking, get

PROXY = "page.example.org"
NAVIGATION = {"sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
STRANGER = "http://evil.example"
HELD = {name.lower(): value for name, value in HEADERS.items()}


@dataclass
class Small:
    """An application that answers everything, with a policy of its own, and remembers the bodies it was given."""

    bodies: list[bytes] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    accounts: list[str | None] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.bodies.append((await receive()).get("body", b""))
        self.accounts.append(tags_with_account({}).get(ACCOUNT_TAG))
        own = [(b"content-security-policy", b"script-src 'nonce-x'"), (b"feature-policy", b"camera 'none'")]
        await send({"type": "http.response.start", "status": 200, "headers": own})
        await send({"type": "http.response.body", "body": b"{}"})
        self.after.append((await receive())["type"])


@pytest.fixture
def small() -> Small:
    return Small()


@pytest.fixture
def to(small: Small) -> Iterator[Asking]:
    access = Access(small, own_origins(PORT, [PROXY]), ByToken(TOKEN, COOKIE), allowed=["launchRun"], closed=())
    with asyncio.Runner() as runner:
        yield Asking(access, runner)


@pytest.mark.parametrize(
    ("port", "host", "origin"),
    [
        (3000, "127.0.0.1:3000", "http://127.0.0.1:3000"),
        (3000, "localhost:3000", "http://localhost:3000"),
        (3000, "[::1]:3000", "http://[::1]:3000"),
        (80, "localhost", "http://localhost"),
        (3000, PROXY, f"https://{PROXY}"),
        (3000, "localhost", None),
        (80, "localhost:3000", None),
        (3000, f"{PROXY}:3000", None),
        (3000, "0.0.0.0:3000", None),
    ],
)
def test_each_name_of_the_page_has_its_origin(port: int, host: str, origin: str | None) -> None:
    assert own_origins(port, [PROXY]).get(host) == origin


def test_a_name_is_known_in_capitals(to: Asking) -> None:
    assert to.ask(get("/").with_headers(host=f"LocalHost:{PORT}")).status == 200


@pytest.mark.parametrize("name", ["https://page.example.org", "page.example.org/", "*", "Page.example.org", "a b", ""])
def test_a_name_is_configured_as_the_address_line_shows_it(name: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(f"page_names: ['{name}']\n")
    with pytest.raises(HomeRefused, match="`page_names`: Names under which a proxy serves the page by HTTPS"):
        Settings.of(tmp_path)


@pytest.mark.parametrize("name", ["page.example.org", "page.example.org:8443", "register"])
def test_names_are_settings(name: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(f"page_names: ['{name}']\n")
    assert Settings.of(tmp_path).page_names == (name,)


@pytest.mark.parametrize(
    ("method", "headers", "by_command", "may"),
    [
        ("POST", {"origin": ORIGIN}, False, True),
        ("POST", {"origin": STRANGER}, False, False),
        ("POST", {"origin": STRANGER}, True, False),
        ("POST", {}, False, False),
        ("POST", {}, True, True),
        ("POST", {"sec-fetch-site": "same-origin"}, False, True),
        ("POST", {"sec-fetch-site": "none"}, False, False),
        ("POST", {"referer": f"{ORIGIN}/assets"}, False, True),
        ("POST", {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}, False, False),
        ("WEBSOCKET", {"origin": ORIGIN}, False, True),
        ("WEBSOCKET", {}, False, False),
        ("GET", {}, False, True),
        ("GET", {"sec-fetch-site": "same-origin"}, False, True),
        ("GET", {"sec-fetch-site": "cross-site"}, False, False),
        ("GET", {"sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors"}, False, False),
        ("GET", {"referer": f"{STRANGER}/"}, False, False),
        (
            "GET",
            {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"},
            False,
            True,
        ),
        (
            "GET",
            {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
            False,
            False,
        ),
        ("HEAD", {"origin": STRANGER}, False, False),
    ],
)
def test_from_where_a_request_may_come(method: str, headers: dict[str, str], by_command: bool, may: bool) -> None:
    try:
        require_own_origin(method, Headers(headers), ORIGIN, by_command=by_command)
    except Refused:
        assert not may
    else:
        assert may


def sign_in(query: str, **headers: str) -> Request:
    return get("/", query).with_headers(cookie=None, **NAVIGATION, **headers)


@pytest.mark.parametrize(("host", "marks"), [(HOST, set()), (PROXY, {"Secure"})])
def test_the_printed_address_opens_a_session(to: Asking, host: str, marks: set[str]) -> None:
    opened = to.ask(sign_in(f"token={TOKEN}", host=host, sec_fetch_site="none"))
    assert (opened.status, opened.header("location"), opened.body) == (303, ["/assets/desk"], b"")
    cookie, *kept = opened.header("set-cookie")[0].split("; ")
    assert set(kept) == {"HttpOnly", "Path=/", "SameSite=strict"} | marks
    assert to.ask(get("/runs").with_headers(host=host, cookie=f"other=1; {cookie}")).status == 200


def test_it_opens_again_as_long_as_the_page_is_served(to: Asking) -> None:
    assert [to.ask(sign_in(f"token={TOKEN}")).status for _ in range(2)] == [303, 303]


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (sign_in("token=" + TOKEN[::-1]), "another token, as of an earlier start"),
        (sign_in("token="), "none"),
        (sign_in(f"token={TOKEN}&token=x"), "two"),
        (sign_in("token=%C3%A5%ED%A0%80"), "not letters"),
        (sign_in(f"token={TOKEN}", host="evil.example:3000"), "a name that is led here"),
        (replace(sign_in(f"token={TOKEN}"), path="/runs"), "another address"),
        (replace(sign_in(f"token={TOKEN}"), method="HEAD"), "not opened by a person"),
        (sign_in(""), "nothing"),
    ],
)
def test_any_other_address_opens_none(to: Asking, small: Small, request_: Request, why: str) -> None:
    refused = to.ask(request_)
    assert (refused.status, refused.header("set-cookie"), small.bodies) == (403, [], []), why


def test_a_wrong_token_in_the_address_is_refused_beside_a_session(to: Asking) -> None:
    assert to.ask(get("/", "token=x")).status == 403


@pytest.mark.parametrize("path", ["/", "/runs", "/server_info", "/_next/static/a.js", "/favicon.png", "/logs/a.out"])
def test_without_a_session_there_is_one_sentence(to: Asking, small: Small, path: str) -> None:
    said = to.ask(get(path).with_headers(cookie=None))
    assert (said.status, said.body.decode(), small.bodies) == (403, UNKNOWN + "\n", [])


EVERY = {
    200: get("/runs"),
    303: sign_in(f"token={TOKEN}"),
    400: replace(asking(""), body=b"{"),
    403: get("/").with_headers(cookie=None),
    405: Request("POST", "/runs"),
    413: replace(asking(""), body=b" " * (LARGEST_BODY + 1)),
    415: asking("").with_headers(content_type="text/plain"),
}


@pytest.mark.parametrize("status", sorted(EVERY))
def test_every_answer_has_the_headers(to: Asking, status: int) -> None:
    answer = to.ask(EVERY[status])
    assert answer.status == status
    assert HELD.items() <= dict(answer.headers).items()
    assert answer.header("content-security-policy")[-1] == POLICY
    assert answer.header("cache-control") == ["no-store"]
    assert not answer.header("access-control-allow-origin") and not answer.header("feature-policy")


def test_dagsters_own_policy_stays_beside_ours(to: Asking) -> None:
    assert to.ask(get("/")).header("content-security-policy") == ["script-src 'nonce-x'", POLICY]


def test_the_program_alone_may_be_kept(to: Asking) -> None:
    assert not to.ask(get("/_next/static/chunk.js")).header("cache-control")


def test_nobody_may_frame_the_page(to: Asking) -> None:
    assert "frame-ancestors 'none'" in POLICY and HEADERS["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get"])
def test_beside_queries_everything_is_only_read(to: Asking, small: Small, method: str) -> None:
    assert to.ask(Request(method, "/runs")).status == 405
    assert not small.bodies


def test_the_body_that_was_looked_at_is_the_one_that_is_carried_out(to: Asking, small: Small) -> None:
    request = asking("mutation { launchRun }")
    assert to.ask(request).status == 200
    assert (small.bodies, small.after) == ([request.body], ["http.disconnect"])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b'"query"',
        b"[" * 100_000,
        b'{"query": ' + b"[" * 100_000,
        b'{"query": null}',
        b'{"query": ""}',
        b'{"query": "fragment F on Query { a }"}',
        b'{"query": "type Query { a: Int }"}',
        b'{"query": "' + b"{a" * 4_000 + b'"}',
        b'{"query": "{' + b"a " * 10_001 + b'}"}',
        b'{"query": "{ a }',
        b"\xff\xfe{",
    ],
)
def test_what_cannot_be_read_is_refused(to: Asking, small: Small, body: bytes) -> None:
    assert to.ask(replace(asking(""), body=body)).status == 400
    assert not small.bodies


def in_parts(to: Asking, *parts: Message) -> tuple[Answer, int]:
    """What a body in parts gets, and how many of them were taken."""
    left = list(parts)
    answer = Answer()

    async def receive() -> Message:
        return left.pop(0)

    async def send(message: Message) -> None:
        answer.status = message.get("status", answer.status)

    to.runner.run(to.app(asking("").scope("http"), receive, send))
    return answer, len(parts) - len(left)


def test_a_body_without_end_is_not_read_to_it(to: Asking, small: Small) -> None:
    part = {"type": "http.request", "body": b" " * (LARGEST_BODY // 2), "more_body": True}
    assert in_parts(to, *[part] * 9) == (Answer(413), 3)
    assert not small.bodies


def test_a_body_in_parts_is_looked_at_whole(to: Asking, small: Small) -> None:
    sent = asking("mutation { deleteRun }").body
    parts = [
        {"type": "http.request", "body": sent[at : at + 9], "more_body": at + 9 < len(sent)}
        for at in range(0, len(sent), 9)
    ]
    assert in_parts(to, *parts) == (Answer(403), len(parts))
    assert not small.bodies


@pytest.mark.parametrize(
    "query",
    [
        "mutation { ...F } fragment F on Mutation { deleteRun }",
        "mutation { launchRun ... { deleteRun } }",
        "mutation { ... on Mutation @include(if: true) { launchRun } }",
    ],
)
def test_no_mutation_hides_in_a_fragment(to: Asking, small: Small, query: str) -> None:
    assert to.ask(asking(query)).status == 400
    assert not small.bodies


def test_who_goes_away_is_not_answered(to: Asking, small: Small) -> None:
    assert in_parts(to, {"type": "http.disconnect"}) == (Answer(0), 1)
    assert not small.bodies


def test_a_session_is_its_own_ports(to: Asking) -> None:
    headers = {**BROWSER, "cookie": f"samkorning_page_3001={TOKEN}"}
    assert to.ask(Request("GET", "/", headers=tuple(headers.items()))).status == 403


@pytest.fixture
def behind(small: Small) -> Iterator[Asking]:
    """The same behind a proxy."""
    access = Access(small, proxied_origins([PROXY]), BehindProxy(), allowed=["launchRun"], closed=())
    with asyncio.Runner() as runner:
        yield Asking(access, runner)


def by_proxy(**changed: str | None) -> Request:
    """What a proxy passes on from the page in a browser, with changes."""
    right = {"host": PROXY, "origin": f"https://{PROXY}", "cookie": None, "x_samkorning_account": "olle"}
    return asking("mutation { launchRun }").with_headers(**{**right, **changed})


@pytest.mark.parametrize("account", ["olle", "olle.ordning@example.org", "O-1_x"])
def test_behind_a_proxy_its_account_asks(behind: Asking, small: Small, account: str) -> None:
    assert behind.ask(by_proxy(x_samkorning_account=account)).status == 200
    assert small.accounts == [account]


def test_without_a_proxy_nobody_in_particular_asks(to: Asking, small: Small) -> None:
    assert to.ask(get("/")).status == 200
    assert small.accounts == [None]


@pytest.mark.parametrize("account", [None, "", " ", "olle, mia", "Olle Ordning", "åsa", "o" * 65, "221101012399"])
def test_behind_a_proxy_nobody_else_asks(behind: Asking, small: Small, account: str | None) -> None:
    answer = behind.ask(by_proxy(x_samkorning_account=account))
    assert (answer.status, small.accounts) == (403, [])
    assert account is None or not account.strip() or account not in answer.body.decode()


@pytest.mark.parametrize(
    "request_",
    [
        by_proxy().also("x-samkorning-account", "mia"),
        by_proxy(origin=None),
        by_proxy(origin=None, authorization="Basic b2xsZTp4"),
        by_proxy(origin=None, authorization=f"Bearer {TOKEN}"),
        by_proxy(origin=STRANGER),
        by_proxy(host=HOST, origin=ORIGIN),
        by_proxy(origin=f"http://{PROXY}"),
    ],
)
def test_behind_a_proxy_a_request_still_comes_from_the_page_itself(
    behind: Asking, small: Small, request_: Request
) -> None:
    assert behind.ask(request_).status == 403
    assert small.accounts == []


def test_behind_a_proxy_there_is_no_token(behind: Asking, small: Small) -> None:
    """The address that opens a session elsewhere is the page's like any other."""
    shown = get("/", f"token={TOKEN}").with_headers(host=PROXY, cookie=None, x_samkorning_account="olle")
    answer = behind.ask(shown)
    assert (answer.status, answer.header("set-cookie")) == (200, [])


@pytest.mark.parametrize("account", ["olle", ""])
def test_an_account_that_no_proxy_names_is_refused(to: Asking, small: Small, account: str) -> None:
    answer = to.ask(get("/").with_headers(x_samkorning_account=account))
    assert (answer.status, small.accounts) == (403, [])
