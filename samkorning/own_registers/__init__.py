"""Own registers (egna register): what they contain, how a year is read in, and drawing rows from one.

What belongs here: catalogue, values and their types, extraction and the program that is reviewed. What must not: where
registers lie (resources.register_store), or linking what others send (samkorning.linkage).
"""
