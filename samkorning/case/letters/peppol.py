"""An invoice basis as an e-invoice (e-faktura): Peppol BIS Billing 3, in UBL 2.1.

What belongs here: its elements in the order of the schema, and what it cannot be made without. What must not:
reckoning (invoice), or sending it into the network, which the authority's finance system does.
"""

from decimal import Decimal
from xml.etree import ElementTree as tree

from samkorning.case.letters.invoice import Invoice
from samkorning.case.letters.parties import Payer, PostalAddress, Service
from samkorning.errors import HomeRefused

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
INVOICE, CAC, CBC = f"{UBL}Invoice-2", f"{UBL}CommonAggregateComponents-2", f"{UBL}CommonBasicComponents-2"
CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
COMMERCIAL_INVOICE, CREDIT_TRANSFER, STANDARD_RATE = "380", "30", "S"
HOUR, PIECE = "HUR", "C62"
"""Units of UN/ECE recommendation 20."""
ORGANISATION_NUMBER = "0007"


def e_invoice(invoice: Invoice, service: Service) -> bytes:
    """The invoice's file.

    :raises HomeRefused: when the settings do not know how the payer takes e-invoices.
    """
    payer = invoice.payer
    if payer is None:
        raise HomeRefused(
            f"no e-invoice without the payer's address: enter {invoice.payer_name} under `payers` in config.yaml"
        )
    for prefix, uri in (("", INVOICE), ("cac", CAC), ("cbc", CBC)):
        tree.register_namespace(prefix, uri)
    root = tree.Element(f"{{{INVOICE}}}Invoice")
    _texts(
        root,
        CustomizationID=CUSTOMIZATION,
        ProfileID=PROFILE,
        ID=invoice.number,
        IssueDate=invoice.issued.isoformat(),
        DueDate=invoice.due.isoformat(),
        InvoiceTypeCode=COMMERCIAL_INVOICE,
        DocumentCurrencyCode="SEK",
        BuyerReference=payer.reference,
    )
    _texts(_group(root, "OrderReference"), ID=invoice.case)
    _seller(_group(root, "AccountingSupplierParty"), service)
    _buyer(_group(root, "AccountingCustomerParty"), invoice.payer_name, payer, invoice.contact)
    _payment(root, invoice, service)
    _tax(root, invoice)
    _totals(root, invoice)
    _lines(root, invoice)
    tree.indent(root)
    content: bytes = tree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return content + b"\n"


def _seller(within: tree.Element, service: Service) -> None:
    party = _group(within, "Party")
    _text(party, "EndpointID", service.organisation_number, schemeID=ORGANISATION_NUMBER)
    _address(party, service.address)
    registered = _group(party, "PartyTaxScheme")
    _texts(registered, CompanyID=service.vat_number)
    _texts(_group(registered, "TaxScheme"), ID="VAT")
    _legal(party, service.name, service.organisation_number)
    contact = _group(party, "Contact")
    _texts(contact, Name=service.unit)
    if service.telephone:
        _texts(contact, Telephone=service.telephone)
    _texts(contact, ElectronicMail=service.email)


def _buyer(within: tree.Element, name: str, payer: Payer, contact: str) -> None:
    party = _group(within, "Party")
    address = payer.electronic_address or payer.organisation_number
    _text(party, "EndpointID", address, schemeID=payer.electronic_scheme)
    _address(party, payer.address)
    _legal(party, name, payer.organisation_number)
    _texts(_group(party, "Contact"), Name=contact)


def _address(party: tree.Element, address: PostalAddress) -> None:
    place = _group(party, "PostalAddress")
    _texts(place, StreetName=address.street, CityName=address.city, PostalZone=address.postal_code)
    _texts(_group(place, "Country"), IdentificationCode="SE")


def _legal(party: tree.Element, name: str, number: str) -> None:
    entity = _group(party, "PartyLegalEntity")
    _texts(entity, RegistrationName=name)
    _text(entity, "CompanyID", number, schemeID=ORGANISATION_NUMBER)


def _payment(root: tree.Element, invoice: Invoice, service: Service) -> None:
    means = _group(root, "PaymentMeans")
    _texts(means, PaymentMeansCode=CREDIT_TRANSFER, PaymentID=invoice.number)
    account = _group(means, "PayeeFinancialAccount")
    _texts(account, ID=service.bankgiro, Name=service.name)
    _texts(_group(account, "FinancialInstitutionBranch"), ID="SE:BANKGIRO")


def _tax(root: tree.Element, invoice: Invoice) -> None:
    total = _group(root, "TaxTotal")
    _amount(total, "TaxAmount", invoice.vat)
    part = _group(total, "TaxSubtotal")
    _amount(part, "TaxableAmount", invoice.net)
    _amount(part, "TaxAmount", invoice.vat)
    _category(part, "TaxCategory", invoice.vat_percent)


def _totals(root: tree.Element, invoice: Invoice) -> None:
    total = _group(root, "LegalMonetaryTotal")
    _amount(total, "LineExtensionAmount", invoice.net)
    _amount(total, "TaxExclusiveAmount", invoice.net)
    _amount(total, "TaxInclusiveAmount", invoice.gross)
    _amount(total, "PayableAmount", invoice.gross)


def _lines(root: tree.Element, invoice: Invoice) -> None:
    """A row's sum is its price for all of its quantity, so that nothing is lost where hours do not divide it."""
    for place, row in enumerate(invoice.rows, start=1):
        line, unit = _group(root, "InvoiceLine"), HOUR if row.hours else PIECE
        _texts(line, ID=str(place))
        _text(line, "InvoicedQuantity", str(row.quantity), unitCode=unit)
        _amount(line, "LineExtensionAmount", row.amount)
        item = _group(line, "Item")
        _texts(item, Name=row.what_sv)
        _category(item, "ClassifiedTaxCategory", invoice.vat_percent)
        price = _group(line, "Price")
        _amount(price, "PriceAmount", row.amount)
        _text(price, "BaseQuantity", str(row.quantity), unitCode=unit)


def _category(within: tree.Element, name: str, percent: int) -> None:
    category = _group(within, name)
    _texts(category, ID=STANDARD_RATE, Percent=str(percent))
    _texts(_group(category, "TaxScheme"), ID="VAT")


def _amount(within: tree.Element, name: str, amount: Decimal) -> None:
    _text(within, name, f"{amount:.2f}", currencyID="SEK")


def _group(within: tree.Element, name: str) -> tree.Element:
    return tree.SubElement(within, f"{{{CAC}}}{name}")


def _texts(within: tree.Element, **named: str) -> None:
    for name, text in named.items():
        _text(within, name, text)


def _text(within: tree.Element, name: str, text: str, **attributes: str) -> None:
    tree.SubElement(within, f"{{{CBC}}}{name}", attributes).text = text
