"""Which runs a cluster links for, as a tag of the run: the run queue lets so many of them through as may use it.

What belongs here: the tag, whether a run has it, and where it stands which engine links a case. What must not: the
queue (dagster.yaml), or waiting for a cluster, which a step does that needs it (assets.cluster_runs).

Every process that stores a run asks here, so that it is the same whoever launches it: a person in the page, a sensor, a
backfill, Dagster itself again, the command line. Page and daemon see no case register. What they know of a case is what
they have been told (assets.page_report), and stands in Dagster's own storage; it decides when a run begins, and nothing
else.
"""

from collections.abc import Mapping

CLUSTER_TAG = "samkorning/cluster"
ENGINE_TOLD = "samkorning/engine/"
"""Under this and the case number: the engine that links the case."""
ON_A_CLUSTER = "spark"
DELIVERING, CHOSEN_NODES = "deliver", "__ASSET_JOB"
"""The jobs that link: a delivery, and what Dagster calls a run of nodes that a person has chosen."""


def engine_told(case: str) -> str:
    """Where it stands which engine links a case."""
    return f"{ENGINE_TOLD}{case}"


def may_use_a_cluster(job: str) -> bool:
    """Whether runs of a job link."""
    return job == DELIVERING or job.startswith(CHOSEN_NODES)


def tags_of_queue(engine: str | None) -> Mapping[str, str]:
    """The tag, where a cluster links."""
    return {CLUSTER_TAG: "yes"} if engine == ON_A_CLUSTER else {}
