"""Every safeguard switched off, one at a time: each must make a test fail.

What belongs here: the list of safeguards (``safeguards/``) and the run that switches them off (``run``). What must not:
tests of what they protect, which lie where the behaviour is tested.
"""
