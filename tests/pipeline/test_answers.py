"""Every command that reads answers a person in words and a program in JSON, and says the same to both.

What belongs here: one call of each reading command at a small home. What must not: what it says, which its own tests
look at. A new command is put on one of the two lists.
"""

import json
import re
from pathlib import Path

import pytest

from cli.commands import COMMANDS, loaded
from tests.commands import program
from tests.factories import SAMPLE
from tests.small_office import CASE, FILE, SmallOffice, prepare

READS = {
    "doctor": (),
    "order check": (SAMPLE / "order.yaml",),
    "order codes": ("CODES", "--system", "ICD-10-SE", "--name", "diabetes", "--column", "code"),
    "file guards": (),
    "file check": ("TABLE",),
    "file held": (),
    "case list": (),
    "case show": (CASE,),
    "case queue": (),
    "case review": (CASE, "--show"),
    "case documents": (CASE,),
    "case inventory": (),
    "case-register show": (),
    "letter list": (CASE,),
    "letter preview": (CASE, "confirmation"),
    "dispose": ("--rehearse",),
    "key show": (CASE,),
    "key impact": (CASE,),
    "key seal-to": (),
    "register list": (),
    "register show": ("DORS",),
    "transit show": (CASE,),
    "delivery verify": ("SEALED",),
    "delivery compare": ("OPENED", "OPENED"),
    "delivery scan": (CASE, "OPENED_TABLE"),
    "report lead-times": (),
    "report waiting-times": (),
    "report holders": (),
    "report errors": (),
    "report satisfaction": (),
    "audit show": (),
    "audit head": (),
    "audit verify": (),
}
"""Each with what it is called with; words in capitals stand for paths of the home."""

ACTS = """
demo receive deliver up; serve code daemon page migrate; case-register upgrade copy; order template; letter send
file password match refuse; report forecast
case open approve decide withdraw amend keep-key assign pause resume review-first ask answer remind met supplement end
case send-specification quote invoice ask-holder holder-refused agreement results copies-deleted reserve incident
case attach document report-back decide-amendment await
case questionnaire complain extend-key release recall announce replace decline decide-population exchange-recipient
case confirm-recipient draw disclosure accept-disclosure
key import export look-up remove-person cut-link rotate passphrase accept-restored
register load accept refuse import opt-out
transit peer confirm-peer make take end
delivery open new-identity hand-over passphrase rebuild
audit accept-clock take-over
"""
"""Commands that change something, or need more than a small home; each answers by ``session.answer`` as well."""
BOTH_AT_ONCE = {"identity check"}
"""Its rows are for programs, on standard output; its totals for persons, on standard error."""

NO_WORDS = (
    re.compile(r"^\s*[\[{]", re.M),  # JSON, or a Python list
    re.compile(r"\b[A-Z]\w+\(\w+="),  # a dataclass
    re.compile(r"\b(datetime\.|PosixPath|mappingproxy|frozenset|Decimal)\("),
    re.compile(r"<[\w.]+ object at|\bNone\b|\bTrue\b|\bFalse\b"),
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> SmallOffice:
    """A case with one delivery."""
    office = SmallOffice(tmp_path_factory.mktemp("answers"))
    prepare(office, "delivered")
    return office


@pytest.fixture(scope="module")
def paths(office: SmallOffice) -> dict[str, Path]:
    [sealed] = (office.desk.home.root / "outbox" / CASE).rglob("*.tar.age")
    [made] = [event.detail for event in office.desk.case(CASE).events if event.kind == "delivered"]
    opened = office.opened({**made, "case": CASE, "path": str(sealed)})
    codes = office.folder / "codes.csv"
    codes.write_text("code;label\nE10;Diabetes typ 1\n", encoding="utf-8")
    return {
        "SEALED": sealed,
        "OPENED": opened,
        "OPENED_TABLE": opened / "data" / f"{FILE}.csv",
        "TABLE": office.population(office.first),
        "CODES": codes,
    }


def commands() -> set[str]:
    """Every command of the tree, by its words."""
    found: set[str] = set()
    for name in COMMANDS:
        inner = getattr(loaded(name), "commands", None)
        found |= {name} if inner is None else {f"{name} {each}" for each in inner}
    return found


def acts() -> set[str]:
    lines = [line.split() for part in ACTS.split(";") for line in part.splitlines() if line.strip()]
    alone = [word for words in lines for word in words if words[0] == "demo"]
    return {*alone, *(f"{words[0]} {word}" for words in lines if words[0] != "demo" for word in words[1:])}


def test_every_command_is_on_one_of_the_lists() -> None:
    assert acts() | READS.keys() | BOTH_AT_ONCE == commands()
    assert not acts() & READS.keys()


@pytest.mark.parametrize("command", READS)
def test_a_reading_command_answers_in_words_and_in_json(
    command: str, office: SmallOffice, paths: dict[str, Path]
) -> None:
    arguments = [paths.get(str(each), each) for each in READS[command]]
    words = program(office.desk.home.root, *command.split(), *arguments)
    said = program(office.desk.home.root, *command.split(), *arguments, "--json")
    assert (words.returncode, words.stderr) == (0, ""), words.stderr
    assert words.stdout.strip(), "it says nothing to a person"
    assert [pattern.pattern for pattern in NO_WORDS if pattern.search(words.stdout)] == [], words.stdout
    assert said.returncode == 0, said.stderr
    [line] = said.stdout.splitlines()
    assert isinstance(json.loads(line), dict)
