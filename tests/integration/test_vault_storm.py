"""A short storm of kill -9; ``make storm`` runs a long one (``vault_storm.py``)."""

import subprocess
import sys
from pathlib import Path

from tests.patience import PATIENCE

PROGRAM = Path(__file__).with_name("vault_storm.py")


def test_killed_writers_lose_no_serial_number_and_double_none(tmp_path: Path) -> None:
    command = [sys.executable, str(PROGRAM), str(tmp_path / "storm"), "--kills", "8", "--writers", "2"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "nothing lost or doubled" in result.stdout
