"""A file as an order declares it: the limits that intake holds it to, beyond what its contract alone says.

What belongs here: identity columns that must be there, rows that must be there, other identifying content. What must
not: where the rows go (intake), or what a single reader refuses.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from samkorning.errors import FileRefused
from samkorning.identity import IdentityRules
from samkorning.persons.number_history import HISTORY_COLUMNS
from samkorning.register_files.checking import FileVerdict
from samkorning.register_files.columns.direct_identifiers import OtherIdentifying
from samkorning.register_files.declared.contract import FileContract
from samkorning.register_files.declared.number_history import NumberHistoryLook
from samkorning.register_files.opened import Batch
from samkorning.register_files.reading import refuse_broken_contract
from samkorning.register_files.table import RegisterTable


@dataclass(frozen=True)
class DeclaredFile:
    """A file's contract, its identity columns and how their numbers are read."""

    contract: FileContract
    identifiers: tuple[str, ...]
    rules: IdentityRules

    def opened(self, name: str, columns: Sequence[str]) -> OtherIdentifying:
        """Looks at the names of columns before any row is read.

        :raises FileRefused: when an identity column is missing, or a name is blocked.
        """
        missing = [column for column in self.identifiers if column not in columns]
        if missing:
            raise FileRefused(
                name, f"lacks the declared identity column {', '.join(missing)}", "send it with that column"
            )
        other = OtherIdentifying(columns, self.identifiers, self.rules)
        if self.contract.other_identifying == "block":
            other.refuse_names(name)
        return other

    def judge(self, account: RegisterTable, other: OtherIdentifying) -> None:
        """Looks at the whole account.

        :raises FileRefused: when the contract is broken, there are no rows, or values are blocked.
        """
        refuse_broken_contract(account, self.contract)
        if account.rows == 0 and self.identifiers != HISTORY_COLUMNS:
            raise FileRefused(account.name, "has no rows", "send the file with its rows")
        if self.contract.other_identifying == "block":
            other.refuse_values(account.name)

    def history_look(self) -> NumberHistoryLook | None:
        """What looks at the rows of a number history; nothing for other files."""
        return NumberHistoryLook(self.rules) if self.identifiers == HISTORY_COLUMNS else None


class DeclaredCheck:
    """The same for a file that is only checked: shown every batch, then the account."""

    def __init__(self, declared: DeclaredFile) -> None:
        self._declared, self._history = declared, declared.history_look()
        self._other: OtherIdentifying | None = None
        self._judged: RegisterTable | None = None

    def look_at(self, batch: Batch) -> None:
        """Counts one batch."""
        if self._other is None:
            columns = batch.frame.columns
            self._other = OtherIdentifying(columns, self._declared.identifiers, self._declared.rules)
        self._other.look_at(batch)
        if self._history:
            self._history.look_at(batch)

    def judge(self, account: RegisterTable) -> None:
        """Judges as intake does; names of columns first."""
        fresh = self._declared.opened(account.name, account.columns)
        self._declared.judge(account, self._other or fresh)
        self._judged = self._history.judged(account) if self._history else account

    def completed(self, verdict: FileVerdict) -> FileVerdict:
        """The verdict with what is wrong with rows of a number history, and other columns that look like numbers."""
        identifying = self._other.findings() if self._other else ()
        return replace(verdict, account=self._judged or verdict.account, identifying=identifying)
