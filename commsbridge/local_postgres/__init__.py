"""A private PostgreSQL for the demo and the tests: its binaries found, its server a child of this process."""

from __future__ import annotations

from commsbridge.local_postgres.errors import LocalPostgresError
from commsbridge.local_postgres.server import SUPERUSER, LocalPostgres

__all__ = ["SUPERUSER", "LocalPostgres", "LocalPostgresError"]
