"""What tests of the cluster share: one cluster a process, whatever is killed of it, and one room a module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.cluster_room import Room
    from tests.spark_cluster import StandaloneCluster


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandaloneCluster]:
    """A master and two workers."""
    from tests.spark_cluster import a_cluster

    with a_cluster(tmp_path_factory.mktemp("spark")) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """A vault with a received file, and what it is linked with."""
    from tests.integration.cluster_room import a_room

    return a_room(tmp_path_factory.mktemp("room"))
