"""The machine: what it lacks, who holds a lock, whether its clock can be right, and how far its work has come.

What belongs here: saying such things in a sentence that a person can act on. What must not: anything about a case.
"""
