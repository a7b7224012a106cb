"""The page docs/settings.md: every setting of an installation, and what lies in a home.

What belongs here: turning the models of the settings into a page. What must not: what a setting says
(resources.settings).
"""

import inspect
from collections.abc import Iterator
from pathlib import Path

from model_tables import block, blocks

from resources.home import Home
from resources.settings import Settings

HEAD = """# Settings of an installation

Settings stand in `config.yaml` in the home, each by its name. The environment comes before the file: `memory_mb` is
`SAMKORNING_MEMORY_MB` there, and a list or a mapping is written as JSON. A setting that is unknown or not as it must be
is refused by its name. [operations.md](operations.md) says what they are for.
"""
HOME = """## What lies in a home

The home is the folder of one installation: `--home`, else `SAMKORNING_HOME`, else `data/local`.

| place | what it is |
|---|---|"""
NAMES = {"register": "REGISTER", "port": "PORT", "case": "CASE", "source": "SOURCE"}


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(block(model) for model in blocks(Settings)), HOME, *_places(), ""])


def _places() -> Iterator[str]:
    home = Home(Path())
    for name, member in vars(Home).items():
        if isinstance(member, property):
            yield f"| `{getattr(home, name)}` | {_said(member)} |"
        elif inspect.isfunction(member) and not name.startswith("_"):
            asked = [NAMES[each] for each in inspect.signature(member).parameters if each != "self"]
            yield f"| `{member(home, *asked)}` | {_said(member)} |"


def _said(member: object) -> str:
    return (inspect.getdoc(member) or "").replace("``", "`")
