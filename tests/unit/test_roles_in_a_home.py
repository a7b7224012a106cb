"""Roles and absences of a home's config.yaml bind where a case of real persons is recorded, and nowhere else."""

from pathlib import Path

import pytest

from resources.desk import Desk
from resources.settings import Settings
from samkorning.case import EventKind
from samkorning.case.roles import Role
from samkorning.errors import CaseBusy, HomeRefused, RuleRefused
from tests.factories import AT, SAMPLE_ORDER, an_order, approved
from tests.office import Office

CONFIG = """
roles:
  Sofia: [registrar]
  Anna: [case_officer, extractor]
absences:
  Sofia: [{first_day: 2026-11-02, last_day: 2026-11-02, stand_in: Anna}]
"""
REAL = an_order(("synthetic: true", "synthetic: false"))


@pytest.fixture
def desk(office: Office) -> Desk:
    """A desk whose home says who is what."""
    home = office.desk.home.root
    (home / "config.yaml").write_text(CONFIG)
    return Desk.at(home)


def test_in_a_case_of_real_persons_a_wrong_role_is_refused_and_nothing_recorded(desk: Desk) -> None:
    opened = {"order": REAL, "file": "order.yaml", "sha256": "0"}
    with pytest.raises(
        RuleRefused, match=r"R11: opened is for a registrar or case officer, which Erik is not; let Anna"
    ):
        desk.cases.open("1-2026", AT, "Erik", opened)
    case = desk.cases.open("1-2026", AT, "Anna", opened)
    with pytest.raises(RuleRefused, match="R11: reviewed first"):
        desk.cases.record(case, EventKind.REVIEWED_FIRST, AT, "Sofia", {"note": "complete"})
    assert len(desk.cases.stored("1-2026")) == 1
    desk.cases.record(case, EventKind.REVIEWED_FIRST, AT, "Anna", {"note": "complete"})
    desk.cases.close()


def test_in_a_synthetic_case_any_name_will_do(desk: Desk) -> None:
    case = desk.cases.open("1-2026", AT, "Erik", {"order": SAMPLE_ORDER, "file": "order.yaml", "sha256": "0"})
    assert desk.cases.record(case, EventKind.REVIEWED_FIRST, AT, "Nobody known", {"note": "complete"})
    desk.cases.close()


def test_who_is_second_is_told_what_the_first_did(desk: Desk) -> None:
    seen = desk.cases.open("1-2026", AT, "Erik", {"order": SAMPLE_ORDER, "file": "order.yaml", "sha256": "0"})
    desk.cases.record(seen, EventKind.REVIEWED_FIRST, AT, "Anna", {"note": "complete"})
    kind, _, detail = approved()[0]
    with pytest.raises(CaseBusy, match="changed meanwhile: reviewed first by Anna; look at it again and repeat"):
        desk.cases.record(seen, kind, AT, "Olle", detail)
    desk.cases.close()


@pytest.mark.parametrize(
    "wrong",
    [
        "roles: {Anna: [boss]}",
        "absences: {Anna: [{first_day: soon}]}",
        "accounts: {an: samkorning}",
        "managers: {Anna: Anna}",
    ],
)
def test_a_setting_that_names_no_role_or_nobody_is_refused(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "config.yaml").write_text(wrong)
    with pytest.raises(HomeRefused, match=r"put right in config\.yaml.*`(roles|absences|accounts|managers)`"):
        Settings.of(tmp_path)


def test_the_settings_name_every_role() -> None:
    said = str(Settings.model_fields["roles"].description)
    assert all(role.value in said for role in Role)
