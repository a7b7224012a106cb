"""Where everything comes from: the holders' files, as assets that others make.

What belongs here: the sources of the river on the Dagster page. What must not: computation.
"""

from assets.graph import cases
from assets.river import SENDERS, spec
from samkorning.order import SourceClass


def holder_asset(source_class: SourceClass) -> str:
    """The name of the asset that stands for a class of holders."""
    return f"from_{source_class}"


holder_assets = [spec(holder_asset(source_class), partitions_def=cases) for source_class in SENDERS]
