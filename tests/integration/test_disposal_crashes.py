"""A disposal that a crash breaks off at any point is completed by the next call (``disposal_crashes.py`` says how)."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("disposal_crashes.py")


@pytest.mark.slow
@pytest.mark.parametrize("how", ["killed", "power_cut"])
@pytest.mark.parametrize(("scenario", "at_least"), [("everything", 60), ("material", 50)])
def test_the_next_call_completes_a_disposal(tmp_path: Path, scenario: str, at_least: int, how: str) -> None:
    command = [sys.executable, str(PROGRAM), str(tmp_path), scenario, how]
    result = subprocess.run(command, capture_output=True, text=True, timeout=3600, check=False)
    assert result.returncode == 0, result.stderr
    said = next(line for line in result.stdout.splitlines() if line.endswith("points"))
    assert int(said.split(": ")[1].split()[0]) >= at_least, (
        "the disposal touches the disk less often than it was written to"
    )
