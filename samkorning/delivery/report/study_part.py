"""What the report shows of files, row flow and persons: rows of its tables and its charts.

What belongs here: laying counts out. What must not: the code book's part (codebook_part), or choosing what is shown.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from samkorning.delivery.description import DeliveryDescription
from samkorning.delivery.rendering.persons import persons_counted
from samkorning.delivery.report.charts import Row, bars, pyramid
from samkorning.delivery.report.words import Words
from samkorning.delivery.reported_attrition import reported_attrition
from samkorning.delivery.reported_rows import Flow, reported_flows
from samkorning.delivery.study_persons.groups import GROUPS, MEN, WOMEN
from samkorning.delivery.study_persons.models import StudyPersons
from samkorning.linkage.row_flow import RowFlow

Count = Callable[[Any], str]
MOST_BARS = 40
"""More units than this are drawn source by source; the table has them all."""


def study_part(description: DeliveryDescription, words: Words, count: Count) -> dict[str, Any]:
    """What the page's template needs, by name."""
    persons = description.persons
    flows = reported_flows(description.row_flows, description.lost, description.smallest_count)
    return {
        "files": list(_files(description)),
        "steps": list(_steps(description, words, count)),
        "flows": flows,
        "flow_chart": _flow_chart(flows, words),
        "share_chart": _share_chart(persons, words) if persons and persons.persons else None,
        "ages": _ages(),
        "shares": list(_shares(persons, words)) if persons else [],
        "pyramid": _pyramid(persons, words) if persons else None,
        "by_age": list(_by_age(persons)) if persons else [],
        "unknown": persons.by_group[-1] if persons else 0,
    }


def _files(description: DeliveryDescription) -> Iterator[dict[str, Any]]:
    for file in description.files:
        counted = persons_counted(file.rendered)
        yield {
            "name": file.name,
            "rows": file.rendered.rows,
            "persons": counted.in_file if counted else "",
            "variables": len(file.variables),
            "units": file.units,
        }


def _steps(description: DeliveryDescription, words: Words, count: Count) -> Iterator[tuple[str, int | None, str]]:
    """Persons after each step from criterion to file: what it is, persons left, and what was removed."""
    for step in reported_attrition(description.attrition, description.smallest_count):
        removed = "" if step.begins else words.said["removed"].format(count=count(step.removed))
        yield f"{step.of}: {step.sentence}", step.persons, removed
    yield words.said["code_key"], description.serial_numbers.persons_in_code_key, ""
    if description.persons:
        yield words.said["of_study"], description.persons.persons, ""
    for file in description.files:
        counted = persons_counted(file.rendered)
        if counted and file.units:
            yield words.said["delivered_persons"].format(name=file.name), counted.in_file, ""


def _flow_chart(reported: Sequence[Flow], words: Words) -> str | None:
    """Rows by source; what is left out has no bar."""
    if not reported:
        return None
    flows = [flow for flow, _, _ in reported]
    reasons = sorted({reason for _, _, told in reported for reason, rows in told.dropped.items() if rows})
    kinds = [words.said["linked"].lower(), *map(words.reason, reasons)]
    rows: list[Row] = []
    for flow, _, told in reported:
        counts = [flow.linked, *(told.dropped.get(reason) or 0 for reason in reasons)]
        for kind, value in zip(kinds, counts, strict=True):
            rows.append({"of": _drawn_as(flow, flows), "kind": kind, "value": value})
    order = list(dict.fromkeys(_drawn_as(flow, flows) for flow in flows))
    return bars(rows, order, kinds, words.said["rows"])


def _drawn_as(flow: RowFlow, flows: Sequence[RowFlow]) -> str:
    return flow.source if len(flows) <= MOST_BARS else flow.source.split(" ")[0]


def _share_chart(persons: StudyPersons, words: Words) -> str:
    kind = words.said["share_axis"]
    shown = persons.units[:MOST_BARS]
    rows: list[Row] = [{"of": unit.unit, "kind": kind, "value": unit.linked / persons.persons} for unit in shown]
    return bars(rows, [unit.unit for unit in shown], [kind], kind, percent=True)


def _ages() -> list[str]:
    return list(dict.fromkeys(group.ages for group in GROUPS if group.sex))


def _shares(persons: StudyPersons, words: Words) -> Iterator[tuple[str, str, list[str]]]:
    """A row for each unit and sex: the share of the persons of each age whom the unit has rows about."""
    for unit in persons.units:
        for sex in (MEN, WOMEN):
            cells = [
                _percent(part, whole)
                for group, part, whole in zip(GROUPS, unit.by_group, persons.by_group, strict=True)
                if group.sex == sex
            ]
            yield unit.unit, words.said[sex], cells


def _percent(part: int | None, whole: int | None) -> str:
    if part is None or whole is None:
        return "–"
    return f"{round(100 * part / whole)} %" if whole else ""


def _by_age(persons: StudyPersons) -> Iterator[tuple[str, int | None, int | None]]:
    counts = {(group.sex, group.ages): number for group, number in zip(GROUPS, persons.by_group, strict=True)}
    for ages in _ages():
        yield ages, counts[MEN, ages], counts[WOMEN, ages]


def _pyramid(persons: StudyPersons, words: Words) -> str:
    rows: list[Row] = [
        {"of": group.ages, "kind": words.said[group.sex], "value": number}
        for group, number in zip(GROUPS, persons.by_group, strict=True)
        if group.sex and number is not None
    ]
    return pyramid(rows, _ages(), (words.said[MEN], words.said[WOMEN]), words.said["persons_axis"])
