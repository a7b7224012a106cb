"""One file read into the vault in bounded memory: all of it is committed, or nothing.

What belongs here: joining a stream of rows to a store, and what is counted on the way. What must not: the case's events
(arrivals), or what a file must be like (samkorning.register_files).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from assets.steps import stores
from assets.steps.case_view import identity_rules
from assets.steps.intake.known_persons import KnownLook, known_look
from assets.steps.intake.passwords import file_secrets
from assets.steps.persons.population_files import PopulationLook, population_look
from resources.desk import Desk
from samkorning.case import Case
from samkorning.errors import FileRefused, GuardedFailure
from samkorning.machine.progress import Progress
from samkorning.register_files import (
    DuplicateRows,
    FileContract,
    FileVerdict,
    RegisterTable,
    check_file,
    stream_register_file,
)
from samkorning.register_files.content.content import Content
from samkorning.register_files.declared.declared_file import DeclaredFile
from samkorning.register_files.opened import Batch
from samkorning.register_files.packaging import FileSecrets


@dataclass(frozen=True)
class Incoming:
    """A file on its way into a case: its name and hash, where its bytes are, and whose word it is."""

    source: str
    name: str
    sha256: str
    content: Content
    person: str
    reason: str = ""
    """Why it comes in another's place, where a person has said so."""
    form: FileContract | None = None
    """What it is like, where its bytes were written here and not by its holder: the contract in another form."""


@dataclass(frozen=True)
class ReadIn:
    """What came of it: the verdict, and for an accepted file its generation and further counts."""

    verdict: FileVerdict
    generation: int = 0
    more: Mapping[str, Any] = field(default_factory=dict)

    def counts(self) -> dict[str, Any]:
        """The accounting, for the case register: counts and names alone."""
        account = self.verdict.account
        if account is None:
            return {}
        return {
            "rows": account.rows,
            "refused_rows": account.refused_rows,
            "records": account.records,
            "format": account.format,
            "packaging": list(account.packaging),
            "encoding": account.encoding,
            "broken_rules": {f"{finding.column}: {finding.rule}": finding.count for finding in account.findings},
            "remarks": {remark.value: count for remark, count in account.remarks.items()},
            **self.more,
        }


class _Reading:
    """One reading of one file."""

    def __init__(
        self,
        case: Case,
        incoming: Incoming,
        contract: FileContract,
        identifiers: tuple[str, ...],
        secrets: FileSecrets,
        population: PopulationLook | None,
        known: KnownLook | None,
        progress: Progress,
    ) -> None:
        self.account: RegisterTable | None = None
        self._duplicates = DuplicateRows()
        self._contract, self._name, self._secrets = contract, incoming.name, secrets
        self._stream = stream_register_file(incoming.content, incoming.name, contract, secrets, progress=progress)
        self._declared = DeclaredFile(contract, identifiers, identity_rules(case))
        self._history, self._population, self._known = self._declared.history_look(), population, known
        self._other = self._declared.opened(self._name, self._stream.columns)
        self._dropped = self._what_is_dropped(incoming)

    @property
    def refusal(self) -> FileRefused | None:
        """Why the reading ended, if it was for the file's own sake."""
        failure = self._stream.failure
        return failure if isinstance(failure, FileRefused) else None

    def verdict(self) -> FileVerdict:
        """The file's account, its refusal, and where identity numbers stand that nobody declared."""
        refusal = _bare(self.refusal) if self.refusal else None
        return FileVerdict(self._name, self.account, refusal, self._other.findings())

    def rows(self) -> pl.LazyFrame:
        """The rows, to be written once; dropped columns are there without their values."""
        blank = [pl.lit(None, pl.String).alias(column) for column in self._dropped]
        return self._stream.lazy(self._judge, self._look_at).with_columns(blank)

    def more(self) -> dict[str, Any]:
        """Repeated rows, and what other identifying content there was and what became of it."""
        counts: dict[str, Any] = {}
        repeated = self._duplicates.count()
        if repeated is not None:
            counts["duplicate_rows"] = repeated
        if self._other.names or self._other.values():
            counts["identifying_names"] = list(self._other.names)
            counts["identifying_values"] = self._other.values()
            counts["other_identifying"] = self._contract.other_identifying
        return counts

    def of_persons(self) -> dict[str, Any]:
        """What an accepted file says of its persons: how another population differs, or that nobody is known."""
        return {name: fact for look in (self._population, self._known) if look for name, fact in look.facts().items()}

    def _what_is_dropped(self, incoming: Incoming) -> tuple[str, ...]:
        """The columns that are dropped; what their values hold is known only after a reading of its own."""
        if self._contract.other_identifying != "drop":
            return ()
        look = self._other.look_at
        check_file(incoming.content, self._name, self._contract, look=look, secrets=self._secrets)
        return tuple(dict.fromkeys([*self._other.names, *self._other.values()]))

    def _look_at(self, batch: Batch) -> None:
        self._duplicates.look_at(batch.frame)
        if self._contract.other_identifying != "drop":
            self._other.look_at(batch)
        for look in (self._history, self._population, self._known):
            if look:
                look.look_at(batch)

    def _judge(self, account: RegisterTable) -> None:
        """Looks at the whole account before anything is committed."""
        self.account = account
        self._declared.judge(account, self._other)
        for look in (self._history, self._population):
            if look:
                self.account = look.judged(self.account)


def read_in(desk: Desk, case: Case, incoming: Incoming, contract: FileContract, identifiers: tuple[str, ...]) -> ReadIn:
    """Reads a file into its source's store. A refused one leaves no generation and no file behind.

    :raises GuardedFailure: when reading or writing failed for another reason.
    """
    try:
        population = population_look(desk, case, incoming.source)
        secrets = file_secrets(desk, case, incoming.source)
        known = known_look(desk, case, incoming.source)
        reading = _Reading(case, incoming, contract, identifiers, secrets, population, known, desk.progress)
    except FileRefused as refused:
        return ReadIn(FileVerdict(incoming.name, None, _bare(refused)))
    failed: GuardedFailure | None = None
    try:
        store = stores.received(desk, case, incoming.source)
        generation = store.append(reading.rows(), facts={"sha256": incoming.sha256})
    except GuardedFailure as failure:
        failed = failure
    if failed is None:
        return ReadIn(reading.verdict(), generation.number, {**reading.more(), **reading.of_persons()})
    if reading.refusal is not None:
        return ReadIn(reading.verdict(), more=reading.more())
    raise failed


def _bare(refused: FileRefused) -> FileRefused:
    return FileRefused(refused.file, refused.problem, refused.remedy)
