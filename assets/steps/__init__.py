"""The steps of a case as plain functions over the desk, in rooms.

The rooms: intake, persons, linkage, delivery, retention, letters, transit, and the safekeeping of a whole home. Beside
them: how a case stands (case_view), its stores, its free text.

What belongs here: reading from and writing to places around one call of the rules, for assets, jobs and commands alike.
What must not: Dagster, and the rules themselves.
"""
