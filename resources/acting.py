"""Who asks for a run: the account that the proxy before the page has authenticated, kept as a tag of the run.

What belongs here: the tag, and how a request to the page brings its account to where runs are stored. What must not:
whose name an account has (the settings), or what a person may do (the rules).

The tag is the page's word alone. While the page answers a request, whatever tag of that name the request itself typed
is thrown away; the account of the request stands in its place, or nothing. Other processes (daemon, code server,
command line) pass on the tags that they are given: those of a backfill that the page has taken in, for example.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

ACCOUNT_TAG = "samkorning/account"
"""The tag of a run: the account of the person who asked for it."""

_NO_REQUEST = object()
_asking: ContextVar[object] = ContextVar("asking", default=_NO_REQUEST)


@contextmanager
def asked_by(account: str | None) -> Iterator[None]:
    """While a request to the page is answered: its account, or None where nothing stands before the page."""
    set_before = _asking.set(account)
    try:
        yield
    finally:
        _asking.reset(set_before)


def tags_with_account(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags as they are stored: from the page with the account that asks and no other, elsewhere unchanged."""
    account = _asking.get()
    if account is _NO_REQUEST:
        return dict(tags)
    others = {name: value for name, value in tags.items() if name != ACCOUNT_TAG}
    return others if account is None else {**others, ACCOUNT_TAG: str(account)}


def tags_without_account(tags: Mapping[str, str]) -> dict[str, str]:
    """Tags that are added to a run that is there: no request changes who asked for it."""
    if _asking.get() is _NO_REQUEST:
        return dict(tags)
    return {name: value for name, value in tags.items() if name != ACCOUNT_TAG}
