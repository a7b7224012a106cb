"""The fence around the events: the database itself refuses to change or remove one.

What belongs here: the triggers of SQLite and PostgreSQL. What must not: proofs (``proof``): the fence is against
mistakes, not against intent.
"""

from sqlalchemy import Connection, text

_REFUSED = "events of a case are never changed"
_SQLITE = tuple(
    f"CREATE TRIGGER IF NOT EXISTS no_{verb.lower()} BEFORE {verb} ON case_event "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    for verb in ("UPDATE", "DELETE")
)
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION case_event_is_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE OR REPLACE TRIGGER no_change BEFORE UPDATE OR DELETE ON case_event "
    "FOR EACH ROW EXECUTE FUNCTION case_event_is_never_changed()",
    "CREATE OR REPLACE TRIGGER no_truncate BEFORE TRUNCATE ON case_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION case_event_is_never_changed()",
)


def put_up_fence(connection: Connection) -> None:
    """Puts the triggers up where they are not."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.execute(text(statement))
