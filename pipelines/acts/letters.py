"""Letters of a case, sent from the page as the command sends them.

What belongs here: the act. What must not: a letter's text (samkorning.case.letters), or its sending
(assets.steps.letters).
"""

from typing import Annotated

from pydantic import Field

from assets.steps.letters.composing import compose
from assets.steps.letters.sending import Request, Sending, send_letter
from pipelines.acts.asked import Asked, Typed
from pipelines.acts.job import AtCase, Done, act_on_case
from samkorning import typed
from samkorning.case.letters.occasions import occasions_of
from samkorning.case.letters.phrases import LanguageCode
from samkorning.case.letters.registry import LETTERS, letter_of


class AskedLetter(Asked):
    """Which letter, and to whom."""

    letter: Annotated[str, Typed(typed.a_name("the letter"))] = Field(description=f"One of: {', '.join(LETTERS)}.")
    of: Annotated[str | None, Typed(typed.a_name("the occasion"))] = Field(
        default=None, description="Which of several: a holder, or a delivery such as L001; all without it."
    )
    language: Annotated[str | None, Typed(typed.one_of(LanguageCode))] = Field(
        default=None, description="sv or en; without it Swedish, or what the settings say of a holder."
    )
    again: Annotated[str | None, Typed(typed.a_sentence("the reason"))] = Field(
        default=None, description="Why it is sent once more, where it has been sent."
    )
    was_taken: bool = Field(default=False, description="A sending that broke off did reach the mail server: record it.")


@act_on_case
def letter_send(at: AtCase, asked: AskedLetter) -> Done:
    """Sends a letter by the mail server, or lays it down to go by post; once for each occasion (R01)."""
    letter = letter_of(asked.letter)
    if at.preview:
        composed = [
            compose(at.desk, at.case, each, at.person, asked.language)
            for each in occasions_of(at.case, letter, asked.of)
        ]
        return Done("; ".join(f"would go to {each.page.to.name}: {each.page.subject}" for each in composed))
    request = Request(letter.name, asked.of, asked.language, asked.again, asked.was_taken)
    return Done("; ".join(_sentence(each) for each in send_letter(at.desk, at.number, request, at.person)))


def _sentence(done: Sending) -> str:
    """What came of it, without anybody's address: the page keeps what it is told."""
    of = f" ({done.of})" if done.of else ""
    return f"{done.letter}{of}: {done.done if done.done != 'nothing' else done.said}"


JOBS = [letter_send]
