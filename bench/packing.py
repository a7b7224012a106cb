"""Packing a delivery against the tools that anybody would seal it with, side by side: age and 7-Zip.

``python bench/packing.py [--megabytes 1000] [--folder DIR]`` prints a table and ends with 1 if a limit is broken. Every
measurement is taken in a process of its own, the tool's and ours in turn, and the quickest of three counts. What is
packed is one data file; ours has the documents, hashes and signatures beside it, and waits for the disk, which the
tools do not. All of it lies in memory, where the system has a folder for that: a disk in between makes the ratio its
own.

- Sealed for an age key: at most 1.3 x the age tool.
- Locked in 7z: at most 1.3 x 7-Zip, without compressing, with AES-256 and hidden names as ours.
- Peak memory: at most 0.5 GB.
"""

import argparse
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from delivery import description
from measuring import measured_apart, quickest, report

from samkorning.delivery import DeliveredFile, DeliveredVariable, seal_package
from samkorning.delivery.rendering import Form, RenderedFacts
from samkorning.encryption import age
from samkorning.encryption.seven_zip_aes import new_passphrase

ROUNDS, SEED, MEBIBYTE = 3, bytes(range(32)), 1 << 20
NAME, ROW = "ut_r_lisa_36759_2021", b"%09d;0114;C509;2219-05-04;1.5;;;a text of some length\r\n"


def write_data(path: Path, megabytes: int) -> None:
    """A CSV file of about this size."""
    block = b"".join(ROW % number for number in range(100_000_000, 100_000_000 + 20_000))
    with path.open("wb") as file:
        file.write(b"LopNr;a;b;c;d;e;f;g\r\n")
        for _ in range(megabytes * 10**6 // len(block) or 1):
            file.write(block)


def with_age(data: Path, recipient: str) -> None:
    sealed = data.with_suffix(".age")
    subprocess.run(["age", "-r", recipient, "-o", str(sealed), str(data)], check=True)
    sealed.unlink()


def with_seven_zip(data: Path, tool: str, passphrase: str) -> None:
    """The passphrase on a command line is a thing to measure against, and no way to do it."""
    sealed = data.with_suffix(".7z")
    command = [tool, "a", "-mx0", "-mhe=on", f"-p{passphrase}", str(sealed), str(data)]
    subprocess.run(command, check=True, capture_output=True)
    sealed.unlink()


def packed(data: Path, facts: RenderedFacts, recipient: str, passphrase: str | None) -> None:
    """The service's own way, from a rendered file to the sealed one with its receipt."""
    variables = tuple(DeliveredVariable(name, name, name, "text", 9) for name in facts.columns)
    file = DeliveredFile(NAME, facts, partial(_chunks, data), variables)
    with tempfile.TemporaryDirectory(dir=data.parent) as folder:
        seal_package(description(file), Path(folder), recipient, SEED, passphrase)


def _chunks(path: Path, format_name: str = "csv") -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(MEBIBYTE), b"")


def _facts(path: Path) -> RenderedFacts:
    digest, rows = hashlib.sha256(), -1
    for chunk in _chunks(path):
        digest.update(chunk)
        rows += chunk.count(b"\n")
    form = Form(format="csv", ending=".csv", bytes=path.stat().st_size, sha256=digest.hexdigest())
    return RenderedFacts(columns=("LopNr", *"abcdefg"), rows=rows, forms=(form,))


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--megabytes", type=int, default=1000)
    options.add_argument("--folder", type=Path)
    asked = options.parse_args()
    tool = shutil.which("7zz") or shutil.which("7z")
    if tool is None or shutil.which("age") is None:
        sys.exit("age and 7zip are needed: make services")
    recipient, passphrase = age.create_identity().recipient, new_passphrase()
    in_memory = Path("/dev/shm")  # noqa: S108 - a folder of made-up rows
    where = asked.folder or (in_memory if in_memory.is_dir() else None)
    with tempfile.TemporaryDirectory(dir=where) as folder:
        data = Path(folder) / "data.csv"
        write_data(data, asked.megabytes)
        facts = _facts(data)
        plain_age, ours_age, plain_7z, ours_7z = [], [], [], []
        for _ in range(ROUNDS):
            plain_age.append(measured_apart(with_age, data, recipient))
            ours_age.append(measured_apart(packed, data, facts, recipient, None))
            plain_7z.append(measured_apart(with_seven_zip, data, tool, passphrase))
            ours_7z.append(measured_apart(packed, data, facts, "7z: Ada, Universitet", passphrase))
    print(f"age {quickest(plain_age):.2f} s, ours {quickest(ours_age):.2f} s")
    print(f"7-Zip {quickest(plain_7z):.2f} s, ours {quickest(ours_7z):.2f} s")
    with_age_key, locked = quickest(ours_age) / quickest(plain_age), quickest(ours_7z) / quickest(plain_7z)
    memory = max(each.gigabytes for each in (*ours_age, *ours_7z))
    size = f"{asked.megabytes} MB"
    holds = [
        report(f"sealed for an age key ({size})", with_age_key, 1.3, "x age", with_age_key <= 1.3),
        report(f"locked in 7z ({size})", locked, 1.3, "x 7-Zip", locked <= 1.3),
        report(f"peak memory of packing ({size})", memory, 0.5, "GB", memory <= 0.5),
    ]
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(main())
