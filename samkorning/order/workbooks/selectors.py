"""The diagnosis and ATC selectors of an order's workbook.

What belongs here: their rows ↔ code lists, event groups, the selection of the population, and what is extracted. What
must not: what a selection means (samkorning.own_registers.selection).

Rows of one group are one code list, sought together by one event group. A group of the role population is in the
selection that the population is drawn by; one of the role extraction says which rows of its registers are taken.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from samkorning.order.code_files import DIGITS, PROBLEMS, read_codes
from samkorning.order.document import Path
from samkorning.order.workbooks.gathered import FilledSheet, Gathered, ListRow, list_rows
from samkorning.order.workbooks.nested import get_in
from samkorning.order.workbooks.words import BELOW, EXACT, EXTRACTION_ROLE, INTERVAL, POPULATION_ROLE
from samkorning.own_registers.catalogue.models import CodeSystem, Position

STUDY = "study_population"
"""The selection that the selectors make."""
SPECIFICATION: Path = ("specification",)
OF_DRUGS = {"registers": ["LMED"], "positions": [Position.DRUG.value], "system": CodeSystem.ATC.value}
ALIKE = ("registers", "positions", "first_day", "last_day", "take", "detail", "because")
"""What the rows of a group say once, or alike."""


@dataclass
class Group:
    """The rows of one group."""

    name: str
    role: str
    rows: list[ListRow] = field(default_factory=list)
    said: dict[str, Any] = field(default_factory=dict)
    where: dict[str, ListRow] = field(default_factory=dict)

    def take(self, row: ListRow, said: Mapping[str, Any]) -> None:
        """Takes a row up; a fault where it says something else than a row before it."""
        self.rows.append(row)
        for key in ALIKE:
            if key not in said:
                continue
            if self.said.setdefault(key, said[key]) != said[key]:
                row.fault(
                    key, "is another than above in the same group", "write the same, or give the rows another group"
                )
            self.where.setdefault(key, row)


def read_selectors(gathered: Gathered, diagnoses: Iterable[FilledSheet], drugs: Iterable[FilledSheet]) -> None:
    """Takes what both selectors say. The variable list must have been read."""
    groups: dict[str, Group] = {}
    for kind, sheets in (("diagnoses", diagnoses), ("drugs", drugs)):
        for row in (row for filled in sheets for row in list_rows(gathered, filled)):
            said = {**row.values, **(OF_DRUGS if kind == "drugs" else {})}
            if row.wrong or not row.has("role", "code"):
                continue
            name = group_name(row.get("group"), kind, said["role"])
            group = groups.setdefault(name, Group(name, said["role"]))
            if group.role != said["role"]:
                row.fault("role", "is another than above in the same group", "give the rows another group")
                continue
            group.take(row, said)
    for group in groups.values():
        _put_group(gathered, group)
    _put_population(gathered, [group for group in groups.values() if group.role == POPULATION_ROLE])
    for group in groups.values():
        if group.role == EXTRACTION_ROLE:
            _put_extraction(gathered, group)
        _put_detail(gathered, group)


def group_name(written: str | None, kind: str, role: str) -> str:
    """The name of a group in the order: as it is written, in small letters without å, ä, ö and blanks."""
    if not written:
        return f"{kind}_{role}"
    plain = written.casefold().translate(str.maketrans("åäöé", "aaoe"))
    return "_".join(filter(None, "".join(each if each.isalnum() and each.isascii() else " " for each in plain).split()))


def _put_group(gathered: Gathered, group: Group) -> None:
    """The code list and the event group."""
    first, said = group.rows[0], group.said
    lists = (*SPECIFICATION, "code_lists", len(get_in(gathered.value, (*SPECIFICATION, "code_lists")) or ()))
    events = (*SPECIFICATION, "events", len(get_in(gathered.value, (*SPECIFICATION, "events")) or ()))
    for path in (lists, events):
        gathered.put((*path, "name"), group.name, first.place("group" if "group" in first.columns else "code"))
        gathered.places[path] = first.place("code")
    _put_codes(gathered, lists, group)
    gathered.put((*events, "registers"), said["registers"], _at(group, "registers"))
    gathered.put((*events, "codes"), {"list": group.name, "positions": said["positions"]}, _at(group, "positions"))
    gathered.places[(*events, "codes", "positions")] = _at(group, "positions")
    days = {key: said[key] for key in ("first_day", "last_day") if key in said}
    if days:
        gathered.put((*events, "dates"), days, _at(group, next(iter(days))))
    if "take" in said:
        gathered.put((*events, "take"), said["take"], _at(group, "take"))


def _at(group: Group, key: str) -> Any:
    row = group.where.get(key, group.rows[0])
    return row.place(key if key in row.columns else "code")


def _put_codes(gathered: Gathered, path: Path, group: Group) -> None:
    counts: dict[Path, int] = {}
    for row in group.rows:
        system = row.get("system") or OF_DRUGS["system"]
        pattern = pattern_of(row, CodeSystem(str(system)))
        if pattern is None:
            continue
        below = (*path, "except_codes" if row.get("leaves_out") else "codes", str(system))
        gathered.put((*below, counts.get(below, 0)), pattern, row.place("code"))
        counts[below] = counts.get(below, 0) + 1
    if not any("codes" in below for below in counts):
        group.rows[0].fault("code", "the group has no code that is sought", "write a code that is not left out")
        gathered.put((*path, "codes"), {CodeSystem.ATC.value: ["A"]}, group.rows[0].place("code"))


def pattern_of(row: ListRow, system: CodeSystem) -> str | None:
    """The pattern of a row's code, as the order writes it; nothing, and a fault, where it is none.

    A code in double quotes is text for certain, whatever Excel would make of it.
    """
    code, last, form = (str(row.get(key) or "") for key in ("code", "last", "form"))
    quoted = code.startswith('"') and code.endswith('"') and len(code) > 2
    code, last = code.strip('"'), last.strip('"')
    if (form == INTERVAL or last) and "-" not in code:
        if not last or form in (EXACT, BELOW):
            row.fault("last", "an interval needs its last code, and is no other form", "write it, or choose intervall")
            return None
        code = f"{code}-{last}"
    code = f"{code}*" if ("-" in code or form == BELOW) and not code.endswith("*") else code
    if form == EXACT and "*" in code:
        row.fault("code", "is no single code", "write the code alone, or choose another form")
        return None
    read = read_codes([code], system, not quoted, False)
    for fault in read.faults:
        problem, remedy = PROBLEMS[fault]
        remedy = 'write it in double quotes, with the zeros that it has: "0011"' if fault == DIGITS else remedy
        row.fault("code", problem.format(system=system).replace("hold", "holds", 1), remedy)
    return next(iter(read.codes), None)


def _put_population(gathered: Gathered, groups: list[Group]) -> None:
    """The selection of all persons who are in one of the groups, and that the population is drawn by it."""
    if not groups:
        return
    place = groups[0].rows[0].place("role")
    names = [group.name for group in groups]
    selection: dict[str, Any] = {"name": STUDY, "all_of" if len(names) == 1 else "any_of": names}
    if len(names) == 1 and groups[0].said.get("take") in ("first", "last"):
        selection["index_date"] = names[0]
    path = (*SPECIFICATION, "selections", len(get_in(gathered.value, (*SPECIFICATION, "selections")) or ()))
    gathered.put(path, selection, place)
    gathered.put((*SPECIFICATION, "population", "drawn", "selection"), STUDY, place)


def _put_extraction(gathered: Gathered, group: Group) -> None:
    """Which rows of each register of the group are taken."""
    for name in group.said["registers"]:
        path = _own(gathered, name)
        if path is None:
            problem = f"{name} has no variable in the variable list"
            group.rows[0].fault(
                "registers" if "registers" in group.where else "code", problem, "list its variables there"
            )
        elif get_in(gathered.value, (*path, "events")) is not None:
            problem = f"{name} has its rows taken by another group already"
            group.rows[0].fault(
                "group" if "group" in group.rows[0].columns else "code", problem, "give the rows one group"
            )
        else:
            gathered.put((*path, "events"), group.name, group.rows[0].place("code"))


def _put_detail(gathered: Gathered, group: Group) -> None:
    """The codes of the group's positions that are delivered with fewer characters (R08)."""
    if "detail" not in group.said:
        return
    cut = {"characters": group.said["detail"], "because": group.said.get("because", "")}
    if not cut["because"]:
        group.where["detail"].fault("because", "is empty", "say why fewer characters are delivered")
        cut["because"] = "?"
    for name in group.said["registers"]:
        path, entry = _own(gathered, name), gathered.catalogue.find(name)
        if path is None or entry is None:
            continue
        ordered = get_in(gathered.value, (*path, "variables")) or ()
        held = [each.name for each in entry.variables if each.position in group.said["positions"]]
        cuts = [{"variable": each, **cut} for each in ordered if each in held]
        gathered.put((*path, "cut_codes"), cuts, group.where["detail"].place("detail"))


def _own(gathered: Gathered, name: str) -> Path | None:
    """Where the order has an own register."""
    owns = get_in(gathered.value, (*SPECIFICATION, "own_registers")) or ()
    found = next((number for number, own in enumerate(owns) if own.get("register_name") == name), None)
    return None if found is None else (*SPECIFICATION, "own_registers", found)
