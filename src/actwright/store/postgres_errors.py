"""What PostgreSQL's errors mean for the store: who was in the way, what is gone, and what a person can do."""

from __future__ import annotations

import psycopg
from psycopg import errors

from actwright.errors import StoreError

_RIGHTS = (
    "Upgrading the store and taking runs out of it (journal compact) is for the owner of the tables to do. What a "
    "worker needs, the owner gives: actwright store upgrade --grant ROLE"
)
_WAYS_OUT: tuple[tuple[type[psycopg.Error], str], ...] = (
    (errors.DiskFull, "Make room on the server's disk, then try again; nothing was written."),
    (errors.LockNotAvailable, "Another process is writing; try again. Nothing was written."),
    (errors.QueryCanceled, "It took too long: look at the server's load. Nothing was written."),
    (
        errors.InsufficientPrivilege,
        _RIGHTS,
    ),
    (
        errors.UndefinedObject,
        "Let the server's administrator create it first: CREATE ROLE NAME LOGIN; nothing was changed.",
    ),
    (errors.ReadOnlySqlTransaction, "The server is a standby: name the one that may be written."),
)
_COLLISIONS = (errors.DeadlockDetected, errors.SerializationFailure)
_REFUSALS = ("authentication", "does not exist", "pg_hba", "translate host name")


def store_error(error: psycopg.Error, where: str) -> StoreError:
    """Return an error of the database as the store's own.

    Args:
        error: What psycopg raised.
        where: The database, without any password.
    """
    hint = next(
        (way for kind, way in _WAYS_OUT if isinstance(error, kind)),
        "Check the server, its free space and who may write there.",
    )
    return StoreError(f"The store cannot be used: {first_line(error)}.", where=where, hint=hint)


def is_collision(error: psycopg.Error) -> bool:
    """Tell whether two transactions were in each other's way, and this one was taken back for it."""
    return isinstance(error, _COLLISIONS)


def is_loss(error: psycopg.Error) -> bool:
    """Tell whether the connection is gone; what was not committed on it was taken back."""
    gone = (errors.AdminShutdown, errors.CrashShutdown, errors.IdleInTransactionSessionTimeout)
    return isinstance(error, gone) or (
        isinstance(error, psycopg.OperationalError) and error.sqlstate is None
    )


def is_absence(error: psycopg.Error) -> bool:
    """Tell whether a server is away, as it is while it restarts, rather than there and refusing."""
    if error.sqlstate:
        return error.sqlstate.startswith(("57P", "08"))
    return not any(each in str(error) for each in _REFUSALS)


def first_line(error: Exception) -> str:
    """Return what an error says, without the lines that follow it and without a full stop."""
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).rstrip(".")
