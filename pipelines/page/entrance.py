"""Who is let in to the page, and as whom.

What belongs here: the question that the layer asks, and the answer where a proxy has authenticated the person. What
must not: the token of a page without a proxy (`token`), or what the person may do.

A page that listens at a socket of the file system stands behind a proxy: nobody else reaches that socket. The proxy
puts the account into a header, over whatever the browser sent under that name. A page that listens at a port knows
nobody's account, and refuses a request that names one.
"""

import re
from typing import Protocol

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from pipelines.page.refusal import Refused
from samkorning.identity.free_text import reads_as_number

ACCOUNT_HEADER = "x-samkorning-account"
ACCOUNT = re.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


class Entrance(Protocol):
    """What stands between a request and the page."""

    def is_by_command(self, headers: Headers) -> bool:
        """Whether the request brings what no page of another site can make a browser bring."""
        ...

    def signed_in(self, scope: Scope, *, secure: bool) -> Response | None:
        """The answer that opens a session, where the request asks for one.

        :raises Refused: when it brings what opens none.
        """
        ...

    def account(self, headers: Headers) -> str | None:
        """The account that asks, or None where there is no proxy to name it.

        :raises Refused: when the request may not come in.
        """
        ...


class BehindProxy:
    """The proxy has let the person in, and says who it is."""

    def is_by_command(self, headers: Headers) -> bool:
        """Browsers bring passwords and certificates by themselves, so nothing tells a command from them."""
        return False

    def signed_in(self, scope: Scope, *, secure: bool) -> Response | None:
        """The proxy has its own ways."""
        return None

    def account(self, headers: Headers) -> str | None:
        """The account as the proxy names it.

        :raises Refused: when it names none, several, or a person by an identity number.
        """
        named = headers.getlist(ACCOUNT_HEADER)
        if len(named) != 1 or ACCOUNT.fullmatch(named[0]) is None:
            raise Refused("the proxy before this page does not say whose account asks; deploy/nginx shows how it does")
        if reads_as_number(named[0]):
            raise Refused("the proxy names accounts by identity numbers; let it give names")
        return named[0]


def require_no_account(headers: Headers) -> None:
    """Nobody says who they are where no proxy stands before the page.

    :raises Refused: when somebody does.
    """
    if headers.getlist(ACCOUNT_HEADER):
        raise Refused("only a proxy says whose account asks, over the page's own socket")
