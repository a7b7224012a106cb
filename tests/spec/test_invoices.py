"""What a case is invoiced: reckoned to the öre, as tables, and as an e-invoice by the published schema and rules."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import fastexcel
import pytest
from hypothesis import given
from hypothesis import strategies as some

from samkorning.case.letters.invoice import Invoice, invoice_of
from samkorning.case.letters.invoice_tables import invoice_csv, invoice_workbook
from samkorning.case.letters.parties import Service
from samkorning.case.letters.peppol import e_invoice
from samkorning.errors import HomeRefused
from tests.letters import NUMBER, PAYER
from tests.peppol_rules import RULES, broken
from tests.published_schemas import ubl_invoice_problems

SERVICE = Service(telephone="08-000 00 00")
PRINCIPAL = "Syntetiska universitetet & Söner"


def an_invoice(*rows: tuple[str, float, float], service: Service = SERVICE, payer: Any = PAYER) -> Invoice:
    said = [{"what": what, "hours": hours, "price": price} for what, hours, price in rows]
    detail = {"rows": said, "total": sum(row["price"] for row in said)}
    return invoice_of(NUMBER, 1, date(2026, 11, 30), detail, service, (PRINCIPAL, payer), "Åsa Öberg")


USUAL = (("new request", 0, 5000), ("work as quoted", 40, 40000), ('Externt <uttag> & "VAL"', 3, 1000))


@pytest.mark.parametrize(
    ("rows", "percent", "net", "vat", "gross"),
    [
        ((("new request", 0, 5000),), 25, "5000.00", "1250.00", "6250.00"),
        (USUAL, 25, "46000.00", "11500.00", "57500.00"),
        ((("work as quoted", 1, 0.01), ("work as quoted", 1, 0.01)), 25, "0.02", "0.01", "0.03"),
        ((("renewed request", 0, 3000), ("work as quoted", 2.5, 2500.5)), 6, "5500.50", "330.03", "5830.53"),
        ((("new request", 0, 0),), 12, "0.00", "0.00", "0.00"),
    ],
)
def test_r20_an_invoice_adds_up_to_the_ore(rows: Any, percent: int, net: str, vat: str, gross: str) -> None:
    """R20: an invoice's rows, tax and total add up to the öre, the tax rounded once."""
    invoice = an_invoice(*rows, service=SERVICE.model_copy(update={"vat_percent": percent}))
    assert (invoice.net, invoice.vat, invoice.gross) == (Decimal(net), Decimal(vat), Decimal(gross))
    assert invoice.due == date(2026, 12, 30)


def test_r20_an_e_invoice_is_valid_by_the_schema_and_keeps_the_rules() -> None:
    """R20: the e-invoice is valid UBL 2.1, and keeps the core rules of EN 16931 and Peppol BIS Billing 3."""
    document = e_invoice(an_invoice(*USUAL), SERVICE)
    assert ubl_invoice_problems(document) == []
    assert broken(document) == []
    assert e_invoice(an_invoice(*USUAL), SERVICE) == document


CHANGES = {
    "BR-CO-10": (
        '<cbc:LineExtensionAmount currencyID="SEK">46000.00',
        '<cbc:LineExtensionAmount currencyID="SEK">46000.01',
    ),
    "BR-CO-15": (">57500.00</cbc:TaxInclusiveAmount", ">57500.01</cbc:TaxInclusiveAmount"),
    "BR-CO-16": (">57500.00</cbc:PayableAmount", ">57499.00</cbc:PayableAmount"),
    "BR-CO-17": (">46000.00</cbc:TaxableAmount", ">46001.00</cbc:TaxableAmount"),
    "BR-DEC": (">5000.00</cbc:PriceAmount", ">5000.001</cbc:PriceAmount"),
    "PEPPOL-EN16931-R120": (">40000.00</cbc:PriceAmount", ">1000.00</cbc:PriceAmount"),
    "PEPPOL-EN16931-R130": ('<cbc:BaseQuantity unitCode="HUR"', '<cbc:BaseQuantity unitCode="C62"'),
    "PEPPOL-EN16931-R051": ('<cbc:PayableAmount currencyID="SEK"', '<cbc:PayableAmount currencyID="EUR"'),
    "SE-R-006": ("<cbc:Percent>25</cbc:Percent>", "<cbc:Percent>24</cbc:Percent>"),
    "SE-R-013": ("2021000001</cbc:CompanyID>", "2021000002</cbc:CompanyID>"),
}


@pytest.mark.parametrize("rule", CHANGES)
def test_the_rules_notice_what_breaks_them(rule: str) -> None:
    text = e_invoice(an_invoice(*USUAL), SERVICE).decode()
    old, new = CHANGES[rule]
    assert old in text
    assert rule in broken(text.replace(old, new, 1).encode())
    assert set(CHANGES) < set(RULES)


KINDS = some.sampled_from(["new request", "work as quoted", "å & <ö>"])
SUMS = some.decimals(0, 10**6, places=2)


@given(
    some.lists(some.tuples(KINDS, some.integers(0, 500), SUMS), min_size=1, max_size=6), some.sampled_from([25, 12, 6])
)
def test_every_invoice_keeps_the_rules(rows: list[tuple[str, int, Decimal]], percent: int) -> None:
    service = SERVICE.model_copy(update={"vat_percent": percent})
    invoice = an_invoice(*((what, hours, float(price)) for what, hours, price in rows), service=service)
    assert broken(e_invoice(invoice, service)) == []
    assert invoice.net == sum(price for _, _, price in rows)


def test_the_schema_notices_what_breaks_it() -> None:
    document = e_invoice(an_invoice(*USUAL), SERVICE)
    assert ubl_invoice_problems(document.replace(b"cbc:DueDate", b"cbc:DueDay"))


def test_an_e_invoice_needs_to_know_its_payer() -> None:
    with pytest.raises(HomeRefused, match="enter Syntetiska universitetet & Söner under `payers`"):
        e_invoice(an_invoice(*USUAL, payer=None), SERVICE)


def test_a_payer_with_a_gln_gets_its_invoices_there() -> None:
    payer = PAYER.model_copy(update={"electronic_address": "7300010000001", "electronic_scheme": "0088"})
    document = e_invoice(an_invoice(*USUAL, payer=payer), SERVICE)
    assert b'<cbc:EndpointID schemeID="0088">7300010000001</cbc:EndpointID>' in document
    assert ubl_invoice_problems(document) == []


def test_r20_the_invoice_basis_is_a_table_for_people_and_finance_systems() -> None:
    """R20: the invoice basis as CSV and as a workbook gives the same rows and totals."""
    invoice = an_invoice(*USUAL)
    lines = list(csv.reader(io.StringIO(invoice_csv(invoice).decode("utf-8-sig")), delimiter=";"))
    assert [line[3:7] for line in lines[1:]] == [
        ["Ny beställning, grundavgift", "1", "st", "5000,00"],
        ["Arbete enligt offert", "40", "timmar", "40000,00"],
        ['Externt <uttag> & "VAL"', "3", "timmar", "1000,00"],
        ["Summa exkl. moms", "", "", "46000,00"],
        ["Moms", "", "", "11500,00"],
        ["Att betala", "", "", "57500,00"],
    ]
    sheet = fastexcel.read_excel(invoice_workbook(invoice)).load_sheet(0).to_polars()
    assert sheet["belopp exkl. moms"].to_list() == [5000, 40000, 1000, 46000, 11500, 57500]
    assert sheet["avser"].to_list()[:3] == [
        "Ny beställning, grundavgift",
        "Arbete enligt offert",
        'Externt <uttag> & "VAL"',
    ]
    assert sheet["referens"].unique().to_list() == ["4711 Ekonomi"]
