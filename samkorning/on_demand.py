"""Names of a package that are imported from its modules when they are first asked for.

What belongs here: the ``__getattr__`` of such a package. What must not: names. A package that gathers what lies in many
modules would load all of them, and all that these need, for whoever wants one name: a second for a command that shows
a date. For type checkers the package imports the same names in the usual way.
"""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any


def on_demand(package: str, modules: Mapping[str, Sequence[str]]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a package: its names by the modules that they lie in, written from the package on."""
    where = {name: module for module, names in modules.items() for name in names}

    def found(name: str) -> Any:
        if name not in where:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{where[name]}"), name)

    return found
