"""The own registers on the page: an asset a register, its checks, and the store of all of them below.

What belongs here: names, groups and lineage. What must not: loading (assets.steps.intake.register_years).
"""

from collections.abc import Iterable, Iterator, Sequence

import dagster as dg

from assets.checks import Look, shown
from assets.graph import years_of
from assets.guard import guarded_outside_cases
from assets.river import register_words, spec
from assets.steps.intake.register_years import findings_of
from resources.desk import Desk
from samkorning.own_registers.year_checks import CHECKS, STOPPING
from samkorning.own_registers.years_awaited import year_awaited

REGISTER_CHECKS = tuple(check.__name__ for check in CHECKS)


def register_key(register: str) -> dg.AssetKey:
    """The asset of one own register."""
    return dg.AssetKey(["own_register", register.lower()])


def register_assets(registers: Iterable[str]) -> list[dg.AssetSpec]:
    """An asset a register, which loading makes year by year, and the store that they lie in together."""
    each = [
        dg.AssetSpec(register_key(name), partitions_def=years_of(name), **register_words(name)) for name in registers
    ]
    return [*each, spec("own_registers", deps=[one.key for one in each])]


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


YEAR_HAS_COME = "year_has_come"


def freshness_checks(registers: Sequence[str]) -> dg.AssetChecksDefinition:
    """Whether each register has the year that should be there by now; looked at every morning, and stops nothing."""
    asked = "Is the year loaded that should have come by now? Looked at every morning; it stops nothing."
    specs = [dg.AssetCheckSpec(YEAR_HAS_COME, asset=register_key(name), description=asked) for name in registers]

    @dg.multi_asset_check(name="register_years_in_time", specs=specs)
    def checks(context: dg.AssetCheckExecutionContext, desk: dg.ResourceParam[Desk]) -> Iterator[dg.AssetCheckResult]:
        yield from _all_in_time(context, desk, registers)

    return checks


@guarded_outside_cases
def _all_in_time(
    context: dg.AssetCheckExecutionContext, desk: Desk, registers: Sequence[str]
) -> list[dg.AssetCheckResult]:
    return [in_time(desk, name) for name in registers]


def in_time(desk: Desk, register: str) -> dg.AssetCheckResult:
    """How that check comes out today."""
    years = desk.registers.years(register)
    entry = desk.catalogue.find(register) if years else None
    lacking = year_awaited(years, desk.clock.today(), entry.to_year if entry else None)
    said = [f"{lacking} should have come, the newest year is {max(years)}"] if lacking else []
    look = Look(f"{len(years)} years" if years else "no year: nothing was ever loaded, and nothing is awaited", said)
    remedy = "load it with `samkorning register load`"
    return shown(YEAR_HAS_COME, look, remedy, {}, dg.AssetCheckSeverity.WARN, register_key(register))


def check_result(register: str, check: str, found: Iterable[tuple[int, str, str]]) -> dg.AssetCheckResult:
    """How a check came out: counts in words, by year.

    :param found: year, check and sentence of everything that was found.
    """
    said = [f"{year}: {sentence}" for year, name, sentence in found if name == check]
    severity = dg.AssetCheckSeverity.ERROR if check in STOPPING else dg.AssetCheckSeverity.WARN
    look = Look("each year that stands or waits, against the catalogue and the year before", said)
    return shown(check, look, REMEDIES[check in STOPPING], {"findings": len(said)}, severity, register_key(register))


REMEDIES = {
    True: "ask who sent the year whether it is whole; `samkorning register accept` or `refuse` decides",
    False: "look whether it is so in the source; the year counts as it is, and may be loaded anew",
}
