"""The layer before Dagster's application: each request is looked at, and refused or passed on unchanged.

What belongs here: the order in which a request is looked at. What must not: the single questions (the modules beside).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipelines.page.addresses import READING, origin_asked, require_own_origin
from pipelines.page.documents import require_json_post, require_permitted, require_subscription
from pipelines.page.entrance import Entrance
from pipelines.page.headers import with_headers
from pipelines.page.refusal import Refused, as_graphql, as_text
from resources.acting import Launch, anything, asked_by

GRAPHQL = "/graphql"
LARGEST_BODY = 2_000_000
POLICY_VIOLATION = 1008


@dataclass(frozen=True)
class Access:
    """An ASGI application around Dagster's."""

    app: ASGIApp
    origins: Mapping[str, str]
    entrance: Entrance
    allowed: Collection[str]
    closed: Collection[BaseRoute]
    """Routes of the application that nobody reaches."""
    may_launch: Launch = anything
    """Refuses a launch that is not for a page whose visitors are not known."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, with_headers(send, scope["path"]))
        elif scope["type"] == "websocket":
            await self._web_socket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        response_to = as_graphql if scope["path"] == GRAPHQL else as_text
        try:
            own = self._require_own(scope, scope["method"])
            response = self.entrance.signed_in(scope, secure=own.startswith("https:"))
            if response is not None:
                return await response(scope, receive, send)
            account = self.entrance.account(Headers(scope=scope))
            self._require_served(scope)
            receive = await self._looked_at(scope, receive)
        except Refused as refused:
            return await response_to(refused)(scope, receive, send)
        except ClientDisconnect:
            return None
        with asked_by(account, self.may_launch):
            return await self.app(scope, receive, send)

    async def _looked_at(self, scope: Scope, receive: Receive) -> Receive:
        """Where the application reads the body, after it was looked at."""
        if scope["path"] == GRAPHQL:
            require_json_post(scope["method"], Headers(scope=scope))
            body = await _body(Request(scope, receive))
            require_permitted(body, self.allowed)
            return _again(body, receive)
        if scope["method"] not in READING:
            raise Refused("only to be read", HTTPStatus.METHOD_NOT_ALLOWED)
        return receive

    async def _web_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._require_own(scope, "WEBSOCKET")
            account = self.entrance.account(Headers(scope=scope))
            self._require_served(scope)
        except Refused:
            return await send({"type": "websocket.close", "code": POLICY_VIOLATION})
        with asked_by(account, self.may_launch):
            return await self.app(scope, _overheard(receive, send), send)

    def _require_served(self, scope: Scope) -> None:
        if any(route.matches(scope)[0] is not Match.NONE for route in self.closed):
            raise Refused("this is not served here", HTTPStatus.NOT_FOUND)

    def _require_own(self, scope: Scope, method: str) -> str:
        headers = Headers(scope=scope)
        own = origin_asked(headers, self.origins)
        require_own_origin(method, headers, own, by_command=self.entrance.is_by_command(headers))
        return own


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_BODY:
            raise Refused("the query is too long", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """Receives a body that has been read already, and then what comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _overheard(receive: Receive, send: Send) -> Receive:
    """Receives messages of a web socket that subscribe and change nothing; at any other it ends."""

    async def overheard() -> Message:
        message = await receive()
        if message["type"] != "websocket.receive":
            return message
        try:
            require_subscription(message.get("text"))
        except Refused:
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return {"type": "websocket.disconnect", "code": POLICY_VIOLATION}
        return message

    return overheard
