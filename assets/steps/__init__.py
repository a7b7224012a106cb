"""The steps of a case as plain functions over the desk, in rooms: intake, persons, linkage, delivery, retention.

Beside them: how a case stands (case_view), its stores, its free text, and the safekeeping of a whole home.

What belongs here: reading from and writing to places around one call of the rules, for assets, jobs and commands alike.
What must not: Dagster, and the rules themselves.
"""
