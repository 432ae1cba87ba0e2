"""Texts of one school are filed together: few statements, in order, and a bad one harms no other."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.orm import Session

from commsbridge import conversations
from commsbridge.conversations import Keyword, Reply, ReplyState
from commsbridge.foundation.actors import SERVICE
from commsbridge.foundation.work import Work
from commsbridge.messages import Delivery, Message, MessageKind
from commsbridge.runtime import Runtime
from commsbridge.schools import Sender, SenderKind
from commsbridge.worker.receiving import Receiving
from tests.conftest import Clock, SharedDatabase
from tests.doors.conftest import Told
from tests.doors.pages import make_runtime
from tests.story import Story
from tests.texting import praises_of, prove

SCHOOL = "4545"
NGAIRE, HINE = "+64215550101", "+64215550104"
# What one text may cost when many of one school are filed together, its answer included.
MOST_STATEMENTS = 8


@dataclass
class Hook:
    """Texts as the hook stores them, and what became of each."""

    story: Story
    runtime: Runtime

    def store(self, body: str, sender: str = HINE, *, to: str = SCHOOL) -> None:
        key = f"SM{uuid.uuid4().hex}"
        form = {"MessageSid": key, "From": sender, "To": to, "Body": body, "NumMedia": "0"}
        with self.runtime.lobby(ingest=True) as ingest:
            assert conversations.store_raw(
                ingest, carrier="twilio", carrier_key=key, content_type="application/x-www-form-urlencoded",
                body=urlencode(form).encode(), school_id=self.story.school_id,
            )  # fmt: skip

    def file(self) -> int:
        return Receiving(self.runtime).file()

    def states(self) -> dict[str, ReplyState]:
        with self.story.work() as work:
            return {reply.words: reply.state for reply in work.session.scalars(select(Reply))}

    def answers(self, address: str = HINE) -> list[Delivery]:
        """What the service itself wrote to an address."""
        rows = select(Delivery).join(Message, Message.id == Delivery.message_id)
        rows = rows.where(Delivery.address == address, Message.kind == MessageKind.CONSENT)
        with self.story.work() as work:
            return list(work.session.scalars(rows))


@pytest.fixture
def hook(story: Story, story_database: SharedDatabase, clock: Clock) -> Hook:
    """The hook of Rimu Road School, on a sender where replies cost a family nothing."""
    with story.work() as work:
        work.session.get_one(Sender, story.texts.id).kind = SenderKind.ZERO_RATED
    runtime = make_runtime(story_database, clock, twilio_account_sid=f"AC{'1' * 32}", twilio_auth_token="token")
    return Hook(story, runtime)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement sent to the database meanwhile; the savepoints of the test's own transaction are none."""
    sent: list[str] = []

    def note(*said: object) -> None:
        if not str(said[2]).startswith(("SAVEPOINT", "RELEASE")):
            sent.append(str(said[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_many_texts_of_a_school_cost_few_statements_each(hook: Hook) -> None:
    for number in range(6):
        for phone in (HINE, NGAIRE, f"+6421555990{number}"):
            hook.store(f"Ka pai Hēmi {number}", phone)
    hook.store("ĀWHINA", NGAIRE)
    with statements() as sent:
        assert hook.file() == 19
    with hook.story.work() as work:
        assert len(work.session.scalars(select(Reply)).all()) == 19
    assert len(sent) <= 19 * MOST_STATEMENTS, len(sent) / 19


def test_whether_a_hui_waits_for_words_is_asked_once_for_all_of_them(hook: Hook) -> None:
    for number in range(6):
        hook.store(f"Ka pai Hēmi {number}", HINE)
    with statements() as sent:
        assert hook.file() == 6
    assert sum("hui_" in each for each in sent) == 1
    assert not [each for each in sent if each.startswith("SELECT reply_students")]


def test_of_two_texts_of_one_phone_the_second_is_read_as_the_answer_to_what_the_first_led_to(hook: Hook) -> None:
    hook.store("Ka pai!", NGAIRE)
    hook.store("1", NGAIRE)
    hook.file()
    states = hook.states()
    assert (states["Ka pai!"], states["1"]) == (ReplyState.FILED, ReplyState.COMMAND)


def test_what_a_text_changed_holds_for_the_next_one_of_the_same_phone(hook: Hook) -> None:
    for words in ("ENGLISH", Keyword.HELP, "TE REO", Keyword.HELP, "STOP", "Ka pai Hēmi"):
        hook.store(words)
    hook.file()
    # The answer to STOP is in te reo; to whoever said it nothing more is said.
    assert Counter(each.language for each in hook.answers()) == {"en": 2, "mi": 3}
    assert hook.states()["Ka pai Hēmi"] is ReplyState.FILED


def test_a_teachers_text_and_the_yes_to_it_are_taken_as_a_worker_takes_them(hook: Hook) -> None:
    own = prove(hook.story)
    hook.store("Aroha shared her blocks with a new friend", own)
    hook.file()
    hook.store("1", own)
    hook.store("Ka pai!", HINE)
    hook.file()
    assert hook.states()["1"] is ReplyState.COMMAND
    assert [words for words, *_ in praises_of(hook.story, "aroha")] == ["Aroha shared her blocks with a new friend"]
    with hook.runtime.lobby(ingest=True) as ingest:
        assert conversations.untaken(ingest) == 0


def test_a_text_that_cannot_be_taken_is_counted_and_harms_no_other(hook: Hook) -> None:
    hook.store("Ka pai Hēmi")
    hook.store("This one is broken", to="4" * 300)
    hook.store("Tino pai Hēmi")
    assert hook.file() == 3
    assert set(hook.states()) == {"Ka pai Hēmi", "Tino pai Hēmi"}
    with hook.runtime.lobby(ingest=True) as ingest:
        assert (conversations.untaken(ingest), len(conversations.waiting_raw(ingest))) == (1, 1)


def test_a_school_that_another_worker_is_at_is_left_to_it_so_that_texts_stay_in_their_order(
    hook: Hook, told: Told
) -> None:
    hook.store("Ka pai Hēmi")
    other = create_engine(told.url)
    with Session(other) as session:
        assert conversations.hold_turn(Work(session, hook.story.school_id, SERVICE, hook.runtime.now()))
        assert hook.file() == 0
        assert hook.states() == {}
    other.dispose()
    assert hook.file() == 1
    assert hook.states() == {"Ka pai Hēmi": ReplyState.FILED}
