"""Persons: population files, identities and their serial numbers, and acts on the code key.

What belongs here: bringing stores, rules and events together. What must not: the rules themselves.
"""
