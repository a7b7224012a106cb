"""Hand-over between authorities without identity numbers (R24): transit identifiers, peers, files, receipts, rules.

What belongs here: what is handed over, in which form, and which file may be made and taken. What must not: opening
stores, keys or files of a home (assets.steps.transit), or the case's events in general (samkorning.case).

One authority lists the persons it may ask about, each beside a transit identifier that is drawn for this hand-over
alone. The other answers under those identifiers: who of them is in the group, and rows about them. Identity numbers
travel in the list alone, sealed for the other; no answer holds one.
"""
