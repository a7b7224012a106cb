"""The guard on every asset body: our Dagster instance, the case's lock, and no library's text in Dagster's log.

What belongs here: what every asset does before and after its own work. What must not: that work.
"""

import functools
from collections.abc import Callable, Iterator
from typing import Any

import dagster as dg
from dagster._core.storage.noop_compute_log_manager import NoOpComputeLogManager

from assets.cluster_runs import cluster_run
from resources.dagster_rules import LooksAtRuns, RedactsEvents, RedactsTicks
from resources.desk import Desk
from resources.machine import machine_failure
from samkorning.errors import GuardedFailure, HomeRefused, MachineFailure, SamkorningError


def guarded(body: Callable[..., Any]) -> Callable[..., Any]:
    """Runs an asset body under the case's lock and cuts every error down to what may be stored.

    The body takes ``context`` and ``desk`` first. Refusals of the service pass, as they carry no data; of anything else
    only a reference to the protected log is shown.
    """

    @functools.wraps(body)
    def holding(context: Any, desk: Desk, *arguments: Any) -> Any:
        with desk.vault.lock(context.partition_key), cluster_run(context):
            return body(context, desk, *arguments)

    return guarded_outside_cases(holding)


def guarded_outside_cases(body: Callable[..., Any]) -> Callable[..., Any]:
    """As ``guarded``, for a body that works on no case and so holds none."""

    @functools.wraps(body)
    def run(context: Any, desk: Desk, *arguments: Any) -> Any:
        require_our_instance(context.instance)
        try:
            return body(context, desk, *arguments)
        except Exception as error:
            harmless = safe_error(error, desk, body.__name__)
        raise harmless

    return run


def looking(look: Callable[..., Any]) -> Callable[..., Any]:
    """Runs what a sensor or schedule looks at; Dagster keeps no library's text of a look that failed."""

    @functools.wraps(look)
    def run(*arguments: Any, **resources: Any) -> Any:
        desk = resources.get("desk") or next(each for each in arguments if isinstance(each, Desk))
        try:
            found = look(*arguments, **resources)
            return list(found) if isinstance(found, Iterator) else found
        except Exception as error:
            harmless = safe_error(error, desk, look.__name__)
        raise harmless

    return run


def safe_error(error: Exception, desk: Desk, place: str) -> SamkorningError:
    """What may be shown of an error: a refusal as it is, without what led to it; what is wrong with the machine in a
    sentence; anything else by reference.
    """
    if isinstance(error, SamkorningError) and not isinstance(error, MachineFailure):
        error.__cause__ = error.__context__ = None
        return error.with_traceback(None)
    return machine_failure(error, desk) or GuardedFailure(
        f"{place} failed unexpectedly ({desk.failures.reference(error, place, desk.clock.now())}); "
        "nothing half-written is visible, run it again"
    )


def require_our_instance(instance: dg.DagsterInstance) -> None:
    """Refuses a Dagster instance that could store what must not be stored.

    :raises HomeRefused: when its storage does not redact, or it keeps what processes print.
    """
    ours = (
        isinstance(instance.event_log_storage, RedactsEvents),
        isinstance(instance.run_storage, LooksAtRuns),
        isinstance(instance.schedule_storage, RedactsTicks),
        isinstance(instance.compute_log_manager, NoOpComputeLogManager),
    )
    if not all(ours):
        raise HomeRefused(
            "this Dagster instance lacks the service's storage and log settings; "
            "start it with `samkorning up` or `samkorning deliver`"
        )
