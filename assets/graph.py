"""What all assets of the graph share: the partitions, of cases and of register years.

What belongs here: names and partitions for the Dagster page. What must not: work on a case, or what a node shows
(assets.shown).
"""

import warnings

import dagster as dg

from resources.partitions import CASE_PARTITIONS, year_partitions

__all__ = ["CASE_PARTITIONS", "cases", "years_of"]

# Checks of partitioned assets need a partitions_def of their own, which Dagster still calls a preview.
warnings.filterwarnings("ignore", message="Specifying a partitions_def", category=dg.PreviewWarning)

cases = dg.DynamicPartitionsDefinition(name=CASE_PARTITIONS)


def years_of(register: str) -> dg.DynamicPartitionsDefinition:
    """The years of one own register that have been loaded."""
    return dg.DynamicPartitionsDefinition(name=year_partitions(register))
