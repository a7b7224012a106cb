"""Messages: the refusals that a reader can give, in Swedish as well, and what contents are called.

What belongs here: pairs of sentences. What must not: when a file is refused, or the report around a sentence (reports).
"""
