"""Random specifications with event groups and selections, and small random registers for them.

What belongs here: a grammar of all that the blocks can say, and rows at the borders: ties, ends of months and years,
29 February, gaps of residence, years in which classifications change. What must not: expectations (selection_oracle).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from samkorning.order import Specification
from samkorning.order.selection_rules import selection_findings
from samkorning.own_registers.catalogue import CodeSystem
from tests.property.selection_oracle import Held
from tests.registers_for_selection import CATALOGUE, SCHEMAS, specification

BORDERS = [
    date.fromisoformat(text)
    for text in (
        "2200-12-31", "2201-01-01", "2203-02-28", "2203-03-01", "2203-12-31", "2204-01-01", "2204-01-31", "2204-02-01",
        "2204-02-28", "2204-02-29", "2204-03-01", "2204-12-31", "2205-01-01", "2205-02-28", "2205-03-01",
    )
]  # fmt: skip
VALUES = {
    "icd": ["E10", "E10.9", "e109", "E14", "E149X", "E1", "I63.1", "I64", "I64-", " 250A", "250", "2500", "433,0",
            "ß64"],
    "kva": ["QXB00", "qxb00 ", "QXB05", "QX", "ÅAB01"],
    "atc": ["A10AB01", "A10AE", "a10b", "C09AA05", "A10"],
}  # fmt: skip
KINDS = {CodeSystem.KVA: "kva", CodeSystem.ATC: "atc"}
YEARS = range(2200, 2206)
AREAS = ["0180", "0181", "1480", "1481", "01", "14"]
REGISTERS = [["PAR_SV"], ["PAR_OV"], ["LMED"], ["DORS"], ["NO_DAY"], ["PAR_SV", "PAR_OV"], ["PAR_SV", "DORS"],
             ["PAR_OV", "PAR_SV", "DORS"], ["NO_DAY", "DORS"], ["PAR_SV", "LMED"]]  # fmt: skip
POSITIONS = {
    register.name: [variable.position.value for variable in register.variables if variable.position]
    for register in CATALOGUE.registers
}


def held(chance: Random) -> Held:
    """Registers of few persons and few days, so that much coincides."""
    return Held(
        {name: {year: list(_rows(chance, name, year)) for year in _years_of(name)} for name in SCHEMAS},
        list(_persons(chance)),
        list(_residence(chance)),
        [(person, chance.choice([*BORDERS, None])) for person in chance.choices(range(1, 8), k=8)],
    )


def specifications(chance: Random, number: int) -> tuple[Specification, list[list[str]]]:
    """One specification that holds so many random ones beside each other, and the names of each."""
    lists, groups, selections, names = list[Any](), list[Any](), list[Any](), list[list[str]]()
    while len(names) < number:
        blocks = _blocks(chance, f"s{len(names)}")
        alone = specification(*blocks[1], selections=blocks[2], code_lists=blocks[0])
        if not selection_findings(alone, CATALOGUE):
            lists, groups, selections = lists + blocks[0], groups + blocks[1], selections + blocks[2]
            names.append([each["name"] for each in (*blocks[1], *blocks[2])])
    return specification(*groups, selections=selections, code_lists=lists), names


def _blocks(chance: Random, prefix: str) -> tuple[list[Any], list[Any], list[Any]]:
    """Code lists, groups and selections of one specification; some break a rule."""
    groups: list[dict[str, Any]] = []
    lists = [{"name": f"{prefix}_list{n}", **_code_list(chance)} for n in range(chance.choice([1, 1, 2]))]
    for n in range(chance.choice([1, 2, 2, 3, 4])):
        earlier = [each["name"] for each in groups if each.get("take", "every") != "every"]
        groups.append({"name": f"{prefix}_g{n}", **_group(chance, [each["name"] for each in lists], earlier)})
    sought = {group["codes"]["list"] for group in groups if "codes" in group}
    selections: list[dict[str, Any]] = []
    for n in range(chance.choice([1, 1, 2])):
        members = [each["name"] for each in (*groups, *selections)]
        dated = [each["name"] for each in groups if each.get("take", "every") != "every"]
        selections.append({"name": f"{prefix}_u{n}", **_selection(chance, members, dated)})
    return [each for each in lists if each["name"] in sought], groups, selections


def _code_list(chance: Random) -> dict[str, Any]:
    systems = chance.sample(list(CodeSystem), chance.choice([3, 4, 5, 7]))
    codes = {system.value: _patterns(chance, system, chance.choice([1, 2, 3])) for system in systems}
    left_out = {system.value: _patterns(chance, system, 1) for system in systems if chance.random() < 0.2}
    return {"codes": codes, "except_codes": left_out}


def _patterns(chance: Random, system: CodeSystem, number: int) -> list[str]:
    return [_pattern(chance, VALUES[KINDS.get(system, "icd")]) for _ in range(number)]


def _pattern(chance: Random, values: list[str]) -> str:
    codes = ["".join(each for each in value if each.isalnum() and each != "ß").upper() for value in values]
    one, other = chance.choice(codes), chance.choice(codes)
    kind = chance.choice(["exact", "begins", "begins", "interval"])
    if kind == "exact":
        return one
    length = chance.randint(1, min(len(one), len(other)))
    first, last = sorted((one[:length], other[:length]))
    return f"{first}-{last}*" if kind == "interval" else f"{one[:length]}*"


def _group(chance: Random, lists: list[str], earlier: list[str]) -> dict[str, Any]:
    registers = chance.choice(REGISTERS)
    positions = {chance.choice(POSITIONS[name]) for name in registers for _ in range(chance.choice([1, 1, 2, 3]))}
    sometimes: dict[str, Any] = {
        "dates": _window(chance, BORDERS),
        "ages": dict(zip(("lowest", "highest"), sorted(chance.choices(range(6), k=2)), strict=True)),
        "sex": chance.choice([1, 2]),
        "areas": chance.sample(AREAS, chance.choice([1, 2])),
        "free_days": chance.choice([1, 1, 2, 28, 31, 59, 365, 366]),
        "at_least": chance.choice([2, 2, 3]),
        "take": chance.choice(["first", "last", 1, 2, 3]),
        "around": {"of": chance.choice([*earlier, *earlier, "index_date"]), **_days(chance)},
        "codes": {"list": chance.choice(lists), "positions": sorted(positions)},
    }
    likely = {"codes": 0.9, "free_days": 0.3, "take": 0.5, "around": 0.4, "ages": 0.15, "areas": 0.15, "sex": 0.15}
    stated = {name: said for name, said in sometimes.items() if chance.random() < likely.get(name, 0.2)}
    return {"registers": registers, **stated}


def _window(chance: Random, days: list[date]) -> dict[str, str]:
    first, last = sorted(chance.choices(days, k=2))
    window = {"first_day": first.isoformat(), "last_day": last.isoformat()}
    for name in list(window)[: chance.choice([0, 0, 1])]:
        del window[name]
    return window


def _days(chance: Random) -> dict[str, int]:
    first, last = sorted(chance.choices([-366, -365, -31, -1, 0, 1, 28, 29, 365, 366], k=2))
    return {
        name: days
        for name, days in (("first_day", first), ("last_day", last))
        if chance.random() < 0.8
    }  # fmt: skip


def _selection(chance: Random, members: list[str], dated: list[str]) -> dict[str, Any]:
    names = chance.sample(members, min(len(members), chance.choice([1, 2, 3, 4])))
    said: dict[str, list[str]] = {"all_of": [], "any_of": [], "none_of": []}
    for place, name in enumerate(names):
        said[chance.choice(["all_of", "any_of"] if place == 0 else list(said))].append(name)
    days = [name for name in said["all_of"] if name in dated] or dated
    return {**said, **({"index_date": chance.choice(days)} if days and chance.random() < 0.6 else {})}


def _years_of(name: str) -> list[int]:
    begins = CATALOGUE.register(name).from_year or YEARS[0]
    return [year for year in YEARS if year >= begins]


def _rows(chance: Random, name: str, year: int) -> Iterator[dict[str, Any]]:
    for _ in range(chance.choice([0, 1, 3, 6])):
        row = {"person": chance.randint(1, 7)}
        for variable in CATALOGUE.register(name).variables:
            if variable.position is not None:
                kind = {"procedure": "kva", "drug": "atc"}.get(variable.position, "icd")
                row[variable.name] = chance.choice([*VALUES[kind], None])
            elif variable.type == "date":
                row[variable.name] = _day(chance, year)
            else:
                written = _day(chance, year)
                days = [written.strftime("%Y%m%d") if written else None, f"{year}0000", f"{year}0230", f"{year}05"]
                row[variable.name] = chance.choice([days[0], *days])
        yield row


def _day(chance: Random, year: int) -> date | None:
    """A day near a border, mostly of the register year."""
    near = [day for day in BORDERS if day.year == year] or BORDERS
    day = chance.choice([*near, *near, *BORDERS]) + timedelta(chance.choice([0, 0, 0, -1, 1, 27]))
    return chance.choice([day] * 9 + [None])


def _persons(chance: Random) -> Iterator[tuple[int, date | None, int | None]]:
    for person in range(1, 7):  # the seventh is in no register of persons
        born = chance.choice([*BORDERS, date(2200, 2, 28), date(2196, 2, 29), date(2202, 3, 1), None])
        yield person, born, chance.choice([1, 2, None])


def _residence(chance: Random) -> Iterator[tuple[int, date, date | None, str]]:
    for person in range(1, 8):
        for _ in range(chance.choice([0, 1, 2])):
            first, last = sorted(chance.choices(BORDERS, k=2))
            yield person, first, chance.choice([last, last, None]), chance.choice(AREAS[:4])
