"""What are its columns: their names, and what identifies somebody where nothing of the kind is declared.

What belongs here: headers, names that suggest a person, and values that read as identity numbers. What must not: what
becomes of the file then.
"""
