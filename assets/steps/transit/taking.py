"""Taking what another authority has handed over: a list of persons, an answer, or a receipt (R24).

What belongs here: the order of the steps: rules, audit record, proof, vault, receipt, event. What must not: whether a
file may be taken (samkorning.transit.taking), or opening it (opening).

An answer enters the case by the ordinary intake: a group as the study population, rows as a source's file, with all
rules that hold for these. The event is the commit: after a crash before it the same file is taken again.
"""

from pathlib import Path
from typing import Any

import polars as pl

from assets.steps.case_view import identity_rules, program_of
from assets.steps.intake.receiving import file_sha256, receive_content
from assets.steps.safekeeping.fitting import require_fits
from assets.steps.transit.answers import Answer, as_received
from assets.steps.transit.identifiers import end_expired, keep_identifiers
from assets.steps.transit.opening import SEND_AGAIN, TransitFile, refused_as
from assets.steps.transit.receipts import hand_out_receipt, new_receipt, take_receipt
from resources.desk import Desk
from samkorning.case import Case, EventKind
from samkorning.errors import FileRefused
from samkorning.identity import IdentityRules, Issuer
from samkorning.identity.redaction import no_file, redact_file_name
from samkorning.register_files.packaging.sealed import is_sealed
from samkorning.transit.documents import SignedManifest
from samkorning.transit.making import may_hand_over
from samkorning.transit.matching import from_list
from samkorning.transit.sealed_lines import Persons
from samkorning.transit.taking import file_is_new, has_its_columns, may_be_taken, sender_of


def take(desk: Desk, number: str, path: Path, source: str | None, person: str) -> dict[str, Any]:
    """Takes a transit file or a receipt into a case; gives its event's detail. The file is left where it is.

    :param source: the source of this case that rows are for, where it has another name than with their sender.
    :raises FileRefused: when it may not or cannot be taken; nothing has changed then, but for what the intake enters
        of an answer that is not as this case declares it.
    :raises RuleRefused: before the case is approved and reviewed.
    """
    if not path.is_file():
        raise no_file(path)
    name = redact_file_name(path.name)
    with desk.vault.lock(number), path.open("rb") as stream:
        end_expired(desk, number)
        case = desk.case(number)
        desk.require_role(case, person, EventKind.TRANSIT_TAKEN)
        may_hand_over(case, program_of(desk, case))
        require_fits(desk, case)
        if not is_sealed(stream.read(64)):
            return take_receipt(desk, case, path, name, person)
        return _take_file(desk, case, TransitFile(desk, path, name), source, person)


def _take_file(desk: Desk, case: Case, file: TransitFile, source: str | None, person: str) -> dict[str, Any]:
    sha256, now = file_sha256(file.path), desk.clock.now()
    file_is_new(case, file.name, sha256)
    desk.audit.append("take transit", person, case.number, now, sha256=sha256)
    signed = file.proven(lambda found: _require_a_peer(case, file.name, found))
    manifest, peer = signed.manifest, sender_of(case, file.name, signed)
    answered = may_be_taken(case, file.name, manifest, peer, desk.clock.today())
    has_its_columns(file.name, manifest, named=source is not None)
    counts = _counted(file, signed)
    incoming = None
    if answered is None:
        _keep_list(desk, case, file, signed)
    else:
        answer = Answer(file, signed, answered, sha256, person)
        incoming = as_received(desk, case, answer, source or manifest.source)
        receive_content(desk, case, incoming)
    receipt = new_receipt(desk, case, manifest, sha256, counts)
    path, receipt_sha256 = hand_out_receipt(desk, case, peer.name, receipt)
    detail = {
        "hand_over": manifest.hand_over,
        "number": manifest.number,
        "kind": manifest.kind,
        "source": incoming.source if incoming else "",
        "period": manifest.period,
        "peer": peer.name,
        "fingerprint": peer.address.fingerprint,
        "until": manifest.until,
        **counts,
        "sha256": sha256,
        "receipt": path,
        "receipt_sha256": receipt_sha256,
    }
    desk.cases.record(desk.case(case.number), EventKind.TRANSIT_TAKEN, desk.clock.now(), person, detail)
    return detail


def _require_a_peer(case: Case, name: str, signed: SignedManifest) -> None:
    sender_of(case, name, signed)


def _counted(file: TransitFile, signed: SignedManifest) -> dict[str, int]:
    """Rows and transit identifiers as they are counted here; refused where its sender counted otherwise."""
    rows, persons = 0, Persons()
    for frame in file.frames(signed):
        rows += frame.height
        persons.add(frame)
    counted = {"rows": rows, "persons": persons.count}
    if counted != {"rows": signed.manifest.rows, "persons": signed.manifest.persons}:
        raise FileRefused(file.name, "R24: it holds other counts than it says", SEND_AGAIN)
    return counted


def _keep_list(desk: Desk, case: Case, file: TransitFile, signed: SignedManifest) -> None:
    """The listed persons, in the vault beside those of the case."""

    def rules_of(issuer: Issuer | None) -> IdentityRules:
        return identity_rules(case, issuer=issuer).for_scanning()  # ages are of this case's population alone

    listed = pl.concat(file.frames(signed))
    with refused_as(file.name):
        mapping = from_list(listed, rules_of)
    keep_identifiers(desk, case, signed.manifest.hand_over, mapping)
