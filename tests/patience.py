"""How long a test waits for what must come: so long that only what never comes is waited for in vain, on any machine.

What belongs here: that one time. What must not: expectations.
"""

PATIENCE = 900.0
"""Seconds."""
