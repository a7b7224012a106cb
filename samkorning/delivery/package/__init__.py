"""The package: its members, manifest and signature, sealed for the recipient; opening, verifying, comparing.

What belongs here: bytes of a package and what is true of them. What must not: what the documents say (documents), the
form of data files (rendering), or where a sealed package goes.
"""
