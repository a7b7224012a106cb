"""Dagster's application on a home, behind our layer.

What belongs here: putting the two together, and which of Dagster's routes are served. What must not: what is looked at.
"""

from collections.abc import Mapping

from dagster._core.workspace.context import IWorkspaceProcessContext
from dagster_webserver.app import create_app_from_workspace_process_context
from starlette.routing import BaseRoute

from pipelines.page.access import Access
from pipelines.page.entrance import Entrance
from pipelines.page.mutations import ALLOWED
from resources.acting import Launch, anything

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
    context: IWorkspaceProcessContext,
    origins: Mapping[str, str],
    entrance: Entrance,
    *,
    read_only: bool,
    may_launch: Launch = anything,
) -> Access:
    """The page of this home under these names, for who is let in."""
    dagster = create_app_from_workspace_process_context(context, live_data_poll_rate=POLL_MILLISECONDS)
    return Access(
        dagster,
        origins,
        entrance,
        allowed=() if read_only else ALLOWED,
        closed=[route for route in dagster.routes if not is_served(route)],
        may_launch=may_launch,
    )


def is_served(route: BaseRoute) -> bool:
    """Whether a route of Dagster's is one that the page needs."""
    return getattr(route, "name", None) in SERVED
