"""Answers that have come, as files for the ordinary intake: identities of this case in place of transit identifiers.

What belongs here: a group as a population file, and rows as a source's file. What must not: opening what came
(opening), or taking it in (taking).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from assets.steps import stores
from assets.steps.case_view import identity_rules
from assets.steps.intake.reading_in import Incoming
from assets.steps.intake.receiving import declared_file
from assets.steps.transit.identifiers import kept_identifiers
from assets.steps.transit.opening import SEND_AGAIN, TransitFile
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.hand_overs import HandOver, TransitKind
from samkorning.case.population import POPULATION
from samkorning.errors import FileRefused
from samkorning.register_files.content.chunks import Chunks
from samkorning.transit.documents import SignedManifest
from samkorning.transit.identifiers import COLUMN
from samkorning.transit.intake_form import SUFFIX, as_text, by_our_form
from samkorning.transit.matching import identifiers_of, one_number_each, with_numbers
from samkorning.transit.taking import (
    NOTHING_CHANGED,
    no_other_year_counts,
    population_is_the_listed_one,
)


@dataclass(frozen=True)
class Answer:
    """A proven answer, the hand-over that it answers, and whose word it is that it is taken."""

    file: TransitFile
    signed: SignedManifest
    answered: HandOver
    sha256: str
    person: str

    @property
    def incoming_name(self) -> str:
        """What the case register calls its file."""
        return f"{self.signed.manifest.from_case}_{self.signed.manifest.number}{SUFFIX}"

    def frames(self) -> Iterator[pl.DataFrame]:
        """Its rows, batch by batch."""
        return self.file.frames(self.signed)


def as_received(desk: Desk, case: Case, answer: Answer, source: str) -> Incoming:
    """An answer as a file for the ordinary intake."""
    if TransitKind(answer.signed.manifest.kind) is TransitKind.GROUP:
        return _group_as_population(desk, case, answer)
    return _rows_as_file(desk, case, answer, source)


def _group_as_population(desk: Desk, case: Case, answer: Answer) -> Incoming:
    """The rows of the listed population whose persons are in the group, as a population file."""
    answered = answer.answered
    population_is_the_listed_one(case, answer.file.name, answered, answer.sha256)
    mapping = kept_identifiers(desk, case, answered)
    chosen = pl.concat(answer.frames())[COLUMN]
    _require_known(answer.file.name, chosen, mapping)
    known = mapping.filter(pl.col("transit").is_in(chosen.implode()))
    declared = case.specification.population
    rows = stores.received(desk, case, POPULATION).scan(answered.event.detail["generation"]).collect()
    whose = identifiers_of(rows[declared.column], identity_rules(case, issuer=declared.issuer), known)
    content = b"".join(as_text([rows.filter(whose.is_not_null())]))
    reason = f"the group that {answered.peer} answered in {answer.signed.manifest.number}"
    form = by_our_form(declared.file)
    return Incoming(POPULATION, answer.incoming_name, answer.sha256, content, answer.person, reason, form)


def _rows_as_file(desk: Desk, case: Case, answer: Answer, source: str) -> Incoming:
    """The rows with identity numbers of this case in place of transit identifiers, as the file of a source."""
    contract, identifiers = declared_file(case, source)
    if case.specification.source(source) is None:
        remedy = f"name a source with --source; {NOTHING_CHANGED}"
        raise FileRefused(answer.file.name, f"R24: rows are not for {source}", remedy)
    no_other_year_counts(case, answer.file.name, answer.signed.manifest, source)
    if identifiers[0].casefold() in {name.casefold() for name in answer.signed.manifest.columns}:
        problem = f"R24: it has a column {identifiers[0]}, which is the identity column of {source} here"
        remedy = f"name the identity column otherwise in the specification; {NOTHING_CHANGED}"
        raise FileRefused(answer.file.name, problem, remedy)
    mapping = kept_identifiers(desk, case, answer.answered)
    for frame in answer.frames():
        _require_known(answer.file.name, frame[COLUMN], mapping)
    numbers = one_number_each(mapping, stores.persons_of_history(desk, case))

    def lines() -> Iterator[bytes]:
        return as_text(with_numbers(frame, numbers, identifiers[0]) for frame in answer.frames())

    form = by_our_form(contract, answer.signed.manifest.rows)
    return Incoming(source, answer.incoming_name, answer.sha256, Chunks(lines), answer.person, "", form)


def _require_known(name: str, identifiers: pl.Series, mapping: pl.DataFrame) -> None:
    """R24: identifiers that come back are those that this case gave out."""
    strangers = identifiers.len() - int(identifiers.is_in(mapping["transit"].implode()).sum())
    if strangers:
        problem = f"R24: {strangers} rows stand under transit identifiers that this case never gave out"
        raise FileRefused(name, problem, SEND_AGAIN)
