"""Requests to the page as a browser, a command or a stranger would send them, straight to its ASGI application.

What belongs here: requests, one change from a right one, and their answers. What must not: which are to be refused.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from graphql import (
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLSchema,
    is_leaf_type,
)
from graphql.type import GraphQLEnumType, GraphQLNonNull, get_named_type
from starlette.types import ASGIApp, Message, Scope

from tests.patience import PATIENCE

PORT = 3000
HOST = f"127.0.0.1:{PORT}"
ORIGIN = f"http://{HOST}"
TOKEN = "5a" * 16
COOKIE = f"samkorning_page_{PORT}"
JSON = "application/json"
VALUES = {"Int": "1", "Float": "1.0", "Boolean": "true", "RunConfigData": "{}"}

BROWSER = {"host": HOST, "origin": ORIGIN, "cookie": f"{COOKIE}={TOKEN}", "content-type": JSON}
COMMAND = {"host": HOST, "authorization": f"Bearer {TOKEN}", "content-type": JSON}


@dataclass(frozen=True)
class Request:
    """One request. ``headers`` may hold a name twice."""

    method: str = "POST"
    path: str = "/graphql"
    query: str = ""
    headers: tuple[tuple[str, str], ...] = tuple(BROWSER.items())
    body: bytes = b""

    def with_headers(self, **changed: str | None) -> "Request":
        """Headers put in place of others; None leaves one out."""
        new = {name.replace("_", "-"): value for name, value in changed.items()}
        kept = [(name, value) for name, value in self.headers if name not in new]
        return replace(self, headers=(*kept, *((name, value) for name, value in new.items() if value is not None)))

    def also(self, name: str, value: str) -> "Request":
        """A header more, beside one of the same name."""
        return replace(self, headers=(*self.headers, (name, value)))

    def scope(self, kind: str) -> Scope:
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
        named = {"path": self.path, "raw_path": self.path.encode(), "query_string": self.query.encode()}
        served = {"server": ("127.0.0.1", PORT), "client": ("127.0.0.1", 50000), "root_path": "", "http_version": "1.1"}
        how = {"method": self.method, "scheme": "http"} if kind == "http" else {"scheme": "ws", "subprotocols": []}
        return {"type": kind, "asgi": {"version": "3.0"}, "headers": headers, **named, **served, **how}


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def header(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known == name]

    def json(self) -> Any:
        return json.loads(self.body)


def get(path: str, query: str = "") -> Request:
    return Request("GET", path, query).with_headers(content_type=None, origin=None)


def asking(query: str, **more: Any) -> Request:
    """The right way to ask, from the page in a browser."""
    return Request(body=json.dumps({"query": query, **more}).encode())


def by_url(query: str, **more: str) -> str:
    return urlencode({"query": query, **more})


@dataclass(frozen=True)
class Asking:
    """Sends requests to an application, in one event loop."""

    app: ASGIApp
    runner: asyncio.Runner

    def ask(self, request: Request) -> Answer:
        return self.runner.run(self._ask(request))

    def converse(self, request: Request, *messages: Any) -> list[Message]:
        """All that a web socket answers to messages, until it has answered the last one, or closed."""
        return self.runner.run(self._exchange(request, messages))

    async def _ask(self, request: Request) -> Answer:
        answer = Answer()
        answered = asyncio.Event()
        received = iter([{"type": "http.request", "body": request.body, "more_body": False}])

        async def receive() -> Message:
            if (message := next(received, None)) is not None:
                return message
            await asyncio.wait_for(answered.wait(), PATIENCE)
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = [(name.decode(), value.decode()) for name, value in message["headers"]]
            answer.body += message.get("body", b"")
            if message["type"] == "http.response.body" and not message.get("more_body"):
                answered.set()

        await self.app(request.scope("http"), receive, send)
        return answer

    async def _exchange(self, request: Request, messages: tuple[Any, ...]) -> list[Message]:
        sent: list[Message] = []
        answered = asyncio.Event()
        said = iter([{"type": "websocket.connect"}, *map(_said, messages)])

        async def receive() -> Message:
            if (message := next(said, None)) is not None:
                return message
            await asyncio.wait_for(answered.wait(), PATIENCE)
            return {"type": "websocket.disconnect", "code": 1000}

        async def send(message: Message) -> None:
            sent.append(message)
            if message["type"] == "websocket.close" or '"id"' in (message.get("text") or ""):
                answered.set()

        await self.app(request.scope("websocket"), receive, send)
        return sent


def _said(message: Any) -> Message:
    if isinstance(message, bytes):
        return {"type": "websocket.receive", "bytes": message}
    return {"type": "websocket.receive", "text": message if isinstance(message, str) else json.dumps(message)}


def mutations_of(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Every mutation of a schema, and a field that asks for it with the least that it demands."""
    assert schema.mutation_type is not None
    for name, mutation in schema.mutation_type.fields.items():
        yield name, _field(name, mutation)


def _field(name: str, mutation: GraphQLField) -> str:
    demanded = {argument: one.type for argument, one in mutation.args.items() if isinstance(one.type, GraphQLNonNull)}
    given = ", ".join(f"{argument}: {_value(kind)}" for argument, kind in demanded.items())
    answer = "" if is_leaf_type(get_named_type(mutation.type)) else " { __typename }"
    return f"{name}{f'({given})' if given else ''}{answer}"


def _value(kind: GraphQLInputType) -> str:
    if isinstance(kind, GraphQLNonNull):
        return _value(kind.of_type)
    if isinstance(kind, GraphQLList):
        return f"[{_value(kind.of_type)}]"
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        demanded = {name: one.type for name, one in kind.fields.items() if isinstance(one.type, GraphQLNonNull)}
        return "{" + ", ".join(f"{name}: {_value(one)}" for name, one in demanded.items()) + "}"
    return VALUES.get(kind.name, '"x"')
