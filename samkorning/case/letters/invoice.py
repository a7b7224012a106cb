"""What a case's invoice says: its rows, value added tax and totals, to the öre (R20).

What belongs here: reckoning it from the event that it is about. What must not: what is charged
(samkorning.case.offers), or the invoice's forms (invoice_tables, peppol).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from samkorning.case.letters.parties import Payer, Service

ORE = Decimal("0.01")
IN_SWEDISH = {
    "new request": "Ny beställning, grundavgift",
    "renewed request": "Förnyad beställning, grundavgift",
    "work as quoted": "Arbete enligt offert",
}
IN_ENGLISH = {
    "new request": "New request, base fee",
    "renewed request": "Renewed request, base fee",
    "work as quoted": "Work as quoted",
}


@dataclass(frozen=True)
class InvoiceRow:
    """One row: what it is for, in both languages, its hours where work is charged by them, and its sum without tax."""

    what_sv: str
    what_en: str
    hours: Decimal
    amount: Decimal

    @property
    def quantity(self) -> Decimal:
        """Hours, or one piece."""
        return self.hours or Decimal(1)


@dataclass(frozen=True)
class Invoice:
    """An invoice basis (fakturaunderlag). Amounts are in kronor; ``net`` is without value added tax."""

    number: str
    case: str
    issued: date
    due: date
    rows: tuple[InvoiceRow, ...]
    vat_percent: int
    payer: Payer | None
    payer_name: str
    contact: str

    @property
    def net(self) -> Decimal:
        """The sum of the rows."""
        return sum((row.amount for row in self.rows), Decimal("0.00"))

    @property
    def vat(self) -> Decimal:
        """The tax on it, rounded to the öre once."""
        return (self.net * self.vat_percent / 100).quantize(ORE, ROUND_HALF_UP)

    @property
    def gross(self) -> Decimal:
        """What is to be paid."""
        return self.net + self.vat


def invoice_of(
    case: str,
    number: int,
    issued: date,
    detail: Mapping[str, Any],
    service: Service,
    payer: tuple[str, Payer | None],
    contact: str,
) -> Invoice:
    """The invoice that an ``invoiced`` event asks for.

    :param number: which of the case's invoices it is, from 1; invoices are numbered ``36759-2021-1``.
    :param payer: the research principal's name, and what the settings know of it as a payer.
    """
    name, known = payer
    return Invoice(
        number=f"{case}-{number}",
        case=case,
        issued=issued,
        due=issued + timedelta(days=service.payment_days),
        rows=tuple(_row(row) for row in detail["rows"]),
        vat_percent=service.vat_percent,
        payer=known,
        payer_name=name,
        contact=contact,
    )


def _row(row: Mapping[str, Any]) -> InvoiceRow:
    what = str(row["what"])
    amount = Decimal(str(row["price"])).quantize(ORE, ROUND_HALF_UP)
    return InvoiceRow(IN_SWEDISH.get(what, what), IN_ENGLISH.get(what, what), Decimal(str(row["hours"] or 0)), amount)
