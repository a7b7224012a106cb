"""Parquet, Arrow, JSON lines and fixed width under torture: each damage gives the exact table or the exact refusal."""

import pytest

from tests.spec.damages import Damage, gives_its_outcome
from tests.spec.stored_damages import DAMAGES


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_a_damaged_stored_table_gives_the_exact_table_or_the_exact_refusal(damage: Damage) -> None:
    gives_its_outcome(damage, "encoding_guessed")
