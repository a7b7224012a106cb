"""A standalone Spark cluster on loopback that a test starts and stops itself: a master and two workers.

What belongs here: its processes, and what it is reached by. What must not: expectations. It needs the extra ``spark``
and the Debian package openjdk-17-jre-headless.
"""

import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from unittest.mock import patch
from urllib.request import urlopen

import pytest

from resources.cluster.installed import require_installed
from resources.cluster.protection import SWITCHES
from resources.cluster.settings import ClusterSettings
from samkorning.errors import HomeRefused
from tests.patience import PATIENCE

LOOPBACK = "127.0.0.1"
QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
"""Its start is what takes the time: nothing is compiled for long runs, and Spark's own classes are believed."""
STARTED_QUICKLY = {"SPARK_SUBMIT_OPTS": QUICK_JAVA, "SPARK_LAUNCHER_OPTS": QUICK_JAVA}
"""The same for the Java process of the side that links, and for what starts each."""
AS_IT_MUST_BE = {name: value for name, (value, _) in SWITCHES.items()}
MASTER, WORKER = "org.apache.spark.deploy.master.Master", "org.apache.spark.deploy.worker.Worker"
SECONDS_TO_END = 30


def skip_where_it_is_not_installed() -> None:
    """Skips with the sentence that says what to install."""
    try:
        require_installed()
    except HomeRefused as missing:
        pytest.skip(str(missing))


@dataclass
class StandaloneCluster:
    """The processes of one cluster, below one folder."""

    folder: Path
    properties: Mapping[str, str] = field(default_factory=lambda: AS_IT_MUST_BE)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _workers: int = 0

    @cached_property
    def secret(self) -> str:
        return secrets.token_hex(32)

    @cached_property
    def master(self) -> str:
        """The master, started."""
        self.folder.mkdir(exist_ok=True)
        given = {**self.properties, "spark.master.rest.enabled": "false"}  # a port that all clusters would share
        (self.folder / "cluster.properties").write_text("".join(f"{k} {v}\n" for k, v in given.items()))
        return self._started_master("0")

    def _started_master(self, port: str) -> str:
        self._start("master", MASTER, "--host", LOOPBACK, "--port", port, "--webui-port", "0")
        return self._said("master", r"(spark://\S+:[0-9]+)")

    def kill_master(self) -> None:
        """Kills the master, as when its machine falls over."""
        self._kill("master")

    def start_master_again(self) -> None:
        """A master where the killed one was; workers find it by themselves within some seconds."""
        workers = len([name for name in self.processes if name != "master"])
        assert self._started_master(self.master.rpartition(":")[2]) == self.master
        until = time.monotonic() + PATIENCE
        while (self.folder / "master.log").read_text(errors="replace").count("Registering worker") < workers:
            assert time.monotonic() < until, "the workers did not find the master"
            time.sleep(0.1)

    def start_worker(self, name: str, memory: str = "700m", disk: Path | None = None) -> None:
        """A worker with one core, at a host of its own: Spark does no slice twice on one host. Its folders lie on a
        disk, where one is given."""
        self._workers += 1
        host, disk = f"127.0.0.{1 + self._workers}", disk or self.folder
        where = ("--host", host, "--webui-port", "0", "-d", str(disk / name))
        self._start(name, WORKER, *where, "-c", "1", "-m", memory, self.master, host=host, local=disk / "local")

    def wait_for(self, name: str) -> None:
        """Waits until the master knows a worker."""
        self._said(name, "(Successfully registered with master)")

    def kill_worker(self, name: str) -> None:
        """Kills a worker and the processes that it has started, as when its machine falls over."""
        self._kill(name)

    def kill_who_works(self) -> str:
        """Kills the first worker that does a slice, once one does, and starts another in its place; the killed one."""
        waited(lambda: any(map(self.worker_of, self.tasks())))
        [name, *_] = filter(None, map(self.worker_of, self.tasks()))
        self.kill_worker(name)
        self.start_another()
        return name

    def start_another(self) -> None:
        """A worker more."""
        self.start_worker(f"worker{self._workers + 1}")

    def worker_of(self, process: int) -> str | None:
        """The worker that a process descends from; none where it has ended."""
        workers = {each.pid: name for name, each in self.processes.items()}
        while process and process not in workers:
            process = _parent(process)
        return workers.get(process)

    def applications(self) -> int:
        """How many runs have registered with the master that is there."""
        return (self.folder / "master.log").read_text(errors="replace").count("Registered app ")

    def executors(self) -> list[int]:
        """The processes that the workers have started."""
        workers = [each.pid for name, each in self.processes.items() if name != "master"]
        return [process for worker in workers for process in _below(worker) if command_line(process)]

    def all_processes(self) -> list[int]:
        """Master, workers, and what these have started."""
        return [*(each.pid for each in self.processes.values()), *self.executors()]

    @staticmethod
    def below(process: int) -> list[int]:
        """All processes that descend from one."""
        return _below(process)

    def tasks(self) -> list[int]:
        """The processes of Python that do slices: children of one that is of the same program."""
        of_python = [process for process in self.executors() if b"pyspark.daemon" in command_line(process)]
        return [process for process in of_python if _parent(process) in of_python]

    def _kill(self, name: str) -> None:
        parent = self.processes.pop(name)
        for process in [*_below(parent.pid), parent.pid]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        parent.wait()

    def settings(self, **others: object) -> ClusterSettings:
        """What config.yaml would say of it."""
        file = self.folder / "secret"
        if not file.exists():
            file.touch(0o600)
            file.write_text(self.secret)
        properties = {
            "spark.driver.host": LOOPBACK,
            "spark.driver.bindAddress": LOOPBACK,
            "spark.local.dir": str(self.folder / "local of the driver"),
            "spark.executor.extraJavaOptions": QUICK_JAVA,
        }
        given = {"master": self.master, "secret_file": file, "python": Path(sys.executable), "properties": properties}
        return ClusterSettings.model_validate(given | others)

    def pages(self) -> list[bytes]:
        """What the pages of master and workers answer, and the pages that these lead to."""
        found = []
        for name in list(self.processes):
            host = self._said(name, r"Bound (?:Master|Worker)WebUI to ([0-9.]+),")
            port = self._said(name, r"Bound (?:Master|Worker)WebUI.*:([0-9]+)")
            start = f"http://{host}:{port}"
            first = _answer(start)
            links = {link for link in re.findall(rb'href="(/[^"]*)"', first) if b"static" not in link}
            found += [first, _answer(f"{start}/json/"), *(_answer(start + link.decode()) for link in sorted(links))]
        return found

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for name in list(self.processes):
            try:
                self.processes[name].wait(SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                self._kill(name)

    def _start(self, name: str, *command: str, host: str = LOOPBACK, local: Path | None = None) -> None:
        import pyspark

        spark = Path(pyspark.__file__).parent
        environment = {
            **os.environ,
            **STARTED_QUICKLY,
            "SPARK_HOME": str(spark),
            "SPARK_LOCAL_IP": host,
            "SPARK_LOCAL_DIRS": str(local or self.folder / "local"),
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_DAEMON_JAVA_OPTS": QUICK_JAVA,
            "_SPARK_AUTH_SECRET": self.secret,
        }
        program = [str(spark / "bin" / "spark-class"), *command[:1]]
        given = ["--properties-file", str(self.folder / "cluster.properties"), *command[1:]]
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [*program, *given], env=environment, stdout=log, stderr=log, cwd=self.folder
            )

    def _said(self, name: str, pattern: str) -> str:
        """What a process has written into its log, once it has."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if found := re.search(pattern, (self.folder / f"{name}.log").read_text(errors="replace")):
                return found[1]
            assert self.processes[name].poll() is None, f"the {name} ended"
            time.sleep(0.05)
        raise AssertionError(f"the {name} did not come up")


def waited(condition: Callable[[], bool]) -> None:
    """Waits until it is so."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "it did not come so far"
        time.sleep(0.02)


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """Does something beside the block; it has been done when the block ends."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as error:
            failed.append(error)

    beside = threading.Thread(target=run)
    beside.start()
    yield
    beside.join(PATIENCE)
    assert not failed and not beside.is_alive(), failed


@contextmanager
def a_cluster(
    folder: Path, workers: int = 2, properties: Mapping[str, str] = AS_IT_MUST_BE, memory: str = "700m"
) -> Iterator[StandaloneCluster]:
    """A cluster with these properties; skips where it cannot be."""
    skip_where_it_is_not_installed()
    cluster = StandaloneCluster(folder, properties)
    with patch.dict(os.environ, STARTED_QUICKLY):
        try:
            assert cluster.master
            names = [f"worker{number}" for number in range(1, workers + 1)]
            for name in names:
                cluster.start_worker(name, memory)
            for name in names:
                cluster.wait_for(name)
            yield cluster
        finally:
            cluster.stop()


def _answer(address: str) -> bytes:
    with urlopen(address, timeout=PATIENCE) as answer:
        return bytes(answer.read())


def _parent(process: int) -> int:
    with suppress(OSError):  # it ended meanwhile
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def command_line(process: int) -> bytes:
    """What a process was started with; nothing where it has ended."""
    with suppress(OSError):  # it ended meanwhile
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def _below(process: int) -> list[int]:
    """All processes that descend from one, the youngest first."""
    listed: list[str] = []
    for children in Path("/proc").glob(f"{process}/task/*/children"):  # a child is listed at the thread that started it
        with suppress(OSError):  # it ended meanwhile
            listed += children.read_text().split()
    return [each for child in map(int, listed) for each in (*_below(child), child)]
