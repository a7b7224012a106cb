"""Reaching the cluster, that it is protected and still stands, leaving it, and slices done there.

What belongs here: the side of the driver. What must not: what a worker does (task), or what is done with the result.

Rows do not go through Spark: a task opens encrypted files of the vault itself and writes others, and what it is sent
are wrapped encryption keys, names of files and the specification of a source. What Spark gives is which process does
which slice, again elsewhere when one is lost.
"""

import os
import signal
import subprocess
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from resources.cluster.followers import Figures, follower
from resources.cluster.installed import require_installed
from resources.cluster.protection import protected, require_protected
from resources.cluster.session import Reached, one_session
from resources.cluster.settings import ClusterSettings
from resources.cluster.task import Answer, Refused, Run, Task, program_of_tasks
from resources.cluster.waiting import DRIVER_AND_A_WORKER, NOTHING_KEPT, Waiting, answered
from samkorning.encryption.primitives import new_token
from samkorning.errors import GuardedFailure, HomeRefused
from samkorning.linkage.slices import Done, Slice, Sliced
from samkorning.machine import allocator
from samkorning.machine.progress import Advance
from samkorning.vault.hygiene import NO_SPILL

NAME = "samkorning"
DRIVER_MEMORY = "1g"
OWN_PROPERTIES = {
    "spark.app.name": NAME,
    "spark.executor.memory": "512m",  # of its Java process; tasks hold rows in Python
    "spark.speculation": "true",  # a slice that takes far longer than others is done elsewhere as well, counted once
    "spark.speculation.multiplier": "3",
    "spark.speculation.quantile": "0.75",
    "spark.speculation.minTaskRuntime": "60s",
    "spark.excludeOnFailure.enabled": "true",  # else a worker whose disk is full is given one slice after another
}
QUICK = {
    "spark.rpc.numRetries": "1",
    "spark.rpc.io.maxRetries": "0",
    "spark.rpc.lookupTimeout": "30s",
    "spark.network.timeout": "60s",
}


class Cluster:
    """A cluster for one file: what is sent for it opens for this file's slices alone."""

    def __init__(self, reached: Reached, settings: ClusterSettings) -> None:
        self._reached, self._settings = reached, settings
        self._run = Run(str(reached.context.applicationId), new_token(), program_of_tasks())

    def done(self, work: Sliced, slices: Sequence[Slice], advance: Advance) -> list[Done]:
        """What came of each slice, in their order.

        :raises GuardedFailure: when a slice could not be done; nothing of it counts.
        """
        begun = time.monotonic()
        answers = self._answers(work, slices, advance)
        refused = sorted({answer.result.why for answer in answers if isinstance(answer.result, Refused)})
        if refused:
            raise GuardedFailure(f"the cluster could not link: {'; '.join(refused)}; {NOTHING_KEPT}")
        follower().took(self._figures(answers, time.monotonic() - begun))
        return [answer.result for answer in answers if isinstance(answer.result, Done)]

    def _answers(self, work: Sliced, slices: Sequence[Slice], advance: Advance) -> list[Answer]:
        secret = self._settings.secret()
        task = Task(self._run, self._run.sealed(secret, work))
        sealed = [self._run.sealed(secret, each) for each in slices]
        rows, shown = sum(each.rows for each in slices), 0

        def came(done: int) -> None:
            nonlocal shown
            advance(done - shown)
            shown = done
            follower().came(done, rows)

        context = self._reached.context
        waiting = Waiting(context, len(slices), rows, self._settings.patience, came, _end_java)
        return waiting.answers(lambda: context.parallelize(sealed, len(sealed)).map(task).collect())

    def _figures(self, answers: Sequence[Answer], seconds: float) -> Figures:
        """Spark counts attempts from its first job on."""
        reached = self._reached
        before, reached.attempts = reached.attempts, max(answer.attempt for answer in answers) + 1
        files = [file for answer in answers if isinstance(answer.result, Done) for file in answer.result.files]
        workers = len({answer.worker for answer in answers})
        return Figures(len(answers), workers, reached.attempts - before, seconds, sum(file.size for file in files))


@contextmanager
def open_cluster(settings: ClusterSettings) -> Iterator[Cluster]:
    """The cluster of the settings, reached and protected, for one file: that of the session that is now, or one for the
    block alone. A block that fails leaves it.

    :raises HomeRefused: when something is not installed, a protection is off, or the cluster cannot be reached so.
    """
    with one_session() as session, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of libraries that are newer than Spark's own
        with session.for_a_file(settings, _reached, _stands) as reached:
            yield Cluster(reached, settings)


@contextmanager
def _reached(settings: ClusterSettings) -> Iterator[Reached]:
    """The cluster, reached and protected, when it is this run's turn; left when the block ends."""
    properties = {**OWN_PROPERTIES, **_of_tasks(settings), **protected(settings.properties)}
    secret = settings.secret()
    require_installed()
    with follower().turn():
        configured = _configured(settings, {**properties, "spark.authenticate.secret": secret})
        _require_answer(settings, configured)
        with _own_signals():
            context = _context(configured)
        try:
            require_protected(dict(context.getConf().getAll()))
            yield Reached(context)
        finally:
            _leave(context)


def _stands(context: Any) -> bool:
    """Whether an application that has been idle can be used for another file: Spark's own process answers, has not
    ended it, and a worker takes part."""

    def looked() -> bool:
        spark = context._jsc.sc()
        return not spark.isStopped() and spark.getExecutorMemoryStatus().size() >= DRIVER_AND_A_WORKER

    return bool(answered(looked))


def _end_java() -> None:
    """End Spark's own process here; the next run starts another."""
    from pyspark import SparkContext

    process = SparkContext._gateway.proc
    process.kill()
    process.wait()
    SparkContext._active_spark_context = None


def _leave(context: Any) -> None:
    """Leave the cluster. Spark's own process may have been killed, or stand still: then it is ended."""

    def left() -> bool:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            context.stop()
        return True

    if not answered(left):
        _end_java()


def _of_tasks(settings: ClusterSettings) -> dict[str, str]:
    cores = settings.task_cores
    environment = {**NO_SPILL, "POLARS_MAX_THREADS": str(cores), allocator.SET_BY: allocator.told(cores)}
    return {
        "spark.master": settings.master,
        "spark.task.cpus": str(settings.task_cores),
        "spark.pyspark.python": str(settings.python),
        "spark.pyspark.driver.python": str(settings.python),
        **{f"spark.executorEnv.{name}": value for name, value in environment.items()},
    }


def _configured(settings: ClusterSettings, properties: dict[str, str]) -> Any:
    """Spark's configuration, set in the memory of its Java process: on a command line others would read the secret."""
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway

    os.environ["PYSPARK_PYTHON"] = str(settings.python)
    if SparkContext._gateway is not None and SparkContext._gateway.proc.poll() is not None:
        SparkContext._gateway = SparkContext._jvm = None  # its Java process was killed
    if SparkContext._gateway is None:
        os.environ.setdefault("SPARK_DRIVER_MEMORY", DRIVER_MEMORY)
        host = settings.properties.get("spark.driver.host")
        if host:
            os.environ.setdefault("SPARK_LOCAL_IP", host)
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        failure = ""
        try:
            SparkContext._ensure_initialized(gateway=launch_gateway(None, silent))
        except Exception as error:
            failure = type(error).__name__
        if failure:
            raise HomeRefused(f"Java does not start for the engine spark ({failure}); it needs Java 17")
    configured = SparkConf(loadDefaults=False)
    for name, value in properties.items():
        configured.set(name, value)
    return configured


def _require_answer(settings: ClusterSettings, configured: Any) -> None:
    """Refuses a master that does not answer a caller who authenticates, encrypts and does nothing else."""
    from pyspark import SparkConf, SparkContext

    spark = SparkContext._jvm.org.apache.spark
    asking = SparkConf(loadDefaults=False)
    for name, value in {**dict(configured.getAll()), **QUICK}.items():
        asking.set(name, value)
    defaults = (getattr(spark.SecurityManager, f"$lessinit$greater$default${place}")() for place in (2, 3))
    security = spark.SecurityManager(asking._jconf, *defaults)
    here = settings.properties.get("spark.driver.host", "localhost")
    caller = spark.rpc.RpcEnv.create("asking", here, 0, asking._jconf, security, True)
    host, port = settings.address

    def asked() -> bool:
        try:
            caller.setupEndpointRef(spark.rpc.RpcAddress(host, port), "Master")
        finally:
            caller.shutdown()
        return True

    if not answered(asked):
        raise HomeRefused(
            f"the cluster at {settings.master} does not answer, or not with authentication and encryption as they "
            "must be, or it has another secret; docs/scale.md says what its processes are started with; "
            "nothing was sent to it"
        )


def _context(configured: Any) -> Any:
    from pyspark import SparkContext

    failure = ""
    try:
        context = SparkContext(conf=configured)
        context.setLogLevel("ERROR")
        return context
    except Exception as error:
        failure = type(error).__name__
    raise HomeRefused(f"the cluster took no run ({failure}); see that its workers are there, and run it again")


@contextmanager
def _own_signals() -> Iterator[None]:
    """What an interruption does is as before when the block ends: Spark would take it for itself."""
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, before)
