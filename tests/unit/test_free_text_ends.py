"""Every end at which people's words come in looks at them by itself, whatever another end has let through."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from assets.steps import stores
from assets.steps.free_text import require_nobody_named
from cli import parameters
from cli.session import failed, session
from resources.dagster_storage import LookingRunStorage
from samkorning.case import EventKind
from samkorning.case.act import Act
from samkorning.case_number import is_case_number
from samkorning.errors import NotFound, RuleRefused
from samkorning.identity.free_text import require_text
from tests.office import OFFICER
from tests.small_office import CASE, SmallOffice

NUMBER, ANOTHER = "21200101-0012", "212001010012"


@pytest.mark.parametrize("words", [{"reason": NUMBER}, {"units": [{"why": f"as {ANOTHER} said"}]}])
def test_an_act_names_nobody_by_number(words: dict[str, object]) -> None:
    with pytest.raises(RuleRefused, match=r"free text: (reason|why) reads as an identity number"):
        Act(EventKind.SOURCE_WITHDRAWN, words)
    Act(EventKind.AMENDED, {"order": f"# {NUMBER}", "sha256": "212001010012" + "a" * 52})


@pytest.mark.parametrize(
    "text", ["", "  ", "two\nlines", "a\x00b", "a\udcffb", NUMBER, f"the row of {ANOTHER}", "x" * 41]
)
def test_a_sentence_says_something_that_can_be_kept(text: str) -> None:
    with pytest.raises(RuleRefused, match="free text: the reason "):
        require_text("the reason", text, 40)
    assert require_text("the reason", " row 4 of L001 ", 40) == "row 4 of L001"


def test_a_name_of_a_source_is_no_number_in_disguise() -> None:
    check = parameters.of_form("[a-z0-9_]+", "that is no name")
    assert check("lisa_2019") == "lisa_2019"
    with pytest.raises(RuleRefused, match="free text"):
        check("f_2120_01_01_0012")
    with pytest.raises(NotFound, match="that is no name"):
        check("Lisa")


def test_nobody_acts_under_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMKORNING_HOME", str(tmp_path))
    with pytest.raises(RuleRefused, match="the name of who acts reads as an identity number"):
        type(session)().person(NUMBER, synthetic=True)


def test_what_is_told_says_no_number_back(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "json", True)
    with pytest.raises(SystemExit):
        failed(f"no such thing as {NUMBER}", 1)
    assert "[number]" in capsys.readouterr().out


def test_a_command_line_with_a_number_is_refused_before_a_home_is_made(tmp_path: Path) -> None:
    """Also where no parameter would look: behind an option that nobody knows."""
    home = tmp_path / "home"
    command = [sys.executable, "-m", "cli", "--home", str(home), "case", "list", f"--nobody-knows={NUMBER}"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, home.exists()) == (1, False)
    assert "write the serial number or the row" in done.stderr and NUMBER not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("36759-2021", True),
        ("1-1999", True),
        ("99999-2299", True),
        ("212001-0012", False),
        ("100001-2026", False),
        ("01-2026", False),
        ("../..-2026", False),
        ("1-2026\n", False),
        ("1-3026", False),
        ("\u0661-2026", False),
    ],
)
def test_a_case_number_has_one_form(text: str, is_one: bool) -> None:
    assert is_case_number(text) == is_one


def test_no_case_opens_under_anything_else(office: SmallOffice) -> None:
    for number in ("212001-0012", "..", NUMBER):
        with pytest.raises(NotFound, match="such as 36759-2021"):
            office.open_case(number=number)
    assert not office.desk.home.audit.exists()


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    return SmallOffice(tmp_path / "office")


SPELLED: dict[str, Callable[[str], str]] = {
    "letters for digits": lambda number: number[2:].replace("0", "O").replace("1", "l"),
    "commas": lambda number: ", ".join(number[2:]),
}


def test_a_text_about_a_case_names_none_of_its_persons_and_the_refusal_is_recorded(office: SmallOffice) -> None:
    case = office.desk.case(office.open_case(number=CASE))
    stores.keep_objections(office.desk, case, pl.DataFrame({"number": [int(office.numbers[0])]}))
    require_nobody_named(office.desk, case, OFFICER, {"reason": SPELLED["commas"](office.numbers[1])})
    for count, spelled in enumerate(SPELLED.values(), start=1):
        with pytest.raises(RuleRefused, match="reason holds a number of somebody in the case"):
            require_nobody_named(office.desk, case, OFFICER, {"reason": spelled(office.numbers[0])})
        records = [each for each in office.desk.audit.records() if each.act == "refuse free text"]
        assert [(each.person, dict(each.facts)) for each in records] == [(OFFICER, {"field": "reason"})] * count


def test_the_words_of_a_backfill_are_looked_at(tmp_path: Path) -> None:
    from dagster._core.execution.backfill import BulkActionStatus, PartitionBackfill

    storage = LookingRunStorage.from_local(str(tmp_path))
    made = {"backfill_id": "b", "status": BulkActionStatus.REQUESTED, "from_failure": False, "backfill_timestamp": 1.0}
    for words in ({"title": NUMBER}, {"description": NUMBER}, {"tags": {"why": NUMBER}}, {"tags": {NUMBER: "1"}}):
        with pytest.raises(RuleRefused):
            storage.add_backfill(PartitionBackfill(**{**made, "tags": {}, **words}))
    assert storage.get_backfills() == []
    storage.add_backfill(PartitionBackfill(**made, tags={}, title="the late years"))
    assert len(storage.get_backfills()) == 1
