"""The ways in which a request to the page is forbidden, each one change from a right request.

What belongs here: the two tables. What must not: what is asked (every mutation), or how a request is sent.
"""

import json
from collections.abc import Callable
from dataclasses import replace

from tests.asking import COMMAND, COOKIE, HOST, JSON, ORIGIN, PORT, TOKEN, Request, asking, by_url, get

PROXY = "page.example.org"
STRANGER = "evil.example"
ACT = "mutation Act "
SUBSCRIPTION = 'subscription Follow { pipelineRunLogs(runId: "x") { __typename } }'
HARMLESS = "query Harmless { __typename }"
FORM = "application/x-www-form-urlencoded"
MULTIPART = '--b\r\nContent-Disposition: form-data; name="query"\r\n\r\n{}\r\n--b--\r\n'

Way = Callable[[str], Request]


def web_socket(**changed: str | None) -> Request:
    """The right way to open a web socket, with changes."""
    return get("/graphql").with_headers(**{"origin": ORIGIN, **changed})


def sent_as(content_type: str | None, body: Callable[[str], str]) -> Way:
    return lambda query: replace(asking(query), body=body(query).encode()).with_headers(content_type=content_type)


def as_json(query: str) -> str:
    return json.dumps({"query": query})


def as_batch(query: str) -> str:
    return json.dumps([{"query": query}])


def act(field: str) -> str:
    """The mutation that asks for a field."""
    return f"{ACT}{{ {field} }}"


def from_command(**changed: str | None) -> Way:
    return lambda query: replace(asking(query), headers=tuple(COMMAND.items())).with_headers(**changed)


def from_browser(**changed: str | None) -> Way:
    return lambda query: asking(query).with_headers(**changed)


def by_get(**changed: str | None) -> Way:
    return lambda query: get("/graphql", by_url(query)).with_headers(**changed)


def by_method(method: str) -> Way:
    return lambda query: replace(asking(query), method=method)


WAYS: dict[str, Way] = {
    "get": by_get(),
    "get, as a plain navigation": by_get(sec_fetch_mode="navigate", sec_fetch_dest="document", sec_fetch_site="none"),
    "get, as an image of another page": by_get(sec_fetch_mode="no-cors", sec_fetch_dest="image"),
    "get, with the page's origin": by_get(origin=ORIGIN),
    "get, that says it is JSON": by_get(content_type=JSON),
    "get, for a person": by_get(accept="text/html"),
    "get, with variables": lambda query: get("/graphql", by_url(query, variables="{}", operationName="Act")),
    "get, by a command": lambda query: replace(get("/graphql", by_url(query)), headers=tuple(COMMAND.items())),
    "get, with a body": by_method("GET"),
    "head": lambda query: replace(get("/graphql", by_url(query)), method="HEAD"),
    "put": by_method("PUT"),
    "patch": by_method("PATCH"),
    "delete": by_method("DELETE"),
    "options": by_method("OPTIONS"),
    "in the address of a post": lambda query: replace(asking(""), query=by_url(query), body=b"{}"),
    "form": sent_as(FORM, by_url),
    "form, the query in the address": lambda query: replace(sent_as(FORM, by_url)(query), query=by_url(query)),
    "multipart": sent_as("multipart/form-data; boundary=b", MULTIPART.format),
    "plain text": sent_as("text/plain", as_json),
    "plain text that mentions JSON": sent_as("text/plain; application/json", as_json),
    "GraphQL": sent_as("application/graphql", str),
    "another JSON": sent_as("application/json-patch+json", as_json),
    "no content type": sent_as(None, as_json),
    "two content types": lambda query: asking(query).also("content-type", "text/plain"),
    "batch": sent_as(JSON, as_batch),
    "in a list": sent_as(JSON, lambda query: json.dumps({"query": [query]})),
    "quoted twice": sent_as(JSON, lambda query: json.dumps(as_json(query))),
    "not JSON": sent_as(JSON, str),
    "cut": sent_as(JSON, lambda query: as_json(query)[:-3]),
    "not a document": lambda query: asking(query[:-1]),
    "as a subscription": lambda query: asking(query.replace("mutation", "subscription", 1)),
    "as a subscription beside": lambda query: asking(f"{query} subscription S {{ locationStateChangeEvents }}"),
    "in a fragment": lambda query: asking(f"mutation {{ ...F }} fragment F on Mutation {query.removeprefix(ACT)}"),
    "in a fragment on the spot": lambda query: asking(f"mutation {{ ... on Mutation {query.removeprefix(ACT)} }}"),
    "without a token": from_browser(cookie=None),
    "with a wrong token": from_browser(cookie=f"{COOKIE}={TOKEN[:-1]}0"),
    "with a token cut short": from_browser(cookie=f"{COOKIE}={TOKEN[:-1]}"),
    "with an empty token": from_browser(cookie=f"{COOKIE}="),
    "with a token of other letters": from_browser(cookie=f"{COOKIE}=\xe5\xe4\xf6"),
    "with the cookie of another port": from_browser(cookie=f"samkorning_page_{PORT + 1}={TOKEN}"),
    "with two cookies": lambda query: asking(query).also("cookie", f"{COOKIE}=x"),
    "with the token in the address": lambda query: replace(asking(query), query=f"token={TOKEN}").with_headers(
        cookie=None
    ),
    "by a command without a token": from_command(authorization=None),
    "by a command with a wrong token": from_command(authorization=f"Bearer {TOKEN[::-1]}"),
    "by a command with a password": from_command(authorization=f"Basic {TOKEN}"),
    "by a command with two tokens": lambda query: from_command()(query).also("authorization", "Bearer x"),
    "with a wrong header beside the cookie": from_browser(authorization="Bearer x"),
    "as an account that it names itself": from_browser(x_samkorning_account="mia"),
    "as an account, by a command": from_command(x_samkorning_account="mia"),
    "foreign host": from_browser(host=STRANGER),
    "re-bound host": from_browser(host=f"{STRANGER}:{PORT}", origin=f"http://{STRANGER}:{PORT}"),
    "re-bound host, by a command": from_command(host=f"{STRANGER}:{PORT}"),
    "host that begins like ours": from_browser(host=f"127.0.0.1.{STRANGER}:{PORT}"),
    "another port": from_browser(host=f"127.0.0.1:{PORT + 1}"),
    "no port": from_browser(host="127.0.0.1"),
    "this machine by another address": from_browser(host=f"127.0.0.2:{PORT}"),
    "no host": from_browser(host=None),
    "empty host": from_browser(host=""),
    "two hosts": lambda query: asking(query).also("host", STRANGER),
    "a host beside the proxy's": from_browser(host=STRANGER, x_forwarded_host=HOST),
    "foreign origin": from_browser(origin=f"http://{STRANGER}"),
    "foreign origin, by a command": from_command(origin=f"http://{STRANGER}"),
    "origin of another port": from_browser(origin=f"http://127.0.0.1:{PORT + 1}"),
    "origin of another name of ours": from_browser(origin=f"http://localhost:{PORT}"),
    "origin by another scheme": from_browser(origin=f"https://{HOST}"),
    "origin of nothing": from_browser(origin="null"),
    "empty origin": from_browser(origin=""),
    "two origins": lambda query: asking(query).also("origin", f"http://{STRANGER}"),
    "no origin": from_browser(origin=None),
    "no origin, foreign referer": from_browser(origin=None, referer=f"http://{STRANGER}/{HOST}"),
    "no origin, referer that begins like ours": from_browser(origin=None, referer=f"{ORIGIN}.{STRANGER}/"),
    "no origin, unreadable referer": from_browser(origin=None, referer="http://[::1"),
    "no origin, of another site": from_browser(origin=None, sec_fetch_site="cross-site"),
    "no origin, of the same site": from_browser(origin=None, sec_fetch_site="same-site"),
    "origin and site that differ": from_browser(sec_fetch_site="cross-site"),
    "as a navigation": from_browser(origin=None, sec_fetch_mode="navigate", sec_fetch_dest="document"),
    "proxy's name without HTTPS": from_browser(host=PROXY, origin=f"http://{PROXY}"),
    "proxy's name from this machine's page": from_browser(host=PROXY),
}

DISGUISES: dict[str, Way] = {
    "as it is": asking,
    "by a command": from_command(),
    "another name for the answer": lambda query: asking(query.replace("{ ", "{ launchRun: ", 1)),
    "behind one that is carried out": lambda query: asking(query.replace("{ ", "{ reloadWorkspace { __typename } ", 1)),
    "beside a query that is asked for": lambda query: asking(f"{HARMLESS} {query}", operationName="Harmless"),
    "asked for beside a query": lambda query: asking(f"{HARMLESS} {query}", operationName="Act"),
    "behind comments": lambda query: asking(f"\ufeff# {HARMLESS}\n,,, {query}"),
    "left out by a directive": lambda query: asking(query.replace(ACT, "mutation Act($no: Boolean = true) @x ", 1)),
    "named twice": sent_as(JSON, lambda query: f'{{"query": "{HARMLESS}", "query": {json.dumps(query)}}}'),
    "in escapes": sent_as(JSON, lambda query: '{"query": "' + "".join(f"\\u{ord(sign):04x}" for sign in query) + '"}'),
    "in another encoding": lambda query: replace(asking(query), body=as_json(query).encode("utf-16")),
    "with parameters": sent_as("application/json; charset=utf-8", as_json),
    "without an origin, by the page": from_browser(origin=None, sec_fetch_site="same-origin"),
    "without an origin, by its referer": from_browser(origin=None, referer=f"{ORIGIN}/runs"),
    "behind the proxy": from_browser(host=PROXY, origin=f"https://{PROXY}"),
}
"""Ways that are not forbidden, in which a mutation that is not on the list is refused nevertheless."""

HANDSHAKES: dict[str, Request] = {
    "without a token": web_socket(cookie=None),
    "with a wrong token": web_socket(cookie=f"{COOKIE}={TOKEN[::-1]}"),
    "as an account that it names itself": web_socket(x_samkorning_account="mia"),
    "by a command with a wrong token": web_socket(cookie=None, origin=None, authorization="Bearer x"),
    "foreign host": web_socket(host=STRANGER),
    "re-bound host": web_socket(host=f"{STRANGER}:{PORT}", origin=f"http://{STRANGER}:{PORT}"),
    "foreign origin": web_socket(origin=f"http://{STRANGER}"),
    "origin of another port": web_socket(origin=f"http://127.0.0.1:{PORT + 1}"),
    "origin of nothing": web_socket(origin="null"),
    "no origin": web_socket(origin=None),
    "of another site": web_socket(origin=None, sec_fetch_site="cross-site"),
}
"""Web sockets that are not opened."""


def start(query: object, **more: str) -> dict[str, object]:
    """What Dagster's page says to subscribe."""
    return {"type": "start", "id": "1", "payload": {"query": query, **more}}


MESSAGES: dict[str, Callable[[str], list[object]]] = {
    "mutation": lambda query: [start(query)],
    "after the beginning": lambda query: [{"type": "connection_init"}, start(query)],
    "query": lambda query: [start(query.replace("mutation", "query", 1))],
    "beside a subscription": lambda query: [start(f"{SUBSCRIPTION} {query}", operation_name="Act")],
    "behind a subscription": lambda query: [start(f"{SUBSCRIPTION} {query}", operation_name="Follow")],
    "by the newer protocol": lambda query: [{**start(query), "type": "subscribe"}],
    "without a type": lambda query: [{"id": "1", "payload": {"query": query}}],
    "in bytes": lambda query: [json.dumps(start(query)).encode()],
    "in a list": lambda query: [[start(query)]],
    "not as an object": lambda query: [json.dumps(query)],
    "without a payload": lambda query: [{"type": "start", "id": "1", "query": query}],
    "not JSON": lambda query: [query],
}
"""What a web socket that is open does not carry; it is closed."""
