"""Hand-over between authorities without identity numbers (R24): making and taking transit files.

What belongs here: the steps of it. What must not: what may be handed over, and in which form (samkorning.transit).
"""
