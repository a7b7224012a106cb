"""The settings of an installation: ``config.yaml`` in the home, and the environment before it.

What belongs here: the settings and reading them. What must not: where things lie (home), or opening them.
"""

import json
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from resources.cluster.settings import ClusterSettings
from resources.home import PROJECT
from resources.mail import Mail
from resources.targets import Target
from samkorning.case.letters.parties import HolderAddress, Payer, Service
from samkorning.case.roles import BY_ITSELF, Absence, Role
from samkorning.errors import HomeRefused
from samkorning.order.models import TargetName

PREFIX = "SAMKORNING_"
LENT = {"passphrase_file": "passphrase", "token_pin_file": "pin"}
"""By what names systemd lends secrets to a unit."""
PageName = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[1-9][0-9]{0,4})?$")]


class AbsenceSetting(BaseModel):
    """Days on which somebody is away, and who stands in."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    first_day: date = Field(description="The first day.")
    last_day: date = Field(description="The last day.")
    stand_in: str = Field(description="Who acts in the roles of who is away, by full name.")

    def as_said(self) -> Absence:
        """The same for the rules."""
        return Absence(self.first_day, self.last_day, self.stand_in)


class Settings(BaseModel):
    """What an installation sets of itself; none has to be set for synthetic cases."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    keystore: Path | None = Field(
        default=None, description="Folder of the keystore; must lie outside the home for real cases."
    )
    keystore_provider: Literal["passphrase", "token"] = Field(
        default="passphrase",
        description="What holds the encryption keys: a file under a passphrase, or a PKCS#11 token.",
    )
    passphrase_file: Path | None = Field(
        default=None,
        description="File that holds the keystore's passphrase; else `passphrase` that systemd lends the process "
        "(LoadCredential).",
    )
    token_library: Path | None = Field(default=None, description="The PKCS#11 module's own library.")
    token_label: str = Field(default="", description="The token's label.")
    token_pin_file: Path | None = Field(
        default=None, description="File that holds the token's PIN; else `pin` that systemd lends the process."
    )
    keystore_backup_days: int = Field(
        default=90, ge=0, description="Days after which the last backup of the keystore made on a day has expired."
    )
    memory_mb: int = Field(
        default=2048, ge=64, description="Memory that linking and delivering may take beside the code key, in MiB."
    )
    wait_seconds: int = Field(
        default=600,
        ge=1,
        description="Seconds that a command waits for audit log or keystore while another process holds them; then it "
        "ends, and says who holds them and what to do.",
    )
    catalogue: Path = Field(
        default=PROJECT / "data" / "registers",
        description="The register catalogue: a folder with a file a register, or one file with all of them.",
    )
    postgresql_file: Path | None = Field(
        default=None, description="File that holds the connection string of the database of own registers."
    )
    case_register_database_file: Path | None = Field(
        default=None,
        description="File with the connection string of the case register's PostgreSQL database; else SQLite.",
    )
    code_server: Path = Field(
        default=Path("/run/samkorning/code.sock"),
        description="Socket at which `samkorning serve code` serves the definitions to daemon and page.",
    )
    page_database_file: Path | None = Field(
        default=None,
        description="File with the connection string of the PostgreSQL database for what the page shows; else SQLite.",
    )
    reports: tuple[Literal["html", "pdf"], ...] = Field(
        default=("html", "pdf"),
        description="The forms in which a delivery's report is made; a PDF only where the system has Pango. Letters "
        "are printed where `pdf` is among them.",
    )
    accounts: dict[str, str] = Field(
        default={},
        description="Full names of the acting persons by operating-system account; none is that of the service.",
    )
    roles: dict[str, tuple[Role, ...]] = Field(
        default={},
        description="Roles by full name: registrar, coordinator, case_officer, manager, lawyer, extractor, "
        "code_reviewer, key_custodian, auditor. Once given they bind in cases of real persons.",
    )
    absences: dict[str, tuple[AbsenceSetting, ...]] = Field(
        default={}, description="By full name: `first_day` and `last_day` of an absence, and `stand_in`."
    )
    managers: dict[str, str] = Field(
        default={},
        description="Each case officer's manager, by full name: who takes part in that officer's decisions as manager.",
    )
    page_names: tuple[PageName, ...] = Field(
        default=(), description="Names under which a proxy serves the page by HTTPS, as the address line shows them."
    )
    targets: dict[TargetName, Target] = Field(
        default={}, description="Where deliveries are handed over to, by the name that orders give as `deliver_to`."
    )
    service: Service = Field(default=Service(), description="The authority, as it stands in its letters and invoices.")
    mail: Mail | None = Field(
        default=None, description="The mail server that letters are sent by; without one they are laid in a folder."
    )
    letters_by_themselves: bool = Field(
        default=True,
        description="Whether confirmation, reminders and the letter of a delivery go when their act is recorded; else "
        "each waits for `letter send`.",
    )
    holders: dict[str, HolderAddress] = Field(
        default={}, description="Whom letters go to at register holders, by the names that orders give them."
    )
    payers: dict[str, Payer] = Field(
        default={}, description="Who pays for a research principal's orders, by the principal's name in orders."
    )
    cluster: ClusterSettings | None = Field(
        default=None, description="The cluster of Apache Spark that links cases with `engine: spark`: docs/scale.md."
    )
    remember_days: int = Field(
        default=60, ge=15, description="Days after which the page forgets the logs of runs, and what sensors said."
    )
    today: date | None = Field(default=None, description="Sets the clock, in a home of synthetic cases alone.")

    @field_validator("accounts")
    @classmethod
    def _no_account_is_the_service(cls, accounts: dict[str, str]) -> dict[str, str]:
        """What the service enters by itself needs no role: no person has its name."""
        if set(accounts.values()).intersection(BY_ITSELF):
            raise ValueError
        return accounts

    @field_validator("managers")
    @classmethod
    def _nobody_manages_themselves(cls, managers: dict[str, str]) -> dict[str, str]:
        """Nobody approves their own (R11)."""
        if any(officer == manager for officer, manager in managers.items()):
            raise ValueError
        return managers

    @property
    def memory(self) -> int:
        """The same, in bytes."""
        return self.memory_mb * 2**20

    @classmethod
    def of(cls, home: Path) -> "Settings":
        """The settings of one home: the environment, then its ``config.yaml``.

        :raises HomeRefused: for a setting that is unknown, or is not what it must be.
        """
        try:
            return cls(**{**_lent(), **_written_in(home / "config.yaml"), **_from_environment(cls.model_fields)})
        except ValidationError as error:
            wrong = sorted({str(fault["loc"][0]) for fault in error.errors()})
        meant = [f"`{name}`: {cls.model_fields[name].description}" for name in wrong if name in cls.model_fields]
        unknown = [f"`{name}` is no setting" for name in wrong if name not in cls.model_fields]
        raise HomeRefused("put right in config.yaml or the environment: " + " ".join(meant + unknown))


def _lent() -> dict[str, Any]:
    """The files of secrets that systemd lends this process (LoadCredential), where no setting names them."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    found = {name: Path(folder) / lent for name, lent in LENT.items()} if folder else {}
    return {name: path for name, path in found.items() if path.is_file()}


def _written_in(config: Path) -> dict[str, Any]:
    if not config.exists():
        return {}
    from ruamel.yaml import YAML

    return YAML(typ="safe").load(config) or {}


def _from_environment(names: Iterable[str]) -> dict[str, Any]:
    """Settings as the environment has them: a list or a mapping as JSON, anything else as it is written."""
    given = {name: os.environ.get(f"{PREFIX}{name.upper()}") for name in names}
    return {name: _said(text) for name, text in given.items() if text is not None}


def _said(text: str) -> Any:
    if not text.startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
