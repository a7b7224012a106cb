"""A slow, plain second opinion on identity numbers, written from the rules and not from the code.

Nothing of samkorning.identity is imported but the rules object's fields are read: no pattern, table or function is
shared. Every question is asked character by character, dates come from the calendar module of the language, and the
century is found by trying every year there is.
"""

from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

DIGITS = "0123456789"
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SMALL = CAPITALS.lower()
BLANK = {*" \t\r\n\v\f\u0085\u00a0\u00ad\u205f\u2060\u2061\u2062\u2063\u2064\u3000\ufeff"}
BLANK |= {chr(code) for code in (*range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x2066, 0x206A))}
QUOTE = "\"'`´‘’“”«»"
DASH = "‐‑‒–—―−﹘﹣－"
OTHER_DIGITS = [(0x0660, 10), (0x06F0, 10), (0x0966, 10), (0x09E6, 10), (0x0E50, 10), (0xFF10, 10)]
FILLERS = {
    "na", "n/a", "#n/a", "<na>", "(null)", "nan", "null", "none", "nil", "unknown", "missing", "blank", "tom", "inget",
    "ingen", "okänd", "okänt", "okand", "ejkänd", "ejkänt", "ejangivet", "saknas", "saknar", "uppgiftsaknas",
}  # fmt: skip
ALL_YEARS = range(1700, 2300)


class Answer(NamedTuple):
    """The seven columns of a diagnosis."""

    number: int | None = None
    text: str | None = None
    issuer: str | None = None
    kind: str | None = None
    problem: str | None = None
    guessed_century: bool = False
    repair: str | None = None


def refused(problem: str, kind: str | None = None, repair: str | None = None) -> Answer:
    return Answer(kind=kind, problem=problem, repair=repair)


def ask(value: str | None, rules: Any) -> Answer:
    """What the value is."""
    if value is None:
        return refused("missing")
    value = "".join("-" if letter in DASH else letter for letter in value)
    clean = "".join(letter for letter in value if letter not in BLANK).strip(QUOTE)
    own = next((kind for kind in ("workplace_number", "household_number") if kind in rules.kinds), None)
    answer = ask_for_person(value, clean, rules)
    bare = without_signs(clean)
    person = answer.kind in ("personnummer", "coordination_number", "synthetic_number")
    written = only(bare, DIGITS + CAPITALS + SMALL) and len(bare) <= 20 and not filler(bare) and not filler(clean)
    if own and written and not person:
        return Answer(None, bare.upper(), "holder", own)
    return answer


def ask_for_person(value: str, clean: str, rules: Any) -> Answer:
    if clean == "":
        return refused("missing")
    if filler(clean):
        return refused("placeholder")
    digits, sign = split(clean)
    if digits is not None and len(digits) in (7, 8, 9, 10, 12):
        short = len(digits) < 10
        return number(digits.rjust(10, "0") if short else digits, sign, rules, "leading_zero" if short else None)
    unfloated = whole_part(clean)
    if unfloated is not None:
        return number(unfloated.rjust(10, "0") if len(unfloated) < 10 else unfloated, "", rules, "float")
    if has_exponent(clean):
        return refused("exponent")
    if digits is not None and len(digits) == 11 and (sign == "" or clean[8] == sign):
        return eleven(value, digits, rules)
    if any(start <= ord(letter) < start + count for letter in clean for start, count in OTHER_DIGITS):
        return refused("foreign_digits")
    if not only(clean, DIGITS + CAPITALS + SMALL + "-+.,"):
        return refused("bad_character")
    return lettered(clean, rules)


def lettered(clean: str, rules: Any) -> Answer:
    bare = without_signs(clean)
    for date_length, signs in ((8, ("", "-")), (6, ("", "-", "+"))):
        if len(bare) == date_length + 4 and only(bare[:date_length], DIGITS) and only(bare, DIGITS + CAPITALS + SMALL):
            if any(clean == bare[:date_length] + sign + bare[date_length:] for sign in signs):
                sign = clean[date_length] if len(clean) > len(bare) else ""
                return reserve(bare, sign, rules, "bad_character", None)
            return refused("bad_separator")
    if only(bare, DIGITS):
        return refused("bad_separator" if len(bare) in (7, 8, 9, 10, 12) else "bad_length")
    dated = max((length for length in (6, 7, 8) if only(bare[:length], DIGITS) and len(bare) > length), default=0)
    return refused("bad_length" if dated and only(bare, DIGITS + CAPITALS + SMALL) else "bad_character")


def eleven(value: str, digits: str, rules: Any) -> Answer:
    """Eleven digits: the place of the check digit is blank, or the blank is lost."""
    text = value[1:] if value[0] in "\"'" else value
    text = text[:-1] if text[-1] in "\"'" else text
    blank_last = text[-1] in " \u00a0" and without_signs(text.rstrip(" \u00a0")) == digits
    return reserve(digits + "X", "", rules, "bad_length", None if blank_last else "trailing_blank")


def number(digits: str, sign: str, rules: Any, repair: str | None) -> Answer:
    """Ten or twelve digits."""
    if len(set(digits)) == 1:
        return refused("placeholder")
    guessed = len(digits) == 10 and not sign
    settled = True
    twelve = digits
    if len(digits) == 10:
        year, settled = which_century(digits[:6], sign, rules, rules.reference_date.year)
        twelve = f"{year}{digits[2:]}"
    wrong = what_is_wrong(twelve)
    if wrong is None:
        year, day = int(twelve[:4]), int(twelve[6:8])
        kind = "synthetic_number" if year >= 2100 else "coordination_number" if day >= 60 else "personnummer"
        born = int(twelve[:8]) - (60 if day >= 60 else 0)
        problem = forbidden(kind, born, settled, rules, repair)
        if problem:
            return refused(problem, kind, repair if problem in ("lost_leading_zero", "float") else None)
        return Answer(int(twelve), None, "national", kind, None, guessed, repair)
    ten = digits[-10:]
    organisation = (digits[:2] == "16" or len(digits) == 10) and ten[0] != "0" and int(ten[2:4]) >= 20
    if organisation and "organisation_number" in rules.kinds and not luhn(ten):
        return refused("bad_check_digit")
    if organisation and luhn(ten):
        if "organisation_number" not in rules.kinds:
            return refused("organisation_number", "organisation_number")
        if repair and repair not in rules.repairs:
            return refused("float", "organisation_number", repair)
        return Answer(None, ten, "organisation_register", "organisation_number", None, False, repair)
    return reserve_of_digits(twelve, rules, repair, wrong) if len(digits) == 12 else refused(wrong)


def reserve_of_digits(twelve: str, rules: Any, repair: str | None, wrong: str) -> Answer:
    fits = {}
    year, month, day = int(twelve[:4]), int(twelve[4:6]), int(twelve[6:8])
    if twelve[:2] == "99":
        issued = int(twelve[2:6])
        right = "bad_date" if not 1900 <= issued <= 2299 else None if luhn(twelve[4:]) else "bad_check_digit"
        fits["stockholm"] = (right, issued * 10000 + 101)
    if 1700 <= year <= 2299 and 1 <= month <= 12 and 32 <= day <= 59:
        fits["carelink"] = (None if luhn(twelve[2:]) else "bad_check_digit", int(twelve[:6] + "01"))
        fits["halland"] = (None, int(twelve[:6] + "01"))
    if not fits:
        return refused(wrong)
    return decide(fits, twelve, {}, True, False, rules, repair)


def reserve(bare: str, sign: str, rules: Any, otherwise: str, repair: str | None) -> Answer:
    """A date and four characters of which one at least is a letter."""
    characters = bare.upper()
    tail = characters[-4:]
    short = len(characters) == 10
    old = only(tail[:3], DIGITS) and tail[3] in CAPITALS
    settled = True
    if short:
        last = 1967 + (200 if rules.allow_synthetic and rules.reference_date.year >= 2100 else 0)
        year, settled = which_century(characters[:6], sign, rules, last if old else None, by_year=old)
        characters = f"{year}{characters[2:]}"
    fits = {}
    for issuer in LETTERED:
        right = LETTERED[issuer](characters, short)
        if right != "other":
            fits[issuer] = right
    if not fits:
        return refused(otherwise)
    texts = {"vastra_gotaland_old": bare}
    return decide(fits, characters, texts, settled, short and not sign, rules, repair)


def decide(
    fits: dict[str, tuple[str | None, int | None]],
    characters: str,
    texts: dict[str, str],
    settled: bool,
    guessed: bool,
    rules: Any,
    repair: str | None,
) -> Answer:
    if rules.issuer is None:
        chosen = list(fits) if len(fits) == 1 else []
    elif rules.issuer in fits:
        chosen = [str(rules.issuer)]
    else:
        chosen = [issuer for issuer in fits if issuer in ("national", "national_reserve")]
    if len(chosen) != 1:
        return refused("ambiguous_issuer" if rules.issuer is None else "other_issuer")
    wrong, born = fits[chosen[0]]
    if wrong:
        return refused(wrong)
    kinds = {"national": "no_check_digit", "national_reserve": "national_reserve_number", "social_services": "t_number"}
    kind = kinds.get(chosen[0], "regional_reserve_number")
    problem = forbidden(kind, born, settled, rules, repair)
    if problem:
        return refused(problem, kind, repair if problem in ("float", "lost_trailing_blank") else None)
    return Answer(None, texts.get(chosen[0], characters), chosen[0], kind, None, guessed, repair)


def forbidden(kind: str, born: int | None, settled: bool, rules: Any, repair: str | None) -> str | None:
    today = int(rules.reference_date.strftime("%Y%m%d"))
    if not settled:
        return "ambiguous_century"
    if born is not None and born >= 21000000 and not rules.allow_synthetic:
        return "synthetic_not_allowed"
    if born is not None and born > today and not (born >= 21000000 and today < 21000000):
        return "future_date"
    if kind not in rules.kinds:
        return "kind_not_allowed"
    if repair and repair not in rules.repairs:
        return {"leading_zero": "lost_leading_zero", "float": "float", "trailing_blank": "lost_trailing_blank"}[repair]
    return None


def which_century(date6: str, sign: str, rules: Any, last_year: int | None, by_year: bool = True) -> tuple[str, bool]:
    """The year of six digits by trying every year, and whether the rules let it count as settled."""
    yy, month, day = int(date6[:2]), int(date6[2:4]), int(date6[4:6])
    day -= 60 if day >= 60 else 0
    today = (rules.reference_date.year, rules.reference_date.month, rules.reference_date.day)
    same = [year for year in ALL_YEARS if year % 100 == yy]
    old = last_year is not None and by_year and last_year != rules.reference_date.year
    end = last_year if old else today[0]
    if sign == "+":
        latest = next(year for year in same if 100 <= end - year <= 199)
    elif sign == "-" or old:
        latest = next(year for year in same if 0 <= end - year <= 99)
    else:
        latest = max(year for year in same if (year, month, day) <= today)
    if rules.strict_century:
        return str(latest), sign != ""
    if rules.ages is None or old:
        return str(latest), True
    tried = [latest] if sign else [latest, latest - 100]
    right = [year for year in tried if has_age(year, date6[2:], today, rules.ages)]
    return (str(right[0]), True) if len(right) == 1 else (str(latest), False)


def has_age(year: int, month_and_day: str, today: tuple[int, int, int], ages: tuple[int, int]) -> bool:
    month, day = int(month_and_day[:2]), int(month_and_day[2:])
    if not (is_date(year, month, day) or (month <= 12 and 60 <= day <= 91)):
        return False
    born = (year, month, day - 60 if day >= 60 else day)
    age = today[0] - born[0] - (today[1:] < born[1:])
    return born <= today and ages[0] <= age <= ages[1]


def what_is_wrong(twelve: str) -> str | None:
    """What does not hold of twelve digits as a national number."""
    year, month, day = int(twelve[:4]), int(twelve[4:6]), int(twelve[6:8])
    if not 1800 <= year <= 2299:
        return "bad_date"
    if not (is_date(year, month, day) or (0 <= month <= 12 and 60 <= day <= 91)):
        return "bad_date"
    if twelve[8:11] == "000":
        return "serial_000"
    return None if luhn(twelve[2:]) else "bad_check_digit"


def dated(characters: str) -> tuple[str | None, int | None]:
    year = int(characters[:4])
    right = 1800 <= year <= 2299 and is_date(year, int(characters[4:6]), int(characters[6:8]))
    return None if right else "bad_date", int(characters[:8])


def national(characters: str, short: bool) -> Any:
    year = int(characters[:4])
    if not (shape(characters[8:], "dddL") and (year <= 1967 or 2100 <= year <= 2167)):
        return "other"
    wrong, born = dated(characters)
    return wrong or ("serial_000" if characters[8:11] == "000" else None), born


def national_reserve(characters: str, short: bool) -> Any:
    first, tail = int(characters[:2]), characters[8:]
    allowed = [letter for letter in CAPITALS if letter not in "IOQVW"]
    shaped = (
        tail[0] in allowed and tail[1] in allowed and (tail[2] in allowed or tail[2] in DIGITS) and tail[3] in DIGITS
    )
    unknown = first == 0 and int(characters[4:6]) >= 20 and 40 <= int(characters[6:8]) <= 59
    if short or not shaped or not (unknown or 22 <= first <= 98):
        return "other"
    born = None
    if not unknown:
        births = [century for century in (19, 20, 21) if any(century + 3 * step == first for step in range(40))]
        wrong, born = dated(f"{births[0]}{characters[2:]}")
        if wrong:
            return wrong, born
    weighted = [
        (int(letter) if letter in DIGITS else ord(letter)) * weight
        for letter, weight in zip(characters[:11], [2, 1] * 5 + [2], strict=True)
    ]
    total = sum(int(digit) for product in weighted for digit in str(product))
    return (None if (total + int(tail[3])) % 10 == 0 else "bad_check_digit"), born


def t_number(characters: str, short: bool) -> Any:
    tail = characters[8:]
    fits = not short and tail[0] == "T" and (tail[1] == "F" or tail[1] in DIGITS) and only(tail[2:], DIGITS)
    return dated(characters) if fits else "other"


def vastra_gotaland(characters: str, short: bool) -> Any:
    tail = characters[8:]
    if short or tail[0] not in "KMX" or not only(tail[1:], DIGITS):
        return "other"
    running = int(tail[1:3])
    women, men = tail[0] == "K" and running % 2 == 0, tail[0] == "M" and running % 2 == 1
    if not ((women or men) and 6 <= running <= 79) and not (tail[0] == "X" and 80 <= running <= 89):
        return "other"
    wrong, born = dated(characters)
    value = {"K": "5", "M": "7", "X": "8"}[tail[0]]
    return wrong or (None if luhn(characters[2:8] + value + tail[1:]) else "bad_check_digit"), born


def simple(pattern: str, allowed: Any = None, short_too: bool = False) -> Any:
    def ask_issuer(characters: str, short: bool) -> Any:
        tail = characters[8:]
        fits = shape(tail, pattern) and (allowed is None or allowed(tail)) and (short_too or not short)
        return dated(characters) if fits else "other"

    return ask_issuer


def sormland(characters: str, short: bool) -> Any:
    old_series = (
        characters[:8] in ("18500101", "18600101") and shape(characters[8:], "Lddd") and characters[8] in "MNKP"
    )
    if not short and (shape(characters[8:], "LLdL") or (old_series and characters[9:] != "000")):
        return dated(characters)
    return "other"


LETTERED = {
    "national": national,
    "national_reserve": national_reserve,
    "social_services": t_number,
    "vastra_gotaland": vastra_gotaland,
    "vastra_gotaland_old": simple("Lddd", lambda tail: tail[0] not in "GIOQZ"),
    "varmland": simple("LLdA", lambda tail: tail[0] == "S" and tail[1] in "FUXPL" and tail[3] not in "V0"),
    "orebro": simple("LLdL", lambda tail: tail[0] == "T" and tail[3] in "ABCDEFGHIJ"),
    "skane": simple("LLdL", lambda tail: tail[0] in "DEF" and tail[2] in "01", short_too=True),
    "blekinge": simple("LLdL"),
    "sormland": sormland,
    "vasternorrland": simple("dddL", lambda tail: tail[3] == "R"),
    "vasterbotten": simple("Lddd", lambda tail: tail[0] in "REKA"),
    "dalarna": simple("Lddd"),
    "gavleborg": simple("ddLd", lambda tail: tail[2] in "MKX"),
}


def shape(text: str, pattern: str) -> bool:
    """d digit, L capital letter, A either."""
    kinds = {"d": DIGITS, "L": CAPITALS, "A": DIGITS + CAPITALS}
    return len(text) == len(pattern) and all(letter in kinds[kind] for letter, kind in zip(text, pattern, strict=True))


def is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(digits[::-1]):
        value = int(digit)
        if place % 2 == 1:
            value = value * 2
            if value > 9:
                value = value - 9
        total = total + value
    return total % 10 == 0


def only(text: str, letters: str) -> bool:
    return text != "" and all(letter in letters for letter in text)


def without_signs(text: str) -> str:
    return text.replace("-", "").replace("+", "")


def filler(clean: str) -> bool:
    if clean.lower() in FILLERS or only(clean, "-+?.*/_#=") or only(clean, "0"):
        return True
    if all(only(part, "Xx") for part in clean.split("-", 1)):
        return True
    if any(all(only(part, "0") for part in clean.split(point, 1)) for point in ".,"):
        return True
    return len(clean) > 1 and clean[0] in DIGITS and all(first == second for first, second in pairwise(clean))


def split(clean: str) -> tuple[str | None, str]:
    """The digits of a value with at most one sign, which stands before the last four; else no digits."""
    bare = without_signs(clean)
    if not only(bare, DIGITS):
        return None, ""
    if clean == bare:
        return bare, ""
    sign = "-" if "-" in clean else "+"
    if clean == bare[:-4] + sign + bare[-4:] or (len(bare) == 11 and clean == bare[:8] + sign + bare[8:]):
        return bare, sign
    return None, ""


def whole_part(clean: str) -> str | None:
    """The digits before a decimal part of zeros, or of an exponent that shows all digits."""
    for point in ".,":
        before, found, after = clean.partition(point)
        if not found or not only(before, DIGITS):
            continue
        if only(after, "0") and len(before) in (7, 8, 9, 10, 12):
            return before
        decimals, e, power = after.replace("e", "E").partition("E")
        if e and len(before) == 1 and before != "0" and only(decimals, DIGITS):
            if len(decimals) == 11 and power in ("11", "+11"):
                return before + decimals
            if len(decimals) == 9 and power in ("9", "09", "+9", "+09"):
                return before + decimals
    return None


def has_exponent(clean: str) -> bool:
    mantissa, e, power = clean.replace("e", "E").partition("E")
    if not e or clean.replace("e", "E").count("E") != 1:
        return False
    whole, point, decimals = mantissa.replace(",", ".").partition(".")
    if not only(whole, DIGITS) or not (decimals == "" or only(decimals, DIGITS)):
        return False
    if power[:1] == "+":
        return only(power[1:], DIGITS)
    return point == "." and only(power.removeprefix("-"), DIGITS)
