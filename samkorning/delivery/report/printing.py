"""A page as PDF, the same bytes every time; where the system has what WeasyPrint needs.

What belongs here: printing a page. What must not: what stands on it.
"""

import warnings
from functools import lru_cache
from typing import Any, NoReturn


@lru_cache(maxsize=1)
def can_print() -> bool:
    """Whether a PDF can be made here: WeasyPrint needs Pango from the system."""
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def printed(page: str, identifier: str, variant: str = "pdf/ua-1") -> bytes:
    """The page as PDF. It fetches nothing: all that it needs stands in it.

    :param identifier: what tells the document from others; in place of a random one, so that bytes repeat.
    :param variant: the kind of PDF: one that reading aids can read, or one to be archived.
    """
    import weasyprint

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves the file of its colour profile to the collector
        document: bytes = weasyprint.HTML(string=page, url_fetcher=_refused).write_pdf(
            pdf_identifier=identifier.encode(), pdf_variant=variant
        )
    return document


def _refused(url: str, *_: Any, **__: Any) -> NoReturn:
    raise ValueError("a printed page fetches nothing")
