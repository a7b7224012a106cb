"""Is it as declared: the contract of a file, and holding rows and values to it.

What belongs here: contracts, rules on values, and the limits intake sets beyond them. What must not: formats.
"""
