"""The command line, one module per noun.

What belongs here: arguments in, one call, a short answer out. What must not: work. Exit codes: 0 done or nothing to do,
1 refused with a reason, 2 wrong usage, 3 failed and safe to repeat, 4 the case is busy.
"""
