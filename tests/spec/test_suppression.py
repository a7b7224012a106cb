"""Suppression of small counts: what is left out, and that a reader who knows the rule cannot reckon it back."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samkorning.delivery.codebook.suppression import (
    HiddenShares,
    Part,
    Share,
    hidden_parts,
    hidden_shares,
    is_few,
)

Shown = tuple[int | None, ...]


@pytest.mark.parametrize(
    ("values", "total_hidden", "limit", "shown"),
    [
        ((), False, 5, ()),
        ((10, 20, 0), False, 5, (10, 20, 0)),
        ((3, 20, 30), False, 5, (None, None, 30)),  # 3 alone could be had from the sum
        ((1, 1, 30, 40), False, 5, (None, None, None, 40)),  # 1 and 1 make 2: no other count than 1 and 1
        ((4, 4, 30, 40), False, 5, (None, None, None, 40)),  # neither is told by the other
        ((3, 20, 20, 30), False, 5, (None, None, None, 30)),  # nor by a choice between equals
        ((1, 5, 9), False, 5, (None, None, 9)),
        ((3,), False, 5, (None,)),
        ((3, 0, 0), False, 5, (None, None, None)),  # where all is in one value, that the others are 0 tells it
        ((3, 2), False, 5, (None, None)),
        ((10, 20), True, 5, (None, 20)),  # one is left out, or the sum would be told
        ((10, 20), False, 3, (10, 20)),
        ((2, 20), False, 3, (None, None)),
    ],
)
def test_which_counts_of_a_sum_are_left_out(
    values: tuple[int, ...], total_hidden: bool, limit: int, shown: Shown
) -> None:
    """A count of fewer persons than the limit is left out, with so many others that none can be had from the sum."""
    assert shown_parts(values, total_hidden, limit) == shown


@pytest.mark.parametrize(
    ("shares", "shown", "total"),
    [
        (((10, 20), (12, 20)), (10, 12), 22),
        (((20, 20), (0, 20)), (20, 0), 20),
        (((3, 20), (10, 20)), (None, None), 13),
        (((18, 20), (10, 20), (6, 20)), (None, None, 6), 34),  # 2 of 20 have no value
        (((3, 20),), (None,), None),
        (((1, 2), (1, 2)), (None, None), None),
        (((3, 20), (20, 20)), (None, None), None),  # nothing between them to hide behind
    ],
)
def test_which_shares_are_left_out(shares: tuple[tuple[int, int], ...], shown: Shown, total: int | None) -> None:
    """How many have a value, and how many have none, are left out together, year by year and in all."""
    assert shown_shares(shares, 5) == (shown, total)


def shown_parts(values: tuple[int, ...], total_hidden: bool, limit: int) -> Shown:
    parts = [Part(value, is_few(value, limit)) for value in values]
    hidden = hidden_parts(parts, total_hidden, limit)
    return tuple(None if out else value for value, out in zip(values, hidden, strict=True))


def shown_shares(shares: tuple[tuple[int, int], ...], limit: int) -> tuple[Shown, int | None]:
    said, total = hide(shares, limit), sum(part for part, _ in shares)
    shown = tuple(None if out else part for (part, _), out in zip(shares, said.parts, strict=True))
    return shown, None if said.total else total


def hide(shares: tuple[tuple[int, int], ...], limit: int) -> HiddenShares:
    given_ = [Share(part, whole, is_few(part, limit) or is_few(whole - part, limit)) for part, whole in shares]
    part, whole = sum(part for part, _ in shares), sum(whole for _, whole in shares)
    return hidden_shares(given_, is_few(part, limit) or is_few(whole - part, limit), limit)


@pytest.mark.parametrize("limit", [3, 4])
@pytest.mark.parametrize(("cells", "most"), [(2, 13), (3, 9), (4, 6)])
def test_nobody_who_knows_the_rule_finds_a_suppressed_count_of_a_sum(limit: int, cells: int, most: int) -> None:
    """Of all tables that would be shown alike, every suppressed count is another in some."""
    alike = defaultdict(list)
    for values in product(range(most + 1), repeat=cells):
        if sum(values) <= most:
            alike[shown_parts(values, False, limit), sum(values)].append(values)
    assert_in_the_dark([(shown, tables) for (shown, _), tables in alike.items()])


@pytest.mark.parametrize("limit", [3, 4])
@pytest.mark.parametrize("wholes", [(6,), (3, 4), (9, 9), (1, 7), (8, 9, 10), (5, 9), (4, 4, 4, 4)])
def test_nobody_who_solves_the_sums_finds_a_suppressed_share(limit: int, wholes: tuple[int, ...]) -> None:
    """The same of years of which the rows are shown, for a reader who knows that no share beside shown ones is
    nothing or everything.
    """
    tables = list(product(*(range(whole + 1) for whole in wholes)))
    seen = []
    for shown, total in {shown_shares(tuple(zip(parts, wholes, strict=True)), limit) for parts in tables}:
        fitting = [(*parts, sum(parts)) for parts in tables if _fits(parts, wholes, shown, total)]
        seen.append(((*shown, total), fitting))
    assert_in_the_dark(seen)


def _fits(parts: tuple[int, ...], wholes: tuple[int, ...], shown: Shown, total: int | None) -> bool:
    if total is None:
        return True
    as_shown = all(said in (None, part) for part, said in zip(parts, shown, strict=True))
    between = all(said is not None or 0 < part < whole for part, whole, said in zip(parts, wholes, shown, strict=True))
    return as_shown and between and sum(parts) == total


def assert_in_the_dark(seen: list[tuple[Shown, list[tuple[int, ...]]]]) -> None:
    assert any(None in shown for shown, _ in seen)
    for shown, tables in seen:
        for place, count in enumerate(shown):
            assert count is not None or len({table[place] for table in tables}) > 1, (shown, tables)


counts = st.integers(0, 12) | st.integers(0, 10_000)


@given(values=st.lists(counts, max_size=12).map(tuple), limit=st.integers(3, 20), total_hidden=st.booleans())
def test_the_bounds_of_a_suppressed_count_are_as_wide_as_the_limit(
    values: tuple[int, ...], limit: int, total_hidden: bool
) -> None:
    """What is left of the sum, with at least 1 in each suppressed count, or with nothing where all are suppressed."""
    shown = shown_parts(values, total_hidden, limit)
    hidden = [value for value, said in zip(values, shown, strict=True) if said is None]
    assert not any(said is not None and is_few(said, limit) for said in shown)
    if not total_hidden and hidden and len(hidden) < len(values):
        assert sum(hidden) - len(hidden) >= limit - 1
        assert len(set(hidden)) > 1


shares = st.tuples(counts, counts).map(lambda pair: (min(pair), max(pair)))


@given(of=st.lists(shares, max_size=8).map(tuple), limit=st.integers(3, 20))
def test_every_suppressed_share_may_be_another_with_the_same_sum(of: tuple[tuple[int, int], ...], limit: int) -> None:
    """One more here and one less there, and all that is shown stays."""
    said = hide(of, limit)
    hidden = [share for share, out in zip(of, said.parts, strict=True) if out]
    assert not any(
        is_few(part, limit) or is_few(whole - part, limit)
        for (part, whole), out in zip(of, said.parts, strict=True)
        if not out
    )
    if said.total:
        return
    for place, (part, whole) in enumerate(hidden):
        others = hidden[:place] + hidden[place + 1 :]
        more = part < whole and any(p > 1 or len(others) > 1 for p, _ in others)
        less = part > 0 and any(w - p > 1 or len(others) > 1 for p, w in others)
        assert more or less
