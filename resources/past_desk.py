"""The register desk as it was when something was done: the same home, an earlier moment, nothing written.

What belongs here: which parts of the desk are of then, and which refuse. What must not: which moment it is.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from resources.catalogue import CatalogueFolder
from resources.cluster.settings import ClusterSettings
from resources.desk import Desk
from resources.opt_out import OptOutList
from resources.past_registers import PastRegisters
from samkorning.audit import AuditLog
from samkorning.case import Case, CaseRegister
from samkorning.case.derived import DerivedTable
from samkorning.case.due import Due
from samkorning.case.made_from import Standing
from samkorning.case.overview import OverviewRow
from samkorning.errors import NotFound
from samkorning.keystore import Keystore
from samkorning.vault import Moment, PastVault, Vault, WriteRefused


@dataclass(frozen=True, kw_only=True)
class PastDesk(Desk):
    """One case at an earlier moment.

    ``present`` is the desk as it is, ``then`` the case as it was, ``engine`` what works on it. What is made anew goes
    into ``scratch``. The register catalogue is the present one, as is the program.
    """

    present: Desk
    then: Case
    standing: Standing
    moment: Moment
    scratch: Vault
    engine: str
    draws_serial_numbers: ClassVar[bool] = False

    def case(self, number: str) -> Case:
        """The case as it was."""
        if number != self.then.number:
            raise NotFound(f"case {number} is not the one that is looked back at")
        return self.then

    def engine_of(self, case: Case) -> str:
        """The engine that was chosen, whatever the specification says."""
        return self.engine

    def cluster_of(self, case: Case) -> ClusterSettings | None:
        """None: what is made again is made on this machine."""
        return None

    @cached_property
    def keystore(self) -> Keystore:
        """The home's own."""
        return self.present.keystore

    @cached_property
    def vault(self) -> Vault:
        """The stores of then, to be read, and scratch."""
        return PastVault(self.present.vault, self.scratch, self.moment)

    @cached_property
    def registers(self) -> PastRegisters:
        """The register years of then."""
        return PastRegisters(self.vault, self.settings.memory, self.progress, self.catalogue, self.standing.registers)

    @cached_property
    def catalogue(self) -> CatalogueFolder:
        """The home's own, as it is."""
        return self.present.catalogue

    @cached_property
    def cases(self) -> CaseRegister:
        """Refused: no event comes of looking back."""
        raise self._refused("case register")

    @cached_property
    def audit(self) -> AuditLog:
        """Refused: who looks back leaves the record at the present desk."""
        raise self._refused("audit log")

    @cached_property
    def overview(self) -> DerivedTable[OverviewRow]:
        """Refused: it is of the present."""
        raise self._refused("overview")

    @cached_property
    def due(self) -> DerivedTable[Due]:
        """Refused."""
        raise self._refused("table of what is due")

    @cached_property
    def opt_out(self) -> OptOutList:
        """Refused: earlier lists are kept nowhere. Who had opted out is not in the population of then."""
        raise self._refused("opt-out list")

    def _refused(self, part: str) -> WriteRefused:
        return WriteRefused(f"case {self.then.number}: the {part} has no part in what is made again")
