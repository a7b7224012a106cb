"""What a person types, each kind of text looked at where it enters: on the command line and in the page alike.

What belongs here: the checks, one a kind. What must not: where a text is asked for, or what is done with it. A refusal
never repeats what was typed: it could be somebody's number, and it would stand in logs.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date

from samkorning.errors import NotFound
from samkorning.identity.free_text import require_no_number, require_text
from samkorning.source_names import REGISTER_NAME, SOURCE_NAME

LONGEST_NAME, LONGEST_TEXT = 200, 2_000
MOST_KRONOR, MOST_HOURS, MOST_ROWS = 99_999_999, 99_999, 999_999_999
"""No identity number is as short."""
Check = Callable[[str], str]
"""Gives the text as it is kept."""


def a_sentence(what: str) -> Check:
    """A sentence for the case register or the audit log."""
    return lambda text: require_text(what, text, LONGEST_TEXT)


def a_name(what: str) -> Check:
    """The name of a person, a holder or a column."""
    return lambda text: require_text(what, text, LONGEST_NAME)


def of_form(pattern: str, problem: str) -> Check:
    """A text of one form, which is no identity number in disguise."""

    def check(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise NotFound(problem)
        require_no_number("a name", text)
        return text

    return check


def one_of(words: Iterable[str]) -> Check:
    """One of a few words; what was typed in their place is not said back."""
    known = tuple(str(word) for word in words)

    def check(text: str) -> str:
        if text not in known:
            raise NotFound(f"that is none of the words that stand here; use one of {', '.join(known)}")
        return text

    return check


def a_day(text: str) -> str:
    """A day.

    :raises NotFound: when it is not written YYYY-MM-DD.
    """
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise NotFound("that is no day; write it as YYYY-MM-DD")


a_source = of_form(SOURCE_NAME, "that is no name of a source; write it as the specification does, such as lisa")
a_held_file = of_form("[0-9a-f]{16}", "no file is held under that name; `samkorning file held` lists them")
a_register = of_form(REGISTER_NAME, "that is no name of a register; write it as the register catalogue does")
