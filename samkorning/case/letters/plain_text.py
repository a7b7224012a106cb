"""A letter's page as plain text, for the body of an e-mail: the same words, laid out by lines.

What belongs here: headings, paragraphs, lists and tables of the pages in templates. What must not: any text of its own.
"""

import textwrap
from html.parser import HTMLParser

WIDTH = 76
CELL = " | "
_BLOCKS = ("h1", "h2", "h3", "p", "li", "tr", "div", "address")


def plain_text(page: str) -> str:
    """The text of a page's ``main``."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    text = "\n".join(reader.lines)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip() + "\n"


class _Reader(HTMLParser):
    """Collects the lines; what stands outside ``main`` is not read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._within = False
        self._text: list[str] = []
        self._lists: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "main":
            self._within = True
        elif tag in _BLOCKS:
            self._end_block()
        elif tag in ("ul", "ol"):
            self._end_block()
            self._lists.append(0 if tag == "ol" else None)
        elif tag in ("td", "th"):
            self._text.append(CELL if "".join(self._text).strip() else "")
        elif tag == "br":
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._end_block()
            self._within = False
        elif tag in ("ul", "ol"):
            self._end_block()
            self._lists.pop()
            self.lines.append("")
        elif tag == "li":
            self._end_item()
        elif tag in ("h1", "h2", "h3"):
            self._end_heading(tag)
        elif tag == "table":
            self._end_block()
            self.lines.append("")
        elif tag in _BLOCKS:
            self._end_block(apart=tag in ("p", "address"))

    def handle_data(self, data: str) -> None:
        if self._within:
            self._text.append(" ".join(data.split("\n")) if data.strip() else (" " if data else ""))

    def _taken(self) -> list[str]:
        """The lines of the text so far, each with single blanks."""
        lines = [" ".join(line.split(" ")).strip() for line in "".join(self._text).split("\n")]
        self._text = []
        return [" ".join(line.split()) if "\u00a0" not in line else _single(line) for line in lines if line]

    def _end_block(self, apart: bool = False) -> None:
        for line in self._taken():
            self.lines += [line] if CELL in line else textwrap.wrap(line, WIDTH, break_on_hyphens=False)
        if apart and self.lines and self.lines[-1]:
            self.lines.append("")

    def _end_item(self) -> None:
        text = " ".join(self._taken())
        if not text:
            return
        mark = "-"
        if self._lists and self._lists[-1] is not None:
            self._lists[-1] += 1
            mark = f"{self._lists[-1]}."
        indent = " " * (len(mark) + 1)
        self.lines += textwrap.wrap(
            f"{mark} {text}", WIDTH, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False
        )

    def _end_heading(self, tag: str) -> None:
        text = " ".join(self._taken())
        self.lines += ["", *textwrap.wrap(text, WIDTH)]
        self.lines += ["=" * min(len(text), WIDTH), ""] if tag == "h1" else [""]


def _single(line: str) -> str:
    """Single blanks, with the unbreakable ones between figures kept as plain blanks."""
    return " ".join(line.replace("\u00a0", " ").split())
