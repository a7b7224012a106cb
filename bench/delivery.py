"""From linked parts to a sealed delivery against the limit: the same rows written as CSV, and sealed by the age tool.

``python bench/delivery.py [--rows 10000000] [--persons 1000000] [--folder DIR]`` prints a table and ends with 1 if a
limit is broken. Every measurement is taken in a process of its own, plain and ours in turn, and the quickest of three
counts. The file has a serial number, eight columns of short text and a date.

- Ordered, scanned, counted, rendered into the vault, and sealed: at most 2.0 x plain CSV and the tool alone.
- The leak scan alone: at most 1.0 x writing the same cells as CSV.
- Peak memory: at most 2 GB.
"""

import argparse
import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl
from linkage import CASE, MEMORY, SOURCE, VALUES, persons, store_in
from measuring import measured_apart, quickest, report

from samkorning.delivery import (
    DeliveredFile,
    DeliveredVariable,
    DeliveryDescription,
    DeliveryKind,
    Recipient,
    SerialNumberFacts,
    seal_package,
)
from samkorning.delivery.formats import Table
from samkorning.delivery.number_scan import LeakScan, OwnNumbers
from samkorning.delivery.provenance import Approvals, CodeKeyFacts, Provenance
from samkorning.delivery.rendering import (
    NumbersFound,
    Persons,
    RenderedFacts,
    Rendering,
    SerialNumbers,
    SpreadsheetValues,
    UnitContents,
    VariableCounts,
)
from samkorning.delivery.rendering.stored import read_rendered, write_rendered
from samkorning.encryption import age
from samkorning.identity import IdentityRules
from samkorning.linkage import bearable_rows, bounds_for, in_order, linked_columns
from samkorning.linkage.kernel import write_in_parts
from samkorning.vault.hygiene import protect_process

ROUNDS, NAME, SEED = 3, "ut_r_lisa_36759_2021", bytes(range(32))
COLUMNS = linked_columns(SOURCE)
PROVENANCE = Provenance(
    *("0" * 64,) * 3, "requirements.lock", CodeKeyFacts("0" * 64, "0" * 64, 1, 1), Approvals(None, None, None, None)
)
RULES = IdentityRules(reference_date=date(2221, 12, 31), allow_synthetic=True)


def write_linked(home: Path, rows: int, count: int, batch: int = 2_000_000) -> None:
    """The same rows as plain Parquet and as linked parts in the vault."""
    key = persons(count)
    key.write_parquet(home / "key.parquet")
    (home / "batches").mkdir()
    for number, first in enumerate(range(0, rows, batch)):
        height = min(batch, rows - first)
        place = pl.int_range(height, dtype=pl.Int64)
        who = key["serial_number"].sample(height, with_replacement=True, seed=number)
        frame = pl.select(
            pl.lit(who).alias("LopNr"),
            *(
                ((place * (31 + 2 * n) + first) % 10 ** (1 + n % 5)).cast(pl.String).alias(name)
                for n, name in enumerate(VALUES)
            ),
            ((place * 17 + first) % 20_000).cast(pl.Int32).cast(pl.Date).cast(pl.String).alias("date"),
        )
        frame.write_parquet(home / "batches" / f"{number:04d}.parquet", compression="zstd", compression_level=1)
    store, table = store_in(home), pl.scan_parquet(home / "batches").select(COLUMNS)
    table.sink_parquet(home / "plain.parquet", compression="zstd", compression_level=1, statistics=False)
    ordered = pl.read_parquet(home / "plain.parquet").sort(COLUMNS[0])
    ordered.write_parquet(home / "ordered.parquet", compression="zstd", compression_level=1, statistics=False)
    del ordered
    bounds = bounds_for(key["serial_number"], rows, len(COLUMNS), MEMORY)
    with store.draft() as draft:
        store.commit(draft, write_in_parts(draft, table, COLUMNS[0], bounds))


def plainly(home: Path, recipient: str) -> None:
    """What anybody would do who needs no order, no check and no vault."""
    plain, sealed = home / "plain.csv", home / "plain.csv.age"
    pl.scan_parquet(home / "plain.parquet").sink_csv(plain, separator=";")
    subprocess.run(["age", "-r", recipient, "-o", str(sealed), str(plain)], check=True)
    plain.unlink()
    sealed.unlink()


def delivered(home: Path, recipient: str) -> None:
    """The service's own way, from the parts in the vault to the sealed file."""
    key = pl.read_parquet(home / "key.parquet")
    linked, contents = store_in(home), store_in(home, "contents.lisa")
    parts = linked.parts()
    schema = parts[0].rows.select(COLUMNS).collect_schema()
    takers = [
        UnitContents(schema, 1),
        VariableCounts(schema, 1, {}, COLUMNS[:1]),
        Persons(1),
        SpreadsheetValues(),
        SerialNumbers({COLUMNS[0]: key["serial_number"]}),
        NumbersFound(LeakScan(NAME, OwnNumbers(key["number"]), RULES)),
    ]
    del key
    rendering = Rendering(Table(NAME, schema), takers)
    with contents.draft() as draft:
        name = write_rendered(draft, rendering, in_order([parts], COLUMNS, bearable_rows(len(COLUMNS), MEMORY)))
        contents.commit(draft, {name: None})
    file = delivered_file(rendering.facts(), partial(read_rendered, contents.scan(), NAME))
    with tempfile.TemporaryDirectory(dir=home) as folder:
        seal_package(description(file), Path(folder), recipient, SEED)


def delivered_file(facts: RenderedFacts, chunks: partial[Iterator[bytes]]) -> DeliveredFile:
    variables = tuple(DeliveredVariable(name, name, name, "text", 9) for name in COLUMNS)
    return DeliveredFile(NAME, facts, chunks, variables)


def description(file: DeliveredFile) -> DeliveryDescription:
    return DeliveryDescription(
        case=CASE,
        number="L001",
        kind=DeliveryKind.FIRST,
        synthetic=True,
        title="Benchmark",
        recipient=Recipient("Ada", "Universitet"),
        date=date(2221, 12, 31),
        files=(file,),
        row_flows=(),
        awaited=(),
        serial_numbers=SerialNumberFacts(1, 1),
        provenance=PROVENANCE,
    )


def cells_written(home: Path) -> None:
    """Every cell as CSV, kept nowhere."""
    for batch in _batches(home):
        batch.write_csv(io.BytesIO(), separator=";")


def cells_scanned(home: Path) -> None:
    """Every cell through the leak scan."""
    scan = LeakScan(NAME, OwnNumbers(pl.read_parquet(home / "key.parquet")["number"]), RULES)
    for batch in _batches(home):
        scan.look_at(batch)


def cells_read(home: Path) -> None:
    """The reading that both of them do."""
    for _ in _batches(home):
        pass


def _batches(home: Path) -> Iterator[pl.DataFrame]:
    """The rows by serial number, as a delivery has them."""
    yield from pl.scan_parquet(home / "ordered.parquet").collect_batches(chunk_size=200_000, lazy=True)


def main() -> int:
    protect_process()
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--persons", type=int, default=1_000_000)
    options.add_argument("--folder", type=Path)
    asked = options.parse_args()
    recipient = age.create_identity().recipient
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        home = Path(folder)
        measured_apart(write_linked, home, asked.rows, asked.persons)
        plain, ours, read, written, scanned = [], [], [], [], []
        for _ in range(ROUNDS):
            plain.append(measured_apart(plainly, home, recipient))
            ours.append(measured_apart(delivered, home, recipient))
            read.append(measured_apart(cells_read, home))
            written.append(measured_apart(cells_written, home))
            scanned.append(measured_apart(cells_scanned, home))
    print(f"CSV and age {quickest(plain):.2f} s, delivered {quickest(ours):.2f} s")
    reading = quickest(read)
    times = quickest(ours) / quickest(plain)
    scan = (quickest(scanned) - reading) / (quickest(written) - reading)
    memory = max(each.gigabytes for each in ours)
    name = f"{asked.rows / 10**6:g} M rows, {asked.persons / 10**6:g} M persons"
    holds = [
        report(f"ordered, scanned, sealed ({name})", times, 2.0, "x plain", times <= 2.0),
        report("leak scan", scan, 1.0, "x CSV", scan <= 1.0),
        report("peak memory", memory, 2.0, "GB", memory <= 2.0),
    ]
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(main())
