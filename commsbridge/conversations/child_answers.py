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
from commsbridge.conversations.safety import SaidIn, Screened, let_stand, raise_for_child, screen
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
TO_NO_HOME = N_(
    "These words may be about somebody’s safety, so they go to no home. "
    "Show them now to whoever looks after safety here."
)
HEARD = N_("%(child)s heard your news.")
CHOSE = N_("%(child)s heard your news and chose a picture for you: %(card)s.")
SAYS = N_("%(child)s heard your news and says: “%(words)s”")


def answer_as_child(
    work: Work,
    reply_id: uuid.UUID,
    student: Student,
    *,
    card: Card | None,
    words: str,
    links: Links,
    alone: bool = False,
    at_school: bool = False,
) -> ChildAnswer:
    """Keep what a child answered, entered by the actor, who is named with it; it goes to whoever wrote and nobody else.

    ``alone``: the child did it at a device the actor handed over; ``at_school``: and chose that no home sees it.

    It stands on the page of that home, and goes to the writer the way they wrote where that works; words that give
    pause stand on the page alone. Words that may be about somebody's safety go to the people named for that, and to no
    home. Raises Invalid without a picture or words, or with too many, and for words about safety where the school has
    named nobody; Conflict when the child has answered; NotFound.
    """
    kept, reply = tidy(words), work.session.get(Reply, reply_id, with_for_update=True)
    if reply is None or reply.state is not ReplyState.FILED or work.actor.kind is not ActorKind.STAFF:
        raise NotFound(N_("That message is not here."))
    _check(card, kept)
    if answer_to(work, reply_id, student.id) is not None:
        raise Conflict(N_("%(child)s has answered this already."), child=student.preferred_name)
    alert = raise_for_child(work, student.id, kept, said_in=SaidIn.ANSWER)
    if alert is None and screen(kept).says is Screened.URGENT:
        raise Invalid(TO_NO_HOME, field="words")
    read_to_child(work, reply_id, student.id)
    answered = ChildAnswer(
        id=uuid.uuid4(),
        reply_id=reply_id,
        student_id=student.id,
        card=card.value if card else None,
        words=kept,
        staff_id=work.actor.id,
        at=work.now,
        alert_id=alert.id if alert else None,
        alone=alone,
        at_school=at_school,
    )
    work.session.add(answered)
    work.session.flush()
    if alert is None and not at_school:
        _carry(work, reply, student, answered, links=links)
    return answered


def _check(card: Card | None, words: str) -> None:
    if card is None and not words:
        raise Invalid(N_("Let them choose a picture, or write what they say."), field="card")
    if len(words) > LONGEST_CHILD_ANSWER:
        raise Invalid(
            N_("That is longer than %(limit)s letters. Shorten it."), field="words", limit=LONGEST_CHILD_ANSWER
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
    """What children answered to these replies and home may read, by reply and child."""
    rows = select(ChildAnswer).where(
        ChildAnswer.reply_id.in_(reply_ids), ChildAnswer.alert_id.is_(None), ChildAnswer.at_school.is_(False)
    )
    return {(row.reply_id, row.student_id): row for row in work.session.scalars(rows)} if reply_ids else {}


def answer_to(work: Work, reply_id: uuid.UUID, student_id: uuid.UUID) -> ChildAnswer | None:
    """What a child answered to a reply, whoever may read it; ``is_withheld`` says whether its words wait."""
    rows = select(ChildAnswer).where(ChildAnswer.reply_id == reply_id, ChildAnswer.student_id == student_id)
    return work.session.scalar(rows)


def is_withheld(work: Work, answered: ChildAnswer) -> bool:
    """Whether only the people named for safety may read it."""
    return answered.alert_id is not None and not let_stand(work, [answered.alert_id])


def answer_behind(work: Work, alert_id: uuid.UUID) -> ChildAnswer:
    """The answer an alert is about."""
    return work.session.scalars(select(ChildAnswer).where(ChildAnswer.alert_id == alert_id)).one()
