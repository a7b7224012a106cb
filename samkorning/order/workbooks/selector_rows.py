"""An order's code lists and event groups as rows of the diagnosis and ATC selectors, where such rows can say them.

What belongs here: writing. What must not: reading the selectors (selectors).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from samkorning.order.workbooks.cells import text_of
from samkorning.order.workbooks.columns import Language
from samkorning.order.workbooks.selectors import OF_DRUGS
from samkorning.order.workbooks.sheets import DIAGNOSES, DRUGS, Sheet
from samkorning.order.workbooks.words import BELOW, EXACT, EXTRACTION_ROLE, INTERVAL, POPULATION_ROLE


def selector_rows(
    given: Mapping[str, Any], language: Language
) -> tuple[list[dict[str, str]], list[dict[str, str]]] | None:
    """The rows of both selectors that say an order's code lists and event groups; nothing where they cannot."""
    specification = given["specification"]
    lists, events = specification.get("code_lists", []), specification.get("events", [])
    taken = {own.get("events") for own in specification.get("own_registers", ())}
    found: tuple[list[dict[str, str]], list[dict[str, str]]] = ([], [])
    if [each["name"] for each in lists] != [each["name"] for each in events]:
        return None
    for listed, event in zip(lists, events, strict=True):
        if not _is_plain(listed, event):
            return None
        drugs = (event["registers"], event["codes"]["positions"], list(listed["codes"])) == (
            OF_DRUGS["registers"], OF_DRUGS["positions"], [OF_DRUGS["system"]]
        )  # fmt: skip
        role = EXTRACTION_ROLE if event["name"] in taken else POPULATION_ROLE
        found[drugs].extend(_rows_of(listed, event, role, DRUGS if drugs else DIAGNOSES, language))
    return found


def _is_plain(listed: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether a code list and an event group are no more than a selector says."""
    return (
        listed.keys() <= {"name", "codes", "except_codes"}
        and event.keys() <= {"name", "registers", "codes", "dates", "take"}
        and event.get("codes", {}).get("list") == listed["name"]
    )


def _rows_of(
    listed: Mapping[str, Any], event: Mapping[str, Any], role: str, sheet: Sheet, language: Language
) -> Iterator[dict[str, str]]:
    said = {
        "group": listed["name"],
        "role": role,
        "registers": event["registers"],
        "positions": event["codes"]["positions"],
        "take": event.get("take"),
        **event.get("dates", {}),
    }
    for leaves_out, codes in ((None, listed["codes"]), (True, listed.get("except_codes", {}))):
        for system, patterns in codes.items():
            for pattern in patterns:
                row = {**said, "system": system, "leaves_out": leaves_out, **_pattern_cells(pattern)}
                texts = {column.key: text_of(column, row.get(column.key), language) for column in sheet.columns}
                yield {key: text for key, text in texts.items() if text}


def _pattern_cells(pattern: str) -> dict[str, str]:
    """A pattern as the columns of a selector say it."""
    if "-" in pattern:
        code, last = pattern.rstrip("*").split("-")
        return {"code": code, "last": last, "form": INTERVAL}
    if pattern.endswith("*"):
        return {"code": pattern.rstrip("*"), "form": BELOW}
    return {"code": f'"{pattern}"' if pattern.isdigit() else pattern, "form": EXACT}
