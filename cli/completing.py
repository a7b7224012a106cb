"""What the shell completes beside names of commands and options: case numbers.

What belongs here: looking them up. What must not: anything that a shell would show of a failure: without an answer
nothing is completed.
"""

import os
from pathlib import Path

import typer


def case_numbers(context: typer.Context, incomplete: str) -> list[str]:
    """The numbers of the home's cases that begin as typed, in the order they were opened; no event is opened."""
    from resources.desk import Desk
    from resources.home import DEFAULT_HOME

    home = context.find_root().params.get("home") or os.environ.get("SAMKORNING_HOME") or DEFAULT_HOME
    try:
        if not Path(home).is_dir():
            return []
        cases = Desk.at(Path(home)).cases
        return [number for number in cases.counts() if number.startswith(incomplete)]
    except Exception:  # whatever it is, the command says it when it is run
        return []
