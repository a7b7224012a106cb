"""The stores of a case in the vault, by what they hold.

What belongs here: names and retention classes of stores. What must not: what is done with their rows.
"""

from collections.abc import Mapping

import polars as pl

from assets.steps.case_view import identity_rules
from assets.steps.persons.same_code_key import OBJECTIONS, require_same_code_key
from resources.desk import Desk
from samkorning.case import Case, Event
from samkorning.case.inputs import Unit
from samkorning.case.ledger import last_received
from samkorning.code_key import SCHEMA
from samkorning.errors import VaultDamaged
from samkorning.keystore import RetentionClass
from samkorning.order import PERSON_SERIES, SourceClass
from samkorning.persons.number_history import persons_of, read_number_history
from samkorning.vault import Generation, Keeping, Part, Store

CODE_KEY, MATERIAL = RetentionClass.CODE_KEY, RetentionClass.MATERIAL
NUMBER_HISTORY = "number_history"
NO_HISTORY = pl.LazyFrame(schema={"number": pl.Int64, "person_number": pl.Int64, "reused": pl.Boolean})
KEPT_WITH_CODE_KEY = frozenset({"population", NUMBER_HISTORY})
BALANCE, OPTED_OUT = "balance", "opted_out"


def keeping_of(name: str) -> Keeping | None:
    """How a store keeps what it held before, where a case is made from it; nothing where it is made anew from others.

    Received files are named by the events that count. The code key and the identities of text only grow.
    """
    if name.startswith("received."):
        return Keeping(by_number=True)
    if name.startswith(code_key_name("")):
        return Keeping(earlier_rows=lambda rows, then: rows.filter(pl.col("generation") <= then.number))
    if name.startswith("other_identities."):
        return Keeping(earlier_rows=lambda rows, then: rows.filter(pl.col("number") <= then.rows))
    return Keeping() if name in ("population", OBJECTIONS, OPTED_OUT, f"drawn.{BALANCE}") else None


def population(desk: Desk, case: Case) -> Store:
    """The valid numbers of the study population."""
    return desk.store(case.number, CODE_KEY, "population")


def keep_population(desk: Desk, case: Case, persons: pl.DataFrame, facts: Mapping[str, int | str]) -> None:
    """Keeps the study population as it is now beside what it was before; found to be the same it is not kept twice.

    What was delivered can be made again of the population that it was made from, as long as nobody is removed from it.
    """
    store, ordered = population(desk, case), persons.sort("number")
    if latest_facts(store) != facts or not store.scan().sort("number").collect().equals(ordered):
        store.append(ordered, facts=facts)


def code_key(desk: Desk, case: Case, series: str = PERSON_SERIES) -> Store:
    """The code key of one series of serial numbers, once it is the one that was delivered from.

    :raises VaultDamaged: when the vault does not hold what an event remembers of the case's code keys.
    """
    require_same_code_key(desk, case)
    return code_key_to_change(desk, case, series)


def code_key_to_change(desk: Desk, case: Case, series: str = PERSON_SERIES) -> Store:
    """The same, for an act that looks itself whether it may change it."""
    return desk.store(case.number, CODE_KEY, code_key_name(series))


def code_key_name(series: str = PERSON_SERIES) -> str:
    """The name of a series' store."""
    return f"code_key.{series}"


def other_identities(desk: Desk, case: Case, series: str) -> Store:
    """The identities of a series that are text."""
    return desk.store(case.number, CODE_KEY, f"other_identities.{series}")


def latest_other_identities(desk: Desk, case: Case, series: str) -> Generation | None:
    """What the vault holds of the identities of a series that are text; a series without any makes no store."""
    if not desk.vault.has_store(case.number, CODE_KEY, f"other_identities.{series}"):
        return None
    return other_identities(desk, case, series).latest()


def series_in_use(desk: Desk, case: Case) -> list[str]:
    """The series that have serial numbers in this case."""
    names = desk.vault.stores(case.number, CODE_KEY)
    return [name.removeprefix("code_key.") for name in names if name.startswith("code_key.")]


def received(desk: Desk, case: Case, source: str) -> Store:
    """A source's file as it was read."""
    return desk.store(case.number, _retention(case, source), f"received.{source}")


def _retention(case: Case, source: str) -> RetentionClass:
    """What a file is kept with: who is in the study, sent or drawn, as long as the code key; all else as material."""
    declared = case.specification.source(source)
    drawn = declared is not None and declared.source_class is SourceClass.OWN
    return CODE_KEY if drawn or source in KEPT_WITH_CODE_KEY else MATERIAL


def received_rows(desk: Desk, case: Case, source: str) -> pl.LazyFrame:
    """The rows of the file that counts for a source: those of the generation that its event names.

    :raises VaultDamaged: when the vault does not hold them.
    """
    return pl.concat(part.rows for part in received_parts(desk, case, source))


def received_parts(desk: Desk, case: Case, source: str) -> list[Part]:
    """The same, as the vault's files."""
    event = last_received(case, source)
    number = event.detail.get("generation") if event else None
    if event is None or number is None:  # of before events named a generation
        return received(desk, case, source).parts()
    if not holds_received(desk, case, event):
        raise VaultDamaged(not_held(case, event))
    return received(desk, case, source).parts(number)


def holds_received(desk: Desk, case: Case, event: Event) -> bool:
    """Whether the vault holds the file of a receiving event, under the generation that it names."""
    source, number = event.detail["source"], event.detail.get("generation")
    if number is None or not desk.vault.has_store(case.number, _retention(case, source), f"received.{source}"):
        return number is None
    generations = received(desk, case, source).generations()
    return len(generations) >= number and generations[number - 1].facts.get("sha256") == event.detail["sha256"]


def not_held(case: Case, event: Event) -> str:
    """The error of a received file that the vault does not hold."""
    source, at = event.detail["source"], f"{event.at:%Y-%m-%d %H:%M}"
    return (
        f"case {case.number}: the vault does not hold the file of {source} that was received {at} "
        f"(event {event.number}): vault and keystore are older than the case register; "
        f"stop and restore both from backups of after {at}, or receive the file again"
    )


def linked(desk: Desk, case: Case, unit: Unit) -> Store:
    """A unit under its serial numbers."""
    return desk.store(case.number, MATERIAL, linked_name(unit))


def latest_linked(desk: Desk, case: Case, unit: Unit) -> Generation | None:
    """What the vault holds of a unit under its serial numbers; a unit that never was linked makes no store."""
    if not desk.vault.has_store(case.number, MATERIAL, linked_name(unit)):
        return None
    return linked(desk, case, unit).latest()


def drawn(desk: Desk, case: Case, name: str) -> Store:
    """Something that was found when the study was drawn, and that is no file; kept with it."""
    return desk.store(case.number, CODE_KEY, f"drawn.{name}")


def contents(desk: Desk, case: Case, file: str) -> Store:
    """A file of the next delivery."""
    return desk.store(case.number, MATERIAL, contents_name(file))


def contents_name(file: str) -> str:
    """The name of that file's store."""
    return f"contents.{file}"


def linked_name(unit: Unit) -> str:
    """The name of a unit's store."""
    return f"linked.{unit.source}" + (f".{unit.period}" if unit.period else "")


def code_key_rows(desk: Desk, case: Case, series: str = PERSON_SERIES) -> pl.LazyFrame:
    """The newest code key of a series; empty before the first serial number is drawn."""
    store = code_key(desk, case, series)
    return store.scan() if store.latest() else SCHEMA.to_frame().lazy()


def latest_facts(store: Store) -> Mapping[str, int | str]:
    """What the newest generation says of itself; nothing for an empty store."""
    latest = store.latest()
    return latest.facts if latest else {}


def persons_of_history(desk: Desk, case: Case) -> pl.LazyFrame:
    """Every number of the case's number history with its person's latest number; empty where none has come.

    Worked out once for each history that comes and each specification, whose rules say how numbers are read; and kept.
    """
    event = last_received(case, NUMBER_HISTORY)
    if event is None or not desk.vault.has_store(case.number, CODE_KEY, f"received.{NUMBER_HISTORY}"):
        return NO_HISTORY
    rows = received_rows(desk, case, NUMBER_HISTORY)
    number = event.detail.get("generation", 0)  # the newest, of before events named one
    counts = received(desk, case, NUMBER_HISTORY).generations()[number - 1]
    persons = desk.store(case.number, CODE_KEY, "persons")
    made_of = {"history_sha256": counts.sha256, "specification_sha256": case.specification.sha256}
    if latest_facts(persons) != made_of:
        history = read_number_history(rows.collect(), identity_rules(case))
        persons.replace(persons_of(history), facts=made_of)
    return persons.scan()


def objections(desk: Desk, case: Case) -> pl.LazyFrame:
    """The numbers of persons who object to being in the study: no file of theirs brings them back."""
    if not desk.vault.has_store(case.number, CODE_KEY, OBJECTIONS):
        return pl.LazyFrame(schema={"number": pl.Int64})
    store = desk.store(case.number, CODE_KEY, OBJECTIONS)
    return store.scan() if store.latest() else pl.LazyFrame(schema={"number": pl.Int64})


def objections_with(desk: Desk, case: Case, numbers: pl.Series) -> pl.DataFrame:
    """The objections as they are when those of a person are added."""
    return pl.concat([objections(desk, case).collect(), numbers.to_frame()]).unique().sort("number")


def keep_objections(desk: Desk, case: Case, numbers: pl.DataFrame) -> None:
    """Keeps the numbers of all persons who object."""
    desk.store(case.number, CODE_KEY, OBJECTIONS).replace(numbers)


def is_in_population(desk: Desk, case: Case, numbers: pl.Series) -> bool:
    """Whether a person is in the study population under any of these numbers."""
    if not desk.vault.has_store(case.number, CODE_KEY, "population") or not population(desk, case).latest():
        return False
    found = population(desk, case).scan().filter(pl.col("number").is_in(numbers.implode()))
    return not found.head(1).collect().is_empty()


def leave_out_of_population(desk: Desk, case: Case, numbers: pl.Series) -> None:
    """Takes a person's numbers out of the study population, in a way that no copy of an earlier file brings back."""
    if not desk.vault.has_store(case.number, CODE_KEY, "population"):
        return
    store = population(desk, case)
    latest = store.latest()
    if latest is not None:
        kept = store.scan().filter(~pl.col("number").is_in(numbers.implode()))
        store.replace_for_good(kept, facts=latest.facts)
