"""What stands between a command and the database, in fixed sentences: the driver's own may quote a part of the URL."""

from __future__ import annotations

import psycopg
from psycopg import errors
from sqlalchemy.exc import DBAPIError

NOT_MIGRATED = "The database does not stand at this version: run `commsbridge migrate`."
WRONG_ROLE = "The database does not let this role do that: `commsbridge config check` says which URL is another role's."
WENT_AWAY = "The database went away in the middle. Nothing of this was kept: try again."

# Of a statement that was refused.
_REFUSED: tuple[tuple[type[psycopg.Error], str], ...] = (
    (errors.UndefinedTable, NOT_MIGRATED),
    (errors.UndefinedColumn, NOT_MIGRATED),
    (errors.UndefinedFunction, NOT_MIGRATED),
    (errors.InsufficientPrivilege, WRONG_ROLE),
    (errors.LockNotAvailable, "Somebody else is busy with the same tables (a migration?). Try again in a moment."),
    (errors.DiskFull, "The database's disk is full. Nothing of this was kept."),
    (errors.ReadOnlySqlTransaction, "The database takes no changes: it is a standby, or set to read only."),
)
# Of a connection that was not made: libpq gives no code, so its words are asked.
_NOT_CONNECTED = (
    ("closed the connection", WENT_AWAY),
    ("password authentication failed", "The database refuses the password of this role."),
    ("no password supplied", "The database asks for a password, and its URL has none."),
    ("no pg_hba.conf entry", "The database lets nobody in as this role from here (pg_hba.conf)."),
    ("authentication failed", "The database lets nobody in as this role from here (pg_hba.conf)."),
    ('" is not permitted to log in', "This role may not log in."),
    ('role "', "There is no such role: has migrations/roles.sql been run on this server?"),
    ('database "', "There is no such database on this server, or this role may not enter it."),
    ("too many", "The database has no connection to spare."),
    ("could not translate host name", "The host name of the database is not known."),
    ("failed to resolve host", "The host name of the database is not known."),
    ("starting up", "The database is just starting: try again in a moment."),
    ("timeout", "The database does not answer in time."),
)
NOBODY_ANSWERS = "Nobody answers at the database's address: is PostgreSQL running there?"


def told(error: DBAPIError | psycopg.Error) -> str | None:
    """A sentence for an error that an operator can mend; None for one that is a bug. It never quotes the error."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    for kind, sentence in _REFUSED:
        if isinstance(cause, kind):
            return sentence
    if not isinstance(cause, psycopg.OperationalError):
        return None
    if cause.sqlstate is not None or "connection" not in str(cause):
        return WENT_AWAY
    words = str(cause)
    return next((sentence for sign, sentence in _NOT_CONNECTED if sign in words), NOBODY_ANSWERS)
