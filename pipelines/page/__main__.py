"""The process that serves the page; ``samkorning up`` starts it and ends it.

What belongs here: the web server around the application. What must not: the daemon, or what a person is shown.
"""

import argparse
import socket
from contextlib import suppress

import uvicorn
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget
from dagster._utils.interrupts import setup_interrupt_handlers

from pipelines.instance import dagster_instance
from pipelines.page.application import page_application
from resources.desk import Desk
from samkorning.vault.hygiene import protect_process

STATEMENT_MILLISECONDS, RECYCLE_SECONDS, CONNECTIONS = 15_000, 3_600, 20
SECONDS_TO_END = 5


def serve(desk: Desk, listening: socket.socket, definitions: str, *, read_only: bool) -> None:
    """Answers at a socket that listens already, until the process is interrupted."""
    port = listening.getsockname()[1]
    with dagster_instance(desk) as instance:
        instance.optimize_for_webserver(STATEMENT_MILLISECONDS, RECYCLE_SECONDS, CONNECTIONS)
        target = ModuleTarget(definitions, attribute=None, working_directory=None, location_name=None)
        with WorkspaceProcessContext(instance, target, read_only=read_only) as context:
            token = desk.home.page_token(port).read_text().strip()
            page = page_application(context, port, desk.settings.page_names, token, read_only=read_only)
            server = uvicorn.Config(
                page,
                log_level="warning",
                proxy_headers=False,  # a request is judged by what it says itself
                server_header=False,
                timeout_graceful_shutdown=SECONDS_TO_END,
            )
            uvicorn.Server(server).run(sockets=[listening])


def main() -> None:
    """Serves the home of the environment."""
    arguments = argparse.ArgumentParser(prog="python -m pipelines.page")
    arguments.add_argument("--socket", type=int, required=True, help="descriptor of the listening socket")
    arguments.add_argument("--definitions", required=True, help="module with Dagster's definitions")
    arguments.add_argument("--read-only", action="store_true")
    asked = arguments.parse_args()
    protect_process()
    setup_interrupt_handlers()
    with suppress(KeyboardInterrupt), socket.socket(fileno=asked.socket) as listening:
        serve(Desk.from_environment(), listening, asked.definitions, read_only=asked.read_only)


if __name__ == "__main__":
    main()
