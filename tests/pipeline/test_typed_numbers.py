"""An identity number typed anywhere is refused: nothing of it is kept, logged or said back.

Every parameter of every command is walked through, so that a new command is tried as well. Each parameter gets a number
of its own; afterwards every byte of the home and the names of its files are searched for all of them.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from samkorning.case import EventKind
from samkorning.errors import RuleRefused
from tests.canary import hits
from tests.commands import Parameter, Said, parameters, run_here
from tests.factories import SAMPLE, an_order
from tests.office import ENGINEER, OFFICER, RECIPIENT, Office
from tests.spelled import SPELLINGS, grouped

PARAMETERS = parameters()
STARTS_MUCH = {"up": "starts servers", "demo": "runs for minutes where a number of persons is taken as it is"}
"""Commands that are tried with the look at the whole command line alone, each with the reason."""

CHANGES = {("key", "passphrase")}
"""Not tried with a file that is there, because the keystore would open with it from then on."""

WITH_MORE = {
    ("key", "look-up"): ["--recipient", RECIPIENT, "--to", "sealed.age"],
    ("key", "export"): ["--to", "sealed.age"],
    ("case", "keep-key"): ["--without-limit"],
    ("file", "check"): ["--specification", str(SAMPLE / "order.yaml"), "--source", "diabetes"],
}
"""Options without which a command ends before it looks at the others."""

FILE = str(SAMPLE / "kvalitetsregister_diabetes.csv")
VALID = {
    "case": "36759-2021", "order": str(SAMPLE / "order.yaml"), "reason": "a reason", "source": "diabetes",
    "delivery": "L001", "until": "2230-01-01", "contact": "Kontakt Exempel", "representative": "Rektor Exempel",
    "recipient": RECIPIENT, "purpose": "what the answer is for", "held": "0" * 16, "register": "PAR_SV",
    "year": "2219", "level": "store", "role": "case_officer", "holder": "SCB", "identity": FILE, "to": "sealed.age",
    "officer": "Olle", "note": "a note", "question": "a question", "about": "questions", "agreed": "years",
    "outcome": "closed", "low": "1", "high": "2", "due": "2230-01-01", "why": "law", "results_due": "2230-01-01",
    "effective": "4", "clear": "4", "person": "Anna Exempel", "part": "title", "leads_to": "amendment",
    "peer": "scb", "signing_key": "A" * 43 + "=", "their_case": "10002-2026", "kind": "persons", "hand_over": "B" * 12,
}  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One office with a case that has its population; the working folder is one of its own."""
    before, place = dict(os.environ), Path.cwd()
    office = Office(tmp_path_factory.mktemp("typed"))
    case = office.open_case()
    office.decide(case)
    office.receive(case, "population", "number_history")
    (office.folder / "here").mkdir()
    os.chdir(office.folder / "here")
    yield office
    os.chdir(place)
    office.desk.cases.close()
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def numbers(office: Office) -> dict[Parameter, str]:
    """A number of the study for each parameter."""
    study = [str(number) for number in office.world.study()]
    return {parameter: study[count % len(study)] for count, parameter in enumerate(PARAMETERS)}


def line(tried: Parameter, value: str) -> list[str]:
    """A command line with the value in that place, and valid values in the places of all else that is needed."""
    given = []
    for each in PARAMETERS:
        if each.command == tried.command and (each.required or each == tried):
            given += each.given(value if each == tried else VALID.get(each.name, FILE))
    more = WITH_MORE.get(tried.command, [])
    return [*tried.command, *given, *(more if tried.option not in more else [])]


def said_back(said: Said, number: str, spelled: str) -> list[str]:
    """Which pieces of the number stand in what the program printed, however it was wrapped."""
    printed = re.sub(r"\s", "", said.printed)
    pieces = (re.sub(r"\s", "", spelled), number, number[2:], f"{number[2:8]}-{number[8:]}", number[4:11])
    return [piece for piece in pieces if piece in printed]


def test_the_walk_meets_what_people_type() -> None:
    walked = {str(parameter) for parameter in PARAMETERS}
    assert {"case complain --reason", "case withdraw source", "case open --case", "key look-up --purpose",
            "dispose --second-person", "register load year", "receive files", "--home"} <= walked  # fmt: skip
    assert len(walked) > 80


def test_a_number_in_any_parameter_and_spelling_is_refused(office: Office, numbers: dict[Parameter, str]) -> None:
    names = list(SPELLINGS)
    for count, (parameter, number) in enumerate(numbers.items()):
        for name in (names * 2)[count % len(names) :][:5]:
            spelled = SPELLINGS[name](number)
            said = run_here(office.desk.home.root, line(parameter, spelled))
            assert (said.exit_code, said_back(said, number, spelled)) == (1, []), f"{parameter}, {name}"
            assert "write the serial number or the row" in said.printed
    assert_nothing_is_left(office, numbers)


@pytest.mark.slow
def test_each_end_refuses_it_by_itself(
    office: Office, numbers: dict[Parameter, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the look at the whole command line is switched off: no text, name or number of a command takes one."""
    monkeypatch.setattr("cli.main.refuse_typed_numbers", lambda arguments: None)
    events = office.desk.cases.counts()
    tried = [each for each in PARAMETERS if not each.takes_path and " ".join(each.command) not in STARTS_MUCH]
    names = list(SPELLINGS)
    for count, parameter in enumerate(tried):
        for name in (names[count % len(names)], "hyphen, ten"):
            spelled = SPELLINGS[name](numbers[parameter])
            said = run_here(office.desk.home.root, line(parameter, spelled), "271828182\n")
            assert said.exit_code in (1, 2), f"{parameter}, {name}: {said.printed}"
            assert said_back(said, numbers[parameter], spelled) == [], f"{parameter}, {name}"
    assert office.desk.cases.counts() == events
    assert_nothing_is_left(office, numbers)


def test_a_file_that_is_named_after_a_person_is_never_told_by_its_name(
    office: Office, numbers: dict[Parameter, str]
) -> None:
    taking = [each for each in PARAMETERS if (each.takes_path or each.name == "file") and each.command not in CHANGES]
    names = ("twelve digits", "hyphen, twelve", "space, ten", "full width", "dot in the date")
    for count, parameter in enumerate(taking):
        number, content = numbers[parameter], Path(VALID["order"] if parameter.name == "order" else FILE).read_bytes()
        spelled = SPELLINGS[names[count % len(names)]](number)
        file = office.folder / f"svar {spelled}.csv"
        file.write_bytes(content)
        said = run_here(office.desk.home.root, line(parameter, str(file)))
        assert said_back(said, number, spelled) == [], f"{parameter}: {said.printed}"
    assert_nothing_is_left(office, numbers)


def assert_nothing_is_left(office: Office, numbers: dict[Parameter, str]) -> None:
    """No byte and no name below the home or in the working folder holds one of the numbers."""
    every = set(numbers.values())
    for folder in (office.desk.home.root, Path.cwd()):
        assert hits(folder, [int(number) for number in every]) == []
    spelled = [spell(number).encode() for number in every for spell in SPELLINGS.values()]
    for path in office.desk.home.root.rglob("*"):
        if path.is_file() and not path.is_relative_to(office.desk.home.vault):  # what lies there is encrypted
            content = path.read_bytes()
            assert not any(each in content for each in spelled), path


@pytest.mark.parametrize(
    "number",
    ["../x-2026", "10001-2026; rm", "\u0661\u0660\u0660\u0660\u0661-2026", "-h", "", " 10001-2026 ", "10001-2026\n",
     "1" * 400, "1" * 395 + "-2026", "010001-2026", "0-2026", "100001-2026", "10001-26", "10001-1826", "10001/2026",
     "10001\u20132026", "L001", "own-registers", "unmatched-files", "10001-2026\x00", "10001-2026-2", ".",
     "\uff11\uff10\uff10\uff10\uff11-2026"],
)  # fmt: skip
def test_a_case_opens_under_a_case_number_alone(office: Office, number: str) -> None:
    order = office.folder / "order.yaml"
    order.write_text(an_order(), encoding="utf-8")
    before = (office.desk.cases.counts(), len(office.desk.audit.records()), office.desk.vault.cases())
    said = run_here(office.desk.home.root, ["case", "open", str(order), "--case", number, "--as", ENGINEER])
    assert said.exit_code in (1, 2)
    assert "36759-2021" in said.printed
    assert len(number) < 3 or number == "L001" or number not in said.printed
    assert (office.desk.cases.counts(), len(office.desk.audit.records()), office.desk.vault.cases()) == before


def test_every_command_asks_for_a_case_number_by_its_form(office: Office) -> None:
    for parameter in (each for each in PARAMETERS if each.name == "case"):
        said = run_here(office.desk.home.root, line(parameter, "../36759-2021"))
        seen = "such as 36759-2021" in said.printed, "../" in said.printed
        assert (said.exit_code, *seen) == (1, True, False), parameter


ODD = {
    "letters for digits": lambda number: number.replace("0", "O").replace("1", "l"),
    "another grouping": lambda number: grouped(number, 5, 3, 4),
    "commas": lambda number: ", ".join(number[2:]),
    "full stops and colons": lambda number: f"{number[2:5]}.:{number[5:7]}: {number[7:]}",
}
WORDS = {
    "withdraw": ["case", "withdraw", "36759-2021", "diabetes", "--reason", "the row of {} came too late"],
    "keep-key": ["case", "keep-key", "36759-2021", "--without-limit", "--reason", "for {}"],
    "cut-link": ["key", "cut-link", "36759-2021", "--reason", "{} asked for it"],
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("words", WORDS)
def test_the_cases_own_numbers_are_refused_in_every_spelling(office: Office, odd: str, words: str) -> None:
    events = office.desk.cases.counts()
    former = str(office.world.history["old_number"][0])
    for number in (str(office.world.study()[3]), former):
        spelled = ODD[odd](number)
        said = run_here(office.desk.home.root, [word.format(spelled) for word in WORDS[words]])
        assert (said.exit_code, said_back(said, number, spelled)) == (1, []), said.printed
        assert "holds a number of somebody in the case; write the serial number or the row" in said.printed
        record = office.desk.audit.records()[-1]
        assert (record.act, record.case, dict(record.facts)) == ("refuse free text", "36759-2021", {"field": "reason"})
    assert office.desk.cases.counts() == events


def test_ordinary_reasons_are_recorded_as_they_are(office: Office) -> None:
    reason = "row 4 of L001, telephone 070-123 45 67, diary number 36759/2021, 2219-01-01 - 2220-12-31"
    words = ["case", "withdraw", "36759-2021", "region_labb", "--reason", reason, "--as", OFFICER]
    said = run_here(office.desk.home.root, words)
    assert said.exit_code == 0, said.printed
    withdrawn = office.desk.case("36759-2021").last(EventKind.SOURCE_WITHDRAWN)
    assert withdrawn is not None and withdrawn.detail["reason"] == reason


@pytest.mark.parametrize("reason", ["", "   ", "a\x00b", "a\nb", "x" * 2001, "\udcff"])
def test_a_reason_says_something_that_can_be_shown(office: Office, reason: str) -> None:
    said = run_here(office.desk.home.root, ["case", "withdraw", "36759-2021", "diabetes", "--reason", reason])
    assert said.exit_code == 1 and said.printed.startswith("free text: the reason ")


def test_nothing_is_opened_for_a_text_that_can_hold_no_number(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from assets.steps import free_text  # the step itself, whose opening is watched

    case = office.desk.case("36759-2021")

    def opened(*_: object) -> None:
        raise AssertionError("a store was opened")

    monkeypatch.setattr(free_text, "_rows", opened)
    free_text.require_nobody_named(office.desk, case, OFFICER, {"reason": "row 4 of 2219, in 12 of 36759 rows"})
    with pytest.raises(AssertionError, match="opened"):
        free_text.require_nobody_named(office.desk, case, OFFICER, {"reason": "ring 08-123 456 789 01"})


def test_partitions_launch_configurations_and_tags_are_looked_at(office: Office) -> None:
    from dagster import DagsterRun

    from assets.graph import CASE_PARTITIONS  # Dagster takes seconds to load: only where it is needed
    from pipelines.definitions import build_definitions
    from pipelines.instance import dagster_instance
    from samkorning.errors import NotFound

    number = str(office.world.study()[5])
    spelled = grouped(number, 8, 4, between="-")
    with dagster_instance(office.desk) as instance:
        job = build_definitions(office.desk).resolve_job_def("intake")
        for partition in (number, spelled, "../x-2026", ""):
            with pytest.raises(NotFound):
                instance.add_dynamic_partitions(CASE_PARTITIONS, ["36759-2021", partition])
        for tags in ({"why": spelled}, {spelled: "1"}):
            with pytest.raises(RuleRefused):
                instance.create_run_for_job(job, tags=tags)
        with pytest.raises(RuleRefused):
            instance.add_run(DagsterRun(job_name="intake", run_config={"ops": {"reason": [{spelled: spelled}]}}))
        run = instance.create_run_for_job(job, tags={"why": "row 4"})
        with pytest.raises(RuleRefused):
            instance.add_run_tags(run.run_id, {"why": spelled})
        assert instance.get_dynamic_partitions(CASE_PARTITIONS) == []
        assert [each.run_id for each in instance.get_runs()] == [run.run_id]
    assert hits(office.desk.home.root, [int(number)]) == []
