"""Who writes letters and who is written to beside the order's own persons: what the settings of a home hold of them.

What belongs here: the service, register holders' addresses, and payers. What must not: persons of an order
(samkorning.order.models). All defaults are of an invented authority: letters of real cases ask for the real one.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\r\n]+$", strip_whitespace=True)]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s<>\"]+@[^@\s<>\"]+$")]
OrganisationNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{10}$")]
VatNumber = Annotated[str, StringConstraints(pattern=r"^SE[0-9]{12}$")]
Kronor = Annotated[Decimal, Field(ge=0, decimal_places=2)]
EXAMPLE = "Exempelmyndigheten"


class _Party(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class PostalAddress(_Party):
    """Where a party is."""

    street: Line = Field(description="Street or box.")
    postal_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{3} ?[0-9]{2}$")] = Field(description="Postal code.")
    city: Line = Field(description="Town.")


class Service(_Party):
    """The register authority that writes the letters."""

    name: Line = Field(default=EXAMPLE, description="Name of the authority.")
    unit: Line = Field(default="Registerservice", description="The unit that handles orders.")
    email: Email = Field(default="registerservice@example.org", description="The unit's e-mail address.")
    telephone: Line | None = Field(default=None, description="The unit's telephone number.")
    web: Line | None = Field(default=None, description="The address of the unit's web page.")
    address: PostalAddress = Field(
        default=PostalAddress(street="Box 1", postal_code="100 00", city="Exempelstad"), description="Postal address."
    )
    files_to: Line | None = Field(
        default=None, description="Where register holders send their files, such as an SFTP address."
    )
    court_of_appeal: Line = Field(
        default="Kammarrätten i Exempelstad", description="The administrative court of appeal that hears appeals."
    )
    organisation_number: OrganisationNumber = Field(default="2021000001", description="Ten digits.")
    vat_number: VatNumber = Field(default="SE202100000101", description="`SE`, the organisation number and `01`.")
    bankgiro: Annotated[str, StringConstraints(pattern=r"^[0-9]{7,8}$")] = Field(
        default="1234566", description="Bankgiro, digits alone."
    )
    vat_percent: Literal[25, 12, 6] = Field(default=25, description="Rate of value added tax on the service's fees.")
    payment_days: int = Field(default=30, ge=10, le=90, description="Days within which an invoice is paid.")

    @property
    def is_example(self) -> bool:
        """Whether it is still the invented one."""
        return self.name == EXAMPLE or self.email.endswith("@example.org")


class HolderAddress(_Party):
    """Whom the service writes to at a register holder."""

    email: Email = Field(description="E-mail address.")
    name: Line | None = Field(default=None, description="The person or function there.")
    language: Literal["sv", "en"] = Field(default="sv", description="The language of letters to it.")


class Payer(_Party):
    """Who pays for a research principal's orders, as its e-invoices need it."""

    organisation_number: OrganisationNumber = Field(description="Ten digits.")
    address: PostalAddress = Field(description="Postal address.")
    electronic_address: Line | None = Field(
        default=None, description="Its address in Peppol; the organisation number without one."
    )
    electronic_scheme: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")] = Field(
        default="0007", description="What kind of address that is: `0007` organisation number, `0088` GLN."
    )
    reference: Line = Field(description="The reference that the payer wants on its invoices.")
