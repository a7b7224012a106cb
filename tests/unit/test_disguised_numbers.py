"""Numbers backwards or with letters for digits: refused in an order, where ordinary texts pass."""

import random
from collections.abc import Callable

import pytest

from samkorning.errors import OrderRefused
from samkorning.identity.disguised import is_disguised
from samkorning.order.reading import read_incoming_order
from samkorning.synthetic import make_world
from tests.factories import SAMPLE_ORDER

NUMBERS = [str(number) for number in make_world(60, 5).persons["number"].to_list()]
TITLE = "title: Diabetes and hospital care in an invented population"
WAYS: dict[str, Callable[[str], str]] = {
    "backwards": lambda number: number[::-1],
    "backwards with hyphen": lambda number: f"{number[:8]}-{number[8:]}"[::-1],
    "letters": lambda number: number.replace("0", "O").replace("1", "l"),
    "letters with hyphen": lambda number: f"{number[:8]}-{number[8:]}".replace("1", "I"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_disguised_number_is_found_among_words(way: str) -> None:
    for number in NUMBERS:
        written = WAYS[way](number)
        assert is_disguised(written) and is_disguised(f"HbA1c of {written}, mmol"), way


@pytest.mark.parametrize("way", WAYS)
def test_an_order_with_a_disguised_number_is_refused_by_its_line_and_without_it(way: str) -> None:
    written = WAYS[way](next(number for number in NUMBERS if "0" in number and "1" in number))
    with pytest.raises(OrderRefused) as refused:
        read_incoming_order(SAMPLE_ORDER.replace(TITLE, f"title: Group {written}"), "order.yaml")
    line = SAMPLE_ORDER.splitlines().index(TITLE) + 1
    assert f"order.yaml: line {line}, title: reads as an identity number" in str(refused.value)
    assert written not in str(refused.value)


def test_ordinary_texts_pass() -> None:
    texts = (
        "202203141230",
        "2022-03-14 12:30",
        "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
        "OIL",
    )
    assert not any(map(is_disguised, (*texts, SAMPLE_ORDER)))
    codes = random.Random(3)
    hits = sum(is_disguised(f"{codes.randrange(10**12):012}") for _ in range(5_000))
    assert hits < 10, "chance has one of some thousands"
