"""Every refusal and failure of the service, one class per remedy.

What belongs here: the exceptions that a person acts on. What must not: a value from a row, ever. A message names the
file or case, the rule, how many rows and which row numbers, and what to do. Library errors that touched identifier
columns are cut off with ``from None``; they are never chained to these.
"""

from dataclasses import dataclass


class SamkorningError(Exception):
    """Base of all. ``exit_code`` is what the command line returns for it."""

    exit_code = 1


@dataclass(frozen=True)
class OrderFault:
    """One fault in an order file: where it is and what mends it. ``line`` is 1-based, 0 where no line applies.

    ``place`` says where in a workbook it is: sheet, row, column and heading.
    """

    line: int
    field: str
    problem: str
    remedy: str
    place: str = ""

    def __str__(self) -> str:
        where = ", ".join(filter(None, (f"line {self.line}" if self.line else "", self.place, self.field)))
        return f"{where}: {self.problem}; {self.remedy}" if where else f"{self.problem}; {self.remedy}"


class OrderRefused(SamkorningError):
    """The order or specification does not hold together; the orderer or case officer corrects the named lines."""

    def __init__(self, source: str, faults: list[OrderFault]) -> None:
        self.source, self.faults = source, faults
        super().__init__("\n".join(f"{source}: {fault}" for fault in faults))


class RuleRefused(SamkorningError):
    """A rule of the service forbids the act until somebody has done something else first.

    ``rule`` is the identifier in docs/rules.md (R04, R12, …); the remedy names the act and whose it is.
    """

    def __init__(self, rule: str, problem: str, remedy: str) -> None:
        self.rule, self.problem, self.remedy = rule, problem, remedy
        super().__init__(f"{rule}: {problem}; {remedy}")


class FileRefused(SamkorningError):
    """A received file cannot be taken as it is; its sender corrects it. Nothing was changed."""

    def __init__(self, file: str, problem: str, remedy: str) -> None:
        self.file, self.problem, self.remedy = file, problem, remedy
        super().__init__(f"{file}: {problem}; {remedy}")


class CheckFailed(SamkorningError):
    """A blocking check stopped the case; the data engineer looks at the named check in the Dagster page."""


class NotFound(SamkorningError):
    """A case, file, store or register that was named does not exist here."""


class CaseBusy(SamkorningError):
    """Another run holds the case. Try again when it has ended."""

    exit_code = 4


class KeystoreRefused(SamkorningError):
    """The keystore does not open, or lies where it must not: passphrase, place or permission has to be put right."""


class VaultDamaged(SamkorningError):
    """Stored bytes are not what was committed: stop, and restore the named file from backup."""

    exit_code = 3


class PackageRefused(SamkorningError):
    """A sealed or opened delivery is not what the service signed, or does not open with this identity."""


class SealedForOthers(PackageRefused):
    """A seal is whole and none of the identities here opens it: it has to be made anew, for the right recipient."""


class HomeRefused(SamkorningError):
    """The working home or the Dagster instance is not set up as the service demands."""


class GuardedFailure(SamkorningError):
    """An unexpected failure inside the service, reported without its text, which could quote data.

    ``reference`` leads the engineer to the protected log. Nothing half-written is visible; running again is safe.
    """

    exit_code = 3


class MachineFailure(GuardedFailure):
    """The machine has no room, right, memory or time for it: who runs it frees or mends what is named, and repeats.

    ``fault`` is one of samkorning.machine.faults.Fault; ``place`` the folder it was found in, '' where none is known;
    ``free`` how many bytes are free there.
    """

    def __init__(self, message: str, fault: str, place: str = "", free: int | None = None) -> None:
        self.fault, self.place, self.free = fault, place, free
        super().__init__(message)


class ClockWentBack(MachineFailure):
    """The clock is behind what has been recorded: whoever runs the machine sets it, or records that it is right."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "clock went back")


class HandOverRefused(SamkorningError):
    """A target is not the one that was named, or holds another file: a person clears that up. Nothing was sent."""


class HandOverFailed(SamkorningError):
    """A target cannot be reached, or was cut off: handing over again is safe, and goes on from what is there."""

    exit_code = 3


class LetterNotSent(SamkorningError):
    """A mail server did not take a letter: sending it again is safe, unless it broke off while it was handed over."""

    exit_code = 3

    def __init__(self, message: str, *, is_unclear: bool = False) -> None:
        self.is_unclear = is_unclear
        super().__init__(message)
