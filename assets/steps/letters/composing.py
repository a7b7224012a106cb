"""A letter put together: its page, what goes with it, its files, and the look through all of it for identity numbers.

What belongs here: bringing case, ledger, settings and public keys together. What must not: sending (sending).
"""

import io
from dataclasses import dataclass

from assets.steps.case_view import ledger_rows
from assets.steps.free_text import require_nobody_named
from assets.steps.intake.sealing import known_recipient
from resources.desk import Desk
from samkorning.case import Case
from samkorning.case.letters.facts import LetterFacts, Surroundings
from samkorning.case.letters.gathering import facts_of
from samkorning.case.letters.invoice_tables import invoice_csv, invoice_workbook
from samkorning.case.letters.occasions import Occasion
from samkorning.case.letters.pages import PDF_VARIANT, Page, page_of
from samkorning.case.letters.peppol import e_invoice
from samkorning.delivery.report.forms import PDF
from samkorning.delivery.report.printing import can_print, printed
from samkorning.encryption.signing import public_key

LETTER, ORDER_COPY = "brev", "bestallning.yaml"
SWEDISH = "sv"
NOT_YET_MADE = "age1…"
"""What stands in a preview for the recipient of sealed files, before the first letter has made one."""


@dataclass(frozen=True)
class Composed:
    """A letter with its files by name: the page first, then what is printed of it, its text, and what goes with it."""

    page: Page
    files: dict[str, bytes]
    enclosed: tuple[str, ...]

    @property
    def printed(self) -> str:
        """The file that is kept as the letter: its print, or its page where nothing can be printed here."""
        return next((name for name in self.files if name.endswith(f".{PDF}")), next(iter(self.files)))


def compose(desk: Desk, case: Case, occasion: Occasion, person: str, language: str | None = None) -> Composed:
    """The letter as it would go today. Nothing is changed by it.

    :param language: `sv` or `en`; without it Swedish, or what the settings say of a holder.
    :raises RuleRefused: when anything of it reads as an identity number, or is one of somebody in the case.
    """
    facts = _facts(desk, case, occasion)
    enclosures = _enclosures(case, facts, desk)
    page = page_of(occasion, facts, language or _language(desk, facts), tuple(enclosures))
    files = {f"{LETTER}.html": page.html.encode(), **_print(desk, case, page), f"{LETTER}.txt": page.text.encode()}
    require_nobody_named(desk, case, person, {"the letter": _words(page, files)})
    return Composed(page, {**files, **enclosures}, tuple(enclosures))


def _facts(desk: Desk, case: Case, occasion: Occasion) -> LetterFacts:
    settings = desk.settings
    around = Surroundings(
        service=settings.service,
        holders=settings.holders,
        payers=settings.payers,
        catalogue=desk.catalogue,
        seal_to=known_recipient(desk) or NOT_YET_MADE,
        signing_key=public_key(desk.signing_seed),
        today=desk.clock.today(),
    )
    return facts_of(case, occasion.event, ledger_rows(desk, case), around)


def _language(desk: Desk, facts: LetterFacts) -> str:
    known = desk.settings.holders.get(facts.holder.name) if facts.holder else None
    return known.language if known else SWEDISH


def _enclosures(case: Case, facts: LetterFacts, desk: Desk) -> dict[str, bytes]:
    """What goes with a letter: the order with its confirmation, the invoice's tables and e-invoice with its basis."""
    if facts.event == case.events[0].number:
        return {ORDER_COPY: str(case.events[0].detail["order"]).encode()}
    if facts.invoice is None:
        return {}
    name = f"fakturaunderlag_{facts.invoice.number}"
    tables = {f"{name}.csv": invoice_csv(facts.invoice), f"{name}.xlsx": invoice_workbook(facts.invoice)}
    electronic = e_invoice(facts.invoice, desk.settings.service) if facts.invoice.payer else None
    return {**tables, **({f"e-faktura_{facts.invoice.number}.xml": electronic} if electronic else {})}


def _print(desk: Desk, case: Case, page: Page) -> dict[str, bytes]:
    if PDF not in desk.settings.reports or not can_print():
        return {}
    return {f"{LETTER}.{PDF}": printed(page.html, f"{case.number} {page.identifier}", PDF_VARIANT)}


def _words(page: Page, files: dict[str, bytes]) -> list[str]:
    """All that anybody can read of a letter: its subject, page and text, and what its print says.

    The order's copy was looked through line by line when it came, and what an invoice says stands on the page too.
    """
    printed_words = [_text_of(content) for name, content in files.items() if name.endswith(f".{PDF}")]
    return [page.subject, page.text, *printed_words]


def _text_of(content: bytes) -> str:
    """The text of a PDF, as a reader finds it in the file."""
    from pypdf import PdfReader

    return "\n".join(each.extract_text() for each in PdfReader(io.BytesIO(content)).pages)
