"""The report's pages and files, from the description of a delivery.

What belongs here: filling the page. What must not: the words (words), what the rows of its tables are (contents), or
drawing and printing (finishing).
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from samkorning.delivery.codebook.models import MOST_DISTINCT
from samkorning.delivery.description import DeliveryDescription
from samkorning.delivery.documents.codebook_workbook import SUPPRESSED
from samkorning.delivery.report import codebook_part, study_part
from samkorning.delivery.report.finishing import Draft, finished
from samkorning.delivery.report.forms import HTML, PDF, report_names
from samkorning.delivery.report.words import LANGUAGES, Words


def report_documents(description: DeliveryDescription) -> dict[str, bytes]:
    """The report in the forms that are asked for; without a PDF where the system cannot make one."""
    return finished(report_drafts(description))


def report_drafts(description: DeliveryDescription) -> list[Draft]:
    """The pages of the report before they are printed."""
    names = report_names(description)
    return [
        Draft(
            _page(description, words),
            _if_among(f"{words.file}.{HTML}", names),
            _if_among(f"{words.file}.{PDF}", names),
            f"{description.folder} {words.file}",
        )
        for words in (LANGUAGES if description.reports else ())
    ]


def report_pages(description: DeliveryDescription) -> dict[str, bytes]:
    """The pages that the report is made from, whatever its forms: what the leak scan reads in the place of a PDF."""
    languages = LANGUAGES if description.reports else ()
    return {f"{words.file}.{HTML}": _page(description, words).encode() for words in languages}


def _if_among(name: str, names: Sequence[str]) -> str | None:
    return name if name in names else None


def _page(description: DeliveryDescription, words: Words) -> str:
    count = _counting(words)
    page = _template().render(
        words=words,
        said=words.said,
        description=description,
        is_first=description.previous is None,
        style=files("samkorning.delivery.report").joinpath("report.css").read_text(encoding="utf-8"),
        count=count,
        study=study_part.study_part(description, words, count),
        books=codebook_part.codebook_part(description, words, count),
        codebook_text=words.said["codebook_text"].format(limit=description.smallest_count, dash=SUPPRESSED),
        most_distinct=MOST_DISTINCT,
    )
    return str(page)


def _counting(words: Words) -> Callable[[Any], str]:
    """Counts with thousands apart, as the language writes them; what is left out as its sign."""

    def count(value: Any) -> str:
        if value is None:
            return SUPPRESSED
        return f"{value:,}".replace(",", words.thousands) if isinstance(value, int) else str(value)

    return count


@lru_cache(maxsize=1)
def _template() -> Any:
    import jinja2

    text = files("samkorning.delivery.report").joinpath("report.html.jinja").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(text)
