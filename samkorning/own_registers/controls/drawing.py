"""Drawing controls: from the specification, the cases and the population register to pairs and their account.

What belongs here: the way from one step to the next, and what is told of it. What must not: the rules of the steps.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from samkorning.order.controls import Controls
from samkorning.own_registers.controls.allotting import Taken, allot
from samkorning.own_registers.controls.at_risk import BIRTH_YEAR, PERSON, PopulationRegister, at_risk
from samkorning.own_registers.controls.balance import WEIGHT, Compared, balance_of, weighed
from samkorning.own_registers.controls.cases import (
    CASE,
    ENTRY,
    INDEX_DATE,
    STRATUM,
    Entries,
    Outcome,
    Placed,
    compared,
    ends_of,
    placed,
    require_comparable,
    stated,
    strata_of,
)
from samkorning.own_registers.controls.draws import DRAW, KeyedCases, keyed
from samkorning.own_registers.controls.risk_sets import ELIGIBLE, Drawn, RiskSets

SEX = "sex"
LONGER, AT_LEAST = 4, 12
"""Where controls may run short, a case's list is so many times longer than asked for, and so many longer at least."""


@dataclass(frozen=True)
class DrawnControls:
    """The controls of a case and the account of them.

    ``pairs``: case, index_date, control, number (1, 2, …, in the order drawn) and for each matched column the values of
    both on the index date, ``case_…`` and ``control_…``. ``cases``: case, index_date, outcome, eligible, controls; each
    case once. ``attrition``: step and cases, from the rows given on. ``balance``: what balance_of gives.
    """

    pairs: pl.DataFrame
    cases: pl.DataFrame
    attrition: pl.DataFrame
    balance: pl.DataFrame
    counts: Mapping[str, int]

    @property
    def cases_without_controls(self) -> pl.DataFrame:
        """The cases that are taken and have no control (fall utan kontroller)."""
        return self.cases.filter((pl.col("outcome") == Outcome.TAKEN.value) & (pl.col("controls") == 0))

    def cases_with_fewer(self, per_case: int) -> pl.DataFrame:
        """The cases that are taken and have fewer controls than asked for, none among them too."""
        return self.cases.filter((pl.col("outcome") == Outcome.TAKEN.value) & (pl.col("controls") < per_case))

    @property
    def cases_not_in_register(self) -> pl.DataFrame:
        """The cases that the population register does not know (fall ej i registret)."""
        return self.cases.filter(pl.col("outcome") == Outcome.NOT_IN_REGISTER.value)


def draw_controls(
    engine: str,
    memory: int,
    asked: Controls,
    register: PopulationRegister,
    cases: pl.DataFrame,
    excluded: pl.Series,
    secret: bytes,
) -> DrawnControls:
    """Draws controls for cases among those who are at risk on the index date.

    :param engine: ``polars`` or ``duckdb``; results are equal.
    :param memory: bytes.
    :param cases: ``case`` (Int64, the latest number) and ``index_date`` (Date).
    :param excluded: persons (Int64) who serve neither as a case nor as a control.
    :param secret: the case's secret; the same secret draws the same controls.
    :raises NotFound: for a matched column that the register does not have, or not in a type that is compared so.
    """
    types = register.types()
    require_comparable(asked.match, types)
    beside = tuple(name for name in (BIRTH_YEAR, SEX) if name in types and name not in asked.columns)
    entries, excluded = stated(cases), excluded.drop_nulls().unique().cast(pl.Int64)
    case_persons = entries.rows[CASE].unique()
    of_cases = register.of(pl.col(PERSON).is_in(case_persons.implode()))
    found = placed(entries, at_risk(of_cases, [*asked.columns, *beside], asked.resident_years), excluded)
    values = found.values.with_columns(
        value.alias(name) for value, name in zip(compared(asked.match), asked.columns, strict=True)
    )
    keyed_cases, strata = keyed(entries.rows, secret), strata_of(values, asked.match)
    risk_sets = RiskSets(
        engine=engine,
        memory=memory,
        register=register,
        match=asked.match,
        beside=beside,
        resident_years=asked.resident_years,
        ends=ends_of(entries, excluded),
        keyed=keyed_cases,
        strata=strata,
    )
    drawn = _drawn(asked, risk_sets, found, keyed_cases)
    return _account(asked, entries, found, values, drawn, risk_sets)


def _drawn(asked: Controls, risk_sets: RiskSets, found: Placed, keyed_cases: KeyedCases) -> Drawn:
    """The pairs that stand. Where controls serve only once, lists that ran short are drawn longer until none does."""
    of_cases = risk_sets.strata.of_cases
    if asked.reuse_between and asked.reuse_within:
        return risk_sets.drawn(of_cases, asked.per_case)
    in_turn = found.values.with_columns(pl.lit(keyed_cases.order()).gather(pl.col(ENTRY)).alias("turn"))
    in_turn = in_turn.sort(INDEX_DATE, "turn", ENTRY)
    most = LONGER * asked.per_case + AT_LEAST
    drawn = risk_sets.drawn(of_cases, most)
    pairs, eligible = drawn.pairs, dict(_eligible(drawn).rows())
    while True:
        taken = Taken(asked.reuse_between, asked.reuse_within)
        allotted = allot(in_turn, pairs, eligible, asked.per_case, taken)
        if not allotted.run_short:
            return Drawn(allotted.pairs, drawn.eligible, drawn.faults)
        most *= LONGER
        short = pl.col(ENTRY).is_in(allotted.run_short + allotted.nearly)
        longer = risk_sets.drawn(of_cases.filter(short), most)
        pairs = pl.concat([pairs.filter(~short), longer.pairs])


def _eligible(drawn: Drawn) -> pl.DataFrame:
    return drawn.eligible.group_by(ENTRY).agg(pl.col(ELIGIBLE).sum()).sort(ENTRY)


def _account(
    asked: Controls, entries: Entries, found: Placed, values: pl.DataFrame, drawn: Drawn, risk_sets: RiskSets
) -> DrawnControls:
    of_controls = _like(drawn.pairs, risk_sets)
    cases = found.outcomes.join(_eligible(drawn), on=ENTRY, how="left")
    cases = cases.join(drawn.pairs.group_by(ENTRY).agg(pl.len().alias("controls")), on=ENTRY, how="left")
    counted = cases.sort(ENTRY).with_columns(pl.col(ELIGIBLE, "controls").fill_null(0).cast(pl.Int64))
    return DrawnControls(
        pairs=_pairs(asked, values, of_controls),
        cases=counted.drop(ENTRY),
        attrition=_attrition(asked, entries, counted),
        balance=_balance(asked, values, drawn, of_controls, risk_sets),
        counts=_counts(of_controls, entries, drawn.faults),
    )


def _like(rows: pl.DataFrame, risk_sets: RiskSets) -> pl.DataFrame:
    """Rows of pairs or counts with the matched values of the controls, and the index date."""
    dates = risk_sets.strata.of_cases.select(ENTRY, INDEX_DATE).unique()
    return rows.join(risk_sets.strata.rows, on=STRATUM).join(dates, on=ENTRY)


def _pairs(asked: Controls, values: pl.DataFrame, of_controls: pl.DataFrame) -> pl.DataFrame:
    in_order = of_controls.sort(ENTRY, DRAW, PERSON)
    number = pl.int_range(1, pl.len() + 1).over(ENTRY).cast(pl.Int32).alias("number")
    of_case = values.select(ENTRY, CASE, *(pl.col(name).alias(f"case_{name}") for name in asked.columns))
    both = in_order.with_columns(number).join(of_case, on=ENTRY, maintain_order="left")
    beside = [n for name in asked.columns for n in (pl.col(f"case_{name}"), pl.col(name).alias(f"control_{name}"))]
    return both.select(CASE, INDEX_DATE, pl.col(PERSON).alias("control"), "number", *beside)


def _attrition(asked: Controls, entries: Entries, cases: pl.DataFrame) -> pl.DataFrame:
    """From the rows given to the cases with all their controls, step by step; every case is in one step."""
    outcomes = Counter(dict(cases.group_by("outcome").len().rows()))
    taken = cases.filter(pl.col("outcome") == Outcome.TAKEN.value)["controls"]
    without = [each for each in Outcome if each is not Outcome.TAKEN]
    steps = {
        "rows given": entries.given,
        "without a person or an index date": entries.unnamed,
        "given again": entries.repeated,
        **{each.value: outcomes[each.value] for each in without},
        "without a control": int((taken == 0).sum()),
        "with fewer controls than asked for": int(((taken > 0) & (taken < asked.per_case)).sum()),
        "with all controls": int((taken == asked.per_case).sum()),
    }
    return pl.DataFrame({"step": list(steps), "cases": list(steps.values())})


def _balance(
    asked: Controls, values: pl.DataFrame, drawn: Drawn, of_controls: pl.DataFrame, risk_sets: RiskSets
) -> pl.DataFrame:
    numbers = [BIRTH_YEAR, *(each.column for each in asked.match if each.within and each.column != BIRTH_YEAR)]
    sets = weighed(_like(drawn.eligible, risk_sets), pl.col(ELIGIBLE))
    with_candidates = values.join(drawn.eligible, on=ENTRY, how="semi")
    return balance_of(
        Compared(
            cases=with_candidates.with_columns(pl.lit(1.0).alias(WEIGHT)),
            eligible=sets,
            drawn=weighed(of_controls.with_columns(pl.lit(1).alias("one")), pl.col("one")),
            numbers=numbers,
            levels=[name for name in (*asked.columns, *risk_sets.beside) if name not in numbers],
        )
    )


def _counts(of_controls: pl.DataFrame, entries: Entries, faults: Mapping[str, int]) -> dict[str, int]:
    """How many pairs, persons in them, and what the register's rows had wrong."""
    later = of_controls.select(PERSON).unique().join(entries.rows, left_on=PERSON, right_on=CASE, how="semi")
    found = {
        "pairs": of_controls.height,
        "controls": of_controls[PERSON].n_unique(),
        "controls who become cases later": later.height,
    }
    return found | {fault: rows for fault, rows in sorted(faults.items()) if rows}
