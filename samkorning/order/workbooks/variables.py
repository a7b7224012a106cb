"""The variable list of an order's workbook, one for all registers: own registers, holders' files, the population.

What belongs here: its rows ↔ variables and columns. What must not: who sends a file (holders), or which codes are
sought (selectors). A metadata tool's export has the same columns, with a row for each year or period of a variable.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from samkorning.order.document import Path
from samkorning.order.workbooks.cells import text_of
from samkorning.order.workbooks.columns import Language
from samkorning.order.workbooks.gathered import FilledSheet, Gathered, ListRow, list_rows
from samkorning.order.workbooks.nested import get_in
from samkorning.order.workbooks.sheets import VARIABLES
from samkorning.own_registers.catalogue import CatalogueRegister

POPULATION, HISTORY = "POPULATION", "NUMBER_HISTORY"
FILES: dict[str, Path] = {
    "population": ("specification", "population", "file"),
    "studiepopulation": ("specification", "population", "file"),
    "number_history": ("specification", "number_history"),
    "nummerhistorik": ("specification", "number_history"),
}
"""Files of the order that are no source, by what the list calls them."""
OWN: Path = ("specification", "own_registers")
SOURCES: Path = ("specification", "sources")
_RUN = re.compile(r"([A-Za-z_]+)([0-9]+) ?- ?\1([0-9]+)")
Row = Mapping[str, Any]


def read_variables(gathered: Gathered, sheets: Iterable[FilledSheet]) -> None:
    """Takes what the variable lists say. Holders and the population must have been read."""
    rows = [row for filled in sheets for row in list_rows(gathered, filled) if row.has("register")]
    by_register: dict[str, list[ListRow]] = {}
    for row in rows:
        by_register.setdefault(row.get("register").casefold(), []).append(row)
    sources = [source.get("name") for source in get_in(gathered.value, SOURCES) or ()]
    for name, of_register in by_register.items():
        if name in sources:
            _of_source(gathered, (*SOURCES, sources.index(name)), of_register)
        elif name in FILES:
            _columns(gathered, (*FILES[name], "columns"), of_register)
        else:
            _of_register(gathered, name.upper(), of_register)


def _of_register(gathered: Gathered, name: str, rows: list[ListRow]) -> None:
    entry = gathered.catalogue.find(name)
    if entry is None:
        for row in rows[:1]:
            problem = "is neither an own register nor a source of the sheet Registerhållare (Register holders)"
            row.fault("register", problem, f"use one of {', '.join(gathered.catalogue.names)}, or add the source there")
        return
    path = (*OWN, len(get_in(gathered.value, OWN) or ()))
    gathered.put((*path, "register_name"), name, rows[0].place("register"))
    gathered.places[path] = rows[0].place("register")
    _period(gathered, path, rows)
    for field in ("repeats_until", "about"):
        _alike(gathered, (*path, field), field, rows)
    named = [(variable, row) for row in rows for variable in _variables(entry, row)]
    once = dict(reversed(named))
    for number, (variable, row) in enumerate(each for each in named if once[each[0]] is each[1]):
        gathered.put((*path, "variables", number), variable, row.place("variable"))
    gathered.places[(*path, "variables")] = rows[0].place("variable")


def _variables(entry: CatalogueRegister, row: ListRow) -> Iterator[str]:
    """The variables that a row names, as the catalogue spells them; ``DIA1-DIA30`` is all of these."""
    spelled = {variable.name.casefold(): variable.name for variable in entry.variables}
    written = row.get("variable")
    run = _RUN.fullmatch(written or "")
    named = [f"{run[1]}{number}" for number in range(int(run[2]), int(run[3]) + 1)] if run else [written]
    for each in filter(None, named):
        if each.casefold() not in spelled:
            row.fault("variable", f"{entry.name} has no such variable", "use a name of the register catalogue")
            return
        yield spelled[each.casefold()]


def _period(gathered: Gathered, path: Path, rows: list[ListRow]) -> None:
    """The period of a register: that of its rows, which have to agree; several rows of a variable join theirs."""
    years: dict[str, set[int]] = {}
    last_row: dict[str, ListRow] = {}
    for row in rows:
        span = _span(row)
        if span and row.has("variable"):
            years.setdefault(row.get("variable").casefold(), set()).update(range(span[0], span[1] + 1))
            last_row[row.get("variable").casefold()] = row
    if not years:
        if not any(row.wrong & {"period", "from_year", "to_year"} for row in rows):
            rows[0].fault("period" if "period" in rows[0].columns else "from_year", "is empty", "write the years")
        for field, year in (("from_year", 2015), ("to_year", 2020)):
            gathered.examples[(*path, field)] = year
        return
    first, common = next(iter(years.items()))
    if common != set(range(min(common), max(common) + 1)):
        last_row[first].fault("variable", "has years between which some are missing", "give one period without a gap")
    for variable, found in years.items():
        if found != common:
            problem = "has another period than the variables above it of the same register"
            last_row[variable].fault("variable", problem, "give all variables of a register one period")
    place = rows[0].place("period" if rows[0].has("period") else "from_year")
    gathered.put((*path, "from_year"), min(common), place)
    gathered.put((*path, "to_year"), max(common), place)


def _span(row: ListRow) -> tuple[int, int] | None:
    """The years of a row, by its period or by its first and last year."""
    if row.has("period"):
        first, last = row.get("period")
    elif row.has("from_year", "to_year"):
        first, last = row.get("from_year"), row.get("to_year")
    else:
        if row.has("from_year") or row.has("to_year"):
            row.fault("to_year" if row.has("from_year") else "from_year", "is empty", "write both years")
        return None
    if last < first or last - first > 400:
        row.fault("period" if row.has("period") else "to_year", "comes before the first year", "put the years in order")
        return None
    return first, last


def _alike(gathered: Gathered, path: Path, key: str, rows: list[ListRow]) -> None:
    """What rows of one register say alike, or leave empty."""
    said = [row for row in rows if row.has(key)]
    for row in said[1:]:
        if row.get(key) != said[0].get(key):
            row.fault(key, "is another than above for the same register", "write the same, or leave it empty")
    if said:
        gathered.put(path, said[0].get(key), said[0].place(key))


def _of_source(gathered: Gathered, path: Path, rows: list[ListRow]) -> None:
    """The columns of a holder's file, and which of them are delivered where some are not."""
    _columns(gathered, (*path, "file", "columns"), rows)
    gathered.places[path] = gathered.places.get(path, rows[0].place("register"))
    if any(row.get("deliver") is False for row in rows):
        delivered = [row.get("variable") for row in rows if row.has("variable") and row.get("deliver") is not False]
        keys = {each.get("column") for each in get_in(gathered.value, (*path, "identifiers")) or ()}
        gathered.put((*path, "deliver"), [each for each in delivered if each not in keys], rows[0].place("deliver"))


def _columns(gathered: Gathered, path: Path, rows: list[ListRow]) -> None:
    for number, row in enumerate(row for row in rows if row.has("variable")):
        row.put((*path, number), name="variable", label="label", type="type", codes="codes")
        gathered.places[(*path, number)] = row.place("variable")


def variable_rows(
    given: Mapping[str, Any], find: Mapping[str, CatalogueRegister], language: Language
) -> Iterator[dict[str, str]]:
    """The rows of the variable list that say an order's variables, as far as such rows can."""
    specification = given["specification"]
    for own in specification.get("own_registers", ()):
        yield from _own_rows(own, find.get(own["register_name"]), language)
    for source in specification.get("sources", ()):
        yield from _column_rows(source["name"], source["file"].get("columns", ()), source.get("deliver"), language)
    for name, path in ((POPULATION, FILES["population"]), (HISTORY, FILES["number_history"])):
        yield from _column_rows(name, (get_in(given, path) or {}).get("columns", ()), None, language)


def _own_rows(own: Row, entry: CatalogueRegister | None, language: Language) -> Iterator[dict[str, str]]:
    labels = (
        {each.name: each.label_sv if language == "sv" else each.label_en for each in entry.variables} if entry else {}
    )
    span = {"period": (own["from_year"], own["to_year"])}
    for variable in own["variables"]:
        said = {"register": own["register_name"], "variable": variable, "label": labels.get(variable, ""), **span}
        yield _texts({**said, "repeats_until": own.get("repeats_until"), "about": own.get("about")}, language)


def _column_rows(name: str, columns: Iterable[Row], deliver: Any, language: Language) -> Iterator[dict[str, str]]:
    for column in columns:
        said = {"register": name, "variable": column["name"], "label": column.get("label")}
        kept = deliver is None or column["name"] in deliver
        also = {"type": column.get("type"), "codes": column.get("codes"), "deliver": None if kept else False}
        yield _texts({**said, **also}, language)


def _texts(said: Row, language: Language) -> dict[str, str]:
    found = {column.key: text_of(column, said.get(column.key), language) for column in VARIABLES.columns}
    return {key: text for key, text in found.items() if text}
