"""When a file of the inbox is worth another look: as there is more to see of it, and not because time goes by."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from resources.inbox import DONE, WaitingFile
from samkorning.register_files.whole.wholeness import QUIET, SETTLED

MOMENT = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("companions", "different"),
    [
        ([], True),
        ([".sha256"], True),
        ([DONE, ".sha256"], True),  # a checksum that differs is told when the file has come to rest
        ([DONE], False),
    ],
)
def test_rest_tells_more_only_of_a_file_that_nothing_else_says_is_whole(
    tmp_path: Path, companions: list[str], different: bool
) -> None:
    path = tmp_path / "visits.csv"
    path.write_text("a;b\n")
    for ending in companions:
        path.with_name(path.name + ending).touch()
    file = WaitingFile("1-2150", "visits", path)
    ages = (MOMENT, QUIET + MOMENT, SETTLED + MOMENT)
    marks = {file.mark(file.changed() + age) for age in ages}
    assert len(marks) == (3 if different else 1)


def test_another_change_of_a_whole_file_is_another_mark(tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text("a;b\n")
    path.with_name(path.name + DONE).touch()
    file, now = WaitingFile("1-2150", "visits", path), datetime.now(UTC)
    before = file.mark(now)
    path.write_text("a;b\n1;2\n")
    assert file.mark(now) != before
