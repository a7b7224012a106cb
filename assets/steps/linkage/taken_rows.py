"""Which rows of an own register leave, where the specification names an event group or other persons than the study's.

What belongs here: the days that an event group takes for the persons of a case, worked out once and kept; whose rows an
extract is about. What must not: what an event group means (samkorning.own_registers.selection), or the extract itself.
"""

import hashlib
import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import partial

import polars as pl

from assets.steps import stores
from assets.steps.persons.days_on_cluster import days_on_cluster
from assets.steps.persons.numbering import every_number, lookup, population_lookup
from assets.steps.persons.register_frames import hashes_of, history_of
from assets.steps.persons.study import program_of_selections, registers_read, selection_frames
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.inputs import Unit
from samkorning.linkage.engines import open_engine
from samkorning.order import About, OwnRegister
from samkorning.order.drawn_files import CONTROL, RELATIVE_NUMBER, RELATIVES, ROLE, STUDY
from samkorning.order.population import INDEX_DATE, NUMBER
from samkorning.own_registers.by_person import PERSON
from samkorning.own_registers.extraction import Taken, all_rows
from samkorning.own_registers.selection import EventRows, days_of_group
from samkorning.persons.entries import ENTRY

MADE_OF = "made_of"
NO_DAYS = pl.DataFrame(schema={PERSON: pl.Int64, "day": pl.Date})
WHOLE_STUDY = frozenset({About.CASES, About.CONTROLS})


def persons_about(desk: Desk, case: Case, own: OwnRegister) -> pl.DataFrame:
    """Whose rows an extract is about: ``number``, ``serial_number`` and ``reused``, sorted by number."""
    return persons_in(desk, case, own.about)


def persons_in(desk: Desk, case: Case, about: Collection[About]) -> pl.DataFrame:
    """The persons in some roles of the study, as ``persons_about`` gives them."""
    study = set(about) & WHOLE_STUDY
    found = [_of_study(desk, case, study)] if study else []
    found += [_of_relatives(desk, case)] if About.RELATIVES in about else []
    persons = pl.concat(found) if found else lookup(desk, case).head(0)
    return persons.unique("number").collect().sort("number")


def event_rows(desk: Desk, case: Case, own: OwnRegister, unit: Unit) -> EventRows | None:
    """Which of the rows of its persons an extract takes where it names an event group; nothing where it takes all."""
    if own.events is None:
        return None
    group, year = own.events, unit.period
    assert year is not None, "an own register is delivered by year"  # noqa: S101
    step = program_of_selections(desk, case).rows[group, own.register_name]
    days = _days(desk, case, group) if step.reads else NO_DAYS
    history = history_of(desk, case)
    return EventRows(case.specification, desk.catalogue, group, own.register_name, year, days.lazy(), history)


@contextmanager
def taking(desk: Desk, case: Case, events: EventRows | None) -> Iterator[Taken]:
    """The rows that an extract takes, while the block lasts."""
    if events is None:
        yield all_rows
        return
    beside_the_one_that_joins = open_engine(desk.engine_of(case), desk.settings.memory // 2)
    with beside_the_one_that_joins as engine:
        yield partial(events.taken, engine)


def _of_study(desk: Desk, case: Case, about: set[About]) -> pl.LazyFrame:
    """The persons of the study, or those of them that are cases or controls."""
    everybody = population_lookup(desk, case)
    if about == WHOLE_STUDY or case.specification.controls is None:
        return everybody
    role = pl.col(ROLE) == CONTROL
    rows = stores.received_rows(desk, case, STUDY).filter(role if About.CONTROLS in about else ~role)
    numbers = rows.select(pl.col(NUMBER).cast(pl.Int64, strict=False).alias("number")).drop_nulls().unique()
    serial_numbers = everybody.join(numbers, on="number", how="semi").select("serial_number").unique()
    return everybody.join(serial_numbers, on="serial_number", how="semi")


def _of_relatives(desk: Desk, case: Case) -> pl.LazyFrame:
    """The relatives of the study, by every number that they have had."""
    rows = stores.received_rows(desk, case, RELATIVES)
    numbers = rows.select(pl.col(RELATIVE_NUMBER).cast(pl.Int64).alias("number")).unique()
    everybody = lookup(desk, case)
    serial_numbers = everybody.join(numbers, on="number", how="semi").select("serial_number").unique()
    return everybody.join(serial_numbers, on="serial_number", how="semi")


def _days(desk: Desk, case: Case, group: str) -> pl.DataFrame:
    """The days that a group takes for everybody with a serial number, whichever extract asks first; kept until
    something of it changes.
    """
    store, made_of = stores.drawn(desk, case, f"days.{group}"), _made_of(desk, case, group)
    if stores.latest_facts(store).get(MADE_OF) != made_of:
        entries = _entries(desk, case, every_number(desk, case).select("number").unique().collect())
        frames = selection_frames(desk, case, registers_read(case), entries, only=True)
        program = program_of_selections(desk, case)
        elsewhere = days_on_cluster(desk, case, program, frames, group, entries)
        with open_engine(desk.engine_of(case), desk.settings.memory) as engine:
            days, _ = days_of_group(engine, program, frames, group, elsewhere)
        store.replace(days, facts={MADE_OF: made_of})
    return store.scan().collect()


def _entries(desk: Desk, case: Case, persons: pl.DataFrame) -> pl.DataFrame:
    """The persons with their index dates: those of the study file, and all others without one."""
    nobody = pl.DataFrame(schema=ENTRY)
    everybody = pl.concat([nobody, persons.select("number")], how="diagonal")
    if case.specification.source(STUDY) is None:
        return everybody
    dated = stores.received_rows(desk, case, STUDY).select(
        pl.col(NUMBER).cast(pl.Int64, strict=False).alias("number"),
        pl.col(INDEX_DATE).str.to_date("%Y-%m-%d").alias("index_date"),
    )
    return pl.concat([everybody, dated.drop_nulls().collect()], how="diagonal")


def _made_of(desk: Desk, case: Case, group: str) -> str:
    """Hash of everything that decides on the days."""
    return hashlib.sha256(
        json.dumps(
            {
                "group": group,
                "specification": case.specification.sha256,
                "registers": hashes_of(desk, registers_read(case)),
                "study": case.received_sha256(STUDY),
                "population": case.received_sha256("population"),
                "history": case.received_sha256("number_history"),
                "code_key": stores.code_key(desk, case).generations()[-1].sha256,
            },
            sort_keys=True,
        ).encode()
    ).hexdigest()
