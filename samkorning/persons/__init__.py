"""Persons (personer): several numbers, one person; who is in the study; identities that are text.

What belongs here: number history, population and other identities, as rules over frames. What must not: what a number
is (samkorning.identity), serial numbers (samkorning.code_key), whether the population may change (samkorning.case).
"""
