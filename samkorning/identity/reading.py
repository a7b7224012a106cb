"""From a column of cells to whole numbers and letters: the first step of the diagnosis.

What belongs here: how every form becomes digits, as expressions. What must not: the patterns of the forms (shapes) and
whether the digits are a person (national, reserve).

Values that are plainly twelve digits take a short way: all text work sees an empty string in their place.
"""

from typing import Any

import narwhals as nw

from samkorning.identity import shapes
from samkorning.identity.chains import NOTHING, chain, held, is_any
from samkorning.identity.shapes import (
    DIGIT_FORMS,
    ELEVEN_FORMS,
    FLOAT_FORMS,
    LARGEST_FLOAT,
    LARGEST_NUMBER,
    NOT_WHOLE,
    PATTERNS,
    PATTERNS_WITHOUT_SIGNS,
    TOO_LONG,
    Form,
)

SMALL_NUMBERS = (nw.Int8, nw.Int16, nw.Int32, nw.Int64, nw.UInt8, nw.UInt16, nw.UInt32)


def split(frame: Any, column: str) -> Any:
    """The frame with the values of the column by how common their writing is.

    Adds ``~plain`` (twelve digits, null elsewhere), ``~written`` (with sign or without century) and ``~unusual`` (all
    else), both "" elsewhere; and ``~is_plain``, ``~is_written`` and ``~is_unusual``. The column holds text, whole
    numbers or floats; ``TypeError`` for any other type.
    """
    dtype, value = frame.collect_schema()[column], nw.col(column)
    if dtype.is_integer():
        return _split_odd(_split_whole_numbers(frame, value, dtype))
    if dtype.is_float():
        return _split_odd(_split_text(frame.with_columns(_float_as_text(value).alias("~text")), nw.col("~text")))
    if dtype == nw.String or dtype in (nw.Categorical, nw.Enum):
        return _split_odd(_split_text(frame, value if dtype == nw.String else value.cast(nw.String)))
    raise TypeError(f"column {column} holds {dtype}; identity numbers are text or whole numbers")


def read(frame: Any) -> Any:
    """The split frame with what each value is as text and number.

    Adds ``~form`` (a held Form, null where plainly twelve digits), ``~given`` (Int64: the digits; of letters the date
    part and four zeros), ``~short`` (the value does not say its century), ``~signed`` and ``~plus`` (how a short value
    is written), ``~letters`` (a date and four characters without signs, else "") and ``~bare`` (unusual values without
    signs, else "").
    """
    return _numbered(_formed(frame))


def _split_text(frame: Any, value: nw.Expr) -> Any:
    plain = value.str.contains(shapes.TWELVE_DIGITS).fill_null(False)
    return frame.with_columns(
        plain.alias("~is_plain"),
        nw.when(plain).then(value).alias("~plain"),
        nw.when(plain).then(nw.lit("")).otherwise(value).alias("~odd"),
    )


def _split_whole_numbers(frame: Any, value: nw.Expr, dtype: nw.dtypes.DType) -> Any:
    plain = value.is_between(100_000_000_000, 999_999_999_999).fill_null(False)
    text = value.cast(nw.String) if dtype in SMALL_NUMBERS else _large_as_text(value, dtype)
    return frame.with_columns(
        plain.alias("~is_plain"),
        nw.when(plain).then(value).cast(nw.Int64).alias("~plain"),
        nw.when(plain).then(nw.lit("")).otherwise(text).alias("~odd"),
    )


def _large_as_text(value: nw.Expr, dtype: nw.dtypes.DType) -> nw.Expr:
    held = value <= LARGEST_NUMBER
    if dtype.is_signed_integer():
        held = held & (value >= -LARGEST_NUMBER)
    text = nw.when(held).then(value).cast(nw.Int64).cast(nw.String)
    return nw.when(~value.is_null()).then(nw.coalesce(text, nw.lit(TOO_LONG)))


def _float_as_text(value: nw.Expr) -> nw.Expr:
    whole = nw.when((value == value.floor()) & value.is_between(0, LARGEST_FLOAT - 1)).then(value).cast(nw.Int64)
    text = nw.concat_str([whole.cast(nw.String), nw.lit(".0")])
    return nw.when(~value.is_null() & ~value.is_nan()).then(nw.coalesce(text, nw.lit(NOT_WHOLE)))


def _split_odd(frame: Any) -> Any:
    odd, written = nw.col("~odd"), nw.col("~is_written")
    common = nw.col("~is_plain") | written | odd.is_null()
    return frame.with_columns(odd.str.contains(shapes.WRITTEN).fill_null(False).alias("~is_written")).with_columns(
        nw.when(written).then(odd).otherwise(nw.lit("")).alias("~written"),
        nw.when(common).then(nw.lit("")).otherwise(odd).alias("~unusual"),
        (~common).alias("~is_unusual"),
    )


def _formed(frame: Any) -> Any:
    """Each value's form; ``~clean`` and ``~bare`` are the unusual ones cleaned, and without signs too."""
    written, clean = nw.col("~written"), nw.col("~clean")
    return (
        frame.with_columns(
            written.str.contains(shapes.PLUS, literal=True).fill_null(False).alias("~written_plus"),
            nw.col("~unusual").str.replace_all(shapes.CLUTTER, "").alias("~clean"),
        )
        .with_columns(
            _written_bare().alias("~written_bare"),
            clean.str.replace_all(shapes.SIGNS, "").alias("~bare"),
            clean.str.contains(shapes.PLUS, literal=True).fill_null(False).alias("~clean_plus"),
        )
        .with_columns(_form().alias("~form"))
    )


def _written_bare() -> nw.Expr:
    """The commonly written without their sign: the hyphens first, then the few that have a plus."""
    plus = nw.col("~written_plus")
    without_hyphen = nw.col("~written").str.replace_all("-", "", literal=True)
    with_plus = nw.when(plus).then(nw.col("~written")).otherwise(nw.lit(""))
    return nw.when(plus).then(with_plus.str.replace_all(shapes.PLUS, "", literal=True)).otherwise(without_hyphen)


def _form() -> nw.Expr:
    """The form by the first pattern that is found; the common ways first, the others only in what is unusual."""
    clean, bare = nw.col("~clean"), nw.col("~bare")
    words = clean.str.to_uppercase().is_in(sorted(shapes.PLACEHOLDER_WORDS))
    twelve = nw.col("~written_bare").str.len_chars() == 12
    return chain(
        [
            (nw.col("~is_plain"), NOTHING),
            (nw.col("~is_written"), nw.when(twelve).then(held(Form.TWELVE)).otherwise(held(Form.TEN))),
            (~nw.col("~is_unusual"), held(Form.MISSING)),
            (clean.str.contains(shapes.PLACEHOLDER_LETTERS) & words, held(Form.PLACEHOLDER)),
            (nw.col("~unusual").str.contains(shapes.ELEVEN_DIGITS_AND_BLANK), held(Form.BLANK_LAST)),
            *((clean.str.contains(pattern.regex), held(pattern.form)) for pattern in PATTERNS),
            *((bare.str.contains(pattern.regex), held(pattern.form)) for pattern in PATTERNS_WITHOUT_SIGNS),
            (~bare.is_null(), held(Form.BAD_CHARACTER)),
        ]
    )


def _numbered(frame: Any) -> Any:
    """The digits as a whole number, and how those are written that do not say their century."""
    floated = nw.when(is_any("~form", FLOAT_FORMS)).then(nw.col("~clean")).otherwise(nw.lit(""))
    lettered = frame.with_columns(
        _letters().alias("~letters"), floated.str.replace_all(shapes.NOT_DIGITS_OF_FLOAT, "").alias("~floated")
    ).with_columns(_unusual_digits().alias("~digits"))
    written = nw.when(nw.col("~is_written")).then(nw.col("~written_bare"))
    given = nw.coalesce(nw.col("~plain").cast(nw.Int64), written.cast(nw.Int64), nw.col("~digits").cast(nw.Int64))
    unusually_short = (nw.col("~digits").str.len_chars() <= shapes.NO_CENTURY).fill_null(False)
    short = unusually_short | (nw.col("~is_written") & is_any("~form", [Form.TEN]))
    return lettered.with_columns(given.alias("~given"), short.alias("~short")).with_columns(*_signs())


def _signs() -> tuple[nw.Expr, nw.Expr]:
    """Whether a value that does not say its century has a sign, and whether that is a plus."""
    signable = nw.col("~short") & ~is_any("~form", FLOAT_FORMS)  # the plus of an exponent is no sign
    signed = (nw.col("~written") != nw.col("~written_bare")) | (nw.col("~clean") != nw.col("~bare"))
    plus = nw.col("~written_plus") | nw.col("~clean_plus")
    return (signable & signed).fill_null(False).alias("~signed"), (signable & plus).fill_null(False).alias("~plus")


def _unusual_digits() -> nw.Expr:
    """The digits as text of unusual values that are a whole number, or of the date before letters."""
    bare, letters, floated = nw.col("~bare"), nw.col("~letters"), nw.col("~floated")
    return chain(
        [
            (is_any("~form", DIGIT_FORMS) & (bare != ""), bare),
            (floated != "", floated),
            (letters != "", _date_of_letters(letters)),
        ]
    )


def _letters() -> nw.Expr:
    """A date and four characters in upper case; a check digit that was never given is written X."""
    lettered = nw.when(is_any("~form", [Form.LETTERS])).then(nw.col("~bare")).otherwise(nw.lit("")).str.to_uppercase()
    eleven = is_any("~form", ELEVEN_FORMS)
    return nw.when(eleven).then(nw.concat_str([nw.col("~bare"), nw.lit("X")])).otherwise(lettered)


def _date_of_letters(letters: nw.Expr) -> nw.Expr:
    """The date as digits and four zeros, as long as the whole."""
    date = nw.when(letters.str.len_chars() == 12).then(letters.str.head(8)).otherwise(letters.str.head(6))
    return nw.concat_str([date, nw.lit("0000")])
