"""When a file in an inbox is whole: the rules as a table."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from samkorning.register_files import FileContract
from samkorning.register_files.whole.checksums import ALGORITHMS, fits_checksum, stated_digest
from samkorning.register_files.whole.wholeness import (
    QUIET,
    REMEDIES,
    SETTLED,
    Signs,
    Standing,
    may_be_whole,
    refusal_of,
    standing,
)

TEXT = b"a;b\n1;2\n3;4\n"
PARQUET = b"PAR1" + b"table" + b"footer" + b"\x06\x00\x00\x00PAR1"
JUST_NOW, QUIET_NOW, LONG_AGO = timedelta(seconds=5), QUIET, SETTLED
S = Standing


def how(
    folder: Path,
    content: bytes,
    unchanged_for: timedelta,
    done: bool = False,
    checksum_of: bytes | None = None,
    declared_rows: int | None = None,
    name_pattern: str | None = None,
) -> tuple[Standing, bool]:
    path = folder / "file.dat"
    path.write_bytes(content)
    checksums = ()
    if checksum_of is not None:
        companion = folder / "file.dat.sha256"
        companion.write_text(hashlib.sha256(checksum_of).hexdigest())
        checksums = (companion,)
    signs = Signs(done, checksums, unchanged_for)
    contract = FileContract(declared_rows=declared_rows, name_pattern=name_pattern)
    return standing(path, signs, contract), may_be_whole(path, signs, contract)


@pytest.mark.parametrize(
    ("content", "unchanged_for", "more", "is_"),
    [
        (TEXT, LONG_AGO, {}, S.WAITS_FOR_END),
        (TEXT, JUST_NOW, {}, S.STILL_CHANGING),
        (TEXT, JUST_NOW, {"done": True}, S.WHOLE),
        (TEXT, JUST_NOW, {"checksum_of": TEXT}, S.WHOLE),
        (TEXT, JUST_NOW, {"checksum_of": TEXT + b"5;6\n"}, S.AWAITS_CHECKSUM),
        (TEXT, LONG_AGO, {"checksum_of": TEXT + b"5;6\n"}, S.CHECKSUM_DIFFERS),
        (TEXT, LONG_AGO, {"checksum_of": TEXT + b"5;6\n", "done": True}, S.CHECKSUM_DIFFERS),
        (TEXT, LONG_AGO, {"checksum_of": TEXT + b"5;6\n", "declared_rows": 2}, S.CHECKSUM_DIFFERS),
        (TEXT, QUIET_NOW, {"declared_rows": 2}, S.WHOLE),
        (TEXT, JUST_NOW, {"declared_rows": 2}, S.STILL_CHANGING),
        (TEXT, LONG_AGO, {"declared_rows": 3}, S.LACKS_DECLARED_ROWS),
        (TEXT[:-1], LONG_AGO, {"declared_rows": 2}, S.LACKS_DECLARED_ROWS),
        (b"<html>", LONG_AGO, {"declared_rows": 2}, S.LACKS_DECLARED_ROWS),
        (TEXT.decode().encode("utf-16"), QUIET_NOW, {"declared_rows": 2}, S.WHOLE),
        (PARQUET, QUIET_NOW, {}, S.WHOLE),
        (PARQUET, JUST_NOW, {}, S.STILL_CHANGING),
        (PARQUET[:-1], LONG_AGO, {}, S.LACKS_END),
        (PARQUET + bytes(20), LONG_AGO, {}, S.LACKS_END),
        (PARQUET, QUIET_NOW, {"checksum_of": b""}, S.AWAITS_CHECKSUM),
        (TEXT, LONG_AGO, {"name_pattern": "other_*.dat"}, S.OTHER_NAME),
        (TEXT, LONG_AGO, {"name_pattern": "FIL?.*"}, S.WAITS_FOR_END),
        (TEXT, QUIET_NOW, {"name_pattern": "other_*.dat"}, S.WAITS_FOR_END),
        (TEXT, LONG_AGO, {"name_pattern": "other_*.dat", "done": True}, S.WHOLE),
        (b"", LONG_AGO, {}, S.WAITS_FOR_END),
        (b"", JUST_NOW, {"done": True}, S.WHOLE),
    ],
)
def test_what_shows_that_a_file_is_whole(
    tmp_path: Path, content: bytes, unchanged_for: timedelta, more: dict[str, object], is_: Standing
) -> None:
    found, may_be = how(tmp_path, content, unchanged_for, **more)
    assert found is is_
    assert may_be or found is not S.WHOLE, "what is whole is looked at"


def test_text_is_never_looked_at_for_its_age_alone(tmp_path: Path) -> None:
    assert how(tmp_path, TEXT, timedelta(days=400)) == (S.WAITS_FOR_END, False)


def test_a_file_that_no_source_awaits_is_whole_by_the_same_signs(tmp_path: Path) -> None:
    path = tmp_path / "file.dat"
    path.write_bytes(TEXT)
    assert standing(path, Signs(False, (), LONG_AGO), None) is S.WAITS_FOR_END
    assert standing(path, Signs(True, (), JUST_NOW), None) is S.WHOLE


def test_every_standing_has_a_remedy_and_what_never_becomes_whole_is_refused() -> None:
    assert REMEDIES.keys() == set(Standing)
    contract = FileContract(name_pattern="par_*.csv")
    refused = {each: refusal_of("file.csv", each, contract) for each in Standing}
    assert {each for each in Standing if refused[each]} == {S.CHECKSUM_DIFFERS, S.OTHER_NAME}
    assert "then its checksum" in str(refused[S.CHECKSUM_DIFFERS])
    assert "the agreed pattern par_*.csv" in str(refused[S.OTHER_NAME])


DIGEST = hashlib.sha256(TEXT).hexdigest()
OTHER = "0" * 64


@pytest.mark.parametrize(
    ("companion", "stated"),
    [
        (DIGEST, DIGEST),
        (f"{DIGEST}\n", DIGEST),
        (DIGEST.upper(), DIGEST),
        (f"{DIGEST}  file.csv\n", DIGEST),
        (f"{DIGEST} *file.csv\r\n", DIGEST),
        (f"{DIGEST}  /srv/out/file.csv\n", DIGEST),
        (f"{DIGEST} *C:\\out\\File.csv\r\n", DIGEST),
        (f"SHA256 (file.csv) = {DIGEST}\n", DIGEST),
        (f"{DIGEST}  the name it had before.csv\n", DIGEST),
        (f"SHA256 hash of file.csv:\r\n{DIGEST}\r\nCertUtil: done\r\n", DIGEST),
        (f"{OTHER}  other.csv\n{DIGEST}  file.csv\n", DIGEST),
        (f"{OTHER}  file.csv.gz\n{DIGEST}  file.csv\n", DIGEST),
        (f"{OTHER}  other.csv\n{DIGEST}  another.csv\n", None),
        (f"{OTHER}  file.csv\n{DIGEST}  file.csv\n", None),
        ("", None),
        (DIGEST[:-1], None),
        (DIGEST + "0", None),
    ],
)
def test_a_checksum_as_the_usual_programs_write_it(tmp_path: Path, companion: str, stated: str | None) -> None:
    path = tmp_path / "file.csv.sha256"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        path.write_bytes(companion.encode(encoding))
        assert stated_digest(path, "file.csv") == stated


@pytest.mark.parametrize("ending", ALGORITHMS)
def test_each_kind_of_checksum_fits_its_file_and_no_other(tmp_path: Path, ending: str) -> None:
    make: Callable[[bytes], str] = lambda content: hashlib.new(ALGORITHMS[ending], content).hexdigest()  # noqa: E731
    path, companion = tmp_path / "file.csv", tmp_path / f"file.csv{ending}"
    path.write_bytes(TEXT)
    for content, fits in ((TEXT, True), (TEXT[:-1], False)):
        companion.write_text(make(content))
        assert fits_checksum(path, companion) is fits
