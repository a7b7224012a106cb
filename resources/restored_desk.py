"""The register desk as it would be once what a restored vault has lost is given up: the same home, to be looked at.

What belongs here: which parts are read otherwise. What must not: whether the loss may be accepted.
"""

from dataclasses import dataclass
from functools import cached_property

from resources.desk import Desk
from samkorning.audit import AuditLog
from samkorning.case import CaseRegister
from samkorning.keystore import Keystore
from samkorning.vault import Vault, VaultAsRestored


@dataclass(frozen=True, kw_only=True)
class RestoredDesk(Desk):
    """``present`` is the desk as it is."""

    present: Desk

    @classmethod
    def beside(cls, present: Desk) -> "RestoredDesk":
        """The look at the home of a desk."""
        return cls(present.home, present.settings, present.clock, present.progress, present=present)

    @cached_property
    def keystore(self) -> Keystore:
        """The home's own."""
        return self.present.keystore

    @cached_property
    def cases(self) -> CaseRegister:
        """The home's own."""
        return self.present.cases

    @cached_property
    def audit(self) -> AuditLog:
        """The home's own."""
        return self.present.audit

    @cached_property
    def vault(self) -> Vault:
        """The stores that lie there, however far they had come."""
        return VaultAsRestored(self.present.vault, self.present.keystore)
