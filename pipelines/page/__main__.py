"""The process that serves the page; ``samkorning up`` starts it and ends it.

What belongs here: the web server around the application. What must not: the daemon, or what a person is shown.
"""

import argparse
import socket
from contextlib import suppress
from pathlib import Path

import uvicorn
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster._utils.interrupts import setup_interrupt_handlers

from pipelines.instance import dagster_instance
from pipelines.page.addresses import own_origins, proxied_origins
from pipelines.page.application import page_application
from pipelines.page.entrance import BehindProxy, Entrance
from pipelines.page.launching import of_synthetic_persons_alone
from pipelines.page.permissions import PageContext
from pipelines.page.token import ByToken, cookie_name
from resources.acting import anything
from resources.desk import Desk
from samkorning.errors import HomeRefused
from samkorning.vault.hygiene import protect_process

STATEMENT_MILLISECONDS, RECYCLE_SECONDS, CONNECTIONS = 15_000, 3_600, 20
SECONDS_TO_END = 5


def serve(desk: Desk, listening: socket.socket, workspace: Path, *, read_only: bool) -> None:
    """Answers at a socket that listens already, until the process is interrupted."""
    origins, entrance = entered_by(desk, listening)
    with dagster_instance(desk) as instance:
        instance.optimize_for_webserver(STATEMENT_MILLISECONDS, RECYCLE_SECONDS, CONNECTIONS)
        target = WorkspaceFileTarget([str(workspace)])
        with PageContext(instance, target, read_only=read_only) as context:
            may_launch = anything if isinstance(entrance, BehindProxy) else of_synthetic_persons_alone(desk)
            server = uvicorn.Config(
                page_application(context, origins, entrance, read_only=read_only, may_launch=may_launch),
                log_level="warning",
                proxy_headers=False,  # a request is judged by what it says itself
                server_header=False,
                timeout_graceful_shutdown=SECONDS_TO_END,
            )
            uvicorn.Server(server).run(sockets=[listening])


def entered_by(desk: Desk, listening: socket.socket) -> tuple[dict[str, str], Entrance]:
    """The page's names and who is let in: at a port with the token of this start, at a socket of the file system
    through the proxy.

    :raises HomeRefused: when a proxy stands before the page and the settings do not say under which names.
    """
    if listening.family is not socket.AF_UNIX:
        port = listening.getsockname()[1]
        token = desk.home.page_token(port).read_text().strip()
        return own_origins(port, desk.settings.page_names), ByToken(token, cookie_name(port))
    if not desk.settings.page_names:
        raise HomeRefused("name the proxy's names under `page_names` in config.yaml; the page answers to no other")
    return proxied_origins(desk.settings.page_names), BehindProxy()


def main() -> None:
    """Serves the home of the environment."""
    arguments = argparse.ArgumentParser(prog="python -m pipelines.page")
    arguments.add_argument("--socket", type=int, required=True, help="descriptor of the listening socket")
    arguments.add_argument("--workspace", type=Path, required=True, help="file that says where the definitions are")
    arguments.add_argument("--read-only", action="store_true")
    asked = arguments.parse_args()
    protect_process()
    setup_interrupt_handlers()
    with suppress(KeyboardInterrupt), socket.socket(fileno=asked.socket) as listening:
        serve(Desk.from_environment(), listening, asked.workspace, read_only=asked.read_only)


if __name__ == "__main__":
    main()
