"""Letters that go by themselves when their act is recorded: once, tried again, and seen until they have gone."""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from assets.steps.delivery.delivered_files import file_misfits
from assets.steps.delivery.due import due_cases
from assets.steps.letters.by_themselves import send_by_themselves
from assets.steps.letters.sending import Request, send_letter
from assets.steps.letters.waiting import names_not_sent
from assets.steps.overview import overview
from assets.steps.recording import record
from assets.steps.reminding import remind_where_due
from resources.desk import Desk
from samkorning.case import EventKind
from samkorning.case.enquiries import ask, remind
from samkorning.durable import make_folder
from tests.commands import answer, program
from tests.factories import SAMPLE_ORDER, approved, delivered
from tests.letters import NUMBER, LetterHome, a_letter_home
from tests.mail_server import MailServer, mail_server

K = EventKind
OTHER = f"case {NUMBER}, L001: something else lies beside the delivery"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("by_themselves")
    a_letter_home(folder).desk.cases.close()
    return folder


@pytest.fixture
def home(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LetterHome]:
    """A home whose case was opened a moment ago, and whose letters go by themselves from now on."""
    monkeypatch.delenv("SAMKORNING_LETTERS_BY_THEMSELVES")
    shutil.copytree(template / "home", tmp_path / "home")
    found = LetterHome(tmp_path / "home", Desk.at(tmp_path / "home"))
    yield found
    found.desk.cases.close()


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def letters_sent(home: LetterHome) -> list[tuple[str, str]]:
    return [(said["letter"], said["way"]) for said in home.sent]


def a_case_with_questions(home: LetterHome) -> None:
    today = home.desk.clock.today()
    act = ask(home.case, ["Vilka åldrar?"], today + timedelta(days=14), today)
    home.record((act.kind, "Olle", act.detail))


def test_the_confirmation_goes_when_the_order_is_opened(home: LetterHome, tmp_path: Path) -> None:
    order = tmp_path / "order.yaml"
    order.write_text(SAMPLE_ORDER, encoding="utf-8")
    opened = answer(program(home.root, "case", "open", order, "--case", "20-2026", "--as", "Olle", "--json"))
    assert opened["case"] == "20-2026"
    desk = Desk.at(home.root)
    [letter] = desk.cases.case("20-2026").of(K.LETTER_SENT)
    assert (letter.detail["letter"], letter.detail["way"], letter.person) == ("confirmation", "folder", "samkorning")
    assert send_by_themselves(desk, "20-2026") == []
    desk.cases.close()


def test_a_reminder_goes_when_it_is_recorded_and_no_other_letter_does(home: LetterHome) -> None:
    send_by_themselves(home.desk, NUMBER)
    a_case_with_questions(home)
    assert letters_sent(home) == [("confirmation", "folder")], "questions wait for the officer"
    today = home.desk.clock.today()
    act = remind(home.case, "questions", today + timedelta(days=21), today)
    after = record(home.desk, home.case, "Olle", act)
    assert letters_sent(home) == [("confirmation", "folder"), ("reminder", "folder")]
    assert after.events == home.case.events, "whoever goes on sees the case with its letter"
    assert remind_where_due(home.desk, NUMBER) == []
    assert len(home.sent) == 2


def test_the_letter_of_a_delivery_lies_beside_its_package(home: LetterHome) -> None:
    folder = home.desk.home.outbox(NUMBER) / "L001"
    make_folder(folder)
    kind, person, made = delivered()
    made = {**made, "path": f"outbox/{NUMBER}/L001/x.age", "files": [{"name": "lisa", "rows": 7}]}
    home.record(*approved(), (kind, person, made))
    send_by_themselves(home.desk, NUMBER)
    assert ("delivery", "folder") in letters_sent(home)
    [beside] = list(folder.iterdir())
    [said] = [said for said in home.sent if said["letter"] == "delivery"]
    assert beside.name.startswith(f"{NUMBER}_L001_letter.")
    assert beside.read_bytes() == (home.root / said["file"]).read_bytes()
    assert OTHER not in [misfit.problem for misfit in file_misfits(home.desk, home.case)], "it belongs there"
    beside.write_bytes(b"another letter")
    assert OTHER in [misfit.problem for misfit in file_misfits(home.desk, home.case)]
    beside.unlink()
    [again] = send_letter(home.desk, NUMBER, Request("delivery"), "Olle")
    assert again.done == "nothing"
    assert beside.exists(), "a crash behind the event is made up for"


def test_what_cannot_go_is_seen_and_tried_again_and_then_goes_once(home: LetterHome, server: MailServer) -> None:
    away = {"host": "localhost", "port": 1, "tls": "none", "sender": "registerservice@example.org"}
    home.settings(mail=away)
    assert send_by_themselves(home.desk, NUMBER) == []
    assert names_not_sent(home.desk, home.case) == ("confirmation",)
    [row] = due_cases(home.desk)
    assert row.reminder == home.desk.clock.today(), "the look after reminders tries again"
    assert overview(home.desk)[0].line.letters_not_sent == ("confirmation",)
    listed = json.loads(program(home.root, "case", "list", "--json").stdout)
    assert listed["cases"][0]["letters_not_sent"] == ["confirmation"]
    assert "letters not sent yet: confirmation" in program(home.root, "case", "show", NUMBER).stdout
    home.settings(mail={**away, "port": server.port})
    server.taken.clear()
    remind_where_due(home.desk, NUMBER)
    remind_where_due(home.desk, NUMBER)
    assert letters_sent(home) == [("confirmation", "smtp")]
    assert len(server.taken) == 1
    assert overview(home.desk)[0].line.letters_not_sent == ()
    assert [row.reminder for row in due_cases(home.desk)] != [home.desk.clock.today()]


def test_a_letter_that_has_waited_for_weeks_waits_for_a_person(
    home: LetterHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = home.desk.clock.today() + timedelta(days=15)
    monkeypatch.setenv("SAMKORNING_TODAY", later.isoformat())
    home.settings()
    assert send_by_themselves(home.desk, NUMBER) == []
    assert names_not_sent(home.desk, home.case) == ()
    assert home.sent == []
    [done] = send_letter(home.desk, NUMBER, Request("confirmation"), "Olle")
    assert done.done == "laid down"


def test_where_the_settings_say_so_each_letter_waits_for_a_person(home: LetterHome) -> None:
    home.settings(letters_by_themselves=False)
    assert send_by_themselves(home.desk, NUMBER) == []
    assert names_not_sent(home.desk, home.case) == ()
