"""After a crash at any point where the disk is touched, the next run finds all that was acknowledged and completes.

The crashes happen in a process of their own (``vault_crashes.py``, which says how).
"""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("vault_crashes.py")
SHORT = [("extend", "killed", 10)]
LONG = [
    *[("create_keystore", how, 30) for how in ("killed", "power_cut")],
    *[("create_store", how, 30) for how in ("killed", "power_cut")],
    ("extend", "power_cut", 10),
    *[("write_parts", how, 10) for how in ("killed", "power_cut")],
    *[("remove_person", how, 40) for how in ("killed", "power_cut")],
    *[("rotate_master", how, 10) for how in ("killed", "power_cut")],
    *[("rotate_class", how, 15) for how in ("killed", "power_cut")],
    *[("rotate_store", how, 35) for how in ("killed", "power_cut")],
    *[("destroy", how, 20) for how in ("killed", "power_cut")],
]


@pytest.mark.parametrize(
    ("scenario", "how", "at_least"), [*SHORT, *(pytest.param(*each, marks=pytest.mark.slow) for each in LONG)]
)
def test_the_next_run_completes_what_a_crash_broke_off(tmp_path: Path, scenario: str, how: str, at_least: int) -> None:
    result = subprocess.run(
        [sys.executable, PROGRAM, tmp_path, scenario, how], capture_output=True, text=True, timeout=3600, check=False
    )
    assert result.returncode == 0, result.stderr
    points = int(result.stdout.split(": ")[1].split()[0])
    assert points >= at_least, "the scenario touches the disk less often than it was written to"
