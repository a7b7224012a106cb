"""The report of a delivery: one page to read, in Swedish and English, as HTML and as PDF.

What belongs here: what the page shows, its charts, and printing it. What must not: counting, or choosing which counts
are shown. The libraries for pages and print are heavy and are imported where a report is made.
"""
