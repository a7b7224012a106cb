"""A synthetic world as a folder of files: what comes in, and some years of the own registers as CSV.

What belongs here: the layout of that folder. What must not: the files' contents.
"""

from collections.abc import Iterable
from pathlib import Path

from samkorning.synthetic.incoming import IncomingFiles, write_incoming
from samkorning.synthetic.world import World

SAMPLE_REGISTERS = ("PAR_SV", "PAR_OV", "LMED", "DORS")
"""The registers that the sample order takes from."""


def write_sample(world: World, folder: Path, years: Iterable[int]) -> IncomingFiles:
    """Writes the incoming files and ``registers/<register>_<year>.csv``; makes the folder, overwrites files there."""
    registers = folder / "registers"
    registers.mkdir(parents=True, exist_ok=True)
    for year in years:
        for name in SAMPLE_REGISTERS:
            write_register(world, name, year, registers)
    return write_incoming(world, folder)


def write_register(world: World, name: str, year: int, folder: Path) -> Path:
    """Writes one register's year as CSV: UTF-8, semicolon, ISO dates, empty where missing, first column ``number``."""
    path = folder / f"{name}_{year}.csv"
    path.write_bytes(world.register(name, year).write_csv(separator=";").encode())
    return path
