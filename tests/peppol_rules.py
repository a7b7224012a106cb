"""The core rules of EN 16931 and of Peppol BIS Billing 3 that a plain invoice must keep, each by its published name.

What belongs here: each rule as one function that says whether an invoice keeps it. What must not: the XML schema, or
rules on what the service never writes (allowances, charges, other tax categories, credit notes).
"""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from lxml import etree

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
NAMES = {"cac": f"{UBL}CommonAggregateComponents-2", "cbc": f"{UBL}CommonBasicComponents-2"}
SELLER, BUYER = "cac:AccountingSupplierParty/cac:Party/", "cac:AccountingCustomerParty/cac:Party/"
TOTAL, TAX, PART = "cac:LegalMonetaryTotal/", "cac:TaxTotal/", "cac:TaxTotal/cac:TaxSubtotal/"
LINES = "cac:InvoiceLine/cbc:LineExtensionAmount"
VAT_NUMBER = f"{SELLER}cac:PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']/cbc:CompanyID"
LEGAL_NUMBER = f"{SELLER}cac:PartyLegalEntity/cbc:CompanyID"
CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROCESS = r"urn:fdc:peppol.eu:2017:poacc:billing:\d\d:1\.0"
ACCOUNT = "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID"
ORE = Decimal("0.01")

Invoice = etree._Element


def texts(of: Invoice, path: str) -> list[str]:
    """The texts at a place."""
    return [str(each.text) for each in of.xpath(path, namespaces=NAMES)]


def one(of: Invoice, path: str) -> str:
    """The one text there; empty where there is none or several."""
    found = texts(of, path)
    return found[0] if len(found) == 1 else ""


def sum_of(of: Invoice, path: str) -> Decimal:
    """The sum of the amounts there."""
    return sum((Decimal(text) for text in texts(of, path)), Decimal(0))


def _lines_keep_their_price(invoice: Invoice) -> bool:
    return all(
        (sum_of(line, "cbc:InvoicedQuantity") * sum_of(line, "cac:Price/cbc:PriceAmount")
         / sum_of(line, "cac:Price/cbc:BaseQuantity")).quantize(ORE, ROUND_HALF_UP)
        == sum_of(line, "cbc:LineExtensionAmount")
        for line in invoice.xpath("cac:InvoiceLine", namespaces=NAMES)
    )  # fmt: skip


def _units_agree(invoice: Invoice) -> bool:
    both = "(cbc:InvoicedQuantity|cac:Price/cbc:BaseQuantity)/@unitCode"
    lines = invoice.xpath("cac:InvoiceLine", namespaces=NAMES)
    units = [each.xpath(both, namespaces=NAMES) for each in lines]
    return all(len(each) == 2 and each[0] == each[1] for each in units)


def _tax_is_the_rate(invoice: Invoice) -> bool:
    rate = sum_of(invoice, f"{PART}cac:TaxCategory/cbc:Percent")
    tax = sum_of(invoice, f"{PART}cbc:TaxableAmount") * rate / 100
    return tax.quantize(ORE, ROUND_HALF_UP) == sum_of(invoice, f"{PART}cbc:TaxAmount")


def _total_with_tax(invoice: Invoice) -> bool:
    without = sum_of(invoice, f"{TOTAL}cbc:TaxExclusiveAmount")
    return sum_of(invoice, f"{TOTAL}cbc:TaxInclusiveAmount") == without + sum_of(invoice, f"{TAX}cbc:TaxAmount")


def _taxable_is_all_lines(invoice: Invoice) -> bool:
    rates = set(texts(invoice, ".//cbc:Percent"))
    return len(rates) == 1 and sum_of(invoice, f"{PART}cbc:TaxableAmount") == sum_of(invoice, LINES)


def _have_two_decimals(invoice: Invoice) -> bool:
    return all(re.fullmatch(r"\d+(\.\d{1,2})?", each.text or "") for each in invoice.xpath(".//*[@currencyID]"))


def _luhn(number: str) -> bool:
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(number)]
    return sum(each // 10 + each % 10 for each in doubled) % 10 == 0


RULES: dict[str, Callable[[Invoice], bool]] = {
    "BR-CO-09": lambda i: one(i, VAT_NUMBER)[:2] == "SE",
    "BR-CO-10": lambda i: sum_of(i, f"{TOTAL}cbc:LineExtensionAmount") == sum_of(i, LINES),
    "BR-CO-13": lambda i: sum_of(i, f"{TOTAL}cbc:TaxExclusiveAmount") == sum_of(i, LINES),
    "BR-CO-14": lambda i: sum_of(i, f"{TAX}cbc:TaxAmount") == sum_of(i, f"{PART}cbc:TaxAmount"),
    "BR-CO-15": _total_with_tax,
    "BR-CO-16": lambda i: sum_of(i, f"{TOTAL}cbc:PayableAmount") == sum_of(i, f"{TOTAL}cbc:TaxInclusiveAmount"),
    "BR-CO-17": _tax_is_the_rate,
    "BR-CO-18": lambda i: bool(texts(i, f"{PART}cac:TaxCategory/cbc:ID")),
    "BR-CO-25": lambda i: bool(one(i, "cbc:DueDate")),
    "BR-CO-26": lambda i: bool(one(i, LEGAL_NUMBER)),
    "BR-S-02": lambda i: bool(one(i, VAT_NUMBER)),
    "BR-S-05": lambda i: all(Decimal(each) > 0 for each in texts(i, "cac:InvoiceLine//cbc:Percent")),
    "BR-S-08": _taxable_is_all_lines,
    "BR-DEC": _have_two_decimals,
    "PEPPOL-EN16931-R001": lambda i: bool(one(i, "cbc:ProfileID")),
    "PEPPOL-EN16931-R003": lambda i: bool(one(i, "cbc:BuyerReference") or one(i, "cac:OrderReference/cbc:ID")),
    "PEPPOL-EN16931-R004": lambda i: one(i, "cbc:CustomizationID") == CUSTOMIZATION,
    "PEPPOL-EN16931-R007": lambda i: bool(re.fullmatch(PROCESS, one(i, "cbc:ProfileID"))),
    "PEPPOL-EN16931-R008": lambda i: all((each.text or "").strip() for each in i.iter() if len(each) == 0),
    "PEPPOL-EN16931-R010": lambda i: bool(one(i, f"{BUYER}cbc:EndpointID")),
    "PEPPOL-EN16931-R020": lambda i: bool(one(i, f"{SELLER}cbc:EndpointID")),
    "PEPPOL-EN16931-R051": lambda i: set(i.xpath(".//@currencyID")) == {one(i, "cbc:DocumentCurrencyCode")},
    "PEPPOL-EN16931-R053": lambda i: len(i.xpath("cac:TaxTotal[cac:TaxSubtotal]", namespaces=NAMES)) == 1,
    "PEPPOL-EN16931-R120": _lines_keep_their_price,
    "PEPPOL-EN16931-R121": lambda i: all(Decimal(each) > 0 for each in texts(i, ".//cbc:BaseQuantity")),
    "PEPPOL-EN16931-R130": _units_agree,
    "SE-R-001": lambda i: len(one(i, VAT_NUMBER)) == 14,
    "SE-R-004": lambda i: bool(re.fullmatch(r"\d{10}", one(i, LEGAL_NUMBER))),
    "SE-R-006": lambda i: set(texts(i, ".//cbc:Percent")) <= {"25", "12", "6"},
    "SE-R-009": lambda i: len(one(i, ACCOUNT)) in (7, 8),
    "SE-R-012": lambda i: one(i, "cac:PaymentMeans/cbc:PaymentMeansCode") == "30",
    "SE-R-013": lambda i: _luhn(one(i, LEGAL_NUMBER)),
}


def broken(document: bytes) -> list[str]:
    """The names of the rules that an invoice breaks."""
    invoice = etree.fromstring(document)
    return [name for name, keeps in RULES.items() if not keeps(invoice)]
