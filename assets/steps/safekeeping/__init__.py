"""Safekeeping: whether all parts of a home are of one moment, what to do where not, and encryption keys drawn anew.

What belongs here: holding vault, keystore, case register, audit log and outbox against each other. What must not: work
on a case.
"""
