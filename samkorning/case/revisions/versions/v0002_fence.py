"""The fence is a part of the database on SQLite and PostgreSQL alike; on SQLite it was put up at every opening."""

from alembic import op

from samkorning.case.revisions.fence import put_up_fence

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    """Puts the triggers up where they are not."""
    put_up_fence(op.get_bind())
