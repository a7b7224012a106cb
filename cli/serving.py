"""``samkorning up``: the Dagster page and daemon on this home.

What belongs here: starting them and ending them together, and showing how the page is opened. What must not:
definitions, or what the page answers.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cli.session import console, failed, session
from samkorning import durable
from samkorning.encryption.primitives import new_token

HOST = "127.0.0.1"


def up(
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port of the page, on this machine alone; 0: any free one.")
    ] = 3000,
    read_only: Annotated[bool, typer.Option("--read-only", help="The page shows and starts nothing.")] = False,
) -> None:
    """Serves the Dagster page, and runs sensors and schedules, until it is interrupted."""
    from pipelines.instance import (
        prepare_dagster_home,
        workspace_file,
    )  # Dagster takes seconds to load: only where it is needed

    assert session.desk.keystore is not None, "a new home gets its keystore before two processes ask for it"  # noqa: S101
    environment = {**os.environ, **prepare_dagster_home(session.desk)}
    with _listening(port) as page, _token_file(session.desk.home.page_token(page.getsockname()[1])) as token_file:
        _print_address(f"http://{HOST}:{page.getsockname()[1]}", token_file)
        workspace = str(workspace_file(session.desk))
        processes = [_start_page(page, workspace, read_only, environment)]
        sys.exit(_run_together([*processes, *_start_daemon(workspace, read_only, environment)]))


def _start_page(
    page: socket.socket, workspace: str, read_only: bool, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pipelines.page", "--socket", str(page.fileno()), "--workspace", workspace]
    command += ["--read-only"] * read_only
    return subprocess.Popen(command, env=environment, pass_fds=[page.fileno()], stdout=sys.stderr)


def _start_daemon(workspace: str, read_only: bool, environment: dict[str, str]) -> list[subprocess.Popen[bytes]]:
    """The daemon, unless nothing is to be started."""
    command = [sys.executable, "-m", "dagster._daemon", "run", "--workspace", workspace]
    return [] if read_only else [subprocess.Popen(command, env=environment, stdout=sys.stderr)]


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """The page's port, taken before anything is started or shown."""
    try:
        page = socket.create_server((HOST, port))
    except OSError:
        failed(f"port {port} is taken or not allowed; name another with --port", 1)
    with page:
        yield page


@contextmanager
def _token_file(path: Path) -> Iterator[Path]:
    """A new token in a file for its owner alone, as long as the page is served."""
    durable.overwrite(path, f"{new_token()}\n".encode())
    try:
        yield path
    finally:
        durable.remove(path)


def _print_address(address: str, token_file: Path) -> None:
    """The address of the page; with its token on a person's screen alone, for what is shown elsewhere is kept there."""

    def show() -> None:
        token = f"/?token={token_file.read_text().strip()}" if sys.stdout.isatty() else ""
        cases = f"shows the cases of {session.desk.home.root}"
        console.print(f"{address}{token} {cases}; end with Ctrl-C", soft_wrap=True)
        if not token:
            console.print(f"the token that opens it is in {token_file}", soft_wrap=True)

    session.answer({"address": address, "token_file": str(token_file)}, show)
    sys.stdout.flush()


def _run_together(processes: list[subprocess.Popen[bytes]]) -> int:
    """Waits for the processes until one ends or the user interrupts, then ends the others."""
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
            process.wait()
