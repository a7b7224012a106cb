"""Letters (brev) of a case: what is known when one is written, which there are, to whom they go, and their pages.

What belongs here: facts, registry, occasions, rendering, the invoice. What must not: the act that a letter speaks of
(samkorning.case), sending or keeping one (assets.steps.letters, resources.mail), printing (samkorning.delivery.report).
"""
