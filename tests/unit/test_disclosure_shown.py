"""How the disclosure preview is shown, and that docs/operations.md shows the same.

With SAMKORNING_PICTURES=1 the picture of that page is made.
"""

import base64
import os
import re
from pathlib import Path
from random import Random

import polars as pl
import pytest

from assets.shown.disclosure import disclosure_metadata, disclosure_picture, disclosure_table
from samkorning.delivery.disclosure import (
    TOGETHER,
    Disclosure,
    FileDisclosure,
    JoinedFile,
    alike_together,
    together_of,
    told_together,
)
from samkorning.order.quasi_identifiers import Kind, QuasiIdentifier
from samkorning.vault import Part

DOCS = Path(__file__).parents[2] / "docs"
PICTURE = DOCS / "pictures" / "disclosure-together.svg"
PERSONS = 3000
COLUMNS = {
    "lisa": (QuasiIdentifier(column="Kon"), QuasiIdentifier(column="FodelseArMan", kind=Kind.BIRTH)),
    "bosatt": (QuasiIdentifier(column="Kommun", kind=Kind.MUNICIPALITY),),
}


@pytest.fixture(scope="module")
def found() -> list[FileDisclosure]:
    """Two files of invented persons, each by itself and both together."""
    drawn = Random(5)
    columns = {
        "Kon": [f"{1 + int(drawn.random() * 2)}" for _ in range(PERSONS)],
        "FodelseArMan": [f"{2150 + int(drawn.random() * 6)}{1 + int(drawn.random() * 12):02}" for _ in range(PERSONS)],
        "Kommun": [f"0{1 + int(drawn.random() * 3)}8{int(drawn.random() ** 2 * 4)}" for _ in range(PERSONS)],
    }
    serial = pl.Series("LopNr", [100_000_000 + number for number in range(PERSONS)], pl.Int32)
    files = {
        name: pl.DataFrame([serial, *(pl.Series(each.column, columns[each.column]) for each in named)])
        for name, named in COLUMNS.items()
    }
    together = alike_together([_joined(name, rows) for name, rows in files.items()], PERSONS, 2**30)
    return [*(_alone(name, rows) for name, rows in files.items()), together_of(together, "c" * 64, ("lisa",), ())]


def _joined(name: str, rows: pl.DataFrame) -> JoinedFile:
    return JoinedFile(name, "LopNr", COLUMNS[name], ((Part(None, None, rows.height, rows.lazy()),),))


def _alone(name: str, rows: pl.DataFrame) -> FileDisclosure:
    taker = Disclosure(COLUMNS[name])
    taker.take(rows, pl.Series(dtype=pl.Int16))
    alone = together_of(taker.answer(), "a" * 64, (), ())
    return FileDisclosure(
        f"ut_r_{name}_36759_2021", name, alone.sha256, alone.columns, alone.figures, alone.alternatives
    )


def test_files_that_are_harmless_one_by_one_are_shown_together_beneath(found: list[FileDisclosure]) -> None:
    metadata = disclosure_metadata(found)
    assert list(metadata) == [
        "smallest_group",
        "persons_alone",
        "disclosure",
        "disclosure_table",
        "disclosure_together",
        "disclosure_together_table",
    ]
    alone, together = metadata["disclosure_table"].value, metadata["disclosure_together_table"].value
    assert TOGETHER not in alone
    assert "Delivered before and joined with them: lisa." in together
    assert min(each.figures.k or 0 for each in found[:2]) > 2 > metadata["smallest_group"]
    assert len(metadata["disclosure_together"].value) < 2000, "short enough to be drawn in place"


def test_what_cannot_be_joined_is_said_beneath_the_heading(found: list[FileDisclosure]) -> None:
    last = found[-1]
    unseen = together_of({"columns": last.columns, "variants": [_flat(last)]}, "c" * 64, (), ("par_sv 2219",))
    assert told_together(unseen)[1:] == [
        "NOT joined, as its rows are not kept or are not about persons: par_sv 2219.",
    ]
    assert not told_together(found[0]), "a file by itself says nothing of others"


def _flat(found: FileDisclosure) -> dict[str, object]:
    figures = found.figures
    counts = {"persons": figures.persons, "k": figures.k, "unique": figures.unique}
    return {"column": "", "how": "", **counts, "in_groups_under": figures.in_groups_under}


def test_the_page_for_operators_shows_what_the_preview_shows(found: list[FileDisclosure]) -> None:
    drawn = re.search(r"base64,([A-Za-z0-9+/=]+)\)", disclosure_picture(found[-1:]))
    assert drawn is not None
    picture = base64.b64decode(drawn[1])
    if os.environ.get("SAMKORNING_PICTURES"):
        PICTURE.write_bytes(picture)
    assert PICTURE.read_bytes() == picture
    assert disclosure_table(found) in (DOCS / "operations.md").read_text(encoding="utf-8")
