"""The number-history file: which number of a study person followed which.

What belongs here: that one file. What must not: resolving the steps to a latest number, which the service does.
"""

from pathlib import Path

import polars as pl

from samkorning.synthetic.world import World

NUMBER_HISTORY_FILE = "number_history.csv"


def write_number_history_file(world: World, folder: Path) -> Path:
    """Writes ``number_history.csv``: UTF-8, semicolon; old_number, new_number (12 digits), changed_on, source."""
    path = folder / NUMBER_HISTORY_FILE
    path.write_bytes(study_history(world).rename({"date": "changed_on"}).write_csv(separator=";").encode())
    return path


def study_history(world: World) -> pl.DataFrame:
    """The steps of the history that lead to someone in the study population, in order of the old number."""
    steps = world.history
    last = steps.filter(pl.col("new_number").is_in(world.study().implode()))
    before = steps.filter(pl.col("new_number").is_in(last["old_number"].implode()))
    return pl.concat([last, before]).sort("old_number")
