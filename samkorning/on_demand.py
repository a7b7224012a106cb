"""Names of a package that are imported from its modules when they are first asked for, and a module that is.

What belongs here: the ``__getattr__`` of both. What must not: names. A package that gathers what lies in many
modules would load all of them, and all that these need, for whoever wants one name: a second for a command that shows
a date. For type checkers the package imports the same names in the usual way.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import ModuleType
from typing import Any


def on_demand(package: str, modules: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a package: its names by the modules that they lie in, written from the package on."""
    where = {name: module for module, names in modules.items() for name in names}

    def found(name: str) -> Any:
        if name not in where:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{where[name]}"), name)

    return found


class LoadedWhenUsed(ModuleType):
    """A module that is imported when something of it is first used: for one that takes long, and that many modules name
    of which a command may need only a date. Type checkers are given the ordinary import beside it, and annotations are
    not evaluated (``from __future__ import annotations``)."""

    def __getattr__(self, name: str) -> Any:
        """What the module has by that name, kept for the next time."""
        found = getattr(import_module(self.__name__), name)
        setattr(self, name, found)
        return found
