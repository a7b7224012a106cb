"""Letters sent by a real mail server or laid down: once, kept with their hashes, and honest about what is not known."""

import hashlib
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assets.steps.letters import sending, under_way
from assets.steps.letters.listing import letters_of
from assets.steps.letters.sending import Request, send_letter
from resources.mail import Mail, is_nobodys
from samkorning.case import EventKind
from samkorning.delivery.report.printing import can_print
from samkorning.errors import HomeRefused, LetterNotSent, RuleRefused
from tests.commands import answer, program
from tests.factories import an_order
from tests.letters import NUMBER, PAYER, LetterHome, a_letter_home, every_occasion
from tests.mail_server import ACCOUNT, PASSWORD, MailServer, a_certificate, mail_server

K = EventKind
ASKED = (K.QUESTIONS_ASKED, "Olle", {"questions": ["Vilka åldrar?"], "deadline": "2026-12-14"})
NEEDED = pytest.mark.skipif(not can_print(), reason="a PDF needs Pango (make services)")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample's case, to be copied."""
    folder = tmp_path_factory.mktemp("letters")
    a_letter_home(folder).desk.cases.close()
    return folder


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Iterator[LetterHome]:
    from resources.desk import Desk

    shutil.copytree(template / "home", tmp_path / "home")
    found = LetterHome(tmp_path / "home", Desk.at(tmp_path / "home"))
    yield found
    found.desk.cases.close()


@pytest.fixture(scope="module")
def running() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def server(running: MailServer) -> MailServer:
    running.refuses, running.breaks_off = frozenset(), False
    running.taken.clear()
    running.addressees.clear()
    return running


def send(home: LetterHome, letter: str, **more: Any) -> list[sending.Sending]:
    return send_letter(home.desk, NUMBER, Request(letter, **more), "Olle")


def test_a_letter_without_a_mail_server_is_laid_down_once_with_its_hashes(home: LetterHome) -> None:
    (done,) = send(home, "confirmation")
    assert done.done == "laid down" and "no mail server is set" in done.said
    (said,) = home.sent
    assert (said["letter"], said["language"], said["way"], said["about"]) == ("confirmation", "sv", "folder", 1)
    assert said["to"] == ["Kontakt Exempel, Synthetic University"]
    folder = (home.root / said["file"]).parent
    assert said["files_sha256"] == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()
    }
    assert said["sha256"] == said["files_sha256"][Path(said["file"]).name]
    assert (folder / "bestallning.yaml").read_text(encoding="utf-8") == home.case.events[0].detail["order"]
    (again,) = send(home, "confirmation")
    assert again.done == "nothing" and "--again" in again.said
    assert len(home.sent) == 1


def test_a_letter_goes_to_the_contact_with_a_copy_to_the_representative(home: LetterHome, server: MailServer) -> None:
    home.settings(mail=server.settings())
    home.record((K.ENDED, "Olle", {"outcome": "closed", "reason": "Beställaren önskar avsluta."}))
    (done,) = send(home, "ended")
    assert (done.done, done.to) == ("sent", ("kontakt@university.example", "rektor@university.example"))
    (message,) = server.taken
    assert message["To"] == "Kontakt Exempel <kontakt@university.example>"
    assert message["Cc"] == "Rektor Exempel <rektor@university.example>"
    assert message["Subject"] == "Beslut om avskrivning (36759-2021)"
    body = message.get_body(("plain",))
    assert body is not None and "Beställaren önskar avsluta." in body.get_content()
    assert "inom tre veckor" in body.get_content()
    assert [part.get_filename() for part in message.iter_attachments()] == ["ended_36759-2021.html"]
    assert (home.sent[0]["way"], "under_way.json" in str(home.files())) == ("smtp", False)


def test_a_second_sending_needs_a_reason_and_is_kept_beside_the_first(home: LetterHome, server: MailServer) -> None:
    home.settings(mail=server.settings())
    home.record(ASKED)
    send(home, "questions")
    assert send(home, "questions")[0].done == "nothing"
    assert send(home, "questions", again="adressen var fel", language="en")[0].done == "sent"
    assert [(each["language"], each.get("again")) for each in home.sent] == [("sv", None), ("en", "adressen var fel")]
    assert {Path(each["file"]).parent.name for each in home.sent} == {"0002_questions", "0002_questions_2"}
    home.record(ASKED)
    assert send(home, "questions")[0].done == "sent", "further questions are another occasion"
    assert len(server.taken) == 3


def test_a_server_that_refuses_leaves_nothing_under_way(home: LetterHome, server: MailServer) -> None:
    home.settings(mail=server.settings())
    server.refuses = frozenset({"kontakt@university.example"})
    with pytest.raises(LetterNotSent, match="refused the letter") as refused:
        send(home, "confirmation")
    assert not refused.value.is_unclear and not home.sent
    server.refuses = frozenset()
    assert send(home, "confirmation")[0].done == "sent"


def test_a_server_that_refuses_the_copy_is_told_of(home: LetterHome, server: MailServer) -> None:
    home.settings(mail=server.settings())
    home.record((K.ENDED, "Olle", {"outcome": "closed", "reason": "Avslutas."}))
    server.refuses = frozenset({"rektor@university.example"})
    (done,) = send(home, "ended")
    assert "the mail server refused rektor@university.example" in done.said
    assert (home.sent[0]["to"], home.sent[0]["refused"]) == (
        ["kontakt@university.example"],
        ["rektor@university.example"],
    )


def test_a_server_that_is_not_there_is_safe_to_repeat(home: LetterHome) -> None:
    with mail_server() as gone:
        settings = gone.settings()
    home.settings(mail=settings)
    with pytest.raises(LetterNotSent, match="is not reached"):
        send(home, "confirmation")
    assert not home.sent and not letters_of(home.desk, home.case)[0].under_way


def test_a_connection_that_breaks_at_the_end_is_not_known_and_a_person_decides(
    home: LetterHome, server: MailServer
) -> None:
    home.settings(mail=server.settings())
    server.breaks_off = True
    with pytest.raises(LetterNotSent, match="broke off while"):
        send(home, "confirmation")
    server.breaks_off = False
    assert letters_of(home.desk, home.case)[0].under_way
    with pytest.raises(RuleRefused, match="what became of it is not known") as given:
        send(home, "confirmation")
    assert server.taken[0]["Message-ID"] in str(given.value)
    (done,) = send(home, "confirmation", was_taken=True)
    assert (done.done, len(server.taken), len(home.sent)) == ("sent", 1, 1)
    assert not letters_of(home.desk, home.case)[0].under_way


def test_a_crash_between_the_server_and_the_event_is_made_up_for(
    home: LetterHome, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has taken the letter and the process ends before the event: the next call records it, sends none."""
    home.settings(mail=server.settings())
    with monkeypatch.context() as crashing:
        crashing.setattr(sending, "letter_sent", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            send(home, "confirmation")
    assert (len(server.taken), len(home.sent)) == (1, 0)
    (done,) = send(home, "confirmation")
    assert (done.done, len(server.taken), len(home.sent)) == ("sent", 1, 1)
    kept = home.root / home.sent[0]["file"]
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == home.sent[0]["sha256"]


def test_a_crash_behind_the_event_leaves_a_note_that_the_next_call_clears(
    home: LetterHome, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.settings(mail=server.settings())
    with monkeypatch.context() as crashing:
        crashing.setattr(sending, "forget", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            send(home, "confirmation")
    assert len(home.sent) == 1 and any(file.endswith(under_way.NOTE) for file in home.files())
    assert send(home, "confirmation")[0].done == "nothing"
    assert (len(server.taken), any(file.endswith(under_way.NOTE) for file in home.files())) == (1, False)


def test_letters_are_sent_encrypted_and_from_an_account(home: LetterHome, tmp_path: Path) -> None:
    certificate, password = a_certificate(tmp_path), tmp_path / "password"
    password.write_text(PASSWORD)
    password.chmod(0o600)
    guarded = {"host": "localhost", "tls": "starttls", "user": ACCOUNT, "password_file": str(password)}
    with mail_server(certificate) as server:
        home.settings(mail=server.settings(**guarded))
        with pytest.raises(LetterNotSent, match="is not reached"):
            send(home, "confirmation")  # its certificate is nobody's that we know
        home.settings(mail=server.settings(**guarded, authorities=str(certificate)))
        assert send(home, "confirmation")[0].done == "sent"
        home.record(ASKED)
        password.write_text("another")
        with pytest.raises(LetterNotSent, match="does not take the account"):
            send(home, "questions")
        password.chmod(0o644)
        with pytest.raises(HomeRefused, match="others may read it"):
            send(home, "questions")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"host": "mail.example.org", "tls": "none"}, "mail"),
        ({"user": "registerservice"}, "mail"),
        ({"sender": "nobody"}, "mail"),
    ],
)
def test_settings_that_would_send_in_clear_are_refused(home: LetterHome, wrong: dict[str, object], said: str) -> None:
    plain = {"host": "127.0.0.1", "port": 25, "sender": "registerservice@example.org", "tls": "none"}
    with pytest.raises(HomeRefused, match=said):
        home.settings(mail={**plain, **wrong})


def test_a_synthetic_case_writes_to_nobody_who_exists(template: Path, tmp_path: Path) -> None:
    real = an_order(("kontakt@university.example", "kontakt@university.se"))
    home = a_letter_home(tmp_path, real)
    home.settings(mail={"host": "mail.example.org", "sender": "registerservice@example.org"})
    with pytest.raises(RuleRefused, match="an address that can be somebody's"):
        send(home, "confirmation")
    assert not home.sent and not home.files()
    home.desk.cases.close()


@pytest.mark.parametrize(
    ("address", "nobodys"),
    [("a@example.org", True), ("a@post.example.org", True), ("a@x.invalid", True), ("a@university.example", True),
     ("a@example.org.se", False), ("a@notexample.org", False), ("a@invalid.se", False)],
)  # fmt: skip
def test_addresses_that_can_be_nobodys(address: str, nobodys: bool) -> None:
    assert is_nobodys(address) is nobodys


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("localhost", True), ("127.0.0.2", True), ("::1", True), ("10.0.0.1", False), ("mail.se", False)],
)
def test_a_server_on_this_machine(host: str, loopback: bool) -> None:
    assert Mail(host=host, sender="a@example.org").is_loopback is loopback


def test_a_letter_of_a_real_case_needs_the_authoritys_own_name(
    home: LetterHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = home.case.order.model_copy(update={"synthetic": False})
    monkeypatch.setattr("samkorning.case.events.Case.order", order)
    monkeypatch.setattr("resources.desk.Desk.require_keystore_apart", lambda self: None)
    with pytest.raises(HomeRefused, match="`service` in config"):
        send(home, "confirmation")


def test_a_letter_that_names_somebody_by_number_does_not_go(home: LetterHome, server: MailServer) -> None:
    """What reads as an identity number in what a letter is about stops it, and nothing is left of it."""
    home.settings(mail=server.settings(), service={"name": "Exempelmyndigheten", "unit": "22121212-1212"})
    with pytest.raises(RuleRefused, match="the letter reads as an identity number") as refused:
        send(home, "confirmation")
    assert "1212" not in str(refused.value)
    assert not server.taken and not home.sent and not home.files()


def test_a_letter_that_lacks_a_fact_is_not_written(home: LetterHome) -> None:
    import jinja2

    home.record((K.ENDED, "Olle", {"outcome": "closed"}))
    with pytest.raises(jinja2.UndefinedError):
        send(home, "ended")
    assert not home.sent and not home.files()


@NEEDED
def test_a_letter_is_printed_for_the_archive_and_its_print_looked_through(
    home: LetterHome, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The print is PDF/A: it names its part, carries a colour profile and all of its fonts, and reads as the letter."""
    from pypdf import PdfReader

    monkeypatch.setenv("SAMKORNING_REPORTS", '["pdf"]')
    home.settings(mail=server.settings())
    send(home, "confirmation")
    (message,) = server.taken
    attached = {part.get_filename(): part.get_payload(decode=True) for part in message.iter_attachments()}
    assert set(attached) == {"confirmation_36759-2021.pdf", "bestallning.yaml"}
    content = attached["confirmation_36759-2021.pdf"]
    assert isinstance(content, bytes)
    assert (home.root / home.sent[0]["file"]).read_bytes() == content
    reader = PdfReader(io.BytesIO(content))
    metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert 'pdfaid:part="3" pdfaid:conformance="U"' in metadata
    assert reader.trailer["/Root"]["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts and all("/FontFile" in str(_descriptor(font).keys()) for font in fonts)
    assert "/Encrypt" not in reader.trailer
    words = " ".join(page.extract_text() for page in reader.pages)
    assert "36759-2021" in words and "Vi har tagit emot din beställning" in words
    monkeypatch.setattr("assets.steps.letters.composing._text_of", lambda content: "22121212-1212")
    with pytest.raises(RuleRefused, match="reads as an identity number"):
        send(home, "confirmation", again="en gång till")


def _descriptor(font: Any) -> Any:
    inner = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
    return inner["/FontDescriptor"].get_object()


def test_an_invoice_goes_with_its_tables_and_its_e_invoice(home: LetterHome) -> None:
    payer = json.loads(PAYER.model_dump_json())
    home.settings(payers={"Synthetic University": payer})
    home.record((K.ENDED, "Olle", {"outcome": "closed", "reason": "Avslutas."}))
    home.record((K.INVOICED, "Olle", {"rows": [{"what": "new request", "hours": 0, "price": 5000}], "total": 5000}))
    send(home, "invoice")
    names = {Path(file).name for file in home.files()}
    assert {
        "fakturaunderlag_36759-2021-1.csv",
        "fakturaunderlag_36759-2021-1.xlsx",
        "e-faktura_36759-2021-1.xml",
    } <= names


def test_the_commands_list_preview_and_send(home: LetterHome, tmp_path: Path) -> None:
    home.record((K.HOLDER_ASKED, "Olle", {"holder": "SCB", "due": "2099-01-15"}))
    (first, second) = answer(program(home.root, "letter", "list", NUMBER, "--json"))["letters"]
    assert (first["letter"], first["sent"], second["of"], second["occasion"]) == (
        "confirmation",
        None,
        "SCB",
        "a register holder is asked for data",
    )
    out = tmp_path / "seen"
    seen = answer(
        program(home.root, "letter", "preview", NUMBER, "holder_request", "--language", "en", "--out", out, "--json")
    )
    assert seen["subject"] == "Request for data for linkage, answer by 15 January 2099"
    assert {path.name for path in out.iterdir()} == {"brev.html", "brev.txt"} and not home.sent
    assert "age -r age1…" in seen["text"] and not home.desk.keystore.has_secret("unsealing"), "a preview makes nothing"
    shown = program(home.root, "letter", "preview", NUMBER, "holder_request")
    assert "no e-mail address: by post" in shown.stdout and "Ni prövar själva" in shown.stdout
    done = program(home.root, "letter", "send", NUMBER, "holder_request", "--of", "SCB", "--as", "Olle")
    assert done.returncode == 0 and "holder_request (SCB): laid down for SCB, to be sent by post" in done.stdout
    assert "age -r age1…" not in (home.root / home.sent[0]["file"]).read_text(encoding="utf-8")
    table = program(home.root, "letter", "list", NUMBER)
    assert "not yet" in table.stdout and "(folder)" in table.stdout
    none = program(home.root, "letter", "send", NUMBER, "delivery", "--as", "Olle")
    assert (none.returncode, "it follows when a delivery is made" in none.stderr) == (1, True)
    (home.root / home.sent[0]["file"]).write_text("another")
    assert [each["kept"] for each in answer(program(home.root, "letter", "list", NUMBER, "--json"))["letters"]] == [
        None,
        "altered",
    ]


def test_every_letter_of_a_case_is_composed(home: LetterHome) -> None:
    """Every letter there is can be put together at the desk, from a case whose events are only seen, not recorded."""
    from assets.steps.letters.composing import compose
    from samkorning.case.letters.occasions import occasions
    from samkorning.case.letters.registry import LETTERS

    case = every_occasion()
    seen = {
        compose(home.desk, case, each, "Olle", language).page.letter
        for each in occasions(case)
        for language in ("sv", "en")
    }
    assert seen == set(LETTERS)
