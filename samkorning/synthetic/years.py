"""The calendar of the synthetic world, two hundred years ahead so that no number in it can belong to anyone.

What belongs here: its years. What must not: today's date, which nothing here depends on.
"""

import datetime

FIRST_YEAR = 2215
LAST_YEAR = 2220
NEW_YEAR = 2221
REFERENCE_DATE = datetime.date(NEW_YEAR, 12, 31)
REGISTER_YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
