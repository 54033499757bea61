"""The tables of the store in SQLite, and the steps that bring an older file up."""

from __future__ import annotations

import sqlite3

VERSION = 4
"""What this program reads and writes; kept in the file as ``user_version``."""

APPEND_ONLY = (
    "document",
    "claim",
    "journal",
    "spent",
    "seal",
    "archived",
)
"""The tables whose rows are never changed; the register alone is, since it can be made again from the journal."""

PURGEABLE = ("exchange", "exchange_text", "planning", "payload")
"""The tables of the prompt log: no record of anything that was done, so its rows may go. They are never changed."""

_VERSION_1 = (
    """CREATE TABLE document (
        seq INTEGER PRIMARY KEY,
        kind TEXT NOT NULL, id TEXT NOT NULL, parent TEXT, body TEXT NOT NULL, at TEXT NOT NULL,
        UNIQUE (kind, id)
    ) STRICT""",
    "CREATE INDEX document_by_parent ON document (kind, parent)",
    """CREATE TABLE claim (
        kind TEXT NOT NULL, key TEXT NOT NULL, holder TEXT NOT NULL, at TEXT NOT NULL,
        PRIMARY KEY (kind, key)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE journal (
        run_id TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL,
        actor TEXT NOT NULL, data TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL,
        PRIMARY KEY (run_id, seq)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX journal_by_kind ON journal (kind, at)",
)

_VERSION_2 = (
    """CREATE TABLE spent (
        scope TEXT NOT NULL, at TEXT NOT NULL, count INTEGER NOT NULL, holder TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX spent_by_scope ON spent (scope, at)",
)

_LEAVING = """CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
    WHEN NOT EXISTS (SELECT 1 FROM archived WHERE archived.run_id = OLD.run_id AND archived.seq >= OLD.seq)
    BEGIN SELECT RAISE(ABORT, 'journal rows are never changed'); END"""
"""A run's events may leave the journal only after the archive has a row that says which file holds them."""

_VERSION_3 = (
    "ALTER TABLE journal ADD COLUMN version INTEGER NOT NULL DEFAULT 1",
    "DROP INDEX journal_by_kind",
    "CREATE INDEX journal_starts ON journal (at, run_id) WHERE kind = 'run_started'",
    """CREATE TABLE run (
        run_id TEXT NOT NULL PRIMARY KEY,
        status TEXT NOT NULL, reason TEXT, goal TEXT NOT NULL, org TEXT NOT NULL, username TEXT NOT NULL,
        plan_id TEXT NOT NULL, preview_id TEXT NOT NULL, approver TEXT NOT NULL,
        undoes TEXT, waiting_for TEXT,
        started_at TEXT NOT NULL, updated_at TEXT NOT NULL, ended_at TEXT,
        seq INTEGER NOT NULL, hash TEXT NOT NULL,
        wake_at TEXT, deadline TEXT, lease_owner TEXT, lease_until TEXT,
        zone TEXT, effects_done INTEGER, effects_total INTEGER,
        sealed INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX run_unfinished ON run (status, wake_at) WHERE ended_at IS NULL",
    "CREATE INDEX run_open ON run (started_at, run_id) WHERE ended_at IS NULL",
    "CREATE INDEX run_by_start ON run (started_at, run_id)",
    "CREATE INDEX run_by_end ON run (ended_at) WHERE ended_at IS NOT NULL",
    "CREATE INDEX run_unsealed ON run (run_id) WHERE sealed < seq",
    "CREATE INDEX run_by_undone ON run (undoes) WHERE undoes IS NOT NULL",
    """CREATE TABLE seal (
        number INTEGER NOT NULL PRIMARY KEY,
        at TEXT NOT NULL, prev_hash TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL, signature TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE archived (
        run_id TEXT NOT NULL PRIMARY KEY,
        seq INTEGER NOT NULL, hash TEXT NOT NULL, at TEXT NOT NULL, file TEXT NOT NULL, file_sha256 TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    "DROP TRIGGER journal_no_delete",
    _LEAVING,
)

SEALING = (
    "DROP INDEX run_unsealed",
    "CREATE INDEX run_unsealed ON run (run_id) WHERE ended_at IS NOT NULL AND sealed < seq",
)
"""Runs that have not ended are few, and found by ``run_open``; no append but a run's last one is to move this index."""

_VERSION_4 = (
    "ALTER TABLE journal RENAME TO journal_before",
    """CREATE TABLE journal (
        run_id TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, kind TEXT NOT NULL,
        actor TEXT NOT NULL, data TEXT NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL,
        version INTEGER NOT NULL DEFAULT 1,
        PRIMARY KEY (run_id, seq)
    ) STRICT""",
    "INSERT INTO journal SELECT * FROM journal_before ORDER BY run_id, seq",
    "DROP TABLE journal_before",
    "CREATE INDEX journal_starts ON journal (at, run_id) WHERE kind = 'run_started'",
    """CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'journal rows are never changed'); END""",
    _LEAVING,
    *SEALING,
)
"""Rows in the order they come: what many runs write at once fills a few pages, not one of each run's own."""

_LOG_4 = (
    """CREATE TABLE exchange (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE, conversation TEXT NOT NULL, planning TEXT, at TEXT NOT NULL,
        username TEXT, session TEXT, prompt TEXT NOT NULL, model TEXT NOT NULL, outcome TEXT NOT NULL, body TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX exchange_by_conversation ON exchange (conversation)",
    "CREATE INDEX exchange_by_planning ON exchange (planning) WHERE planning IS NOT NULL",
    "CREATE INDEX exchange_by_time ON exchange (at)",
    """CREATE TABLE exchange_text (
        id TEXT NOT NULL PRIMARY KEY, at TEXT NOT NULL, body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE planning (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE, at TEXT NOT NULL, username TEXT, session TEXT, plan_id TEXT, prompt TEXT, model TEXT,
        shape TEXT, body TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX planning_by_plan ON planning (plan_id) WHERE plan_id IS NOT NULL",
    "CREATE INDEX planning_by_shape ON planning (shape) WHERE shape IS NOT NULL",
    "CREATE INDEX planning_by_time ON planning (at)",
    """CREATE TABLE payload (
        digest TEXT NOT NULL, owner TEXT NOT NULL, PRIMARY KEY (digest, owner)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX payload_by_owner ON payload (owner)",
    "DROP TRIGGER document_no_delete",
    """INSERT INTO exchange (id, conversation, at, prompt, model, outcome, body)
    SELECT id, coalesce(parent, id), at,
        coalesce(CASE WHEN json_valid(body) THEN json_extract(body, '$.promptName') END, ''),
        coalesce(CASE WHEN json_valid(body) THEN json_extract(body, '$.model') END, ''),
        coalesce(CASE WHEN json_valid(body) THEN json_extract(body, '$.outcome') END, ''), body
    FROM document WHERE kind = 'exchange' ORDER BY seq""",
    "DELETE FROM document WHERE kind = 'exchange'",
    """CREATE TRIGGER document_no_delete BEFORE DELETE ON document
    BEGIN SELECT RAISE(ABORT, 'document rows are never changed'); END""",
)
"""Exchanges were documents, which nobody can purge; they move, the one time that documents go."""


def _guards(*tables: str) -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} rows are never changed'); END"
        for table in tables
        for verb in ("UPDATE", "DELETE")
    )


STEPS = (
    (*_VERSION_1, *_guards("document", "claim", "journal")),
    (*_VERSION_2, *_guards("spent")),
    (*_VERSION_3, *_guards("seal", "archived")),
    (*_VERSION_4, *_LOG_4),
)
"""What makes a store of each version out of the one before it."""


def version_of(connection: sqlite3.Connection) -> int:
    """Return which version of the tables a file has; 0 where it has none."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def bring_up(connection: sqlite3.Connection) -> int:
    """Make the tables that a new or an older file lacks, and return the version it has then.

    Nothing happens where another process has done so meanwhile. The caller's transaction makes it all or nothing.
    """
    version = version_of(connection)
    for statement in (each for step in STEPS[version:] for each in step):
        connection.execute(statement)
    version = max(version, VERSION)
    connection.execute(f"PRAGMA user_version = {version}")
    return version
