"""The composition root: settings in; a runtime, a web application and workers out. It alone asks the clock."""

from __future__ import annotations

import gc
import logging
from datetime import UTC, datetime

import structlog
from flask import Flask

from commsbridge.carriers import (
    NoMails,
    NoPushes,
    NoTexts,
    ParsedMails,
    SendGridCarrier,
    TwilioCarrier,
    WebPushCarrier,
    is_push_key,
    quiet_loggers,
)
from commsbridge.clock import Clock
from commsbridge.foundation.database import Database, make_carrier_engine, make_engine
from commsbridge.messages import CALL_SECONDS
from commsbridge.runtime import Gateways, Runtime
from commsbridge.settings import Settings, SettingsError, read_settings, variable
from commsbridge.web import make_web
from commsbridge.worker import PUSH_THREADS, Worker

# Connections of each pool beside those of the requests themselves.
WEB_CONNECTIONS = 10


def clock() -> datetime:
    """Now, aware UTC."""
    return datetime.now(UTC)


def make_gateways(settings: Settings, *, call_seconds: float = CALL_SECONDS) -> Gateways:
    """The carriers that the settings name; one that is not arranged yet says so and loses nothing.

    ``call_seconds`` is how long a carrier may be silent before nobody knows what became of a call.
    """
    texts: TwilioCarrier | NoTexts = NoTexts()
    if settings.twilio_account_sid and settings.twilio_auth_token:
        texts = TwilioCarrier(
            account_sid=settings.twilio_account_sid,
            auth_token=settings.twilio_auth_token,
            base_url=settings.twilio_base_url or None,
            public_url=settings.public_url,
            previous_auth_token=settings.twilio_old_auth_token or None,
            connections=settings.carrier_threads,
            timeout=call_seconds,
        )
    mails: SendGridCarrier | NoMails = NoMails()
    if settings.sendgrid_api_key:
        mails = SendGridCarrier(
            api_key=settings.sendgrid_api_key,
            base_url=settings.sendgrid_base_url or None,
            event_public_key=settings.sendgrid_event_public_key or None,
            connections=settings.carrier_threads,
            timeout=call_seconds,
        )
    inbox = ParsedMails(our_domain=settings.inbound_email_domain)
    pushes = _pushes(settings, call_seconds=call_seconds)
    return Gateways(texts=texts, text_inbox=texts, mails=mails, mail_inbox=inbox, pushes=pushes)


def _pushes(settings: Settings, *, call_seconds: float) -> WebPushCarrier | NoPushes:
    if not settings.push_private_key:
        return NoPushes()
    if not is_push_key(settings.push_private_key):
        raise SettingsError([f"{variable('push_private_key')} is no key: `commsbridge config push-key` makes one."])
    return WebPushCarrier(
        private_key=settings.push_private_key,
        contact=settings.push_contact,
        service_url=settings.push_service_url or None,
        connections=PUSH_THREADS,
        timeout=call_seconds,
        now=clock,
    )


def make_runtime(settings: Settings) -> Runtime:
    """A runtime over real engines and the carriers of the settings."""
    database = Database(
        make_engine(settings.database_url, pool_size=WEB_CONNECTIONS),
        make_carrier_engine(settings.carrier_database_url),
    )
    return Runtime(settings=settings, database=database, gateways=make_gateways(settings), now=clock)


def make_worker(runtime: Runtime) -> Worker:
    """A worker with as many threads as the settings say."""
    return Worker(runtime, threads=runtime.settings.carrier_threads)


def make_clock(runtime: Runtime) -> Clock:
    """A clock; of all that run, one ticks."""
    return Clock(runtime)


def set_up_logs() -> None:
    """Structured lines to standard output, without personal information; the vendors' own loggers are capped."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
    quiet_loggers()


def keep_for_good() -> None:
    """What a process has made by now lives as long as it does: the collector need not walk it again and again.

    A walk over all that is imported takes a tenth of a second and stops every thread. For a process that has begun its
    one work, not for tests.
    """
    gc.collect()
    gc.freeze()


def make_application() -> Flask:
    """The web application a server imports (wsgi.py): settings from the environment."""
    set_up_logs()
    return make_web(make_runtime(read_settings()))
