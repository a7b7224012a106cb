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
"""

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from linkage import linked, prepared
from measuring import Measured, measured_apart, tell

PACKAGES = ("polars", "duckdb", "pandas", "pyarrow", "splink", "personnummer", "python-stdnum")
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


def environment(folder: Path) -> Path | None:
    """A Python with the packages of others; nothing where they cannot be had."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    done = subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], capture_output=True, check=False)
    return python if done.returncode == 0 else None


def timed(python: Path, script: str, home: Path) -> Measured | None:
    """Seconds and memory of a script in that environment; nothing where it fails."""
    done = subprocess.run([python, "-c", READ + script + SAY, home], capture_output=True, text=True, check=False)
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


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--persons", type=int, default=1_000_000)
    options.add_argument("--folder", type=Path)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        home = Path(folder)
        python = environment(home / "peers")
        if python is None:
            print("the packages of others cannot be installed here")
            return 0
        measured_apart(prepared, home, asked.rows, asked.persons)
        ours = min((measured_apart(linked, home, "polars") for _ in range(2)), key=lambda each: each.seconds)
        tell("the service, linked into parts", ours.seconds, "s")
        tell("the service, memory", ours.gigabytes, "GB")
        for name, script in SCRIPTS.items():
            found = timed(python, script, home)
            if found is not None:
                tell(f"{name}, of the service's time", found.seconds / ours.seconds, "x")
                tell(f"{name}, memory", found.gigabytes, "GB")
        for name, how in ROW_BY_ROW.items():
            found = timed(python, checked_row_by_row(how), home)
            if found is not None:
                tell(f"{name}, a million rows checked", found.seconds * 10**6 / CHECKED, "s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
