"""What has changed since the delivery before: variables, and the units that are delivered anew.

What belongs here: what the case register remembers of a delivered file, and comparing with it. What must not: values of
rows; how changes are written (documents).
"""

from samkorning.delivery.changes.models import Change, UnitChange
from samkorning.delivery.changes.variables import described_files, variable_changes

__all__ = ["Change", "UnitChange", "described_files", "variable_changes"]
