"""Where everything comes from: the holders' files, as assets that others make.

What belongs here: the sources of the river on the Dagster page. What must not: computation.
"""

import dagster as dg

from assets.graph import HOLDERS, cases
from samkorning.order import SourceClass

DESCRIPTIONS = {
    SourceClass.SCB: "Files from Statistics Sweden (SCB).",
    SourceClass.QUALITY_REGISTER: "Files from quality registers (kvalitetsregister).",
    SourceClass.REGION: "Files from regions.",
    SourceClass.RESEARCHER: "Files from the researcher: study population, number history and own data.",
}


def holder_asset(source_class: SourceClass) -> str:
    """The name of the asset that stands for a class of holders."""
    return f"from_{source_class}"


holder_assets = [
    dg.AssetSpec(holder_asset(source_class), group_name=HOLDERS, description=text, partitions_def=cases)
    for source_class, text in DESCRIPTIONS.items()
]
