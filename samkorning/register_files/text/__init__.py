"""Text of any encoding (delimited, fixed width, JSON lines): bytes, lines, records, rows."""
