"""The tables of the store in PostgreSQL, the steps that bring an older one up, and the rights of who only adds rows.

Text is compared byte by byte (collation ``C``), as SQLite does, so that both order rows alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from actwright.store.sqlite_tables import APPEND_ONLY, PURGEABLE, SEALING

if TYPE_CHECKING:
    from actwright.store.postgres_connections import Link

_BRINGING_UP = 0x61637402
"""The advisory lock under which tables are made, so that several processes may start at once."""

_KEY = 'TEXT COLLATE "C" NOT NULL'
_TEXT = 'TEXT COLLATE "C"'

_TABLES = (
    "CREATE TABLE store_version (version BIGINT NOT NULL)",
    f"""CREATE TABLE document (
        seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        kind {_KEY}, id {_KEY}, parent {_TEXT}, body {_KEY}, at {_KEY},
        UNIQUE (kind, id)
    )""",
    "CREATE INDEX document_by_parent ON document (kind, parent)",
    f"""CREATE TABLE claim (
        kind {_KEY}, key {_KEY}, holder {_KEY}, at {_KEY}, PRIMARY KEY (kind, key)
    )""",
    f"""CREATE TABLE journal (
        run_id {_KEY}, seq BIGINT NOT NULL, at {_KEY}, kind {_KEY}, actor {_KEY}, data {_KEY},
        prev_hash {_KEY}, hash {_KEY}, version BIGINT NOT NULL DEFAULT 1,
        PRIMARY KEY (run_id, seq)
    )""",
    "CREATE INDEX journal_starts ON journal (at, run_id) WHERE kind = 'run_started'",
    f"CREATE TABLE spent (scope {_KEY}, at {_KEY}, count BIGINT NOT NULL, holder {_KEY})",
    "CREATE INDEX spent_by_scope ON spent (scope, at)",
    f"""CREATE TABLE run (
        run_id {_KEY} PRIMARY KEY,
        status {_KEY}, reason {_TEXT}, goal {_KEY}, org {_KEY}, username {_KEY},
        plan_id {_KEY}, preview_id {_KEY}, approver {_KEY}, undoes {_TEXT}, waiting_for {_TEXT},
        started_at {_KEY}, updated_at {_KEY}, ended_at {_TEXT},
        seq BIGINT NOT NULL, hash {_KEY},
        wake_at {_TEXT}, deadline {_TEXT}, lease_owner {_TEXT}, lease_until {_TEXT},
        zone {_TEXT}, effects_done BIGINT, effects_total BIGINT,
        sealed BIGINT NOT NULL DEFAULT 0
    ) WITH (fillfactor = 80)""",
    "CREATE INDEX run_unfinished ON run (status, wake_at) WHERE ended_at IS NULL",
    "CREATE INDEX run_open ON run (started_at, run_id) WHERE ended_at IS NULL",
    "CREATE INDEX run_by_start ON run (started_at, run_id)",
    "CREATE INDEX run_by_end ON run (ended_at) WHERE ended_at IS NOT NULL",
    "CREATE INDEX run_by_undone ON run (undoes) WHERE undoes IS NOT NULL",
    "CREATE INDEX run_unsealed ON run (run_id) WHERE sealed < seq",
    f"""CREATE TABLE seal (
        number BIGINT NOT NULL PRIMARY KEY,
        at {_KEY}, prev_hash {_KEY}, body {_KEY}, hash {_KEY}, signature {_KEY}
    )""",
    f"""CREATE TABLE archived (
        run_id {_KEY} PRIMARY KEY, seq BIGINT NOT NULL, hash {_KEY}, at {_KEY}, file {_KEY}, file_sha256 {_KEY}
    )""",
    """CREATE FUNCTION store_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% rows are never changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    """CREATE FUNCTION store_refuse_unless_archived() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE archived BOOLEAN;
    BEGIN
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.archived WHERE run_id = $1 AND seq >= $2)', TG_TABLE_SCHEMA)
            INTO archived USING OLD.run_id, OLD.seq;
        IF archived THEN RETURN OLD; END IF;
        RAISE EXCEPTION 'journal rows are never changed' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
)

_LOG_4 = (
    f"""CREATE TABLE exchange (
        seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id {_KEY} UNIQUE, conversation {_KEY}, planning {_TEXT}, at {_KEY},
        username {_TEXT}, session {_TEXT}, prompt {_KEY}, model {_KEY}, outcome {_KEY}, body {_KEY}
    )""",
    "CREATE INDEX exchange_by_conversation ON exchange (conversation)",
    "CREATE INDEX exchange_by_planning ON exchange (planning) WHERE planning IS NOT NULL",
    "CREATE INDEX exchange_by_time ON exchange (at)",
    f"CREATE TABLE exchange_text (id {_KEY} PRIMARY KEY, at {_KEY}, body {_KEY})",
    f"""CREATE TABLE planning (
        seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id {_KEY} UNIQUE, at {_KEY}, username {_TEXT}, session {_TEXT}, plan_id {_TEXT}, prompt {_TEXT}, model {_TEXT},
        shape {_TEXT}, body {_KEY}
    )""",
    "CREATE INDEX planning_by_plan ON planning (plan_id) WHERE plan_id IS NOT NULL",
    "CREATE INDEX planning_by_shape ON planning (shape) WHERE shape IS NOT NULL",
    "CREATE INDEX planning_by_time ON planning (at)",
    f"CREATE TABLE payload (digest {_KEY}, owner {_KEY}, PRIMARY KEY (digest, owner))",
    "CREATE INDEX payload_by_owner ON payload (owner)",
    "ALTER TABLE document DISABLE TRIGGER document_no_delete",
    """INSERT INTO exchange (id, conversation, at, prompt, model, outcome, body)
    SELECT id, coalesce(parent, id), at,
        coalesce(substring(body from '"promptName":"([^"]*)"'), ''),
        coalesce(substring(body from '"model":"([^"]*)"'), ''),
        coalesce(substring(body from '"outcome":"([^"]*)"'), ''), body
    FROM document WHERE kind = 'exchange' ORDER BY seq""",
    "DELETE FROM document WHERE kind = 'exchange'",
    "ALTER TABLE document ENABLE TRIGGER document_no_delete",
)
"""The prompt log, as in SQLite; exchanges were documents, and move."""


def _guard(table: str, verb: str, each: str, function: str) -> str:
    name = f"{table}_no_{verb.lower()}"
    return f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"


def _guards(table: str) -> tuple[str, ...]:
    leaving = "store_refuse_unless_archived" if table == "journal" else "store_refuse"
    return (
        _guard(table, "UPDATE", "ROW", "store_refuse"),
        _guard(table, "DELETE", "ROW", leaving),
        _guard(table, "TRUNCATE", "STATEMENT", "store_refuse"),
    )


STEPS = {
    3: (*_TABLES, *(each for table in APPEND_ONLY for each in _guards(table))),
    4: (*SEALING, *_LOG_4),
}
"""What makes a store of each version out of the one before it; the third is the first there was on a server."""


_VERSION_TABLE = """SELECT 1 FROM pg_class
    WHERE relname = 'store_version' AND relkind = 'r' AND pg_table_is_visible(oid)"""
"""``to_regclass`` would answer from a cache, and miss what another process has made since the transaction began."""


def version_of(connection: Link) -> int:
    """Return which version of the tables a database has; 0 where it has none."""
    if not connection.execute(_VERSION_TABLE).fetchall():
        return 0
    found = connection.execute("SELECT max(version) FROM store_version").fetchone()
    return int(found[0]) if found else 0


def bring_up(connection: Link) -> int:
    """Make the tables that a new or an older database lacks, and return the version it has then.

    Nothing happens where another process has done so meanwhile.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock($1)", (_BRINGING_UP,))
        version = version_of(connection)
        for further in (each for each in STEPS if each > version):
            for statement in STEPS[further]:
                connection.execute(statement.encode())
            connection.execute("INSERT INTO store_version VALUES ($1)", (further,))
            version = further
    return version


def grant_to(connection: Link, role: str, *, queue: str | None) -> None:
    """Give a role what a worker needs and nothing more: it adds rows, changes the register's, and purges the log.

    Args:
        connection: The connection of the tables' owner.
        role: Who is to have the rights; what he had on these tables before is taken from him.
        queue: The schema of the workers' queue, whose rows are no record of anything; None where there is none.
    """
    from psycopg import sql  # noqa: PLC0415 - an extra

    tables = sql.SQL(", ").join(map(sql.Identifier, _ADDED_TO))
    log = sql.SQL(", ").join(map(sql.Identifier, PURGEABLE))
    with connection.transaction():
        for text in _RIGHTS + (_QUEUE_RIGHTS if queue else ()):
            statement = sql.SQL(text).format(
                role=sql.Identifier(role), tables=tables, log=log, queue=sql.Identifier(queue or "")
            )
            connection.execute(statement)


_ADDED_TO = tuple(each for each in APPEND_ONLY if each != "archived")
"""A row of ``archived`` opens the journal's guard for its run: who writes it is who may take rows out, the owner."""

_RIGHTS = (
    "REVOKE ALL ON store_version, run, archived, {tables}, {log} FROM {role}",
    "GRANT SELECT ON store_version, archived TO {role}",
    "GRANT SELECT, INSERT ON {tables} TO {role}",
    "GRANT SELECT, INSERT, UPDATE ON run TO {role}",
    "GRANT SELECT, INSERT, DELETE ON {log} TO {role}",
)
_QUEUE_RIGHTS = (
    "GRANT USAGE ON SCHEMA {queue} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {queue} TO {role}",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA {queue} TO {role}",
)
