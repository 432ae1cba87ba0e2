"""How a home answers by text or mail: a number for a time, a person or a next step, or its own words."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from commsbridge import conversations, schools, whanau
from commsbridge.conversations import Post, Reply, ReplyState
from commsbridge.foundation.errors import Conflict
from commsbridge.foundation.names import fold
from commsbridge.foundation.work import Work
from commsbridge.meetings.asked_for import read_asked_for
from commsbridge.meetings.bringing import Wishes, say_for_family, say_wishes
from commsbridge.meetings.brought import bring
from commsbridge.meetings.choosing import choose, chosen_by_homes, leave_together, none_suits
from commsbridge.meetings.following import end_step, evaluate
from commsbridge.meetings.holding import agree
from commsbridge.meetings.models import (
    Agrees,
    Helped,
    Hui,
    HuiAsking,
    HuiItem,
    HuiPerson,
    HuiState,
    HuiStep,
    Welcome,
    Whose,
)
from commsbridge.meetings.numbering import is_asked, questions_at
from commsbridge.meetings.opening import (
    LONGEST_NAME,
    LONGEST_PLACE,
    LONGEST_WORDS,
    OPEN_STATES,
    decide_person,
)
from commsbridge.meetings.question_models import About, HuiQuestion
from commsbridge.meetings.questions import ask, ask_next, says_of_point
from commsbridge.meetings.reading import held, people_of, times_of, wish_of
from commsbridge.meetings.together import home_speaking
from commsbridge.messages import Links

safety = conversations.safety
CHOSEN = "HUI_TIME"
ANSWERED = "HUI_ANSWER"
BEFORE_IT = frozenset({About.PERSON, About.KAITAKAWAENGA, About.VOICE, About.SUPPORT})
IN_WORDS = frozenset({About.VOICE, About.WHY, About.SUPPORT})
AGREED = (Agrees.AGREE, Agrees.NOT_YET, Agrees.DIFFERENTLY)
HELPED = (Helped.YES, Helped.PARTLY, Helped.NO)


class _Open(NamedTuple):
    """What an address was asked and has not answered: the times of a hui, or (``question``) something else of it.

    Its answers count up from ``first``; there are ``choices`` of them. ``chosen``: of two homes that meet, this one has
    chosen its time, so that 0 is said to something else.
    """

    hui: Hui
    contact_id: uuid.UUID
    asked_at: datetime
    first: int
    choices: int
    asking: HuiAsking | None = None
    question: HuiQuestion | None = None
    chosen: bool = False

    @property
    def key(self) -> uuid.UUID:
        """The same for two people of a phone who were asked for the time of one hui."""
        return self.question.id if self.question else self.hui.id

    def offers(self, number: int) -> bool:
        """Whether the number stands for one of its answers."""
        return self.first <= number < self.first + self.choices


class Answered(NamedTuple):
    """The reply that an answer became; ``none_suits``: a person will offer other times."""

    reply: Reply
    none_suits: bool = False


def take_number(work: Work, post: Post, *, links: Links) -> Answered | None:
    """Take a text or mail as the answer to what a home was asked about its hui.

    None when it is no such answer: then it is read like any other. A number is never guessed at: it must stand for an
    answer to one question alone, about a child of whom its writer may hear today, and a question of another kind that
    was asked there later comes first.
    """
    number = conversations.read_number(post.words)
    if number is None or post.keyword is not None or post.automatic or post.pictures:
        return None
    if not post.proven and post.delivery_id is None:
        return None
    able = _open_at(work, post.from_address)
    later = conversations.open_questions(work, post.from_address)
    if not able or (later and later[0].asked_at > max(each.asked_at for each in able)):
        return None
    meant = [each for each in able if (number == 0 and not each.chosen) or each.offers(number)]
    if len({each.key for each in meant}) != 1:
        return None
    return _take(work, post, meant[0], number, links)


def take_names(work: Work, post: Post, *, links: Links) -> Reply | None:
    """Take a text or mail that says "bring", "interpreter", "together" or "apart" as the answer to what was offered so.

    None when it was not asked there, of one hui alone, or the words may be about somebody's safety: then it is read
    like any other.
    """
    if post.keyword is not None or post.automatic or post.pictures or not (post.proven or post.delivery_id):
        return None
    asked = read_asked_for(post.words)
    if not asked.clear or len(post.words) > LONGEST_WORDS:
        return None
    if safety.screened(work, post.words) is not safety.Screened.CLEAR:
        return None
    questions = [each.question for each in _open_at(work, post.from_address) if each.question is not None]
    able = [each for each in questions if each.about is About.SUPPORT]
    if len({each.hui_id for each in able}) != 1:
        return None
    question, hui = able[0], held(work, able[0].hui_id)
    reply = conversations.keep_command(work, post, ANSWERED)
    if reply is None:
        return None
    reply.contact_id, question.answered_at = question.contact_id, work.now
    _asked_for(work, hui, question.contact_id, post.words, links)
    ask_next(work, hui, question.contact_id, links=links)
    return reply


def asked_at(work: Work, address: str, numbers: Collection[int]) -> datetime | None:
    """When a phone or mailbox was last asked something about a hui that one of these numbers may answer; or None."""
    able = [each for each in _open_at(work, address) if 0 in numbers or any(map(each.offers, numbers))]
    return max((each.asked_at for each in able), default=None)


def take_words(work: Work, reply: Reply, *, links: Links) -> bool:
    """Take words that were filed as the answer to what a home was asked to say in its own words.

    They stay where they were filed, too. False where nothing of the kind was asked there, or the words are about
    another child, were not understood by the screening, or are more than a hui keeps.
    """
    if reply.state is not ReplyState.FILED or reply.unread or not 0 < len(reply.words) <= LONGEST_WORDS:
        return False
    if not is_asked(work, reply.from_address):
        return False
    about = set(conversations.students_of_reply(work, reply.id))
    asked = [
        each.question
        for each in _open_at(work, reply.from_address)
        if each.question is not None
        and each.question.about in IN_WORDS
        and reply.contact_id in {None, each.contact_id}
        and about == {each.hui.student_id}
    ]
    if not asked:
        return False
    question = max(asked, key=lambda each: each.asked_at)
    hui = held(work, question.hui_id)
    question.answered_at = work.now
    if question.about is About.VOICE:
        say_for_family(work, hui, reply.words, contact_id=question.contact_id)
    elif question.about is About.SUPPORT:
        _asked_for(work, hui, question.contact_id, reply.words, links)
    elif question.subject_id is not None:
        end_step(work, hui, question.subject_id, done=False, explained=reply.words, links=links)
    ask_next(work, hui, question.contact_id, links=links)
    return True


def _asked_for(work: Work, hui: Hui, contact_id: uuid.UUID, words: str, links: Links) -> None:
    """Whom they bring, an interpreter, support, together or apart: beside what they wished for before."""
    asked = read_asked_for(words)
    there = {fold(each.name) for each in people_of(work, hui)}
    for name in asked.bring:
        if fold(name) not in there and len(name) <= LONGEST_NAME:
            bring(work, hui, contact_id, name=name, role="whanau", why="")
    says_together = asked.together is not None and not hui.joint
    if asked.interpreter or asked.support or says_together:
        before = _wishes_before(work, hui, contact_id)
        wishes = replace(
            before,
            interpreter=asked.interpreter[:LONGEST_NAME] or before.interpreter,
            support=asked.support[:LONGEST_PLACE] or before.support,
            together=bool(asked.together) if says_together else before.together,
        )
        say_wishes(work, hui, wishes, contact_id=contact_id)
    if hui.joint and asked.together is False:
        leave_together(work, hui, contact_id=contact_id, links=links)


def _open_at(work: Work, address: str) -> list[_Open]:
    """What this phone or mailbox was asked and may still answer today."""
    rows = (
        select(HuiAsking, Hui)
        .join(Hui, (Hui.school_id == HuiAsking.school_id) & (Hui.id == HuiAsking.hui_id))
        .where(HuiAsking.address == address, HuiAsking.round == Hui.round, Hui.state == HuiState.ASKED)
        .order_by(HuiAsking.asked_at.desc(), HuiAsking.id)
    )
    found = [
        _Open(
            hui, each.contact_id, each.asked_at, each.first_number, len(times_of(work, hui)), asking=each,
            chosen=hui.joint and home_speaking(work, hui, each.contact_id, None) in chosen_by_homes(work, hui),
        )
        for each, hui in work.session.execute(rows)
    ]  # fmt: skip
    for question in questions_at(work, address):
        hui = work.session.get_one(Hui, question.hui_id)
        if _holds(work, hui, question):
            found.append(
                _Open(
                    hui, question.contact_id, question.asked_at, question.first_number, question.choices,
                    question=question,
                )
            )  # fmt: skip
    on = schools.today(work)
    writers = {each.contact.id: each.students for each in whanau.writers_at(work, address, on=on)} if found else {}
    return [each for each in found if each.hui.student_id in writers.get(each.contact_id, ())]


def _holds(work: Work, hui: Hui, question: HuiQuestion) -> bool:
    """Whether a question still waits for an answer: what it is about may have been settled another way."""
    if question.about in BEFORE_IT:
        return hui.state in OPEN_STATES
    if question.about is About.POINT:
        item = work.session.get_one(HuiItem, question.subject_id)
        home = home_speaking(work, hui, question.contact_id, None)
        return says_of_point(work, hui, item, home) is Agrees.LATER
    ended = work.session.get_one(HuiStep, question.subject_id).done_at is not None
    return ended is (question.about is About.WENT)


def _take(work: Work, post: Post, meant: _Open, number: int, links: Links) -> Answered | None:
    hui = held(work, meant.hui.id)
    if meant.question is not None:
        return _answer(work, post, meant.question, number, links)
    if hui.state is not HuiState.ASKED or meant.asking is None or hui.round != meant.asking.round:
        return None
    reply = conversations.keep_command(work, post, CHOSEN)
    if reply is None:
        return None
    reply.contact_id = meant.contact_id
    if number == 0:
        none_suits(work, hui, meant.contact_id)
        return Answered(reply, none_suits=True)
    try:
        choose(work, hui, number - meant.first + 1, contact_id=meant.contact_id, links=links)
    except Conflict:
        # The time has passed or gone meanwhile: whoever asked finds another one with them.
        none_suits(work, hui, meant.contact_id)
        return Answered(reply, none_suits=True)
    ask_next(work, hui, meant.contact_id, links=links)
    return Answered(reply)


def _answer(work: Work, post: Post, question: HuiQuestion, number: int, links: Links) -> Answered | None:
    hui = work.session.get_one(Hui, question.hui_id)
    work.session.refresh(question, with_for_update=True)
    if question.answered_at is not None or not _holds(work, hui, question):
        return None
    reply = conversations.keep_command(work, post, ANSWERED)
    if reply is None:
        return None
    reply.contact_id = question.contact_id
    question.answered_at = work.now
    if number:
        SAYS[question.about](work, hui, question, number - question.first_number, links)
    ask_next(work, hui, question.contact_id, links=links)
    return Answered(reply)


def _person(work: Work, hui: Hui, question: HuiQuestion, place: int, _links: Links) -> None:
    welcome = Welcome.NO if place else Welcome.YES
    person = work.session.get_one(HuiPerson, question.subject_id)
    decide_person(work, hui, person.id, welcome, contact_id=question.contact_id)


def _kaitakawaenga(work: Work, hui: Hui, question: HuiQuestion, place: int, _links: Links) -> None:
    before = _wishes_before(work, hui, question.contact_id)
    say_wishes(work, hui, replace(before, kaitakawaenga=not place), contact_id=question.contact_id)


def _wishes_before(work: Work, hui: Hui, contact_id: uuid.UUID) -> Wishes:
    """What the home of a contact has wished so far."""
    wish = wish_of(work, hui, home_speaking(work, hui, contact_id, None))
    if wish is None:
        return Wishes()
    return Wishes(
        wish.place,
        wish.tikanga,
        wish.interpreter,
        wish.support,
        wish.access,
        wish.kaitakawaenga,
        wish.timer,
        wish.part,
        wish.together,
    )


def _point(work: Work, hui: Hui, question: HuiQuestion, place: int, _links: Links) -> None:
    item = work.session.get_one(HuiItem, question.subject_id)
    agree(work, hui, item.id, AGREED[place], item.agrees_words, contact_id=question.contact_id)


def _due(work: Work, hui: Hui, question: HuiQuestion, place: int, links: Links) -> None:
    step = work.session.get_one(HuiStep, question.subject_id)
    if place:
        ask(work, hui, About.WHY, step, to=[question.contact_id], links=links)
    else:
        end_step(work, hui, step.id, done=True, explained="", links=links)


def _went(work: Work, hui: Hui, question: HuiQuestion, place: int, _links: Links) -> None:
    step = work.session.get_one(HuiStep, question.subject_id)
    contact_id = question.contact_id
    evaluate(work, hui, step.id, whose=Whose.FAMILY, helped=HELPED[place], words="", contact_id=contact_id)


SAYS: dict[About, Callable[[Work, Hui, HuiQuestion, int, Links], None]] = {
    About.PERSON: _person,
    About.KAITAKAWAENGA: _kaitakawaenga,
    About.POINT: _point,
    About.DUE: _due,
    About.WENT: _went,
}
