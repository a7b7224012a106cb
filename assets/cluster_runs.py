"""What a run of Dagster does about a cluster: waits for its turn, says how far it is, and shows what it took.

What belongs here: Dagster's pool, its event log and a node's metadata. What must not: the cluster (resources.cluster).

Only what opens a cluster waits, and not the asset: assets are the same for all cases, and those that this machine
links must not wait for a cluster.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
from dagster._core.events import EngineEventData
from dagster._core.execution.plan.instance_concurrency_context import InstanceConcurrencyContext

from resources.cluster.followers import Figures, followed_by, together

CLUSTER_POOL = "cluster"
"""Its limit is Dagster's default for pools, one, or what the settings say of the cluster (`runs`)."""
SECONDS_BETWEEN_LOOKS = 1.0
SHARES = 20
"""Parts of a job that the log tells of."""

Context = dg.AssetExecutionContext | dg.OpExecutionContext


class ClusterRun:
    """A run that a cluster may work for."""

    def __init__(self, context: Context) -> None:
        self._context, self.figures = context, list[Figures]()
        self._shown = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a slot of the pool, and hold it until the block ends, however it ends."""
        step = self._context.get_step_execution_context().step.key
        with InstanceConcurrencyContext(self._context.instance, self._context.run) as pools:
            waits = False
            while not pools.claim(CLUSTER_POOL, step):
                if not waits:
                    self._log(f"waits: the pool `{CLUSTER_POOL}` is full, other runs use the cluster")
                waits = True
                time.sleep(SECONDS_BETWEEN_LOOKS)
            try:
                yield
            finally:
                pools.free_step(step)

    def came(self, rows: int, of: int) -> None:
        """Tell of it in the log, each twentieth part once."""
        share = SHARES * rows // max(of, 1)
        if share > self._shown:
            self._log(f"the cluster has done {_grouped(rows)} of {_grouped(of)} rows")
        self._shown = share if share < SHARES else 0  # another job begins anew

    def took(self, figures: Figures) -> None:
        """Keep it for the node."""
        self.figures.append(figures)

    def _log(self, sentence: str) -> None:
        """An event of the log at once: lines of a log are not kept (dagster.yaml)."""
        step = self._context.get_step_execution_context().step.key
        self._context.instance.report_engine_event(sentence, self._context.run, EngineEventData({}), step_key=step)


@contextmanager
def cluster_run(context: Context) -> Iterator[None]:
    """Lets the run follow every cluster that is opened in the block; its node shows what they took."""
    run = ClusterRun(context)
    with followed_by(run):
        yield
    if run.figures and isinstance(context, dg.AssetExecutionContext):
        took = together(run.figures)
        context.add_asset_metadata({f"cluster_{name}": value for name, value in vars(took).items()})


def _grouped(rows: int) -> str:
    """A number of rows is not to have the shape of an identity number."""
    return f"{rows:,}".replace(",", " ")
