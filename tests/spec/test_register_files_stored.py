"""Parquet, Arrow, JSON lines and fixed width under torture: each damage gives the exact table or the exact refusal."""

import pytest

from samkorning.errors import FileRefused
from tests.reading_here import inspect_register_file
from tests.spec.stored_damages import DAMAGES, StoredDamage


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_a_damaged_stored_table_gives_the_exact_table_or_the_exact_refusal(damage: StoredDamage) -> None:
    if damage.refusal:
        with pytest.raises(FileRefused) as refused:
            inspect_register_file(damage.sent(), damage.file, damage.contract)
        assert damage.refusal in str(refused.value)
        return
    table = inspect_register_file(damage.sent(), damage.file, damage.contract)
    assert tuple(table.frame.rows()) == damage.rows
    assert tuple((problem.row, problem.problem.value) for problem in table.problems) == damage.refused
    assert {remark.value for remark in table.remarks} - {"encoding_guessed"} == set(damage.remarks)
    assert table.records == table.header_records + table.rows + table.refused_rows
