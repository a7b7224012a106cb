"""Retention (gallring): what goes when, destroying it, and the proof.

What belongs here: the steps of a disposal. What must not: its clocks (samkorning.retention).
"""
