"""What a package tells its reader: variable list, code book, row flow, report, label scripts, readmes.

What belongs here: writing documents from the one description of a delivery. What must not: finding out what they say
(the caller, the takers), descriptions for programs (machine_readable), or sealing (package).
"""
