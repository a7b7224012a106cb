"""Which linked generation a delivery was made of: known by its content, and by its inputs where that was not kept."""

from collections.abc import Mapping

import pytest

from assets.steps.delivery.linked_then import _holds
from samkorning.vault import Generation

DELIVERED = {"input_sha256": "files", "content_digest": "rows"}
LINKED: dict[str, tuple[Mapping[str, int | str], bool]] = {
    "for its first delivery": ({"input_sha256": "files"}, True),
    "from other files": ({"input_sha256": "others"}, False),
    "anew, with the same rows": ({"input_sha256": "others", "content_digest": "rows"}, True),
    "anew after an objection, from the same files": ({"input_sha256": "files", "content_digest": "fewer"}, False),
}


@pytest.mark.parametrize("how", LINKED)
def test_what_was_delivered_is_known_among_what_was_linked(how: str) -> None:
    facts, is_it = LINKED[how]
    assert _holds(Generation(1, 9, "sha256", facts), DELIVERED) is is_it


def test_a_delivery_of_before_contents_were_remembered_is_known_by_its_inputs() -> None:
    linked = Generation(1, 9, "sha256", {"input_sha256": "files", "content_digest": "rows"})
    assert _holds(linked, {"input_sha256": "files", "content_digest": None})
    assert not _holds(linked, {"input_sha256": "others", "content_digest": None})
