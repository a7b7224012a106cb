"""What deliveries are sealed for, as the order says it: an age key or a passphrase, not both and not none."""

import pytest

from samkorning.case.recipient import key_to_seal_for, takes_a_passphrase
from samkorning.errors import OrderRefused
from samkorning.order.fingerprint import fingerprint
from samkorning.order.reading import read_incoming_order
from tests.factories import CATALOGUE, SAMPLE_ORDER, a_case, an_order, approved
from tests.office import RECIPIENT

KEY = next(line for line in SAMPLE_ORDER.splitlines(keepends=True) if RECIPIENT in line)
AS_SEVEN_ZIP = an_order((KEY, "  sealed_as: 7z\n"))


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("", "R20: there is no key to seal deliveries for"),
        ("  sealed_as: age\n", "R20: there is no key to seal deliveries for"),
        (f"{KEY}  sealed_as: 7z\n", "R20: an age key beside sealed_as: 7z"),
        (f"{KEY}  sealed_as: rar\n", "sealed_as"),
        (f"{KEY}  deliver_to: ../elsewhere\n", "deliver_to"),
    ],
)
def test_an_order_that_seals_for_nobody_or_twice_is_refused(block: str, said: str) -> None:
    with pytest.raises(OrderRefused, match=said):
        read_incoming_order(an_order((KEY, block)), "order.yaml", CATALOGUE)


def test_a_decision_covers_whom_the_passphrase_is_sent_to() -> None:
    case = a_case(*approved(AS_SEVEN_ZIP), order=AS_SEVEN_ZIP)
    assert takes_a_passphrase(case)
    assert key_to_seal_for(case).startswith("7z: ")
    assert case.recipient_fingerprint == fingerprint(key_to_seal_for(case))
    assert not takes_a_passphrase(a_case(*approved()))
