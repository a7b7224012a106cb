"""The register desk: every place, secret and connection of one installation, opened when first used.

What belongs here: opening, and the refusals that keep a home safe. What must not: work on a case.
"""

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from resources.catalogue import CatalogueFolder
from resources.clock import Clock
from resources.cluster.installed import require_installed
from resources.cluster.settings import ClusterSettings
from resources.failures import FailureLog
from resources.home import DEFAULT_HOME, Home
from resources.opt_out import OptOutList
from resources.postgresql import server_address
from resources.private import write_private
from resources.register_store import RegisterStore
from resources.settings import Settings
from samkorning.audit import AuditLog
from samkorning.case import Case, CaseRegister, EventKind, Witnesses
from samkorning.case.derived import DerivedTable
from samkorning.case.due import Due
from samkorning.case.inputs import Unit
from samkorning.case.made_from import needed_generations
from samkorning.case.overview import OverviewRow
from samkorning.case.roles import Office
from samkorning.encryption.primitives import new_token
from samkorning.encryption.signing import public_key
from samkorning.errors import HomeRefused, KeystoreRefused, SamkorningError
from samkorning.keystore import CASE_EVENTS, Keystore, PassphraseProvider, RetentionClass, TokenProvider
from samkorning.machine.lock_waiting import Waiting
from samkorning.machine.progress import UNWATCHED, Progress
from samkorning.vault import Store, Vault

if TYPE_CHECKING:
    from sqlalchemy import URL

PRIVATE_FOLDER = 0o700


@dataclass(frozen=True)
class Desk:
    """One working home with its settings and clock. Nothing is opened before it is asked for."""

    home: Home
    settings: Settings
    clock: Clock = field(default_factory=Clock)
    progress: Progress = UNWATCHED
    draws_serial_numbers: ClassVar[bool] = True
    """Whether who has no serial number yet may be given one."""

    @classmethod
    def from_environment(cls, progress: Progress = UNWATCHED) -> "Desk":
        """The desk of ``SAMKORNING_HOME``, or of the default home; ``progress`` is shown how far long work has come."""
        return cls.at(Path(os.environ.get("SAMKORNING_HOME") or DEFAULT_HOME), progress)

    @classmethod
    def at(cls, root: Path, progress: Progress = UNWATCHED) -> "Desk":
        """The desk of a working home, which is made if it is new.

        :raises HomeRefused: when the clock is to be set in a home that holds real persons.
        """
        home = Home(root.resolve())
        home.root.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        settings = Settings.of(home.root)
        desk = cls(home, settings, Clock(settings.today), progress)
        if settings.today is not None and not desk.holds_synthetic_cases_alone():
            raise HomeRefused("the clock can be set only in a home of synthetic cases alone; leave --today out")
        return desk

    @cached_property
    def cases(self) -> CaseRegister:
        """The case register."""
        witnesses = Witnesses(lambda: self.event_secrets, lambda: self.audit, self.home.audit, self.home.vault)
        file = self.settings.case_register_database_file
        address = f"sqlite:///{self.home.case_register}" if file is None else server_address(file)
        return CaseRegister(address, witnesses, self.office)

    @property
    def case_register_address(self) -> "str | URL":
        """Where the case register's database is: in the home, or where the settings say."""
        file = self.settings.case_register_database_file
        if file is None:
            return f"sqlite:///{self.home.case_register}"
        from resources.postgresql import database_url  # and SQLAlchemy with it

        return database_url(file)

    @cached_property
    def office(self) -> Office:
        """Who has which role at the service, and who is away."""
        absences = {name: tuple(absence.as_said() for absence in away) for name, away in self.settings.absences.items()}
        return Office(self.settings.roles, absences, self.settings.managers)

    def require_role(self, case: Case, person: str, kind: EventKind) -> None:
        """Refuses work that ends in an event for which the person has no role, before it is begun (R11)."""
        self.cases.require_role(case, kind, person, self.clock.now())

    @cached_property
    def event_secrets(self) -> list[bytes]:
        """What the events of all cases are authenticated with, oldest first.

        :raises HomeRefused: when the home is of before they were.
        """
        if not self.keystore.has_secret(CASE_EVENTS):
            raise HomeRefused(
                "the keystore has no secret for the events of cases: it is of before there was one; "
                "restore a newer one, or take the home over with `samkorning audit take-over`"
            )
        return self.keystore.service_secrets(CASE_EVENTS)

    @cached_property
    def due(self) -> DerivedTable[Due]:
        """What was found due for each case: derived, and rebuilt where it is missing."""
        return DerivedTable(self.home.due, Due)

    @cached_property
    def overview(self) -> DerivedTable[OverviewRow]:
        """What lists and reports say of each case: derived, and rebuilt where it is missing."""
        return DerivedTable(self.home.overview, OverviewRow)

    @cached_property
    def keystore(self) -> Keystore:
        """The keystore; made once in a new home, and never beside a vault that has lost its own."""
        folder = self.keystore_folder
        provider = self._provider
        if self.has_keystore:
            return Keystore.open(folder, provider, self._waiting)
        if self.home.vault.exists() and any(self.home.vault.iterdir()):
            raise KeystoreRefused(
                f"the keystore is missing at {folder} and the vault is not empty; restore it from backup"
            )
        if self.home.audit.exists():
            raise KeystoreRefused(f"the keystore is missing at {folder} beside an audit log; restore it from backup")
        keystore = Keystore.create(folder, provider, self._waiting)
        self.home.signing_key.write_text(public_key(keystore.service_secret("signing")) + "\n")
        return keystore

    @cached_property
    def vault(self) -> Vault:
        """Encrypted stores."""
        return Vault(self.home.vault, self.keystore)

    @cached_property
    def audit(self) -> AuditLog:
        """The audit log."""
        *earlier, secret = self.keystore.service_secrets("audit")
        return AuditLog(self.home.audit, secret, earlier, self.holds_synthetic_cases_alone, self._waiting)

    @cached_property
    def failures(self) -> FailureLog:
        """The protected log of unexpected failures."""
        return FailureLog(self.home.failures)

    @cached_property
    def registers(self) -> RegisterStore:
        """The own registers."""
        return RegisterStore(self.vault, self.settings.memory, self.progress, self.catalogue, self._oldest_needed)

    @cached_property
    def opt_out(self) -> OptOutList:
        """Who has opted out of secondary use."""
        return OptOutList(self.vault)

    @cached_property
    def catalogue(self) -> CatalogueFolder:
        """What the own registers contain."""
        return CatalogueFolder(self.settings.catalogue, self.home.catalogue)

    @property
    def has_keystore(self) -> bool:
        """Whether the home has a keystore already; asking makes none."""
        return (self.keystore_folder / "keystore.json").exists()

    @property
    def keystore_folder(self) -> Path:
        """Where the keystore lies."""
        return self.settings.keystore or self.home.keystore

    @property
    def signing_seed(self) -> bytes:
        """What the service signs with."""
        return self.keystore.service_secret("signing")

    def case(self, number: str) -> Case:
        """A case that may be worked on.

        :raises NotFound: when it is not open.
        :raises KeystoreRefused: when it has real persons and the keystore lies under the home.
        """
        case = self.cases.case(number)
        if not case.order.synthetic:
            self.require_keystore_apart()
        return case

    def engine_of(self, case: Case) -> str:
        """The engine that works on a case on this machine."""
        return case.specification.engine_here

    def cluster_of(self, case: Case) -> ClusterSettings | None:
        """The cluster that links a case; nothing where this machine does.

        :raises HomeRefused: when the specification wants one, and there is none or something is not installed.
        """
        if case.specification.engine != "spark":
            return None
        if self.settings.cluster is None:
            raise HomeRefused(
                f"case {case.number} is to be linked by `engine: spark` and no cluster is named; "
                "enter it under `cluster` in config.yaml, or amend the order"
            )
        require_installed()
        return self.settings.cluster

    def require_keystore_apart(self) -> None:
        """Encryption keys never lie beside the data of real persons."""
        secret = "token_pin_file" if self.settings.keystore_provider == "token" else "passphrase_file"
        secret_file = getattr(self.settings, secret) or self.home.passphrase
        if any(place.resolve().is_relative_to(self.home.root) for place in (self.keystore_folder, secret_file)):
            raise KeystoreRefused(
                f"a case with real persons needs keystore and {secret.replace('_', ' ')} outside the home; "
                f"set `keystore` and `{secret}` in config.yaml"
            )

    def rotate_master(self) -> None:
        """Draws a new master for the embedded keystore and wraps every encryption key under it."""
        if not isinstance(self._provider, PassphraseProvider):
            raise KeystoreRefused("the token keeps its own master; rotate it with the module's own tools")
        self._provider.rotate_master()

    def change_passphrase(self, passphrase: bytes) -> None:
        """Wraps the master of the embedded keystore under another passphrase."""
        if not isinstance(self._provider, PassphraseProvider):
            raise KeystoreRefused("the token keeps its own PIN; change it with the module's own tools")
        self._provider.change_passphrase(passphrase)

    @property
    def passphrase_file(self) -> Path:
        """Where the passphrase of the embedded keystore is read."""
        return self.settings.passphrase_file or self.home.passphrase

    def holds_synthetic_cases_alone(self) -> bool:
        """Whether no case of the home has real persons."""
        return all(self.cases.case(number).order.synthetic for number in self.cases.numbers())

    def store(self, case: str, retention_class: RetentionClass, name: str) -> Store:
        """A store of a case to write to, made if it is new."""
        exists = self.vault.has_store(case, retention_class, name)
        take = self.vault.open_store if exists else self.vault.create_store
        return take(case, retention_class, name)

    def _oldest_needed(self, year: Unit) -> int | None:
        """The oldest generation of a register year that a delivery was made from whose material is kept.

        Where a case cannot be read, it may need any.
        """
        needed = []
        for number in self.cases.counts():
            try:
                needed += needed_generations(self.cases.case(number), year)
            except SamkorningError:
                return 1
        return min(needed, default=None)

    @property
    def _waiting(self) -> Waiting:
        """How a lock that another process holds is waited for."""
        return Waiting(self.progress.waits, at_most=self.settings.wait_seconds)

    @cached_property
    def _provider(self) -> PassphraseProvider | TokenProvider:
        """What holds the encryption keys, as `keystore_provider` says."""
        if self.settings.keystore_provider == "passphrase":
            return PassphraseProvider(self.keystore_folder, self._passphrase(), waiting=self._waiting)
        library, pin = self.settings.token_library, self.settings.token_pin_file
        if library is None or pin is None or not self.settings.token_label:
            raise KeystoreRefused("a token needs `token_library`, `token_label` and `token_pin_file` in config.yaml")
        if not pin.is_file():
            raise KeystoreRefused(f"no PIN file at {pin}; `token_pin_file` in config.yaml names it")
        return TokenProvider(library, self.settings.token_label, pin.read_text().strip())

    def _passphrase(self) -> bytes:
        path = self.passphrase_file
        if self.settings.passphrase_file is None and not path.exists() and not self.home.vault.exists():
            write_private(path, new_token() + new_token() + "\n")
        if not path.exists():
            raise KeystoreRefused(f"no passphrase at {path}; name its file in SAMKORNING_PASSPHRASE_FILE")
        return path.read_bytes().strip()
