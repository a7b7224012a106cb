"""Orders as workbooks: the templates that ship, what a filled one says, and an order written as one.

What belongs here: sheets and cells. What must not: what a good order is (samkorning.order.models, rules). A workbook
becomes the same document that a YAML order is, and is then judged as one; its faults are told by sheet, row and column.
"""

SUFFIXES = (".xlsx", ".xlsm")
"""How the files of workbooks end."""
LIST_SUFFIXES = (".csv", ".tsv", ".txt")
"""How a list as text with separators ends, as metadata tools export it."""
