"""Mails handed over by one thread over TLS: through our adapter ("ours") or by the official client as it comes."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable
from time import perf_counter

from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import Mail

from commsbridge.carriers import SendGridCarrier
from commsbridge.messages.gateways import Accepted, MailJob
from commsbridge.neighbourhood import PRETEND_SENDGRID_KEY

FROM, TO, SUBJECT, WORDS = "kura@bench.test", "whanau@bench.test", "Ka pai!", "I āwhina a Aroha i tētahi ākonga hou."


def ours(url: str) -> Callable[[], None]:
    """Our adapter, with all that a mail of ours has."""
    carrier = SendGridCarrier(
        api_key=PRETEND_SENDGRID_KEY, base_url=url, event_public_key=None, connections=1, timeout=20
    )

    def send() -> None:
        job = MailJob(
            uuid.uuid4(), "token", FROM, "Te Kura", TO, FROM, SUBJECT, WORDS, f"<p>{WORDS}</p>", "https://kura.test/c"
        )
        assert isinstance(carrier.send(job), Accepted)

    return send


def official(url: str) -> Callable[[], None]:
    """The official client as its own page shows it."""
    client = SendGridAPIClient(PRETEND_SENDGRID_KEY, host=url)

    def send() -> None:
        mail = Mail(from_email=FROM, to_emails=TO, subject=SUBJECT, plain_text_content=WORDS)
        assert client.send(mail).status_code == 202

    return send


def main(which: str, url: str, count: int) -> None:
    """Print mails a second."""
    send = ours(url) if which == "ours" else official(url)
    send()
    began = perf_counter()
    for _ in range(count):
        send()
    print(count / (perf_counter() - began))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
