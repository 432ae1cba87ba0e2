"""Hooks: where carriers post. Proven, stored, answered 2xx; nothing else decides the answer."""

from __future__ import annotations

import hashlib
import time
from contextlib import suppress

import structlog
from flask import Response, abort, current_app, request

from commsbridge import conversations, messages, schools
from commsbridge.foundation.database import DATABASE_AWAY
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.tokens import digest
from commsbridge.messages.gateways import Hook, HookRefused, Receipt
from commsbridge.web.access import CARRIER, Pages
from commsbridge.web.acting import runtime

log = structlog.get_logger()
pages = Pages()

# Waking costs a transaction: a stream of texts wakes as often as this, in seconds, and no oftener.
WAKE_SECONDS = 0.02
# Twilio's hooks are small; SendGrid posts batches of events, and mails of up to 30 MB (Inbound Parse's own limit).
LARGEST_EVENT = 4 * 1024 * 1024
LARGEST_MAIL = 31 * 1024 * 1024


def _hook(*, form: bool) -> Hook:
    """The request as it came. The URL is the public one: behind a proxy the request's own is not what was signed."""
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    body = request.get_data(cache=True)
    pairs = list(request.form.items(multi=True)) if form else []
    return Hook(
        url=f"{runtime().settings.public_url}{request.path}{query}",
        headers=dict(request.headers.items()),
        body=body,
        form=pairs,
    )


def _refuse(hook: str, refused: HookRefused) -> None:
    """Count the refusal and say 403; nothing of the request is kept."""
    log.warning("hook.refused", hook=hook, why=refused.why)
    with runtime().lobby() as lobby:
        schools.count_refused_hook(lobby, hook)
    abort(403)


@pages.route("/hooks/twilio/messages", CARRIER, methods=("POST",), csrf=False)
def twilio_message() -> Response:
    """A text from a phone: stored whole, once."""
    hook = _hook(form=True)
    try:
        runtime().gateways.text_inbox.prove(hook)
    except HookRefused as refused:
        _refuse("twilio_messages", refused)
    sid = request.form.get("MessageSid", "")
    key = sid if sid.isalnum() else hashlib.sha256(hook.body).hexdigest()
    with runtime().arrivals() as ingest:
        conversations.store_raw(
            ingest,
            carrier="twilio",
            carrier_key=key,
            content_type="application/x-www-form-urlencoded",
            body=hook.body,
            written_to=tidy(request.form.get("To", "")),
        )
    wake_desk()
    return Response("<Response/>", mimetype="text/xml")


def wake_desk() -> None:
    """Wake a worker for what was just stored; of many at once, the first of each moment wakes for all."""
    now, woken_at = time.monotonic(), current_app.extensions.get("woken_at", 0.0)
    if now - woken_at < WAKE_SECONDS:
        return
    current_app.extensions["woken_at"] = now
    # What is stored is stored: without a wake the workers find it at their next look.
    with suppress(*DATABASE_AWAY), runtime().arrivals() as ingest:
        conversations.wake(ingest)


@pages.route("/hooks/twilio/status/<token>", CARRIER, methods=("POST",), csrf=False)
def twilio_status(token: str) -> tuple[str, int]:
    """A report about a text we sent; a report about anything else changes nothing."""
    try:
        receipt = runtime().gateways.texts.read_receipt(_hook(form=True), token)
    except HookRefused as refused:
        _refuse("twilio_status", refused)
        return "", 403
    if receipt is not None:
        _take_receipt(receipt.token, receipt)
    return "", 204


@pages.route("/hooks/sendgrid/events", CARRIER, methods=("POST",), csrf=False)
def sendgrid_events() -> tuple[str, int]:
    """Reports about mails we sent, many in one post."""
    request.max_content_length = LARGEST_EVENT
    try:
        receipts = runtime().gateways.mails.read_receipts(_hook(form=False))
    except HookRefused as refused:
        _refuse("sendgrid_events", refused)
        return "", 403
    for receipt in receipts:
        _take_receipt(receipt.token, receipt)
    return "", 204


def _take_receipt(token: str, receipt: Receipt) -> None:
    named = runtime().links.read("status", token)
    if named is None:
        log.warning("receipt.unknown_token")
        return
    number, delivery_id = named
    with runtime().lobby() as lobby:
        school = schools.school_numbered(lobby, number)
    if school is None:
        return
    with runtime().work(school.id) as work:
        news = messages.take_receipt(work, delivery_id, receipt)
    log.info("receipt.taken", delivery=str(delivery_id), arrival=receipt.arrival.value, code=receipt.code, news=news)


@pages.route("/hooks/sendgrid/inbound/<secret>", CARRIER, methods=("POST",), csrf=False)
def sendgrid_inbound(secret: str) -> tuple[str, int]:
    """A mail that came in: stored whole, then 2xx; whatever it is, the sender's server is never sent away."""
    wanted = runtime().settings.inbound_email_secret
    if not wanted or digest(secret) != digest(wanted):
        _refuse("sendgrid_inbound", HookRefused("wrong secret"))
    request.max_content_length = LARGEST_MAIL
    request.max_form_memory_size = LARGEST_MAIL
    body = request.get_data(cache=False)
    inbound = runtime().gateways.mail_inbox.frame(request.content_type or "", body)
    # The envelope belongs to the key: a Message-ID is the sender's to choose, and two people may choose the same.
    envelope = " ".join((inbound.from_address, *inbound.to_addresses))
    key = f"{inbound.message_id} {envelope}" if inbound.message_id else ""
    with runtime().lobby(ingest=True) as lobby:
        found = (schools.school_of_sender(lobby, address) for address in inbound.to_addresses)
        conversations.store_raw(
            lobby,
            carrier="sendgrid",
            carrier_key=hashlib.sha256(key.encode("utf-8", "replace") if key else body).hexdigest(),
            content_type=request.content_type or "",
            body=body,
            school_id=next(filter(None, found), None),
        )
    wake_desk()
    return "", 204
