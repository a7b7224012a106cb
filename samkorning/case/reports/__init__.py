"""Reports on all cases: lead times, waiting times, holders, errors, satisfaction, forecast.

What belongs here: counting and medians over summaries of cases, as of a day that is given. What must not: reading the
case register, or how a report is printed (the command line); a page and its plots are made here from the same tables.
"""
