"""The page of the own registers: what the register catalogue that ships says, how a year is loaded, and its checks.

What belongs here: turning the catalogue into a page. What must not: what it says (data/registers).
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from resources.catalogue import CatalogueFolder
from samkorning.own_registers.catalogue import CatalogueRegister, CatalogueVariable, Standing, Validity, words
from samkorning.own_registers.year_checks import CHECKS, STOPPING

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "registers"
KINDS = {
    Standing.STATISTICAL: "Statistical registers",
    Standing.ADMINISTRATIVE: "Beside them",
    Standing.POPULATION: "The population",
}


def _listed(some: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in some)


HEAD = """# Own registers

What an order can name, from the register catalogue in `data/registers`: one YAML file a register. It is sample
metadata, modest and plausible, from the public documentation of the registers; an authority imports its own over it.
`samkorning register show NAME` tells all that stands here of one register, and how its loaded years stand.

## Loading a year

    samkorning register load PAR_SV 2219 FILE
    samkorning register load PAR_SV 2219 --from-postgresql SCHEMA.TABLE
    samkorning register accept|refuse PAR_SV 2219 --reason …

In the page the same are the jobs `register_load`, `register_accept` and `register_refuse`. While `samkorning up` runs,
a year that is laid as `register_inbox/PAR_SV/2219.parquet` (or `.csv`) with an empty `2219.parquet.done` beside it is
loaded by itself; the file leaves when it is safe, and is set aside under `refused` where it cannot be read.

From PostgreSQL a table or view that holds the year is read, read only and by the catalogue's columns alone, whatever
case their names are written in; the connection string stands in the file that `postgresql_file` in config.yaml names,
which its owner alone can read. It needs the extra `postgresql`, which `make installed` brings.

`number` is a national number of twelve digits. A file that has a column `issuer` may hold other numbers beside it:
reserve numbers of a region or the nation, persons without check digit (`national`), T numbers (`social_services`). They
are read as in a holder's file, and found in cases whose population has them from that issuer; selections and controls
find persons by national numbers alone.

The file is CSV with semicolons in UTF-8, or Parquet, with the column `number` and the variables that the catalogue has
in the year, by their names; others are not read, and those that the year does not have may be left out. Every value is
exactly what its type can hold, or the year is refused with counts by variable. In the same pass the year is held
against the same year as it stands, else against the year before:

| check | what is looked for | a year in which it is found |
|---|---|---|
"""
AFTER_CHECKS = """
A year that waits is used by nothing; what stood before goes on standing, and where nothing did, nothing is there. A
person accepts or refuses it with a reason, which the audit log keeps. A year that is loaded again tells each case that
took it in which of its variables it differs (`case show`). A register that is barred is neither loaded, ordered nor
extracted (R06). Codes are written without dots.
"""


WORKBOOKS = f"""
## Importing metadata

    samkorning register import WORKBOOK [--check]

An authority publishes one metadata workbook (xlsx) a register. An import takes it into the home's own entries, whole or
not at all, tells what differs from the entry before, and is recorded with the workbook's hash; the same again changes
nothing. Every fault is named by sheet, row and column. What ships with the program is never written to. A change of
what is said of an ordered variable asks for the code review again (R12).

- Sheet `{words.DESCRIPTION}`, columns `{words.PROPERTY}` and `{words.VALUE}`: {_listed(words.PROPERTIES)}.
  Needed are {_listed(words.NEEDED_PROPERTIES)}; further properties are not taken.
- Sheet `{words.VARIABLES}`, one row a variable: {_listed(words.VARIABLE_COLUMNS)}.
  `{words.TYPE}` is {_listed(words.TYPES)}. `{words.SYSTEMS}` is written `ICD-9 1987-1996; ICD-10-SE 1997-`,
  `{words.BREAKS}` `1997: på svenska | in English`. `{words.POSITION}` is {_listed(words.POSITIONS)};
  `{words.IDENTIFIES}` is {_listed(words.STANDS_FOR)}, with the name of its serial number beside it.
- Sheets whose names begin with `{words.CODE_LISTS}`, one row a code: {_listed(words.CODE_COLUMNS)}.
  Codes are text cells, so that zeros in front stay.
"""


def page() -> str:
    """The page, without the line that says who wrote it."""
    catalogue = CatalogueFolder(SHIPPED, SHIPPED / "none")
    lines = [HEAD.rstrip("\n")]
    for check in CHECKS:
        outcome = "waits for a person" if check.__name__ in STOPPING else "stands; it is said"
        lines.append(f"| {check.__name__.replace('_', ' ')} | {(check.__doc__ or '').strip()} | {outcome} |")
    lines += [AFTER_CHECKS, WORKBOOKS.strip("\n") + "\n"]
    for standing, title in KINDS.items():
        registers = [each for each in catalogue.registers if each.standing is standing]
        lines += [f"## {title}\n", *_overview(registers), "", *(line for each in registers for line in _register(each))]
    return "\n".join(lines).rstrip("\n") + "\n"


def _overview(registers: list[CatalogueRegister]) -> Iterator[str]:
    yield "| register | part of | what it is | years | a row is about | day | variables |"
    yield "|---|---|---|---|---|---|---:|"
    for each in registers:
        title = f"{each.title_sv} ({each.title_en})" + (f"; **barred**: {each.barred}" if each.barred else "")
        day = f"{each.day or ''}{f', year by {each.year_by}' if each.year_by else ''}"
        row = (each.name, each.part_of or "", title, _years(each), each.holds.value, day, str(len(each.variables)))
        yield f"| {' | '.join(row)} |"


def _register(register: CatalogueRegister) -> Iterator[str]:
    yield f"### {register.name}: {register.title_sv}\n"
    yield "| variable | type | what it is | years | values |"
    yield "|---|---|---|---|---|"
    for name, variable in _together(register):
        label = variable.label_sv if name == variable.name else variable.label_sv.replace(" 1 ", " n ")
        kind = f"{variable.type} {variable.length}"
        yield f"| `{name}` | {kind} | {label} | {_years(variable)} | {_values(variable)} |"
    yield ""
    breaks = {(each.year, each.note_sv) for variable in register.variables for each in variable.breaks}
    if breaks:
        yield "Breaks: " + "; ".join(f"{year}: {note}" for year, note in sorted(breaks)) + ".\n"


def _together(register: CatalogueRegister) -> Iterator[tuple[str, CatalogueVariable]]:
    """Every variable with its name; those that differ by their number alone as one, such as ``DIA1-DIA30``."""
    held: list[CatalogueVariable] = []
    for variable in register.variables:
        if held and _without_number(variable) != _without_number(held[0]):
            yield _named(held)
            held = []
        held.append(variable)
    yield _named(held)


def _named(variables: list[CatalogueVariable]) -> tuple[str, CatalogueVariable]:
    first, last = variables[0], variables[-1]
    return (first.name if first is last else f"{first.name}` - `{last.name}"), first


def _without_number(variable: CatalogueVariable) -> str:
    stem = variable.name.rstrip("0123456789")
    number = variable.name[len(stem) :]
    said = variable.model_copy(update={"name": stem}).model_dump_json()
    return said.replace(f" {number} ", " ").replace(f' {number}"', '"') if number else said + variable.name


def _values(variable: CatalogueVariable) -> str:
    said = [f"`{each.code}` {each.label_sv}{_in_brackets(each)}" for each in variable.codes]
    said += [f"{each.system.value}{_in_brackets(each)}" for each in variable.systems]
    said += [f"{variable.identifies.value}, delivered as `{variable.delivered_name}`"] if variable.identifies else []
    said += [variable.unit] if variable.unit else []
    return ", ".join(said)


def _in_brackets(validity: Validity) -> str:
    return f" ({_years(validity)})" if _years(validity) else ""


def _years(validity: Validity) -> str:
    if validity.from_year is None and validity.to_year is None:
        return ""
    return f"{validity.from_year or ''}-{validity.to_year or ''}"
