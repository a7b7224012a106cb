"""Which rows of an own register leave, where the specification names an event group or other persons than the study's.

What belongs here: the days that an event group takes for the persons of a case, worked out once and kept; whose rows an
extract is about. What must not: what an event group means (samkorning.own_registers.selection), or the extract itself.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

import polars as pl

from assets.steps import stores
from assets.steps.persons.numbering import lookup, population_lookup
from assets.steps.persons.register_frames import PERSON, hashes_of, persons_of
from assets.steps.persons.study import program_of_selections, registers_read, selection_frames
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.inputs import Unit
from samkorning.linkage.engines import open_engine
from samkorning.order import About, OwnRegister
from samkorning.order.drawn_files import CONTROL, RELATIVE_NUMBER, RELATIVES, ROLE, STUDY
from samkorning.order.population import INDEX_DATE, NUMBER
from samkorning.own_registers.extraction import Taken, all_rows, rows_of_persons
from samkorning.own_registers.person_column import NUMBER as REGISTER_NUMBER
from samkorning.own_registers.selection import days_of_group, rows_taken
from samkorning.persons.entries import ENTRY
from samkorning.vault import Part

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


@contextmanager
def taken_rows(desk: Desk, case: Case, own: OwnRegister, unit: Unit) -> Iterator[Taken]:
    """Which of the rows of its persons an extract takes: all, or those of its event group; while the block lasts."""
    if own.events is None:
        yield all_rows
        return
    group, year = own.events, unit.period
    assert year is not None, "an own register is delivered by year"  # noqa: S101
    program = program_of_selections(desk, case)
    needs_days = bool(program.rows[group, own.register_name].reads)
    days = _days(desk, case, group) if needs_days else NO_DAYS

    def taken(rows: pl.LazyFrame) -> pl.LazyFrame:
        by_person = persons_of(desk, case, rows.with_columns(pl.col(REGISTER_NUMBER).alias(PERSON)), PERSON, PERSON)
        return rows_taken(engine, program, group, own.register_name, year, by_person, days)

    beside_the_one_that_joins = open_engine(desk.engine_of(case), desk.settings.memory // 2)
    with beside_the_one_that_joins as engine:
        yield taken


def rows_about(own: OwnRegister, year: Sequence[Part], persons: pl.DataFrame) -> int | None:
    """How many rows of a register year are about some persons; asked only where an extract takes part of them."""
    if own.events is None:
        return None
    rows = (
        rows_of_persons(year, persons["number"])
        .select(REGISTER_NUMBER)
        .join(persons.lazy().select(pl.col("number").alias(REGISTER_NUMBER)), on=REGISTER_NUMBER, how="semi")
    )
    return int(rows.select(pl.len()).collect(engine="streaming").item())


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
        entries = _entries(desk, case, lookup(desk, case).select("number").unique().collect())
        frames = selection_frames(desk, case, registers_read(case), entries, only=True)
        with open_engine(desk.engine_of(case), desk.settings.memory) as engine:
            days, _ = days_of_group(engine, program_of_selections(desk, case), frames, group)
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
