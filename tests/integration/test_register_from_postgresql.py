"""A register year from a table of a PostgreSQL server: as exact as from a file, with the catalogue's columns alone."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from cli.session import session
from resources.register_database import OwnRegisterTable
from samkorning.errors import FileRefused, HomeRefused, NotFound
from tests.factories import CATALOGUE
from tests.integration.test_file_check import samkorning
from tests.integration.test_own_register_loading import the_year
from tests.office import Office
from tests.postgresql import a_server

pytestmark = pytest.mark.services
LMED = CATALOGUE.register("LMED")
COLUMNS = (
    "number bigint, ar smallint, atc varchar(20), edatum date, fdatum timestamp, varunr text, antal integer, "
    'forpddd numeric(9,2), "OTYP" char(3), arbetsplats varchar(13), hemligt text'
)
ROW = "221101012394, 2219, 'A01', '2219-09-04', '2219-09-01 00:00', '001234', -1, 33.30, 'R', NULL, 'x'"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with a_server() as dsn:
        yield dsn


def run(dsn: str, *statements: str) -> None:
    import adbc_driver_postgresql.dbapi as driver

    with driver.connect(dsn) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
        connection.commit()


@pytest.fixture
def connection(server: str, tmp_path: Path) -> Path:
    run(server, "DROP SCHEMA IF EXISTS export CASCADE", "CREATE SCHEMA export", f"CREATE TABLE export.lmed ({COLUMNS})")
    path = tmp_path / "connection"
    path.write_text(server + "\n")
    path.chmod(0o600)
    return path


def rows(connection: Path, table: str = "export.lmed") -> pl.DataFrame:
    return pl.concat(OwnRegisterTable(connection, table, LMED, 2219).batches())


def test_values_are_what_the_table_has_under_the_catalogues_names(server: str, connection: Path) -> None:
    run(server, f"INSERT INTO export.lmed VALUES ({ROW})")
    loaded = rows(connection)
    assert loaded.columns == ["number", *(variable.name for variable in LMED.variables)]
    [row] = loaded.rows()
    assert [str(value) for value in row] == [
        *("221101012394", "2219", "A01", "2219-09-04", "2219-09-01", "001234", "-1", "33.3", "R", "None")
    ]


def test_a_table_without_rows_is_a_year_without_rows(connection: Path) -> None:
    assert rows(connection).height == 0


def test_a_value_that_does_not_fit_refuses_the_year_and_is_not_shown(server: str, connection: Path) -> None:
    run(
        server,
        f"INSERT INTO export.lmed VALUES ({ROW.replace('A01', 'A0123456789')}), ({ROW.replace('00:00', '07:31')})",
    )
    with pytest.raises(FileRefused) as refused:
        rows(connection)
    assert (
        "table export.lmed: values do not fit: ATC: 1 longer than the catalogue says; FDATUM: 1 with a time of day"
        in str(refused.value)
    )
    assert "A0123456789" not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ALTER TABLE export.lmed DROP COLUMN atc", "lacks the columns ATC"),
        ("DROP TABLE export.lmed", "cannot be read"),
        ('ALTER TABLE export.lmed ADD COLUMN "ATC" text', "two columns whose names differ in case alone"),
    ],
)
def test_a_table_that_is_not_as_it_should_be_is_refused(server: str, connection: Path, change: str, said: str) -> None:
    run(server, change)
    with pytest.raises(FileRefused, match=said) as refused:
        rows(connection)
    assert "SELECT" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


def test_what_breaks_on_the_way_shows_nothing_of_a_value(server: str, connection: Path) -> None:
    run(
        server,
        f"INSERT INTO export.lmed VALUES ({ROW})",
        "CREATE VIEW export.broken AS SELECT number, ar, atc, edatum, fdatum, varunr, hemligt::integer AS antal, "
        'forpddd, "OTYP", arbetsplats FROM export.lmed',
    )
    with pytest.raises(FileRefused) as refused:
        rows(connection, "export.broken")
    assert '"x"' not in str(refused.value)
    assert refused.value.__context__ is None


@pytest.mark.parametrize("table", ["lmed; drop table lmed", 'a"b', "a.b.c", "", "lmed where 1=1"])
def test_a_name_that_is_none_of_a_table_is_not_asked_for(connection: Path, table: str) -> None:
    with pytest.raises(NotFound, match="no name of a table"):
        OwnRegisterTable(connection, table, LMED, 2219)


def test_the_connection_string_stands_in_a_file_that_its_owner_alone_reads(connection: Path, tmp_path: Path) -> None:
    connection.chmod(0o644)
    with pytest.raises(HomeRefused, match="chmod 600"):
        rows(connection)
    with pytest.raises(HomeRefused, match="postgresql_file"):
        OwnRegisterTable(tmp_path / "none", "lmed", LMED, 2219)
    connection.chmod(0o600)
    connection.write_text("host=/nowhere dbname=postgres")
    with pytest.raises(FileRefused, match="the database does not answer"):
        rows(connection)


def test_the_command_loads_a_year_with_its_checks_and_record(
    office: Office, server: str, connection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(server, f"INSERT INTO export.lmed VALUES ({ROW}), ({ROW.replace('2219-09-04', '2218-09-04')})")
    monkeypatch.setitem(session.__dict__, "desk", office.desk)
    monkeypatch.setattr(office.desk.settings, "postgresql_file", connection)
    done = samkorning("register", "load", "LMED", 2219, "--from-postgresql", "export.lmed", "--json")
    assert done.returncode == 0
    answer = json.loads(done.stdout)
    assert (answer["rows"], answer["persons"]) == (2, 1)
    assert [each["check"] for each in answer["findings"]] == ["days_outside"]
    assert the_year(office).height == 2
    assert office.desk.audit.records()[-1].facts["table"] == "export.lmed"
    assert samkorning("register", "load", "LMED", 2219).returncode == 2
