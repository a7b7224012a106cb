"""The names of sources and of own registers: the one form of each.

What belongs here: the forms. What must not: which sources an order has (samkorning.order), or which registers there are
(samkorning.own_registers.catalogue).
"""

SOURCE_NAME, REGISTER_NAME = "[a-z][a-z0-9_]{1,30}", "[A-Z][A-Z0-9_]{1,30}"
