"""One column of identity numbers, diagnosed in one pass: what each value is, what is wrong with it, its number.

What belongs here: the order of the steps and of the problems. What must not: how a single rule is decided (shapes,
national, check_digits), what a problem means to people (problems).

Columns whose names begin with ``~`` live only between the steps.
"""

from typing import Any

import narwhals as nw

from samkorning.identity import national, shapes
from samkorning.identity.check_digits import luhn_holds
from samkorning.identity.kinds import Issuer, Kind
from samkorning.identity.problems import Problem, Repair
from samkorning.identity.rules import IdentityRules
from samkorning.identity.shapes import Form, chain

RESULT_COLUMNS = ("number", "text", "issuer", "kind", "problem", "guessed_century", "repair")


def diagnose(frame: Any, column: str, rules: IdentityRules, prefix: str = "identity_") -> Any:
    """The frame with what each value of ``column`` is; rows and their order are left as they are.

    Takes and gives a Polars, DuckDB or narwhals frame; a lazy frame stays lazy. Adds, with the prefix:
    ``number`` (Int64, twelve digits) for national numbers that hold, ``text`` (String) for other issuers' numbers that
    hold, ``issuer``, ``kind`` (null where nothing was recognised), ``problem`` (null where the value is taken),
    ``guessed_century`` (Boolean) and ``repair`` (the repair that was made or would be needed). A row with a problem has
    neither number nor text. The column holds String or whole numbers; a null is a missing value.
    """
    given = frame if isinstance(frame, nw.DataFrame | nw.LazyFrame) else nw.from_native(frame)
    names = given.collect_schema().names()
    whole = given.collect_schema()[column].is_integer()
    read = _read_whole_numbers(given, column) if whole else _read_text(given, column)
    judged = _judge(_settle_century(read, rules), rules)
    concluded = _conclude(judged, rules).select(
        *names, *(nw.col(f"~{name}").alias(f"{prefix}{name}") for name in RESULT_COLUMNS)
    )
    return concluded if concluded is frame or isinstance(frame, nw.DataFrame | nw.LazyFrame) else concluded.to_native()


def _read_text(frame: Any, column: str) -> Any:
    value = nw.col(column)
    plain = value.str.contains(shapes.TWELVE).fill_null(False)
    odd = frame.with_columns(nw.when(plain).then(value).alias("~plain"), nw.when(~plain).then(value).alias("~odd"))
    shaped = _shape(odd)
    text = nw.coalesce("~plain", "~digits").cast(nw.Int64)
    return shaped.with_columns(text.alias("~given"))


def _read_whole_numbers(frame: Any, column: str) -> Any:
    value = nw.col(column).cast(nw.Int64)
    plain = value.is_between(100_000_000_000, 999_999_999_999).fill_null(False)
    odd = frame.with_columns(
        nw.when(plain).then(value).alias("~plain"), nw.when(~plain).then(value).cast(nw.String).alias("~odd")
    )
    shaped = _shape(odd)
    return shaped.with_columns(nw.coalesce("~plain", nw.col("~digits").cast(nw.Int64)).alias("~given"))


def _shape(frame: Any) -> Any:
    clean = nw.col("~clean")
    return (
        frame.with_columns(shapes.cleaned(nw.col("~odd")).alias("~clean"))
        .with_columns(clean.str.to_uppercase().alias("~upper"))
        .with_columns(
            nw.when(nw.col("~plain").is_null() & nw.col("~odd").is_null())
            .then(nw.lit(str(Form.MISSING)))
            .otherwise(shapes.form(clean, nw.col("~upper")))
            .alias("~form"),
            shapes.separator(clean).alias("~separator"),
        )
        .with_columns(shapes.digits(clean, nw.col("~form")).alias("~digits"))
    )


def _settle_century(frame: Any, rules: IdentityRules) -> Any:
    given, separator = nw.col("~given"), nw.col("~separator")
    short = nw.col("~digits").str.len_chars() <= 10
    settled = nw.col("~latest")
    if rules.ages is not None:
        settled = national.century_by_ages(settled, separator, rules.reference_day, rules.ages)
    if rules.strict_century:
        settled = nw.when(separator != "").then(settled)
    latest = national.latest_century(given, separator, rules.reference_day)
    return (
        frame.with_columns(nw.when(short).then(latest).alias("~latest"))
        .with_columns(nw.when(short.fill_null(False)).then(settled).otherwise(given).alias("~settled"))
        .with_columns(
            nw.coalesce("~settled", "~latest").alias("~number"),
            (short & (separator == "")).fill_null(False).alias("~guessed_century"),
        )
    )


def _judge(frame: Any, rules: IdentityRules) -> Any:
    number = nw.col("~number")
    return frame.with_columns((number // 10_000).alias("~day")).with_columns(
        national.real_date(nw.col("~day")).alias("~real"),
        national.coordination_date(nw.col("~day")).alias("~coordination"),
        luhn_holds(number).alias("~luhn"),
    )


def _conclude(frame: Any, rules: IdentityRules) -> Any:
    """The columns of the result, from what the steps before found."""
    kinded = frame.with_columns(_kind().alias("~kind"), _repair().alias("~repair"))
    with_problem = kinded.with_columns(_problem(rules).alias("~problem"))
    taken = nw.col("~problem").is_null()
    return with_problem.with_columns(
        nw.when(taken).then(nw.col("~number")).alias("~number"),
        nw.lit(None, dtype=nw.String).alias("~text"),
        nw.when(taken).then(nw.lit(str(Issuer.NATIONAL))).alias("~issuer"),
        (taken & nw.col("~guessed_century")).alias("~guessed_century"),
    )


def _century_is(first: int, last: int) -> nw.Expr:
    return nw.col("~day").is_between(first * 10_000, last * 10_000 + 9_999)


def _organisation_shape() -> nw.Expr:
    """Digits 3-4 of the ten-digit form are 20 or more; twelve digits begin with 16."""
    day = nw.col("~day")
    return (day // 100 % 100 >= 20) & ((nw.col("~digits").str.len_chars() <= 10) | (day // 1_000_000 == 16))


def _kind() -> nw.Expr:
    sound = nw.col("~luhn") & (nw.col("~number") % 10_000 >= 10)
    person = sound & (nw.col("~real") | nw.col("~coordination"))
    return chain(
        [
            (person & nw.col("~real") & _century_is(1800, 2099), nw.lit(str(Kind.PERSONNUMMER))),
            (person & _century_is(1800, 2099), nw.lit(str(Kind.COORDINATION_NUMBER))),
            (person & _century_is(2100, 2299), nw.lit(str(Kind.SYNTHETIC_NUMBER))),
            (nw.col("~luhn") & _organisation_shape(), nw.lit(str(Kind.ORGANISATION_NUMBER))),
        ]
    )


def _repair() -> nw.Expr:
    form = nw.col("~form")
    return chain(
        [
            (form == str(Form.SHORT), nw.lit(str(Repair.LEADING_ZERO))),
            (form.is_in([str(Form.FLOAT), str(Form.FULL_EXPONENT)]), nw.lit(str(Repair.FLOAT))),
        ]
    )


def _problem(rules: IdentityRules) -> nw.Expr:
    form, kind, number = nw.col("~form"), nw.col("~kind"), nw.col("~number")
    day = nw.col("~day")
    unread = [
        Form.MISSING,
        Form.PLACEHOLDER,
        Form.FOREIGN_DIGITS,
        Form.EXPONENT,
        Form.BAD_CHARACTER,
        Form.BAD_SEPARATOR,
        Form.BAD_LENGTH,
    ]
    dated = nw.col("~real") | nw.col("~coordination")
    named = lambda problem: nw.lit(str(problem))
    sayable = [
        (form.is_in([str(f) for f in unread]), form),
        (form == str(Form.OTHER), named(Problem.BAD_CHARACTER)),
        (nw.col("~given") % shapes.ALL_SAME_DIGIT == 0, named(Problem.PLACEHOLDER)),
        (kind == str(Kind.ORGANISATION_NUMBER), named(Problem.ORGANISATION_NUMBER)),
        (~(dated & _century_is(1800, 2299)), named(Problem.BAD_DATE)),
        (number % 10_000 < 10, named(Problem.SERIAL_000)),
        (~nw.col("~luhn"), named(Problem.BAD_CHECK_DIGIT)),
        (nw.col("~settled").is_null(), named(Problem.AMBIGUOUS_CENTURY)),
    ]
    if not rules.allow_synthetic:
        sayable.append((kind == str(Kind.SYNTHETIC_NUMBER), named(Problem.SYNTHETIC_NOT_ALLOWED)))
    future = national.birth_day(day) > rules.reference_day
    if rules.reference_date.year < 2100:
        future = future & (kind != str(Kind.SYNTHETIC_NUMBER))
    sayable.append((future, named(Problem.FUTURE_DATE)))
    if Repair.LEADING_ZERO not in rules.repairs:
        sayable.append((form == str(Form.SHORT), named(Problem.LOST_LEADING_ZERO)))
    if Repair.FLOAT not in rules.repairs:
        sayable.append((form.is_in([str(Form.FLOAT), str(Form.FULL_EXPONENT)]), named(Problem.FLOAT)))
    return chain(sayable)
