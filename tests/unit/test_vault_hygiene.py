"""What a process sets before it opens the vault, tried in processes of their own."""

import subprocess
import sys
from pathlib import Path

PROTECT = "from samkorning.vault.hygiene import protect_process; protect_process();"


def run(program: str) -> str:
    result = subprocess.run([sys.executable, "-c", PROTECT + program], capture_output=True, text=True, check=True)
    return result.stdout.strip()


def test_a_protected_process_makes_no_core_dump() -> None:
    assert run("import resource; print(resource.getrlimit(resource.RLIMIT_CORE))") == "(0, 0)"


def test_a_protected_process_is_not_dumpable() -> None:
    assert run("import ctypes; print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))") == "0"


def test_a_protected_process_makes_files_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    run(f"open({str(path)!r}, 'w').close()")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_protected_process_gives_polars_no_disk_to_spill_to() -> None:
    assert run("import os; print(os.environ['POLARS_OOC_DISK_BUDGET_MB'])") == "0"
