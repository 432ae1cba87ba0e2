"""How a home answers by text or mail: a number for a time, a person or a next step, or its own words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from commsbridge import conversations, messages, schools
from commsbridge.conversations import Post, Reply, ReplyState
from commsbridge.foundation.errors import Conflict
from commsbridge.foundation.language import Language, say
from commsbridge.foundation.work import Work
from commsbridge.meetings.beside import ANSWERED, keep_asked_for, wishes_before
from commsbridge.meetings.bringing import put_as_point, say_for_family, say_wishes
from commsbridge.meetings.choosing import choose, none_suits
from commsbridge.meetings.following import end_step, evaluate
from commsbridge.meetings.holding import agree
from commsbridge.meetings.models import Agrees, Helped, Hui, HuiItem, HuiPerson, HuiState, HuiStep, Part, Welcome, Whose
from commsbridge.meetings.numbering import is_asked
from commsbridge.meetings.open_at import Open, holds, open_at
from commsbridge.meetings.opening import LONGEST_WORDS, decide_person
from commsbridge.meetings.question_models import About, HuiQuestion
from commsbridge.meetings.questions import CHOICES, ask, ask_next
from commsbridge.meetings.reading import held, times_of
from commsbridge.meetings.saying import has_nothing_to_say, read_label, read_option, read_yes, says_little
from commsbridge.messages import Links, MessageKind

CHOSEN = "HUI_TIME"
YES_OR_NO = frozenset({About.PERSON, About.KAITAKAWAENGA, About.DUE, About.WENT})
IN_WORDS = frozenset({About.VOICE, About.WHY, About.SUPPORT})
AGREED = (Agrees.AGREE, Agrees.NOT_YET, Agrees.DIFFERENTLY)
HELPED = (Helped.YES, Helped.PARTLY, Helped.NO)


class Answered(NamedTuple):
    """The reply that an answer became; ``none_suits``: a person will offer other times."""

    reply: Reply
    none_suits: bool = False


def take_number(work: Work, post: Post, *, links: Links) -> Answered | None:
    """Take a text or mail as the answer to what a home was asked about its hui: a number, a day on offer, yes or no.

    None when it is no such answer: then it is read like any other. Nothing is guessed at: it must stand for an answer
    to one question alone, about a child of whom its writer may hear today, and a question of another kind that was
    asked there later comes first. A yes or no is said to what that phone was told last.
    """
    if post.keyword is not None or post.automatic or post.pictures or "?" in post.words:
        return None
    if not post.proven and post.delivery_id is None:
        return None
    if not is_asked(work, post.from_address):
        return None
    able = open_at(work, post.from_address)
    later = conversations.open_questions(work, post.from_address)
    if not able or (later and later[0].asked_at > max(each.asked_at for each in able)):
        return None
    meant = _by_number(work, post.words, able) or _by_word(work, post, able)
    return _take(work, post, *meant, links) if meant else None


def _by_number(work: Work, words: str, able: Sequence[Open]) -> tuple[Open, int] | None:
    """The question that a number, or a day on offer, answers, and the number; None unless it is one alone."""
    calendar = schools.calendar_of(work)
    offered = {
        each.first + time.number - 1: calendar.local(time.begins_at).date()
        for each in able
        if each.asking is not None
        for time in times_of(work, each.hui)
    }
    number = read_option(words, offered)
    if number is None or (number == 0 and read_yes(words) is False):
        return None
    nothing = words.strip() == "0"
    meant = [each for each in able if (number == 0 and each.takes_none(literally=nothing)) or each.offers(number)]
    return (meant[0], number) if len({each.key for each in meant}) == 1 else None


def _by_word(work: Work, post: Post, able: Sequence[Open]) -> tuple[Open, int] | None:
    """What a phone was asked last, and the number of the answer that a yes, a no or the answer itself stands for.

    None where anything else went there since, or the same was just said: it may be one answer that was sent twice.
    """
    last = max(able, key=lambda each: each.asked_at)
    if len({each.key for each in able if each.asked_at == last.asked_at}) > 1 or _told_since(
        work, post.from_address, last.asked_at
    ):
        return None
    if conversations.said_just_now(work, post, (CHOSEN, ANSWERED)):
        return None
    if last.question is None:
        return (last, 0) if not last.chosen and read_yes(post.words) is False else None
    if last.question.about in {About.VOICE, About.SUPPORT}:
        return (last, 0) if has_nothing_to_say(post.words) else None
    place = _place(work, last.question, post.words)
    return (last, last.first + place) if place is not None else None


def _place(work: Work, question: HuiQuestion, words: str) -> int | None:
    """Which of the answers to a question a message is, from 0: in the words that stood there, or as a yes or a no."""
    labels = CHOICES.get(question.about, ())
    for language in Language:
        if (found := read_label(words, tuple(say(language, each) for each in labels))) is not None:
            return found
    named = work.session.get_one(HuiPerson, question.subject_id).name if question.about is About.PERSON else ""
    yes = read_yes(words, named=named)
    # Of what was decided there is no plain yes: it is agreed to, or not yet, or seen otherwise.
    if yes is None or question.about not in YES_OR_NO:
        return None
    return 0 if yes else len(labels) - 1


def _told_since(work: Work, address: str, since: datetime) -> bool:
    """Whether anything but of hui went to a phone since: then what is said there may be said to that."""
    gone = messages.recent_to(work, address, since=since)
    return any(message.kind is not MessageKind.HUI for _, message in gone)


def asked_at(work: Work, address: str, numbers: Collection[int]) -> datetime | None:
    """When a phone or mailbox was last asked something about a hui that one of these numbers may answer; or None."""
    able = [each for each in open_at(work, address) if 0 in numbers or any(map(each.offers, numbers))]
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
    if says_little(reply.words):
        return False
    asked = [
        each.question
        for each in open_at(work, reply.from_address)
        if each.question is not None
        and each.question.about in IN_WORDS
        and reply.contact_id in {None, each.contact_id}
        and about == {each.hui.student_id}
    ]
    if not asked:
        return False
    question = max(asked, key=lambda each: each.asked_at)
    if _told_since(work, reply.from_address, question.asked_at):
        return False
    hui = held(work, question.hui_id)
    question.answered_at = work.now
    if question.about is About.VOICE:
        say_for_family(work, hui, reply.words, contact_id=question.contact_id)
        put_as_point(work, hui, reply.words, contact_id=question.contact_id)
    elif question.about is About.SUPPORT:
        keep_asked_for(work, hui, question.contact_id, reply.words, links)
    elif question.subject_id is not None:
        end_step(work, hui, question.subject_id, done=False, explained=reply.words, links=links)
    ask_next(work, hui, question.contact_id, links=links)
    return True


def _take(work: Work, post: Post, meant: Open, number: int, links: Links) -> Answered | None:
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
    if question.answered_at is not None or not holds(work, hui, question):
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


def _part(work: Work, hui: Hui, question: HuiQuestion, place: int, _links: Links) -> None:
    before = wishes_before(work, hui, question.contact_id)
    say_wishes(work, hui, replace(before, part=tuple(Part)[place]), contact_id=question.contact_id)


def _kaitakawaenga(work: Work, hui: Hui, question: HuiQuestion, place: int, _links: Links) -> None:
    before = wishes_before(work, hui, question.contact_id)
    say_wishes(work, hui, replace(before, kaitakawaenga=not place), contact_id=question.contact_id)


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
    About.PART: _part,
    About.POINT: _point,
    About.DUE: _due,
    About.WENT: _went,
}
