"""The column of a register year that says whom a row is about.

What belongs here: its name. What must not: what may stand in it (values).
"""

NUMBER = "number"
"""The identity column of every own register: a national number as a 64-bit integer of 12 digits."""
