"""``samkorning up``: the Dagster page and daemon on this home.

What belongs here: starting them and ending them together. What must not: definitions.
"""

import os
import signal
import subprocess
import sys
from typing import Annotated

import typer

from cli.session import console, session

MODULE = "pipelines.served"


def up(
    port: Annotated[int, typer.Option("--port", help="Port of the page, on this machine alone.")] = 3000,
    read_only: Annotated[bool, typer.Option("--read-only", help="The page shows and starts nothing.")] = False,
) -> None:
    """Serves the Dagster page, and runs sensors and schedules, until it is interrupted."""
    from pipelines.instance import prepare_dagster_home  # Dagster takes seconds to load: only where it is needed

    assert session.desk.keystore is not None, "a new home gets its keystore before two processes ask for it"  # noqa: S101
    environment = {**os.environ, **prepare_dagster_home(session.desk)}
    page = [sys.executable, "-m", "dagster_webserver", "-m", MODULE, "-h", "127.0.0.1", "-p", str(port)]
    commands = [[*page, "--read-only"] if read_only else page]
    if not read_only:
        commands.append([sys.executable, "-m", "dagster._daemon", "run", "-m", MODULE])
    console.print(f"http://127.0.0.1:{port} shows the cases of {session.desk.home.root}; end with Ctrl-C")
    sys.exit(_run_together(commands, environment))


def _run_together(commands: list[list[str]], environment: dict[str, str]) -> int:
    """Runs the processes until one ends or the user interrupts, then ends the others."""
    processes = [subprocess.Popen(command, env=environment) for command in commands]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        while True:
            for process in processes:
                try:
                    return process.wait(timeout=1)
                except subprocess.TimeoutExpired:
                    continue
    except KeyboardInterrupt:
        return 0
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)
