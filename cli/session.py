"""What all commands share: the desk they work at, who is acting, and how they answer.

What belongs here: the ends of a command. What must not: what a command does.
"""

import getpass
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NoReturn

import typer
from rich.console import Console

from resources.clock import Clock
from resources.desk import Desk
from samkorning.errors import RuleRefused
from samkorning.free_text import require_no_number, without_numbers

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


@dataclass
class Session:
    """One run of the program."""

    json: bool = False

    @cached_property
    def desk(self) -> Desk:
        """The desk of the working home."""
        return Desk.from_environment()

    def day(self, text: str) -> str:
        """A date argument, checked.

        :raises typer.BadParameter: when it is not written YYYY-MM-DD.
        """
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            pass
        raise typer.BadParameter("write the date as YYYY-MM-DD")

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
        if self.json:
            sys.stdout.write(json.dumps(plain(value), ensure_ascii=False) + "\n")
        else:
            show()

    def unexpected(self, error: Exception) -> str:
        """What may be told of an error that nobody foresaw."""
        try:
            reference = self.desk.failures.record(error, "command line", datetime.now().astimezone())
        except OSError:
            return f"failed unexpectedly ({type(error).__name__}); the protected log cannot be written"
        return f"failed unexpectedly (reference {reference} in {self.desk.home.failures}); run it again"


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


def failed(message: str, exit_code: int, done: Mapping[str, Any] | None = None) -> NoReturn:
    """Tells on standard error what stands in the way, and ends with the exit code; ``done`` is what was done before."""
    message = message.encode("utf-8", "surrogateescape").decode("utf-8", "replace")  # names can be any bytes
    message = without_numbers(message)
    if message:
        errors.print(message, style="red", markup=False)
    if session.json:
        told = {"ok": False, "exit_code": exit_code, "problem": message, **plain(dict(done or {}))}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    sys.exit(exit_code)
