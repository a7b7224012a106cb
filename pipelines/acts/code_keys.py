"""The code key (kodnyckel) of a case, and the encryption keys that keep it.

What belongs here: these acts. What must not: the acts themselves (assets.steps.persons.code_keys, safekeeping), or any
number: serial numbers and identity numbers come in files, and go out sealed.
"""

from datetime import date
from typing import Annotated

from pydantic import Field

from assets.steps.intake import sealing
from assets.steps.persons import code_keys
from assets.steps.persons.code_keys import ImportedFile
from assets.steps.persons.identities import sealed_to_file
from assets.steps.persons.impact import impact
from assets.steps.persons.typed_serial_numbers import serial_numbers_of
from assets.steps.safekeeping import accepting, rotating
from assets.steps.safekeeping.accepting import Acceptance
from assets.steps.safekeeping.rotating import Level
from pipelines.acts.asked import Asked, CaseNumber, Day, Name, Reason, Recipient, Typed
from pipelines.acts.files import FileToMake, FileToTake, made_file, taken_file
from pipelines.acts.job import At, AtCase, Done, act_on_case, act_on_desk
from samkorning import typed
from samkorning.case import acts
from samkorning.case.act import Act
from samkorning.case.complaints import extend_code_key
from samkorning.case.events import NO_LIMIT
from samkorning.code_key import LookUp
from samkorning.encryption.age import check_recipient
from samkorning.errors import NotFound
from samkorning.identity import Issuer
from samkorning.order import Identifies

Kind = Annotated[
    str,
    Typed(typed.one_of(Identifies)),
    Field(description=f"Whose code key, each kind has a series of its own: {', '.join(Identifies)}."),
]


class AskedKeep(Asked):
    """How long the code key is kept, and why."""

    reason: Reason
    until: Day | None = Field(default=None, description="The day to keep it to, YYYY-MM-DD; without a limit if empty.")


class AskedExtend(Asked):
    """How much longer it is kept, and who asked for it."""

    until: Day = Field(description="The day to keep it to, YYYY-MM-DD.")
    contact: Name = Field(description="The orderer's contact, as the order names it.")
    representative: Name = Field(description="The research principal's authorised representative, as in the order.")
    reason: Reason


class AskedImport(Asked):
    """Another authority's code key, and where it stands in the file."""

    file: FileToTake
    number_column: Name = Field(default="number", description="The column of identity numbers.")
    serial_number_column: Name = Field(default="serial_number", description="The column of serial numbers.")
    identifies: Kind = Identifies.PERSON.value
    issuer: Annotated[str | None, Typed(typed.one_of(Issuer))] = Field(
        default=None, description="Who gave the identity numbers out, where it is not the state."
    )


class AskedExport(Asked):
    """For whom the code key is sealed."""

    recipient: Recipient
    to: FileToMake
    identifies: Kind = Identifies.PERSON.value


class AskedLookUp(Asked):
    """Which serial numbers, what for, and for whom the answer is sealed."""

    file: FileToTake = Field(description="A file in `acts/in` with one serial number a line; it is removed.")
    purpose: Annotated[str, Typed(typed.a_sentence("the purpose"))] = Field(
        description="What the answer is for, for the audit log."
    )
    recipient: Recipient
    to: FileToMake
    identifies: Kind = Identifies.PERSON.value


class AskedPerson(Asked):
    """Who objects."""

    file: FileToTake = Field(
        description="A file in `acts/in` with the identity number on its first line; it is removed."
    )


class AskedReason(Asked):
    """Why."""

    reason: Reason


class AskedRotation(Asked):
    """Which encryption keys are drawn anew."""

    level: Annotated[str, Typed(typed.one_of(Level))] = Field(
        description="master, class or store: the keystore's own, one a retention class, or one a file."
    )
    case: CaseNumber | None = Field(default=None, description="One case; every case and the own registers without it.")


class AskedPassphrase(Asked):
    """The new passphrase."""

    file: FileToTake = Field(description="A file in `acts/in` that holds the new passphrase; it is removed.")


class AskedSealTo(Asked):
    """Whether another recipient is made."""

    new: bool = Field(default=False, description="Make another one; files sealed to earlier ones still open.")


@act_on_case
def code_key_keep(at: AtCase, asked: AskedKeep) -> Act:
    """A decision keeps population and code key to a date, or without a limit (R17)."""
    until = date.fromisoformat(asked.until) if asked.until else NO_LIMIT
    return acts.keep_code_key(at.case, until, at.today, asked.reason)


@act_on_case
def code_key_extend(at: AtCase, asked: AskedExtend) -> Act:
    """A kept code key is kept longer; names contact and authorised representative (R17)."""
    until = date.fromisoformat(asked.until)
    return extend_code_key(at.case, until, at.today, asked.contact, asked.representative, asked.reason)


@act_on_case
def code_key_import(at: AtCase, asked: AskedImport) -> Done:
    """Takes in a code key that another authority made, all of its pairs or none."""
    path = taken_file(at.desk, asked.file)
    issuer = Issuer(asked.issuer) if asked.issuer else None
    file = ImportedFile(path, asked.number_column, asked.serial_number_column, Identifies(asked.identifies), issuer)
    if at.preview:
        return Done(f"{at.number}: would take in {asked.file}, {path.stat().st_size} bytes, by {at.person}")
    taken = code_keys.import_from_file(at.desk, at.case, file, at.person)
    path.unlink()
    return Done(f"{at.number}: {taken.added} pairs taken in, {taken.known} were known")


@act_on_case
def code_key_export(at: AtCase, asked: AskedExport) -> Done:
    """Seals the code key for a named recipient; recorded in the case and in the audit log."""
    check_recipient(asked.recipient)
    to = made_file(at.desk, asked.to)
    if at.preview:
        return Done(f"{at.number}: would seal the code key in acts/out/{asked.to}, by {at.person}")
    series = Identifies(asked.identifies).series
    pairs = code_keys.export(at.desk, at.case, series, asked.recipient, to, at.person)
    return Done(f"{at.number}: {pairs} pairs sealed in acts/out/{asked.to}")


@act_on_case
def code_key_look_up(at: AtCase, asked: AskedLookUp) -> Done:
    """Who serial numbers stand for, sealed for a recipient; a right of its own, and it leaves a trace."""
    check_recipient(asked.recipient)
    path, to = taken_file(at.desk, asked.file), made_file(at.desk, asked.to)
    wanted = serial_numbers_of(path.read_text(encoding="utf-8", errors="replace"), asked.file)
    if at.preview:
        return Done(f"{at.number}: would look up {wanted.len()} serial numbers, by {at.person}")
    look_up = LookUp(at.person, at.desk.clock.now(), asked.purpose)
    answers = code_keys.look_up(at.desk, at.case, Identifies(asked.identifies).series, wanted, look_up)
    sealed_to_file(answers, asked.recipient, to)
    path.unlink()
    return Done(f"{at.number}: {answers.height} answers sealed in acts/out/{asked.to}")


@act_on_case
def code_key_remove_person(at: AtCase, asked: AskedPerson) -> Done:
    """Takes out a person who objects. The serial number stays, for nobody."""
    path = taken_file(at.desk, asked.file)
    identity = path.read_text(encoding="utf-8", errors="replace").partition("\n")[0].strip()
    if at.preview:
        gone = code_keys.preview_removal(at.desk, at.case, identity, at.person)
        return Done(f"{at.number}: would take out the person whose number is in {asked.file}, {gone} serial numbers")
    removed = code_keys.remove_person(at.desk, at.case, identity, at.person)
    path.unlink()
    return Done(f"{at.number}: the person {'is removed' if removed else 'had no serial number; the objection is kept'}")


@act_on_case
def code_key_cut_link(at: AtCase, asked: AskedReason) -> Done:
    """Forgets whom every serial number stands for, and keeps the serial numbers. It cannot be undone."""
    if at.preview:
        cut = code_keys.preview_cut(at.desk, at.case, asked.reason, at.person)
        return Done(f"{at.number}: would cut the link of {cut} serial numbers, for good, by {at.person}")
    cut = code_keys.cut_links(at.desk, at.case, asked.reason, at.person)
    return Done(f"{at.number}: {cut} serial numbers stand for nobody from now on")


@act_on_case
def code_key_impact(at: AtCase, asked: Asked) -> Done:
    """What a number history that came late means for serial numbers already drawn. It moves none of them."""
    if at.preview:
        return Done(f"{at.number}: would look into its number history, by {at.person}")
    found = impact(at.desk, at.case).facts()
    at.desk.audit.append("impact", at.person, at.number, at.desk.clock.now(), **found)
    counts = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in found.items())
    return Done(f"{at.number}: {counts}", found)


@act_on_desk
def encryption_keys_rotate(at: At, asked: AskedRotation) -> Done:
    """Draws encryption keys anew. What a crash breaks off is completed by the same act."""
    level = Level(asked.level)
    if level is Level.MASTER and asked.case is not None:
        raise NotFound("the master is one for all cases; leave `case` out")
    if at.preview:
        numbers = [] if level is Level.MASTER else rotating.cases_to_rotate(at.desk, asked.case)
        return Done(f"would draw anew: {level}, of {len(numbers)} cases, by {at.person}")
    done = rotating.rotate(at.desk, level, asked.case, lambda number: at.person, lambda line: None)
    return Done(f"{level}: rotated, {done} in all; take a new backup of the keystore")


@act_on_case
def vault_accept_restored(at: AtCase, asked: AskedReason) -> Done:
    """Goes on from a vault that was restored from an older backup: one person proposes it, another accepts it."""
    if at.preview:
        seen = accepting.look(at.desk, at.number)
        return Done(f"{at.number}: {len(seen.loss.stores)} stores would go back", _lost(seen))
    done = accepting.accept(at.desk, at.number, asked.reason, at.person)
    waits = ", which waits for a second person" if done.phase == "proposed" else ""
    return Done(f"{at.number}: {done.phase}{waits}; {len(done.loss.stores)} stores go back", _lost(done))


def _lost(seen: Acceptance) -> dict[str, str]:
    """What is lost, as far as it is known."""
    known = {name: value for name, value in seen.loss.detail().items() if name in ("writings", "serial_numbers")}
    return {name: "not known" if value is None else str(value) for name, value in known.items()} | {
        "to be received again": ", ".join(seen.loss.files) or "nothing"
    }


@act_on_desk
def encryption_keys_change_passphrase(at: At, asked: AskedPassphrase) -> Done:
    """Lets the keystore open with another passphrase; the present one is read where it always is."""
    path = taken_file(at.desk, asked.file)
    if at.preview:
        return Done(f"would let the keystore open with the passphrase in {asked.file}, by {at.person}")
    rotating.change_passphrase(at.desk, path.read_bytes().strip(), at.person)
    return Done("changed; put the new passphrase where the service reads it now, and start the service anew")


@act_on_desk
def encryption_keys_seal_to(at: At, asked: AskedSealTo) -> Done:
    """Shows the public age recipient that register holders seal their files to; the first time it is made."""
    if at.preview:
        return Done(f"would {'make another' if asked.new else 'show the'} recipient, as {at.person}")
    make = sealing.renew_recipient if asked.new else sealing.recipient
    return Done("holders seal to this recipient", {"recipient": make(at.desk, at.person)})


JOBS = [
    code_key_keep,
    code_key_extend,
    code_key_import,
    code_key_export,
    code_key_look_up,
    code_key_remove_person,
    code_key_cut_link,
    code_key_impact,
    encryption_keys_rotate,
    vault_accept_restored,
    encryption_keys_change_passphrase,
    encryption_keys_seal_to,
]
