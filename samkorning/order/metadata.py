"""The block of an order about how its deliveries are described to catalogues of health data.

What belongs here: what only a person can say of the data set, each with what usually holds. What must not: what the
service knows itself (counts, variables, years), or how a description is written (samkorning.delivery.machine_readable).
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from samkorning.order.block import Block
from samkorning.order.sources import Name

WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"{}|\\^`]+$")]
HealthCategory = Literal[
    "EHRS", "DIOH", "NRPE", "RPDG", "HRAD", "HGPD", "HPML", "PGEH", "WELA", "IDHP", "PHDR", "MRMR", "EHCT", "EMRD",
    "RMMD", "RQSH", "EINS",
]  # fmt: skip
"""The categories of Article 51 of the EHDS regulation, by their codes in HealthDCAT-AP."""
HealthTheme = Literal[
    "CLIMATE_HEALTH", "ANTIMICROBIAL_CONTROL", "ENVIRONMENTAL_HEALTH", "BLOOD_INFECTIONS", "HEALTH_SYSTEMS",
    "SENSORY_HEALTH", "RESPIRATORY_DISEASES", "LIFECOURSE_HEALTH", "IMMUNIZATION_DISEASES", "ENTERIC_INFECTIONS",
    "INJURY_PREVENTION", "EMERGENCY_SETTINGS", "CANCER_DISEASE", "VECTOR_DISEASES", "HEALTH_PRODUCTS",
    "NONCOMMUNICABLE_DISEASES", "MENTAL_HEALTH", "REPRODUCTIVE_HEALTH", "NUTRITION_SECURITY", "TROPICAL_DISEASES",
]  # fmt: skip


class Office(Block):
    """An authority or body, and where it is reached."""

    name: Name = Field(description="Its name.")
    page: WebAddress = Field(description="Its page for those who ask for data.")
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s<>]+@[^@\s<>]+$")] | None = Field(
        default=None, description="Its e-mail address, where it has one for this."
    )


class Metadata(Block):
    """What catalogues of health data ask and nobody but a person knows (HealthDCAT-AP; EHDS regulation, Article 77)."""

    description: Name | None = Field(default=None, description="What the data are, in a few sentences; else the title.")
    keywords: tuple[Name, ...] = Field(
        default=("registerdata", "samkörning", "register linkage"), min_length=1, description="Words to find it by."
    )
    health_categories: tuple[HealthCategory, ...] = Field(
        default=("PHDR", "MRMR"), min_length=1, description="Categories of Article 51 of the EHDS regulation."
    )
    health_themes: tuple[HealthTheme, ...] = Field(
        default=("HEALTH_SYSTEMS",), min_length=1, description="What it is about, by the list of HealthDCAT-AP."
    )
    personal_data: tuple[Literal["Age", "Gender", "HealthRecord", "HealthHistory", "MedicalHealth"], ...] = Field(
        default=("HealthRecord",), min_length=1, description="Kinds of personal data, by the Data Privacy Vocabulary."
    )
    population_coverage: Name | None = Field(default=None, description="Whom the data are about, in words.")
    legal_basis: Name = Field(
        default="GDPR Article 6(1)(e) and 9(2)(j); offentlighets- och sekretesslagen 24 kap. 8 §",
        description="What the disclosure rests on.",
    )
    legislation: tuple[WebAddress, ...] = Field(
        default=("http://data.europa.eu/eli/reg/2025/327/oj",),
        min_length=1,
        description="Applicable legislation, by its address at EUR-Lex; the EHDS regulation.",
    )
    access_conditions: Name = Field(
        default="Pseudonymiserade personuppgifter under sekretess: bara för det ändamål och de personer som beslutet "
        "anger, så som etikgodkännandet säger; de lämnas inte vidare.",
        description="On which conditions the data are used.",
    )
    publisher: Office = Field(
        default=Office(name="Registerhållande myndighet", page="https://www.registerforskning.se/"),
        description="The authority that discloses the data, and how to ask it for data.",
    )
    access_body: Office | None = Field(
        default=None, description="The health data access body, where another than the publisher."
    )
