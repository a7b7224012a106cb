"""Relatives (närstående): who is whose mother, sibling, cousin or spouse, from a multi-generation register.

What belongs here: the register's faults, kinship and marriage; functions on frames. What must not: the order's block
(samkorning.order.relatives), files, and serial numbers.
"""

from samkorning.own_registers.relatives.finding import FoundRelatives, relatives_of

__all__ = ["FoundRelatives", "relatives_of"]
