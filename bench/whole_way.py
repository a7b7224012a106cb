"""One file from its holder to a sealed delivery, as the program does it, against a hand-written script.

``python bench/whole_way.py [--rows 5000000] [--persons 500000] [--rounds 2] [--folder DIR]`` prints a table and ends
with 1 if a limit is broken. `receive` of the file and `deliver` are whole processes, with their start and Dagster's; a
home and case of its own for each round, and the quickest round counts.

The script reads the same CSV with Polars, draws serial numbers, joins, sorts, writes CSV, hashes it and has the age
tool seal it. It looks at no identity number, keeps no code key, encrypts nothing on the way, scans nothing and
remembers nothing.

- `receive` and `deliver` together: at most 2.5 x the script.
- Peak memory of either: at most 1.5 GB.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import polars as pl
from measuring import Measured, as_installed, measured_apart, quickest, report

from samkorning.encryption import age

VALUES = [f"V{place}" for place in range(8)]
ORDER = """\
title: Benchmark
synthetic: true
purpose: research
research_principal:
  name: Synthetic University
  authority: true
  representative: {{name: Rektor Exempel, email: rektor@university.example}}
contact: {{name: Kontakt Exempel, email: kontakt@university.example}}
recipient: {{name: Mottagare Exempel, organisation: Synthetic University, age_recipient: {recipient}}}
ethics: {{application: 2221-00001-01, decided: 2220-11-15, consent: not_needed_by_ethics_decision}}
specification:
  reference_date: 2221-12-31
  engine: {engine}
  approximate_price_sek: 1
  population:
    holder: Synthetic University
    column: PNR
    file: {{format: delimited, separator: ";", columns: [{{name: PNR, label: Identity number}}]}}
  sources:
{sources}
  own_registers: []
"""
SOURCE = """\
    - name: {name}
      source_class: scb
      holder: SCB
      identifiers: [{{column: PNR, serial_name: LopNr}}]
      file:
        format: delimited
        separator: ";"
        columns:
          - {{name: PNR, label: Identity number}}
{columns}"""


def write_order(home: Path, recipient: str, engine: str, names: Sequence[str]) -> None:
    """An order of these sources, all with the same columns."""
    columns = "\n".join(f"          - {{name: {name}, label: Value}}" for name in VALUES)
    sources = "\n".join(SOURCE.format(name=name, columns=columns) for name in names)
    (home / "order.yaml").write_text(ORDER.format(recipient=recipient, engine=engine, sources=sources))


def write_files(home: Path, rows: int, persons: int, batch: int = 1_000_000) -> None:
    """The population and a holder's file."""
    who = _numbers(persons)
    who.to_frame().write_csv(home / "population.csv", separator=";")
    with (home / "lisa.csv").open("wb") as stream:
        for number, first in enumerate(range(0, rows, batch)):
            height = min(batch, rows - first)
            place = pl.int_range(height, dtype=pl.Int64)
            drawn = who.sample(height, with_replacement=True, seed=number)
            values = (
                ((place * (31 + 2 * n) + first) % 10 ** (1 + n % 5)).cast(pl.String).alias(name)
                for n, name in enumerate(VALUES)
            )
            frame = pl.select(pl.lit(drawn).alias("PNR"), *values)
            frame.write_csv(stream, separator=";", include_header=first == 0)


def _numbers(persons: int) -> pl.Series:
    """Valid numbers of persons born from 2120 on: date, birth number from 1, check digit."""
    place = pl.int_range(persons, eager=True, dtype=pl.Int64)
    day = pl.select(pl.date(2120, 1, 1) + pl.duration(days=place // 900)).to_series().dt.strftime("%Y%m%d")
    nine = day.str.slice(2).cast(pl.Int64) * 1000 + place % 900 + 1
    total = pl.zeros(persons, dtype=pl.Int64, eager=True)
    for position in range(9):
        digit = nine // 10 ** (8 - position) % 10 * (2 - position % 2)
        total = total + digit // 10 + digit % 10
    return (day + (place % 900 + 1).cast(pl.String).str.zfill(3) + ((10 - total % 10) % 10).cast(pl.String)).alias(
        "PNR"
    )


def run(home: Path, *arguments: str) -> str:
    """One command of the program, as a process of its own."""
    command = [sys.executable, "-m", "cli", "--home", str(home / "home"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=as_installed())
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments[:2])}: {done.stderr}")
    return done.stdout


def opened(home: Path) -> str:
    """A case whose population is there and whose first delivery is released."""
    case = str(json.loads(run(home, "case", "open", str(home / "order.yaml"), "--as", "Erik", "--json"))["case"])
    acts = ["approve --as Olle", "decide --role case_officer --as Olle", "decide --role manager --as Mia"]
    acts += ["decide --role lawyer --as Lisa", "release --holder SCB --as Olle", "review --as Rut"]
    for verb, *rest in map(str.split, [*acts, "release --standing --as Olle"]):
        run(home, "case", verb, case, *rest)
    run(home, "receive", case, "population", str(home / "population.csv"), "--as", "Erik")
    return case


def by_hand(home: Path, recipient: str) -> None:
    """The script, as a colleague would write it."""
    persons = pl.scan_csv(home / "population.csv", separator=";", infer_schema=False).unique().collect()
    serials = (100_000_000 + pl.int_range(persons.height, eager=True)).sample(fraction=1.0, shuffle=True)
    key = persons.with_columns(serials.alias("LopNr")).lazy()
    rows = pl.scan_csv(home / "lisa.csv", separator=";", infer_schema=False).join(key, on="PNR", how="inner")
    columns = ["LopNr", *VALUES]
    rows.select(columns).sort(columns).collect(engine="streaming").write_csv(home / "hand.csv", separator=";")
    with (home / "hand.csv").open("rb") as stream:
        hashlib.file_digest(stream, "sha256")
    subprocess.run(["age", "-r", recipient, "-o", str(home / "hand.age"), str(home / "hand.csv")], check=True)
    for name in ("hand.csv", "hand.age"):
        (home / name).unlink()


def one_round(folder: Path, rows: int, persons: int, engine: str) -> tuple[Measured, Measured, Measured]:
    """The script, `receive` and `deliver`, each timed in a process of its own."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        home = Path(name)
        recipient = age.create_identity().recipient
        write_order(home, recipient, engine, ["lisa"])
        measured_apart(write_files, home, rows, persons)
        case = opened(home)
        script = measured_apart(by_hand, home, recipient)
        received = measured_apart(run, home, "receive", case, "lisa", str(home / "lisa.csv"), "--as", "Erik")
        delivered = measured_apart(run, home, "deliver", case)
        return script, received, delivered


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=5_000_000)
    options.add_argument("--persons", type=int, default=500_000)
    options.add_argument("--engine", default="polars")
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    asked = options.parse_args()
    rounds = [one_round(asked.folder, asked.rows, asked.persons, asked.engine) for _ in range(asked.rounds)]
    script, received, delivered = (list(each) for each in zip(*rounds, strict=True))
    print(f"script {quickest(script):.2f} s, {max(each.gigabytes for each in script):.2f} GB")
    print(f"receive {quickest(received):.2f} s, deliver {quickest(delivered):.2f} s")
    times = (quickest(received) + quickest(delivered)) / quickest(script)
    memory = max(each.gigabytes for each in [*received, *delivered])
    name = f"{asked.engine}, {asked.rows / 10**6:g} M rows"
    holds = [
        report(f"receive and deliver ({name})", times, 2.5, "x script", times <= 2.5),
        report("peak memory", memory, 1.5, "GB", memory <= 1.5),
    ]
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(main())
