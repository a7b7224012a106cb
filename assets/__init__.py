"""Dagster assets and checks: read, call one function of samkorning, write, return counts.

What belongs here: thin assets and the steps they share. What must not: rules (samkorning), places (resources), what
runs when (pipelines). Nothing but counts, hashes and names of columns ever reaches Dagster.
"""
