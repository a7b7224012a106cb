"""The cluster's settings in config.yaml.

What belongs here: what an operator says of a cluster, and its secret. What must not: what has to be switched on
(protection).
"""

import sys
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from samkorning.errors import HomeRefused

READABLE_BY_OTHERS = 0o077


class ClusterSettings(BaseModel):
    """A standalone cluster of Apache Spark that shares the home's folder, and what one task of it may take."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    master: str = Field(
        pattern=r"^spark://[A-Za-z0-9.-]+:[0-9]{1,5}$", description="Its master, as `spark://host:7077`."
    )
    secret_file: Path = Field(
        description="File with the secret that all its processes authenticate by; its owner alone may read it."
    )
    python: Path = Field(
        default=Path(sys.executable), description="The Python of this version of the program, at each worker."
    )
    rows_a_task: int = Field(default=5_000_000, ge=1, description="Rows that one task links.")
    task_memory_mb: int = Field(
        default=2048, ge=64, description="Memory that a task may take beside the code key, in MiB."
    )
    task_cores: int = Field(default=1, ge=1, description="Cores that a task takes.")
    minutes_a_slice: float = Field(
        default=60.0, gt=0, description="Minutes in which at least one slice must end; else the run is broken off."
    )
    runs: int = Field(default=1, ge=1, description="Runs that use it at a time; others wait in the run queue.")
    properties: dict[str, str] = Field(
        default={}, description="Further properties of Spark, such as `spark.driver.host` and ports for a firewall."
    )

    @property
    def task_memory(self) -> int:
        """The same, in bytes."""
        return self.task_memory_mb * 2**20

    @property
    def patience(self) -> float:
        """Seconds in which at least one slice must end."""
        return self.minutes_a_slice * 60

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of the master."""
        host, _, port = self.master.removeprefix("spark://").rpartition(":")
        return host, int(port)

    def secret(self) -> str:
        """What all processes of the cluster authenticate by.

        :raises HomeRefused: when the file is not there, is empty, or others may read it.
        """
        file = self.secret_file
        if not file.is_file() or file.stat().st_mode & READABLE_BY_OTHERS:
            raise HomeRefused("`cluster.secret_file`: is not there, or others may read it; chmod 600")
        secret = file.read_text(encoding="utf-8").strip()
        if len(secret) < SHORTEST_SECRET:
            raise HomeRefused(f"`cluster.secret_file`: holds fewer than {SHORTEST_SECRET} characters; draw a secret")
        return secret


SHORTEST_SECRET = 32
