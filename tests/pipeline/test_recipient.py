"""For whom a delivery is sealed: an exchange stops it, a second person confirms, nothing slips in meanwhile."""

import json
from pathlib import Path

import pytest

from assets.steps.delivery import delivering
from samkorning.case import EventKind
from samkorning.case.recipient import confirm_recipient, exchange_recipient
from samkorning.delivery import open_package, seal_package
from samkorning.encryption.age import create_identity
from samkorning.errors import PackageRefused, RuleRefused
from samkorning.order.fingerprint import fingerprint
from tests.commands import answer, program
from tests.office import MANAGER, OFFICER
from tests.small_office import CASE, SmallOffice, prepare

pytestmark = pytest.mark.slow


@pytest.fixture
def small(tmp_path: Path):  # noqa: ANN201
    """A decided case with a standing release."""
    office = SmallOffice(tmp_path)
    prepare(office, "decided")
    office.release(CASE)
    yield office
    office.desk.cases.close()


def test_an_exchanged_recipient_stops_deliveries_until_a_second_person_confirms(small: SmallOffice) -> None:
    new, home = create_identity(), small.desk.home.root
    exchanged = ("case", "exchange-recipient", CASE, new.recipient, "--reason", "lost", "--as", OFFICER, "--json")
    assert answer(program(home, *exchanged))["recipient_fingerprint"] == fingerprint(new.recipient)
    with pytest.raises(RuleRefused, match=r"^R20: .* is not confirmed"):
        small.deliver(CASE)
    own = program(home, "case", "confirm-recipient", CASE, fingerprint(new.recipient), "--as", OFFICER)
    assert (own.returncode, "another person" in own.stderr) == (1, True)
    typed = fingerprint(new.recipient).upper()
    assert answer(program(home, "case", "confirm-recipient", CASE, typed, "--as", MANAGER, "--json"))
    shown = answer(program(home, "case", "show", CASE, "--json"))["recipient"]
    assert shown == {"name": "Mottagare Exempel", "fingerprint": fingerprint(new.recipient), "decided": True}
    sealed = Path(small.deliver(CASE)["path"])
    with pytest.raises(PackageRefused):
        open_package(sealed, small.identity.secret, small.folder / "former")
    assert open_package(sealed, new.secret, small.folder / "now").manifest.delivery == "L001"
    receipt = json.loads(sealed.with_name(sealed.name.replace(".tar.age", ".receipt.json")).read_bytes())
    entry = small.desk.case(CASE).last(EventKind.DELIVERED)
    assert entry is not None and receipt["receipt"]["recipient"] == new.recipient
    assert entry.detail["recipient"] == fingerprint(new.recipient)


def test_an_exchange_while_a_package_is_sealed_hands_nothing_over(
    small: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = create_identity().recipient

    def meanwhile(*arguments: object) -> object:
        small.act(CASE, OFFICER, lambda case: exchange_recipient(case, new, "meanwhile"))
        return seal_package(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(delivering, "seal_package", meanwhile)
    with pytest.raises(Exception, match="changed meanwhile"):
        small.deliver(CASE)
    assert not small.desk.case(CASE).of(EventKind.DELIVERED)
    monkeypatch.undo()
    with pytest.raises(RuleRefused, match=r"^R20"):
        small.deliver(CASE)
    small.act(CASE, MANAGER, lambda case: confirm_recipient(case, fingerprint(new), MANAGER))
    made = small.deliver(CASE)
    assert made["delivery"] == "L001"
    with pytest.raises(PackageRefused):
        open_package(Path(made["path"]), small.identity.secret, small.folder / "former")
