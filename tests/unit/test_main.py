"""The ends of the program, in processes of their own: set up before anything else, and silent about what it met."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CALL = "import cli.main as main\ndef act(args, standalone_mode):\n    {act}\nmain.app = act\nmain.main()"
SHOW = "import os, resource; print(resource.getrlimit(resource.RLIMIT_CORE), oct(os.umask(0)), flush=True)"
VALUE = "222001012387 Unmistakable"


def run(home: Path, program: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SAMKORNING_HOME": str(home)}
    loose = "import os\nos.umask(0o022)\n"
    return subprocess.run([sys.executable, "-c", loose + program], env=environment, capture_output=True, text=True)


def test_a_command_is_set_up_before_it_does_anything(tmp_path: Path) -> None:
    acting = CALL.format(act=f"{SHOW}\n    raise SystemExit(0)")
    assert run(tmp_path, acting).stdout == "(0, 0) 0o77\n"


def test_page_and_daemon_are_set_up_before_they_serve(tmp_path: Path) -> None:
    served = run(tmp_path, f"import pipelines.served\n{SHOW}")
    assert served.stdout == "(0, 0) 0o77\n", served.stderr


@pytest.mark.parametrize("error", ["RuntimeError", "ValueError", "OSError"])
def test_of_an_error_that_nobody_foresaw_no_text_is_told_or_kept(tmp_path: Path, error: str) -> None:
    failing = CALL.format(act=f"raise {error}({VALUE!r})")
    done = run(tmp_path, failing)
    assert done.returncode == 3
    assert "reference" in done.stderr and error not in done.stderr
    said = done.stdout + done.stderr + (tmp_path / "failures.log").read_text()
    assert "Unmistakable" not in said and "222001012387" not in said


def test_nor_where_the_home_does_not_open(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("keystore: [")
    done = run(tmp_path, CALL.format(act=f"raise RuntimeError({VALUE!r})"))
    assert done.returncode == 3
    assert "RuntimeError) before the home was open" in done.stderr
    assert "Unmistakable" not in done.stdout + done.stderr and "222001012387" not in done.stdout + done.stderr
