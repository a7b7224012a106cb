"""An invoice basis as tables that a finance system or a person reads: CSV, and a workbook.

What belongs here: laying its rows and totals out. What must not: reckoning (invoice), or the e-invoice (peppol).
"""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal

from samkorning.case.letters.invoice import Invoice

HEADS = ("fakturaunderlag", "ärende", "rad", "avser", "antal", "enhet", "belopp exkl. moms", "moms %", "referens")
BYTE_ORDER_MARK = "\ufeff"
NET, VAT, GROSS = "Summa exkl. moms", "Moms", "Att betala"


def invoice_csv(invoice: Invoice) -> bytes:
    """One row a line and the three totals; semicolon and decimal comma, as spreadsheets here read them."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADS)
    writer.writerows([_plain(cell) for cell in line] for line in _lines(invoice))
    return (BYTE_ORDER_MARK + stream.getvalue()).encode()


def invoice_workbook(invoice: Invoice) -> bytes:
    """The same as a workbook, with amounts as numbers."""
    import xlsxwriter

    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"created": _midnight(invoice)})
    sheet, bold = workbook.add_worksheet("Fakturaunderlag"), workbook.add_format({"bold": True})
    money = workbook.add_format({"num_format": "# ##0.00"})
    sheet.write_row(0, 0, HEADS, bold)
    for place, line in enumerate(_lines(invoice), start=1):
        for column, cell in enumerate(line):
            if isinstance(cell, Decimal):
                sheet.write_number(place, column, float(cell), money if HEADS[column].startswith("belopp") else None)
            else:
                sheet.write_string(place, column, cell)
    sheet.set_column(0, len(HEADS) - 1, 18)
    sheet.set_column(3, 3, 44)
    workbook.close()
    return stream.getvalue()


def _lines(invoice: Invoice) -> Iterator[tuple[str | Decimal, ...]]:
    reference = invoice.payer.reference if invoice.payer else ""
    for place, row in enumerate(invoice.rows, start=1):
        unit = "timmar" if row.hours else "st"
        rate = Decimal(invoice.vat_percent)
        yield (
            invoice.number, invoice.case, Decimal(place), row.what_sv, row.quantity, unit, row.amount, rate, reference
        )  # fmt: skip
    for name, amount in ((NET, invoice.net), (VAT, invoice.vat), (GROSS, invoice.gross)):
        yield invoice.number, invoice.case, "", name, "", "", amount, "", reference


def _plain(cell: str | Decimal) -> str:
    return str(cell).replace(".", ",") if isinstance(cell, Decimal) else cell


def _midnight(invoice: Invoice) -> object:
    from datetime import datetime, time

    return datetime.combine(invoice.issued, time())
