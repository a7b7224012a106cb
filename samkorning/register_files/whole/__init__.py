"""Is it whole: has all of a file come?

What belongs here: checksums, the ends that formats have, and the rule over all signs. What must not: reading rows.
"""
