"""One case read by a reader process, and all that is shown of it: does anything of the file stand there?

What belongs here: reading, judging as intake does, the messages, the search in them, how far the file came. What must
not: waiting for what hangs (workers). Names of columns are told to senders and engineers; a word in one is no finding,
an identity number is.
"""

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial
from html import escape

from samkorning.guards.limits import ProcessLimits
from samkorning.identity import IdentityRules
from samkorning.register_files import FileVerdict, RealNumbers, check_file
from samkorning.register_files.declared.declared_file import DeclaredCheck, DeclaredFile
from samkorning.register_files.guarded import Limits, open_guarded
from samkorning.register_files.opened import Batch
from samkorning.register_files.reports.sender_page import sender_page
from samkorning.register_files.reports.sender_report import Arrival, sender_report
from tests.fuzz.cases import Case
from tests.fuzz.seeds import NUMBERS, WORD

DAY = date(2026, 1, 1)
LIMITS = Limits(ProcessLimits(memory=3 * 1024**3, processor_time=30), silence=45.0, waiting=60.0)
_PACKING = ("the archive", "the password", "the file is sealed", "the sealed file", "unpacked the file", "unpacking")
_FIRST_LOOK = ("the file is empty", "the content is")
_WORDS = {WORD[start : start + 6] for start in range(len(WORD) - 5)}
_NUMBERS = {number[start : start + 8] for number in NUMBERS for start in range(len(number) - 7)}


class Reached(StrEnum):
    """How far a file came."""

    ACCEPTED = "accepted"
    ROWS = "refused by rows"
    INSIDE = "refused inside"
    PACKING = "packing"
    FIRST_LOOK = "first look"
    LIMITS = "limits"
    BROKE_OFF = "broke off"
    ERROR = "error"


@dataclass(frozen=True)
class Outcome:
    """What became of one case."""

    reached: Reached
    finding: str | None = None


def outcome_of(case: Case) -> Outcome:
    """Reads the file, and looks at everything that is told of it."""
    try:
        verdict = _verdict(case)
        return Outcome(_reached(verdict), finding_in(verdict))
    except Exception as error:  # whatever it is, it is a finding, and its text may hold a value
        return Outcome(Reached.ERROR, f"{type(error).__name__} {place_of(error)}")


def place_of(error: BaseException) -> str:
    """The innermost lines of code that it went through."""
    places, trace = [], error.__traceback__
    while trace:
        places.append(f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " < ".join(reversed(places[-3:]))


def _verdict(case: Case) -> FileVerdict:
    """As ``file check`` says it: by the contract alone, or by an order with its identity columns and for a table."""
    read = partial(check_file, case.content, case.name, case.contract, secrets=case.secrets, opener=_opener)
    if case.identifiers is None:
        return read()
    real, rules = RealNumbers(DAY), IdentityRules(reference_date=DAY, allow_synthetic=True)
    declared = DeclaredCheck(DeclaredFile(case.contract, case.identifiers, rules))

    def look(batch: Batch) -> None:
        declared.look_at(batch)
        real.look_at(batch)

    return declared.completed(read(declared.judge, look))


_opener = partial(open_guarded, limits=LIMITS)


def _reached(verdict: FileVerdict) -> Reached:
    if verdict.refusal is None:
        return Reached.ACCEPTED
    problem = verdict.refusal.problem
    if verdict.account is not None:
        return Reached.ROWS
    if "broke off" in problem:
        return Reached.BROKE_OFF
    if "within its limits" in problem:
        return Reached.LIMITS
    if problem.startswith(_PACKING) or "files in the archive" in problem:
        return Reached.PACKING
    is_first = problem.startswith(_FIRST_LOOK) and "no readable" not in problem
    return Reached.FIRST_LOOK if is_first else Reached.INSIDE


def finding_in(verdict: FileVerdict) -> str | None:
    """What is wrong with what is shown of a file, if anything."""
    if verdict.refusal is not None and "(time)" in verdict.refusal.problem:
        return "hangs: given up for its time"
    messages = _messages(verdict)
    if any(number in messages for number in _NUMBERS):
        return "an identity number in a message"
    if any(word in _without_names(messages, verdict).casefold() for word in _WORDS):
        return "a word of the file in a message"
    return None


def _messages(verdict: FileVerdict) -> str:
    """All that anybody is shown of the file."""
    report = sender_report(verdict, Arrival("0" * 64, DAY))
    spoken = [str(verdict.refusal or ""), sender_page(report)]
    return "\n".join([*spoken, *(json.dumps(each, ensure_ascii=False) for each in (report, verdict.as_dict()))])


def _without_names(messages: str, verdict: FileVerdict) -> str:
    """The messages without the names of the columns, in all the ways in which they are written."""
    names = verdict.account.columns if verdict.account else ()
    for name in sorted(names, key=len, reverse=True):
        if any(word in name.casefold() for word in _WORDS):
            for written in (name, escape(name), json.dumps(name, ensure_ascii=False)[1:-1]):
                messages = messages.replace(written, "")
    return messages
