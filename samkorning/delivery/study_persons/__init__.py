"""The persons of a study in a delivery: by age and sex, and how many of them each source has rows about.

What belongs here: groups, counts that may be shown, and one row per person. What must not: reading stores, or how it is
written (documents).
"""
