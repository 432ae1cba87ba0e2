"""Runtime: what the service is put together from, with three doors to the database and no other."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from commsbridge.conversations.gateways import MailInbox, TextInbox
from commsbridge.foundation.actors import SERVICE, Actor
from commsbridge.foundation.database import Database, DatabaseRole, move
from commsbridge.foundation.work import Work
from commsbridge.messages import Links
from commsbridge.messages.gateways import MailGateway, TextGateway
from commsbridge.prompts.gateways import PushGateway
from commsbridge.settings import Settings


@dataclass(frozen=True, slots=True)
class Gateways:
    """The ways to the world, as the rooms state them."""

    texts: TextGateway
    text_inbox: TextInbox
    mails: MailGateway
    mail_inbox: MailInbox
    pushes: PushGateway


@dataclass(frozen=True, slots=True)
class Lobby:
    """The ground outside every school: sign-in, doors, senders, raw inbound. ``now`` as in Work."""

    session: Session
    now: datetime


@dataclass(frozen=True, slots=True)
class Runtime:
    """Settings, database, gateways and the clock. The doors below hold the only commits in the code base."""

    settings: Settings
    database: Database
    gateways: Gateways
    now: Callable[[], datetime]

    @property
    def links(self) -> Links:
        """Addresses that belong to one delivery, made and read with the service's keys."""
        return Links(self.settings.public_url, self.settings.inbound_email_domain, self.settings.keys)

    @contextmanager
    def work(self, school_id: uuid.UUID, actor: Actor = SERVICE, *, many: bool = False) -> Iterator[Work]:
        """One act in one school: committed when the block ends, undone when it raises.

        ``many``: it does the same many times over, asks once for what a school has decided, and writes rows together.
        """
        with self.database.session(DatabaseRole.APP, school_id) as session, session.begin():
            if many:
                session.gather()
            yield Work(session, school_id, actor, self.now(), {} if many else None)
            session.flush()

    @contextmanager
    def works(self, actor: Actor = SERVICE) -> Iterator[Callable[[uuid.UUID], Work]]:
        """Short acts in one school after another, in one transaction: all are kept, or none when one raises.

        Each call enters a school and leaves the last one: its work must not be used any more.
        """
        with self.database.session(DatabaseRole.APP) as session, session.begin():

            def work_in(school_id: uuid.UUID) -> Work:
                session.flush()
                session.expunge_all()
                move(session, school_id)
                return Work(session, school_id, actor, self.now())

            yield work_in
            session.flush()

    @contextmanager
    def lobby(self, *, ingest: bool = False) -> Iterator[Lobby]:
        """An act outside every school; with ``ingest`` as the role that may read inbound rows of no school."""
        role = DatabaseRole.INGEST if ingest else DatabaseRole.APP
        with self.database.session(role) as session, session.begin():
            yield Lobby(session, self.now())

    @contextmanager
    def arrivals(self) -> Iterator[Lobby]:
        """The ingest door for what comes in by the hundred a second: each statement is kept as soon as it is done."""
        with self.database.arriving() as session, session.begin():
            yield Lobby(session, self.now())

    @contextmanager
    def carrier(self) -> Iterator[Session]:
        """The workers' door across schools: deliveries and senders alone."""
        with self.database.session(DatabaseRole.CARRIER) as session, session.begin():
            yield session
