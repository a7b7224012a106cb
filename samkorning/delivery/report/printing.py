"""A page as PDF, the same bytes every time; where the system has what WeasyPrint needs.

What belongs here: printing a page. What must not: what stands on it.
"""

import ctypes
import warnings
from functools import lru_cache
from importlib.util import find_spec
from threading import Lock
from typing import Any, NoReturn

_NEEDED = (
    *("libgobject-2.0.so.0", "libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz.so.0"),
    *("libharfbuzz-subset.so.0", "libfontconfig.so.1"),
)
_ONE_AT_A_TIME = Lock()
"""Prints share the fonts that have been loaded."""


@lru_cache(maxsize=1)
def can_print() -> bool:
    """Whether a PDF can be made here: WeasyPrint needs Pango from the system.

    Loading WeasyPrint takes half a second, and what it needs a few milliseconds; where those have other names it is
    asked itself.
    """
    return find_spec("weasyprint") is not None and (_has_all_needed() or _loads())


def _has_all_needed() -> bool:
    try:
        for name in _NEEDED:
            ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _loads() -> bool:
    try:
        import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def load() -> None:
    """Load what prints, which takes half a second, before there is a page."""
    import weasyprint  # noqa: F401

    _fonts()


def printed(page: str, identifier: str, variant: str = "pdf/ua-1") -> bytes:
    """The page as PDF. It fetches nothing: all that it needs stands in it.

    :param identifier: what tells the document from others; in place of a random one, so that bytes repeat.
    :param variant: the kind of PDF: one that reading aids can read, or one to be archived.
    """
    import weasyprint

    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves the file of its colour profile to the collector
        document: bytes = weasyprint.HTML(string=page, url_fetcher=_refused).write_pdf(
            pdf_identifier=identifier.encode(), pdf_variant=variant, font_config=_fonts()
        )
    return document


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """The fonts that have been loaded: looking them up and loading them is a sixth of a print."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _refused(url: str, *_: Any, **__: Any) -> NoReturn:
    raise ValueError("a printed page fetches nothing")
