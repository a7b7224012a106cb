"""A world of persons who cannot exist, for demonstration, tests and measurement.

What belongs here: synthetic persons born 2120-2219, the own registers of 2215-2221 and the files that other holders
send. What must not: anything the service itself relies on; no rule of the service lives here.
"""

from samkorning.synthetic.incoming import (
    FileShares,
    IncomingFile,
    IncomingFiles,
    Outcome,
    Shape,
    write_incoming,
    write_number_history_file,
    write_population_file,
    write_quality_register_file,
    write_region_file,
    write_scb_file,
)
from samkorning.synthetic.persons import PersonShares
from samkorning.synthetic.sample import SAMPLE_REGISTERS, write_register, write_sample
from samkorning.synthetic.world import REGISTERS, EventRates, World, make_world
from samkorning.synthetic.years import LAST_YEAR, NEW_YEAR, REFERENCE_DATE, REGISTER_YEARS

__all__ = [
    "LAST_YEAR",
    "NEW_YEAR",
    "REFERENCE_DATE",
    "REGISTERS",
    "REGISTER_YEARS",
    "SAMPLE_REGISTERS",
    "EventRates",
    "FileShares",
    "IncomingFile",
    "IncomingFiles",
    "Outcome",
    "PersonShares",
    "Shape",
    "World",
    "make_world",
    "write_incoming",
    "write_number_history_file",
    "write_population_file",
    "write_quality_register_file",
    "write_region_file",
    "write_register",
    "write_sample",
    "write_scb_file",
]
