"""Writes docs/selection.md from the tables of selection_examples.py: python -m tests.spec.selection_page"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.spec.selection_examples import COMBINING, SECTIONS, Example, SelectionExample

PAGE = Path(__file__).parents[2] / "docs" / "selection.md"
EXAMPLE = """code_lists:
  - name: diabetes
    codes: {ICD-9: ["250*"], ICD-10-SE: ["E10-E14*"]}
    except_codes: {ICD-10-SE: ["E12*"]}
  - name: insulin
    codes: {ATC: ["A10A*"]}
events:
  - name: first_diabetes  # the first day in care after a year without, for adults, in these years
    registers: [PAR_SV, PAR_OV]
    codes: {list: diabetes, positions: [main, secondary]}
    free_days: 365
    dates: {first_day: 2204-01-01, last_day: 2205-12-31}
    ages: {lowest: 18, highest: 120}
    take: first
  - name: insulin_before
    registers: [LMED]
    codes: {list: insulin, positions: [drug]}
    around: {of: first_diabetes, last_day: -1}
selections:
  - name: new_without_insulin
    all_of: [first_diabetes]
    none_of: [insulin_before]
    index_date: first_diabetes
"""
HEAD = f"""# The selection language

Generated from tests/spec/selection_examples.py by `make docs`; do not edit. Each statement is a test on both engines.

A specification selects persons and rows in own registers with three kinds of blocks ([order.md](order.md) has their
fields):

- a **code list** names codes, for each classification in which they are sought;
- an **event group** takes rows of registers that meet criteria: codes, then wash-out among all days of these codes,
  then dates, days around something else, age, sex and area, then the least number of days, then which days are taken;
- a **selection** combines groups and other selections into persons, with an index date where it states one.

```yaml
{EXAMPLE}```

They compile to named steps: each a sentence, the SQL that is reviewed, and the same in Polars. After each step persons
are counted. `samkorning order codes FILE --name NAME --system SYSTEM` turns a file or sheet of codes into a code list.

Persons in the examples are numbered. Codes are of ICD-10-SE unless others are named; the register year of a row is the
year of its day unless another is named. *Taken* says what the group takes.
"""
CHANGING = "In the examples the registers hold ICD-8 until 2201, ICD-9 from 2202 to 2203, and ICD-10-SE from 2204 on.\n"


def page() -> str:
    """The whole page."""
    sections = [section(title, map(shown, examples)) for title, examples in SECTIONS.items()]
    sections.append(section("Selections", map(combined, COMBINING)))
    sections[0] = sections[0].replace("## Codes\n", f"## Codes\n\n{CHANGING}", 1)
    return "\n".join([HEAD, *sections])


def section(title: str, parts: Iterable[str]) -> str:
    """A heading with what stands below it."""
    return "\n".join([f"## {title}\n", *parts])


def shown(example: Example) -> str:
    """A statement about a group, what it states, who the persons are, and the rows."""
    lines = [f"**{sentence(example.why)}**\n", f"`{stated(example)}`\n"]
    lines += [f"{each}\n" for each in known(example)]
    names = ["person", "day", "code"] + ["secondary"] * any(row.secondary for row in example.rows)
    names += ["register year"] * any(row.year for row in example.rows)
    names += ["register"] * (len(example.registers) > 1) + ["taken"]
    cells = {
        "person": lambda row: row.person,
        "day": lambda row: row.day or "",
        "code": lambda row: f"`{row.code}`" if row.code else "",
        "secondary": lambda row: f"`{row.secondary}`" if row.secondary else "",
        "register year": lambda row: row.register_year,
        "register": lambda row: row.register or example.registers[0],
        "taken": lambda row: "yes" if row.taken else "no",
    }
    return "\n".join([*lines, *table(names, [[cells[name](row) for name in names] for row in example.rows]), ""])


def stated(example: Example) -> str:
    """What the group states: codes where they say something, positions where there are several, and the rest."""
    said: dict[str, Any] = {"codes": {**example.codes}}
    said |= {"except_codes": {**example.except_codes}} if example.except_codes else {}
    said |= {"positions": example.positions} if len(example.positions) > 1 else {}
    return flow({**said, **example.asks})


def known(example: Example) -> Iterable[str]:
    """What is known of the persons, and the groups that come before."""
    for person, born, sex in example.persons:
        yield f"Person {person}: born {born or 'on an unknown day'}, sex {sex or 'unknown'}."
    for person, first, last, area in example.residence:
        yield f"Person {person} lived in {area} from {first}{f' to {last}' if last else ' on'}."
    for person, given in example.index_dates:
        yield f"Index date of person {person}: {given or 'none'}."
    for group in example.before:
        stated = {name: value for name, value in group.items() if name not in ("name", "list")}
        yield f"The group `{group['name']}`: `{flow({'codes': group['list'], **stated})}`."


def combined(example: SelectionExample) -> str:
    """A statement about a selection, its groups, the days that persons have, and who is in."""
    lines = [f"**{sentence(example.why)}**\n", f"`{flow(example.selection)}`\n"]
    lines += [f"The selection `{each['name']}`: `{flow(dict(list(each.items())[1:]))}`.\n" for each in example.before]
    lines += [f"The group `{name}`: `{flow(asks)}`.\n" for name, asks in example.groups.items() if asks]
    lines += table(["person", "group", "day"], example.days)
    given = [f"{person}: {day}" for person, day in example.index_dates]
    lines += ["", f"Given index dates: {', '.join(given)}.\n"] if given else [""]
    entries = [f"person {person} ({day or 'no index date'})" for person, day in example.entries]
    return "\n".join([*lines, f"In it: {', '.join(entries)}.\n"])


def sentence(why: str) -> str:
    return f"{why[:1].upper()}{why[1:]}."


def table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A table of Markdown."""
    return [row_of(names), row_of(["---"] * len(names)), *map(row_of, rows)]


def row_of(cells: Sequence[object]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def flow(value: object) -> str:
    """A block as YAML writes it on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {flow(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return str(value)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
