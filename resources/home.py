"""The working home: where everything of an installation lies.

What belongs here: paths. What must not: opening what lies there, or the settings (settings).
"""

from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DEFAULT_HOME = PROJECT / "data" / "local"
REFUSED = "refused"
"""The folder in a source's inbox where refused files are set aside."""


@dataclass(frozen=True)
class Home:
    """The folders and files of one working home."""

    root: Path

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME: what the Dagster page shows."""
        return self.root / "dagster"

    @property
    def case_register(self) -> Path:
        """The case register's database."""
        return self.root / "case_register.sqlite"

    @property
    def due(self) -> Path:
        """What was found due for each case: derived from the case register, and may be deleted."""
        return self.root / "due.sqlite"

    @property
    def overview(self) -> Path:
        """What lists and reports say of each case: derived from the case register, and may be deleted."""
        return self.root / "overview.sqlite"

    @property
    def vault(self) -> Path:
        """Encrypted stores of all cases and of the own registers."""
        return self.root / "vault"

    @property
    def keystore(self) -> Path:
        """Where the embedded keystore lies unless the settings say otherwise."""
        return self.root / "keystore"

    @property
    def passphrase(self) -> Path:
        """Where a home of synthetic cases keeps its passphrase."""
        return self.root / "passphrase"

    @property
    def audit(self) -> Path:
        """The audit log."""
        return self.root / "audit.log"

    @property
    def failures(self) -> Path:
        """The protected log of unexpected failures: classes and places in the code, no texts."""
        return self.root / "failures.log"

    @property
    def catalogue(self) -> Path:
        """The home's own entries of the register catalogue, which stand before those of `catalogue` in the settings."""
        return self.root / "registers"

    @property
    def signing_key(self) -> Path:
        """The public key that the service's signatures are verified with."""
        return self.root / "signing_key.pub"

    @property
    def demo(self) -> Path:
        """What the demonstration leaves for its reader: the order and the recipient's age identity."""
        return self.root / "demo"

    @property
    def scratch(self) -> Path:
        """Encrypted stores that a process makes and throws away; what is left there opens to nobody."""
        return self.root / "scratch"

    def register_inbox(self, register: str) -> Path:
        """Where years of an own register are laid to be loaded: ``2221.parquet`` or ``2221.csv``, with ``.done``."""
        return self.root / "register_inbox" / register

    @property
    def acts_in(self) -> Path:
        """Where a person lays a file for an act that is launched from the page; the act removes it when it is safe."""
        return self.root / "acts" / "in"

    @property
    def acts_out(self) -> Path:
        """Where such an act leaves what it has sealed for somebody."""
        return self.root / "acts" / "out"

    def page_token(self, port: int) -> Path:
        """The token of the page that is served at a port; there as long as it is."""
        return self.root / f"page_token_{port}"

    def receipts(self, case: str) -> Path:
        """The receipts of a case's disposals; archived, never disposed of."""
        return self.root / "receipts" / case

    def inbox(self, case: str, source: str) -> Path:
        """Where a holder's files for a case arrive."""
        return self.root / "inbox" / case / source

    def outbox(self, case: str) -> Path:
        """Where the sealed deliveries of a case lie."""
        return self.root / "outbox" / case

    def transit(self, case: str) -> Path:
        """Where the sealed transit files of a case lie, and the receipts for those it has taken."""
        return self.outbox(case) / "transit"

    def letters(self, case: str) -> Path:
        """The letters of a case as they were sent; archived, never disposed of."""
        return self.root / "letters" / case

    def reports(self, case: str) -> Path:
        """Where the reports to the senders of a case's files lie."""
        return self.outbox(case) / "reports"
