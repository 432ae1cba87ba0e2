"""The demo's school as tests let it live: where it runs, what it holds, what went to whom."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from commsbridge.demo import SmallSchool, people
from commsbridge.demo.people import Child
from commsbridge.foundation.work import Work
from commsbridge.local_postgres import LocalPostgres
from commsbridge.messages import Delivery, Message
from commsbridge.neighbourhood import Neighbourhood
from commsbridge.runtime import Runtime
from commsbridge.settings import Settings

TODAY = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)  # Tuesday 3 pm in Auckland, term 4
ZONE = ZoneInfo("Pacific/Auckland")
URL = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Lived:
    """A school that has lived through its history, and the town its families live in."""

    runtime: Runtime
    town: Neighbourhood
    small: SmallSchool
    told: list[str]

    def student(self, child: Child) -> uuid.UUID:
        return self.small.students[child.name].id

    def contact(self, adult: people.Adult) -> uuid.UUID:
        return self.small.contacts[adult.name].id


def settings(postgres: LocalPostgres, name: str, town: Neighbourhood) -> Settings:
    return Settings(
        database_url=postgres.url("commsbridge_app", name),
        migrate_database_url=postgres.url("commsbridge_owner", name),
        carrier_database_url=postgres.url("commsbridge_carrier", name),
        public_url=URL,
        secret_key="a key of a test, longer than 32 signs",
        twilio_account_sid=town.arrangement.account_sid,
        twilio_auth_token=town.arrangement.auth_token,
        twilio_base_url=town.url,
        sendgrid_api_key=town.arrangement.sendgrid_key,
        sendgrid_base_url=town.url,
        sendgrid_event_public_key=town.event_public_key,
        inbound_email_domain="reply.rimuroad.test",
        inbound_email_secret=town.arrangement.inbound_secret,
        carrier_threads=4,
    )


def deliveries_to(work: Work, contact_id: uuid.UUID, student_id: uuid.UUID | None = None) -> list[Delivery]:
    wanted = select(Delivery).join(Message, Message.id == Delivery.message_id).where(Delivery.contact_id == contact_id)
    if student_id is not None:
        wanted = wanted.where(Message.student_id == student_id)
    return list(work.session.scalars(wanted.order_by(Delivery.made_at, Delivery.due_at)))
