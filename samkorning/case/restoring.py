"""A vault restored from an older backup: what is lost by going on from it, and when persons may accept that.

What belongs here: the acts and their rules. What must not: finding out what is lost, or giving it up
(assets.steps.safekeeping.accepting).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from samkorning.case.act import Act
from samkorning.case.events import Case, Event, EventKind
from samkorning.case.rules import two_persons_accept
from samkorning.errors import RuleRefused

K = EventKind
ASKED_AGAIN = "restore vault and keystore of one moment after it; where there are none open a new case"


@dataclass(frozen=True)
class StoreBack:
    """A store that goes back: to which generation, from which, each with its authenticator; and how many rows it loses.

    ``rows_lost`` is none where nobody knows how many there were.
    """

    retention_class: str
    store: str
    from_generation: int
    from_manifest: str
    to_generation: int
    to_manifest: str
    rows_lost: int | None


@dataclass(frozen=True)
class Loss:
    """What going on from a restored vault gives up in one case.

    ``files``: the sources whose newest file is not there any more. ``made_anew``: linked files that were made from
    what is lost, and go with it.
    """

    stores: tuple[StoreBack, ...] = ()
    files: tuple[str, ...] = ()
    made_anew: tuple[str, ...] = ()

    @property
    def writings(self) -> int:
        """How many writings of stores there were and are not."""
        return sum(store.from_generation - store.to_generation for store in self.stores)

    @property
    def serial_numbers(self) -> int | None:
        """How many serial numbers were drawn and are not there any more; none where that is not known."""
        lost = [store.rows_lost for store in self.stores if store.store.startswith("code_key.")]
        return None if None in lost else sum(rows for rows in lost if rows is not None)

    def detail(self) -> dict[str, Any]:
        """As an event has it."""
        counts = {"writings": self.writings, "serial_numbers": self.serial_numbers}
        stores = [asdict(store) for store in self.stores]
        return {"stores": stores, "files": list(self.files), "made_anew": list(self.made_anew), **counts}


def accept_restored(
    case: Case, loss: Loss, reason: str, person: str, lacking: Sequence[str], unnamed: Sequence[str] = ()
) -> Act:
    """One person proposes to go on from what a restored vault holds, another accepts exactly that (R12, R18).

    :param lacking: the code keys and lists of objections that would not hold what was given out or left.
    :param unnamed: the stores that would hold small numbers of identities of text which nobody knows any more.
    """
    given_out_is_held(case, lacking)
    identities_of_text_are_held(unnamed)
    waiting = waiting_proposal(case, loss)
    if waiting is None:
        return Act(K.RESTORED_PROPOSED, {**loss.detail(), "reason": reason})
    two_persons_accept(waiting.person, person)
    return Act(K.RESTORED_ACCEPTED, {**loss.detail(), "reason": reason, "proposed_by": waiting.person})


def given_out_is_held(case: Case, lacking: Sequence[str]) -> None:
    """R18: a code key without serial numbers that were given out never draws: a lost one or one given twice ruins the
    study.
    """
    if lacking:
        what = _last_given_out(case)
        problem = f"the restored vault does not hold what {what} ({', '.join(lacking)}); nothing may be drawn from it"
        raise RuleRefused("R18", problem, ASKED_AGAIN)


def identities_of_text_are_held(unnamed: Sequence[str]) -> None:
    """R18: an identity that is text keeps its number inside the case, or another would get its serial number."""
    if unnamed:
        problem = f"the restored vault has lost identities of text that {', '.join(unnamed)} were made with"
        raise RuleRefused("R18", problem, ASKED_AGAIN)


def waiting_proposal(case: Case, loss: Loss) -> Event | None:
    """The proposal to give up exactly this, if nobody has accepted it; what has changed since is proposed anew."""
    newest = case.last(K.RESTORED_PROPOSED, K.RESTORED_ACCEPTED)
    is_waiting = newest is not None and newest.kind is K.RESTORED_PROPOSED
    return newest if newest is not None and is_waiting and _content(newest.detail) == _content(loss.detail()) else None


def broke_off(case: Case, stores: Sequence[StoreBack]) -> bool:
    """Whether these are left of a loss that two persons have accepted."""
    accepted = case.last(K.RESTORED_ACCEPTED)
    known = accepted.detail["stores"] if accepted is not None else []
    return bool(stores) and all(asdict(store) in known for store in stores)


def _content(detail: Mapping[str, Any]) -> dict[str, Any]:
    return {name: detail[name] for name in ("stores", "files", "made_anew")}


def _last_given_out(case: Case) -> str:
    event = next((event for event in reversed(case.events) if "code_keys" in event.detail), None)
    if event is None:
        return "was given out"
    number = event.detail.get("delivery")
    act = f"event {event.number} ({event.kind.value.replace('_', ' ')}) left"
    return f"{f'{number} was delivered with' if number else act} on {event.at:%Y-%m-%d %H:%M}"
