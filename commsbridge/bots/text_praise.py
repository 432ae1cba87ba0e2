"""Praise by text: the child is found, what will go to whom is shown, and nothing goes before a "1"."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import select

from commsbridge import messages, students
from commsbridge.bots import teacher_words as texts
from commsbridge.bots.desk import Desk
from commsbridge.bots.models import Step, TextTalk
from commsbridge.bots.teacher_words import Said
from commsbridge.conversations import Words, read_choice
from commsbridge.foundation.errors import Refusal
from commsbridge.foundation.reo_dates import list_of
from commsbridge.messages import Draft, Preview
from commsbridge.students import Student

# Good news of the morning may still go in the evening.
TALK_LASTS = timedelta(hours=12)
# A number that comes after that is told gently that nothing went.
REMEMBERED = timedelta(days=7)
MOST_CHOICES = 5
# So few words that name nobody are a slip of the thumb at a question, not praise.
FEW_WORDS = 2


def open_talk(desk: Desk) -> TextTalk | None:
    """What this phone was asked last and has not answered in time."""
    rows = select(TextTalk).where(
        TextTalk.address == desk.phone.address,
        TextTalk.staff_id == desk.staff.id,
        TextTalk.closed_at.is_(None),
        TextTalk.expires_at > desk.work.now,
    )
    return desk.work.session.scalars(rows.order_by(TextTalk.asked_at.desc()).with_for_update().limit(1)).first()


def went_unanswered(desk: Desk) -> bool:
    """Whether a question to this phone ran out of time lately."""
    rows = select(TextTalk.id).where(
        TextTalk.address == desk.phone.address,
        TextTalk.closed_at.is_(None),
        TextTalk.expires_at.between(desk.work.now - REMEMBERED, desk.work.now),
    )
    return desk.work.session.scalar(rows.limit(1)) is not None


def close_talks(desk: Desk) -> bool:
    """Nothing is asked any more, and its words are forgotten; whether a question was still open."""
    rows = select(TextTalk).where(TextTalk.address == desk.phone.address, TextTalk.closed_at.is_(None))
    found = desk.work.session.scalars(rows).all()
    was_open = any(talk.expires_at > desk.work.now for talk in found)
    for talk in found:
        talk.closed_at, talk.words = desk.work.now, ""
    desk.work.session.flush()
    return was_open


def begin(desk: Desk, words: str, *, asked_about: Sequence[uuid.UUID] = (), pictures: int = 0) -> str:
    """Praise out of the blue, or the answer to a prompt about ``asked_about``: whom it is about, then what will go."""
    earlier = [desk.say(texts.EARLIER)] if close_talks(desk) else []
    return " ".join([*earlier, _begun(desk, words, asked_about, pictures)])


def _begun(desk: Desk, words: str, asked_about: Sequence[uuid.UUID], pictures: int) -> str:
    named = Words(words).named(desk.names)
    found = named.told or named.perhaps or frozenset(each for each in asked_about if each in desk.children)
    if not found:
        return desk.say(texts.WHOM)
    if len(named.sure) > 1:
        names = desk.called(_in_order(desk, named.sure))
        return desk.say(texts.ONE_EACH, names=list_of(names, desk.language))
    order = _in_order(desk, found)
    if len(order) > MOST_CHOICES:
        return desk.say(texts.WHOLE_NAME, names=list_of(desk.called(order)[:MOST_CHOICES], desk.language, "or"))
    talk = TextTalk(
        id=uuid.uuid4(), staff_id=desk.staff.id, address=desk.phone.address, step=Step.WHICH, words=words,
        student_ids=order, as_link=False, asked_at=desk.work.now, expires_at=desk.work.now + TALK_LASTS,
    )  # fmt: skip
    desk.work.session.add(talk)
    if len(order) > 1:
        return _which(desk, talk)
    shown = _show(desk, talk)
    photo = [desk.say(texts.PHOTO_HERE, link=desk.links.praise_url(order[0]))] if pictures else []
    return " ".join([shown, *photo])


def _in_order(desk: Desk, found: Collection[uuid.UUID]) -> list[uuid.UUID]:
    return [each for each in desk.children if each in found]


def _which(desk: Desk, talk: TextTalk) -> str:
    desk.work.session.flush()
    names = enumerate(desk.called(talk.student_ids), start=1)
    choices = ", ".join(desk.say(texts.CHOICE, number=number, name=name) for number, name in names)
    return desk.say(texts.WHICH, choices=choices)


def go_on(desk: Desk, talk: TextTalk, words: str) -> str | None:
    """The answer to what was asked; None when the text is none, and begins something of its own."""
    said = texts.answer_of(words)
    gone = any(each not in desk.children for each in talk.student_ids)
    if gone or (said is Said.NOT_NOW and talk.step is not Step.WHICH):
        close_talks(desk)
        return desk.say(texts.NOT_SENT)
    if talk.step is Step.WHICH:
        return _chosen(desk, talk, words)
    if talk.step is Step.CHANGE:
        talk.words = words
        return _show(desk, talk)
    return _confirmed(desk, talk, words, said)


def _confirmed(desk: Desk, talk: TextTalk, words: str, said: Said | None) -> str | None:
    if said is Said.SEND:
        return _send(desk, talk)
    if said is Said.CHANGE:
        return _change(desk, talk)
    return desk.say(texts.ONCE_MORE) if _is_slip(desk, words) else None


def _is_slip(desk: Desk, words: str) -> bool:
    return len(words.split()) <= FEW_WORDS and not Words(words).named(desk.names).any


def _chosen(desk: Desk, talk: TextTalk, words: str) -> str | None:
    offered = {each: desk.names[each] for each in talk.student_ids}
    choice = read_choice(words, offered, order=talk.student_ids)
    if choice is None or choice.more:
        return _which(desk, talk) if _is_slip(desk, words) else None
    if not choice.children:
        close_talks(desk)
        return desk.say(texts.NOT_SENT)
    if len(choice.children) > 1:
        return _which(desk, talk)
    talk.student_ids = list(choice.children)
    return _show(desk, talk)


def _change(desk: Desk, talk: TextTalk) -> str:
    talk.step, talk.asked_at = Step.CHANGE, desk.work.now
    desk.work.session.flush()
    (name,) = desk.called(talk.student_ids)
    return desk.say(texts.WRITE_ANEW, name=name)


def _show(desk: Desk, talk: TextTalk) -> str:
    """What will go to whom, with the question where words should not stand in a message."""
    student = desk.children[talk.student_ids[0]]
    question = _question(desk, student, talk.words)
    talk.as_link = bool(question)
    try:
        previews = messages.preview_praise(desk.work, student, _draft(talk), links=desk.links)
    except Refusal as refusal:
        close_talks(desk)
        return desk.say(refusal.sentence, **refusal.slots)
    people = [_person(desk, each) for each in previews if each.planned is not None]
    if not people:
        close_talks(desk)
        return desk.say(texts.NOBODY, name=student.preferred_name)
    talk.step, talk.asked_at = Step.CONFIRM, desk.work.now
    desk.work.session.flush()
    (name,) = desk.called([student.id])
    told = list_of(people, desk.language)
    if question:
        return desk.say(texts.SHOW_LINK, name=name, words=talk.words, question=question, people=told)
    return desk.say(texts.SHOW, name=name, words=talk.words, writer=desk.staff.shown_name, people=told)


def _draft(talk: TextTalk) -> Draft:
    return Draft(words=talk.words, as_link=talk.as_link)


def _question(desk: Desk, student: Student, words: str) -> str:
    others = {each: tuple(names) for each, names in students.names_in_school(desk.work, student.id).items()}
    asked = messages.questions_for(words, child_names=(student.preferred_name, student.name), other_children=others)
    return " ".join(each.said(desk.language) for each in asked)


def _person(desk: Desk, preview: Preview) -> str:
    way = preview.planned.channel if preview.planned else ""
    return desk.say(texts.WAYS[way], name=preview.recipient.name)


def _send(desk: Desk, talk: TextTalk) -> str:
    student, draft = desk.children[talk.student_ids[0]], _draft(talk)
    try:
        with desk.work.session.begin_nested():
            people = [
                each.recipient.name
                for each in messages.preview_praise(desk.work, student, draft, links=desk.links)
                if each.planned is not None
            ]
            messages.send_praise(desk.work, student, draft, links=desk.links, once_key=f"talk/{talk.id}")
    except Refusal as refusal:
        close_talks(desk)
        return desk.say(refusal.sentence, **refusal.slots)
    close_talks(desk)
    return desk.say(texts.GOES, people=list_of(people, desk.language))
