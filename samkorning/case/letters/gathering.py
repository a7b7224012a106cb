"""Gathering the facts of a letter: from the events of its case, the ledger, the clocks and the settings, on one day.

What belongs here: where each fact comes from. What must not: the model (facts), or what is said of it (templates).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from samkorning.case.clocks import MONTHS_TO_COMPLAIN, is_letter_of, letter_day, months_after
from samkorning.case.events import NO_LIMIT, Case, Event, EventKind
from samkorning.case.ledger import LedgerRow
from samkorning.case.letters.facts import (
    DecisionFacts,
    DeliveryFacts,
    HolderFacts,
    LedgerLine,
    LetterFacts,
    RegisterFacts,
    Surroundings,
)
from samkorning.case.letters.invoice import Invoice, invoice_of
from samkorning.case.letters.parties import HolderAddress
from samkorning.delivery.package.names import AGE_ENDING, SEVEN_ZIP_ENDING
from samkorning.order.drawn_files import OWN_HOLDER
from samkorning.own_registers.catalogue import RegisterCatalogue

K = EventKind


def facts_of(case: Case, event: Event, rows: Sequence[LedgerRow], around: Surroundings) -> LetterFacts:
    """What is known of a case today, for a letter about one of its events."""
    kept, deliveries = case.kept_until(), _deliveries(case, event, around.today)
    assigned = case.last(K.ASSIGNED)
    return LetterFacts(
        service=around.service,
        case=case.number,
        today=around.today,
        opened=case.events[0].at.date(),
        order=case.order,
        officer=str(assigned.detail["officer"]) if assigned else None,
        event=event.number,
        on=event.at.date(),
        by=event.person,
        said=event.detail,
        recipient_fingerprint=case.recipient_fingerprint,
        registers=_registers(case, around.catalogue),
        holders=tuple(dict.fromkeys(source.holder for source in case.specification.sources)),
        holder=_holder(case, event, around.holders),
        ledger=_ledger(rows, around.catalogue),
        deliveries=deliveries,
        delivery=next((each for each in deliveries if each.number == event.detail.get("delivery")), None),
        decision=_decision(case),
        kept_until=kept,
        kept_without_limit=kept == NO_LIMIT,
        invoice=_invoice(case, event, around),
        seal_to=around.seal_to,
        signing_key=around.signing_key,
    )


def _registers(case: Case, catalogue: RegisterCatalogue) -> tuple[RegisterFacts, ...]:
    found = []
    for own in case.specification.own_registers:
        entry = catalogue.find(own.register_name)
        titles = (entry.title_sv, entry.title_en) if entry else (own.register_name, own.register_name)
        years = f"{own.from_year}–{own.to_year}" if own.to_year > own.from_year else str(own.from_year)
        found.append(RegisterFacts(own.register_name, *titles, years, own.variables, own.repeats_until))
    return tuple(found)


def _holder(case: Case, event: Event, known: Mapping[str, HolderAddress]) -> HolderFacts | None:
    name = event.detail.get("holder")
    if name is None:
        return None
    address, population = known.get(name), case.specification.population
    awaited = (each for each in case.specification.sources if each.name not in case.withdrawn_sources)
    return HolderFacts(
        name=name,
        person=address.name if address else None,
        email=address.email if address else None,
        sources=tuple(each for each in awaited if each.holder == name),
        sends_population=population.drawn is None and population.holder == name,
    )


def _ledger(rows: Sequence[LedgerRow], catalogue: RegisterCatalogue) -> tuple[LedgerLine, ...]:
    """The ledger, with the years of a register that stand alike in one line."""
    alike: dict[tuple[Any, ...], list[int]] = {}
    for row in rows:
        years = alike.setdefault((row.unit.source, row.holder, str(row.status), row.deliveries), [])
        years += [row.unit.period] if row.unit.period is not None else []
    return tuple(
        LedgerLine(
            *_titles(source, holder, catalogue), holder, holder == OWN_HOLDER, _period(years), status, deliveries
        )
        for (source, holder, status, deliveries), years in alike.items()
    )


def _titles(source: str, holder: str, catalogue: RegisterCatalogue) -> tuple[str, str]:
    """What a unit is called in both languages: a register by its title, a file by its name."""
    entry = catalogue.find(source.upper()) if holder == OWN_HOLDER else None
    return (f"{entry.title_sv} ({entry.name})", f"{entry.title_en} ({entry.name})") if entry else (source, source)


def _period(years: Sequence[int]) -> str:
    """``2019–2021, 2024``."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _deliveries(case: Case, about: Event, today: date) -> tuple[DeliveryFacts, ...]:
    recipient = case.order.recipient
    return tuple(
        DeliveryFacts(
            number=event.detail["delivery"],
            kind="replacement_delivery" if event.detail["kind"] == "replacement" else str(event.detail["kind"]),
            on=day,
            complaint_until=months_after(day, MONTHS_TO_COMPLAIN),
            files=tuple((file["name"], int(file["rows"])) for file in event.detail["files"]),
            sealed_name=_sealed_name(case, event),
            sealed_sha256=str(event.detail.get("sealed_sha256", "")),
            is_first=place == 0,
            by_post=recipient.deliver_to == "folder",
            is_passphrase=recipient.sealed_as == "7z",
        )
        for place, event in enumerate(case.of(K.DELIVERED))
        for day in [today if event is about and not _letter_went(case, event) else letter_day(case, event)]
    )


def _letter_went(case: Case, delivered: Event) -> bool:
    return any(is_letter_of(each, delivered.number) for each in case.of(K.LETTER_SENT))


def _sealed_name(case: Case, event: Event) -> str:
    ending = SEVEN_ZIP_ENDING if case.order.recipient.sealed_as == "7z" else AGE_ENDING
    return str(event.detail.get("path", "")).rpartition("/")[2] or f"{case.number}_{event.detail['delivery']}{ending}"


def _decision(case: Case) -> DecisionFacts:
    endorsed = {event.detail["role"]: event for event in case.endorsements()}
    newest = case.last(K.RESERVED)
    return DecisionFacts(
        approved=max((event.at.date() for event in endorsed.values()), default=None),
        persons=tuple((role, event.person) for role, event in endorsed.items()),
        reserved=tuple(newest.detail["persons"]) if newest else (),
    )


def _invoice(case: Case, event: Event, around: Surroundings) -> Invoice | None:
    if event.kind is not K.INVOICED:
        return None
    place = [each.number for each in case.of(K.INVOICED)].index(event.number) + 1
    name, contact = case.order.research_principal.name, case.order.contact.name
    payer = (name, around.payers.get(name))
    return invoice_of(case.number, place, event.at.date(), event.detail, around.service, payer, contact)
