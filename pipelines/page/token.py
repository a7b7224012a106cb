"""The token of one start of the page: who has it may ask.

What belongs here: how a request brings it and how a browser gets its session. What must not: where it is kept.
"""

import secrets
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from pipelines.page.refusal import Refused

BEARER = "Bearer "
SIGN_IN = "token"
"""The query of the printed address that carries the token."""
UNKNOWN = (
    "This page opens with the address that `samkorning up` prints. "
    "A command sends the token, which lies in the working home, as `Authorization: Bearer`."
)


def cookie_name(port: int) -> str:
    """The session's cookie. Browsers keep cookies by host, without port: two pages on a machine each have their own."""
    return f"samkorning_page_{port}"


def brought_by_command(headers: Headers) -> bool:
    """Whether the request brings a token in the way that no page of another site can make a browser do."""
    return any(value.startswith(BEARER) for value in headers.getlist("authorization"))


def require_token(headers: Headers, token: str, cookie: str) -> None:
    """Nothing is answered without the token, which a command brings as a header and a browser as its session's cookie.

    :raises Refused: when it is missing or another's.
    """
    commands = [value.removeprefix(BEARER) for value in headers.getlist("authorization") if value.startswith(BEARER)]
    sessions = [cookie_parser(value).get(cookie, "") for value in headers.getlist("cookie")]
    brought = commands or sessions
    if len(brought) != 1 or not _same(brought[0], token):
        raise Refused(UNKNOWN)


def is_sign_in(scope: Scope) -> bool:
    """Whether this is the printed address, with its token."""
    return scope["path"] == "/" and scope["method"] == "GET" and SIGN_IN in _query(scope)


def signed_in(scope: Scope, token: str, cookie: str, *, secure: bool) -> Response:
    """Leads from the printed address to the clean one, with a session that only the page itself brings back.

    :raises Refused: when the address has another token, such as that of an earlier start.
    """
    brought = _query(scope)[SIGN_IN]
    if len(brought) != 1 or not _same(brought[0], token):
        raise Refused(UNKNOWN)
    response = RedirectResponse("/", 303)
    response.set_cookie(cookie, token, path="/", httponly=True, samesite="strict", secure=secure)
    return response


def _query(scope: Scope) -> dict[str, list[str]]:
    return parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _same(brought: str, token: str) -> bool:
    return secrets.compare_digest(brought.encode("utf-8", "replace"), token.encode())
