"""How a single value is written: the scalar twin of reading.

What belongs here: the form and the characters of one value, in plain Python. What must not: the patterns (shapes),
which columns use too, and what the characters mean (single).
"""

import re
from dataclasses import dataclass

from samkorning.identity import shapes
from samkorning.identity.shapes import LARGEST_FLOAT, LARGEST_NUMBER, NOT_WHOLE, TOO_LONG, Form


@dataclass(frozen=True)
class Written:
    """The form, the ten or twelve characters that say who it is (else empty), the sign, and the value without signs."""

    form: Form
    characters: str = ""
    sign: str = ""
    bare: str = ""

    @property
    def short(self) -> bool:
        """Whether the value does not say its century."""
        return 0 < len(self.characters) <= shapes.NO_CENTURY

    @property
    def has_letters(self) -> bool:
        """Whether the last four characters are more than a serial and a check digit."""
        return self.form is Form.LETTERS or self.form in shapes.ELEVEN_FORMS


def written(value: str | int | float | None) -> Written:
    """How the value is written; whole numbers and floats as a column of that type would hold them."""
    text = _as_text(value)
    if text is None:
        return Written(Form.MISSING)
    clean = re.sub(shapes.CLUTTER, "", text)
    form, bare = _form(text, clean), re.sub(shapes.SIGNS, "", clean)
    sign = shapes.PLUS if shapes.PLUS in clean else "-" if clean != bare else ""
    return Written(form, _characters(form, clean, bare), "" if form in shapes.FLOAT_FORMS else sign, bare)


def _as_text(value: str | int | float | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value) if -LARGEST_NUMBER <= value <= LARGEST_NUMBER else TOO_LONG
    if value != value:
        return None
    return f"{int(value)}.0" if 0 <= value < LARGEST_FLOAT and value == int(value) else NOT_WHOLE


def _form(text: str, clean: str) -> Form:
    if re.search(shapes.PLACEHOLDER_LETTERS, clean) and clean.upper() in shapes.PLACEHOLDER_WORDS:
        return Form.PLACEHOLDER
    if re.fullmatch(shapes.ELEVEN_DIGITS_AND_BLANK, text):
        return Form.BLANK_LAST
    bare = re.sub(shapes.SIGNS, "", clean)
    found = (pattern.form for pattern in shapes.PATTERNS if re.search(pattern.regex, clean))
    found_bare = (pattern.form for pattern in shapes.PATTERNS_WITHOUT_SIGNS if re.search(pattern.regex, bare))
    return next(found, None) or next(found_bare, Form.BAD_CHARACTER)


def _characters(form: Form, clean: str, bare: str) -> str:
    if form in shapes.DIGIT_FORMS:
        digits = bare
    elif form in shapes.FLOAT_FORMS:
        digits = re.sub(shapes.NOT_DIGITS_OF_FLOAT, "", clean)
    elif form in shapes.ELEVEN_FORMS:
        return bare + "X"
    else:
        return bare.upper() if form is Form.LETTERS else ""
    return digits if len(digits) == 12 else digits.zfill(shapes.NO_CENTURY)
