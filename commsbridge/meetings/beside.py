"""What a home would have beside, by text: whom it brings, an interpreter, support, a place; together or apart."""

from __future__ import annotations

import uuid
from dataclasses import replace

from sqlalchemy import or_, select

from commsbridge import conversations, schools, whanau
from commsbridge.conversations import Post, Reply
from commsbridge.foundation.names import fold
from commsbridge.foundation.work import Work
from commsbridge.meetings.asked_for import AskedFor, read_asked_for
from commsbridge.meetings.bringing import Wishes, say_wishes
from commsbridge.meetings.brought import bring
from commsbridge.meetings.choosing import leave_together
from commsbridge.meetings.models import Hui, HuiAsking
from commsbridge.meetings.open_at import open_at
from commsbridge.meetings.opening import LONGEST_NAME, LONGEST_PLACE, LONGEST_WORDS, OPEN_STATES
from commsbridge.meetings.question_models import About, HuiQuestion
from commsbridge.meetings.questions import ask_next
from commsbridge.meetings.reading import held, people_of, wish_of
from commsbridge.meetings.together import home_speaking
from commsbridge.messages import Links

safety = conversations.safety
ANSWERED = "HUI_ANSWER"


def take_names(work: Work, post: Post, *, links: Links) -> Reply | None:
    """Take a text or mail that says "bring", "interpreter", "together" or "apart" as the answer to what was offered so.

    "Together" or "apart" alone is taken as long as the hui is open, where no other hui is open at that phone. None when
    it was not asked there, of one hui alone, or the words may be about somebody's safety: then it is read like any
    other.
    """
    if post.keyword is not None or post.automatic or post.pictures or not (post.proven or post.delivery_id):
        return None
    asked = read_asked_for(post.words)
    if not asked.clear or "?" in post.words or len(post.words) > LONGEST_WORDS:
        return None
    if safety.screened(work, post.words) is not safety.Screened.CLEAR:
        return None
    question = _offered(work, post.from_address, asked)
    if question is None:
        return None
    hui = held(work, question.hui_id)
    reply = conversations.keep_command(work, post, ANSWERED)
    if reply is None:
        return None
    first = question.answered_at is None
    reply.contact_id, question.answered_at = question.contact_id, question.answered_at or work.now
    keep_asked_for(work, hui, question.contact_id, post.words, links)
    if first:
        ask_next(work, hui, question.contact_id, links=links)
    return reply


def _offered(work: Work, address: str, asked: AskedFor) -> HuiQuestion | None:
    """The question that the words answer: the one that waits; of together or apart also one answered before."""
    waiting = [each.question for each in open_at(work, address) if each.question is not None]
    able = [each for each in waiting if each.about is About.SUPPORT]
    if able:
        return able[0] if len({each.hui_id for each in able}) == 1 else None
    if asked != AskedFor(together=asked.together):
        return None
    writers = {each.contact.id: each.students for each in whanau.writers_at(work, address, on=schools.today(work))}
    rows = (
        select(HuiQuestion, Hui)
        .join(Hui, (Hui.school_id == HuiQuestion.school_id) & (Hui.id == HuiQuestion.hui_id))
        .where(HuiQuestion.address == address, HuiQuestion.about == About.SUPPORT, Hui.state.in_(OPEN_STATES))
        .order_by(HuiQuestion.asked_at.desc(), HuiQuestion.id)
    )
    before = [each for each, hui in work.session.execute(rows) if hui.student_id in writers.get(each.contact_id, ())]
    return before[0] if before and len(_open_hui(work, address)) == 1 else None


def _open_hui(work: Work, address: str) -> set[uuid.UUID]:
    """The hui that are open and of which anything was asked at a phone or mailbox."""
    times = select(HuiAsking.hui_id).where(HuiAsking.address == address)
    questions = select(HuiQuestion.hui_id).where(HuiQuestion.address == address)
    rows = select(Hui.id).where(or_(Hui.id.in_(times), Hui.id.in_(questions)), Hui.state.in_(OPEN_STATES))
    return set(work.session.scalars(rows))


def keep_asked_for(work: Work, hui: Hui, contact_id: uuid.UUID, words: str, links: Links) -> None:
    """Whom they bring, an interpreter, support, where, together or apart: beside what they wished for before."""
    asked = read_asked_for(words)
    there = {fold(each.name) for each in people_of(work, hui)}
    for name in asked.bring:
        if fold(name) not in there and len(name) <= LONGEST_NAME:
            bring(work, hui, contact_id, name=name, role="whanau", why="")
    says_together = asked.together is not None and not hui.joint
    if asked.interpreter or asked.support or asked.place or says_together:
        before = wishes_before(work, hui, contact_id)
        wishes = replace(
            before,
            interpreter=asked.interpreter[:LONGEST_NAME] or before.interpreter,
            support=asked.support[:LONGEST_PLACE] or before.support,
            place=asked.place[:LONGEST_PLACE] or before.place,
            together=bool(asked.together) if says_together else before.together,
        )
        say_wishes(work, hui, wishes, contact_id=contact_id)
    if hui.joint and asked.together is False:
        leave_together(work, hui, contact_id=contact_id, links=links)


def wishes_before(work: Work, hui: Hui, contact_id: uuid.UUID) -> Wishes:
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
