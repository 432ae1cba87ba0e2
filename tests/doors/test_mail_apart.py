"""Mail that is made to keep a reader busy: its process is killed, and the reply is filed all the same."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from commsbridge import conversations
from commsbridge.conversations import Reply, ReplyState
from commsbridge.mail_reading import Apart, read_held, reply_words
from commsbridge.messages import REPLY_MARKER
from commsbridge.runtime import Runtime
from commsbridge.worker.receiving import Receiving
from tests.doors.inbound_posts import REPLY_ADDRESS, TYPE, form, mail
from tests.doors.test_hostile_mail import DEEP
from tests.story import Story

DOMAIN = "reply.rimu.test"
WORDS = "So proud of her, thank you!"
# Some half a second of processor time for whoever takes it apart.
SLOW = DEEP + b"x\n" * 40_000
# Far less than that, and far more than a plain mail takes.
SECONDS = 0.1
LONGEST = 16_384


def asked(apart: Apart, raw: bytes) -> str | None:
    held = apart.read(TYPE, form(email=raw), our_domain=DOMAIN, marker=REPLY_MARKER)
    return held.words if held else None


@pytest.fixture
def apart() -> Iterator[Apart]:
    made = Apart(seconds=SECONDS)
    yield made
    made.close()


@pytest.fixture(scope="module")
def patient() -> Iterator[Apart]:
    made = Apart()
    yield made
    made.close()


def gone(pid: int | None) -> bool:
    """Whether a process is no more, and no zombie either."""
    assert pid is not None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_mail_that_takes_too_long_has_its_reader_killed_and_the_next_is_read_by_another(apart: Apart) -> None:
    assert asked(apart, bytes(mail(f"{WORDS}\n> quoted"))) == WORDS
    first = apart.pid
    assert asked(apart, SLOW) is None
    assert gone(first)
    assert asked(apart, bytes(mail(WORDS))) == WORDS
    second = apart.pid
    apart.close()
    assert apart.pid is None
    assert gone(second)


def test_a_reader_that_nobody_holds_ends_by_itself_and_one_that_died_is_begun_again() -> None:
    made = Apart()
    assert asked(made, bytes(mail(WORDS))) == WORDS
    assert made.pid is not None
    os.kill(made.pid, 9)
    assert asked(made, bytes(mail(WORDS))) in {None, WORDS}
    assert asked(made, bytes(mail(WORDS))) == WORDS
    pid = made.pid
    del made
    gc.collect()
    assert gone(pid)


def test_a_mail_that_is_built_to_take_too_long_is_not_tried(apart: Apart) -> None:
    assert asked(apart, bytes(mail(WORDS))) == WORDS
    reader = apart.pid
    assert asked(apart, DEEP + b"x\n" * 60_000) is None
    assert apart.pid == reader


CRAFTED = {
    "deep quoting": f"{WORDS}\n" + "\n".join(">" * each for each in range(1, 175)),
    "spaced quoting": f"{WORDS}\n" + "> " * 8_000,
    "one quote after the other": f"{WORDS}\n" + "> a\n\n" * 3_200,
    "attributions without an end": f"{WORDS}\n" + "On Tue, 17 Nov 2026 at 15:00, a@b wrote\n" * 380 + ":\n> x",
    "one long attribution": f"{WORDS}\nOn " + "a@b " * 4_000 + ":\n> x",
    "heads without an end": f"{WORDS}\n" + "From: a@b\n" * 1_600 + f"{REPLY_MARKER}\n",
    "a head of spaces": f"{WORDS}\nFrom:" + " " * 16_000 + f"\n{REPLY_MARKER}\n",
    "stars and colons": f"{WORDS}\n" + "*" * 8_000 + ":" * 8_000 + f"\n{REPLY_MARKER}\n",
    "signs without an end": f"{WORDS}\nSent from my " + "iphone " * 2_300,
    "lines under lines": f"{WORDS}\n" + "_" * 16_000 + f"\n{REPLY_MARKER}\n",
}


@pytest.mark.parametrize("text", CRAFTED.values(), ids=CRAFTED)
def test_what_is_crafted_against_those_who_cut_mails_is_cut_in_time(patient: Apart, text: str) -> None:
    raw = bytes(mail(text))[:LONGEST]
    found = asked(patient, raw)
    assert found is not None
    assert found.startswith(WORDS)
    assert found == reply_words(read_held(TYPE, form(email=raw)).text, our_domain=DOMAIN, marker=REPLY_MARKER)


def test_a_mail_that_nobody_can_read_in_time_is_filed_whole_and_says_so(story: Story, runtime: Runtime) -> None:
    head = b"From: dave.kereama@homes.test\r\nSubject: Re: Aroha\r\nMessage-ID: <bomb@homes.test>\r\n"
    raw = head + DEEP + b"Can you ring me about Aroha?\n" + b"x\n" * 60_000
    body = form(email=raw, envelope=f'{{"to":["{REPLY_ADDRESS}"]}}')
    with runtime.lobby(ingest=True) as ingest:
        conversations.store_raw(
            ingest, carrier="sendgrid", carrier_key="bomb", content_type=TYPE, body=body, school_id=story.school_id
        )
    receiving = Receiving(runtime)
    assert receiving.file() == 1
    receiving.close()
    with story.work() as work:
        (reply,) = work.session.scalars(select(Reply)).all()
        assert (reply.whole, reply.state) == (True, ReplyState.FILED)
        assert "Can you ring me about Aroha?" in reply.words
        assert reply.from_address == "dave.kereama@homes.test"
