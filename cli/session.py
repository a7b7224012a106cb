"""What all commands share: the desk they work at, who is acting, and how they answer.

What belongs here: the ends of a command. What must not: what a command does.
"""

import getpass
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from functools import cached_property
from threading import Thread
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from rich.console import Console

from cli.progress import Shown, progress_on
from cli.standard_error import OURS
from resources.clock import Clock
from samkorning.errors import GuardedFailure, MachineFailure, RuleRefused, SamkorningError
from samkorning.identity.free_text import require_no_number, without_numbers
from samkorning.machine.progress import Unwatched

if TYPE_CHECKING:
    from resources.desk import Desk

console = Console(highlight=False)
errors = Console(file=OURS.stream, highlight=False, soft_wrap=True)


@dataclass
class Session:
    """One run of the program."""

    json: bool = False

    @cached_property
    def desk(self) -> "Desk":
        """The desk of the working home."""
        import resources.machine  # noqa: F401 - what reports a failure is there before there is one
        from resources.desk import Desk  # with it come databases and tables: help and wrong usage need none

        return Desk.from_environment(self.progress)

    @contextmanager
    def keystore_opens_meanwhile(self) -> Iterator[None]:
        """Opens the keystore while the command loads what it needs: stretching its passphrase takes as long as a part
        of that, and another core. One that does not open says so to whoever asks for it.
        """
        desk = self.desk
        opening = Thread(target=_try_to_open, args=[desk])
        if desk.has_keystore and desk.settings.keystore_provider == "passphrase":
            opening.start()
        try:
            yield
        finally:
            if opening.ident:  # it was started
                opening.join()

    @cached_property
    def progress(self) -> Shown | Unwatched:
        """Where it is seen how far long work has come."""
        return progress_on(errors, self.json)

    def end_progress(self) -> None:
        """Nothing more is shown of it: the command says its last words."""
        if isinstance(self.progress, Shown):
            self.progress.over()

    def day(self, text: str) -> str:
        """A date argument, checked.

        :raises typer.BadParameter: when it is not written YYYY-MM-DD.
        """
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            pass
        raise typer.BadParameter("write the date as YYYY-MM-DD")

    def deadline(self, text: str | None) -> date:
        """A deadline that was typed, or the first working day from two weeks on."""
        if text:
            return date.fromisoformat(self.day(text))
        from samkorning.case.enquiries import TWO_WEEKS
        from samkorning.case.working_days import next_working_day

        return next_working_day(self.desk.clock.today() + TWO_WEEKS)

    def day_until_today(self, text: str | None) -> date:
        """A day on which something happened, as typed, or today."""
        return date.fromisoformat(self.day(text)) if text else self.desk.clock.today()

    def today(self) -> date:
        """The day that ``--today`` sets, else the present one; for commands that need no home."""
        named = os.environ.get("SAMKORNING_TODAY")
        return date.fromisoformat(self.day(named)) if named else Clock().today()

    def person(self, named: str | None, synthetic: bool) -> str:
        """Who acts: the account's owner as the configuration has it; in a synthetic case any name will do.

        :raises RuleRefused: for a free name, or an account without an owner, in a case of real persons; for a name
            that reads as an identity number.
        """
        owner = self.desk.settings.accounts.get(getpass.getuser())
        if named is not None and not synthetic:
            raise RuleRefused("R11", "free names are for synthetic cases", "leave --as out; the account tells who acts")
        if owner is None and named is None and not synthetic:
            raise RuleRefused("R11", "this account has no owner", "enter it under `accounts` in the home's config.yaml")
        acting = named or owner or getpass.getuser()
        require_no_number("the name of who acts", acting)
        return acting

    def answer(self, value: Any, show: Callable[[], None]) -> None:
        """Ends a command: one JSON object for a program, else what ``show`` prints."""
        self.end_progress()
        if self.json:
            sys.stdout.write(json.dumps(plain(value), ensure_ascii=False) + "\n")
        else:
            show()

    def safe_error(self, error: Exception) -> SamkorningError:
        """What may be shown of an error: a refusal as it is, what is wrong with the machine, else a reference."""
        if isinstance(error, SamkorningError) and not isinstance(error, MachineFailure):
            return error
        from resources.machine import machine_failure  # as the desk

        desk = self._opened_desk()
        machine = machine_failure(error, desk)
        if machine is not None:
            return machine
        if desk is None:
            return GuardedFailure(
                f"failed unexpectedly ({type(error).__name__}) before the home was open; run it again"
            )
        reference = desk.failures.reference(error, "command line", datetime.now().astimezone())
        return GuardedFailure(f"failed unexpectedly ({reference}); run it again")

    def who_can(self, refusal: RuleRefused) -> list[str]:
        """Who can make possible what was refused, where the home is open and the refusal names a command."""
        if "desk" not in self.__dict__:
            return []
        from samkorning.case.remedies import who_can

        return who_can(refusal, self.desk.office, self.desk.clock.today())

    def _opened_desk(self) -> "Desk | None":
        """The desk, or nothing where the home itself does not open."""
        with suppress(Exception):
            return self.desk
        return None


def _try_to_open(desk: "Desk") -> None:
    with suppress(Exception):
        desk.keystore  # noqa: B018 - the desk keeps it


session = Session()


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def ended(error: SamkorningError) -> NoReturn:
    """Ends a command with what may be shown of its failure; a program gets what the machine lacks, and where."""
    if isinstance(error, RuleRefused):
        can = session.who_can(error)
        failed(str(error), error.exit_code, {"who_can": can} if can else None)
    if not isinstance(error, MachineFailure):
        failed(str(error), error.exit_code)
    more = {"fault": error.fault, "place": error.place, "free_bytes": error.free, "safe_to_repeat": True}
    failed(str(error), error.exit_code, more)


def failed(message: str, exit_code: int, done: Mapping[str, Any] | None = None) -> NoReturn:
    """Says on standard error what stands in the way, and ends with the exit code; ``done`` is what was done before."""
    session.end_progress()
    message = message.encode("utf-8", "surrogateescape").decode("utf-8", "replace")  # names can be any bytes
    message = without_numbers(message)
    if message:
        errors.print(message, style="red", markup=False)
    for line in (done or {}).get("who_can", ()):
        errors.print(f"who can: {without_numbers(line)}", markup=False)
    answer = {"ok": False, "exit_code": exit_code, "problem": message, **plain(dict(done or {}))}
    _write_if_possible(json.dumps(answer, ensure_ascii=False) + "\n" if session.json else "")
    sys.exit(exit_code)


def _write_if_possible(line: str) -> None:
    """Where standard output lies on a full disk the exit code has to do, and is not to be changed at the end.

    Also without a line: what could not be written before would be tried again then, and end the process with 120.
    """
    try:
        sys.stdout.write(line)
        sys.stdout.flush()
    except OSError:
        sys.stdout = io.StringIO()
