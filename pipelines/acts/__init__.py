"""Acts as jobs: what a person does to a case, its code key or an own register, launched from the page.

What belongs here: a module for each task, in it a function an act: its name is the job's, its first sentence what the
launchpad shows, its ``asked`` the form that is filled in. What must not: rules, and work that a command does as well;
each function calls the one that the command of the same act calls.

``job`` makes jobs of these functions; ``asked`` has what forms are made of; ``acting`` says who acts.
"""

from pipelines.acts import (
    code_keys,
    decisions,
    deliveries,
    disposals,
    enquiries,
    holders,
    letters,
    officers,
    orders,
    registers,
    repeats,
    second_files,
    transit,
)

ACTS = [
    *orders.JOBS,
    *officers.JOBS,
    *enquiries.JOBS,
    *decisions.JOBS,
    *holders.JOBS,
    *deliveries.JOBS,
    *letters.JOBS,
    *code_keys.JOBS,
    *disposals.JOBS,
    *second_files.JOBS,
    *registers.JOBS,
    *repeats.JOBS,
    *transit.JOBS,
]
