"""Dagster assets and checks, and the steps they share with jobs and commands: read, call the rules, write, give counts.

What belongs here: thin assets; the work of a step is in ``assets.steps``. What must not: rules (samkorning), places
(resources), what runs when (pipelines). Nothing but counts, hashes and names of columns ever reaches Dagster.
"""
