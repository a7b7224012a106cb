"""Identity numbers against a plain Polars script and the two common libraries, side by side in one run.

``python bench/identity.py [--rows 10000000]`` prints a table and ends with 1 if a limit is broken.

- A column is diagnosed in at most 1.5 x the time of a plain script that does one regular expression, a date check and
  Luhn on the same text and gives number and valid or not; measured in turn, the quickest of five counts.
- At least 20 x the rows per second of the faster library (personnummer, python-stdnum) called per row, on the same
  persons two hundred years earlier, whom the libraries accept.

The limits hold for a column as most files have it, in memory. Beside it are printed: the same as one lazy plan, other
columns, and a script that uses the same arithmetic as the diagnosis.
"""

import argparse
import sys
import time
from collections.abc import Callable
from datetime import date
from importlib import import_module

import polars as pl

from samkorning.identity import IdentityRules, Repair, diagnose

RULES = IdentityRules(date(2221, 12, 31), allow_synthetic=True, repairs=frozenset(Repair))
ROUNDS = 5
LIBRARY_ROWS = 50_000
MOST_TIMES_PLAIN = 1.5
LEAST_TIMES_LIBRARY = 20
LIBRARIES = {
    "personnummer": ("personnummer.personnummer", "valid"),
    "python-stdnum": ("stdnum.se.personnummer", "is_valid"),
}


def persons(rows: int) -> pl.Series:
    """Sound numbers of persons born two hundred years ahead, drawn from the row number."""
    row = pl.int_range(rows, eager=True)
    day = ((2120 + draw(row, 1, 100)) * 100 + 1 + draw(row, 2, 12)) * 100 + 1 + draw(row, 3, 28)
    eleven = day * 1000 + 1 + draw(row, 4, 999)
    return (eleven * 10 + (10 - luhn_sum(eleven * 10) % 10) % 10).alias("id")


def draw(row: pl.Series, seed: int, below: int) -> pl.Series:
    return (row.hash(seed) % below).cast(pl.Int64)


def luhn_sum(number: pl.Series | pl.Expr) -> pl.Series | pl.Expr:
    """The Luhn sum of the last ten digits, digit by digit."""
    total = number % 10
    for place in range(1, 10):
        digit = number // 10**place % 10
        total = total + (digit * 2 - (digit > 4).cast(pl.Int64) * 9 if place % 2 else digit)
    return total


def columns(rows: int) -> dict[str, pl.DataFrame]:
    """A column as most files have it first, then the extremes."""
    frame = pl.DataFrame({"id": persons(rows).cast(pl.String), "draw": draw(pl.int_range(rows, eager=True), 9, 1000)})
    plain, ten = pl.col("id"), pl.col("id").str.slice(2)
    hyphen = pl.col("id").str.slice(0, 8) + "-" + pl.col("id").str.slice(8)
    wrong_digit = pl.col("id").str.slice(0, 11) + "0"
    spaced, zero_lost = hyphen.str.replace("-", " "), ten.str.slice(1)
    unusual = [spaced, plain + ".0", pl.lit("okänd"), zero_lost]
    usual = [hyphen] * 20 + [ten] * 5 + [hyphen.str.slice(2)] * 5 + [wrong_digit] * 5 + [pl.lit(None)] * 5
    return {
        "usual: 95 % twelve digits, 3 % other ways, 1 % wrong or missing, 1 % unusual": mixed(
            frame, usual + unusual * 3
        ),
        "twelve digits": frame.select("id"),
        "twelve digits and hyphen": frame.select(hyphen.alias("id")),
        "ten digits": frame.select(ten.alias("id")),
        "whole numbers": frame.select(plain.cast(pl.Int64)),
        "every cell unusual": mixed(frame, unusual * 250),
    }


def mixed(frame: pl.DataFrame, cells: list[pl.Expr]) -> pl.DataFrame:
    """Each way of writing in a thousandth of the rows, plain in the others."""
    written = pl.col("id")
    for cell in dict.fromkeys(map(id, cells)):
        same = [place for place, other in enumerate(cells) if id(other) == cell]
        written = pl.when(pl.col("draw").is_in(same)).then(cells[same[0]]).otherwise(written)
    return frame.select(written.alias("id"))


def plain_script(frame: pl.DataFrame) -> pl.DataFrame:
    """What one would write in an afternoon: a regular expression, a date, Luhn."""
    text, shaped, number = pl.col("id").cast(pl.String), pl.col("shaped"), pl.col("number")
    day = pl.when(shaped).then(text.str.slice(0, 8)).str.to_date("%Y%m%d", strict=False)
    valid = (pl.col("day").is_not_null() & (luhn_sum(number) % 10 == 0)).fill_null(False)
    return (
        frame.lazy()
        .with_columns(text.str.contains("^[0-9]{12}$").fill_null(False).alias("shaped"))
        .with_columns(pl.when(shaped).then(text).cast(pl.Int64).alias("number"), day.alias("day"))
        .with_columns(valid.alias("valid"))
        .select("id", pl.when(pl.col("valid")).then(number).alias("number"), "valid")
        .collect()
    )


def tight_script(frame: pl.DataFrame) -> pl.DataFrame:
    """The same with the arithmetic of the diagnosis: no date type, no digit cut out by itself."""
    text, shaped, number = pl.col("id").cast(pl.String), pl.col("shaped"), pl.col("number")
    day, month, ten = pl.col("day"), pl.col("month"), pl.col("ten")
    total = ten
    for place in range(1, 10):
        shifted = ten // 10**place
        total = total + shifted * 2 + ten // (5 * 10**place) if place % 2 else total - shifted
    leap = (number % 400_000_000 < 100_000_000) & (number % 10_000_000_000 >= 100_000_000)
    length = pl.when(month.is_in([4, 6, 9, 11])).then(30).when(month != 2).then(31).when(leap).then(29).otherwise(28)
    dated = month.is_between(1, 12) & (day >= 1) & (day <= length)
    return (
        frame.lazy()
        .with_columns(text.str.contains("^[0-9]{12}$").fill_null(False).alias("shaped"))
        .with_columns(pl.when(shaped).then(text).cast(pl.Int64).alias("number"))
        .with_columns(
            (number % 10**6 // 10**4).alias("day"),
            (number % 10**8 // 10**6).alias("month"),
            (number % 10**10).alias("ten"),
        )
        .with_columns((dated & (total % 10 == 0)).fill_null(False).alias("valid"))
        .select("id", pl.when(pl.col("valid")).then(number).alias("number"), "valid")
        .collect()
    )


def diagnosis(frame: pl.DataFrame) -> pl.DataFrame:
    return diagnose(frame, "id", RULES)


def as_one_plan(frame: pl.DataFrame) -> pl.DataFrame:
    return diagnose(frame.lazy(), "id", RULES).collect()


def seconds(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def in_turn(frame: pl.DataFrame, *acts: Callable[[pl.DataFrame], object]) -> list[float]:
    """The quickest round of each, taken in turn."""
    rounds = [[seconds(lambda act=act: act(frame)) for act in acts] for _ in range(ROUNDS)]
    return [min(times) for times in zip(*rounds, strict=True)]


def library_rows_per_second(rows: int) -> dict[str, float]:
    """Rows per second of each library that is installed, called per row."""
    values = (persons(min(rows, LIBRARY_ROWS)) - 20_000_000_000).cast(pl.String).to_list()
    found = {}
    for library, (module, function) in LIBRARIES.items():
        try:
            check = getattr(import_module(module), function)
        except ImportError:
            print(f"{library} is not installed: left out")
            continue
        taken = sum(map(check, values))
        quickest = min(seconds(lambda check=check: [check(value) for value in values]) for _ in range(ROUNDS))
        found[library] = len(values) / quickest
        print(f"{library:<14} {found[library]:>12,.0f} rows/s; takes {taken} of {len(values)} sound numbers")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    rows = parser.parse_args().rows
    broken = []
    print(f"{rows:,} rows; seconds, and the diagnosis in memory as a multiple of the plain and of the tight script")
    print("   plain   tight  lazy plan  in memory")
    for place, (name, frame) in enumerate(columns(rows).items()):
        plain, tight, lazy, ours = in_turn(frame, plain_script, tight_script, as_one_plan, diagnosis)
        ratios = f"x{ours / plain:4.2f}  x{ours / tight:4.2f}"
        print(f"  {plain:6.2f}  {tight:6.2f}  {lazy:9.2f}  {ours:9.2f}  {ratios}  {name}", flush=True)
        if place == 0:
            speed = rows / ours
            broken += [f"{ours / plain:.2f} x plain"] if ours > MOST_TIMES_PLAIN * plain else []
    libraries = library_rows_per_second(rows)
    if libraries:
        times = speed / max(libraries.values())
        print(f"diagnosis      {speed:>12,.0f} rows/s, {times:.0f} x the faster library")
        broken += [f"{times:.1f} x the faster library"] if times < LEAST_TIMES_LIBRARY else []
    print("limits: " + (", ".join(broken) if broken else "held"))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
