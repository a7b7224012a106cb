"""The own registers on the page: an asset a register, its checks, and the store of all of them below.

What belongs here: names, groups and lineage. What must not: loading (assets.steps.intake.register_years).
"""

from collections.abc import Iterable, Iterator

import dagster as dg

from assets.graph import HOLDERS
from assets.guard import guarded_outside_cases
from assets.steps.intake.register_years import findings_of
from resources.desk import Desk
from samkorning.own_registers.year_checks import CHECKS, STOPPING

REGISTERS = "registers"
REGISTER_CHECKS = tuple(check.__name__ for check in CHECKS)


def register_key(register: str) -> dg.AssetKey:
    """The asset of one own register."""
    return dg.AssetKey(["own_register", register.lower()])


def register_assets(registers: Iterable[str]) -> list[dg.AssetSpec]:
    """An asset a register, which loading makes, and the store that they lie in together."""
    keys = [register_key(register) for register in registers]
    each = [
        dg.AssetSpec(key, group_name=REGISTERS, description="Years of an own register, as loaded with checks.")
        for key in keys
    ]
    store = dg.AssetSpec(
        "own_registers",
        deps=keys,
        group_name=HOLDERS,
        description="The authority's own registers, in the register store.",
    )
    return [*each, store]


def register_checks(register: str) -> dg.AssetChecksDefinition:
    """What is found in the years of a register, from the accounts that stand beside them: no row is read again."""
    specs = [
        dg.AssetCheckSpec(check.__name__, asset=register_key(register), description=(check.__doc__ or "").strip())
        for check in CHECKS
    ]

    @dg.multi_asset_check(name=f"own_register_{register.lower()}", specs=specs)
    def checks(context: dg.AssetCheckExecutionContext, desk: dg.ResourceParam[Desk]) -> Iterator[dg.AssetCheckResult]:
        found = _found(context, desk, register)
        yield from (check_result(register, each.__name__, found) for each in CHECKS)

    return checks


@guarded_outside_cases
def _found(context: dg.AssetCheckExecutionContext, desk: Desk, register: str) -> list[tuple[int, str, str]]:
    return findings_of(desk, register)


def check_result(register: str, check: str, found: Iterable[tuple[int, str, str]]) -> dg.AssetCheckResult:
    """How a check came out: counts in words, by year.

    :param found: year, check and sentence of everything that was found.
    """
    said = [f"{year}: {sentence}" for year, name, sentence in found if name == check]
    return dg.AssetCheckResult(
        asset_key=register_key(register),
        check_name=check,
        passed=not said,
        severity=dg.AssetCheckSeverity.ERROR if check in STOPPING else dg.AssetCheckSeverity.WARN,
        description="; ".join(said) or None,
        metadata={"found": len(said)},
    )
