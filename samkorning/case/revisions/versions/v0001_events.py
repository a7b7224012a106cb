"""Events that prove themselves: the table as it was before databases said of which revision they are."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "case_event",
        sa.Column("case_number", sa.String(32), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("audit_number", sa.Integer, nullable=False, server_default="0"),
        sa.Column("audit_authenticator", sa.String(64), nullable=False, server_default=""),
        sa.Column("mac", sa.String(64), nullable=False, server_default=""),
    )
