"""Dagster's application on a home, behind our layer.

What belongs here: putting the two together, and which of Dagster's routes are served. What must not: what is looked at.
"""

from dagster._core.workspace.context import IWorkspaceProcessContext
from dagster_webserver.app import create_app_from_workspace_process_context
from starlette.routing import BaseRoute

from pipelines.page.access import Access
from pipelines.page.addresses import own_origins
from pipelines.page.mutations import ALLOWED
from pipelines.page.token import cookie_name

POLL_MILLISECONDS = 2000
SERVED = {
    "index_html_endpoint": "the page itself, under every address without a route of its own",
    "_next_static": "its scripts and styles",
    "root_static": "its pictures",
    "graphql-http": "what it shows and does; POST alone",
    "graphql-ws": "how a run comes along; subscriptions alone",
    "webserver_info_endpoint": "the versions",
}
"""Dagster's routes that are served. Left out: reports of assets that no run made, captured logs, notebooks, debug
files of runs, the playground's scripts, and whatever a newer Dagster brings."""


def page_application(
    context: IWorkspaceProcessContext, port: int, names: tuple[str, ...], token: str, *, read_only: bool
) -> Access:
    """The page of this home at this port, for who has the token."""
    dagster = create_app_from_workspace_process_context(context, live_data_poll_rate=POLL_MILLISECONDS)
    return Access(
        dagster,
        own_origins(port, names),
        token,
        cookie_name(port),
        allowed=() if read_only else ALLOWED,
        closed=[route for route in dagster.routes if not is_served(route)],
    )


def is_served(route: BaseRoute) -> bool:
    """Whether a route of Dagster's is one that the page needs."""
    return getattr(route, "name", None) in SERVED
