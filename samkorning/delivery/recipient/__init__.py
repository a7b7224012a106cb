"""Programs that travel with a delivery and run where nothing else of the service is installed.

What belongs here: whole files that the package copies. What must not: any import of the service in them.
"""
