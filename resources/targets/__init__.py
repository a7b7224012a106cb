"""Where sealed deliveries are handed over to: the settings of each target, and opening it.

What belongs here: the list of kinds; a further one is a module here and one line. What must not: the order of acts when
a file is handed over (samkorning.delivery.handing_over).
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Annotated

from pydantic import Field

from resources.targets.drop_folder import DropFolder
from resources.targets.sftp import Sftp
from samkorning.delivery.handing_over import Place
from samkorning.errors import HandOverRefused

Target = Annotated[DropFolder | Sftp, Field(discriminator="kind")]
"""What `targets` in config.yaml holds under a name, which orders give as `deliver_to`."""


def open_target(targets: Mapping[str, Target], name: str) -> AbstractContextManager[Place]:
    """The place of a target, as long as the context lasts.

    :raises HandOverRefused: when the settings name no such target, or the place is not the one they name.
    :raises HandOverFailed: when it cannot be reached.
    """
    if name not in targets:
        raise HandOverRefused(f"no target is called {name}; enter it under `targets` in config.yaml")
    return targets[name].open()
