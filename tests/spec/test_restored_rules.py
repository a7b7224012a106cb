"""When persons may go on from a vault that was restored from an older backup (R12, R18). Feeds docs/rules.md."""

from dataclasses import replace

import pytest

from samkorning.case import Case, Event, EventKind
from samkorning.case.restoring import Loss, StoreBack, accept_restored, broke_off
from samkorning.errors import RuleRefused
from tests.factories import AT, a_case, a_unit, approved, delivered

K = EventKind
CODE_KEY = StoreBack("code_key", "code_key.person", 3, "a" * 64, 2, "b" * 64, 12)
LISA = StoreBack("material", "received.lisa", 1, "c" * 64, 0, "", 634)
LOSS = Loss((CODE_KEY, LISA), files=("lisa",), made_anew=("linked.lisa",))
MARKED = {"code_keys": {"code_key.person": {}}}


def recorded(case: Case, person: str, loss: Loss = LOSS) -> Case:
    """The case once somebody has taken their step."""
    act = accept_restored(case, loss, "the disk broke", person, ())
    return Case(case.number, (*case.events, Event(len(case.events) + 1, act.kind, AT, person, act.detail)))


def test_r12_one_person_proposes_to_give_up_what_is_lost_and_another_accepts_it() -> None:
    """R12: what a restored vault has lost is given up by two persons: one proposes it, another accepts exactly that."""
    proposed = recorded(a_case(*approved()), "Nils")
    assert proposed.events[-1].kind is K.RESTORED_PROPOSED
    with pytest.raises(RuleRefused, match=r"^R12: one person"):
        recorded(proposed, "Nils")
    accepted = recorded(proposed, "Mia").events[-1]
    assert (accepted.kind, accepted.detail["proposed_by"]) == (K.RESTORED_ACCEPTED, "Nils")


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(replace(LOSS, stores=(replace(CODE_KEY, to_generation=1), LISA)), id="an older backup still"),
        pytest.param(replace(LOSS, stores=(CODE_KEY,)), id="a store less"),
        pytest.param(replace(LOSS, files=("lisa", "diabetes")), id="a file more"),
        pytest.param(replace(LOSS, made_anew=()), id="another linked file"),
    ],
)
def test_r12_a_loss_that_has_changed_since_it_was_proposed_is_proposed_anew(changed: Loss) -> None:
    """R12: where something else is lost than was proposed, that is proposed anew."""
    proposed = recorded(a_case(*approved()), "Nils")
    assert recorded(proposed, "Mia", changed).events[-1].kind is K.RESTORED_PROPOSED


def test_r12_what_was_accepted_once_is_proposed_anew_when_it_is_lost_again() -> None:
    """R12: an acceptance holds for one restored backup; the same one put in place again is proposed again."""
    accepted = recorded(recorded(a_case(*approved()), "Nils"), "Mia")
    assert recorded(accepted, "Mia").events[-1].kind is K.RESTORED_PROPOSED


@pytest.mark.parametrize(
    ("event", "said"),
    [
        pytest.param(delivered("L001", a_unit("lisa")), "L001 was delivered with", id="a delivery"),
        pytest.param((K.CODE_KEY_EXPORTED, "Nils", {}), "(code key exported) left", id="an export"),
        pytest.param((K.CODE_KEY_IMPORTED, "Nils", {}), "(code key imported) left", id="another authority's code key"),
        pytest.param((K.PERSON_REMOVED, "Nils", {}), "(person removed) left", id="an objection"),
    ],
)
def test_r18_a_code_key_that_lacks_what_was_given_out_is_never_accepted(event: tuple, said: str) -> None:
    """R18: a restored vault that lacks serial numbers with which something was delivered or has left is refused, since
    persons would get other serial numbers, and others theirs.
    """
    kind, person, detail = event
    case = a_case(*approved(), (kind, person, {**detail, **MARKED}))
    with pytest.raises(RuleRefused, match=r"^R18:") as refused:
        accept_restored(case, LOSS, "the disk broke", "Nils", ["code_key.person"])
    assert said in str(refused.value)
    assert accept_restored(case, LOSS, "the disk broke", "Nils", []).kind is K.RESTORED_PROPOSED


def test_r18_identities_of_text_that_others_were_made_with_are_never_given_up() -> None:
    """R18: a restored list of identities of text that lacks one that code key or population have is refused, since
    another identity would get its number, and with it its serial number.
    """
    with pytest.raises(RuleRefused, match=r"^R18:.*code_key\.person"):
        accept_restored(a_case(*approved()), LOSS, "the disk broke", "Nils", [], ["code_key.person"])


@pytest.mark.parametrize(
    ("rows", "known"),
    [
        pytest.param((12,), 12, id="one series"),
        pytest.param((12, 5), 17, id="two series"),
        pytest.param((12, None), None, id="one from before rows were kept"),
        pytest.param((), 0, id="none goes back"),
    ],
)
def test_what_is_lost_is_said_in_numbers_as_far_as_it_is_known(rows: tuple[int | None, ...], known: int | None) -> None:
    """What is lost is said as numbers of serial numbers, files and writings, as far as it can be known."""
    keys = tuple(replace(CODE_KEY, store=f"code_key.{n}", rows_lost=lost) for n, lost in enumerate(rows))
    loss = Loss((*keys, LISA), files=("lisa",))
    assert (loss.serial_numbers, loss.writings, loss.detail()["serial_numbers"]) == (known, len(rows) + 1, known)


def test_an_acceptance_that_broke_off_is_known_by_what_is_left_of_it() -> None:
    """An acceptance that broke off goes on without a further person, as long as nothing else has gone back."""
    accepted = recorded(recorded(a_case(*approved()), "Nils"), "Mia")
    assert broke_off(accepted, [LISA])
    assert not broke_off(accepted, [LISA, replace(CODE_KEY, store="code_key.workplace")])
    assert not broke_off(accepted, [replace(LISA, from_generation=2)])
    assert not broke_off(accepted, [])
    assert not broke_off(a_case(*approved()), [LISA])
