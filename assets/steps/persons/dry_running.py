"""The dry run that a reviewer reads beside the extraction program (R12).

What belongs here: on which made-up world it is run. What must not: running it (samkorning.own_registers.dry_run).
"""

from functools import lru_cache

from resources.desk import Desk
from samkorning.case import Case
from samkorning.own_registers.dry_run import DryRun, dry_run
from samkorning.synthetic import World, make_world

PERSONS, SEED = 2_000, 7


def dry_run_of(desk: Desk, case: Case) -> DryRun:
    """What the case's program gives on two thousand made-up persons; always the same ones."""
    return dry_run(case.specification, desk.catalogue, _world(), desk.settings.memory)


@lru_cache(maxsize=1)
def _world() -> World:
    return make_world(PERSONS, SEED)
