"""The steps of a case as plain functions over the desk: intake, linking, delivering, code key acts, disposal.

What belongs here: reading from and writing to places around one call of the rules, for assets, jobs and commands alike.
What must not: Dagster, and the rules themselves.
"""
