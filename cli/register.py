"""``samkorning register list|show``: the authority's own registers, what they contain and what is loaded of them.

What belongs here: showing. What must not: loading a year (register_loading), or extraction.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.table import Table

from assets.steps.intake.register_years import findings_of, waiting_years
from cli.parameters import register_name
from cli.session import console, session
from samkorning.case.inputs import Unit
from samkorning.own_registers.account import YearAccount, differing
from samkorning.own_registers.catalogue import CatalogueRegister, CatalogueVariable, Validity
from samkorning.vault import Generation

app = typer.Typer(help="Own registers.", no_args_is_help=True)


@app.command(name="list")
def list_registers() -> None:
    """The registers of the catalogue, the years that are loaded of each, and what waits for a person."""
    desk = session.desk
    present, waiting = desk.registers.generations(), waiting_years(desk)
    loaded = [_loaded(unit, each) for unit, each in sorted(present.items())]
    known = [_entry(register, loaded) for register in desk.catalogue.registers]
    waits = [{"register": name, "year": year, "why": why} for (name, year), why in sorted(waiting.items())]

    def show() -> None:
        table = Table("register", "part of", "title", "years", "rows")
        for entry in known:
            years = [str(year) for year in entry["years"]]
            spans = f"{years[0]}-{years[-1]} ({len(years)})" if len(years) > 1 else "".join(years)
            title = f"{entry['title_sv']}{' (barred)' if entry['barred'] else ''}"
            table.add_row(entry["register"], entry["part_of"] or "", title, spans, str(entry["rows"] or ""))
        console.print(table)
        for each in waits:
            console.print(f"{each['register']} {each['year']} waits for a person: {each['why']}", markup=False)

    session.answer({"registers": loaded, "catalogue": known, "waiting": waits}, show)


@app.command()
def show(
    register: Annotated[str, typer.Argument(help="Name in the register catalogue.", callback=register_name)],
) -> None:
    """The variables of a register with periods, value sets and classifications, and how its loaded years stand."""
    desk = session.desk
    entry = desk.catalogue.register(register)
    answer = {
        **_entry(entry, [_loaded(unit, each) for unit, each in _years(register).items()]),
        "variables": [variable.model_dump(mode="json", exclude_defaults=True) for variable in entry.variables],
        "loaded": [_year_of(entry, unit, each) for unit, each in sorted(_years(register).items())],
        "findings": [{"year": year, "check": check, "said": said} for year, check, said in findings_of(desk, register)],
    }
    session.answer(answer, lambda: _print_register(entry, answer))


def _years(register: str) -> Mapping[Unit, Generation]:
    present = session.desk.registers.generations()
    return {unit: each for unit, each in present.items() if unit.source == register.lower()}


def _loaded(unit: Unit, generation: Generation) -> dict[str, Any]:
    account = YearAccount.of(generation.facts)
    persons = {"persons": account.persons} if account else {}
    return {"register": unit.source.upper(), "year": unit.period, "rows": generation.rows, **persons}


def _entry(register: CatalogueRegister, loaded: list[dict[str, Any]]) -> dict[str, Any]:
    own = [each for each in loaded if each["register"] == register.name]
    return {
        "register": register.name,
        "title_sv": register.title_sv,
        "title_en": register.title_en,
        "part_of": register.part_of,
        "standing": register.standing.value,
        "holds": register.holds.value,
        "barred": register.barred,
        "covers": _period(register),
        "years": [each["year"] for each in own],
        "rows": sum(each["rows"] for each in own),
    }


def _year_of(register: CatalogueRegister, unit: Unit, generation: Generation) -> dict[str, Any]:
    """A loaded year against the catalogue, and against how it was loaded before."""
    account, year = YearAccount.of(generation.facts), unit.period or 0
    if account is None:
        return {**_loaded(unit, generation), "checked": False}
    wanted = [variable.name for variable in register.variables if variable.holds_in(year)]
    said = account.variables
    return {
        **_loaded(unit, generation),
        "checked": True,
        "generation": generation.number,
        "accepted": bool(generation.facts.get("accepted")),
        "not_in_year": [name for name in wanted if name not in said],
        "empty": [name for name in wanted if name in said and said[name].missing == account.rows > 0],
        "outside": {name: each.outside for name, each in said.items() if each.outside},
        "outside_year": account.outside_year,
        "differs_from_before": _differs_from_before(unit, account),
    }


def _differs_from_before(unit: Unit, account: YearAccount) -> list[str] | None:
    """The variables that differ from how the year was loaded before; nothing where it has been loaded once."""
    earlier = session.desk.registers.history(unit)[:-1]
    before = YearAccount.of(earlier[-1].facts) if earlier else None
    return differing(before, account) if before else None


def _period(validity: Validity) -> str:
    """``1987-1996``, ``1997-``, or nothing where it is bounded nowhere."""
    if validity.from_year is None and validity.to_year is None:
        return ""
    return f"{validity.from_year or ''}-{validity.to_year or ''}"


def _print_register(register: CatalogueRegister, answer: dict[str, Any]) -> None:
    console.print(f"[bold]{register.name}[/bold] {register.title_sv} ({register.title_en}), {answer['covers']}")
    if register.barred:
        console.print(f"barred: {register.barred}", markup=False)
    table = Table("variable", "type", "what it is", "years", "value set or classification")
    for variable in register.variables:
        table.add_row(
            variable.name, f"{variable.type} {variable.length}", variable.label_sv, _period(variable), _values(variable)
        )
    console.print(table)
    for variable in register.variables:
        for each in variable.breaks:
            console.print(f"{variable.name}: break in {each.year}: {each.note_sv}", markup=False)
    loaded = Table("year", "rows", "persons", "empty variables", "differs from how it was loaded before")
    for year in answer["loaded"]:
        differs = year.get("differs_from_before")
        counts = (str(year[each]) if each in year else "" for each in ("rows", "persons"))
        loaded.add_row(str(year["year"]), *counts, ", ".join(year.get("empty", [])), ", ".join(differs or []))
    console.print(loaded)
    for found in answer["findings"]:
        console.print(f"{found['year']}: {found['check'].replace('_', ' ')}: {found['said']}", markup=False)


def _values(variable: CatalogueVariable) -> str:
    codes = ", ".join(f"{each.code} {each.label_sv}" for each in variable.codes[:6])
    more = f" and {len(variable.codes) - 6} more" if len(variable.codes) > 6 else ""
    systems = ", ".join(f"{each.system} {_period(each)}".strip() for each in variable.systems)
    stands_for = f"{variable.identifies.value}: delivered as {variable.delivered_name}" if variable.identifies else ""
    return "; ".join(each for each in (codes + more, systems, stands_for, variable.unit or "") if each)
