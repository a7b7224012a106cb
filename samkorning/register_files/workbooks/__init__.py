"""Excel workbooks of today (xlsx, xlsm) and of before 2007 (xls)."""
