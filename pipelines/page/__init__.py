"""The page: Dagster's own application, and before it a small layer of ours that decides which requests reach it.

What belongs here: names and origins (`addresses`), the token (`token`), what a request to Dagster's query language may
ask (`documents`, `mutations`), headers, and serving it all. What must not: changes to Dagster's application.
"""
