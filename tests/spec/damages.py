"""A damaged file and what is made of it, as the tables of damages hold them.

What belongs here: the shape of a damage and that it holds. What must not: which damages there are.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from samkorning.errors import FileRefused
from samkorning.register_files import FileContract
from tests.reading_here import inspect_register_file

Cells = tuple[str | None, ...]
ROWS: tuple[Cells, ...] = (("001", "Åsa"), ("002", "Örjan"), ("003", "Siv"))


@dataclass(frozen=True)
class Damage:
    """What happens, the file it gives, and the outcome: rows, refused rows and remarks, or a refusal's words."""

    name: str
    sent: Callable[[], bytes]
    file: str
    rows: tuple[Cells, ...] = ROWS
    refused: tuple[tuple[int, str], ...] = ()
    remarks: tuple[str, ...] = ()
    refusal: str = ""
    contract: FileContract = field(default_factory=FileContract)


def gives_its_outcome(damage: Damage, *usual: str) -> None:
    """Holds a damage against its outcome; ``usual`` are remarks that any file of the kind may get."""
    if damage.refusal:
        with pytest.raises(FileRefused) as refused:
            inspect_register_file(damage.sent(), damage.file, damage.contract)
        assert damage.refusal in str(refused.value)
        return
    table = inspect_register_file(damage.sent(), damage.file, damage.contract)
    assert tuple(table.frame.rows()) == damage.rows
    assert tuple((problem.row, problem.problem.value) for problem in table.problems) == damage.refused
    assert {remark.value for remark in table.remarks} - {*usual} == set(damage.remarks)
    assert table.records == table.header_records + table.rows + table.refused_rows
