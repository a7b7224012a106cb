"""The functions that read register files, in the test's own process.

What belongs here: the same names with the opener that formats are tested through. Tests of formats read thousands of
files and change limits inside the readers; that a reader process gives the same is tested in test_guarded_reading.
"""

from functools import partial

from samkorning.register_files import reading
from samkorning.register_files.formats import open_register_file

stream_register_file = partial(reading.stream_register_file, opener=open_register_file)
inspect_register_file = partial(reading.inspect_register_file, opener=open_register_file)
read_register_file = partial(reading.read_register_file, opener=open_register_file)
