"""A process that links a room's file on a cluster and is killed: ``slices`` by the test, ``commit`` by itself.

``python -m tests.integration.linking_until_killed ROOM NAME NOTED WHEN SETTINGS``
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any, NoReturn

from assets.steps.linkage import on_cluster
from resources.cluster.settings import ClusterSettings
from samkorning.linkage.slices import SlicedLinkage
from tests.integration.cluster_faults import Fault, Faulty
from tests.integration.cluster_room import on_the_cluster, opened_room


def killed(*_: Any) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def main(folder: str, name: str, noted: str, when: str, settings: str) -> None:
    """Link until killed."""
    if when == "commit":
        on_cluster.taken_together = killed  # type: ignore[assignment]
    else:
        faults = {3_000: Fault.WRITTEN}
        on_cluster.SlicedLinkage = lambda *given: Faulty(SlicedLinkage(*given), Path(noted), faults)  # type: ignore
    on_the_cluster(opened_room(Path(folder)), ClusterSettings.model_validate_json(settings), name)


if __name__ == "__main__":
    main(*sys.argv[1:])
