"""What has changed of the variables since the delivery before.

What belongs here: what the case register remembers of a delivered file, and comparing with it. What must not: values of
rows (samkorning.delivery.row_difference); how changes are written (documents).
"""

from samkorning.delivery.changes.models import Change
from samkorning.delivery.changes.variables import described_files, variable_changes

__all__ = ["Change", "described_files", "variable_changes"]
