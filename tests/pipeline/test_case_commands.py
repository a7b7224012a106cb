"""The acts of a case officer at the command line: in words and for programs alike, from the queue to the archive.

One synthetic case goes from its order to a decision, another ends; what each command says is looked at, not only that
it ends with 0.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.commands import answer, program
from tests.factories import SAMPLE
from tests.office import Office

CASE, OTHER = "1-2026", "2-2026"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with two cases, of which the second came later."""
    office = Office(tmp_path_factory.mktemp("commands"))
    root = office.desk.home.root
    (root / "config.yaml").write_text(
        "absences: {Stina: [{first_day: 2000-01-01, last_day: 2999-12-31, stand_in: Anna}]}\n"
    )
    for number in (CASE, OTHER):
        answer(program(root, "case", "open", SAMPLE / "order.yaml", "--case", number, "--as", "Sofia", "--json"))
    yield root
    office.desk.cases.close()


def done(home: Path, *arguments: object) -> Any:
    """A command that goes well, as a program reads it."""
    return answer(program(home, "case", *arguments, "--as", "Olle", "--json"))


def said(home: Path, *arguments: object) -> str:
    """What a command says in words, however wide the terminal."""
    shown = program(home, "case", *arguments)
    assert shown.returncode == 0, shown.stderr
    return " ".join(shown.stdout.split())


def refused(home: Path, *arguments: object) -> str:
    """Why a command is refused."""
    shown = program(home, "case", *arguments, "--as", "Olle")
    assert shown.returncode == 1, shown.stdout
    return " ".join(shown.stderr.split())


def test_a_case_goes_from_the_queue_to_its_decision(home: Path) -> None:
    assert [row["case"] for row in answer(program(home, "case", "queue", "--json"))["queue"]] == [CASE, OTHER]
    assert CASE in said(home, "queue")
    assert f"`case assign {CASE}` first, or say with --out-of-turn" in refused(
        home, "assign", OTHER, "Olle", "--note", "new"
    )
    assert "Anna, who stands in" in refused(home, "assign", CASE, "Stina", "--note", "new")
    assert done(home, "assign", CASE, "Olle", "--note", "new") == {"case": CASE, "event": "assigned", "state": "opened"}
    assert [row["case"] for row in answer(program(home, "case", "queue", "--json"))["queue"]] == [OTHER]
    done(home, "review-first", CASE, "--note", "complete but for the years")
    done(home, "ask", CASE, "--question", "Which years?", "--question", "Who makes the population?")
    assert "the orderer's answer is awaited: questions (Kontakt Exempel" in said(home, "show", CASE)
    done(home, "remind", CASE, "questions")
    done(home, "answer", CASE, "--note", "2219 to 2220")
    done(home, "met", CASE, "--agreed", "years and registers")
    done(home, "supplement", CASE)
    assert "R11:" in refused(home, "supplement", CASE)
    done(home, "supplement", CASE, "--given", "--note", "Dnr 2026-00001-02")
    done(home, "send-specification", CASE, "--low", "20000", "--high", "30000")
    done(home, "approve", CASE)
    done(home, "quote", CASE, "--hours", "8")
    held = refused(home, "decide", CASE, "--role", "lawyer")
    assert held.startswith("R20: the orderer's answer is awaited until")
    assert "who can: case quote: case officer" in held
    done(home, "quote", CASE, "--accepted")
    done(home, "ask-holder", CASE, "SCB", "--due", "2999-01-01")
    done(home, "holder-refused", CASE, "Region Exempel", "--why", "quality", "--note", "too few values")
    done(home, "pause", CASE, "--reason", "a holiday", "--for", "us")
    assert "R02: the case rests" in refused(home, "decide", CASE, "--role", "case_officer")
    assert "next: the case rests" in said(home, "show", CASE)
    done(home, "resume", CASE)
    assert "the case is Olle's" in " ".join(
        program(home, "case", "decide", CASE, "--role", "case_officer", "--as", "Mia").stderr.split()
    )
    for role, person in (("case_officer", "Olle"), ("manager", "Mia"), ("lawyer", "Lisa")):
        last = answer(program(home, "case", "decide", CASE, "--role", role, "--as", person, "--json"))
    assert last["state"] == "approved"
    shown = answer(program(home, "case", "show", CASE, "--json"))
    assert shown["officer"] == "Olle"
    assert {each["holder"]: each["decision"] for each in shown["holders"]} == {
        "SCB": "asked",
        "Exempelregistret": "not asked",
        "Region Exempel": "refused",
    }
    assert "Region Exempel: refused" in said(home, "show", CASE)


def test_what_follows_a_delivery_has_its_commands_too(home: Path) -> None:
    done(home, "agreement", CASE, "Exempelregistret", "--until", "2999-01-01", "--results-due", "2998-01-01")
    assert "R28: nothing has been delivered" in refused(home, "copies-deleted", CASE)
    assert "R28: nothing has been delivered" in refused(home, "results", CASE, "Exempelregistret")
    assert "R10: the research principal is an authority" in refused(home, "reserve", CASE, "--person", "Anna Exempel")
    done(home, "incident", CASE, "--what", "a letter went to a wrong address")
    assert "has no open incident 1" in refused(home, "incident", CASE, "--close", "1", "--note", "learnt")
    assert program(home, "case", "incident", CASE, "--note", "learnt").returncode == 2
    assert "R27: the case has neither delivered nor ended" in refused(
        home, "questionnaire", CASE, "--effective", "4", "--clear", "5"
    )


def test_old_cases_are_told_to_their_officers_who_report_back(home: Path, tmp_path: Path) -> None:
    assert said(home, "inventory") == "no old case waits for anything"
    later = ("--today", "2027-11-30")
    listed = answer(program(home, *later, "case", "inventory", "--json", "--to", tmp_path / "lists"))
    assert [(line["case"], line["stage"], line["officer"]) for line in listed["lines"]] == [
        (OTHER, "queue", "no officer"),
        (CASE, "extraction", "Olle"),
    ]
    assert sorted(listed["files"]) == ["inventory_Olle.txt", "inventory_no_officer.txt"]
    text = (tmp_path / "lists" / "inventory_Olle.txt").read_text(encoding="utf-8")
    assert f"samkorning case report-back {CASE}" in text
    assert "R02: nobody has the case" in refused(home, "report-back", OTHER, "--note", "nothing")
    done(home, "report-back", CASE, "--note", "the holder is reminded")
    sent = date.today().isoformat()
    shown = program(home, *later, "case", "inventory", "--sent", sent, "--officer", "Olle", "--json")
    assert [line["reported"] for line in answer(shown)["lines"]] == ["the holder is reminded"]


def test_a_case_that_nobody_answers_for_is_ended_by_a_person(home: Path) -> None:
    done(home, "assign", OTHER, "Olle", "--note", "new")
    done(home, "ask", OTHER, "--question", "Which years?")
    assert "R02: the orderer may still answer until" in refused(
        home, "end", OTHER, "dismissed", "--reason", "no answer"
    )
    preview = done(home, "end", OTHER, "closed", "--reason", "the orderer takes it back", "--preview")
    assert (preview["would_record"], preview["state"]) == ("ended", "opened")
    assert "R02" in refused(home, "end", OTHER, "dismissed", "--reason", "no answer", "--preview")
    ended = done(home, "end", OTHER, "closed", "--reason", "the orderer takes it back")
    assert ended == {"case": OTHER, "event": "ended", "state": "ended"}
    assert "next: nothing: the case was closed (nobody)" in said(home, "show", OTHER)
    assert "what comes late is a new order" in refused(home, "answer", OTHER, "--note", "2219")
    done(home, "invoice", OTHER)
    assert "R02" in refused(home, "approve", OTHER)
