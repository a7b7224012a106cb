"""A PostgreSQL server that a test starts and stops itself (Debian package postgresql).

What belongs here: the server and its connection string. What must not: tables or expectations.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

OWNER = "postgres"
"""Who the Debian package lets run a server; root may not."""


def programs() -> Path:
    """The folder of the newest server's programs; skips where there is none."""
    pytest.importorskip("adbc_driver_postgresql", reason="the package adbc-driver-postgresql is not installed")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("the Debian package postgresql is not installed")
    return found[-1].parent


@contextmanager
def a_server() -> Iterator[str]:
    """A fresh server that listens on a socket in a folder of its own; its connection string."""
    bin_folder, folder = programs(), Path(tempfile.mkdtemp(prefix="pg-"))
    as_owner: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER, OWNER)
        as_owner = ["runuser", "-u", OWNER, "--"]
    data = folder / "data"
    control = [*as_owner, str(bin_folder / "pg_ctl"), "-D", str(data), "-w", "-s"]
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    initialise = [
        *as_owner,
        str(bin_folder / "initdb"),
        "-D",
        str(data),
        "-U",
        OWNER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "-N",
    ]
    try:
        subprocess.run(initialise, check=True, capture_output=True, cwd=folder)
        start = [*control, "-l", str(folder / "log"), "-o", options, "start"]
        subprocess.run(start, check=True, capture_output=True, cwd=folder)
        try:
            yield f"host={folder} user={OWNER} dbname=postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def fresh_database(server: str, folder: Path) -> Path:
    """A new database of a server, and the file with its connection string that settings name."""
    import psycopg2

    name = f"d{secrets.token_hex(6)}"
    connection = psycopg2.connect(server)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    file = folder / f"{name}.dsn"
    file.write_text(server.replace("dbname=postgres", f"dbname={name}"))
    file.chmod(0o600)
    return file
