"""What the driver does about a cluster that says it runs otherwise, that nobody takes part in, or that stands still.

Spark's own context is stood in for; the real one is in tests/integration/test_linkage_on_spark.py.
"""

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from resources.cluster import connection, waiting
from resources.cluster.connection import open_cluster
from resources.cluster.protection import SWITCHES
from resources.cluster.settings import ClusterSettings
from resources.cluster.waiting import Waiting
from samkorning.errors import GuardedFailure, HomeRefused
from samkorning.machine.faults import Fault, Found, unplaced
from samkorning.machine.progress import nobody

TOLD = "spark.executorEnv._RJEM_MALLOC_CONF"
ON = {name: value for name, (value, _) in SWITCHES.items()}


class Context:
    """As much of Spark's context as the driver asks."""

    applicationId = "app-1"

    def __init__(self, properties: dict[str, str], executors: int = 2, completed: int = 0) -> None:
        self._properties, self.stopped, self.cancelled = properties, False, False
        self.over, self.running = threading.Event(), 0
        self.executors, self.ended = executors, False
        sizes = SimpleNamespace(size=lambda: self.executors)
        infos = SimpleNamespace(getExecutorInfos=lambda: [SimpleNamespace(numRunningTasks=self._still)])
        asked = {
            "getExecutorMemoryStatus": lambda: sizes,
            "statusTracker": lambda: infos,
            "isStopped": lambda: self.ended,
        }
        context = SimpleNamespace(**asked)
        self._jsc = SimpleNamespace(sc=lambda: context)
        stage = SimpleNamespace(numCompletedTasks=completed)
        self._tracker = SimpleNamespace(getStageInfo=lambda _: stage, getActiveStageIds=lambda: [0])

    def getConf(self) -> Any:
        return SimpleNamespace(getAll=lambda: list(self._properties.items()))

    def statusTracker(self) -> Any:
        return self._tracker

    def cancelAllJobs(self) -> None:
        self.cancelled = True
        self.over.set()

    def collected(self) -> list[str]:
        """What a job gives that goes on until it is ended."""
        self.over.wait()
        if self.cancelled:
            raise RuntimeError("of another process: 22001010")
        return ["answer"]

    def _still(self) -> int:
        """Tasks that are stopped run on for a little."""
        self.running = max(self.running - 1, 0)
        return self.running

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


@pytest.mark.parametrize(
    ("set_by_an_operator", "told"),
    [({}, "narenas:2,oversize_threshold:0,dirty_decay_ms:5000"), ({TOLD: "narenas:9"}, "narenas:9")],
)
def test_tasks_keep_freed_memory_as_the_command_does_unless_an_operator_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, set_by_an_operator: dict[str, str], told: str
) -> None:
    settings = reached(monkeypatch, Context(ON), tmp_path)
    given: list[dict[str, str]] = []
    monkeypatch.setattr(connection, "_configured", lambda settings, properties: given.append(properties))
    with open_cluster(settings.model_copy(update={"task_cores": 2, "properties": set_by_an_operator})):
        pass
    assert given[0][TOLD] == told


def nobody_ended() -> None:
    pytest.fail("Spark answered, and was ended")


class Py4JJavaError(Exception):
    """As what tells of Spark's failures is called."""


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "EVERY_SECONDS", 0.01)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("executors", "patience", "why"),
    [(1, 3_600, "no worker took part for 0 minutes"), (2, 0, "no slice ended in 0 minutes")],
)
def test_a_run_that_nobody_takes_part_in_or_that_stands_still_is_broken_off(
    monkeypatch: pytest.MonkeyPatch, executors: int, patience: float, why: str
) -> None:
    monkeypatch.setattr(waiting, "SECONDS_WITHOUT_A_WORKER", 0)
    context = Context(ON, executors)
    context.running = 3
    with pytest.raises(GuardedFailure, match=f"^the cluster gave up: {why}.*safe to run it again$"):
        Waiting(context, 2, 10, patience, nobody, nobody_ended).answers(context.collected)
    assert context.cancelled
    assert context.running == 0, "no task of it runs on"


@pytest.mark.usefixtures("quick")
def test_a_run_in_which_slices_end_goes_on() -> None:
    shown: list[int] = []
    context = Context(ON, completed=1)

    def came(rows: int) -> None:
        shown.append(rows)
        context.over.set()

    assert Waiting(context, 4, 1_000, 3_600, came, nobody_ended).answers(context.collected) == ["answer"]
    assert (shown, context.cancelled) == ([250, 1_000], False), "slices that are done, and at the end all rows"


@pytest.mark.usefixtures("quick")
def test_a_spark_that_does_not_answer_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks it waits until it is gone, as its job does."""
    monkeypatch.setattr(waiting, "SECONDS_TO_ANSWER", 0.05)
    context, gone = Context(ON), threading.Event()

    def asked(self: object) -> int:
        gone.wait()
        raise ConnectionError

    def work() -> list[str]:
        gone.wait()
        raise ConnectionError

    monkeypatch.setattr(Waiting, "_completed", asked)
    with pytest.raises(GuardedFailure, match=r"^the cluster gave up: Spark's own process here did not answer"):
        Waiting(context, 1, 1, 3_600, nobody, gone.set).answers(work)


class Interrupted(BaseException):
    """As Dagster ends a run."""


@pytest.mark.usefixtures("quick")
def test_a_run_that_is_ended_from_outside_leaves_no_task_running() -> None:
    context = Context(ON, completed=1)
    context.running = 3

    def ended(rows: int) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        Waiting(context, 4, 1_000, 3_600, ended, nobody_ended).answers(context.collected)
    assert (context.cancelled, context.running) == (True, 0)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            Py4JJavaError(f"SliceFailed: {unplaced(Found(Fault.DISK_FULL), 'a store')} 22001010"),
            "disk full at a worker",
        ),
        (Py4JJavaError("of another process: 22001010"), "a slice failed several times (Py4JJavaError)"),
        (ConnectionError("of another process: 22001010"), "Spark itself failed here (ConnectionError)"),
    ],
)
def test_a_failure_is_told_in_our_own_words(error: Exception, said: str) -> None:
    def fails() -> list[str]:
        raise error

    with pytest.raises(GuardedFailure) as failed:
        Waiting(Context(ON), 1, 1, 3_600, nobody, nobody_ended).answers(fails)
    assert str(failed.value).startswith(f"the cluster gave up: {said}; nothing of it was kept")
    assert "22001010" not in str(failed.value)
