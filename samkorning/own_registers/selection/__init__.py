"""The selection language (urvalsspråket): event groups and selections as named steps, and running these.

What belongs here: what the blocks of samkorning.order.selection mean, in SQL that a colleague reads and in Polars, step
by step. What must not: the blocks themselves and what they may say (samkorning.order), where registers lie, or who may
extract.

Meaning. Every bound includes its first and its last day. Age is in whole years on the day; a birthday on 29 February is
on 1 March in years without one. The criteria of a group follow each other in the order that EventGroup states. A
person may have several given index dates: what is counted from them holds for each by itself, and what is not holds for
all of them. Nothing that is missing meets anything.
"""

from typing import TYPE_CHECKING

from samkorning.on_demand import on_demand
from samkorning.own_registers.selection.silent_years import SilentYears, silent_years  # named as its module is

if TYPE_CHECKING:
    from samkorning.own_registers.selection.compiling import compile_selection
    from samkorning.own_registers.selection.frames import Frames
    from samkorning.own_registers.selection.rows import EventRows, rows_taken
    from samkorning.own_registers.selection.running import (
        Left,
        Ran,
        days_in,
        days_of_group,
        run,
        run_selection,
    )
    from samkorning.own_registers.selection.steps import Definition, Program, Step

__all__ = [
    "Definition",
    "EventRows",
    "Frames",
    "Left",
    "Program",
    "Ran",
    "SilentYears",
    "Step",
    "compile_selection",
    "days_in",
    "days_of_group",
    "rows_taken",
    "run",
    "run_selection",
    "silent_years",
]

__getattr__ = on_demand(
    __name__,
    {
        "compiling": ("compile_selection",),
        "frames": ("Frames",),
        "rows": ("EventRows", "rows_taken"),
        "running": (
            "Left",
            "Ran",
            "days_in",
            "days_of_group",
            "run",
            "run_selection",
        ),
        "steps": (
            "Definition",
            "Program",
            "Step",
        ),
    },
)
