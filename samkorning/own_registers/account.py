"""The account (redovisning) of a register year: counts and digests by which a year is held against another.

What belongs here: counting while the rows pass, and the account as a text beside the year. What must not: what is to be
thought of it (year_checks).

It stands where nothing is encrypted: it has numbers of rows, codes of the published catalogue, and digests; never a
value of an open set. A digest is a sum over the pairs of number and value, so the order of rows does not matter to it.
The hash is the engine's own and may change with its version, which the account names.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from samkorning.on_demand import LoadedWhenUsed
from samkorning.own_registers.catalogue import CatalogueRegister, CatalogueVariable, Holds
from samkorning.own_registers.person_column import NUMBER

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LoadedWhenUsed("polars")

ACCOUNT = "account"
_SEED, _LOW = 5, 0xFFFFFFFF


@dataclass(frozen=True)
class VariableAccount:
    """A variable of a year: rows without a value, values outside its value set, how often each code, and a digest."""

    missing: int
    outside: int
    codes: Mapping[str, int]
    digest: str


@dataclass(frozen=True)
class YearAccount:
    """A register year: rows, persons, rows whose day lies outside the year, and its variables."""

    rows: int
    persons: int
    outside_year: int
    variables: Mapping[str, VariableAccount]
    version: str

    @property
    def text(self) -> str:
        """The account as it stands beside the year."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def of(cls, facts: Mapping[str, int | str]) -> YearAccount | None:
        """The account among what is known of a year; none of a year that was loaded before there were accounts."""
        if ACCOUNT not in facts:
            return None
        fields = json.loads(str(facts[ACCOUNT]))
        variables = {name: VariableAccount(**said) for name, said in fields.pop("variables").items()}
        return cls(**fields, variables=variables)


def differing(one: YearAccount, other: YearAccount) -> list[str] | None:
    """The variables in which two years differ, ``number`` where persons do; nothing is known across versions."""
    if one.version != other.version:
        return None
    names = list(dict.fromkeys([*one.variables, *other.variables]))
    return [name for name in names if _said(one, name) != _said(other, name)]


def _said(account: YearAccount, name: str) -> tuple[int, str] | None:
    said = account.variables.get(name)
    return (said.missing, said.digest) if said else None


class YearCounter:
    """Counts a year while its rows pass."""

    def __init__(self, register: CatalogueRegister, year: int) -> None:
        self._year, self._rows, self._outside_year = year, 0, 0
        self._known = {variable.name: variable for variable in register.variables}
        self._day = (register.year_by or register.day) if register.holds is Holds.EVENTS else None
        self._missing, self._outside = Counter[str](), Counter[str]()
        self._codes: dict[str, Counter[str]] = {}
        self._sums: dict[str, list[int]] = {}

    def watch(self, batches: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """The same batches, counted."""
        for batch in batches:
            self.add(batch)
            yield batch

    def add(self, rows: pl.DataFrame) -> None:
        """Counts some rows, which have ``number`` and the variables as the catalogue types them."""
        self._rows += rows.height
        persons = rows[NUMBER].hash(_SEED)
        self._add_to_digest(NUMBER, persons)
        for column in rows.drop(NUMBER).iter_columns():
            self._missing[column.name] += column.null_count()
            self._sums.setdefault(column.name, [0, 0])
            stated = column.is_not_null()
            if column.null_count() < rows.height:
                self._add_to_digest(column.name, (persons ^ column.hash(_SEED + 1)).filter(stated))
                self._add_values(column.filter(stated))

    def account(self, persons: int) -> YearAccount:
        """What has been counted; how many persons is known where the rows are sorted."""
        variables = {name: self._variable(name) for name in self._sums}
        return YearAccount(self._rows, persons, self._outside_year, variables, f"polars-{pl.__version__}")

    def _add_to_digest(self, name: str, hashes: pl.Series) -> None:
        sums = self._sums.setdefault(name, [0, 0])
        sums[0] += int((hashes & _LOW).sum())
        sums[1] += int((hashes // (_LOW + 1)).sum())

    def _add_values(self, values: pl.Series) -> None:
        variable = self._known.get(values.name)
        if variable is None:
            return
        if not variable.holds_in(self._year):
            self._outside[values.name] += values.len()
        elif variable.codes:
            self._add_codes(variable, values)
        if values.name == self._day:
            self._outside_year += int((_year_of(values) != self._year).sum())

    def _add_codes(self, variable: CatalogueVariable, values: pl.Series) -> None:
        allowed, found = variable.codes_in(self._year), self._codes.setdefault(variable.name, Counter())
        for code, count in values.cast(pl.String).value_counts().iter_rows():
            if code in allowed:
                found[code] += count
            else:
                self._outside[variable.name] += count

    def _variable(self, name: str) -> VariableAccount:
        summed = "|".join(map(str, self._sums[name]))
        digest = hashlib.sha256(summed.encode()).hexdigest()[:32]
        codes = dict(sorted(self._codes.get(name, {}).items()))
        return VariableAccount(self._missing[name], self._outside[name], codes, digest)


def _year_of(days: pl.Series) -> pl.Series:
    """The year of a day, written as a date or as a text that begins with its year."""
    if days.dtype == pl.Date:
        return days.dt.year().cast(pl.Int64)
    return days.cast(pl.String).str.slice(0, 4).cast(pl.Int64, strict=False).fill_null(0)
