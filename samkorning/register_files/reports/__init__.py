"""Reports to senders (mottagningsrapporter): what became of a file, and what its sender has to do.

What belongs here: the report as an object and as a page, and one sentence for each fault, rule and remark. What must
not: values, ever; or whole refusals (messages).
"""
