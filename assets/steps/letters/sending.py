"""Sending a letter once: by the mail server of the settings, or laid in the case's folder of letters to go by post.

What belongs here: the order of commitment. What must not: what a letter says (composing), its e-mail (messages), or the
connection (resources.mail).

The files are whole in their folder before anything is sent, and what is under way is written down beside them; the
event is the commit. A letter that a mail server has taken and whose event a crash left out is only recorded by the
next call. Where nobody can know whether it was taken, the next call says so and waits for a person.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.steps.intake.sealing import recipient
from assets.steps.letters.beside import lay_beside_the_package
from assets.steps.letters.composing import Composed, compose
from assets.steps.letters.messages import message_of
from assets.steps.letters.under_way import ASKED, TAKEN, forget, note, noted
from assets.steps.recording import record
from resources.desk import Desk
from resources.mail import Mail, is_nobodys, send
from samkorning.case import Case
from samkorning.case.letters.occasions import Addressee, Occasion, letter_sent, occasions_of
from samkorning.case.letters.registry import letter_of
from samkorning.durable import make_folder, overwrite
from samkorning.errors import HomeRefused, LetterNotSent, RuleRefused

FOLDER, SMTP = "folder", "smtp"


@dataclass(frozen=True)
class Request:
    """What a person asks for: which letter, of which occasion, in which language; why once more; that it was taken."""

    letter: str
    of: str | None = None
    language: str | None = None
    again: str | None = None
    was_taken: bool = False


@dataclass(frozen=True)
class Sending:
    """What came of one letter: ``done`` is sent, laid down or nothing; ``said`` tells it in a sentence."""

    letter: str
    of: str | None
    done: str
    said: str
    to: tuple[str, ...] = ()
    file: str = ""
    sha256: str = ""


def send_letter(desk: Desk, case_number: str, request: Request, person: str) -> list[Sending]:
    """Sends a letter to each occasion that has not had it; one that has had it is told of and left.

    :raises RuleRefused: when the case has no occasion for it, it may not go to these addresses, it holds an identity
        number, or nobody can know whether it was sent.
    :raises LetterNotSent: when the mail server did not take it.
    :raises CaseBusy: when another run holds the case.
    """
    letter = letter_of(request.letter)
    with desk.vault.lock(case_number):
        found = occasions_of(desk.case(case_number), letter, request.of)
        return [_send(desk, desk.case(case_number), occasion, request, person) for occasion in found]


def folder_of(desk: Desk, case: Case, occasion: Occasion) -> Path:
    """Where the next sending of a letter lies: by the event it is about, and how often it has been sent."""
    more = f"_{len(occasion.sendings) + 1}" if occasion.sendings else ""
    return desk.home.letters(case.number) / f"{occasion.event.number:04d}_{occasion.letter.name}{more}"


def _send(desk: Desk, case: Case, occasion: Occasion, request: Request, person: str) -> Sending:
    sent = occasion.sent
    if sent is not None:
        forget((desk.home.root / sent.detail["file"]).parent)
        lay_beside_the_package(desk, case.number, occasion, str(sent.detail["file"]))
    if sent is not None and request.again is None:
        said = f"was sent on {sent.at.date()} by {sent.detail['way']}; --again with a reason sends it once more"
        return Sending(occasion.letter.name, occasion.of, "nothing", said)
    folder = folder_of(desk, case, occasion)
    left = noted(folder)
    if left is not None and (left["state"] == TAKEN or request.was_taken):
        return _recorded(desk, case, occasion, left["sending"], person, request.again)
    if left is not None and request.again is None:
        raise _nobody_knows(occasion, left)
    return _make_and_send(desk, case, occasion, request, person)


def _nobody_knows(occasion: Occasion, left: Mapping[str, Any]) -> RuleRefused:
    return RuleRefused(
        occasion.letter.rule.split(", ")[0],
        f"the letter {occasion.letter.name} was {ASKED} on {left['at'][:16]} and what became of it is not known "
        f"(message {left['message']})",
        "ask whoever runs the mail server, or the addressee: --was-taken records that it was taken, --again with a "
        "reason sends it once more",
    )


def _make_and_send(desk: Desk, case: Case, occasion: Occasion, request: Request, person: str) -> Sending:
    _is_written_by_the_authority(desk, case)
    recipient(desk, person)  # letters tell holders what to seal their files to
    composed, mail = compose(desk, case, occasion, person, request.language), desk.settings.mail
    by_mail = mail if composed.page.to.email is not None else None
    if by_mail is not None:
        _may_go_there(case, by_mail, composed)
    folder = folder_of(desk, case, occasion)
    make_folder(folder)
    for name, content in composed.files.items():
        overwrite(folder / name, content)
    name, about = occasion.letter.name, occasion.event.number
    desk.audit.append("send letter", person, case.number, desk.clock.now(), letter=name, about=about)
    if by_mail is None:
        sending = _laid_down(desk, folder, composed)
    else:
        sending = _handed_over(desk, case, by_mail, composed, folder)
    return _recorded(desk, case, occasion, sending, person, request.again)


def _handed_over(desk: Desk, case: Case, mail: Mail, composed: Composed, folder: Path) -> dict[str, Any]:
    """Hands it over, and writes down before and behind that how far it has come."""
    message = message_of(composed, case.number, desk.settings.service, mail, desk.clock.now())
    sending = {**_kept(desk, folder, composed), "way": SMTP, "to": [each.email for each in _reached(composed)]}
    at, identifier = desk.clock.now().isoformat(), str(message["Message-ID"])
    note(folder, ASKED, at, identifier, sending)
    try:
        refused = send(mail, message)
    except LetterNotSent as failed:
        if not failed.is_unclear:
            forget(folder)
        raise
    if refused:
        taken = [address for address in sending["to"] if address not in refused]
        sending = {**sending, "to": taken, "refused": sorted(refused)}
    note(folder, TAKEN, at, identifier, sending)
    return sending


def _laid_down(desk: Desk, folder: Path, composed: Composed) -> dict[str, Any]:
    to, no_server = composed.page.to, desk.settings.mail is None
    why = "no mail server is set" if no_server else f"no e-mail address of {to.organisation} is known"
    whom = to.name if to.name == to.organisation else f"{to.name}, {to.organisation}"
    return {**_kept(desk, folder, composed), "way": FOLDER, "to": [whom], "why": why}


def _kept(desk: Desk, folder: Path, composed: Composed) -> dict[str, Any]:
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in composed.files.items()}
    file = str((folder / composed.printed).relative_to(desk.home.root))
    language, sha256 = composed.page.language, hashes[composed.printed]
    return {"language": language, "file": file, "sha256": sha256, "files_sha256": hashes}


def _recorded(
    desk: Desk, case: Case, occasion: Occasion, sending: Mapping[str, Any], person: str, again: str | None
) -> Sending:
    """The commit: the event; then nothing is under way any more."""
    act = letter_sent(occasion, sending, again)
    record(desk, case, person, act)
    lay_beside_the_package(desk, case.number, occasion, str(sending["file"]))
    forget((desk.home.root / str(sending["file"])).parent)
    done = "sent" if sending["way"] == SMTP else "laid down"
    to, file, sha256 = tuple(sending["to"]), str(sending["file"]), str(sending["sha256"])
    return Sending(occasion.letter.name, occasion.of, done, _said(sending), to, file, sha256)


def _said(sending: Mapping[str, Any]) -> str:
    whom = "; ".join(sending["to"])
    if sending["way"] == FOLDER:
        return f"laid down for {whom}, to be sent by post: {sending['why']}"
    refused = ", ".join(sending.get("refused", ()))
    return f"sent to {whom}" + (f"; the mail server refused {refused}" if refused else "")


def _reached(composed: Composed) -> list[Addressee]:
    both = (composed.page.to, composed.page.copy)
    return [each for each in both if each is not None and each.email is not None]


def _is_written_by_the_authority(desk: Desk, case: Case) -> None:
    if not case.order.synthetic and desk.settings.service.is_example:
        raise HomeRefused("letters of real cases need the authority's own name and addresses: `service` in config.yaml")


def _may_go_there(case: Case, mail: Mail, composed: Composed) -> None:
    """A case of made-up persons writes to nobody who exists."""
    real = [each for each in _reached(composed) if not is_nobodys(str(each.email))]
    if case.order.synthetic and real and not mail.is_loopback:
        raise RuleRefused(
            "synthetic case",
            "the letter would go to an address that can be somebody's",
            "write addresses of example.org or .invalid in the order and under `holders`, or use a mail server on this "
            "machine",
        )
