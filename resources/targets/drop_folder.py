"""A drop folder (inlämningsmapp): one that a secure processing environment or a file service takes files from.

What belongs here: its settings and its acts. What must not: the order of acts (samkorning.delivery.handing_over).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from samkorning.delivery.handing_over import CHUNK
from samkorning.durable import flush_to_disk, fsync_folder
from samkorning.errors import HandOverFailed, HandOverRefused


class DropFolder(BaseModel):
    """A folder that is mounted here."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    kind: Literal["drop_folder"] = Field(description="Says which kind of target it is.")
    folder: Path = Field(description="The folder; it must be there.")

    @contextmanager
    def open(self) -> Iterator["FolderPlace"]:
        """The folder as a place, as long as the context lasts."""
        if not self.folder.is_dir():
            raise HandOverFailed("the drop folder is not there; mount it, and hand over again")
        failure = ""
        try:
            yield FolderPlace(self.folder)
        except OSError as error:
            failure = type(error).__name__
        if failure:
            raise HandOverFailed(f"the drop folder does not take the file ({failure}); mend that, and hand over again")


@dataclass(frozen=True)
class FolderPlace:
    """The folder that is open."""

    folder: Path

    @property
    def where(self) -> str:
        return "drop folder"

    def size(self, name: str) -> int | None:
        path = self.folder / name
        return path.stat().st_size if path.exists() else None

    def read(self, name: str, size: int) -> Iterator[bytes]:
        with (self.folder / name).open("rb") as file:
            while size and (chunk := file.read(min(CHUNK, size))):
                size -= len(chunk)
                yield chunk

    def append(self, name: str, offset: int, chunks: Iterator[bytes]) -> None:
        with (self.folder / name).open("r+b" if offset else "wb") as file:
            file.seek(offset)
            for chunk in chunks:
                file.write(chunk)
            flush_to_disk(file)

    def rename(self, name: str, to: str) -> None:
        """By a link, which fails where the name is taken; a file system without links has only the look before."""
        taken = False
        try:
            (self.folder / to).hardlink_to(self.folder / name)
            (self.folder / name).unlink()
        except FileExistsError:
            taken = True
        except OSError:
            taken = (self.folder / to).exists()
            if not taken:
                os.rename(self.folder / name, self.folder / to)  # noqa: PTH104
        if taken:
            raise HandOverRefused(f"{self.where}: another file is called {to}; let whoever runs the place move it")
        fsync_folder(self.folder)

    def remove(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)
