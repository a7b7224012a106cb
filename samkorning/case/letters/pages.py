"""A letter's page: its template filled with the facts, as HTML and as the plain text of an e-mail.

What belongs here: filling templates. What must not: printing (samkorning.delivery.report.printing), or what the facts
are.
"""

import html
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from samkorning.case.letters.facts import LetterFacts
from samkorning.case.letters.occasions import Addressee, Occasion, addressee
from samkorning.case.letters.phrases import LANGUAGES, Language
from samkorning.case.letters.plain_text import plain_text

PDF_VARIANT = "pdf/a-3u"
"""Archived letters carry their fonts and the text behind every sign."""


@dataclass(frozen=True)
class Page:
    """A letter as it reads: subject, HTML, plain text; and whom it goes to."""

    letter: str
    language: str
    subject: str
    html: str
    text: str
    to: Addressee
    copy: Addressee | None

    @property
    def identifier(self) -> str:
        """What tells its PDF from others."""
        return f"{self.letter} {self.language}"


def page_of(occasion: Occasion, facts: LetterFacts, language: str, enclosed: tuple[str, ...] = ()) -> Page:
    """The letter in a language.

    :param enclosed: the names of the files that go with it.
    """
    letter, said = occasion.letter, LANGUAGES[language]
    to = addressee(facts, letter.to)
    copy = addressee(facts, letter.copy) if letter.copy else None
    copy = copy if copy is not None and copy.email != to.email else None
    template = _environment().get_template(f"{letter.name}.{language}.html.jinja")
    given = {"facts": facts, "said": facts.said, "order": facts.order, "language": said, "to": to, "copy": copy}
    given |= {"enclosed": enclosed, "letter": letter, **_forms(said)}
    subject = _subject(template, given)
    page = template.render(**given, subject=subject)
    return Page(letter.name, language, subject, page, plain_text(page), to, copy)


def _forms(language: Language) -> dict[str, Any]:
    return {
        "day": language.day,
        "amount": language.amount,
        "number": language.number,
        "listed": language.listed,
        "listed_words": lambda names: language.listed(language.word(name) for name in names),
        "word": language.word,
    }


def _subject(template: Any, given: dict[str, Any]) -> str:
    """The template's subject, which is also its heading and the e-mail's."""
    text = "".join(template.blocks["subject"](template.new_context(given)))
    return html.unescape(" ".join(text.split()))


@lru_cache(maxsize=1)
def _environment() -> Any:
    import jinja2

    folder = files("samkorning.case.letters").joinpath("templates")
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
