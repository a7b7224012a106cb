"""Places, secrets and connections: working home, keystore, vault, case register, own registers, inbox, outbox, clock.

What belongs here: where things lie and how they are opened. What must not: a rule of the service (samkorning), or
what runs when (pipelines).
"""
