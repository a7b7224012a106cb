"""The restore drill of docs/operations.md, its commands as they stand there, on a home that has delivered twice."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories import PROJECT
from tests.moments import small_office
from tests.office import Office

CASE = "10001-2026"
LENIENT = (
    ("damaged_share_allowed: 0.05", "damaged_share_allowed: 0.9"),
    ("linked_share_at_least: 0.5", "linked_share_at_least: 0"),
)
EXIT_CODE = re.compile(r"\(exit code (\d)\)")


def drill() -> str:
    """The block of commands under its heading; what a command prints is indented."""
    page = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    section = page.split("## Restoring parts of a home\n")[1].split("\n## ")[0]
    return section.split("```\n")[1]


def steps() -> Iterator[tuple[str, list[str], int]]:
    """Each command with fragments of what it tells, and how it ends."""
    command, said, code = "", list[str](), 0
    for line in [*drill().splitlines(), ""]:
        if line.startswith("  "):
            ended = EXIT_CODE.search(line)
            code, said = (int(ended[1]), said) if ended else (code, [*said, *line.split("…")])
        else:
            if command:
                yield command, said, code
            command, said, code = line, [], 0


@pytest.fixture
def twice_delivered(tmp_path: Path) -> Office:
    """The home, and beside it a backup from between its two deliveries."""
    office = small_office(tmp_path)
    office.open_case(*LENIENT, number=CASE)
    office.decide(CASE)
    office.release_holders(CASE, "SCB", "Exempelregistret")
    office.review(CASE)
    office.release(CASE)
    office.load_registers()
    office.receive(CASE, "population", "lisa")
    office.deliver(CASE)
    office.desk.cases.close()
    shutil.copytree(office.desk.home.root, tmp_path / "backup")
    office.receive(CASE, "diabetes")
    office.deliver(CASE)
    office.desk.cases.close()
    return office


@pytest.mark.slow
def test_the_drill_goes_as_it_is_written(twice_delivered: Office) -> None:
    office = twice_delivered
    shell = f'samkorning() {{ "{sys.executable}" -m cli "$@"; }}; PLACE={office.desk.home.root}; '
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "COLUMNS": "200"}
    assert sum(1 for _ in steps()) >= 12
    for command, said, code in steps():
        done = subprocess.run(
            ["bash", "-c", shell + command], cwd=office.folder, env=environment, capture_output=True, text=True
        )
        printed = done.stdout + done.stderr
        assert done.returncode == code, f"{command}: {printed}"
        for fragment in said:
            assert fragment.strip() in printed, f"{command}: {printed}"
