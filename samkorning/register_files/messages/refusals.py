"""Refusals of whole files in Swedish: a sentence for every sentence that a reader can give.

What belongs here: putting a sentence into Swedish, by the pairs of templates of each subject. What must not: the pairs
(the modules beside this one), or when a file is refused (the readers). A test holds that every refusal in the code has
its pair.
"""

import re

from samkorning.register_files.messages.kinds_of_content import KINDS
from samkorning.register_files.messages.refused_contents import CONTENTS
from samkorning.register_files.messages.refused_packings import PACKINGS
from samkorning.register_files.messages.refused_populations import STUDY
from samkorning.register_files.messages.what_to_send import REMEDIES

SENTENCES: tuple[tuple[str, str], ...] = (
    *STUDY,
    *CONTENTS,
    *PACKINGS,
    *REMEDIES,
)


def in_swedish(sentence: str) -> str:
    """The Swedish sentence; the English one where there is none."""
    for pattern, swedish in _PATTERNS:
        found = pattern.fullmatch(sentence)
        if found:
            return swedish.format(*map(_part, found.groups()))
    return sentence


def _part(part: str) -> str:
    """What stands in a gap: a kind of content, numbers of rows, or what is the same in both languages."""
    rows = _ROWS.fullmatch(part)
    if rows is None:
        return KINDS.get(part, part)
    word = "rad" if rows["word"] == "row" else "rader"
    return f"{word} {rows['numbers']}" + (f" och {rows['more']} till" if rows["more"] else "")


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("(.+?)".join(re.escape(part) for part in template.split("{}")), re.S)


_ROWS = re.compile("(?P<word>rows?) (?P<numbers>[0-9, ]+)(?: and (?P<more>[0-9]+) more)?")
_PATTERNS = tuple((_pattern(english), swedish) for english, swedish in SENTENCES)
