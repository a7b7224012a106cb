"""Linking one file with what people use for it instead, on the same rows, in an environment of their own.

``python bench/peers.py [--rows 10000000] [--persons 1000000] [--folder DIR]`` prints a table. The packages of others
are installed into a folder that is removed again; without a network the script says so and ends.

Each reads the same Parquet file of ten text columns, replaces the identity number by a serial number from a table of
persons, and writes Parquet. What each does not do, and the service does:

- **Polars, DuckDB by hand**: no look at numbers that are damaged or written otherwise (2 % of these rows are dropped
  without a reason), no row flow, no encryption, no parts.
- **pandas merge**: the same, and all rows are in memory.
- **Splink, deterministic**: links records of two tables by rules and gives pairs; no serial numbers, no reasons, no
  encryption. It is made for linkage without a common number.
- **personnummer, python-stdnum, row by row**: only say whether a number is valid; a tenth of a million rows is taken.
- **dapla-toolbelt-pseudo**, the client that Statistics Norway's analysts use: sends the column to a service, which is
  played here by a dictionary on loopback, and gets pseudonyms; all else about rows is the analyst's. A tenth of a
  million rows is taken. Its ratio is of the whole call: reading, sending, answering, putting back.
- **Presidio**, for the scan of cells: looks for what is written like a Swedish personnummer and has its check digit,
  one cell at a time; knows no case's own numbers, no other columns, and fewer spellings. Its recogniser is called by
  itself: a language model, which the whole of Presidio loads, finds no more numbers and takes longer.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from datetime import date
from pathlib import Path

import polars as pl
from linkage import linked, prepared
from measuring import Measured, measured_apart, show

from samkorning.delivery.number_scan import LeakScan, OwnNumbers
from samkorning.identity import IdentityRules

PACKAGES = ("polars", "duckdb", "pandas", "pyarrow", "splink", "personnummer", "python-stdnum")
RULES = IdentityRules(reference_date=date(2221, 12, 31), allow_synthetic=True)
ALSO = ("dapla-toolbelt-pseudo", "presidio-analyzer")
READ = "import sys, time, resource, json; home = sys.argv[1]; start = time.perf_counter()\n"
SAY = "\nprint(json.dumps([time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20]))"
SCRIPTS = {
    "Polars by hand": """
import polars as pl
start = time.perf_counter()
rows = pl.scan_parquet(f"{home}/rows.parquet")
key = pl.scan_parquet(f"{home}/key.parquet").select(pl.col("number").cast(pl.String).alias("PNR"), "serial_number")
rows.join(key, on="PNR", how="inner").drop("PNR").sink_parquet(f"{home}/out.parquet", compression="zstd")
""",
    "DuckDB by hand": """
import duckdb
start = time.perf_counter()
duckdb.sql(f\"\"\"COPY (SELECT serial_number, rows.* EXCLUDE PNR FROM '{home}/rows.parquet' AS rows
JOIN '{home}/key.parquet' AS key ON rows.PNR = key.number::VARCHAR) TO '{home}/out.parquet' (COMPRESSION zstd)\"\"\")
""",
    "pandas merge": """
import pandas as pd
start = time.perf_counter()
rows, key = pd.read_parquet(f"{home}/rows.parquet"), pd.read_parquet(f"{home}/key.parquet")
key["PNR"] = key.pop("number").astype("string")
merged = rows.merge(key[["PNR", "serial_number"]], on="PNR", how="inner").drop(columns="PNR")
merged.to_parquet(f"{home}/out.parquet", compression="zstd")
""",
    "Splink, deterministic": """
import duckdb, splink
start = time.perf_counter()
con = duckdb.connect()
rows = con.sql(f"SELECT row_number() OVER () AS unique_id, PNR FROM '{home}/rows.parquet'")
key = con.sql(f"SELECT serial_number AS unique_id, number::VARCHAR AS PNR FROM '{home}/key.parquet'")
con.sql("CREATE TABLE a AS SELECT * FROM rows"); con.sql("CREATE TABLE b AS SELECT * FROM key")
rules = [splink.block_on("PNR")]
settings = splink.SettingsCreator(link_type="link_only", blocking_rules_to_generate_predictions=rules)
api = splink.DuckDBAPI(connection=con)
linker = splink.Linker([api.register("a"), api.register("b")], settings)
linker.inference.deterministic_link().as_duckdbpyrelation().write_parquet(f"{home}/out.parquet")
""",
}
ROW_BY_ROW = {
    "personnummer": "from personnummer.personnummer import valid as check",
    "python-stdnum": "from stdnum.se import personnummer\ncheck = personnummer.is_valid",
}
CHECKED = 100_000
SERVICE = """
import json, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import polars as pl
key = pl.read_parquet(f"{sys.argv[1]}/key.parquet").select(pl.col("number", "serial_number").cast(pl.String))
serial_of = dict(key.iter_rows())
class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        values = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["request"]["values"]
        found = [serial_of.get(value) for value in values]
        body = json.dumps({"data": found, "logs": [], "metrics": [], "datadoc_metadata": {"variables": []}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words): pass
server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
print(server.server_port, flush=True)
server.serve_forever()
"""
CLIENT = f"""
import os
os.environ |= {{"PSEUDO_SERVICE_URL": f"http://127.0.0.1:{{sys.argv[2]}}", "PSEUDO_SERVICE_AUTH_TOKEN": "none"}}
import polars as pl
from dapla_pseudo import Pseudonymize
start = time.perf_counter()
rows = pl.read_parquet(f"{{home}}/rows.parquet", n_rows={CHECKED})
call = Pseudonymize.from_polars(rows).on_fields("PNR").with_default_encryption()
call.run().to_polars().write_parquet(f"{{home}}/out.parquet", compression="zstd")
"""
PRESIDIO = """
from presidio_analyzer.predefined_recognizers import SePersonnummerRecognizer
import polars as pl
cells = pl.read_parquet(f"{home}/cells.parquet")["text"].to_list()
recogniser = SePersonnummerRecognizer()
start = time.perf_counter()
for cell in cells:
    recogniser.analyze(cell, ["SE_PERSONNUMMER"])
"""


def environment(folder: Path, packages: tuple[str, ...]) -> Path | None:
    """A Python with the packages of others; nothing where they cannot be had."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    done = subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], capture_output=True, check=False)
    return python if done.returncode == 0 else None


def timed(python: Path, script: str, home: Path, *more: str) -> Measured | None:
    """Seconds and memory of a script in that environment; nothing where it fails."""
    done = subprocess.run([python, "-c", READ + script + SAY, home, *more], capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip().splitlines()[-1:])
        return None
    return Measured(*json.loads(done.stdout.splitlines()[-1]))


def checked_row_by_row(how: str) -> str:
    return f"""
{how}
import polars as pl
values = pl.read_parquet(f"{{home}}/rows.parquet", columns=["PNR"], n_rows={CHECKED})["PNR"].to_list()
start = time.perf_counter()
for value in values:
    check(value)
"""


def by_a_service(python: Path, home: Path) -> Measured | None:
    """The client against a service on loopback that answers from a dictionary."""
    with subprocess.Popen([python, "-c", SERVICE, home], stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout is not None
        found = timed(python, CLIENT, home, service.stdout.readline().strip())
        service.kill()
    return found


def write_cells(home: Path) -> None:
    """Text as it stands in a free column; in one cell of a hundred a number of the case."""
    place = pl.int_range(CHECKED, dtype=pl.Int64)
    number = (
        pl.read_parquet(home / "key.parquet", n_rows=CHECKED)["number"]
        .cast(pl.String)
        .sample(CHECKED, with_replacement=True, seed=1)
    )
    note = pl.format("Besök {} av 12, kontrollerad 2221-0{}-14, värde {},5", place % 40, place % 9 + 1, place % 977)
    shown = pl.when(place % 100 == 0).then(pl.format("{} se {}", note, pl.lit(number))).otherwise(note)
    pl.select(shown.alias("text")).write_parquet(home / "cells.parquet")


def cells_scanned(home: Path) -> None:
    scan = LeakScan("cells", OwnNumbers(pl.read_parquet(home / "key.parquet")["number"]), RULES)
    scan.look_at(pl.read_parquet(home / "cells.parquet"))
    if not scan.findings():
        raise AssertionError("the numbers of the case are found")


def show_services_and_scans(home: Path, python: Path, ours: Measured, rows: int) -> None:
    """A column pseudonymised by a client of a service, and cells scanned by Presidio, each of the service's time."""
    found = by_a_service(python, home)
    if found is not None:
        show("dapla client, of the service's time per row", found.seconds * rows / CHECKED / ours.seconds, "x")
    write_cells(home)
    scanned = min(measured_apart(cells_scanned, home).seconds for _ in range(2))
    found = timed(python, PRESIDIO, home)
    if found is not None:
        show("Presidio, of the time of the leak scan", found.seconds / scanned, "x")


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--persons", type=int, default=1_000_000)
    options.add_argument("--folder", type=Path)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        home = Path(folder)
        python = environment(home / "peers", PACKAGES)
        if python is None:
            print("the packages of others cannot be installed here")
            return 0
        measured_apart(prepared, home, asked.rows, asked.persons)
        ours = min((measured_apart(linked, home, "polars") for _ in range(2)), key=lambda each: each.seconds)
        show("the service, linked into parts", ours.seconds, "s")
        show("the service, memory", ours.gigabytes, "GB")
        for name, script in SCRIPTS.items():
            found = timed(python, script, home)
            if found is not None:
                show(f"{name}, of the service's time", found.seconds / ours.seconds, "x")
                show(f"{name}, memory", found.gigabytes, "GB")
        for name, how in ROW_BY_ROW.items():
            found = timed(python, checked_row_by_row(how), home)
            if found is not None:
                show(f"{name}, a million rows checked", found.seconds * 10**6 / CHECKED, "s")
        also = environment(home / "also", ALSO)
        if also is not None:
            show_services_and_scans(home, also, ours, asked.rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
