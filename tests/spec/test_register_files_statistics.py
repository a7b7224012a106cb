"""Statistics files and old workbooks under torture: each damage gives the exact table or the exact refusal."""

import pytest

from samkorning.errors import FileRefused
from samkorning.register_files import FileContract
from tests.reading_here import inspect_register_file
from tests.spec.statistics_damages import DAMAGES, StatisticsDamage


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_a_damaged_statistics_file_gives_the_exact_table_or_the_exact_refusal(damage: StatisticsDamage) -> None:
    if damage.refusal:
        with pytest.raises(FileRefused) as refused:
            inspect_register_file(damage.sent(), damage.file, FileContract())
        assert damage.refusal in str(refused.value)
        return
    table = inspect_register_file(damage.sent(), damage.file, FileContract())
    assert tuple(table.frame.rows()) == damage.rows
    assert tuple((problem.row, problem.problem.value) for problem in table.problems) == damage.refused
    assert {remark.value for remark in table.remarks} == set(damage.remarks)
    assert table.records == table.header_records + table.rows + table.refused_rows
