"""What is it: bytes that can be opened more than once, and what kind they are.

What belongs here: content as path, bytes or chunks, and telling kinds apart. What must not: any one format.
"""
