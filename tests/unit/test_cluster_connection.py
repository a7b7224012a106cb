"""What the driver does about a cluster that says it runs otherwise, that nobody takes part in, or that is watched.

Spark's own context is stood in for; the real one is in tests/integration/test_linkage_on_spark.py.
"""

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from resources.cluster import connection
from resources.cluster.connection import _watched, open_cluster
from resources.cluster.protection import SWITCHES
from resources.cluster.settings import ClusterSettings
from samkorning.errors import HomeRefused
from samkorning.machine.progress import nobody

ON = {name: value for name, (value, _) in SWITCHES.items()}


class Context:
    """As much of Spark's context as the driver asks."""

    applicationId = "app-1"

    def __init__(self, properties: dict[str, str], executors: int = 2, completed: int = 0) -> None:
        self._properties, self.stopped, self.cancelled = properties, False, False
        sizes = SimpleNamespace(size=lambda: executors)
        self._jsc = SimpleNamespace(sc=lambda: SimpleNamespace(getExecutorMemoryStatus=lambda: sizes))
        stage = SimpleNamespace(numCompletedTasks=completed)
        self._tracker = SimpleNamespace(getStageInfo=lambda _: stage, getActiveStageIds=lambda: [0])

    def getConf(self) -> Any:
        return SimpleNamespace(getAll=lambda: list(self._properties.items()))

    def statusTracker(self) -> Any:
        return self._tracker

    def cancelAllJobs(self) -> None:
        self.cancelled = True

    def stop(self) -> None:
        self.stopped = True


def reached(monkeypatch: pytest.MonkeyPatch, context: Context, folder: Path) -> ClusterSettings:
    """Settings of a cluster that stands for a real one."""
    monkeypatch.setattr(connection, "require_installed", lambda: None)
    monkeypatch.setattr(connection, "_configured", lambda settings, properties: properties)
    monkeypatch.setattr(connection, "_require_answer", lambda settings, configured: None)
    monkeypatch.setattr(connection, "_context", lambda configured: context)
    secret = folder / "secret"
    secret.touch(0o600)
    secret.write_text("s" * 64)
    return ClusterSettings(master="spark://127.0.0.1:7077", secret_file=secret)


def test_a_run_that_says_it_runs_without_a_protection_is_refused_and_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    context = Context({**ON, "spark.io.encryption.enabled": "false"})
    settings = reached(monkeypatch, context, tmp_path)
    with pytest.raises(HomeRefused, match=r"spark\.io\.encryption\.enabled"), open_cluster(settings):
        raise AssertionError("nothing is sent")
    assert context.stopped


def test_a_protected_run_is_left_when_its_block_ends(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    context = Context(ON)
    with open_cluster(reached(monkeypatch, context, tmp_path)):
        assert not context.stopped
    assert context.stopped


@pytest.mark.parametrize(("executors", "cancelled"), [(1, True), (2, False)])
def test_a_run_that_no_worker_takes_part_in_is_broken_off(
    monkeypatch: pytest.MonkeyPatch, executors: int, cancelled: bool
) -> None:
    monkeypatch.setattr(connection, "SECONDS_WITHOUT_A_WORKER", 0)
    monkeypatch.setattr(connection, "EVERY_SECONDS", 0.01)
    context = Context(ON, executors)
    looked = []
    context._tracker.getActiveStageIds = lambda: looked.append(1) or []
    with _watched(context, 10, 2, nobody):
        while len(looked) < 3:
            time.sleep(0.005)
    assert context.cancelled is cancelled


def test_who_watches_sees_slices_done_and_at_the_end_all_rows_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "EVERY_SECONDS", 0.01)
    shown: list[int] = []
    with _watched(Context(ON, completed=1), 1_000, 4, shown.append):
        while not shown:
            time.sleep(0.005)
    assert shown == [250, 750]
