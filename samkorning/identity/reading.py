"""From a column of cells to whole numbers and letters: the first step of the diagnosis.

What belongs here: how every form becomes digits, as expressions. What must not: the patterns of the forms (shapes) and
whether the digits are a person (national, reserve).

Values that are plainly twelve digits take a short way: all text work sees an empty string in their place.
"""

from typing import Any

import narwhals as nw

from samkorning.identity import shapes
from samkorning.identity.chains import chain, named
from samkorning.identity.shapes import DIGIT_FORMS, ELEVEN_FORMS, PATTERNS, PATTERNS_WITHOUT_SIGNS, Form

LARGEST_FLOAT = 10_000_000_000_000
LARGEST_NUMBER = 2**63 - 1
TOO_LONG = "9" + "0" * 20  # in place of whole numbers that no engine's 64 bits hold; too long for every kind
NOT_WHOLE = "0.5"
SMALL_NUMBERS = (nw.Int8, nw.Int16, nw.Int32, nw.Int64, nw.UInt8, nw.UInt16, nw.UInt32)


def read(frame: Any, column: str) -> Any:
    """The frame with what each value of the column is as text and number.

    Adds ``~form`` (null where plainly twelve digits), ``~separator`` ("-", "+" or ""), ``~letters`` (a date and four
    characters without signs, else ""), ``~given`` (Int64: the digits; of letters the date part and four zeros) and
    ``~short`` (the value does not say its century). The column holds text, whole numbers or floats; ``TypeError`` for
    any other type.
    """
    dtype = frame.collect_schema()[column]
    if dtype.is_integer():
        return _with_digits(_split_whole_numbers(frame, nw.col(column), dtype), number=nw.col("~plain"))
    if dtype.is_float():
        return _read_text(frame.with_columns(_float_as_text(nw.col(column)).alias("~text")), nw.col("~text"))
    if dtype == nw.String or dtype in (nw.Categorical, nw.Enum):
        return _read_text(frame, nw.col(column).cast(nw.String) if dtype != nw.String else nw.col(column))
    raise TypeError(f"column {column} holds {dtype}; identity numbers are text or whole numbers")


def _read_text(frame: Any, value: nw.Expr) -> Any:
    plain = value.str.contains(shapes.TWELVE_DIGITS).fill_null(False)
    split = frame.with_columns(
        plain.alias("~is_plain"),
        nw.when(plain).then(value).alias("~plain"),
        nw.when(plain).then(nw.lit("")).otherwise(value).alias("~odd"),
    )
    return _with_digits(split, number=None)


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


def _with_digits(frame: Any, number: nw.Expr | None) -> Any:
    """The forms, and the digits of every form; ``number`` are plain values that are whole numbers already."""
    odd, written, form = nw.col("~odd"), nw.col("~is_written"), nw.col("~form")
    formed = (
        frame.with_columns(odd.str.contains(shapes.WRITTEN).fill_null(False).alias("~is_written"))
        .with_columns(_cleaned(nw.when(written).then(nw.lit("")).otherwise(odd)).alias("~rare"))
        .with_columns(nw.when(written).then(odd).otherwise(nw.col("~rare")).alias("~clean"))
        .with_columns(nw.col("~clean").str.replace_all(shapes.SIGNS, "").alias("~bare"))
        .with_columns(nw.when(written).then(nw.lit("")).otherwise(nw.col("~bare")).alias("~rare_bare"))
        .with_columns(_form().alias("~form"))
        .with_columns(_letters(form).alias("~letters"), _digits(form).alias("~digits"))
    )
    text = nw.coalesce("~digits", _date_of_letters(nw.col("~letters")))
    given = nw.coalesce("~plain", text).cast(nw.Int64) if number is None else nw.coalesce(number, text.cast(nw.Int64))
    length = nw.coalesce(nw.col("~digits").str.len_chars(), nw.col("~letters").str.len_chars())
    return formed.with_columns(
        given.alias("~given"),
        _separator(nw.col("~clean")).alias("~separator"),
        (length.is_between(1, shapes.NO_CENTURY)).fill_null(False).alias("~short"),
    )


def _cleaned(text: nw.Expr) -> nw.Expr:
    """Without blanks and surrounding quotes, every dash a hyphen."""
    return text.str.replace_all(shapes.BLANKS, "").str.strip_chars(shapes.QUOTES).str.replace_all(shapes.DASHES, "-")


def _form() -> nw.Expr:
    """The form by the first pattern that is found; the two common ones before all, the others only in what is rare."""
    rare, bare, odd = nw.col("~rare"), nw.col("~rare_bare"), nw.col("~odd")
    words = rare.str.to_uppercase().is_in(sorted(shapes.PLACEHOLDER_WORDS))
    common = nw.when(nw.col("~bare").str.len_chars() == 12).then(named(Form.TWELVE)).otherwise(named(Form.TEN))
    return chain(
        [
            (nw.col("~is_plain"), nw.lit(None, dtype=nw.String)),
            (nw.col("~is_written"), common),
            (odd.is_null(), named(Form.MISSING)),
            (rare.str.contains(shapes.PLACEHOLDER_LETTERS) & words, named(Form.PLACEHOLDER)),
            (odd.str.contains(shapes.ELEVEN_DIGITS_AND_BLANK), named(Form.BLANK_LAST)),
            *((rare.str.contains(p.regex), named(p.form)) for p in PATTERNS),
            *((bare.str.contains(p.regex), named(p.form)) for p in PATTERNS_WITHOUT_SIGNS),
            (~rare.is_null(), named(Form.BAD_CHARACTER)),
        ]
    )


def _digits(form: nw.Expr) -> nw.Expr:
    """The digits as text of every value that is a whole number, however written."""
    rare = nw.col("~rare")
    return chain(
        [
            (form.is_in(sorted(DIGIT_FORMS)), nw.col("~bare")),
            (form == str(Form.FLOAT), rare.str.replace_all(shapes.FRACTION, "")),
            (
                form == str(Form.FULL_EXPONENT),
                rare.str.replace_all(shapes.POWER, "").str.replace_all(shapes.POINT, ""),
            ),
        ]
    )


def _letters(form: nw.Expr) -> nw.Expr:
    """A date and four characters in upper case; a check digit that was never given is written X."""
    bare = nw.col("~bare")
    return (
        nw.when(form == str(Form.LETTERS))
        .then(bare.str.to_uppercase())
        .when(form.is_in(sorted(ELEVEN_FORMS)))
        .then(nw.concat_str([bare, nw.lit("X")]))
        .otherwise(nw.lit(""))
    )


def _date_of_letters(letters: nw.Expr) -> nw.Expr:
    length = letters.str.len_chars()
    date = nw.when(length == 12).then(letters.str.head(8)).when(length == 10).then(letters.str.head(6))
    return nw.concat_str([date, nw.lit("0000")])


def _separator(clean: nw.Expr) -> nw.Expr:
    """The sign before the last four characters."""
    before = clean.str.tail(5).str.head(1)
    return nw.when(before.is_in(["-", "+"])).then(before).otherwise(nw.lit(""))
