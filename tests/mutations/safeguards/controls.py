"""What holds controls: nobody is drawn who is dead, away, excluded or a case, and no draw tells of another."""

from tests.mutations.safeguard import Safeguard

ROOM = "samkorning/own_registers/controls"
SPEC, ORACLE = "tests/spec/test_controls.py", "tests/property/test_controls_oracle.py"

CONTROLS = (
    Safeguard(
        "controls-alive",
        "nobody is a control after the day of their death",
        f"{ROOM}/at_risk.py",
        "return pl.concat([of_deaths, further])",
        "return pl.concat([of_deaths.clear(), further])",
        (SPEC,),
    ),
    Safeguard(
        "controls-dead-on-an-unknown-day",
        "who died on a day that nobody knows is no control",
        f"{ROOM}/at_risk.py",
        "pl.col(DEATH_DATE).fill_null(date.min)",
        "pl.col(DEATH_DATE)",
        (SPEC,),
    ),
    Safeguard(
        "controls-resident-without-a-gap",
        "years of residence are without a gap",
        f"{ROOM}/at_risk.py",
        "pl.when(~goes_on.fill_null(value=False))",
        "pl.when(~_follows_in_person().fill_null(value=False))",
        (SPEC,),
    ),
    Safeguard(
        "controls-persons-once",
        "a person in two rows of the register is one",
        f"{ROOM}/at_risk.py",
        "    if persons[PERSON].n_unique() == persons.height:\n",
        "    if True:\n",
        (SPEC,),
    ),
    Safeguard(
        "controls-residences-apart",
        "on a day that two residences hold a person is in one place",
        f"{ROOM}/at_risk.py",
        "    if overlapping.is_empty():\n",
        "    if True:\n",
        (SPEC,),
    ),
    Safeguard(
        "controls-before-they-are-cases",
        "who is a case on or before the index date is no control",
        f"{ROOM}/cases.py",
        "pl.col(INDEX_DATE).alias(LAST) - pl.duration(days=1)",
        "pl.col(INDEX_DATE).alias(LAST)",
        (SPEC,),
    ),
    Safeguard(
        "controls-exclusions",
        "who is excluded is no control",
        f"{ROOM}/cases.py",
        "return pl.concat([until, never])",
        "return until",
        (SPEC,),
    ),
    Safeguard(
        "controls-excluded-cases",
        "who is excluded is no case",
        f"{ROOM}/cases.py",
        "pl.when(pl.col(CASE).is_in(excluded.implode()))",
        "pl.when(pl.lit(value=False))",
        (SPEC,),
    ),
    Safeguard(
        "controls-keyed-by-the-day",
        "the draws of two index dates of a person have nothing to do with each other",
        f"{ROOM}/draws.py",
        "entries.select(pl.col(CASE), day)",
        "entries.select(pl.col(CASE), day * 0)",
        (SPEC,),
    ),
    Safeguard(
        "controls-in-order-of-time",
        "where controls serve only once, the earliest index date takes first",
        f"{ROOM}/drawing.py",
        'in_turn.sort(INDEX_DATE, "turn", ENTRY)',
        'in_turn.sort("turn", ENTRY)',
        (SPEC, ORACLE),
    ),
    Safeguard(
        "controls-longer-lists",
        "a list that runs short is drawn longer before a case goes without",
        f"{ROOM}/drawing.py",
        "        if not allotted.run_short:\n",
        "        if True:\n",
        (SPEC,),
    ),
    Safeguard(
        "controls-that-can-be-compared",
        "a column that cannot be compared as asked is refused",
        f"{ROOM}/drawing.py",
        "    require_comparable(asked.match, types)\n",
        "",
        (SPEC,),
    ),
)
