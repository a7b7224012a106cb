"""The next thing is made while one is used; order, errors and the end are those of the things."""

from collections.abc import Iterator
from threading import Event

import pytest

from samkorning.machine.ahead import one_ahead
from tests.patience import PATIENCE


def test_the_next_is_made_while_one_is_used() -> None:
    made = [Event(), Event(), Event()]

    def items() -> Iterator[int]:
        for place, event in enumerate(made):
            event.set()
            yield place

    coming = one_ahead(items())
    assert next(coming) == 0
    assert made[1].wait(PATIENCE) and not made[2].is_set()
    assert list(coming) == [1, 2]
    assert list(one_ahead([])) == []


def test_an_error_is_raised_in_its_turn() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError

    coming = one_ahead(items())
    assert next(coming) == 1
    with pytest.raises(ZeroDivisionError):
        next(coming)


def test_who_breaks_off_leaves_nothing_running() -> None:
    ended: list[bool] = []

    def items() -> Iterator[int]:
        try:
            yield from range(100)
        finally:
            ended.append(True)

    coming = one_ahead(items())
    assert next(coming) == 0
    coming.close()  # type: ignore[attr-defined]
    assert ended == [True]
