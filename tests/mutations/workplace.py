"""A copy of the project in which a safeguard can be switched off, with an environment that imports from it alone.

What belongs here: copying, the environment, running pytest there. What must not: what a run's outcome means (run).
"""

import compileall
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SECONDS = 900
"""A run without a safeguard that takes longer has noticed nothing."""


@dataclass(frozen=True)
class Outcome:
    """How a run of tests ended: pytest's exit code (none when its time was up) and what it said."""

    exit_code: int | None
    said: str


def copy_project(folder: Path) -> None:
    """Puts the project's own files into a new folder: what git knows or would take, and nothing else."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=PROJECT, capture_output=True, check=True).stdout.decode().split("\0")
    for name in filter(None, names):
        source, target = PROJECT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    compileall.compile_dir(folder, quiet=2)  # once, and not for every safeguard anew


def copy_tree(tree: Path, to: Path) -> None:
    """Copies a copy, with what was compiled in it."""
    shutil.copytree(tree, to, symlinks=True, ignore=shutil.ignore_patterns(".venv", ".hypothesis"))


def make_environment(tree: Path) -> Path:
    """The interpreter of an environment whose packages are ours, and whose project is the copy.

    Readers of files run isolated and take nothing from the folder or the environment variables that they start in: only
    an environment of its own makes them import from the copy.
    """
    library = tree / ".venv" / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    library.mkdir(parents=True)
    packages = [path for path in sys.path if path.endswith("site-packages")]
    (library / "the_copy.pth").write_text("\n".join([str(tree), *packages]) + "\n")
    base = Path(sys.base_exec_prefix) / "bin"
    (tree / ".venv" / "pyvenv.cfg").write_text(f"home = {base}\ninclude-system-site-packages = false\n")
    interpreter = tree / ".venv" / "bin" / "python"
    interpreter.parent.mkdir()
    interpreter.symlink_to(Path(sys.executable).resolve())
    return interpreter


def run_tests(tree: Path, tests: tuple[str, ...], *options: str, seconds: int = SECONDS) -> Outcome:
    """Runs tests in a copy without a network; whatever they started has ended when this returns."""
    interpreter = make_environment(tree)
    temporary = tree.with_name(tree.name + ".tmp")
    temporary.mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    program = [str(interpreter), "-m", "tests.mutations.without_network"]
    quiet = ["-q", "-p", "no:cacheprovider", "--hypothesis-seed=1"]
    process = subprocess.Popen(
        [*program, *quiet, *options, *tests],
        cwd=tree,
        env={**kept, "HOME": str(temporary), "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=seconds)
        return Outcome(process.returncode, said)
    except subprocess.TimeoutExpired:
        return Outcome(None, "")
    finally:
        _end_all(process)
        shutil.rmtree(tree / ".venv")
        shutil.rmtree(temporary, ignore_errors=True)


def _end_all(process: subprocess.Popen[str]) -> None:
    """Ends the run and what it left behind in its process group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
