"""Delivery: what is due, the leak scan, sealing and entering it, and what of it lies outside vault and register.

What belongs here: the order of these steps. What must not: the package itself (samkorning.delivery).
"""
