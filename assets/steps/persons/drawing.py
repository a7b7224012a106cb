"""Drawing the study, where the specification leaves that to the service: once, and taken in as files of its own.

What belongs here: when it is drawn, and the order of commitment. What must not: who is found (study), or what a
population may change (samkorning.case.population).

What is drawn goes the way of a file that a holder sent: into the vault, into the ledger by its hash, and frozen with
the first linkage. A register that is loaded anew changes nobody's study by itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from assets.steps import stores
from assets.steps.case_view import require_may_extract
from assets.steps.free_text import require_nobody_named
from assets.steps.persons.population_files import change_by
from assets.steps.persons.register_frames import hashes_of, register_that
from assets.steps.persons.study import FoundStudy, find_study, registers_read
from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.case.ledger import last_received
from samkorning.case.population import POPULATION, PopulationChange, is_frozen, population_may_change
from samkorning.case.roles import SERVICE
from samkorning.case.rules import population_is_in_place
from samkorning.encryption.primitives import mac, new_token
from samkorning.errors import RuleRefused
from samkorning.order.drawn_files import (
    CASE,
    CASE_NUMBER,
    CONTROL,
    CONTROL_NUMBER,
    CONTROLS,
    COUNT,
    DEGREE,
    ELIGIBLE,
    KINSHIP,
    OF_CASE,
    OF_CONTROL,
    ORDER,
    RELATIVE_NUMBER,
    RELATIVES,
    ROLE,
    STUDY,
)
from samkorning.order.population import INDEX_DATE, NUMBER
from samkorning.own_registers.catalogue import Holds
from samkorning.own_registers.relatives import FoundRelatives
from samkorning.persons.attrition import AttritionStep, attrition_of
from samkorning.persons.entries import as_text

if TYPE_CHECKING:
    from samkorning.own_registers.controls import DrawnControls

FILE_NAME = "drawn by the service"
DRAWN_FROM, ATTRITION, NOTES = "drawn_from", "attrition", "notes"


def draw_study(desk: Desk, case: Case) -> Case:
    """Finds who is in the study, unless that is known already; the case with what was recorded.

    A study that is frozen stays as it was drawn, whatever its registers hold since; where its population was sent and
    another has come by a decision, the controls are drawn for that one.
    """
    source, last = drawn_from(desk, case), last_received(case, STUDY)
    if source is None:
        return case
    then = last.detail[DRAWN_FROM] if last is not None else None
    if then == source or (then is not None and is_frozen(case) and not _is_sent_anew(case, then, source)):
        return case
    return _take_in(desk, case, source, SERVICE, "its sources have changed" if then else "")


def draw_again(desk: Desk, case: Case, person: str, reason: str) -> Case:
    """A person has the study drawn again from its sources as they are now; a frozen one only as was decided (R19).

    :raises RuleRefused: where the service draws nothing, or before the decision is approved and the program reviewed.
    :raises FileRefused: when the study is frozen and this is not what was decided; with the counts to decide on.
    """
    desk.require_role(case, person, EventKind.FILE_RECEIVED)
    source = _source_of_draw(desk, case)
    require_nobody_named(desk, case, person, {"reason": reason})
    with desk.vault.lock(case.number):
        return _take_in(desk, desk.case(case.number), source, person, reason)


def rehearse_draw(desk: Desk, case: Case) -> tuple[tuple[AttritionStep, ...], PopulationChange | None]:
    """What drawing the study now would give, without keeping it: its attrition, and who would come and go.

    No change where the population is sent, or none stands yet.
    """
    _source_of_draw(desk, case)
    with desk.vault.lock(case.number):
        population_is_in_place(case)
        found = find_study(desk, case, draw_secret(desk, case))
        stands = case.specification.population.drawn is not None and last_received(case, POPULATION) is not None
        return found.attrition, change_by(desk, case, _population_rows(found).lazy()) if stands else None


def _source_of_draw(desk: Desk, case: Case) -> dict[str, Any]:
    source = drawn_from(desk, case)
    if source is None:
        raise RuleRefused("R22", "nothing of this study is drawn by the service", "its population is sent as a file")
    require_may_extract(desk, case)
    return source


def drawn_from(desk: Desk, case: Case) -> dict[str, Any] | None:
    """What the study would be drawn from now, by hash; nothing where the service draws nothing."""
    specification = case.specification
    if specification.source(STUDY) is None:
        return None
    source = specification.population_source
    listed = case.received_sha256(source.name if source else POPULATION) if not _selects_alone(case) else None
    opt_out = desk.opt_out.latest()
    return {
        "population": listed,
        "specification": specification.sha256,
        "registers": _digest(hashes_of(desk, _registers(desk, case))),
        "opt_out": opt_out.sha256 if opt_out else None,
    }


def attrition(case: Case) -> tuple[AttritionStep, ...]:
    """How the study that counts came to its persons; nothing where the service draws nothing."""
    event = last_received(case, STUDY)
    return attrition_of(event.detail.get(ATTRITION, ())) if event else ()


def notes(case: Case) -> tuple[str, ...]:
    """What has to be known of how the study was found, in sentences."""
    event = last_received(case, STUDY)
    return tuple(event.detail.get(NOTES, ())) if event else ()


def balance(desk: Desk, case: Case) -> pl.DataFrame | None:
    """How like their controls the cases are, before drawing and after; nothing of a study without controls."""
    store = stores.drawn(desk, case, stores.BALANCE) if case.specification.controls else None
    return store.scan().collect() if store is not None and store.latest() else None


def drawn_numbers(desk: Desk, case: Case) -> pl.DataFrame:
    """The numbers of the controls of a study: column ``number`` (Int64), each once."""
    if case.specification.controls is None:
        return pl.DataFrame(schema={"number": pl.Int64})
    rows = stores.received_rows(desk, case, CONTROLS)
    return rows.select(pl.col(CONTROL_NUMBER).cast(pl.Int64).alias("number")).unique().collect()


def draw_secret(desk: Desk, case: Case) -> bytes:
    """What all draws of a case are keyed with: made once, kept with the code key and disposed of with it."""
    store = desk.store(case.number, stores.CODE_KEY, "draw_secret")
    if store.latest() is None:
        store.replace(pl.DataFrame({"secret": [new_token() + new_token()]}))
    return bytes.fromhex(store.scan().collect().item())


def _is_sent_anew(case: Case, then: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether another population file has come, by a decision, to a study whose population is sent."""
    return case.specification.population.drawn is None and then["population"] != now["population"]


def _selects_alone(case: Case) -> bool:
    """Whether the population is nothing but a selection in own registers."""
    drawn = case.specification.population.drawn
    return drawn is not None and drawn.within is None


def _registers(desk: Desk, case: Case) -> Iterator[str]:
    """The registers that the study is found in."""
    drawn = case.specification.population.drawn
    if drawn and drawn.selection:
        yield from registers_read(case)
    population = bool(drawn and drawn.selection) or case.specification.controls is not None
    needed = [Holds.PERSONS, Holds.RESIDENCE] if population else []
    needed += [Holds.PARENTS, Holds.SPOUSES] if case.specification.relatives else []
    yield from (register.name for register in (register_that(desk, holds) for holds in needed) if register)


def _digest(hashes: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(hashes).encode()).hexdigest()


def _take_in(desk: Desk, case: Case, source: Mapping[str, Any], person: str, reason: str) -> Case:
    """Puts what is found into the vault, and then into the ledger; the population last, which all waits for."""
    population_is_in_place(case)
    found = find_study(desk, case, draw_secret(desk, case))
    more: dict[str, Any] = {"reason": reason} if reason else {}
    population = _population_rows(found) if case.specification.population.drawn else None
    if population is not None and last_received(case, POPULATION) is not None:
        change = change_by(desk, case, population.lazy())
        population_may_change(case, FILE_NAME, change)
        more |= {"adds": change.adds, "removes": change.removes}
    more |= {"decided": True} if is_frozen(case) else {}
    entries = found.entries.height
    desk.audit.append("draw study", person, case.number, desk.clock.now(), entries=entries)
    if found.controls is not None:
        stores.drawn(desk, case, stores.BALANCE).append(found.controls.balance)
        case = _enter(desk, case, CONTROLS, _control_rows(found.controls), person, more)
    if found.relatives is not None:
        case = _enter(desk, case, RELATIVES, _relative_rows(found.relatives), person, more)
    facts = {NOTES: list(found.notes), DRAWN_FROM: source, ATTRITION: [step.fact() for step in found.attrition], **more}
    case = _enter(desk, case, STUDY, _study_rows(found), person, facts)
    return case if population is None else _enter(desk, case, POPULATION, population, person, more)


def _population_rows(found: FoundStudy) -> pl.DataFrame:
    return found.entries.select(as_text().alias(NUMBER), _as_day("index_date").alias(INDEX_DATE)).unique()


def _study_rows(found: FoundStudy) -> pl.DataFrame:
    """A row for each person and index date; of a study with controls also what a row is, and how many it has."""
    rows = _population_rows(found)
    if found.controls is None:
        return rows
    role, count = pl.lit(CASE).alias(ROLE), pl.col("controls", "eligible").cast(pl.String)
    counted = found.controls.cases.select(
        as_number("case").alias(NUMBER),
        _as_day("index_date").alias(INDEX_DATE),
        count.name.replace("controls", COUNT).name.replace("eligible", ELIGIBLE),
    )
    cases = rows.join(counted, on=[NUMBER, INDEX_DATE], how="left").select(NUMBER, role, INDEX_DATE, COUNT, ELIGIBLE)
    nothing = [pl.lit(None, pl.String).alias(name) for name in (COUNT, ELIGIBLE)]
    controls = found.controls.pairs.select(
        as_number("control").alias(NUMBER),
        pl.lit(CONTROL).alias(ROLE),
        _as_day("index_date").alias(INDEX_DATE),
        *nothing,
    )
    return pl.concat([cases, controls.unique()])


def _control_rows(controls: DrawnControls) -> pl.DataFrame:
    """A row for each drawn pair."""
    matched = [name.removeprefix("case_") for name in controls.pairs.columns if name.startswith("case_")]
    values = [
        pl.col(f"{whose}_{name}").cast(pl.String).alias(f"{name.upper()}{ending}")
        for name in matched
        for whose, ending in (("case", OF_CASE), ("control", OF_CONTROL))
    ]
    return controls.pairs.select(
        as_number("case").alias(CASE_NUMBER),
        as_number("control").alias(CONTROL_NUMBER),
        _as_day("index_date").alias(INDEX_DATE),
        pl.col("number").cast(pl.String).alias(ORDER),
        *values,
    )


def _relative_rows(relatives: FoundRelatives) -> pl.DataFrame:
    return relatives.pairs.select(
        as_number("person").alias(NUMBER),
        as_number("relative").alias(RELATIVE_NUMBER),
        pl.col("kind").cast(pl.String).alias(KINSHIP),
        pl.col("degree").cast(pl.String).alias(DEGREE),
    )


def as_number(column: str) -> pl.Expr:
    """A national number as people write it."""
    return pl.col(column).cast(pl.String).str.zfill(12)


def _as_day(column: str) -> pl.Expr:
    return pl.col(column).dt.to_string("%Y-%m-%d")


def _enter(desk: Desk, case: Case, source: str, rows: pl.DataFrame, person: str, more: Mapping[str, Any]) -> Case:
    """One drawn file into its store and the ledger; the same rows have the same hash within a case, and in no other."""
    ordered = rows.sort(pl.all())
    sha256 = mac(draw_secret(desk, case), ordered.write_csv(separator=";").encode()).hex()
    store = stores.received(desk, case, source)
    generation = store.append(ordered, facts={"sha256": sha256})
    counts = {"rows": ordered.height, "refused_rows": 0, "records": ordered.height, "generation": generation.number}
    detail = {"source": source, "file": FILE_NAME, "sha256": sha256, **counts, **more}
    return desk.cases.record(case, EventKind.FILE_RECEIVED, desk.clock.now(), person, detail)
