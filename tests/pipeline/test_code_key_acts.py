"""The acts on a code key as people take them: import, export, look-up, objection, cutting the link, rotation."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.steps import stores
from assets.steps.case_view import require_may_extract
from assets.steps.persons.code_keys import ImportedFile, cut_links, import_from_file, remove_person
from samkorning.case import EventKind
from samkorning.encryption.age import create_identity, unseal
from samkorning.errors import FileRefused, RuleRefused
from samkorning.linkage import serial_number_lookup
from tests import commands
from tests.canary import hits
from tests.office import Office
from tests.patience import PATIENCE

pytestmark = pytest.mark.slow
ANNA, BO = "212001011002", "212001021001"
RESERVE = "992200123455"


def program(office: Office, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return commands.program(office.desk.home.root, *arguments, given=given)


def on_a_terminal(office: Office, *arguments: str, given: str) -> str:
    """What the program prints when its standard output is a terminal."""
    command = [sys.executable, "-m", "cli", "--home", str(office.desk.home.root), *arguments]
    ours, theirs = pty.openpty()
    done = subprocess.run(command, input=given, stdout=theirs, stderr=subprocess.PIPE, text=True, timeout=PATIENCE)
    os.close(theirs)
    assert done.returncode == 0, done.stderr
    return os.read(ours, 1 << 16).decode()


def pairs_file(office: Office, *rows: tuple[str, str], ending: str = "csv") -> Path:
    frame = pl.DataFrame(rows, schema=["pnr", "lopnr"], orient="row")
    path = office.folder / f"other_key.{ending}"
    if ending == "csv":
        frame.write_csv(path, separator=";")
    elif ending == "parquet":
        frame.write_parquet(path)
    else:
        frame.write_excel(path)
    return path


def held(office: Office, case: str) -> dict[int | None, int]:
    return dict(
        stores.code_key_rows(office.desk, office.desk.case(case))
        .select("number", "serial_number")
        .collect()
        .iter_rows()
    )


def import_pairs(office: Office, case: str, path: Path) -> Any:
    return import_from_file(office.desk, office.desk.case(case), ImportedFile(path, "pnr", "lopnr"), "Erik")


def opened(sealed: Path, secret: str) -> str:
    plain = sealed.with_suffix(".plain")
    with sealed.open("rb") as source, plain.open("wb") as target:
        unseal(source, target, secret)
    return plain.read_text()


@pytest.fixture
def case(office: Office) -> str:
    """A decided case with Anna as 1001 and Bo as 1002, from another authority's code key."""
    number = office.open_case()
    office.decide(number)
    import_pairs(office, number, pairs_file(office, (ANNA, "1001"), (BO, "1002")))
    return number


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_another_authoritys_code_key_comes_in_from_every_format(office: Office, ending: str) -> None:
    case = office.open_case()
    with pytest.raises(RuleRefused, match="R09"):
        import_pairs(office, case, pairs_file(office, (ANNA, "1001"), ending=ending))
    office.decide(case)
    done = program(
        office, "key", "import", case, str(pairs_file(office, (ANNA, "1001"), (BO, "1002"), ending=ending)),
        "--number-column", "pnr", "--serial-number-column", "lopnr", "--as", "Erik", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"case": case, "added": 2, "known": 0, "generation": 1}
    assert held(office, case) == {int(ANNA): 1001, int(BO): 1002}
    event = office.desk.case(case).last(EventKind.CODE_KEY_IMPORTED)
    assert event is not None
    assert event.detail["added"] == 2
    assert ANNA not in str(event.detail)


def test_a_refused_import_names_rows_and_no_value_and_leaves_nobody_behind(office: Office, case: str) -> None:
    path = pairs_file(office, ("212001031000", "7"), (BO, "1003"), ("nobody", "8"), (RESERVE, "9"))
    done = program(
        office, "key", "import", case, str(path), "--number-column", "pnr", "--serial-number-column", "lopnr"
    )
    assert done.returncode == 1
    assert "rows 2" in done.stderr
    assert "rows 3" in done.stderr
    for value in ("nobody", BO, "1003", RESERVE):
        assert value not in done.stderr
    assert held(office, case) == {int(ANNA): 1001, int(BO): 1002}
    assert not office.desk.vault.has_store(case, stores.CODE_KEY, "other_identities.person")


def test_a_missing_column_is_told_with_the_options_that_name_it(office: Office, case: str) -> None:
    done = program(office, "key", "import", case, str(pairs_file(office, (ANNA, "1"))))
    assert done.returncode == 1
    assert "--number-column" in done.stderr


def test_an_identity_that_is_text_keeps_its_serial_number_and_comes_out_as_it_came(office: Office, case: str) -> None:
    import_pairs(office, case, pairs_file(office, ("992200123455", "77")))
    identity = create_identity()
    done = program(
        office, "key", "export", case, "--recipient", identity.recipient, "--to", str(office.folder / "k.age")
    )
    assert done.returncode == 0, done.stderr
    rows = set(opened(office.folder / "k.age", identity.secret).split())
    assert rows == {"serial_number;number;issuer", f"1001;{ANNA};", f"1002;{BO};", "77;992200123455;stockholm"}


def test_an_export_is_recorded_and_never_overwrites(office: Office, case: str) -> None:
    identity, to = create_identity(), office.folder / "key.age"
    arguments = ("key", "export", case, "--recipient", identity.recipient, "--to", str(to), "--as", "Olle")
    assert program(office, *arguments).returncode == 0
    content = to.read_bytes()
    assert program(office, *arguments).returncode == 1
    assert to.read_bytes() == content
    assert to.stat().st_mode & 0o077 == 0
    [event] = office.desk.case(case).of(EventKind.CODE_KEY_EXPORTED)
    assert (event.person, event.detail["recipient"], event.detail["pairs"]) == ("Olle", identity.recipient, 2)
    acts = [record.act for record in office.desk.audit.records()]
    assert acts.count("export code key") == 2
    assert program(office, *arguments[:4], "age1nobody", *arguments[5:]).returncode == 1


PURPOSE = ("--purpose", "a patient safety matter, by decision 12")


def test_a_look_up_is_answered_on_a_terminal(office: Office, case: str) -> None:
    shown = on_a_terminal(office, "key", "look-up", case, *PURPOSE, given="1002\n7\n")
    assert shown.split() == ["serial_number;number;issuer", f"1002;{BO};", "7;;"]
    record = next(record for record in office.desk.audit.records() if record.act == "look-up")
    assert (record.facts["purpose"], record.facts["asked"]) == (PURPOSE[1], 2)
    event = office.desk.case(case).last(EventKind.SERIAL_NUMBERS_LOOKED_UP)
    assert event is not None
    assert event.detail["asked"] == 2


def test_a_look_up_into_a_pipe_is_refused_unless_it_is_sealed(office: Office, case: str) -> None:
    done = program(office, "key", "look-up", case, *PURPOSE, "--json", given="1002\n")
    assert done.returncode == 1
    assert BO not in done.stdout + done.stderr
    assert not any(record.act == "look-up" for record in office.desk.audit.records())
    identity, to = create_identity(), office.folder / "answer.age"
    sealed = ("--recipient", identity.recipient, "--to", str(to))
    done = program(office, "key", "look-up", case, *PURPOSE, *sealed, given="1002\n")
    assert done.returncode == 0, done.stderr
    assert BO not in done.stdout
    assert opened(to, identity.secret).split()[1] == f"1002;{BO};"


@pytest.mark.parametrize(
    ("purpose", "given"), [("why", "1002\n"), (f"about {ANNA} indeed", "1\n"), (PURPOSE[1], "x1\n")]
)
def test_a_look_up_needs_a_purpose_and_serial_numbers(office: Office, case: str, purpose: str, given: str) -> None:
    sealed = ("--recipient", create_identity().recipient, "--to", str(office.folder / "a.age"))
    done = program(office, "key", "look-up", case, "--purpose", purpose, *sealed, given=given)
    assert done.returncode == 1
    assert ANNA not in done.stderr
    assert not (office.folder / "a.age").exists()


def test_somebody_who_objects_is_removed_and_never_comes_back(office: Office) -> None:
    case = office.delivered_case()["case"]
    before = held(office, case)
    population = stores.population(office.desk, office.desk.case(case)).scan().collect()["number"]
    objector = next(number for number in population if number in before)
    seen = program(office, "key", "remove-person", case, "--preview", "--json", given=f"{objector}\n")
    assert json.loads(seen.stdout) == {"case": case, "would_stand_for_nobody": 1}
    assert held(office, case) == before, "a preview changes nothing"
    done = program(office, "key", "remove-person", case, "--json", given=f"{objector}\n")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["serial_numbers"] == 1
    assert str(objector) not in done.stdout + done.stderr
    office.release_holders(case, "Region Exempel")
    office.receive(case, "region_labb")
    office.deliver(case)
    now = held(office, case)
    assert objector not in now
    assert before[objector] in now.values()
    assert {number: serial for number, serial in before.items() if number != objector}.items() <= now.items()
    left = stores.population(office.desk, office.desk.case(case)).scan().collect()["number"]
    assert objector not in left


def test_every_number_of_somebody_who_objects_is_removed(office: Office) -> None:
    case = office.delivered_case()["case"]
    found = office.desk.case(case)
    history = stores.persons_of_history(office.desk, found)
    lookup = serial_number_lookup(stores.code_key_rows(office.desk, found), history)
    changed = history.filter(pl.col("number") != pl.col("person_number"), ~pl.col("reused")).join(lookup, on="number")
    number = changed.select("number").collect()["number"][0]
    assert remove_person(office.desk, found, str(number), "Olle") >= 1
    after = serial_number_lookup(stores.code_key_rows(office.desk, found), history)
    assert number not in after.collect()["number"]


def test_nothing_of_the_acts_lies_in_clear(office: Office, case: str) -> None:
    identity, home = create_identity(), office.desk.home.root
    sealed = ("--recipient", identity.recipient, "--to", str(home / "sealed.age"))
    assert program(office, "key", "look-up", case, *PURPOSE, *sealed, given="1001\n").returncode == 0
    assert program(office, "key", "import", case, str(pairs_file(office, (BO, "9")))).returncode == 1
    assert program(office, "key", "remove-person", case, given=f"{BO}\n").returncode == 0
    assert program(office, "key", "rotate", case, "--level", "store").returncode == 0
    assert hits(home, [int(ANNA), int(BO)]) == []


def test_an_unreadable_objection_is_refused_without_quoting_it(office: Office, case: str) -> None:
    with pytest.raises(FileRefused) as refused:
        remove_person(office.desk, office.desk.case(case), "2120010100", "Olle")
    assert "2120010100" not in str(refused.value)


def test_a_cut_link_keeps_the_serial_numbers_and_ends_linkage(office: Office) -> None:
    case = office.delivered_case()["case"]
    before = held(office, case)
    reason = ("--reason", "the study has ended", "--as", "Olle", "--json")
    seen = program(office, "key", "cut-link", case, "--preview", *reason)
    assert json.loads(seen.stdout) == {"case": case, "would_stand_for_nobody": len(before)}
    assert held(office, case) == before, "a preview changes nothing"
    done = program(office, "key", "cut-link", case, *reason)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["serial_numbers"] == len(before)
    rows = stores.code_key_rows(office.desk, office.desk.case(case)).collect()
    assert rows["number"].null_count() == rows.height
    assert set(rows["serial_number"]) == set(before.values())
    with pytest.raises(RuleRefused, match="cut"):
        require_may_extract(office.desk, office.desk.case(case))
    with pytest.raises(RuleRefused, match="cut"):
        cut_links(office.desk, office.desk.case(case), "again", "Olle")
    refused = program(office, "key", "cut-link", case, "--preview", *reason)
    assert refused.returncode == 1, "a preview is refused as the act is"


@pytest.mark.parametrize("level", ["master", "class", "store"])
def test_rotation_keeps_every_row_and_changes_the_encryption_keys(office: Office, case: str, level: str) -> None:
    before, folder = held(office, case), office.desk.keystore_folder
    earlier = {path: path.read_bytes() for path in folder.rglob("*.json")}
    done = program(office, "key", "rotate", "--level", level, "--as", "Olle")
    assert done.returncode == 0, done.stderr
    assert level == "master" or case in done.stderr
    assert held(office, case) == before
    changed = {
        path.relative_to(folder).parts[0] for path in earlier if not path.exists() or path.read_bytes() != earlier[path]
    }
    assert (
        changed
        >= {"master": {"provider"}, "class": {"classes", "provider", "roots"}, "store": {"roots", "anchors"}}[level]
    )
    assert level == "master" or office.desk.case(case).last(EventKind.ENCRYPTION_KEYS_ROTATED) is not None


def test_rotating_one_case_leaves_the_others(office: Office, case: str) -> None:
    assert program(office, "key", "rotate", "--level", "class", "nothing-2026").returncode == 1
    done = program(office, "key", "rotate", case, "--level", "store", "--json")
    assert json.loads(done.stdout)["rotated"] == 1
    assert program(office, "key", "rotate", case, "--level", "master").returncode == 2


def test_a_serial_number_that_begins_as_a_number_of_the_case_stops_no_delivery(office: Office) -> None:
    """Nine digits of chance: nobody could do anything about it, as serial numbers never change."""
    case = office.ready_case()
    persons = office.world.study().to_list()
    other = next(number for number in persons[1:] if str(number)[2] != "0")
    path = office.folder / "key.csv"
    pl.DataFrame({"pnr": [str(persons[0])], "lopnr": [str(other)[2:-1]]}).write_csv(path, separator=";")
    import_pairs(office, case, path)
    assert office.deliver(case)["delivery"] == "L001"
