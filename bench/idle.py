"""An idle machine: how soon a committed delivery is at the carrier, and how soon a text in is answered there."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlencode

import urllib3
from sqlalchemy import text
from twilio.request_validator import RequestValidator

from bench.deliver import queue, write
from bench.figures import Figure
from bench.inbound import FORM, PATH, serving, text_fields
from bench.place import PUBLIC_URL, past, place, small_school, working
from commsbridge.neighbourhood import Arrangement, Neighbourhood

WAKINGS = 200
ANSWERS = 40
PATIENCE_SECONDS = 60.0


def wakeup(count: int = WAKINGS) -> Iterator[Figure]:
    """One delivery after the other is committed, at odd moments, for a worker that waits.

    Counted from the moment before COMMIT is sent until the request is at the carrier, in this process.
    """
    with Neighbourhood(Arrangement(reports=False)) as town, place(carrier_url=town.url) as here:
        school = small_school(past(here.runtime), children=1)
        write(here, school)
        took = []
        with working(here):
            for _ in range(count + 5):
                before = len(town.texts(to=school.numbers[0]))
                with here.runtime.work(school.school_id, school.teacher) as work:
                    queue(work, 1, due="0 seconds")
                    work.session.execute(text("NOTIFY deliveries"))
                    began = datetime.now(UTC)
                took.append(_arrives(town, before, school.numbers[0], began))
                time.sleep(random.uniform(0.01, 0.06))
    took = sorted(took[5:])
    against = f"COMMIT to carrier, {count} times; half of them within {took[count // 2]:.1f} ms"
    yield Figure("wakeup.p99_ms", took[int(count * 0.99)], "ms", ("<=", 50), against)


def bot(count: int = ANSWERS) -> Iterator[Figure]:
    """A signed text asks for help through the real server; a real worker answers; the slowest of so many counts."""
    with Neighbourhood(Arrangement(reports=False)) as town, place(carrier_url=town.url) as here:
        school = small_school(past(here.runtime), children=count)
        validator = RequestValidator(here.settings.twilio_auth_token)
        took = []
        with serving(here, "commsbridge.app:make_application()") as url, working(here):
            for each, number in enumerate(school.numbers):
                fields = text_fields(each, number, "ĀWHINA")
                headers = {
                    "X-Twilio-Signature": validator.compute_signature(PUBLIC_URL + PATH, fields),
                    "Content-Type": FORM,
                }
                began = datetime.now(UTC)
                answer = urllib3.request("POST", url + PATH, body=urlencode(fields), headers=headers, timeout=30)
                assert answer.status == 200, answer.status
                took.append(_arrives(town, 0, number, began))
                time.sleep(random.uniform(0.01, 0.06))
    took = sorted(took[2:])
    against = f"hook to carrier, the slowest of {len(took)}; half of them within {took[len(took) // 2]:.0f} ms"
    yield Figure("bot.answer_ms", took[-1], "ms", ("<=", 1000), against)


def _arrives(town: Neighbourhood, before: int, number: str, began: datetime) -> float:
    """Wait until one more text is at the carrier; after how many milliseconds the carrier had it."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        texts = town.texts(to=number)
        if len(texts) > before:
            return (texts[0].created_at - began).total_seconds() * 1000
        time.sleep(0.002)
    msg = "nothing came to the carrier"
    raise TimeoutError(msg)
