"""DuckDB as the service opens it: rows reach neither disk, file nor network, and no query opens it again."""

from pathlib import Path

import duckdb
import pytest

from samkorning.linkage import engines
from samkorning.linkage.engines import locked_duckdb

MEMORY = 2**30
SORT_OF_80_MEGABYTES = (
    "SELECT count(*) FROM (SELECT hash(range) AS h FROM range(10_000_000) ORDER BY h LIMIT 9_000_000)"
)


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """DuckDB spills below the present folder where nothing else is said."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_query_that_needs_more_memory_fails_and_leaves_nothing_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LOCK_DOWN", ("SET threads = 1", *engines.LOCK_DOWN))
    with locked_duckdb(40_000_000) as connection, pytest.raises(duckdb.OutOfMemoryException):
        connection.sql(SORT_OF_80_MEGABYTES).fetchall()
    assert list(tmp_path.rglob("*")) == []


def test_without_the_lock_down_the_same_query_spills(tmp_path: Path) -> None:
    with duckdb.connect(":memory:", config={"threads": 1, "memory_limit": "40MB"}) as connection:
        assert connection.sql(SORT_OF_80_MEGABYTES).fetchall() == [(9_000_000,)]
        assert list(tmp_path.rglob("*")) != []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM 'rows.csv'",
        "SELECT * FROM read_text('rows.csv')",
        "COPY (SELECT 1) TO 'out.csv'",
        "ATTACH 'other.db' AS other",
        "EXPORT DATABASE 'out'",
        "INSTALL httpfs FROM 'http://127.0.0.1:9'",
    ],
)
def test_no_query_reaches_a_file(tmp_path: Path, query: str) -> None:
    (tmp_path / "rows.csv").write_text("a\n1\n")
    with locked_duckdb(MEMORY) as connection, pytest.raises(duckdb.PermissionException):
        connection.execute(query)
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_no_query_loads_or_fetches_an_extension() -> None:
    """Asked for what an extension has, it says so, and does not try to get it."""
    with locked_duckdb(MEMORY) as connection:
        with pytest.raises(duckdb.CatalogException, match="excel extension"):
            connection.execute("SELECT * FROM read_xlsx('rows.xlsx')")
        installs = connection.execute("SELECT current_setting('autoinstall_known_extensions')").fetchall()
    assert installs == [(False,)], "what loading is off for is not fetched either"


def test_no_query_opens_it_again() -> None:
    with locked_duckdb(MEMORY) as connection, pytest.raises(duckdb.InvalidInputException, match="locked"):
        connection.execute("SET memory_limit = '1GB'")
