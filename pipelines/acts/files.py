"""Files that acts take and give: what a person cannot type into the page lies in two folders of the working home.

What belongs here: from the name that was typed to the path, and removing what was taken. What must not: reading a file.

A name is all that is typed: no act reads or writes elsewhere, whatever the service's account may.
"""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from pipelines.acts.asked import Typed
from resources.desk import Desk
from samkorning import typed
from samkorning.errors import HomeRefused
from samkorning.identity.redaction import no_file

FILE_NAME = r"[A-Za-z0-9åäöÅÄÖ][A-Za-z0-9åäöÅÄÖ._ -]{0,119}"
a_file_name = typed.of_form(FILE_NAME, "that is no name of a file; use letters, digits, points, hyphens and _")

FileToTake = Annotated[
    str, Typed(a_file_name), Field(description="The name of a file in the folder `acts/in` of the working home.")
]
FileToMake = Annotated[
    str, Typed(a_file_name), Field(description="What the sealed file is called; it comes into the folder `acts/out`.")
]


def taken_file(desk: Desk, name: str) -> Path:
    """The file that an act takes.

    :raises NotFound: when none lies there.
    """
    path = desk.home.acts_in / name
    if path.is_symlink() or not path.is_file():
        raise no_file(path)
    return path


def made_file(desk: Desk, name: str) -> Path:
    """Where a file that an act makes is written.

    :raises HomeRefused: when something lies there.
    """
    desk.home.acts_out.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = desk.home.acts_out / name
    if path.exists():
        raise HomeRefused(f"{name}: something lies there already; name another file")
    return path
