"""The case register: events are added and never changed, each on the case as its actor saw it, and reach the disk.

The same holds on SQLite and on PostgreSQL.
"""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from assets.steps.safekeeping.case_register_database import copy_into_postgresql, state_of_database, upgrade_database
from assets.steps.safekeeping.doctor import examine
from resources.desk import Desk
from samkorning.case import CaseRegister, EventKind
from samkorning.case.revisions import make_present, open_database, revision_of
from samkorning.case.revisions.upgrading import upgrade
from samkorning.case.stored_rows import HEAD, REVISIONS, VERSION_TABLE
from samkorning.case.tables import engine_of, metadata
from samkorning.errors import CaseBusy, HomeRefused, RuleRefused
from tests.factories import AT, SAMPLE_ORDER, approved
from tests.office import Office
from tests.postgresql import a_server, fresh_database

NUMBER = "36759-2021"
ORDER = {"order": SAMPLE_ORDER, "file": "order.yaml", "sha256": "0"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with a_server() as string:
        yield string


def on_postgresql(office: Office, server: str) -> None:
    """The office's register in a database of the server, made by the act that makes it."""
    file = fresh_database(server, office.folder)
    office.desk.home.root.joinpath("config.yaml").write_text(f"case_register_database_file: {file}\n")
    del office.__dict__["desk"]
    upgrade_database(office.desk)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def register(office: Office, request: pytest.FixtureRequest) -> Iterator[CaseRegister]:
    """A register with one opened case."""
    if request.param == "postgresql":
        on_postgresql(office, request.getfixturevalue("server"))
    register = office.desk.cases
    register.open(NUMBER, AT, "Erik", ORDER)
    yield register
    register.close()


@pytest.mark.parametrize("statement", ["UPDATE case_event SET person = 'Nobody'", "DELETE FROM case_event"])
def test_the_database_refuses_to_change_or_remove_what_happened(
    register: CaseRegister, office: Office, statement: str
) -> None:
    engine = create_engine(office.desk.case_register_address)
    with engine.connect() as connection, pytest.raises(IntegrityError, match="never changed"):
        connection.execute(text(statement))
    engine.dispose()
    assert register.case(NUMBER).events[0].person == "Erik"


def test_an_act_on_a_case_that_has_changed_since_is_refused(register: CaseRegister) -> None:
    seen = register.case(NUMBER)
    kind, person, detail = approved()[0]
    register.record(seen, kind, AT, person, detail)
    with pytest.raises(CaseBusy, match="changed meanwhile"):
        register.record(seen, kind, AT, "Somebody else", detail)
    assert [event.person for event in register.case(NUMBER).events] == ["Erik", "Olle"]


def test_of_two_writers_at_once_one_wins_and_the_other_is_told(register: CaseRegister, office: Office) -> None:
    seen, (kind, _, detail) = register.case(NUMBER), approved()[0]
    others = [Desk.at(office.desk.home.root).cases for _ in range(3)]
    said, start = list[str](), threading.Barrier(3)

    def act(cases: CaseRegister, person: str) -> None:
        start.wait()
        try:
            cases.record(seen, kind, AT, person, detail)
            said.append("recorded")
        except CaseBusy:
            said.append("busy")

    threads = [threading.Thread(target=act, args=(cases, f"P{n}")) for n, cases in enumerate(others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["busy", "busy", "recorded"]
    assert len(register.case(NUMBER).events) == 2
    for cases in others:
        cases.close()


def test_an_event_that_the_state_has_no_place_for_is_not_recorded(register: CaseRegister) -> None:
    with pytest.raises(RuleRefused, match=r"^R09:"):
        register.record(register.case(NUMBER), EventKind.DELIVERED, AT, "samkorning", {"delivery": "L001"})
    assert register.counts() == {NUMBER: 1}


def test_a_case_is_opened_once(register: CaseRegister) -> None:
    with pytest.raises(RuleRefused, match=r"^R01:"):
        register.open(NUMBER, AT, "Erik", ORDER)


def test_cases_come_in_the_order_they_were_opened(register: CaseRegister) -> None:
    for later, number in enumerate(("36758-2021", "1-2021", "36760-2021"), start=1):
        register.open(number, AT.replace(minute=later), "Erik", ORDER)
    assert register.numbers() == [NUMBER, "36758-2021", "1-2021", "36760-2021"]


def test_every_commit_reaches_the_disk(register: CaseRegister) -> None:
    """The database's own answer: SQLite syncs its write-ahead log at every commit at FULL, which is 2."""
    with register._engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
            return
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"


@pytest.mark.services
def test_a_database_of_a_server_is_made_by_an_act_of_its_own(office: Office, server: str) -> None:
    file = fresh_database(server, office.folder)
    office.desk.home.root.joinpath("config.yaml").write_text(f"case_register_database_file: {file}\n")
    desk = Desk.at(office.desk.home.root)
    with pytest.raises(HomeRefused, match="without its tables; `samkorning case-register upgrade`"):
        desk.cases.numbers()
    assert (state_of_database(desk).revision, state_of_database(desk).events) == (None, None)
    assert any("case-register upgrade" in str(misfit) for misfit in examine(desk).misfits)
    assert upgrade_database(desk) == (None, HEAD)
    assert upgrade_database(desk) == (HEAD, HEAD)
    assert desk.cases.numbers() == []
    desk.cases.close()


@pytest.mark.services
def test_an_older_database_of_a_server_waits_for_the_act(office: Office, server: str) -> None:
    on_postgresql(office, server)
    engine = engine_of(office.desk.case_register_address)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0001'"))
    with pytest.raises(HomeRefused, match="of an older revision"):
        open_database(office.desk.case_register_address)
    assert make_present(engine) == "0001"
    engine.dispose()
    office.desk.cases.close()


@pytest.mark.services
def test_a_home_moves_to_a_server_with_all_its_proofs(office: Office, server: str) -> None:
    office.open_case()
    before = office.desk.cases.case(NUMBER)
    office.desk.cases.close()
    on_postgresql(office, server)
    assert copy_into_postgresql(office.desk) == len(before.events)
    assert office.desk.cases.case(NUMBER) == before
    with pytest.raises(HomeRefused, match="holds events already"):
        copy_into_postgresql(office.desk)


def test_a_server_that_does_not_answer_is_told_without_its_address(office: Office, tmp_path: Path) -> None:
    pytest.importorskip("psycopg2", reason="the package psycopg2-binary is not installed")
    file = tmp_path / "nowhere"
    file.write_text(f"host={tmp_path} user=hemlig dbname=x")
    office.desk.home.root.joinpath("config.yaml").write_text(f"case_register_database_file: {file}\n")
    with pytest.raises(HomeRefused, match="does not answer") as refused:
        _ = Desk.at(office.desk.home.root).cases
    assert "hemlig" not in str(refused.value)
    office.desk.home.root.joinpath("config.yaml").unlink()


@pytest.fixture
def of_before(tmp_path: Path) -> str:
    """A database as homes have it from before databases said of which revision they are."""
    address = f"sqlite:///{tmp_path / 'older.sqlite'}"
    engine = create_engine(address)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO case_event VALUES ('1-2021', 1, 'opened', '2021', 'P', '{}', 1, 'a', 'm')")
        )
    engine.dispose()
    return address


def test_a_home_of_before_is_upgraded_where_it_is_opened_and_keeps_its_events(of_before: str) -> None:
    engine = open_database(of_before)
    with engine.connect() as connection:
        assert revision_of(connection) == HEAD
        assert connection.execute(text("SELECT mac FROM case_event")).scalars().all() == ["m"]
    with engine.connect() as connection, pytest.raises(IntegrityError, match="never changed"):
        connection.execute(text("DELETE FROM case_event"))
    engine.dispose()


def test_two_processes_that_open_a_home_at_once_upgrade_it_once(of_before: str) -> None:
    start, found = threading.Barrier(4), list[str | None]()

    def opened() -> None:
        start.wait()
        engine = open_database(of_before)
        with engine.connect() as connection:
            found.append(revision_of(connection))
        engine.dispose()

    threads = [threading.Thread(target=opened) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [HEAD] * 4


def test_a_database_of_a_newer_version_is_refused_and_stays_as_it_is(of_before: str) -> None:
    engine = open_database(of_before)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '0999'"))
    with pytest.raises(HomeRefused, match="revision 0999, which a newer version has made"):
        open_database(of_before)
    with engine.connect() as connection:
        assert revision_of(connection) == "0999"
    engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def test_all_revisions_in_turn_give_what_a_new_database_has(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    found = []
    for step_by_step in (False, True):
        address = f"sqlite:///{tmp_path / str(step_by_step)}"
        if kind == "postgresql":
            string = fresh_database(request.getfixturevalue("server"), tmp_path).read_text()
            address = "postgresql+psycopg2://?" + "&".join(string.split(" "))
        engine = engine_of(address)
        if step_by_step:
            with engine.begin() as connection:
                upgrade(connection, None)
        else:
            make_present(engine)
        found.append(_schema(engine))
        engine.dispose()
    assert found[0] == found[1]


def _schema(engine: object) -> object:
    """The columns, keys and triggers of a database."""
    seen = inspect(engine)
    columns = {table: [str(column) for column in seen.get_columns(table)] for table in sorted(seen.get_table_names())}
    ask = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
    if engine.dialect.name == "sqlite":  # type: ignore[attr-defined]
        ask = "SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1"
    with engine.connect() as connection:  # type: ignore[attr-defined]
        triggers = connection.execute(text(ask)).scalars().all()
    return columns, seen.get_pk_constraint("case_event")["constrained_columns"], triggers


def test_a_database_of_the_present_revision_is_opened_without_alembic(tmp_path: Path) -> None:
    """It takes a fifth of a second to load, which every command would wait for."""
    import subprocess
    import sys

    program = (
        "import sys; from samkorning.case.revisions import open_database; "
        f"open_database('sqlite:///{tmp_path}/x'); open_database('sqlite:///{tmp_path}/x'); "
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2]).returncode == 0


def test_every_revision_has_its_step() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    import samkorning.case.revisions as revisions

    config = Config()
    config.set_main_option("script_location", str(Path(revisions.__file__).parent))
    steps = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(reversed([step.revision for step in steps])) == REVISIONS
