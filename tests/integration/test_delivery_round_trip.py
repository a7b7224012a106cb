"""Any table goes through a sealed delivery and comes out again; any flipped bit on the way is found."""

import shutil
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_delivery_factory import PAR, PUBLIC, RECIPIENT, sealed_in

from samkorning.delivery.package.opening import open_package
from samkorning.delivery.package.verification import verify_package
from samkorning.errors import PackageRefused
from tests.examples import examples
from tests.rendered import csv_of

ROWS = st.lists(st.tuples(st.integers(100_000_000, 999_999_999), st.none() | st.text(max_size=30)), max_size=30)


def a_table(rows: list[tuple[int, str | None]]) -> pl.DataFrame:
    return pl.DataFrame(sorted(rows, key=str), {"LopNr": pl.Int32, "TEXT": pl.String}, orient="row")


@given(rows=ROWS)
@settings(max_examples=examples(15), deadline=None)
def test_a_table_comes_out_as_it_went_in(rows: list[tuple[int, str | None]]) -> None:
    with tempfile.TemporaryDirectory() as home:
        package = sealed_in(Path(home) / "L001", **{PAR: a_table(rows)})
        assert verify_package(package.path, PUBLIC, RECIPIENT.secret).problems == ()
        opened = open_package(package.path, RECIPIENT.secret, Path(home) / "opened", PUBLIC)
        assert (opened.folder / f"data/{PAR}.csv").read_bytes() == csv_of(a_table(rows))
        assert opened.manifest.files[0].rows == len(rows)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    package = sealed_in(folder / "sealed")
    open_package(package.path, RECIPIENT.secret, folder / "opened", PUBLIC)
    return folder


@given(data=st.data())
@settings(max_examples=examples(200), deadline=None)
def test_any_flipped_bit_anywhere_is_found(home: Path, data: st.DataObject) -> None:
    files = sorted(path for path in home.rglob("*") if path.is_file())
    path = data.draw(st.sampled_from(files))
    whole = path.read_bytes()
    bit = data.draw(st.integers(0, 8 * len(whole) - 1))
    changed = bytearray(whole)
    changed[bit // 8] ^= 1 << bit % 8
    path.write_bytes(changed)
    try:
        problems = verify_package(home / path.relative_to(home).parts[0], PUBLIC).problems
    finally:
        path.write_bytes(whole)
    assert any(path.name in problem for problem in problems)


@given(place=st.floats(0, 1, exclude_max=True))
@settings(max_examples=examples(30), deadline=None)
def test_no_shorter_file_opens(home: Path, place: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sealed = Path(shutil.copy(next((home / "sealed").glob("*.age")), folder))
        sealed.write_bytes(sealed.read_bytes()[: int(place * sealed.stat().st_size)])
        with pytest.raises(PackageRefused):
            open_package(sealed, RECIPIENT.secret, Path(folder) / "opened", PUBLIC)
        assert list(Path(folder).iterdir()) == [sealed]
