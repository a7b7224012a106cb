"""Changes of variables: renamed, added, gone, of another type, label, unit or value set.

What belongs here: what is remembered of a variable, and comparing two. What must not: rows (rows), values of persons.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from samkorning.delivery.changes.models import Change, What
from samkorning.delivery.description import DeliveredFile, DeliveredVariable

Described = Mapping[str, Any]
"""A delivered variable as the case register remembers it."""


def described_files(files: Iterable[DeliveredFile]) -> dict[str, list[dict[str, Any]]]:
    """The variables of each file, as the case register remembers them."""
    return {file.name: [_described(variable) for variable in file.variables] for file in files}


def variable_changes(
    files: Sequence[DeliveredFile], deliveries: Sequence[tuple[str, Mapping[str, Sequence[Described]]]]
) -> tuple[Change, ...]:
    """What has changed of the variables of each file since it was delivered last; nothing of a file that is new.

    :param deliveries: earlier deliveries, oldest first: the number of each, and its files as they are remembered.
    """
    found: list[Change] = []
    for file in files:
        last = next(((number, each[file.name]) for number, each in reversed(deliveries) if file.name in each), None)
        if last is not None:
            found += _of_file(file.name, last[0], last[1], [_described(variable) for variable in file.variables])
    return tuple(found)


def _of_file(file: str, since: str, before: Sequence[Described], now: Sequence[Described]) -> Iterator[Change]:
    earlier, present = {each["name"]: each for each in before}, {each["name"]: each for each in now}
    gone = [each for each in before if each["name"] not in present]
    came = [each for each in now if each["name"] not in earlier]
    renamed = {
        new["name"]: old for new in came for old in gone if new["origin"] is not None and new["origin"] == old["origin"]
    }
    for each in now:
        name = each["name"]
        old = earlier.get(name) or renamed.get(name)
        if old is None:
            yield Change(file, name, What.ADDED, "", name, since)
        else:
            yield from _compared(file, since, old, each)
    names = {old["name"] for old in renamed.values()}
    yield from (
        Change(file, old["name"], What.GONE, old["name"], "", since) for old in gone if old["name"] not in names
    )


def _compared(file: str, since: str, old: Described, new: Described) -> Iterator[Change]:
    said = (
        (What.RENAMED, "name"),
        (What.RETYPED, "type"),
        (What.RELABELLED, "label_sv"),
        (What.RELABELLED, "label_en"),
        (What.OTHER_UNIT, "unit"),
    )
    for what, field in said:
        if old[field] != new[field]:
            yield Change(file, new["name"], what, old[field] or "", new[field] or "", since)
    if old["codes"] != new["codes"]:
        counts = str(old["codes_count"]), str(new["codes_count"])
        yield Change(file, new["name"], What.OTHER_VALUE_SET, counts[0], counts[1], since)


def _described(variable: DeliveredVariable) -> dict[str, Any]:
    origin = variable.origin
    codes = [code.model_dump(mode="json") for code in variable.codes]
    return {
        "name": variable.name,
        "type": f"{variable.type} {variable.length}" if variable.length else variable.type,
        "label_sv": variable.label_sv,
        "label_en": variable.label_en,
        "unit": variable.unit,
        "origin": [origin.holder, origin.register, origin.column] if origin else None,
        "codes": hashlib.sha256(json.dumps(codes).encode()).hexdigest(),
        "codes_count": len(codes),
    }
