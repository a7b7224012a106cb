"""Who asks for a run: the account that the proxy before the page has authenticated, kept as a tag of the run.

What belongs here: the tag, and how a request to the page brings its account, and what it may launch, to where runs are
stored. What must not: whose name an account has (the settings), or what a person may do (the rules).

The tag is the page's word alone. While the page answers a request, whatever tag of that name the request itself typed
is thrown away; the account of the request stands in its place, or nothing. Other processes (daemon, code server,
command line) pass on the tags that they are given: those of a backfill that the page has taken in, for example.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

ACCOUNT_TAG = "samkorning/account"
"""The tag of a run: the account of the person who asked for it."""

Launch = Callable[[str | None], None]
"""Refuses what a request would launch, given the case that it is of, if of one."""


def anything(case: str | None) -> None:
    """Refuses nothing."""


@dataclass(frozen=True)
class _Asking:
    """A request: the account that asks, or None where nothing stands before the page, and what it may launch."""

    account: str | None
    may_launch: Launch


_asking: ContextVar[_Asking | None] = ContextVar("asking", default=None)


@contextmanager
def asked_by(account: str | None, may_launch: Launch = anything) -> Iterator[None]:
    """While a request to the page is answered: its account, or None where nothing stands before the page."""
    set_before = _asking.set(_Asking(account, may_launch))
    try:
        yield
    finally:
        _asking.reset(set_before)


def require_may_launch(case: str | None) -> None:
    """Refuses a run, of a case or of none, that a request may not launch; other processes launch what they must.

    :raises RuleRefused: with what to do instead.
    """
    asking = _asking.get()
    if asking is not None:
        asking.may_launch(case)


def tags_with_account(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags as they are stored: from the page with the account that asks and no other, elsewhere unchanged."""
    asking = _asking.get()
    if asking is None:
        return dict(tags)
    others = {name: value for name, value in tags.items() if name != ACCOUNT_TAG}
    return others if asking.account is None else {**others, ACCOUNT_TAG: asking.account}


def tags_without_account(tags: Mapping[str, str]) -> dict[str, str]:
    """Tags that are added to a run that is there: no request changes who asked for it."""
    if _asking.get() is None:
        return dict(tags)
    return {name: value for name, value in tags.items() if name != ACCOUNT_TAG}
