"""Five hundred texts of one phone through the signed hook: all kept, slowed, given to one person, hardly answered."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select, text

from commsbridge.conversations import Parked, Reply, ReplyState, promises
from commsbridge.conversations.flooding import MOST_AT_ONCE
from commsbridge.conversations.promises import Answering
from commsbridge.messages import Delivery, Message, MessageKind
from commsbridge.messages.notices import MOST_ANSWERS_A_DAY, MOST_ANSWERS_AN_HOUR
from commsbridge.neighbourhood.signatures import twilio_signature
from commsbridge.schools import Sender, SenderKind
from commsbridge.tasks import Task, TaskKind
from commsbridge.web import make_web
from commsbridge.worker.receiving import Receiving
from tests.conftest import Clock, SharedDatabase
from tests.doors.moments import screened
from tests.doors.pages import make_runtime
from tests.story import Story

HINE = "+64215550104"
TOKEN = "token"
HOOK = "/hooks/twilio/messages"
MANY = 500


class Pour:
    """A phone that writes and writes."""

    def __init__(self, story: Story, database: SharedDatabase, clock: Clock) -> None:
        self.story = story
        self.runtime = make_runtime(database, clock, twilio_account_sid=f"AC{'1' * 32}", twilio_auth_token=TOKEN)
        self.client = make_web(self.runtime).test_client()
        self.desk = Receiving(self.runtime)
        self.posted = 0

    def post(self, words: str) -> None:
        self.posted += 1
        form = {"MessageSid": f"SM{self.posted:032x}", "From": HINE, "To": "4545", "Body": words, "NumMedia": "0"}
        url = f"{self.runtime.settings.public_url}{HOOK}"
        headers = {"X-Twilio-Signature": twilio_signature(TOKEN, url, form.items())}
        answer = self.client.post(
            HOOK, data=urlencode(form), headers=headers, content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 200

    def file(self) -> None:
        while self.desk.file():
            pass

    def states(self) -> dict[tuple[ReplyState, str | None], int]:
        counted = select(Reply.state, Reply.why, func.count()).group_by(Reply.state, Reply.why)
        with self.story.work() as work:
            return {(state, why): many for state, why, many in work.session.execute(counted)}

    def answers(self) -> int:
        rows = select(func.count()).select_from(Delivery).join(Message, Message.id == Delivery.message_id)
        rows = rows.where(Delivery.address == HINE, Message.kind == MessageKind.CONSENT)
        with self.story.work() as work:
            return work.session.scalar(rows) or 0

    def tasks(self) -> list[tuple[TaskKind, str | None]]:
        names = {each.id: key for key, each in self.story.staff.items()}
        with self.story.work() as work:
            return [
                (task.kind, names.get(task.staff_id) if task.staff_id else None)
                for task in work.session.scalars(select(Task))
            ]


@pytest.fixture
def pour(story: Story, story_database: SharedDatabase, clock: Clock) -> Pour:
    """The hook and the desk of Rimu Road School; replies cost nothing, and Ms Leota hears of floods."""
    with story.work("burns") as work:
        work.session.get_one(Sender, story.texts.id).kind = SenderKind.ZERO_RATED
        promises.set_answering(work, Answering(named_id=story.staff["leota"].id))
    return Pour(story, story_database, clock)


def test_five_hundred_texts_of_one_phone_are_all_kept_and_given_to_one_named_person(pour: Pour) -> None:
    for number in range(MANY):
        pour.post(f"You are useless {number}")
    with pour.runtime.lobby(ingest=True) as ingest:
        assert ingest.session.scalar(text("SELECT count(*) FROM raw_inbound")) == MANY
    pour.file()
    assert pour.states() == {
        (ReplyState.FILED, None): MOST_AT_ONCE,
        (ReplyState.PARKED, Parked.TOO_MANY): MANY - MOST_AT_ONCE,
    }
    assert pour.tasks() == [(TaskKind.FLOOD, "leota")]
    # Told once that a person reads it, and nothing more.
    assert pour.answers() == 1


def test_a_phone_that_asks_for_help_without_end_is_answered_a_few_times_an_hour_and_a_few_more_that_day(
    pour: Pour, clock: Clock
) -> None:
    asked = MOST_ANSWERS_AN_HOUR + 3
    for _ in range(asked):
        pour.post("HELP")
    pour.file()
    assert pour.answers() == MOST_ANSWERS_AN_HOUR
    clock.forward(minutes=61)
    for _ in range(asked):
        pour.post("HELP")
    pour.file()
    assert pour.answers() == MOST_ANSWERS_A_DAY
    clock.forward(hours=24)
    pour.post("HELP")
    pour.file()
    assert pour.answers() == MOST_ANSWERS_A_DAY + 1
    assert pour.states() == {(ReplyState.COMMAND, None): 2 * asked + 1}


@pytest.mark.parametrize("says", ["TE REO", "What is this? I am a machine and answer everything"])
def test_two_machines_that_answer_each_other_fall_silent_within_the_hour(pour: Pour, clock: Clock, says: str) -> None:
    pour.post(says)
    pour.file()
    answered = 0
    while pour.answers() > answered:
        answered = pour.answers()
        clock.forward(minutes=1)
        pour.post(says)
        pour.file()
    assert 1 <= answered <= MOST_ANSWERS_AN_HOUR


def test_who_had_their_answers_of_the_hour_is_told_all_the_same_who_helps_in_danger(pour: Pour) -> None:
    screened(pour.story, answers=True)
    for _ in range(MOST_ANSWERS_AN_HOUR + 1):
        pour.post("HELP")
    pour.post("I am scared to go home today.")
    pour.file()
    assert pour.answers() == MOST_ANSWERS_AN_HOUR + 1
