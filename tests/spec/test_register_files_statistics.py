"""Statistics files and old workbooks under torture: each damage gives the exact table or the exact refusal."""

import pytest

from tests.spec.damages import Damage, gives_its_outcome
from tests.spec.statistics_damages import DAMAGES


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_a_damaged_statistics_file_gives_the_exact_table_or_the_exact_refusal(damage: Damage) -> None:
    gives_its_outcome(damage)
