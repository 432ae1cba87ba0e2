"""The service whole: web, worker and a pretend carrier in one process, over a database of its own."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from flask import Flask
from sqlalchemy import text

from commsbridge import messages, partnership, schools
from commsbridge.app import make_gateways
from commsbridge.carriers import new_push_key
from commsbridge.foundation.database import Database, make_engine
from commsbridge.local_postgres import LocalPostgres
from commsbridge.messages import Draft
from commsbridge.neighbourhood import Arrangement, Neighbourhood
from commsbridge.partnership import Moment
from commsbridge.runtime import Runtime
from commsbridge.web import make_web
from commsbridge.worker import Worker
from tests.doors.pages import make_settings
from tests.story import Story

# The clock of rules runs behind the database's, so that the ten seconds to undo are over when the outbox looks.
BEHIND = timedelta(seconds=15)


def a_little_behind() -> datetime:
    """The real time, less BEHIND."""
    return datetime.now(UTC) - BEHIND  # noqa: TID251 - the outbox keeps the database's time, so this must


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        return


class _Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@dataclass(frozen=True)
class Service:
    """The service with the pretend carrier as its only neighbour; nothing is ever quiet here, at no hour."""

    story: Story
    town: Neighbourhood
    worker: Worker
    runtime: Runtime
    web: Flask

    def carry(self) -> None:
        """Let the worker and the carrier's hooks run until nothing moves."""
        for _ in range(3):
            self.worker.run_until_quiet()
            self.town.settle()
        self.worker.run_until_quiet()

    def praise(self, child: str = "aroha", *, words: str = "", by: str = "walsh") -> uuid.UUID:
        """Praise a child, with a phrase of the bank when no words are given; the message's id."""
        student = self.story.students[child]
        with self.story.work(by) as work:
            phrase = None if words else messages.offered_phrases(work, student)[0].id
            return messages.send_praise(work, student, Draft(phrase, words), links=self.runtime.links).id

    def stored(self) -> int:
        """How many requests the hooks have stored."""
        with self.runtime.lobby(ingest=True) as ingest:
            return ingest.session.scalar(text("SELECT count(*) FROM raw_inbound")) or 0

    def moments(self, child: str) -> list[tuple[Moment, list[Moment]]]:
        """The timeline of a child, newest first, each moment with what became of it."""
        with self.story.work() as work:
            entries = partnership.timeline(work, self.story.students[child].id)
            return [(each.line.moment, [line.moment for line in each.later]) for each in entries]

    def states(self) -> dict[str, int]:
        """How many deliveries stand where."""
        with self.story.work() as work:
            counted = work.session.execute(text("SELECT state, count(*) AS number FROM deliveries GROUP BY state"))
            return {row.state: row.number for row in counted}


@contextmanager
def serving(
    postgres: LocalPostgres, told_in: str, story: Story, arrangement: Arrangement | None = None, *, threads: int = 8
) -> Iterator[Service]:
    """The service over a copy of the database in which ``story`` is told; dropped afterwards."""
    name = f"commsbridge_{uuid.uuid4().hex[:12]}"
    postgres.create_database(name, template=told_in)
    urls = {role: postgres.url(f"commsbridge_{role}", name) for role in ("app", "owner", "carrier")}
    database = Database(make_engine(urls["app"]), make_engine(urls["carrier"]))
    with Neighbourhood(arrangement) as town:
        settings = make_settings(
            database_url=urls["app"],
            migrate_database_url=urls["owner"],
            carrier_database_url=urls["carrier"],
            twilio_account_sid=town.arrangement.account_sid,
            twilio_auth_token=town.arrangement.auth_token,
            twilio_base_url=town.url,
            sendgrid_api_key=town.arrangement.sendgrid_key,
            sendgrid_base_url=town.url,
            sendgrid_event_public_key=town.event_public_key,
            inbound_email_secret=town.arrangement.inbound_secret,
            push_private_key=new_push_key(),
            push_contact="mailto:keeper@rimu.test",
            push_service_url=town.url,
        )
        runtime = Runtime(settings, database, make_gateways(settings), a_little_behind)
        web = make_web(runtime)
        with make_server("127.0.0.1", 0, web, server_class=_Threaded, handler_class=_Quiet) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            thread.start()
            town.points_to(settings.public_url, f"http://127.0.0.1:{server.server_port}")
            here = replace(story, runtime=runtime)
            with here.work() as work:
                schools.set_quiet_hours(work, quiet_from=time(), quiet_until=time())
                work.session.execute(text("UPDATE senders SET rate = 1000, burst = 1000"))
            yield Service(here, town, Worker(runtime, threads=threads), runtime, web)
            server.shutdown()
            thread.join()
    database.dispose()
    postgres.drop_database(name)
