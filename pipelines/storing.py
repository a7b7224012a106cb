"""The IO manager that stores nothing: assets hand over through the vault, and Dagster never pickles a frame.

What belongs here: refusing. What must not: an exception to it.
"""

from typing import Any

import dagster as dg

from samkorning.errors import HomeRefused


class NothingIsStored(dg.IOManager):
    """Refuses every value; an asset returns counts as metadata and nothing else."""

    def handle_output(self, context: dg.OutputContext, obj: Any) -> None:
        """Takes nothing but nothing."""
        if obj is not None:
            raise HomeRefused("an asset handed a value to Dagster; values go through the vault")

    def load_input(self, context: dg.InputContext) -> Any:
        """There is nothing to load."""
        raise HomeRefused("an asset asked Dagster for a value; values come from the vault")
