"""Reading in a process of its own: a register file opened where nothing but reading it is possible."""

from typing import TYPE_CHECKING

from samkorning.on_demand import on_demand

if TYPE_CHECKING:
    from samkorning.register_files.guarded.limits import Limits
    from samkorning.register_files.guarded.reader_process import absent_guards, guards_here, make_ready, open_guarded

__all__ = ["Limits", "absent_guards", "guards_here", "make_ready", "open_guarded"]

__getattr__ = on_demand(
    __name__,
    {
        "limits": ("Limits",),
        "reader_process": (
            "absent_guards",
            "guards_here",
            "make_ready",
            "open_guarded",
        ),
    },
)
