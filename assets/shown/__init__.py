"""What the Dagster page shows at a node: tables, small pictures and columns, of counts, hashes and names.

What belongs here: how something is shown. What must not: reckoning it (samkorning, assets.steps), or a value of a row.
"""
