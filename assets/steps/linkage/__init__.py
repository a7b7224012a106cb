"""Linkage: one unit of a case under its serial numbers.

What belongs here: reading and writing around the kernel. What must not: the kernel (samkorning.linkage).
"""
