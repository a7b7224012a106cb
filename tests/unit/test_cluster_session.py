"""A run reaches its cluster once; after what failed, or where it does not stand any more, it is reached anew.

Spark's own context is stood in for; the real one is in tests/integration/test_linkage_on_spark.py.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from resources.cluster import connection, task, waiting
from resources.cluster.connection import open_cluster
from resources.cluster.followers import Unfollowed, followed_by
from resources.cluster.session import leave_cluster, one_session
from resources.cluster.settings import ClusterSettings
from samkorning.errors import GuardedFailure, HomeRefused
from tests.unit.test_cluster_connection import ON, Context


class Turns(Unfollowed):
    """Notes when a run has its turn."""

    def __init__(self) -> None:
        self.noted: list[str] = []

    @contextmanager
    def turn(self) -> Iterator[None]:
        self.noted.append("has its turn")
        try:
            yield
        finally:
            self.noted.append("gives it up")


@pytest.fixture
def contexts() -> list[Context]:
    """The applications that there have been, in their order."""
    return []


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, contexts: list[Context]) -> ClusterSettings:
    """Settings of a cluster that stands for a real one."""

    def context(configured: object) -> Context:
        contexts.append(Context(ON))
        return contexts[-1]

    monkeypatch.setattr(connection, "require_installed", lambda: None)
    monkeypatch.setattr(connection, "_configured", lambda settings, properties: properties)
    monkeypatch.setattr(connection, "_require_answer", lambda settings, configured: None)
    monkeypatch.setattr(connection, "_context", context)
    secret = tmp_path / "secret"
    secret.touch(0o600)
    secret.write_text("s" * 64)
    return ClusterSettings(master="spark://127.0.0.1:7077", secret_file=secret)


def a_file(settings: ClusterSettings) -> str:
    """What the cluster for one file wraps secrets with."""
    with open_cluster(settings) as cluster:
        return cluster._run.nonce


def test_all_files_of_a_session_share_one_application_and_no_secret(
    settings: ClusterSettings, contexts: list[Context]
) -> None:
    follows = Turns()
    with followed_by(follows), one_session():
        nonces = {a_file(settings) for _ in range(3)}
        assert follows.noted == ["has its turn"]
        assert [context.stopped for context in contexts] == [False]
    assert [context.stopped for context in contexts] == [True]
    assert follows.noted == ["has its turn", "gives it up"]
    assert len(nonces) == 3


def test_without_a_session_each_file_has_an_application_of_its_own(
    settings: ClusterSettings, contexts: list[Context]
) -> None:
    a_file(settings), a_file(settings)
    assert [context.stopped for context in contexts] == [True, True]


@pytest.mark.parametrize("ends", [GuardedFailure("a slice failed"), KeyboardInterrupt()])
def test_a_session_is_left_however_it_ends(
    settings: ClusterSettings, contexts: list[Context], ends: BaseException
) -> None:
    follows = Turns()
    with followed_by(follows), pytest.raises(type(ends)), one_session():
        a_file(settings)
        raise ends
    assert ([context.stopped for context in contexts], follows.noted[1:]) == ([True], ["gives it up"])


def test_a_file_that_fails_leaves_the_application_and_the_next_has_another(
    settings: ClusterSettings, contexts: list[Context]
) -> None:
    with one_session():
        with pytest.raises(GuardedFailure), open_cluster(settings):
            raise GuardedFailure("a slice failed")
        assert [context.stopped for context in contexts] == [True]
        a_file(settings), a_file(settings)
        assert [context.stopped for context in contexts] == [True, False]


def test_an_application_that_has_ended_or_lost_all_workers_meanwhile_is_reached_anew_once(
    settings: ClusterSettings, contexts: list[Context]
) -> None:
    with one_session():
        a_file(settings)
        contexts[0].ended = True
        a_file(settings)
        contexts[1].executors = 1
        a_file(settings)
        assert [context.stopped for context in contexts] == [True, True, False]


def test_where_it_cannot_be_reached_anew_the_file_is_refused(
    monkeypatch: pytest.MonkeyPatch, settings: ClusterSettings, contexts: list[Context]
) -> None:
    def no_answer(*_: object) -> None:
        tried.append(True)
        raise HomeRefused("does not answer")

    tried: list[bool] = []
    with one_session():
        a_file(settings)
        contexts[0].ended = True
        monkeypatch.setattr(connection, "_require_answer", no_answer)
        with pytest.raises(HomeRefused, match="does not answer"):
            a_file(settings)
        assert len(tried) == 1


def test_an_application_that_stands_still_between_two_files_is_ended(
    monkeypatch: pytest.MonkeyPatch, settings: ClusterSettings, contexts: list[Context]
) -> None:
    """Neither the look whether it stands, nor leaving it, waits for ever."""
    gone = threading.Event()

    def still() -> None:
        gone.wait()
        raise ConnectionError

    monkeypatch.setattr(waiting, "SECONDS_TO_ANSWER", 0.05)
    monkeypatch.setattr(connection, "_end_java", gone.set)
    with one_session():
        a_file(settings)
        monkeypatch.setattr(contexts[0], "stop", still)
        monkeypatch.setattr(contexts[0]._jsc, "sc", still)
        a_file(settings)
        assert gone.is_set()
        assert (len(contexts), contexts[1].stopped) == (2, False)


def test_other_settings_reach_another_cluster(settings: ClusterSettings, contexts: list[Context]) -> None:
    with one_session():
        a_file(settings)
        a_file(settings.model_copy(update={"task_cores": 2}))
        assert [context.stopped for context in contexts] == [True, False]


def test_it_is_left_as_soon_as_all_is_linked_and_a_session_within_another_is_the_outer_one(
    settings: ClusterSettings, contexts: list[Context]
) -> None:
    leave_cluster()
    with one_session():
        with one_session():
            a_file(settings)
        assert [context.stopped for context in contexts] == [False]
        leave_cluster()
        leave_cluster()
        assert [context.stopped for context in contexts] == [True]


def test_a_process_forgets_the_tables_of_a_file_when_another_comes_or_none_for_some_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forgets, idle = list[str](), threading.Event()
    held, now = task.Held(), ["before"]

    def forget() -> None:
        forgets.append(now[0])
        idle.set()

    monkeypatch.setattr(task, "forget_held", forget)
    for nonce in ("first", "first", "second"):
        now[0] = nonce
        with held.of(nonce):
            pass
    assert forgets == ["first", "second"], "when another comes, and not between two slices of one"
    idle.clear()
    monkeypatch.setattr(task, "SECONDS_HELD", 0.01)
    with held.of("second"):
        now[0] = "idle"
    assert idle.wait(60)
    assert forgets == ["first", "second", "idle"]
