"""The last runs of an asset on one case, as a line.

What belongs here: reading a count of earlier runs from Dagster. What must not: drawing (tables).
"""

import dagster as dg

from assets.shown.tables import spark_line

RUNS = 10


def last_runs(context: dg.AssetExecutionContext, count: str, now: int) -> dg.MetadataValue[str]:
    """A count in the last ten runs of this asset on this case, this one included."""
    asked = dg.AssetRecordsFilter(asset_key=context.asset_key, asset_partitions=[context.partition_key])
    records = context.instance.fetch_materializations(asked, limit=RUNS - 1).records
    made = [each.asset_materialization for each in reversed(records)]
    earlier = [float(str(one.metadata[count].value)) for one in made if one is not None and count in one.metadata]
    return dg.MetadataValue.md(spark_line([*earlier, float(now)], f"{count.replace('_', ' ')} in the last {RUNS} runs"))
