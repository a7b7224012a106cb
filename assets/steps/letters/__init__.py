"""Steps of a case's letters: put together, looked through for identity numbers, sent or laid down, and remembered.

What belongs here: what command and page both do with a letter. What must not: Dagster; a letter's facts and text
(samkorning.case.letters), or the connection to a mail server (resources.mail).
"""
