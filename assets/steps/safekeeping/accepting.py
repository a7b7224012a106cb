"""Accepting a vault that was restored from an older backup: what is lost is found out, proposed, accepted, given up.

What belongs here: the order of the steps. What must not: the rules (samkorning.case.restoring), or what an earlier
state of a store is (samkorning.vault.restored).

The events are the journal: the proposal, the acceptance, then the records of the audit log, one a store, each before
the keystore's anchor of that store goes back. What a crash breaks off after the acceptance is completed by the next
call, whoever makes it. Linked files that were made from what is lost go first: their rows have serial numbers that the
code key does not know any more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import polars as pl

from assets.steps import stores
from assets.steps.free_text import require_nobody_named
from assets.steps.intake.unmatched import NOBODYS
from assets.steps.persons.same_code_key import OBJECTIONS, lacking_marks
from assets.steps.safekeeping.fitting import lost_files
from resources.desk import Desk
from resources.opt_out import OPT_OUT
from resources.register_years import OWN_REGISTERS
from resources.restored_desk import RestoredDesk
from samkorning.case import Case, EventKind
from samkorning.case.made_from import MADE_FROM, Standing
from samkorning.case.restoring import Loss, StoreBack, accept_restored, broke_off, given_out_is_held
from samkorning.case.roles import may_accept_registers
from samkorning.case.rules import two_persons_accept
from samkorning.errors import RuleRefused, SamkorningError
from samkorning.keystore import RetentionClass
from samkorning.order import PERSON_SERIES
from samkorning.vault import Restored

CODE_KEY, MATERIAL = RetentionClass.CODE_KEY, RetentionClass.MATERIAL
NATIONAL = 10**11
"""From here on numbers are national ones of twelve digits; smaller ones stand for identities of text."""
NO_LOSS = Loss()
K = EventKind


@dataclass(frozen=True)
class Acceptance:
    """What one call did: ``phase`` is nothing, proposed or accepted; or, of a look, what would be lost."""

    case: str
    phase: str
    loss: Loss = NO_LOSS


def places(desk: Desk) -> list[str]:
    """Every case, the own registers and the opt-out list, of which something lies behind what the keystore knows.

    A place where something is no earlier state at all is among them: who accepts it is told so.
    """
    found = [*desk.cases.numbers(), *(each for each in (OWN_REGISTERS, OPT_OUT, NOBODYS) if desk.vault.stores(each))]
    return [place for place in found if _is_behind(desk, place)]


def look(desk: Desk, place: str) -> Acceptance:
    """What would be lost by going on from what lies there; nothing is recorded.

    :raises VaultDamaged: when something that lies there is no earlier state of its store.
    """
    if place == NOBODYS:
        return Acceptance(place, "preview" if _is_behind(desk, place) else "nothing")
    behind = desk.vault.restored(place)
    return Acceptance(place, "preview", _loss(desk, place, behind)) if behind else Acceptance(place, "nothing")


def accept(desk: Desk, place: str, reason: str, person: str, second: str | None = None) -> Acceptance:
    """Takes the acceptance of what a restored vault has lost of a case as far as this person may take it.

    Own registers have no serial numbers and are loaded again: of them one person accepts what is lost.

    :param second: who accepts in the same call; without it, another person calls once more.
    :raises RuleRefused: when one person would both propose and accept, or what was given out is not held.
    :raises VaultDamaged: when something that lies there is no earlier state of its store.
    :raises CaseBusy: when another run holds the case.
    """
    if place == OPT_OUT:
        remedy = "load the newest list with `samkorning register opt-out`, which takes the place of the lost one"
        raise RuleRefused("opt-out list", "a list of before would bring somebody back", remedy)
    if place == OWN_REGISTERS:
        return _accept_registers(desk, person)
    if place == NOBODYS:
        return _give_up_unmatched(desk, person)
    if second is not None:
        two_persons_accept(person, second)
    case = desk.case(place)
    for each in (person, second or person):
        desk.require_role(case, each, K.RESTORED_ACCEPTED)
    require_nobody_named(desk, case, person, {"reason": reason})
    with desk.vault.lock(place):
        done = _step(desk, place, reason, person)
        if second is not None and done.phase == "proposed":
            done = _step(desk, place, reason, second)
    return done


def _step(desk: Desk, number: str, reason: str, person: str) -> Acceptance:
    """Proposes, or accepts what another has proposed, or completes what broke off. Only while the case is held."""
    case, behind = desk.case(number), desk.vault.restored(number)
    if not behind:
        return Acceptance(number, "nothing")
    view = RestoredDesk.beside(desk)
    lacking, unnamed = lacking_marks(view, case), _unnamed(view, case)
    if broke_off(case, [_back(each) for each in behind]):
        given_out_is_held(case, lacking)
        loss = _loss_of(case)
    else:
        loss = _loss(desk, number, behind)
        act = accept_restored(case, loss, reason, person, lacking, unnamed)
        facts = {"stores": len(loss.stores), "files": len(loss.files), "writings": loss.writings}
        words = "accept restored vault" if act.kind is K.RESTORED_ACCEPTED else "propose restored vault"
        desk.audit.append(words, person, number, desk.clock.now(), **facts, **_serial_numbers(loss))
        case = desk.cases.record(case, act.kind, desk.clock.now(), person, act.detail)
        if act.kind is K.RESTORED_PROPOSED:
            return Acceptance(number, "proposed", loss)
    _give_up(desk, number, case.events[-1].person, behind, loss)
    return Acceptance(number, "accepted", loss)


def _give_up(desk: Desk, place: str, person: str, behind: Sequence[Restored], loss: Loss) -> None:
    """Lets the keystore go back, store by store; linked files of what is lost go before."""
    there = set(desk.vault.stores(place, MATERIAL)) & set(loss.made_anew)
    if there:
        desk.audit.append("give up linked files", person, place, desk.clock.now(), stores=len(there))
        desk.vault.destroy_stores(place, MATERIAL, sorted(there))
    for each in behind:
        if each.store in loss.made_anew:
            continue
        facts = {name: value for name, value in asdict(_back(each)).items() if value is not None}
        desk.audit.append("move anchor back", person, place, desk.clock.now(), **facts)
        desk.vault.accept_restored(place, each)


def _accept_registers(desk: Desk, person: str) -> Acceptance:
    if not desk.holds_synthetic_cases_alone():
        may_accept_registers(desk.office, person, desk.clock.today())
    with desk.vault.lock(OWN_REGISTERS):
        behind = desk.vault.restored(OWN_REGISTERS)
        loss = _loss(desk, OWN_REGISTERS, behind)
        if not behind:
            return Acceptance(OWN_REGISTERS, "nothing")
        facts = {"stores": len(loss.stores), "writings": loss.writings}
        desk.audit.append("accept restored vault", person, OWN_REGISTERS, desk.clock.now(), **facts)
        _give_up(desk, OWN_REGISTERS, person, behind, loss)
    return Acceptance(OWN_REGISTERS, "accepted", loss)


def _give_up_unmatched(desk: Desk, person: str) -> Acceptance:
    """Files of no known case lie under a list that is encrypted anew with each: without it none can be told from
    another, so all go, and their senders send them again.
    """
    if not desk.holds_synthetic_cases_alone():
        may_accept_registers(desk.office, person, desk.clock.today())
    with desk.vault.lock(NOBODYS):
        if not _is_behind(desk, NOBODYS):
            return Acceptance(NOBODYS, "nothing")
        names = desk.vault.stores(NOBODYS, MATERIAL)
        desk.audit.append("give up unmatched files", person, NOBODYS, desk.clock.now(), stores=len(names))
        desk.vault.destroy_stores(NOBODYS, MATERIAL, names)
    return Acceptance(NOBODYS, "accepted")


def _is_behind(desk: Desk, place: str) -> bool:
    try:
        return bool(desk.vault.restored(place))
    except SamkorningError:
        return True


def _loss(desk: Desk, place: str, behind: Sequence[Restored]) -> Loss:
    """What going on gives up: of a case its files and linked files too. What is left must be whole."""
    backs, view = tuple(_back(each) for each in behind), RestoredDesk.beside(desk)
    for each in behind:
        if each.found.generation:
            view.vault.open_store(place, each.retention_class, each.store).require_whole()
    if place in (OWN_REGISTERS, OPT_OUT):
        return Loss(backs)
    case = desk.case(place)
    files = sorted({event.detail["source"] for event in lost_files(view, case)})
    return Loss(backs, tuple(files), tuple(_made_of_what_is_lost(view, case, behind)))


def _loss_of(case: Case) -> Loss:
    """The loss that was accepted last."""
    event = case.of(K.RESTORED_ACCEPTED)[-1]
    backs = tuple(StoreBack(**store) for store in event.detail["stores"])
    return Loss(backs, tuple(event.detail["files"]), tuple(event.detail["made_anew"]))


def _back(restored: Restored) -> StoreBack:
    return StoreBack(
        restored.retention_class.value,
        restored.store,
        restored.known.generation,
        restored.known.manifest,
        restored.found.generation,
        restored.found.manifest,
        restored.rows_lost,
    )


def _serial_numbers(loss: Loss) -> dict[str, int]:
    return {} if loss.serial_numbers is None else {"serial_numbers": loss.serial_numbers}


def _made_of_what_is_lost(view: Desk, case: Case, behind: Sequence[Restored]) -> Iterator[str]:
    """Linked files that remember a generation of a code key, or of what it is made with, that is not there any more."""
    back = {each.store: each.found.generation for each in behind if each.retention_class is CODE_KEY}
    for name in view.vault.stores(case.number, MATERIAL) if back else ():
        if name.startswith("linked.") and _is_of_lost(_facts(view, case, name), back):
            yield name


def _facts(view: Desk, case: Case, name: str) -> Mapping[str, int | str]:
    return stores.latest_facts(view.vault.open_store(case.number, MATERIAL, name))


def _is_of_lost(facts: Mapping[str, int | str], back: Mapping[str, int]) -> bool:
    if not facts:
        return False
    made = facts.get(MADE_FROM)
    if made is None:  # linked before that was kept
        return True
    then = Standing.read(str(made)).stores
    return any(then.get(store, 0) > generation for store, generation in back.items())


def _unnamed(view: Desk, case: Case) -> list[str]:
    """The stores of a case with small numbers of identities that the restored list of such identities does not have."""
    found = []
    for series in sorted({PERSON_SERIES, *stores.series_in_use(view, case)}):
        held = stores.latest_other_identities(view, case, series)
        names = [stores.code_key_name(series), *(("population", OBJECTIONS) if series == PERSON_SERIES else ())]
        rows = held.rows if held else 0
        found += [name for name in names if _largest_small(view, case, name) > rows]
    return found


def _largest_small(view: Desk, case: Case, name: str) -> int:
    if not view.vault.has_store(case.number, CODE_KEY, name):
        return 0
    store = view.vault.open_store(case.number, CODE_KEY, name)
    if store.latest() is None:
        return 0
    numbers = store.scan().filter(pl.col("number") < NATIONAL).select(pl.col("number").max())
    return int(numbers.collect().item() or 0)
