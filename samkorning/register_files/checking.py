"""What intake says of one file: its account, or why it cannot be read, and whether it is taken in.

What belongs here: the verdict and its problems as plain lists. What must not: reading (reading), and the words that
the sender is told (sender_report).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from samkorning.errors import FileRefused
from samkorning.register_files.content.content import Content
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.guarded import open_guarded
from samkorning.register_files.packaging import NO_SECRETS, FileSecrets
from samkorning.register_files.reading import (
    Judge,
    Look,
    Opener,
    RegisterStream,
    refuse_broken_contract,
    stream_register_file,
)
from samkorning.register_files.table import RegisterTable, RuleFinding


@dataclass(frozen=True)
class FileVerdict:
    """A file's account, if it could be read to its end, and its refusal, if it was not taken in.

    ``identifying`` are columns whose values look like identity numbers where none are declared.
    """

    name: str
    account: RegisterTable | None
    refusal: FileRefused | None
    identifying: tuple[RuleFinding, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """Whether the file is taken in."""
        return self.refusal is None

    def as_dict(self) -> dict[str, Any]:
        """``rows, refused_rows, columns, format, packaging, encoding, separator, problems``; no values."""
        account = self.account
        return {
            "rows": account.rows if account else 0,
            "refused_rows": account.refused_rows if account else 0,
            "columns": list(account.columns) if account else [],
            "format": account.format if account else None,
            "packaging": list(account.packaging) if account else [],
            "encoding": account.encoding if account else None,
            "separator": account.separator if account else None,
            "problems": list(self._problems()),
        }

    def _problems(self) -> Iterator[dict[str, Any]]:
        """Of the file first (``row`` null), then of rows by number, then of rules that values break."""
        if self.refusal:
            yield {"row": None, "problem": self.refusal.problem, "remedy": self.refusal.remedy}
        if self.account:
            yield from ({"row": each.row, "problem": each.problem.value} for each in self.account.problems)
            for finding in (*self.account.findings, *self.identifying):
                yield from _broken_rule(finding)


def _broken_rule(finding: RuleFinding) -> Iterator[dict[str, Any]]:
    for row in finding.rows:
        yield {"row": row, "problem": finding.rule, "column": finding.column}
    if finding.count > len(finding.rows):
        yield {"row": None, "problem": finding.rule, "column": finding.column, "count": finding.count}


def check_file(
    content: Content,
    name: str,
    contract: FileContract,
    judge: Judge | None = None,
    look: Look | None = None,
    secrets: FileSecrets = NO_SECRETS,
    opener: Opener = open_guarded,
) -> FileVerdict:
    """Reads a file to its end without keeping its rows, and judges it as intake does.

    ``judge`` takes the place of the contract's own limits; ``look`` is shown every batch.
    """
    account, refusal = None, None
    try:
        stream = stream_register_file(content, name, contract, secrets, opener)
        account = _account(stream, look)
        (judge or (lambda account: refuse_broken_contract(account, contract)))(account)
    except FileRefused as refused:
        refusal = refused.with_traceback(None)
        refusal.__cause__ = refusal.__context__ = None
    return FileVerdict(name, account, refusal)


def _account(stream: RegisterStream, look: Look | None) -> RegisterTable:
    for batch in stream.batches():
        if look:
            look(batch)
    return stream.account()
