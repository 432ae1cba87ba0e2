"""Pouring: rows by the hundred thousand into a private database, with COPY and on a thread of its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

NULL = r"\N"
# The columns of each table that a past is made of; whatever is left out has its default.
TABLES = {
    "students": ("id", "roll_id", "name", "preferred_name", "name_key", "search_key", "year_level", "left_on"),
    "enrolments": ("id", "class_id", "student_id", "from_on", "to_on"),
    "households": ("id",),
    "contacts": ("id", "household_id", "name", "name_key", "welcomed_at"),
    "languages_asked": ("id", "contact_id", "language", "from_on", "to_on", "asked_by_family"),
    "ways": ("id", "contact_id", "channel", "address", "rank", "state", "why", "changed_at"),
    "guardianships": ("id", "contact_id", "student_id", "relationship", "may_message", '"primary"', "from_on"),
    "messages": (
        "id", "kind", "staff_id", "student_id", "phrase_id", "words", "line_id", "made_at", "undo_until", "undone_at",
    ),
    "deliveries": (
        "id", "message_id", "contact_id", "channel", "address", "sender_id", "language", "subject", "body", "lane",
        "state", "why", "due_at", "expires_at", "attempt", "worker", "carrier_id", "line_id", "made_at", "sent_at",
        "settled_at", "logged_state",
    ),
    "lines": (
        "id", "student_id", "at", "moment", "staff_id", "contact_id", "channel", "language", "subject", "subject_id",
        "about", "why",
    ),
    "line_words": ("id", "line_id", "student_id", "folded"),
    "korero": ("id", "student_id", "staff_id", "contact_id", "happened_at", "written_at", "words"),
    "concerns": (
        "id", "kind", "student_id", "staff_id", "happened", "recipient_ids", "rang_contact_id", "rang_at", "rang",
        "state", "line_id", "made_at",
    ),
    "raw_inbound": ("id", "carrier", "carrier_key", "received_at", "content_type", "body", "taken_at"),
    "replies": (
        "id", "raw_id", "contact_id", "delivery_id", "channel", "from_address", "to_address", "words", "original",
        "state", "how", "language", "received_at",
    ),
    "reply_students": ("id", "reply_id", "student_id", "line_id", "seen_at", "seen_by"),
    "promises": (
        "id", "reply_id", "asked_at", "held_since", "allowed_minutes", "due_at", "look_at", "kept_at", "kept_how",
        "took_minutes",
    ),
    "prompt_schedules": ("id", "staff_id", "days", "at", "how_many", "by_mail", "made_at", "ended_at"),
    "prompts": ("id", "schedule_id", "staff_id", "due_at", "made_at"),
    "prompted_children": ("id", "prompt_id", "student_id", "place", "concerns", "answer", "answered_at"),
    "wording_checks": (
        "id", "key", "verdict", "text_en", "text_mi", "staff_id", "checked_by", "checked_on", "made_at",
    ),
    "opt_outs": ("sender_id", "address", "since"),
}  # fmt: skip
WITHOUT_SCHOOL = {"opt_outs"}
MOST_AHEAD = 4

Batch = dict[str, list[str]]


class Pour:
    """Gathers rows as COPY writes them (NULL for nothing) and pours a batch while the next is being drawn.

    The role of ``url`` stands above the walls and may put off all checks: the superuser of a private PostgreSQL. What
    is poured must be right by itself; a test looks. ``counts`` says how many rows each table was given.
    """

    def __init__(self, url: str, school_id: str) -> None:
        self.school_id = school_id
        self.counts: Counter[str] = Counter()
        self._url = url.replace("+psycopg", "")
        self._batch: Batch = defaultdict(list)
        self._queue: Queue[Batch | None] = Queue(MOST_AHEAD)
        self._thread = Thread(target=self._run, name="pour", daemon=True)
        self._broke: Exception | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Pour what is left and commit; a batch that broke is raised here."""
        if error is None:
            self.pour()
        self._queue.put(None)
        self._thread.join()
        if self._broke is not None and error is None:
            raise self._broke

    def row(self, table: str, *values: str) -> None:
        """Add a row: every value is text as COPY reads it."""
        self._batch[table].append("\t".join(values))

    def pour(self) -> None:
        """Hand the rows gathered so far to the database. Raises what broke an earlier batch."""
        if self._broke is not None:
            raise self._broke
        for table, rows in self._batch.items():
            self.counts[table] += len(rows)
        self._queue.put(self._batch)
        self._batch = defaultdict(list)

    def _run(self) -> None:
        try:
            with psycopg.connect(self._url) as connection:
                connection.execute("SET session_replication_role = replica")
                put_back = _put_indexes_aside(connection)
                while (batch := self._queue.get()) is not None:
                    for table, rows in batch.items():
                        self._copy(connection, table, rows)
                connection.execute("SET maintenance_work_mem = '256MB'")
                for index in put_back:
                    connection.execute(sql.SQL("REINDEX INDEX {}").format(sql.Identifier(index)))
            with psycopg.connect(self._url, autocommit=True) as connection:
                for table in self.counts:
                    connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))
        except Exception as error:  # noqa: BLE001 - raised again by whoever pours
            self._broke = error
            while self._queue.get() is not None:
                continue

    def _copy(self, connection: psycopg.Connection, table: str, rows: list[str]) -> None:
        walled = table not in WITHOUT_SCHOOL
        columns = ", ".join((*(("school_id",) if walled else ()), *TABLES[table]))
        first = f"{self.school_id}\t" if walled else ""
        with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            copy.write("".join(f"{first}{row}\n" for row in rows))


def _put_indexes_aside(connection: psycopg.Connection) -> list[str]:
    """Let the indexes of the tables rest, if the log is still empty; gives those that must be made again.

    Sorting once costs a fraction of finding a place for each row of a million. An index that is not ready is left out
    of every write, and REINDEX makes it ready; so constraints and their references stay as they are. Only a superuser
    may say so, and only with nobody else in the tables.
    """
    if connection.execute("SELECT 1 FROM lines LIMIT 1").fetchone():
        return []
    for table in TABLES:
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier(table)))
    found = connection.execute(
        "UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid::regclass::text = ANY(%s) "
        "RETURNING indexrelid::regclass::text",
        [list(TABLES)],
    ).fetchall()
    return [name for (name,) in found]


def array(ids: list[str]) -> str:
    """Ids as PostgreSQL writes an array."""
    return "{" + ",".join(ids) + "}"


def given(value: object | None) -> str:
    """A value as COPY reads it; words of ours hold no tab, line end or backslash."""
    return NULL if value is None else str(value)
