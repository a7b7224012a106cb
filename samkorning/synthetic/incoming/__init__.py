"""The files that orderers and other holders send, written from the synthetic world with the truth about every row.

What belongs here: one module per file. What must not: reading or linking them; the truth is for tests that do.
"""

from dataclasses import dataclass
from pathlib import Path

from samkorning.synthetic.incoming.number_history_file import write_number_history_file
from samkorning.synthetic.incoming.population_file import write_population_file
from samkorning.synthetic.incoming.quality_register_file import write_quality_register_file
from samkorning.synthetic.incoming.region_file import write_region_file
from samkorning.synthetic.incoming.rows import IncomingFile
from samkorning.synthetic.incoming.scb_file import write_scb_file
from samkorning.synthetic.incoming.shapes import FileShares, Outcome, Shape
from samkorning.synthetic.world import World

__all__ = [
    "FileShares",
    "IncomingFile",
    "IncomingFiles",
    "Outcome",
    "Shape",
    "write_incoming",
    "write_number_history_file",
    "write_population_file",
    "write_quality_register_file",
    "write_region_file",
    "write_scb_file",
]


@dataclass(frozen=True, eq=False)
class IncomingFiles:
    """All files of one case, with the truth about the rows of each."""

    population: IncomingFile
    number_history: Path
    scb: IncomingFile
    quality_register: IncomingFile
    region: IncomingFile


def write_incoming(world: World, folder: Path, shares: FileShares | None = None) -> IncomingFiles:
    """Writes every incoming file of the world into an existing folder; each file also has a function of its own."""
    return IncomingFiles(
        population=write_population_file(world, folder, shares),
        number_history=write_number_history_file(world, folder),
        scb=write_scb_file(world, folder),
        quality_register=write_quality_register_file(world, folder, shares),
        region=write_region_file(world, folder, shares),
    )
