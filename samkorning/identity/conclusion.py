"""What the steps before have found, put together: kind, problem, repair and the identity itself.

What belongs here: the order of the problems and what stands in the result. What must not: how a single rule is decided
(national, reserve, check_digits, reading).
"""

from typing import Any

import narwhals as nw

from samkorning.identity.chains import NOTHING, chain, held, is_any
from samkorning.identity.kinds import (
    FIRST_SYNTHETIC_YEAR,
    FIRST_YEAR,
    HOLDERS_OWN_KINDS,
    LAST_SYNTHETIC_YEAR,
    LAST_YEAR,
    NATIONAL_KINDS,
    Issuer,
    Kind,
)
from samkorning.identity.national import CENTURY, MONTH, YEAR, birth, years
from samkorning.identity.problems import UNREPAIRED, Problem, Repair
from samkorning.identity.reserve import reserve_holds, reserve_text
from samkorning.identity.rules import IdentityRules
from samkorning.identity.shapes import ELEVEN_FORMS, FILLER, HOLDERS_OWN, REPAIRED_FORMS, UNREADABLE, Form

RESULT_COLUMNS = ("number", "text", "issuer", "kind", "problem", "guessed_century", "repair")
NAMED = {"~issuer": Issuer, "~kind": Kind, "~problem": Problem, "~repair": Repair}
"""The columns of the result that hold members of closed lists, until their names are put in."""
ORGANISATION_MONTH = 20  # digits 3 and 4 of an organisation number are at least 20
ORGANISATION_PREFIX = 16
FIRST_NOT_ZERO = CENTURY // 10  # of six digits
TEN_DIGITS = 10_000_000_000
SAME_DIGITS = {True: 1_111_111_111, False: 111_111_111_111}  # without and with century


def conclude(frame: Any, rules: IdentityRules) -> Any:
    """The frame with the columns of the result, each named with a leading ``~``, members of lists as held."""
    born_holds, serial_holds, check_holds = reserve_holds()
    sounded = frame.with_columns(
        _sound().alias("~sound"),
        _same_digit().alias("~same"),
        born_holds.alias("~born_holds"),
        serial_holds.alias("~serial_holds"),
        check_holds.alias("~check_holds"),
    )
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
    return is_any("~kind", kinds)


def _without_century() -> nw.Expr:
    """Numbers in which no century is meant."""
    return _is_kind(Kind.ORGANISATION_NUMBER, *HOLDERS_OWN_KINDS)


def _sound() -> nw.Expr:
    """Whether date, serial and check digit of a national number hold."""
    dated = nw.col("~real") | nw.col("~coordination")
    return dated & nw.col("~luhn") & (nw.col("~tail") >= 10) & _without_letters()


def _kind(rules: IdentityRules) -> nw.Expr:
    """What the value is, if it holds together; dates in the future and kinds not allowed are a matter of problems."""
    day, own = nw.col("~day"), rules.holders_own_kind
    real_years = nw.col("~sound") & years(day, FIRST_YEAR, FIRST_SYNTHETIC_YEAR - 1)
    synthetic = nw.col("~sound") & years(day, FIRST_SYNTHETIC_YEAR, LAST_SYNTHETIC_YEAR)
    return chain(
        [
            (real_years & nw.col("~real"), held(Kind.PERSONNUMMER)),
            (real_years, held(Kind.COORDINATION_NUMBER)),
            (synthetic, held(Kind.SYNTHETIC_NUMBER)),
            *([] if own is None else [(_holders_own(), held(own))]),
            ((nw.col("~fits") > 0) & _reserve_sound(), nw.col("~reserve_kind")),
            (_organisation(), held(Kind.ORGANISATION_NUMBER)),
        ]
    )


def _reserve_sound() -> nw.Expr:
    return nw.col("~born_holds") & nw.col("~serial_holds") & nw.col("~check_holds")


def _organisation() -> nw.Expr:
    """The form of an organisation number, with its check digit."""
    return ~nw.col("~same") & _organisation_form() & nw.col("~luhn")


def _organisation_form() -> nw.Expr:
    """Ten digits, or twelve that begin with 16; the first is no zero, the third and fourth are 20 or more."""
    day, short, first = nw.col("~day"), nw.col("~short"), ORGANISATION_PREFIX * CENTURY
    ten = short & (nw.col("~given_day") >= FIRST_NOT_ZERO)
    prefixed = ~short & day.is_between(first + FIRST_NOT_ZERO, first + CENTURY - 1)
    later_month = day % YEAR >= ORGANISATION_MONTH * MONTH
    return (ten | prefixed) & later_month & _without_letters()


def _without_letters() -> nw.Expr:
    return nw.col("~letters") == ""


def _holders_own() -> nw.Expr:
    bare, filled = _bare(), is_any("~form", [Form.PLACEHOLDER]).fill_null(False)
    written = bare.str.contains(HOLDERS_OWN) & ~bare.str.contains(FILLER) & ~filled
    return written | (nw.col("~is_plain") & ~nw.col("~same"))


def _bare() -> nw.Expr:
    """What is not plainly twelve digits, without signs."""
    return nw.when(nw.col("~is_written")).then(nw.col("~written_bare")).otherwise(nw.col("~bare"))


def _same_digit() -> nw.Expr:
    """Whether one digit fills the whole number."""
    given = nw.col("~given")
    left = nw.when(nw.col("~short")).then(given % SAME_DIGITS[True]).otherwise(given % SAME_DIGITS[False])
    return (left == 0) & _without_letters()


def _birth() -> nw.Expr:
    """The birth date YYYYMMDD, or the nearest that the format tells."""
    return nw.when(nw.col("~fits") > 0).then(nw.col("~born")).otherwise(birth(nw.col("~day")))


def _problem(rules: IdentityRules) -> nw.Expr:
    own, organisation = rules.holders_own_kind, Kind.ORGANISATION_NUMBER
    steps = [] if own is None else [(_is_kind(own), NOTHING)]
    if organisation in rules.kinds:
        unrepaired = [(_is_kind(organisation) & needed, name) for needed, name in _unrepaired(rules)]
        steps += [*unrepaired, (_is_kind(organisation), NOTHING)]
    else:
        steps.append((_is_kind(organisation), held(Problem.ORGANISATION_NUMBER)))
    return chain([*steps, *_unreadable(rules), *_unsound(rules), *_not_allowed(rules)])


def _unreadable(rules: IdentityRules) -> list[tuple[nw.Expr, nw.Expr]]:
    """Nothing that could be a number, or nobody who gives out such numbers."""
    none_fits = nw.col("~fits") == 0
    unknown = Problem.AMBIGUOUS_ISSUER if rules.issuer is None else Problem.OTHER_ISSUER
    return [
        *((is_any("~form", [form]), held(Problem(form))) for form in sorted(UNREADABLE)),
        (nw.col("~same"), held(Problem.PLACEHOLDER)),
        (none_fits & is_any("~form", [Form.LETTERS]), held(Problem.BAD_CHARACTER)),
        (none_fits & is_any("~form", ELEVEN_FORMS), held(Problem.BAD_LENGTH)),
        (~none_fits & nw.col("~issuer").is_null(), held(unknown)),
    ]


def _unsound(rules: IdentityRules) -> list[tuple[nw.Expr, nw.Expr]]:
    """Date, serial and check digit that do not hold; organisations have no date."""
    reserve, organisations = nw.col("~fits") > 0, Kind.ORGANISATION_NUMBER in rules.kinds
    national_date = (nw.col("~real") | nw.col("~coordination")) & years(nw.col("~day"), FIRST_YEAR, LAST_YEAR)
    serial = nw.when(reserve).then(nw.col("~serial_holds")).otherwise(nw.col("~tail") >= 10)
    return [
        *([(_organisation_form(), held(Problem.BAD_CHECK_DIGIT))] if organisations else []),
        (~nw.when(reserve).then(nw.col("~born_holds")).otherwise(national_date), held(Problem.BAD_DATE)),
        (~serial, held(Problem.SERIAL_000)),
        (~nw.when(reserve).then(nw.col("~check_holds")).otherwise(nw.col("~luhn")), held(Problem.BAD_CHECK_DIGIT)),
    ]


def _not_allowed(rules: IdentityRules) -> list[tuple[nw.Expr, nw.Expr]]:
    """A number that holds, but not in this case or not without a repair."""
    synthetic = nw.col("~birth") >= FIRST_SYNTHETIC_YEAR * YEAR
    future = nw.col("~birth") > rules.reference_day
    steps = [
        (nw.col("~unsettled"), held(Problem.AMBIGUOUS_CENTURY)),
        (future if rules.in_synthetic_time else future & ~synthetic, held(Problem.FUTURE_DATE)),
        (~_is_kind(*sorted(rules.kinds)), held(Problem.KIND_NOT_ALLOWED)),
    ]
    if not rules.allow_synthetic:
        steps.insert(1, (synthetic, held(Problem.SYNTHETIC_NOT_ALLOWED)))
    return steps + _unrepaired(rules)


def _unrepaired(rules: IdentityRules) -> list[tuple[nw.Expr, nw.Expr]]:
    """The repairs that the value needs and the rules do not allow."""
    refused = {repair: problem for repair, problem in UNREPAIRED.items() if repair not in rules.repairs}
    return [(is_any("~form", REPAIRED_FORMS[repair]), held(problem)) for repair, problem in refused.items()]


def _repair() -> nw.Expr:
    """The repair that was made or, where it is not allowed, would make the value good."""
    taken = nw.col("~problem").is_null() & ~_is_kind(*HOLDERS_OWN_KINDS).fill_null(False)
    waits = is_any("~problem", UNREPAIRED.values())
    needed = chain([(is_any("~form", forms), held(repair)) for repair, forms in REPAIRED_FORMS.items()])
    return nw.when(taken | waits).then(needed)


def _text(rules: IdentityRules) -> nw.Expr:
    own, organisation = rules.holders_own_kind, _is_kind(Kind.ORGANISATION_NUMBER)
    steps = [(~nw.col("~issuer").is_null(), reserve_text())]
    if Kind.ORGANISATION_NUMBER in rules.kinds:
        digits = nw.when(organisation).then(nw.col("~given") % TEN_DIGITS).cast(nw.String)
        steps.insert(0, (organisation, digits))
    if own is not None:
        plain = nw.col("~plain").cast(nw.String)
        as_written = nw.when(nw.col("~is_plain")).then(plain).otherwise(_bare().str.to_uppercase())
        steps.insert(0, (_is_kind(own), as_written))
    return chain(steps)


def _issuer(rules: IdentityRules) -> nw.Expr:
    own = rules.holders_own_kind
    return chain(
        [
            (_is_kind(*NATIONAL_KINDS), held(Issuer.NATIONAL)),
            (_is_kind(Kind.ORGANISATION_NUMBER), held(Issuer.ORGANISATION_REGISTER)),
            *([] if own is None else [(_is_kind(own), held(Issuer.HOLDER))]),
            (~nw.col("~issuer").is_null(), nw.col("~issuer")),
        ]
    )
