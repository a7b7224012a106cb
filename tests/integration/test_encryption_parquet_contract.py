"""What the vault relies on in the pinned Polars: marked unstable there, so held here. A failure says what changed."""

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from pyarrow.parquet.encryption import create_decryption_properties, create_encryption_properties

ENCRYPTION_KEY, BOUND = bytes(range(32)), b"samkorning-parquet-1|36759-2021|code_key"
ROWS = pl.DataFrame({"number": [212001010007, 212001020006], "text": ["å", None]})


def to_write(associated: bytes = BOUND) -> pl.ParquetEncryptionProperties:
    return pl.ParquetEncryptionProperties(footer_key=ENCRYPTION_KEY, aad_prefix=associated, store_aad_prefix=False)


def to_read(encryption_key: bytes = ENCRYPTION_KEY, associated: bytes | None = BOUND) -> pl.ParquetDecryptionProperties:
    return pl.ParquetDecryptionProperties(footer_key=encryption_key, aad_prefix=associated)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    ROWS.lazy().sink_parquet(tmp_path / "file.parquet", encryption=to_write())
    return tmp_path / "file.parquet"


def test_an_encrypted_file_begins_and_ends_with_its_own_magic(path: Path) -> None:
    content = path.read_bytes()
    assert content[:4] == content[-4:] == b"PARE"


def test_the_associated_data_are_not_in_the_file(path: Path) -> None:
    assert b"36759-2021" not in path.read_bytes()


@pytest.mark.parametrize(
    "secrets", [to_read(bytes(32)), to_read(associated=b"another"), to_read(associated=None), None]
)
def test_a_wrong_or_missing_encryption_key_or_binding_fails(
    path: Path, secrets: pl.ParquetDecryptionProperties | None
) -> None:
    with pytest.raises(pl.exceptions.ComputeError):
        pl.scan_parquet(path, decryption=secrets).collect()


def test_polars_reads_a_plaintext_file_when_asked_to_decrypt(tmp_path: Path) -> None:
    """The reason for checking magic and hash first. If this fails Polars has become stricter: say so in the vault."""
    ROWS.write_parquet(tmp_path / "plain.parquet")
    assert pl.scan_parquet(tmp_path / "plain.parquet", decryption=to_read()).collect().equals(ROWS)


def test_a_flipped_bit_fails_or_lies_where_nothing_is_read(path: Path) -> None:
    """Statistics that a query does not use are not opened: the file's hash covers them too."""
    content, refused = path.read_bytes(), 0
    places = range(4, len(content) - 8, 7)
    for place in places:
        flipped = bytearray(content)
        flipped[place] ^= 1
        path.write_bytes(flipped)
        try:
            assert pl.scan_parquet(path, decryption=to_read()).collect().equals(ROWS)
        except pl.exceptions.PolarsError:
            refused += 1
    assert refused > len(places) / 2


def test_pyarrow_reads_what_polars_wrote_and_polars_what_pyarrow_wrote(path: Path, tmp_path: Path) -> None:
    """PyArrow is the fallback if Polars drops encryption."""
    secrets = create_decryption_properties(ENCRYPTION_KEY, aad_prefix=BOUND)
    assert pl.from_arrow(pq.ParquetFile(path, decryption_properties=secrets).read()).equals(ROWS)
    other = tmp_path / "pyarrow.parquet"
    writing = create_encryption_properties(ENCRYPTION_KEY, aad_prefix=BOUND, store_aad_prefix=False)
    pq.write_table(ROWS.to_arrow(), other, encryption_properties=writing)
    assert pl.scan_parquet(other, decryption=to_read()).collect().equals(ROWS)


def test_neither_encryption_key_nor_binding_is_in_a_plan(path: Path) -> None:
    """A plan may be logged; it is never serialised, since that would carry the encryption key."""
    frame = pl.scan_parquet(path, decryption=to_read())
    for text in (frame.explain(), repr(frame), repr(to_read()), repr(to_write())):
        assert "36759" not in text
        assert str(list(ENCRYPTION_KEY)) not in text
        assert ENCRYPTION_KEY.hex() not in text


SPILLING = """
import os, sys, threading, time
from pathlib import Path
folder = Path(sys.argv[1])
os.environ |= {"POLARS_OOC_MEMORY_BUDGET_MB": "20", "POLARS_OOC_SPILL_MIN_BYTES": "1"}
os.environ |= {"POLARS_OOC_SPILL_DIR": str(folder / "spill")}
if sys.argv[2] == "late":
    import polars
if sys.argv[2] != "unprotected":
    from samkorning.vault.hygiene import protect_process
    protect_process()
import polars as pl
from samkorning.errors import GuardedFailure
from samkorning.vault.encrypted_files import FileSecrets, write_encrypted
seen = set()
def watch():
    while True:
        for _, _, files in os.walk(folder / "spill"):
            seen.update(files)
        time.sleep(0.002)
threading.Thread(target=watch, daemon=True).start()
rows = pl.LazyFrame({"a": pl.int_range(4_000_000, eager=True)}).with_columns((pl.col("a") * 7919 % 1000003).alias("c"))
try:
    write_encrypted(rows.sort("c"), folder / "file.parquet", FileSecrets(bytes(32), b"bound"), "file.parquet")
    print("written", len(seen))
except GuardedFailure as failure:
    print(failure, len(seen))
"""


def sorted_in_20_megabytes(folder: Path, how: str) -> tuple[str, int]:
    """Write a sort of 60 MB in a process with less; give what it says and how many files it spilled."""
    (folder / "spill").mkdir(parents=True)
    command = [sys.executable, "-c", SPILLING, str(folder), how]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("POLARS_")}
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=clean)
    assert result.returncode == 0, result.stderr
    said, _, files = result.stdout.strip().rpartition(" ")
    return said, int(files)


def test_a_protected_process_fails_where_another_spills_rows_in_clear(tmp_path: Path) -> None:
    said, files = sorted_in_20_megabytes(tmp_path / "unprotected", "unprotected")
    assert said == "written"
    assert files > 0
    for when in ("protected", "late"):  # before Polars is imported, and after
        said, files = sorted_in_20_megabytes(tmp_path / when, when)
        assert "not enough memory" in said
        assert files == 0
        assert not (tmp_path / when / "file.parquet").exists()
