"""Population files: their persons, another file in the place of the one that stands, and freezing it (R19).

What belongs here: comparing persons by the case's number history, and the event that freezes. What must not: the rules
(samkorning.case.population), or reading files (reading_in).
"""

import polars as pl

from assets.steps import stores
from assets.steps.case_view import identity_rules, program_of
from assets.steps.persons.opting_out import left_out
from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.case.population import POPULATION, PopulationChange, decided_change, is_frozen, population_may_change
from samkorning.case.roles import SERVICE
from samkorning.errors import CaseBusy
from samkorning.linkage.engines import open_engine
from samkorning.order import PERSON_SERIES
from samkorning.persons.other_identities import other_identities
from samkorning.persons.population import Population, find_population
from samkorning.register_files import RegisterTable
from samkorning.register_files.opened import Batch

FILE_SHA256 = "file_sha256"
"""The fact of the population's store that names the file it was made from."""
IDENTITY = ["issuer", "text"]


class PopulationLook:
    """Looks at another population file while it is read: who comes by it and who goes, and whether that was decided."""

    def __init__(self, desk: Desk, case: Case) -> None:
        self._desk, self._case = desk, case
        self._column = case.specification.population.column
        self._parts: list[pl.DataFrame] = []
        self._change: PopulationChange | None = None

    def look_at(self, batch: Batch) -> None:
        """Takes up one batch; without its identity column the file is refused by others."""
        if self._column in batch.frame.columns:
            self._parts.append(batch.frame.select(self._column))

    def judged(self, account: RegisterTable) -> RegisterTable:
        """The account as it is, where the persons may change so.

        :raises FileRefused: when the population is frozen and this is not what was decided (R19).
        """
        self._change = change_by(self._desk, self._case, pl.concat(self._parts).lazy())
        population_may_change(self._case, account.name, self._change)
        return account

    def facts(self) -> dict[str, str | int | bool]:
        """What the case register keeps of it: which file it replaces, how many came and went, by which right."""
        assert self._change is not None, "asked for once the file has been read"  # noqa: S101
        counts = {"adds": self._change.adds, "removes": self._change.removes}
        decided = decided_change(self._case) is not None
        return {"replaces": str(self._case.received_sha256(POPULATION)), **counts, "decided": decided}


def population_look(desk: Desk, case: Case, source: str) -> PopulationLook | None:
    """What looks at a population file that would take the place of another; nothing for other files."""
    is_another = source == POPULATION and case.received_sha256(POPULATION) is not None
    return PopulationLook(desk, case) if is_another else None


def change_by(desk: Desk, case: Case, table: pl.LazyFrame) -> PopulationChange:
    """Who would come and who would go by another population than the one that stands: ``table`` as read, all text."""
    now = _persons(desk, case, table)
    before = _persons(desk, case, stores.received(desk, case, POPULATION).scan())
    return PopulationChange(_not_in(now, before), _not_in(before, now))


def find_in(desk: Desk, case: Case, table: pl.LazyFrame) -> Population:
    """The persons of a population file as read, and what was wrong with its other rows."""
    declared, issuer = case.specification.population, case.specification.population_identifier[1]
    with open_engine(desk.engine_of(case), desk.settings.memory) as engine:
        return find_population(engine, table, declared.column, identity_rules(case, issuer=issuer))


def freeze_population(desk: Desk, case: Case) -> None:
    """Freezes the population before the first unit is linked to it; once is enough.

    :raises CaseBusy: when another population file has come since its persons were looked up.
    """
    made_of = stores.latest_facts(stores.population(desk, case)).get(FILE_SHA256)
    now = desk.case(case.number)
    if made_of != now.received_sha256(POPULATION):
        raise CaseBusy(f"the population of case {case.number} has changed meanwhile; run it again")
    if is_frozen(now):
        return
    at = desk.clock.now()
    desk.audit.append("freeze population", SERVICE, case.number, at, sha256=str(made_of))
    desk.cases.record(now, EventKind.POPULATION_FROZEN, at, SERVICE, _frozen(desk, now))


def _frozen(desk: Desk, case: Case) -> dict[str, str | int | None]:
    """The population and whatever else could widen the study."""
    latest = stores.population(desk, case).latest()
    return {
        "population_sha256": case.received_sha256(POPULATION),
        "numbers": latest.rows if latest else 0,
        "number_history_sha256": case.received_sha256(stores.NUMBER_HISTORY),
        "specification_sha256": case.specification.sha256,
        "program_sha256": program_of(desk, case),
    }


def without_objections(desk: Desk, case: Case, found: Population) -> pl.LazyFrame:
    """The identities of a population file (``number``, ``issuer``, ``text``) but those of persons who object."""
    numbered = found.identities.lazy().join(_known_texts(desk, case), on=IDENTITY, how="left")
    own = pl.coalesce("number", "small_number").alias("own_number")
    stays = numbered.with_columns(own).join(left_out(desk, case), left_on="own_number", right_on="number", how="anti")
    return stays.select("number", *IDENTITY)


def _persons(desk: Desk, case: Case, table: pl.LazyFrame) -> pl.DataFrame:
    """The persons of a population file, each once: by the latest number, or by the text of another issuer."""
    stays = without_objections(desk, case, find_in(desk, case, table))
    latest = stores.persons_of_history(desk, case).select("number", "person_number")
    person = pl.coalesce("person_number", "number").alias("person")
    return stays.join(latest, on="number", how="left").select(person, *IDENTITY).unique().collect()


def _known_texts(desk: Desk, case: Case) -> pl.LazyFrame:
    """The small numbers of identities that are text; looking makes no store."""
    name = f"other_identities.{PERSON_SERIES}"
    if not desk.vault.has_store(case.number, stores.CODE_KEY, name):
        return pl.LazyFrame(schema={"issuer": pl.String, "text": pl.String, "small_number": pl.Int64})
    known = other_identities(stores.other_identities(desk, case, PERSON_SERIES))
    return known.rename({"number": "small_number"})


def _not_in(persons: pl.DataFrame, others: pl.DataFrame) -> int:
    return persons.join(others, on=["person", *IDENTITY], how="anti", nulls_equal=True).height
