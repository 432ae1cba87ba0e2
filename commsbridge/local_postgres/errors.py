"""What can keep a private PostgreSQL from running."""

from __future__ import annotations


class LocalPostgresError(Exception):
    """The private PostgreSQL cannot be had; the message is a sentence that says why and what to do."""
