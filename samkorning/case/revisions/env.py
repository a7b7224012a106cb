"""What Alembic runs for every command: it works in the transaction that it is given.

What belongs here: handing the connection over. What must not: anything else.
"""

from alembic import context

from samkorning.case.stored_rows import VERSION_TABLE
from samkorning.case.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, version_table=VERSION_TABLE
)
with context.begin_transaction():
    context.run_migrations()
