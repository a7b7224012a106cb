"""What a package tells its reader: variable list, code book, row flow, readmes.

What belongs here: writing documents from the one description of a delivery. What must not: finding out what they say
(the caller, the takers), the report (report), programs with labels (label_scripts), descriptions for programs
(machine_readable), or sealing (package).
"""
