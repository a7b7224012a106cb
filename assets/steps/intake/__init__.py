"""Intake (mottagning): files on their way from inbox or hand into vault and ledger, and those that wait.

What belongs here: the steps of it. What must not: what a file must be like (samkorning.register_files).
"""
