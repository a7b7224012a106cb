"""What the steps before have found, put together: kind, problem, repair and the identity itself.

What belongs here: the order of the problems and what stands in the result. What must not: how a single rule is decided
(national, reserve, check_digits, reading).
"""

from typing import Any

import narwhals as nw

from samkorning.identity.chains import chain, named
from samkorning.identity.kinds import FIRST_SYNTHETIC_YEAR, HOLDERS_OWN_KINDS, LAST_SYNTHETIC_YEAR, Issuer, Kind
from samkorning.identity.national import CENTURY, DAY, FIRST_YEAR, LAST_YEAR, MONTH, YEAR, birth, years
from samkorning.identity.problems import UNREPAIRED, Problem, Repair
from samkorning.identity.reserve import reserve_text
from samkorning.identity.rules import IdentityRules
from samkorning.identity.shapes import ELEVEN_FORMS, FILLER, FLOAT_FORMS, HOLDERS_OWN, UNREADABLE, Form

RESULT_COLUMNS = ("number", "text", "issuer", "kind", "problem", "guessed_century", "repair")
NATIONAL_KINDS = (Kind.PERSONNUMMER, Kind.COORDINATION_NUMBER, Kind.SYNTHETIC_NUMBER)
ORGANISATION_MONTH = 20  # digits 3 and 4 of an organisation number are at least 20
ORGANISATION_PREFIX = 16
SAME_DIGITS = {True: 1_111_111_111, False: 111_111_111_111}  # without and with century
NOTHING = nw.lit(None, dtype=nw.String)


def conclude(frame: Any, rules: IdentityRules) -> Any:
    """The frame with the columns of the result, each named with a leading ``~``."""
    sounded = frame.with_columns(_sound().alias("~sound"), _same_digit().alias("~same"))
    kinded = sounded.with_columns(_kind(rules).alias("~kind"), _birth().alias("~birth"))
    judged = kinded.with_columns(_problem(rules).alias("~problem"))
    taken, national = nw.col("~problem").is_null(), _is_kind(*NATIONAL_KINDS)
    return judged.with_columns(
        nw.when(taken & national).then(nw.col("~number")).alias("~number"),
        nw.when(taken & ~national).then(_text(rules)).alias("~text"),
        nw.when(taken).then(_issuer(rules)).alias("~issuer"),
        (taken & nw.col("~guessed") & ~_without_century()).fill_null(False).alias("~guessed_century"),
        _repair().alias("~repair"),
    )


def _is_kind(*kinds: Kind) -> nw.Expr:
    return nw.col("~kind").is_in([str(kind) for kind in kinds])


def _without_century() -> nw.Expr:
    """Numbers in which no century is meant."""
    return _is_kind(Kind.ORGANISATION_NUMBER, *HOLDERS_OWN_KINDS)


def _sound() -> nw.Expr:
    """Whether date, serial and check digit of a national number hold."""
    dated = nw.col("~real") | nw.col("~coordination")
    return dated & nw.col("~luhn") & (nw.col("~number") % DAY >= 10) & _without_letters()


def _kind(rules: IdentityRules) -> nw.Expr:
    """What the value is, if it holds together; dates in the future and kinds not allowed are a matter of problems."""
    number, own = nw.col("~number"), rules.holders_own_kind
    real_years = nw.col("~sound") & years(number, FIRST_YEAR, FIRST_SYNTHETIC_YEAR - 1)
    synthetic = nw.col("~sound") & years(number, FIRST_SYNTHETIC_YEAR, LAST_SYNTHETIC_YEAR)
    return chain(
        [
            (real_years & nw.col("~real"), named(Kind.PERSONNUMMER)),
            (real_years, named(Kind.COORDINATION_NUMBER)),
            (synthetic, named(Kind.SYNTHETIC_NUMBER)),
            *([] if own is None else [(_holders_own(), named(own))]),
            ((nw.col("~fits") > 0) & nw.col("~born_holds") & nw.col("~check_holds"), nw.col("~reserve_kind")),
            (_organisation(), named(Kind.ORGANISATION_NUMBER)),
        ]
    )


def _organisation() -> nw.Expr:
    """Ten digits, or twelve that begin with 16, whose third and fourth digit are 20 or more, with a check digit."""
    given, short = nw.col("~given"), nw.col("~short")
    ten = short & (given >= CENTURY // 10)
    prefixed = ~short & given.is_between(ORGANISATION_PREFIX * CENTURY, (ORGANISATION_PREFIX + 1) * CENTURY - 1)
    return (
        ~nw.col("~same")
        & (ten | prefixed)
        & (given % YEAR >= ORGANISATION_MONTH * MONTH)
        & nw.col("~luhn")
        & _without_letters()
    )


def _without_letters() -> nw.Expr:
    return nw.col("~letters") == ""


def _holders_own() -> nw.Expr:
    bare = nw.col("~bare")
    written = bare.str.contains(HOLDERS_OWN) & ~bare.str.contains(FILLER) & (nw.col("~form") != str(Form.PLACEHOLDER))
    return written | (nw.col("~is_plain") & ~nw.col("~same"))


def _same_digit() -> nw.Expr:
    """Whether one digit fills the whole number."""
    given = nw.col("~given")
    left = nw.when(nw.col("~short")).then(given % SAME_DIGITS[True]).otherwise(given % SAME_DIGITS[False])
    return (left == 0) & _without_letters()


def _birth() -> nw.Expr:
    """The birth date, or the nearest that the format tells, as YYYYMMDD and four digits more."""
    return nw.when(nw.col("~fits") > 0).then(nw.col("~born")).otherwise(birth(nw.col("~number")))


def _problem(rules: IdentityRules) -> nw.Expr:
    own, organisation = rules.holders_own_kind, Kind.ORGANISATION_NUMBER
    steps = [] if own is None else [(_is_kind(own), NOTHING)]
    if organisation in rules.kinds:
        unrepaired = [(_is_kind(organisation) & needed, name) for needed, name in _unrepaired(rules)]
        steps += [*unrepaired, (_is_kind(organisation), NOTHING)]
    else:
        steps.append((_is_kind(organisation), named(Problem.ORGANISATION_NUMBER)))
    return chain([*steps, *_unreadable(rules), *_unsound(), *_not_allowed(rules)])


def _unreadable(rules: IdentityRules) -> list[tuple[nw.Expr, nw.Expr]]:
    """Nothing that could be a number, or nobody who gives out such numbers."""
    form, none_fits = nw.col("~form"), nw.col("~fits") == 0
    unknown = Problem.AMBIGUOUS_ISSUER if rules.issuer is None else Problem.OTHER_ISSUER
    return [
        (form.is_in([str(name) for name in UNREADABLE]), form),
        (nw.col("~same"), named(Problem.PLACEHOLDER)),
        (none_fits & (form == str(Form.LETTERS)), named(Problem.BAD_CHARACTER)),
        (none_fits & form.is_in([str(name) for name in ELEVEN_FORMS]), named(Problem.BAD_LENGTH)),
        (~none_fits & nw.col("~issuer").is_null(), named(unknown)),
    ]


def _unsound() -> list[tuple[nw.Expr, nw.Expr]]:
    """Date, serial and check digit that do not hold."""
    reserve, number = nw.col("~fits") > 0, nw.col("~number")
    national_date = (nw.col("~real") | nw.col("~coordination")) & years(number, FIRST_YEAR, LAST_YEAR)
    return [
        (~nw.when(reserve).then(nw.col("~born_holds")).otherwise(national_date), named(Problem.BAD_DATE)),
        (~reserve & (number % DAY < 10), named(Problem.SERIAL_000)),
        (~nw.when(reserve).then(nw.col("~check_holds")).otherwise(nw.col("~luhn")), named(Problem.BAD_CHECK_DIGIT)),
    ]


def _not_allowed(rules: IdentityRules) -> list[tuple[nw.Expr, nw.Expr]]:
    """A number that holds, but not in this case or not without a repair."""
    synthetic = nw.col("~birth") >= FIRST_SYNTHETIC_YEAR * YEAR
    future = nw.col("~birth") >= (rules.reference_day + 1) * DAY
    steps = [
        (nw.col("~unsettled"), named(Problem.AMBIGUOUS_CENTURY)),
        (future if rules.in_synthetic_time else future & ~synthetic, named(Problem.FUTURE_DATE)),
        (~_is_kind(*sorted(rules.kinds)), named(Problem.KIND_NOT_ALLOWED)),
    ]
    if not rules.allow_synthetic:
        steps.insert(1, (synthetic, named(Problem.SYNTHETIC_NOT_ALLOWED)))
    return steps + _unrepaired(rules)


def _unrepaired(rules: IdentityRules) -> list[tuple[nw.Expr, nw.Expr]]:
    """The repairs that the value needs and the rules do not allow."""
    needed = _repair_by_form()
    refused = {repair: problem for repair, problem in UNREPAIRED.items() if repair not in rules.repairs}
    return [(needed == str(repair), named(problem)) for repair, problem in refused.items()]


def _repair_by_form() -> nw.Expr:
    form = nw.col("~form")
    return chain(
        [
            (form == str(Form.SHORT), named(Repair.LEADING_ZERO)),
            (form.is_in([str(name) for name in FLOAT_FORMS]), named(Repair.FLOAT)),
            (form == str(Form.ELEVEN), named(Repair.TRAILING_BLANK)),
        ]
    )


def _repair() -> nw.Expr:
    """The repair that was made or, where it is not allowed, would make the value good."""
    problem = nw.col("~problem")
    waits = problem.is_in([str(name) for name in UNREPAIRED.values()])
    return nw.when((problem.is_null() & ~_is_kind(*HOLDERS_OWN_KINDS).fill_null(False)) | waits).then(_repair_by_form())


def _text(rules: IdentityRules) -> nw.Expr:
    given, own = nw.col("~given"), rules.holders_own_kind
    steps = [(_is_kind(Kind.ORGANISATION_NUMBER), (given % CENTURY).cast(nw.String))]
    if own is not None:
        plain = nw.col("~plain").cast(nw.String)
        as_written = nw.when(nw.col("~is_plain")).then(plain).otherwise(nw.col("~bare").str.to_uppercase())
        steps.insert(0, (_is_kind(own), as_written))
    return chain([*steps, (~nw.col("~issuer").is_null(), reserve_text())])


def _issuer(rules: IdentityRules) -> nw.Expr:
    own = rules.holders_own_kind
    return chain(
        [
            (_is_kind(*NATIONAL_KINDS), named(Issuer.NATIONAL)),
            (_is_kind(Kind.ORGANISATION_NUMBER), named(Issuer.ORGANISATION_REGISTER)),
            *([] if own is None else [(_is_kind(own), named(Issuer.HOLDER))]),
            (~nw.col("~issuer").is_null(), nw.col("~issuer")),
        ]
    )
