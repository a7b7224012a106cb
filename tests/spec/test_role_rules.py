"""Roles at the service: who may record what, absences, and that nobody approves their own. Feeds docs/rules.md."""

from datetime import date

import pytest

from samkorning.case import Case, EventKind, State, acts
from samkorning.case.assignment import assign, officers_manager_takes_part
from samkorning.case.roles import ANYBODY, MAY, SERVICE, Absence, Office, Role, may_read_the_log, may_record, roles_for
from samkorning.case.states import DECIDING_ROLES, TRANSITIONS
from samkorning.errors import RuleRefused
from tests.factories import AT, a_case, an_order, approved, on, then

K, R = EventKind, Role
TODAY = AT.date()
OFFICE = Office(
    roles={
        "Olle": (R.CASE_OFFICER,),
        "Anna": (R.CASE_OFFICER,),
        "Mia": (R.MANAGER,),
        "Lisa": (R.LAWYER,),
        "Rut": (R.CODE_REVIEWER,),
        "Nils": (R.KEY_CUSTODIAN,),
        "Sofia": (R.COORDINATOR, R.REGISTRAR),
        "Gun": (R.AUDITOR,),
    },
    absences={"Olle": (Absence(TODAY, date(2026, 11, 30), "Anna"),), "Nils": (Absence(TODAY, TODAY, "Mia"),)},
)
BY_ITSELF = {K.DELIVERED, K.DELIVERY_BLOCKED, K.FOUND_UNCHANGED, K.POPULATION_FROZEN}
"""What the service enters when it is done."""


def refused(rule: str):  # noqa: ANN201
    """Expects a refusal that names the rule."""
    return pytest.raises(RuleRefused, match=f"^{rule}:")


def test_every_event_has_its_role_and_its_state() -> None:
    """Every kind of event has a state that it may happen in, and a role that may record it or is the service's own."""
    assert {kind for _, kind in TRANSITIONS} == set(K)
    assert {kind for kinds in MAY.values() for kind in kinds} == set(K) - BY_ITSELF
    assert MAY[R.AUDITOR] == ()


@pytest.mark.parametrize(
    ("person", "kind", "detail", "may"),
    [
        ("Anna", K.QUESTIONS_ASKED, {}, True),
        ("Sofia", K.QUESTIONS_ASKED, {}, True),
        ("Lisa", K.QUESTIONS_ASKED, {}, False),
        ("Lisa", K.DECISION_ENDORSED, {"role": "lawyer"}, True),
        ("Lisa", K.DECISION_ENDORSED, {"role": "manager"}, False),
        ("Mia", K.DECISION_ENDORSED, {"role": "manager"}, True),
        ("Rut", K.CODE_REVIEWED, {}, True),
        ("Anna", K.CODE_REVIEWED, {}, False),
        ("Anna", K.SERIAL_NUMBERS_LOOKED_UP, {}, False),
        ("Gun", K.LETTER_SENT, {}, False),
        (SERVICE, K.DELIVERED, {}, True),
        ("Anna", K.DELIVERED, {}, False),
        ("Somebody", K.LETTER_SENT, {}, False),
    ],
)
def test_r11_an_act_is_taken_in_a_role_that_may_take_it(
    person: str, kind: K, detail: dict[str, str], may: bool
) -> None:
    """R11: where roles are configured, an act in a case of real persons is recorded by somebody in a role for it."""
    if may:
        may_record(OFFICE, kind, detail, person, TODAY)
    else:
        with refused("R11"):
            may_record(OFFICE, kind, detail, person, TODAY)
    may_record(ANYBODY, kind, detail, person, TODAY)


def test_r11_a_refusal_says_who_could_do_it() -> None:
    """R11: who is refused for the want of a role is told who has it today, and where roles are given."""
    with pytest.raises(RuleRefused, match=r"case officer.*let Anna, Sofia record it.*config\.yaml"):
        may_record(OFFICE, K.QUESTIONS_ASKED, {}, "Lisa", TODAY)
    with pytest.raises(RuleRefused, match="nobody has that role today"):
        may_record(Office(roles={"Lisa": (R.LAWYER,)}), K.QUESTIONS_ASKED, {}, "Lisa", TODAY)


def test_r11_who_stands_in_acts_in_the_roles_of_who_is_away() -> None:
    """R11: during an absence the stand-in acts in the roles of who is away, and on no other day."""
    may_record(OFFICE, K.SERIAL_NUMBERS_LOOKED_UP, {}, "Mia", TODAY)
    with refused("R11"):
        may_record(OFFICE, K.SERIAL_NUMBERS_LOOKED_UP, {}, "Mia", date(2026, 11, 3))
    assert OFFICE.in_role(R.CASE_OFFICER, TODAY) == ["Anna"]
    assert OFFICE.in_role(R.CASE_OFFICER, date(2026, 12, 1)) == ["Anna", "Olle"]


def test_r11_the_manager_who_takes_part_is_the_officers_own() -> None:
    """R11: the manager who takes part in a decision is the case officer's own, or who stands in for that one today."""
    detail, absent = {"role": "manager"}, {"Mia": (Absence(TODAY, TODAY, "Siv"),)}
    case = then(a_case(*approved()[:1]), on(1, assign(a_case(), "Anna", "new")))

    def asked(person: str, office: Office, day: date = TODAY, of: Case = case) -> None:
        officers_manager_takes_part(of, office, K.DECISION_ENDORSED, detail, person, day)

    said, away = Office(managers={"Anna": "Mia"}), Office(managers={"Anna": "Mia"}, absences=absent)
    asked("Mia", said)
    asked("Siv", away)
    for person, office, day in (("Olle", said, TODAY), ("Siv", said, TODAY), ("Siv", away, date(2026, 12, 1))):
        with pytest.raises(RuleRefused, match=r"^R11: .*is not the manager of Anna"):
            asked(person, office, day)
    with pytest.raises(RuleRefused, match="let Siv, who stands in for Mia"):
        asked("Olle", away)
    asked("Olle", said, of=a_case())
    asked("Olle", Office(managers={"Olle": "Mia"}))
    officers_manager_takes_part(case, said, K.DECISION_ENDORSED, {"role": "lawyer"}, "Lisa", TODAY)


def test_r11_the_audit_log_is_read_by_an_auditor() -> None:
    """R11: where roles are configured the audit log is read by an auditor, or who stands in for one."""
    for person in ("Gun", "Olle"):
        may_read_the_log(ANYBODY, person, TODAY)
    may_read_the_log(OFFICE, "Gun", TODAY)
    with pytest.raises(RuleRefused, match=r"^R11: .*Olle is not; let Gun read it"):
        may_read_the_log(OFFICE, "Olle", TODAY)
    away = Office(OFFICE.roles, {"Gun": (Absence(TODAY, TODAY, "Siv"),)})
    may_read_the_log(away, "Siv", TODAY)


def test_r02_no_case_is_assigned_to_who_is_away_or_is_no_officer() -> None:
    """R02: a case is assigned to nobody who is away, and where persons are real to a case officer."""
    with pytest.raises(RuleRefused, match="Olle is away until 2026-11-30; assign the case to Anna"):
        assign(a_case(), "Olle", "new", OFFICE, TODAY)
    assert assign(a_case(), "Rut", "a synthetic case", OFFICE, TODAY)
    real = a_case(order=an_order(("synthetic: true", "synthetic: false")))
    with pytest.raises(RuleRefused, match="Rut is no case officer; name one of Anna"):
        assign(real, "Rut", "new", OFFICE, TODAY)


def test_r11_the_officer_of_an_assigned_case_is_who_endorses_as_case_officer() -> None:
    """R11: of an assigned case the officer who has it takes part in the decision, or the case is handed over first."""
    case = then(a_case(*approved()[:1]), on(1, assign(a_case(), "Anna", "new")))
    with refused("R11"):
        acts.endorse_decision(case, "case_officer", "Olle")
    assert acts.endorse_decision(case, "case_officer", "Anna")
    assert acts.endorse_decision(case, "lawyer", "Lisa")


def test_the_three_of_a_decision_are_roles_of_the_service() -> None:
    """The three who decide are roles of the service, and each endorses in its own."""
    for role in DECIDING_ROLES:
        assert roles_for(K.DECISION_ENDORSED, {"role": role}) == (R(role),)
    assert (State.SPECIFIED, K.DECISION_ENDORSED) in TRANSITIONS
