"""What is done with a code key by a person's act: import, export, look-up, removal of a person, cutting the link.

What belongs here: the order of the steps: rule, audit record, act, event. What must not: the table's own rules
(samkorning.code_key), standard input and terminals (the command line).
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assets.steps import stores
from assets.steps.case_view import identity_rules
from assets.steps.free_text import require_nobody_named
from assets.steps.intake.receiving import file_sha256
from assets.steps.persons.identities import as_written, numbers_of_rows, only_number_of, sealed_to_file
from assets.steps.persons.same_code_key import as_marked, marks_detail, require_same_afterwards, require_same_code_key
from resources.desk import Desk
from samkorning import code_key
from samkorning.case import Case, EventKind, state_of
from samkorning.case.rules import decision_is_approved, link_is_whole
from samkorning.case.states import state_after
from samkorning.code_key import Imported, LookUp
from samkorning.errors import FileRefused, NotFound
from samkorning.identity import Issuer
from samkorning.identity.redaction import no_file, redact_file_name
from samkorning.order import PERSON_SERIES, Identifies
from samkorning.register_files import FileContract, read_register_file


@dataclass(frozen=True)
class ImportedFile:
    """Another authority's code key as a file: where it lies and which columns and identities it has."""

    path: Path
    number: str = "number"
    serial_number: str = "serial_number"
    identifies: Identifies = Identifies.PERSON
    issuer: Issuer | None = None


def import_from_file(desk: Desk, case: Case, file: ImportedFile, person: str) -> Imported:
    """Takes another authority's code key into a case, all of its pairs or none.

    :raises RuleRefused: before the disclosure decision is approved (R10), or once the link was cut.
    :raises FileRefused: when a row cannot be taken; it names rows and faults, and no value.
    :raises NotFound: when there is no such file or column.
    """
    desk.require_role(case, person, EventKind.CODE_KEY_IMPORTED)
    decision_is_approved(case)
    link_is_whole(case)
    with desk.vault.lock(case.number):
        pairs = _pairs(desk, case, file)
        name, sha256, series = redact_file_name(file.path.name), file_sha256(file.path), file.identifies.series
        now, store = desk.clock.now(), stores.code_key_to_change(desk, case, series)
        desk.audit.append("import code key", person, case.number, now, series=series, sha256=sha256, rows=pairs.height)
        held = code_key.read_code_key(store)
        then = code_key.with_imported(held, code_key.next_generation(store), name, pairs)
        changed = {stores.code_key_name(series): then}
        require_same_afterwards(desk, case, changed)
        counts = {"added": then.height - held.height, "known": pairs.unique().height - then.height + held.height}
        detail = {"file": name, "sha256": sha256, "series": series, **counts, **marks_detail(desk, case, changed)}
        desk.cases.record(desk.case(case.number), EventKind.CODE_KEY_IMPORTED, now, person, detail)
        return code_key.import_code_key(store, name, pairs)


def export(desk: Desk, case: Case, series: str, recipient: str, to: Path, person: str) -> int:
    """Seals the code key of a series for a named recipient; how many persons it holds. The file must not exist.

    :raises PackageRefused: when the recipient's public key is none.
    :raises CaseBusy: when another run holds the case.
    :raises NotFound: when the case has no code key of this series.
    """
    desk.require_role(case, person, EventKind.CODE_KEY_EXPORTED)
    _require_series(desk, case, series)
    with desk.vault.lock(case.number):
        now = desk.clock.now()
        desk.audit.append("export code key", person, case.number, now, series=series, recipient=recipient, file=to.name)
        pairs = stores.code_key_rows(desk, case, series).drop_nulls("number").sort("serial_number")
        written = as_written(desk, case, series, pairs.select("serial_number", "number").collect())
        sha256 = sealed_to_file(written, recipient, to)
        detail = {"series": series, "recipient": recipient, "file": to.name, "sha256": sha256, "pairs": written.height}
        detail |= marks_detail(desk, case)  # its pairs have left the house: they are not drawn anew either
        desk.cases.record(desk.case(case.number), EventKind.CODE_KEY_EXPORTED, now, person, detail)
    return written.height


def look_up(desk: Desk, case: Case, series: str, serial_numbers: pl.Series, asked: LookUp) -> pl.DataFrame:
    """Who some serial numbers stand for: ``serial_number``, ``number`` and ``issuer`` (String; null where unknown).

    It is recorded in the audit log before the code key is opened, and in the case before the answer is given.

    :raises RuleRefused: without a purpose.
    :raises NotFound: when the case has no code key of this series.
    """
    desk.require_role(case, asked.person, EventKind.SERIAL_NUMBERS_LOOKED_UP)
    _require_series(desk, case, series)
    require_nobody_named(desk, case, asked.person, {"purpose": asked.purpose})
    found = code_key.look_up(stores.code_key_to_change(desk, case, series), serial_numbers, asked, desk.audit)
    require_same_code_key(desk, case)
    detail = {"series": series, "purpose": asked.purpose, "asked": serial_numbers.len()}
    desk.cases.record(desk.case(case.number), EventKind.SERIAL_NUMBERS_LOOKED_UP, asked.at, asked.person, detail)
    return as_written(desk, case, series, found)


def remove_person(desk: Desk, case: Case, identity: str, person: str) -> int:
    """Takes somebody who objects out of the code key and the population; how many of the numbers were there.

    The objection itself is kept beside the code key, so that no later file brings the person back.

    :raises FileRefused: when the identity number cannot be read.
    """
    desk.require_role(case, person, EventKind.PERSON_REMOVED)
    with desk.vault.lock(case.number):
        numbers = _every_number(desk, case, only_number_of(desk, case, identity))
        now, store = desk.clock.now(), stores.code_key_to_change(desk, case)
        desk.audit.append("remove person", person, case.number, now, persons=1)
        held = code_key.read_code_key(store)
        then = code_key.without_persons(held, numbers)
        objecting = stores.objections_with(desk, case, numbers)
        changed = {stores.code_key_name(): then, stores.OBJECTIONS: as_marked(objecting)}
        require_same_afterwards(desk, case, changed)
        removed = code_key.persons_gone(held, then)
        detail = {
            "serial_numbers": removed,
            "population": int(stores.is_in_population(desk, case, numbers)),
            **marks_detail(desk, case, changed),
        }
        desk.cases.record(desk.case(case.number), EventKind.PERSON_REMOVED, now, person, detail)
        stores.keep_objections(desk, case, objecting)
        code_key.remove_persons(store, numbers)
        stores.leave_out_of_population(desk, case, numbers)
    return removed


def preview_removal(desk: Desk, case: Case, identity: str, person: str) -> int:
    """How many serial numbers would stand for nobody if somebody were taken out. That it was looked up leaves a trace.

    :raises FileRefused: when the identity number cannot be read.
    """
    _require_may(desk, case, EventKind.PERSON_REMOVED, person)
    with desk.vault.lock(case.number):
        objector = only_number_of(desk, case, identity)
        desk.audit.append("preview: remove person", person, case.number, desk.clock.now(), persons=1)
        held = _held(desk, case).get(PERSON_SERIES)
        numbers = _every_number(desk, case, objector)
        return 0 if held is None else code_key.persons_gone(held, code_key.without_persons(held, numbers))


def preview_cut(desk: Desk, case: Case, reason: str, person: str) -> int:
    """How many serial numbers would stand for nobody if the link were cut; refused as cutting it is."""
    _require_may(desk, case, EventKind.LINK_CUT, person)
    link_is_whole(case)
    require_nobody_named(desk, case, person, {"reason": reason})
    with desk.vault.lock(case.number):
        held = _held(desk, case).values()
        return sum(code_key.persons_gone(rows, code_key.without_links(rows)) for rows in held)


def _held(desk: Desk, case: Case) -> dict[str, pl.DataFrame]:
    """The code keys that there are, by series; none is made."""
    return {each: stores.code_key_rows(desk, case, each).collect() for each in stores.series_in_use(desk, case)}


def _require_may(desk: Desk, case: Case, kind: EventKind, person: str) -> None:
    state_after(state_of(case.events), kind)
    desk.require_role(case, person, kind)


def cut_links(desk: Desk, case: Case, reason: str, person: str) -> int:
    """Forgets whom every serial number of a case stands for, and keeps the serial numbers; how many persons it was."""
    desk.require_role(case, person, EventKind.LINK_CUT)
    link_is_whole(case)
    require_nobody_named(desk, case, person, {"reason": reason})
    with desk.vault.lock(case.number):
        now = desk.clock.now()
        desk.audit.append("cut link", person, case.number, now, reason=reason)
        every = {each: stores.code_key_to_change(desk, case, each) for each in stores.series_in_use(desk, case)}
        held = {stores.code_key_name(each): code_key.read_code_key(store) for each, store in every.items()}
        then = {name: code_key.without_links(rows) for name, rows in held.items()}
        require_same_afterwards(desk, case, then)
        cut = sum(code_key.persons_gone(rows, then[name]) for name, rows in held.items())
        detail = {"reason": reason, "serial_numbers": cut, **marks_detail(desk, case, then)}
        desk.cases.record(desk.case(case.number), EventKind.LINK_CUT, now, person, detail)
        for store in every.values():
            code_key.cut_link(store)
    return cut


def _pairs(desk: Desk, case: Case, file: ImportedFile) -> pl.DataFrame:
    """The rows of the file; its new identities of text get their numbers only once every row can be taken."""
    name = redact_file_name(file.path.name)
    if not file.path.is_file():
        raise no_file(file.path)
    table = read_register_file(file.path, name, FileContract())
    missing = [name for name in (file.number, file.serial_number) if name not in table.columns]
    if missing:
        remedy = "name the columns with --number-column and --serial-number-column"
        raise FileRefused(name, f"has no column {', '.join(missing)}", remedy)
    rules = identity_rules(case, file.identifies, file.issuer)
    held = code_key.read_code_key(stores.code_key_to_change(desk, case, file.identifies.series))

    def is_taken(rows: pl.DataFrame) -> bool:
        return code_key.import_faults(rows, held).is_empty()

    columns = table.frame.select(pl.col(file.number).alias("value"), pl.col(file.serial_number).alias("serial_number"))
    return numbers_of_rows(desk, case, file.identifies.series, columns, rules, is_taken)


def _every_number(desk: Desk, case: Case, number: int) -> pl.Series:
    """All numbers of the person that a number belongs to, by the number history of the case."""
    history = stores.persons_of_history(desk, case)
    person = history.filter(pl.col("number") == number).select("person_number")
    others = history.join(person, on="person_number", how="semi").select("number").collect()["number"]
    return pl.concat([pl.Series("number", [number], dtype=pl.Int64), others]).unique()


def _require_series(desk: Desk, case: Case, series: str = PERSON_SERIES) -> None:
    if series not in stores.series_in_use(desk, case):
        raise NotFound(f"case {case.number} has no code key of the series {series}")
