"""Which files of tests begin first, and which are one process's.

What belongs here: that order, for processes that take one file after another. What must not: what runs at all (marks).
"""

from xdist.scheduler import LoadFileScheduling

WAITING = (
    "test_cluster_faults",
    "test_cluster_conformance",
    "test_cluster_from_the_page",
    "test_linkage_on_spark",
    "test_page_in_browser",
    "test_production",
    "test_page",
    "test_daemon_faults",
    "test_dagster_databases",
)
"""Files that wait for servers most of their time: others compute meanwhile."""

LONGEST = (
    "test_vault_crashes",
    "test_small_disks",
    "test_tampered_home",
    "test_canary",
    "test_interrupted",
    "test_disposal_crashes",
    "test_rebuild",
    "test_drawn_population",
    "test_two_years",
    "test_every_query",
    "test_second_population",
    "test_number_scan",
    "test_register_files_streaming",
    "test_disposal",
    "test_mixed_moments",
    "test_machine_faults",
    "test_due",
    "test_register_identifiers",
    "test_selection_engines",
    "test_identity_oracle",
    "test_identity_engines",
    "test_transit",
    "test_inbox",
    "test_program",
    "test_gates",
    "test_formats_delivered",
    "test_guarded_reading",
    "test_packed_files",
    "test_statistics_damage",
)
"""Files that take longest, the longest first, so that no process is left with one of them at the end."""

FIRST = {name: place for place, name in enumerate((*WAITING, *LONGEST))}
ON_ONE_CLUSTER = WAITING[:4]
"""Files that share one cluster, whose start takes half a minute of processor time: one process does them all."""


class FilesInOrder(LoadFileScheduling):
    """xdist's way to hand out files, in which those of the cluster are one."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def scope_of(nodeid: str) -> str:
    """The file of a test, or what stands for several."""
    path = nodeid.split("::", 1)[0]
    return "the cluster" if path.rpartition("/")[2].removesuffix(".py") in ON_ONE_CLUSTER else path
