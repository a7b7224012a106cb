"""``samkorning serve``: the parts of a production service, each started by systemd (deploy/systemd).

What belongs here: saying what stands in the way of a start, and becoming the part. What must not: starting several
together, which is ``samkorning up`` (serving); what a part does.

A part says its own sentences into the journal until it starts; what it prints afterwards goes nowhere, as everywhere.
"""

import os
import sys
from typing import Annotated, NoReturn

import typer

from cli.session import failed, session

app = typer.Typer(help="The parts of a production service, each started by systemd (deploy/).", no_args_is_help=True)
FIRST_PASSED_ON = 3
"""The descriptor at which systemd hands over the first socket."""


@app.command()
def code() -> None:
    """Serves the definitions and starts runs: the one part that opens the vault, and needs the passphrase."""
    from pipelines.instance import DEFINITIONS, LOCATION

    assert session.desk.keystore is not None, "opened here, where the journal is told if it does not open"  # noqa: S101
    loaded = ["--module-name", DEFINITIONS, "--location-name", LOCATION, "--use-python-environment-entry-point"]
    _become(
        "dagster",
        "code-server",
        "start",
        "--socket",
        str(session.desk.settings.code_server),
        *loaded,
        "--log-level",
        "critical",
    )


@app.command()
def daemon() -> None:
    """Runs sensors, schedules and the queue of runs."""
    from pipelines.instance import served_workspace_file

    _become("dagster._daemon", "run", "--workspace", str(served_workspace_file(session.desk)))


@app.command()
def page(
    read_only: Annotated[bool, typer.Option("--read-only", help="The page shows and starts nothing.")] = False,
) -> None:
    """Serves the page to a proxy, at the socket that its systemd socket unit hands over."""
    from pipelines.instance import served_workspace_file

    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        failed("the page listens at the socket that its socket unit hands over; deploy/systemd has one", 2)
    if not session.desk.settings.page_names:
        failed("name the proxy's names under `page_names` in config.yaml; the page answers to no other", 1)
    workspace = ["--workspace", str(served_workspace_file(session.desk))]
    _become("pipelines.page", "--socket", str(FIRST_PASSED_ON), *workspace, *["--read-only"] * read_only)


@app.command()
def migrate() -> None:
    """Brings what the page keeps to the form of the installed Dagster; after an upgrade, while nothing runs."""
    _become("dagster", "instance", "migrate")


def _become(module: str, *arguments: str) -> NoReturn:
    """This process goes on as another program of ours, whose output goes nowhere."""
    from pipelines.instance import prepare_dagster_home

    environment = {**os.environ, **prepare_dagster_home(session.desk)}
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.execve(sys.executable, [sys.executable, "-m", module, *arguments], environment)  # noqa: S606 - no shell is meant
