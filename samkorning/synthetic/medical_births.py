"""The medical birth register (MFR): one row for each child, about its mother.

What belongs here: its variables under the delivered names. What must not: who is born, which is drawn with the persons.
"""

import polars as pl

from samkorning.synthetic import code_lists as codes
from samkorning.synthetic.draws import weighted, weighted_numbers
from samkorning.synthetic.events import RegisterYear, age_on, first_of, number_on

_PLACES, _FILLED = 12, 4  # places after these are empty
COLUMNS = (
    "number", "AR", "NUMBER_BARN", "BFODDAT", "MALDER", "PARITET", "KON", "BORDF2", "GRVBS", "BVIKTBS", "BLANGD",
    "APGAR5", "ROK1", *(f"MDIAG{n}" for n in range(1, _PLACES + 1)), *(f"BDIAG{n}" for n in range(1, _PLACES + 1)),
    "SJUKHUS",
)  # fmt: skip
_DAYS = weighted_numbers({196: 1, 224: 3, 245: 8, 259: 30, 266: 60, 273: 90, 280: 90, 287: 40, 294: 10}, missing=1)
_APGAR = weighted_numbers({4: 1, 6: 2, 7: 3, 8: 8, 9: 40, 10: 120}, missing=2)
_SMOKING = weighted({"1": 90, "2": 4, "3": 1}, missing=5)
_COUNT = weighted_numbers({0: 40, 1: 34, 2: 16, 3: 7, 4: 3})
_MOTHERS = {"O800": 40, "O829": 14, "O149": 5, "O240": 3, "O429": 8, "O721": 6, "Z370": 30}
_CHILDREN = {"P073": 8, "P599": 10, "P220": 3, "P081": 6, "Q250": 1, "Z380": 60, "P704": 3}


def medical_births(wanted: RegisterYear) -> pl.DataFrame:
    """Children of the year whose mother is known, under the number that she held then.

    ``wanted.persons`` has everybody who is born or gives birth.
    """
    draws = wanted.draws("NUMBER_BARN")
    mother = wanted.persons.lazy().select(
        "number", "former_number", "changed_on", "municipality", birth_date="birth_date"
    )
    children = (
        wanted.persons.lazy()
        .select(NUMBER_BARN="number", BFODDAT="birth_date", KON="sex", mother="mother")
        .drop_nulls("mother")
    )
    counted = children.with_columns(
        PARITET=pl.col("BFODDAT").rank("dense").over("mother").cast(pl.Int64),
        BORDF2=pl.len().over("mother", "BFODDAT").cast(pl.Int64),
    ).filter(pl.col("BFODDAT").dt.year() == wanted.year)
    born = counted.join(mother, left_on="mother", right_on="number", how="inner", maintain_order="left")
    days = draws.choose("days", _DAYS)
    weight = 3500 + (pl.coalesce("GRVBS", pl.lit(280)) - 280) * 25 + draws.below("weight", 1200) - 600
    return (
        born.with_columns(pl.lit(wanted.year, dtype=pl.Int32).alias("AR"), number="mother", GRVBS=days)
        .with_columns(
            number_on("BFODDAT", draws),
            age_on("BFODDAT").alias("MALDER"),
            BVIKTBS=pl.max_horizontal(weight, pl.lit(500)),
            APGAR5=draws.choose("APGAR5", _APGAR),
            ROK1=draws.choose("ROK1", _SMOKING),
            mothers=draws.choose("mothers", _COUNT),
            children=draws.choose("children", _COUNT),
            SJUKHUS=pl.col("municipality").str.slice(0, 2) + draws.choose("SJUKHUS", codes.HOSPITAL_SUFFIXES),
        )
        .with_columns(
            (pl.col("BVIKTBS") // 100 + 15).alias("BLANGD"),
            *first_of("MDIAG", _FILLED, "mothers", draws, _MOTHERS),
            *first_of("BDIAG", _FILLED, "children", draws, _CHILDREN),
            *(
                pl.lit(None, dtype=pl.String).alias(f"{prefix}{place}")
                for prefix in ("MDIAG", "BDIAG")
                for place in range(_FILLED + 1, _PLACES + 1)
            ),
        )
        .select(COLUMNS)
        .collect()
    )
