"""A few random sequences of arrivals, runs, kills, restarts and failures; `make storm` runs a thousand."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline.interleavings import ACTS, Account, Sequence, storm

SEQUENCES = 6


@pytest.fixture(autouse=True)
def the_environment_is_as_before() -> Iterator[None]:
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def test_each_accepted_file_is_in_exactly_one_delivery_or_in_the_next_one_due(tmp_path: Path) -> None:
    storm(tmp_path, range(7, 7 + SEQUENCES), steps=12)


def test_the_plain_account_would_notice() -> None:
    """It is held to what a file that is lost, doubled or sent without a decision would be."""
    account = Account(newest={"lisa": "a"})
    assert account.due() == {"lisa"}
    account.deliver()
    assert (account.due(), dict(account.times)) == (set(), {"a": 1})
    account.newest["lisa"] = "b"
    assert (account.due(), account.changed()) == (set(), {"lisa"}), "a person decides first"
    account.replaced["lisa"] = "b"
    assert (account.due(), account.changed()) == ({"lisa"}, set())
    account.deliver()
    assert dict(account.times) == {"a": 1, "b": 1}


def test_everything_that_may_happen_is_there() -> None:
    assert all(hasattr(Sequence, f"_{name.replace(' ', '_')}") for name in ACTS)
