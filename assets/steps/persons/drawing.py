"""Finding who is in the study, where the specification leaves that to the service: drawn once, taken in as a file.

What belongs here: when it is drawn, and the order of commitment. What must not: selections and controls themselves
(samkorning.own_registers), or what a population may change (samkorning.case.population).

What is drawn goes the way of a file that a holder sent: into the vault, into the ledger by its hash, and frozen with
the first linkage. A register that is loaded anew changes nobody's study by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from assets.steps import stores
from assets.steps.case_view import SERVICE, identity_rules
from assets.steps.persons.population_files import change_by
from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.case.ledger import last_received
from samkorning.case.population import POPULATION, is_frozen, population_may_change
from samkorning.case.rules import population_is_in_place
from samkorning.encryption.primitives import mac, new_token
from samkorning.order.drawn_files import STUDY
from samkorning.order.population import INDEX_DATE, NUMBER
from samkorning.persons.attrition import AttritionStep, attrition_of
from samkorning.persons.entries import as_text, entries_in

FILE_NAME = "drawn by the service"
DRAWN_FROM, ATTRITION = "drawn_from", "attrition"


def draw_population(desk: Desk, case: Case) -> Case:
    """Finds the persons of the population, unless they are found already; the case with what was recorded.

    A population that is frozen stays as it was drawn, whatever its sources hold since.
    """
    last = last_received(case, POPULATION)
    if case.specification.population.drawn is None or (last is not None and is_frozen(case)):
        return case
    source = drawn_from(desk, case)
    if last is not None and last.detail.get(DRAWN_FROM) == source:
        return case
    reason = "its sources have changed" if last is not None else ""
    return _take_in(desk, case, _found(desk, case), source, SERVICE, reason)


def attrition(case: Case) -> tuple[AttritionStep, ...]:
    """How the population that counts came to its persons; nothing where it was sent as a file."""
    event = last_received(case, POPULATION)
    return attrition_of(event.detail.get(ATTRITION, ())) if event else ()


def drawn_from(desk: Desk, case: Case) -> Mapping[str, Any]:
    """What the population would be drawn from now, by hash."""
    drawn = case.specification.population.drawn
    assert drawn is not None, "asked of a population that is drawn"  # noqa: S101
    within = case.received_sha256(drawn.within) if drawn.within else None
    return {"within": within, "specification": case.specification.sha256}


@dataclass(frozen=True)
class Found:
    """Who is in the study: entries (columns of ``ENTRY``), and how it came to them."""

    entries: pl.DataFrame
    attrition: tuple[AttritionStep, ...]


def _found(desk: Desk, case: Case) -> Found:
    """The entries of the study as its sources are now."""
    population_is_in_place(case)
    return _listed(desk, case)


def _listed(desk: Desk, case: Case) -> Found:
    """The persons that another holder's file lists."""
    declared, source = case.specification.population, case.specification.population_source
    assert source is not None, "asked of a population that a source lists"  # noqa: S101
    column, issuer = case.specification.population_identifier
    rows = stores.received_rows(desk, case, source.name)
    entries = entries_in(rows, column, identity_rules(case, issuer=issuer), declared.index_date)
    persons = entries.frame.select("number", "issuer", "text").n_unique()
    steps = [AttritionStep(POPULATION, "listed", f"listed in {source.name} with an identity number", entries.persons)]
    if declared.index_date:
        dated = f"with an index date in {declared.index_date}"
        steps.append(AttritionStep(POPULATION, "dated", dated, persons, entries.persons - persons))
    return Found(entries.frame, tuple(steps))


def _take_in(desk: Desk, case: Case, found: Found, source: Mapping[str, Any], person: str, reason: str) -> Case:
    """Puts the study and the population into the vault, and then into the ledger, the population last."""
    rows = found.entries.select(
        as_text().alias(NUMBER), pl.col("index_date").dt.to_string("%Y-%m-%d").alias(INDEX_DATE)
    ).unique()
    detail: dict[str, Any] = {DRAWN_FROM: source, **({"reason": reason} if reason else {})}
    detail[ATTRITION] = [step.fact() for step in found.attrition]
    if last_received(case, POPULATION) is not None:
        change = change_by(desk, case, rows.lazy())
        population_may_change(case, FILE_NAME, change)
        detail |= {"adds": change.adds, "removes": change.removes, "decided": is_frozen(case)}
    desk.audit.append("draw population", person, case.number, desk.clock.now(), persons=rows.height)
    for name in (STUDY, POPULATION):
        case = _enter(desk, case, name, rows, person, detail if name == POPULATION else {})
    return case


def _enter(desk: Desk, case: Case, source: str, rows: pl.DataFrame, person: str, more: Mapping[str, Any]) -> Case:
    """One drawn file into its store and the ledger; the same rows have the same hash within a case, and in no other."""
    ordered = rows.sort(pl.all())
    sha256 = mac(draw_secret(desk, case), ordered.write_csv(separator=";").encode()).hex()
    store = stores.received(desk, case, source)
    generation = store.append(ordered, facts={"sha256": sha256})
    counts = {"rows": ordered.height, "refused_rows": 0, "records": ordered.height, "generation": generation.number}
    detail = {"source": source, "file": FILE_NAME, "sha256": sha256, **counts, **more}
    return desk.cases.record(case, EventKind.FILE_RECEIVED, desk.clock.now(), person, detail)


def draw_secret(desk: Desk, case: Case) -> bytes:
    """What all draws of a case are keyed with: made once, kept with the code key and disposed of with it."""
    store = desk.store(case.number, stores.CODE_KEY, "draw_secret")
    if store.latest() is None:
        store.replace(pl.DataFrame({"secret": [new_token()]}))
    return bytes.fromhex(store.scan().collect().item())
