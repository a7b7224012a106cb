"""What the rules ask of letters, letter by letter, in Swedish and English."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import pytest

from samkorning.case import Case, Event, EventKind
from samkorning.case.clocks import clocks, last_day_to_complain, letter_day
from samkorning.case.complaints import complain
from samkorning.case.letters.occasions import letter_sent, occasions, occasions_of
from samkorning.case.letters.pages import Page, page_of
from samkorning.case.letters.registry import LETTERS, letter_of
from samkorning.errors import NotFound, RuleRefused
from samkorning.identity.free_text import reads_as_number
from samkorning.retention import DisposalClock, delivery_clock
from tests.factories import SAMPLE_ORDER, a_case, an_order, approved
from tests.letters import NUMBER, SEAL_TO, SHA256, TODAY, every_occasion, facts_about, long_order, pages, surroundings

CUT = {"HDIA": 3, "DIA1": 2}
BOTH = pytest.mark.parametrize("language", ["sv", "en"])


@cache
def letters(language: str) -> dict[str, Page]:
    return pages(every_occasion(), language)


def says(page: Page, *texts: str) -> None:
    """The letter says all of these, on its page and in its plain text, whatever the line breaks."""
    read = " ".join(page.text.split())
    for text in texts:
        assert text in read, f"{page.letter} {page.language} does not say: {text}"


@BOTH
def test_every_letter_is_written_and_reads_as_prose(language: str) -> None:
    found = letters(language)
    assert {page.letter for page in found.values()} == set(LETTERS)
    for page in found.values():
        assert page.subject and page.html.startswith("<!DOCTYPE html>")
        assert not re.search(r"\{\{|\}\}|\{%|None|True|False|StrEnum|<[a-z]|&[a-z]+;", page.text), page.letter
        joined = " ".join(page.text.split())
        assert not re.search(r" [.,:;](?!\w)|\(\)|\.\.", joined), page.letter
        assert NUMBER in page.html


@BOTH
def test_no_letter_holds_what_reads_as_an_identity_number(language: str) -> None:
    """No letter holds what reads as an identity number, with any names and any registers."""
    for case in (every_occasion(), every_occasion(long_order())):
        for page in pages(case, language).values():
            assert not reads_as_number(page.text), page.letter
            assert not reads_as_number(page.subject), page.letter


def test_r01_the_confirmation_goes_to_the_contact_with_the_case_number() -> None:
    """R01: the confirmation goes to the orderer's contact with the case number and what happens next."""
    page = letters("sv")["confirmation"]
    assert page.to.email == "kontakt@university.example"
    says(
        page, "ärendenummer 36759-2021", "En kopia av beställningen är bifogad", "i turordning", "SCB, Exempelregistret"
    )
    says(letters("en")["confirmation"], "case number is 36759-2021", "in the order in which they come")


def test_r01_a_letter_is_sent_once_for_what_it_is_about() -> None:
    """R01: a letter that has gone counts as sent for what it is about; further questions have a letter of their own."""
    asked = (EventKind.QUESTIONS_ASKED, "Olle", {"questions": ["Vilka åldrar?"], "deadline": "2026-12-14"})
    [open_] = occasions_of(a_case(asked), letter_of("questions"))
    act = letter_sent(
        open_, {"language": "sv", "way": "folder", "to": ["Kontakt Exempel"], "file": "x", "sha256": SHA256}
    )
    assert open_.sent is None and act.detail["about"] == 2
    gone = (EventKind.LETTER_SENT, "Olle", act.detail)
    [sent] = occasions_of(a_case(asked, gone), letter_of("questions"))
    assert sent.sent is not None and sent.sent.number == 3
    [anew] = occasions_of(a_case(asked, gone, asked), letter_of("questions"))
    assert anew.sent is None and anew.event.number == 4


def test_r02_questions_have_a_deadline_and_say_what_follows() -> None:
    """R02: questions and reminders say by when, and that the case is decided on what there is without an answer."""
    for name, day in (("questions", "14 december 2026"), ("reminder questions", "21 december 2026")):
        says(letters("sv")[name], f"senast den {day}", "avvisas, avslås eller avskrivs")
        says(letters("en")[name], f"by {day.replace('d', 'D', 1)}", "dismissed, rejected or closed")
    says(letters("sv")["questions"], "1. Vilka åldrar?", "2. Beslutet 2221-00412-02 saknas.")


@pytest.mark.parametrize(
    ("outcome", "swedish", "english"),
    [
        ("dismissed", "avvisar beställningen", "dismisses the order"),
        ("rejected", "avslår beställningen", "rejects the order"),
        ("closed", "skriver av ärendet", "closes the case"),
    ],
)
def test_r02_a_case_that_ends_says_why_and_how_to_appeal(outcome: str, swedish: str, english: str) -> None:
    """R02: a dismissal, rejection or closure gives its reason, and how it is appealed within three weeks (44 § FL)."""
    case = a_case((EventKind.ENDED, "Olle", {"outcome": outcome, "reason": "Svaren kom inte in."}))
    within = {"sv": "inom tre veckor från den dag då du fick del av beslutet (44 § förvaltningslagen)",
              "en": "within three weeks from the day on which you received the decision (section 44"}  # fmt: skip
    for language, said in (("sv", swedish), ("en", english)):
        page = pages(case, language)["ended"]
        says(
            page,
            said,
            "Svaren kom inte in.",
            within[language],
            "Kammarrätten i Exempelstad",
            "registerservice@example.org",
        )
        assert page.copy is not None and page.copy.email == "rektor@university.example"


@pytest.mark.parametrize(
    ("given_up", "swedish"),
    [((), "varje överlämnad fil är kvitterad"), (("T002",), "för T002 har inget kvitto kommit")],
)
def test_r24_a_case_that_ends_with_its_answer_says_so_and_refuses_nothing(
    given_up: tuple[str, ...], swedish: str
) -> None:
    """R24: the letter on a case that ends with its answer says what was handed over, and speaks of no appeal."""
    missing = {"without_receipt": list(given_up)} if given_up else {}
    detail = {"outcome": "handed_over", "reason": "Alla frågor är besvarade.", "answered": ["scb"], **missing}
    case = a_case((EventKind.ENDED, "Olle", detail))
    for language, said in (
        ("sv", ("avslutar ärendet", "svaret är överlämnat", swedish, "gallras när tre månader har gått")),
        ("en", ("ends the case", "its answer is handed over", "disposed of when three months have passed")),
    ):
        page = pages(case, language)["ended"]
        says(page, *said, "Alla frågor är besvarade.")
        assert "Kammarrätten" not in page.html and page.copy is not None


def test_r04_a_holder_is_told_what_to_send_and_how() -> None:
    """R04: the request to a holder says which columns, by when, under which name, and how to seal and send the file."""
    case = every_occasion(
        an_order(
            (
                'separator: ";"\n        encoding: cp1252',
                'separator: ";"\n        name_pattern: "SYNT_lisa_*.txt"\n        encoding: cp1252',
            )
        )
    )
    page = pages(case, "sv")["holder_request SCB"]
    assert (page.to.name, page.to.email) == ("Mikrodata", "mikrodata@example.org")
    says(page, "senast den 15 januari 2027", "PersonNr | Identity number | personnummer, text", "SYNT_lisa_*.txt",
         f"age -r {SEAL_TO}", ".sha256", "sftp://filer.example.org", "Exempelregistret, Region Exempel", "tolv siffror",
         "Ni prövar själva", "teckenkodning cp1252")  # fmt: skip
    says(
        pages(case, "en")["holder_request SCB"],
        "by 15 January 2027",
        f"age -r {SEAL_TO}",
        "twelve digits",
        "separator semicolon",
    )


def test_r04_a_holder_of_no_known_address_is_written_to_by_post() -> None:
    """R04: a request to a holder whose address the settings do not know goes by post, and says so."""
    page = pages(every_occasion(holder="Region Exempel"), "sv")["holder_request Region Exempel"]
    assert (page.to.name, page.to.email) == ("Region Exempel", None)
    says(page, "Varje nytt uttag behöver därför ett eget beslut")  # R29


def test_r09_the_specification_gives_all_that_is_approved() -> None:
    """R09: the specification lists registers, variables, period, population, what is awaited, and the price."""
    for language in ("sv", "en"):
        page = letters(language)["specification"]
        says(page, "PAR_SV", "2219–2220", "INDATUM, UTDATUM, HDIA", "SCB", "Synthetic University", "DispInk04")
    says(letters("sv")["specification"], "50 000 kr till 70 000 kr, exklusive moms", "ny beställning")
    says(letters("en")["specification"], "SEK 50,000 to SEK 70,000, excluding VAT", "That would be a new order.")


def test_r10_the_decision_goes_to_the_representative_with_a_copy_to_the_contact() -> None:
    """R10: the decision goes to the authorised representative, a copy to the contact; a reservation names persons."""
    page = letters("sv")["decision"]
    assert page.copy is not None
    assert (page.to.email, page.copy.email) == ("rektor@university.example", "kontakt@university.example")
    says(page, "Olle (handläggare), Mia (handläggarens chef), Lisa (jurist)", "endast av Åsa Öberg och Per Ärlig",
         "Så överklagar du", "24 kap. 8 §", "undanröjs genom förbehållet", "Med stöd av 10 kap. 14 §")  # fmt: skip
    assert "Det står klart att" not in page.text, "what a reservation is needed for is not harmless"
    plain = a_case(*approved(), (EventKind.DECISION_DISPATCHED, "Olle", {"to": "Rektor Exempel"}))
    without = pages(plain, "sv")["decision"].text
    assert "förbehåll" not in without and "Så överklagar du" not in without and "Det står klart att" in without


@BOTH
def test_r05_no_letter_names_an_ethics_approval_that_there_is_none_of(language: str) -> None:
    """R05: where an order has no ethics decision no letter of decision, delivery or disposal speaks of one."""
    text = SAMPLE_ORDER.replace("purpose: research", "purpose: statistics", 1)
    start = text.index("ethics:\n")
    order = text[:start] + text[text.index("specification:\n") :]
    found = pages(every_occasion(order), language)
    for name in ("decision", "delivery L001", "disposal D001", "code_key"):
        read = " ".join(found[name].text.split())
        for word in ("etikgodkänn", "ethics approval", "forskningsfråga", "research question", "research principal is"):
            assert word not in read.lower(), f"{name}: {word}"
    researched = letters(language)["delivery L001"]
    says(researched, "etikgodkännandet och beslutet" if language == "sv" else "the ethics approval and the decision")


def test_r08_cut_codes_are_listed_in_the_specification() -> None:
    """R08: the specification names each code that is cut, and to how many characters, and the formats in words."""
    cut = "".join(
        f"\n        - {{variable: {name}, characters: {kept}, because: enough}}" for name, kept in CUT.items()
    )
    line = "    - register_name: PAR_SV"
    text = an_order((line, f"{line}\n      cut_codes:{cut}"))
    page = pages(every_occasion(text), "sv")["specification"]
    says(page, "utom HDIA i PAR_SV (de första 3 tecknen) och DIA1 i PAR_SV (de första 2 tecknen).")


def test_r11_the_supplement_has_its_day() -> None:
    """R11: the letter on a supplement at the ethics authority gives its last day."""
    says(letters("sv")["supplement"], "2221-00001-01", "senast den 15 december 2026")
    says(letters("en")["supplement"], "by 15 December 2026")


def test_r15_the_delivery_letter_says_until_when_to_complain() -> None:
    """R15: the delivery letter tells what is delivered, awaited and late, the last day to complain, how to verify."""
    page = letters("sv")["delivery L001"]
    assert page.to.name == "Mottagare Exempel"
    says(
        page,
        "Reklamation senast | 28 februari 2027",
        "ut_r_lmed_36759_2021 | 9 876 543",
        SHA256,
        "rekommenderat brev",
        "SCB | lisa | utlämnad | L001",
        "kom efter första utlämningen",
        "Region Exempel | region_labb | väntas | –",
        "Läkemedelsregistret (LMED), 2219–2220 | utlämnad | L001",
        "verify.py",
        "age -d -i identitet.txt -o 36759-2021_L001.tar 36759-2021_L001.tar.age och sedan tar -xf 36759-2021_L001.tar",
    )
    says(letters("en")["delivery L001"], "Complaints until | 28 February 2027", "by registered post", "free of charge")
    locked = every_occasion(an_order((f"age_recipient: {SEAL_TO}", "sealed_as: 7z")))
    says(pages(locked, "sv")["delivery L001"], "7-Zip och den lösenfras som skickas för sig")


@pytest.mark.parametrize(("language", "said"), [("sv", "L002 (ersätter L001)"), ("en", "L002 (replaces L001)")])
def test_r15_the_delivery_letter_says_which_delivery_of_a_part_gave_way(language: str, said: str) -> None:
    """R15: of a file that was delivered again, the delivery letter says which delivery holds and which it replaces."""
    case = every_occasion()
    about = next(each for each in occasions(case) if each.letter.name == "delivery")
    facts = facts_about(case, about)
    again = tuple(replace(line, deliveries=line.deliveries and ("L001", "L002")) for line in facts.ledger)
    says(page_of(about, replace(facts, ledger=again), language), said)


def test_r15_the_time_to_complain_runs_from_the_day_on_which_the_letter_was_sent() -> None:
    """R15: the three months run from the day on which the delivery letter was first sent, not from a later copy."""
    made = (EventKind.DELIVERED, "samkorning", {"delivery": "L001", "kind": "first", "units": [], "files": []})
    case = a_case(*approved(), made)
    delivered = case.events[-1]
    assert delivered.at.date() == letter_day(case, delivered) == date(2026, 11, 2)

    def sent(number: int, day: int, letter: str = "delivery") -> Event:
        said = {"letter": letter, "about": delivered.number}
        return Event(number, EventKind.LETTER_SENT, datetime(2026, 11, day, tzinfo=UTC), "Olle", said)

    later = Case(case.number, (*case.events, sent(7, 5, "questionnaire"), sent(8, 9), sent(9, 20)))
    assert letter_day(later, delivered) == date(2026, 11, 9)
    assert last_day_to_complain(later, delivered) == date(2027, 2, 9)
    assert complain(later, "L001", "tom kolumn", date(2027, 2, 9)).detail["delivery"] == "L001"
    with pytest.raises(RuleRefused, match="R15"):
        complain(later, "L001", "tom kolumn", date(2027, 2, 10))
    assert delivery_clock(later, "L001", DisposalClock(None, "kept")).first_day == date(2027, 2, 10)
    assert [clock.due for clock in clocks(later, [], TODAY) if "complaint" in clock.what] == [date(2027, 2, 9)]
    says(pages(later, "sv")["delivery L001"], "Skickad | 9 november 2026", "Reklamation senast | 9 februari 2027")


def test_r16_the_certificate_of_disposal_proves_itself_by_its_receipt() -> None:
    """R16: the certificate of disposal says what is gone, that it was tried, and the receipt's hash."""
    says(letters("sv")["disposal D001"], "studiepopulationen och kodnyckeln", SHA256, "det gick inte", "1 juni 2027")
    says(letters("en")["disposal D001"], "the study population and the code key", SHA256, "it did not open")


def test_r17_a_letter_says_to_when_the_code_key_is_kept_and_how_to_extend_it() -> None:
    """R17: the letter says to when the code key is kept, and what an extension has to name."""
    says(
        letters("sv")["code_key"],
        "till och med den 31 december 2028",
        "behöriga företrädaren",
        "Tidigare gällde den 31 december 2027",
    )
    forever = a_case((EventKind.CODE_KEY_KEPT, "Olle", {"until": "9999-12-31", "reason": "regional praxis"}))
    says(pages(forever, "sv")["code_key"], "tills vidare", "Nyckeln gallras inte så länge beslutet gäller.")
    english = pages(forever, "en")["code_key"].text
    assert "9999" not in english and "extended" not in english


def test_r20_the_invoice_basis_gives_rows_tax_and_total() -> None:
    """R20: the invoice basis gives its rows, the tax and what is to be paid."""
    says(
        letters("sv")["invoice"],
        "Ny beställning, grundavgift | – | 5 000 kr",
        "Moms 25 % | | 11 250 kr",
        "56 250 kr",
        "4711 Ekonomi",
    )
    says(letters("en")["invoice"], "Work as quoted | 40 | SEK 40,000", "To be paid | | SEK 56,250")
    unknown = pages(every_occasion(), "sv", surroundings(payers={}))["invoice"]
    says(unknown, "Vi saknar uppgifter för e-faktura")


def test_r27_the_receipt_of_a_complaint_says_what_it_is_about_and_that_nothing_is_disposed_of() -> None:
    """R27: who complains is told that it has come, what it is about, and that nothing of it is disposed of."""
    says(letters("sv")["complaint_received L001"], "Kolumnen AR är tom.", "lisa: AR", "gallras ingenting")
    says(letters("en")["complaint_received L001"], "nothing that it is about is disposed of", "free of charge")


def test_r27_the_principal_is_told_of_an_incident() -> None:
    """R27: the research principal is told what happened in a personal-data incident, when, and what to do."""
    [sv] = [page for name, page in letters("sv").items() if name.startswith("incident")]
    [en] = [page for name, page in letters("en").items() if name.startswith("incident")]
    says(sv, "20 november 2026", "fel mottagare", "inom 72 timmar", "om det inte är osannolikt att den medför en risk")
    says(en, "20 November 2026", "within 72 hours", "unless it is unlikely to be a risk")


def test_r27_the_answer_to_a_complaint_says_what_was_wrong() -> None:
    """R27: the answer to a complaint gives its outcome, cause and where the error arose."""
    says(letters("sv")["complaint_answer L001"], "Filen lämnas ut på nytt.", "fel årgång", "hos oss", "kostnadsfria")
    says(letters("en")["complaint_answer L001"], "with us", "free of charge")


@pytest.mark.parametrize(
    ("about", "said"), [("results", "alla arbetskopior raderas"), ("agreement", "radera alla arbetskopior")]
)
def test_r28_a_reminder_of_results_says_what_is_owed(about: str, said: str) -> None:
    """R28: reminders of results and of an agreement's end say what the researcher owes and by when."""
    case = a_case((EventKind.REMINDER_SENT, "Olle", {"about": about, "deadline": "2027-03-01"}))
    page = pages(case, "sv")[f"reminder {about}"]
    assert page.to.email == "kontakt@university.example"
    says(page, said, "senast den 1 mars 2027")


def test_a_letter_is_about_the_newest_event_of_each_holder_and_delivery() -> None:
    asked = [
        (EventKind.HOLDER_ASKED, "Olle", {"holder": h, "due": d})
        for h, d in (("SCB", "2027-01-01"), ("Region Exempel", "2027-01-01"), ("SCB", "2027-02-01"))
    ]
    case = a_case(*asked)
    found = occasions_of(case, letter_of("holder_request"))
    assert [(each.of, each.event.detail["due"]) for each in found] == [
        ("Region Exempel", "2027-01-01"),
        ("SCB", "2027-02-01"),
    ]
    assert [each.of for each in occasions_of(case, letter_of("holder_request"), "SCB")] == ["SCB"]
    with pytest.raises(NotFound, match="it has: Region Exempel, SCB"):
        occasions_of(case, letter_of("holder_request"), "Exempelregistret")
    with pytest.raises(RuleRefused, match="R15: case 36759-2021 has no occasion for the letter delivery"):
        occasions_of(case, letter_of("delivery"))
    with pytest.raises(NotFound, match="there are: confirmation"):
        letter_of("postcard")
    assert [each.letter.name for each in occasions(case)] == ["confirmation", "holder_request", "holder_request"]


def test_a_questionnaire_follows_the_first_delivery_alone() -> None:
    case = every_occasion()
    again = next(event for event in case.events if event.kind is EventKind.DELIVERED)
    second = (EventKind.DELIVERED, "samkorning", {**again.detail, "delivery": "L002", "kind": "repeat"})
    twice = a_case(*[(event.kind, event.person, event.detail) for event in case.events[1:]], second)
    assert [each.event.number for each in occasions(twice) if each.letter.name == "questionnaire"] == [again.number]
    assert [each.of for each in occasions(twice) if each.letter.name == "delivery"] == ["L001", "L002"]


def test_r30_a_holder_is_asked_for_no_file_that_is_withdrawn() -> None:
    """R30: letters to a register holder name no source that was withdrawn, until it is awaited again."""
    two = an_order(("holder: Exempelregistret", "holder: SCB"))
    asked = (EventKind.HOLDER_ASKED, "Olle", {"holder": "SCB", "due": "2027-01-15"})
    withdrawn = (EventKind.SOURCE_WITHDRAWN, "Olle", {"source": "diabetes", "reason": "never came"})
    again = (EventKind.SOURCE_AWAITED, "Olle", {"source": "diabetes", "reason": "it comes after all"})
    for steps, is_named in (((), True), ((withdrawn,), False), ((withdrawn, again), True)):
        said = pages(a_case(asked, *steps, order=two), "en")["holder_request SCB"]
        assert (": diabetes" in " ".join(said.text.split())) is is_named
        says(said, "File 1: lisa")
