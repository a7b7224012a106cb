"""All documents of a delivery against its data files: what counting and writing them add.

``python bench/documents.py [--rows 10000000] [--persons 1000000] [--folder DIR]`` prints a table and ends with 1 if the
limit is broken. Data files: the parts read, ordered, scanned, rendered into the vault and sealed, with a page of text.
With documents: the same with code book, counts by age and sex, label scripts, and the report as HTML and PDF. The rows
are those of bench/delivery.py; two columns have a value set.

- All documents: at most 0.25 x the time of the data files.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl
from delivery import COLUMNS, MEMORY, NAME, ROUNDS, RULES, SEED, delivered_file, description, write_linked
from linkage import store_in
from measuring import measured_apart, quickest, report

from samkorning.delivery import DeliveredFile, DeliveredUnit, seal_package
from samkorning.delivery.codebook import codebook
from samkorning.delivery.formats import Table
from samkorning.delivery.number_scan import LeakScan, OwnNumbers
from samkorning.delivery.rendering import (
    NumbersFound,
    Persons,
    Rendering,
    SerialNumbers,
    SpreadsheetValues,
    StudyPersonsMet,
    Taker,
    UnitContents,
    VariableCounts,
)
from samkorning.delivery.rendering.stored import read_rendered, write_rendered
from samkorning.delivery.study_persons.groups import GROUPS, group_of
from samkorning.delivery.study_persons.making import study_persons
from samkorning.encryption import age
from samkorning.linkage import bearable_rows, in_order
from samkorning.own_registers.catalogue.models import Code
from samkorning.vault.hygiene import protect_process

LIMIT = 0.25
VALUE_SETS = {COLUMNS[1]: [str(n) for n in range(10)], COLUMNS[2]: [str(n) for n in range(100)]}


def data_files(home: Path, recipient: str) -> None:
    """Rows and no more of documents than a readme."""
    file = rendered(home, "contents.plain", [])
    with tempfile.TemporaryDirectory(dir=home) as folder:
        seal_package(description(file), Path(folder), recipient, SEED)


def with_documents(home: Path, recipient: str) -> None:
    """The same, and all documents."""
    key = pl.read_parquet(home / "key.parquet")
    study = key.select("serial_number", group_of("number", 2221).alias("group"))
    schema = store_in(home).parts()[0].rows.select(COLUMNS).collect_schema()
    counting: list[Taker] = [
        VariableCounts(schema, 1, VALUE_SETS, COLUMNS[:1]),
        Persons(1),
        StudyPersonsMet(study, len(GROUPS), 1),
    ]
    file = rendered(home, "contents.documented", counting)
    variables = tuple(replace(each, codes=_codes(each.name)) for each in file.variables)
    file = replace(file, variables=variables, units=(DeliveredUnit("lisa", file.rendered.rows, "0" * 64),))
    described = replace(
        description(file),
        codebook=codebook([file], 5),
        persons=study_persons([file], 5),
        reports=frozenset({"html", "pdf"}),
    )
    with tempfile.TemporaryDirectory(dir=home) as folder:
        seal_package(described, Path(folder), recipient, SEED)


def rendered(home: Path, store: str, counting: Sequence[Taker]) -> DeliveredFile:
    """One data file, rendered into the vault."""
    key = pl.read_parquet(home / "key.parquet")
    parts, contents = store_in(home).parts(), store_in(home, store)
    schema = parts[0].rows.select(COLUMNS).collect_schema()
    takers: list[Taker] = [
        UnitContents(schema, 1),
        *counting,
        SpreadsheetValues(),
        SerialNumbers({COLUMNS[0]: key["serial_number"]}),
        NumbersFound(LeakScan(NAME, OwnNumbers(key["number"]), RULES)),
    ]
    rendering = Rendering(Table(NAME, schema), takers)
    with contents.draft() as draft:
        name = write_rendered(draft, rendering, in_order([parts], COLUMNS, bearable_rows(len(COLUMNS), MEMORY)))
        contents.commit(draft, {name: None})
    return delivered_file(rendering.facts(), partial(read_rendered, contents.scan(), NAME))


def _codes(name: str) -> tuple[Code, ...]:
    return tuple(Code(code=code, label_sv=f"värde {code}", label_en=code) for code in VALUE_SETS.get(name, ()))


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
        plain, all_of_it = [], []
        for _ in range(ROUNDS):
            plain.append(measured_apart(data_files, home, recipient))
            all_of_it.append(measured_apart(with_documents, home, recipient))
    print(f"data files {quickest(plain):.2f} s, with all documents {quickest(all_of_it):.2f} s")
    share = quickest(all_of_it) / quickest(plain) - 1
    name = f"{asked.rows / 10**6:g} M rows, {asked.persons / 10**6:g} M persons"
    return 0 if report(f"all documents ({name})", share, LIMIT, "x data files", share <= LIMIT) else 1


if __name__ == "__main__":
    sys.exit(main())
