"""The token of one start of the page: who has it may ask.

What belongs here: how a request brings it and how a browser gets its session. What must not: where it is kept.
"""

import secrets
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from pipelines.page.entrance import require_no_account
from pipelines.page.refusal import Refused

BEARER = "Bearer "
FRONT = "/assets/desk"
"""Where who signs in comes to."""
SIGN_IN = "token"
"""The query of the printed address that carries the token."""
UNKNOWN = (
    "This page opens with the address that `samkorning up` prints. "
    "A command sends the token, which lies in the working home, as `Authorization: Bearer`."
)


def cookie_name(port: int) -> str:
    """The session's cookie. Browsers keep cookies by host, without port: two pages on a machine each have their own."""
    return f"samkorning_page_{port}"


@dataclass(frozen=True)
class ByToken:
    """Who has the token of this start is let in, as nobody in particular."""

    token: str
    cookie: str

    def is_by_command(self, headers: Headers) -> bool:
        """Whether the request brings a token in the way that no page of another site can make a browser do."""
        return any(value.startswith(BEARER) for value in headers.getlist("authorization"))

    def signed_in(self, scope: Scope, *, secure: bool) -> Response | None:
        """Leads from the printed address to the front page, with a session that only the page itself brings back.

        :raises Refused: when the address has another token, such as that of an earlier start.
        """
        if scope["path"] != "/" or scope["method"] != "GET" or SIGN_IN not in _query(scope):
            return None
        brought = _query(scope)[SIGN_IN]
        if len(brought) != 1 or not _same(brought[0], self.token):
            raise Refused(UNKNOWN)
        response = RedirectResponse(FRONT, 303)
        response.set_cookie(self.cookie, self.token, path="/", httponly=True, samesite="strict", secure=secure)
        return response

    def account(self, headers: Headers) -> None:
        """Nobody in particular, with the token: a command brings it as a header, a browser as its session's cookie.

        :raises Refused: when it is missing or another's, or the request names an account.
        """
        commands = [
            value.removeprefix(BEARER) for value in headers.getlist("authorization") if value.startswith(BEARER)
        ]
        sessions = [cookie_parser(value).get(self.cookie, "") for value in headers.getlist("cookie")]
        brought = commands or sessions
        if len(brought) != 1 or not _same(brought[0], self.token):
            raise Refused(UNKNOWN)
        require_no_account(headers)


def _query(scope: Scope) -> dict[str, list[str]]:
    return parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)


def _same(brought: str, token: str) -> bool:
    return secrets.compare_digest(brought.encode("utf-8", "replace"), token.encode())
