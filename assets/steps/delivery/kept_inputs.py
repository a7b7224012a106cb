"""Whether what a delivery was made from is still kept, and which act took it away.

What belongs here: a sentence for each input that is gone. What must not: building anything (rebuilding).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assets.steps import stores
from assets.steps.made_from import extract_of, registers_of_events
from assets.steps.persons.same_code_key import without_number
from resources.desk import Desk
from resources.past_registers import PastRegisters
from samkorning.case import Case, Event, EventKind
from samkorning.case.inputs import Unit
from samkorning.case.ledger import last_received
from samkorning.case.made_from import MadeFrom
from samkorning.errors import SamkorningError

WHO_IS_IN_IT = {
    EventKind.PERSON_REMOVED: "a person was removed from the case",
    EventKind.LINK_CUT: "the link between persons and serial numbers was cut",
}


def no_longer_kept(
    desk: Desk, case: Case, then: Case, delivered: Event, made: MadeFrom, units: Sequence[Mapping[str, Any]]
) -> list[str]:
    """What some units of a delivery cannot be built from any more, a sentence for each; nothing where all is kept.

    :param then: the case as it was when it was put together.
    """
    since = [event for event in case.events if event.number > delivered.number]
    acts = [event for event in since if event.kind in WHO_IS_IN_IT]
    if acts:
        return [f"{WHO_IS_IN_IT[event.kind]} on {event.at:%Y-%m-%d} (event {event.number}): "
                "what the delivery was made from is no longer kept" for event in acts]  # fmt: skip
    return [
        *_stores(desk, case, made, since),
        *_received(desk, then, units, since),
        *_register_years(desk, then, units, made),
        *(_code_keys(desk, case, delivered) if not _disposed(since, stores.code_key_name()) else ()),
    ]


def _stores(desk: Desk, case: Case, made: MadeFrom, since: list[Event]) -> Iterator[str]:
    """The stores with the code key that are gone, or of which neither the file of then is kept nor all rows since."""
    wanted = {(name, number) for name, number in made.stores.items()}
    wanted |= {(name, number) for unit in made.units for name, number in made.standing_of(unit).stores.items()}
    for name, number in sorted(wanted):
        keeping, event = stores.keeping_of(name), _disposed(since, name)
        if event is not None:
            yield _was_disposed(name, event)
        elif not number or keeping is None:
            continue
        elif not desk.vault.has_store(case.number, stores.CODE_KEY, name):
            yield f"{name}: is not in the vault"
        else:
            store = desk.vault.open_store(case.number, stores.CODE_KEY, name)
            if keeping.earlier_rows is None and not store.keeps(number):
                yield f"{name}: another one has taken its place, and the one of then is no longer kept"


def _received(desk: Desk, then: Case, units: Sequence[Mapping[str, Any]], since: list[Event]) -> Iterator[str]:
    """The files of the delivery's sources, and those that say who is one person."""
    sources = {entry["source"] for entry in units if entry["period"] is None}
    for source in sorted(sources | {stores.NUMBER_HISTORY}):
        came, event = last_received(then, source), _disposed(since, f"received.{source}")
        if came is None:
            continue
        if event is not None:
            yield _was_disposed(f"received.{source}", event)
        elif not _is_held(desk, then, came):
            yield stores.not_held(then, came)


def _is_held(desk: Desk, case: Case, came: Event) -> bool:
    try:
        return stores.holds_received(desk, case, came)
    except SamkorningError:  # its encryption key was destroyed
        return False


def _register_years(desk: Desk, then: Case, units: Sequence[Mapping[str, Any]], made: MadeFrom) -> Iterator[str]:
    """The register years of then that were replaced, and whose rows are gone."""
    found = (Unit(entry["source"], entry["period"]) for entry in units)
    gone = {year for unit in found if extract_of(then, unit) for year in _years(desk, then, unit, made)}
    for year in sorted(gone):
        yield f"{year}: that register year has been loaded anew, and the rows of then are no longer kept"


def _years(desk: Desk, then: Case, unit: Unit, made: MadeFrom) -> Iterator[Unit]:
    """Of the years that one extract was made from, those that are gone."""
    standing, registers = made.standing_of(str(unit)).registers, registers_of_events(desk, then, extract_of(then, unit))
    past = PastRegisters(desk.vault, desk.settings.memory, desk.progress, desk.catalogue, standing)
    for name in standing:
        source, _, period = name.rpartition(" ")
        year = Unit(source, int(period))
        if (year == unit or source in registers) and not past.is_kept(year):
            yield year


def _code_keys(desk: Desk, case: Case, delivered: Event) -> Iterator[str]:
    """The code keys that no longer give everybody whom they gave a serial number."""
    for name, (missing, persons) in without_number(desk, case, delivered).items():
        yield f"{name}: {missing} of the {persons} serial numbers of then stand for nobody any more"


def _disposed(since: list[Event], name: str) -> Event | None:
    gone = (event for event in since if event.kind is EventKind.DISPOSED)
    return next((event for event in gone if any(store["store"] == name for store in event.detail["stores"])), None)


def _was_disposed(name: str, event: Event) -> str:
    return f"{name}: was disposed of on {event.at:%Y-%m-%d} (event {event.number})"
