"""The children born in the last two register years, too young for the population that everything else is about.

What belongs here: their draw, with parents among the persons. What must not: who else there is (persons). They are in
the registers of the population and of births, in no study and in no care of their own.
"""

import polars as pl

from samkorning.synthetic.draws import Draws, rows
from samkorning.synthetic.identity_numbers import MAN, WOMAN, with_numbers
from samkorning.synthetic.life import YEARLY_BIRTHS, date_in_year
from samkorning.synthetic.places import MUNICIPALITIES
from samkorning.synthetic.relatives import with_parents
from samkorning.synthetic.years import LAST_YEAR, NEW_YEAR

_FIRST_ROW = 2**40  # far from the rows of the persons, from whose births theirs are independent


def draw_newborns(persons: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The columns of ``persons``, for children born in 2220 and 2221; at least one a year."""
    draws, count = Draws(seed, "newborns"), max(1, round(persons.height * YEARLY_BIRTHS))
    born = (
        rows(2 * count)
        .with_columns(
            birth_date=date_in_year(pl.when(pl.col("row") < count).then(LAST_YEAR).otherwise(NEW_YEAR), draws, "day")
        )
        .with_columns(
            birth_row=pl.col("row") + _FIRST_ROW,
            sex=pl.when(draws.chance("sex", 0.514)).then(MAN).otherwise(WOMAN).cast(pl.Int8),
            number_date="birth_date",
            coordination=pl.lit(value=False),
            death_date=pl.lit(None, dtype=pl.Date),
            municipality=draws.choose("municipality", MUNICIPALITIES),
            in_study=pl.lit(value=False),
            former_number=pl.lit(None, dtype=pl.Int64),
            changed_on=pl.lit(None, dtype=pl.Date),
        )
    )
    return with_parents(with_numbers(born, seed), seed, among=persons).select(persons.columns)
