"""What a child answers to good news from home that was read to them: a picture or words, to that home alone."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import select

from commsbridge import messages, schools, students, whanau
from commsbridge.conversations.answering import writer_of
from commsbridge.conversations.models import ChildAnswer, Reply, ReplyState
from commsbridge.conversations.placing import read_to_child
from commsbridge.conversations.safety.screening import Screened, screen
from commsbridge.conversations.safety.watch import watch_of
from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_, Language, say, shown_in
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages import Answer, Links
from commsbridge.students import Student

LONGEST_CHILD_ANSWER = 200


class Card(StrEnum):
    """A picture a child can point at."""

    SMILE = "smile"
    HEART = "heart"
    STAR = "star"
    THUMB = "thumb"
    HOME = "home"
    AGAIN = "again"


CARD_WORDS = {
    Card.SMILE: N_("a smile"),
    Card.HEART: N_("a heart"),
    Card.STAR: N_("a star"),
    Card.THUMB: N_("a thumb up"),
    Card.HOME: N_("our home"),
    Card.AGAIN: N_("tell it again"),
}
HEARD = N_("%(child)s heard your news.")
CHOSE = N_("%(child)s heard your news and chose a picture for you: %(card)s.")
SAYS = N_("%(child)s heard your news and says: “%(words)s”")


def answer_as_child(
    work: Work, reply_id: uuid.UUID, student: Student, *, card: Card | None, words: str, links: Links
) -> ChildAnswer:
    """Keep what a child answered, entered by the actor, who is named with it; it goes to whoever wrote and nobody else.

    It stands on the page of that home, and goes to the writer the way they wrote where that works; words that give
    pause stand on the page alone. Raises Invalid without a picture or words, with too many, or with words that may be
    about somebody's safety; Conflict when the child has answered; NotFound.
    """
    kept, reply = tidy(words), work.session.get(Reply, reply_id, with_for_update=True)
    if reply is None or reply.state is not ReplyState.FILED or work.actor.kind is not ActorKind.STAFF:
        raise NotFound(N_("That message is not here."))
    _check(work, card, kept)
    if answers_of_children(work, [reply_id]).get((reply_id, student.id)):
        raise Conflict(N_("%(child)s has answered this already."), child=student.preferred_name)
    read_to_child(work, reply_id, student.id)
    answered = ChildAnswer(
        id=uuid.uuid4(),
        reply_id=reply_id,
        student_id=student.id,
        card=card.value if card else None,
        words=kept,
        staff_id=work.actor.id,
        at=work.now,
    )
    work.session.add(answered)
    work.session.flush()
    _carry(work, reply, student, answered, links=links)
    return answered


def _check(work: Work, card: Card | None, words: str) -> None:
    if card is None and not words:
        raise Invalid(N_("Let them choose a picture, or write what they say."), field="card")
    if len(words) > LONGEST_CHILD_ANSWER:
        raise Invalid(
            N_("That is longer than %(limit)s letters. Shorten it."), field="words", limit=LONGEST_CHILD_ANSWER
        )
    if watch_of(work).screens and screen(words).says is Screened.URGENT:
        raise Invalid(
            N_("These words may be about somebody’s safety. Do not send them: go to the person named for that now."),
            field="words",
        )


def _carry(work: Work, reply: Reply, student: Student, answered: ChildAnswer, *, links: Links) -> None:
    contact_id = writer_of(work, reply, [student.id])
    if contact_id is None:
        return
    said = Answer(_said(work, student, answered, contact_id), channel=reply.channel)
    seen = messages.foresee_answer(work, student, contact_id, said, links=links)
    if seen is not None and seen.planned is not None:
        messages.send_answer(work, [student], contact_id, said, links=links)


def _said(work: Work, student: Student, answered: ChildAnswer, contact_id: uuid.UUID) -> str:
    reads = whanau.language_of(work, contact_id, on=schools.today(work))
    language = Language.MI if reads == "both" else shown_in(reads)
    child, others = student.preferred_name, students.names_in_school(work, student.id)
    pause = answered.words and messages.questions_for(
        answered.words,
        child_names=(child, student.name),
        other_children={each: tuple(called) for each, called in others.items()},
    )
    if answered.words and not pause:
        return say(language, SAYS, child=child, words=answered.words)
    if answered.card:
        return say(language, CHOSE, child=child, card=say(language, CARD_WORDS[Card(answered.card)]))
    return say(language, HEARD, child=child)


def answers_of_children(work: Work, reply_ids: Collection[uuid.UUID]) -> dict[tuple[uuid.UUID, uuid.UUID], ChildAnswer]:
    """What children answered to these replies, by reply and child."""
    rows = select(ChildAnswer).where(ChildAnswer.reply_id.in_(reply_ids))
    return {(row.reply_id, row.student_id): row for row in work.session.scalars(rows)} if reply_ids else {}
