"""The partitions that a look adds before it asks for runs: every case of the case register has one.

What belongs here: adding them. What must not: taking one away (a disposal does, pipelines.purging).
"""

from collections.abc import Iterable

import dagster as dg

from assets.graph import CASE_PARTITIONS, cases
from samkorning.case_number import is_case_number


def missing_partitions(instance: dg.DagsterInstance, numbers: Iterable[str]) -> list[dg.AddDynamicPartitionsRequest]:
    """Asks for the partitions of cases that have none yet."""
    known = {number for number in numbers if is_case_number(number)}
    missing = known - set(instance.get_dynamic_partitions(CASE_PARTITIONS))
    return [cases.build_add_request(sorted(missing))] if missing else []
