"""What the tests of Twilio's adapter share: a stand-in that keeps to the specification, a carrier, and a text."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from commsbridge.carriers import TwilioCarrier
from commsbridge.messages.gateways import TextJob
from tests.doors.carrier_contracts import contract, twilio_answer_faults, twilio_request_faults
from tests.doors.carrier_stub import Behaviour, Reply, Seen, answer

ACCOUNT = "AC" + "0" * 32
TOKEN = "an invented token"
OLD_TOKEN = "an older invented token"
PUBLIC = "https://bridge.school.example"
SENDER, KUIA = "+64215550100", "+64215550123"
BODY = "Te Kura o Tōtara: Kua mīharo te mahi a Aroha i tēnei rā! Ngā mihi nui."
NOW = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)


def message_row(**changes: Any) -> dict[str, Any]:
    """One message as the specification's own example shows it, with changes."""
    post = contract("twilio/messages.json")["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["post"]
    example = post["responses"]["201"]["content"]["application/json"]["examples"]["createWithQueuedStatus"]["value"]
    sid = changes.get("sid", "SM" + uuid.uuid4().hex)
    moment = format_datetime(changes.pop("at", NOW))
    return {
        **example,
        "sid": sid,
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json",
        "date_created": moment,
        "date_sent": moment,
        **changes,
    }


def usual(seen: Seen) -> Behaviour:
    """A carrier that takes what its specification allows and says what is wrong with anything else."""
    wrong = twilio_request_faults(seen.method, seen.target, seen.headers, seen.body)
    if wrong:
        return answer({"code": 1, "message": "; ".join(wrong), "status": 400}, 400)
    if seen.method == "GET":
        return page()
    row = message_row(**{"to": seen.form["To"], "from": seen.form["From"], "body": seen.form["Body"]})
    assert twilio_answer_faults(seen.target, row, method="POST", status="201") == []
    return answer(row, 201)


def page(*rows: dict[str, Any], more: str | None = None, key: str = "messages") -> Reply:
    uri = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    return answer({key: list(rows), "uri": uri, "next_page_uri": more, "page": 0, "page_size": 1000, "start": 0})


def carrier_at(url: str | None, *, timeout: float = 2.0, previous: str | None = OLD_TOKEN) -> TwilioCarrier:
    return TwilioCarrier(
        account_sid=ACCOUNT,
        auth_token=TOKEN,
        base_url=url,
        public_url=PUBLIC,
        previous_auth_token=previous,
        connections=4,
        timeout=timeout,
    )


def job(**changes: Any) -> TextJob:
    usual_job: dict[str, Any] = {
        "delivery_id": uuid.UUID(int=1),
        "sender": SENDER,
        "to": KUIA,
        "body": BODY,
        "status_url": f"{PUBLIC}/hooks/twilio/status/opaque-token",
        "valid_for": 14_400,
    }
    return TextJob(**{**usual_job, **changes})


def error(code: int, status: int = 400, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    reply = answer(
        {"code": code, "message": f"The number {KUIA} is not good", "more_info": "…", "status": status}, status
    )
    return Reply(status, reply.body, named)
