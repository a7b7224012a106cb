"""The rules of the service, a room for each word: cases, orders, persons, linkage, delivery, disposal and the rest.

What belongs here: functions that take values and give values. What must not: Dagster, the clock, the environment,
places (resources), or randomness of its own.
"""
