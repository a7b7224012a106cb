"""Groups of persons by age and sex, as their identity numbers say them.

What belongs here: the groups, and which one a number is of. What must not: counting.

The number is no proof of a birth date or a sex; it is good enough for a table by ten years. The age is that at the
reference date of the order, so that nobody passes from one group to another between two deliveries.
"""

from dataclasses import dataclass

import polars as pl

MEN, WOMEN = "m", "k"
_BANDS, _WIDTH = 10, 10
_FIRST_YEAR, _LAST_YEAR = 1800, 2299


@dataclass(frozen=True)
class Group:
    """Persons of one sex from an age on, up to and with another; without any of it, those of whom it is not known."""

    sex: str | None = None
    from_age: int | None = None
    to_age: int | None = None

    @property
    def ages(self) -> str:
        """The ages as people write them; nothing where they are not known."""
        if self.from_age is None:
            return ""
        return f"{self.from_age}+" if self.to_age is None else f"{self.from_age}–{self.to_age}"


GROUPS = (
    *(
        Group(sex, band * _WIDTH, band * _WIDTH + _WIDTH - 1 if band < _BANDS - 1 else None)
        for band in range(_BANDS)
        for sex in (MEN, WOMEN)
    ),
    Group(),
)
UNKNOWN = len(GROUPS) - 1


def group_of(number: str, reference_year: int) -> pl.Expr:
    """The place among :data:`GROUPS` (Int8) of a national number of twelve digits in a column of whole numbers."""
    year = pl.col(number) // 10**8
    band = ((reference_year - year).clip(0) // _WIDTH).clip(0, _BANDS - 1)
    woman = 1 - (pl.col(number) // 10) % 2
    is_national = year.is_between(_FIRST_YEAR, _LAST_YEAR).fill_null(False)
    return pl.when(is_national).then(band * 2 + woman).otherwise(UNKNOWN).cast(pl.Int8)
