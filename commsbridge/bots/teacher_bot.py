"""The teacher bot: a whole praise by text from a phone that is proven the teacher's, and a few words to ask for.

A number that nobody of the staff has proven theirs is none of its business: the families' way in takes that text. A
teacher may be a parent: what comes from a phone that a contact has, too, is the family's, unless it begins with KURA
or answers what the bot has just asked.
"""

from __future__ import annotations

from datetime import datetime

from commsbridge import conversations, messages, prompts, pulse, schools, whanau
from commsbridge.bots import teacher_words as texts
from commsbridge.bots.desk import Desk, desk_of
from commsbridge.bots.models import Step, TextTalk
from commsbridge.bots.teacher_words import Ask
from commsbridge.bots.text_praise import begin, close_talks, go_on, open_talk, went_unanswered
from commsbridge.conversations import Keyword, Post, Reply
from commsbridge.foundation.reo_dates import list_of, short_date
from commsbridge.foundation.work import Work
from commsbridge.messages import Links
from commsbridge.prompts import OpenChild
from commsbridge.schools import Sender, StaffPhone
from commsbridge.whanau import Channel

TEACHER = "TEACHER"
WHO_AT_MOST = 5
LAST_AT_MOST = 3


def take_from_staff(work: Work, post: Post, *, sender: Sender | None, links: Links) -> Reply | None:
    """Take a text from a phone of the staff and answer it; None when it is for whoever reads the families' texts."""
    if sender is None or post.channel is not Channel.TEXT:
        return None
    phone = schools.staff_phone_at(work, post.from_address)
    desk = desk_of(work, phone, links) if phone is not None else None
    if phone is None or desk is None:
        return None
    shared = bool(whanau.writers_at(work, post.from_address, on=schools.today(work)))
    if post.keyword in {Keyword.STOP, Keyword.START}:
        return _stop_or_start(desk, phone, post, shared=shared)
    talk, asked = open_talk(desk), prompts.texted_children(desk.work, desk.staff.id)
    words = _to_school(desk, post, talk, asked) if shared else post.words
    if words is None:
        return None
    reply = conversations.keep_command(work, post, TEACHER)
    if reply is not None and phone.stopped_at is None:
        desk.answer(_answer(desk, words, talk, asked, pictures=post.pictures))
    return reply


def _stop_or_start(desk: Desk, phone: StaffPhone, post: Post, *, shared: bool) -> Reply | None:
    """STOP holds for the whole phone; where it is a family's as well, their side obeys and answers."""
    stopped = post.keyword is Keyword.STOP
    reply = None if shared else conversations.keep_command(desk.work, post, TEACHER)
    if shared or reply is not None:
        schools.note_phone_stopped(desk.work, phone.address, stopped=stopped)
        close_talks(desk)
    if reply is not None and not post.carrier_answered:
        desk.answer(desk.say(texts.STOPPED if stopped else texts.STARTED))
    return reply


def _to_school(desk: Desk, post: Post, talk: TextTalk | None, asked: list[OpenChild]) -> str | None:
    """What is for the bot in a text from a phone that is a family's as well; None when nothing is."""
    rest = texts.for_school(post.words)
    if rest is not None:
        return rest
    since = _asked_at(talk, asked)
    family_asked = conversations.open_questions(desk.work, post.from_address)
    if since is None or any(each.asked_at >= since for each in family_asked):
        return None
    term_asked = pulse.asked_at(desk.work, post.from_address)
    if term_asked is not None and term_asked >= since:
        return None
    answers = texts.number_of(post.words) is not None or texts.answer_of(post.words) is not None
    if answers or (talk is not None and talk.step is Step.CHANGE):
        return post.words
    return None


def _asked_at(talk: TextTalk | None, asked: list[OpenChild]) -> datetime | None:
    """When the bot last asked this phone anything that is still open."""
    moments = [each.texted_at for each in asked if each.texted_at] + ([talk.asked_at] if talk else [])
    return max(moments, default=None)


def _answer(desk: Desk, words: str, talk: TextTalk | None, asked: list[OpenChild], *, pictures: int) -> str:
    command = texts.asked_for(words, desk.names)
    if command is not None:
        return _do(desk, *command)
    prompt_is_newer = bool(asked) and (talk is None or asked[0].texted_at == _asked_at(talk, asked))
    if talk is not None and not prompt_is_newer:
        said = go_on(desk, talk, words)
        if said is not None:
            return said
    number = texts.number_of(words)
    if number in prompts.NUMBERS and asked:
        return _answer_prompt(desk, asked, number)
    if number is not None or texts.answer_of(words) is not None:
        return desk.say(texts.TOO_LATE if went_unanswered(desk) else texts.NOTHING_WAITS)
    return begin(desk, words, asked_about=[each.student_id for each in asked], pictures=pictures)


def _answer_prompt(desk: Desk, asked: list[OpenChild], number: int) -> str:
    """A number answers for every child of the prompt."""
    close_talks(desk)
    said = prompts.NUMBERS[number]
    for child in asked:
        prompts.answer(desk.work, child.id, desk.staff.id, said, language=desk.language)
    return desk.say(texts.PROMPT_ANSWERED[said])


def _do(desk: Desk, ask: Ask, named: frozenset[object]) -> str:
    if ask is Ask.HELP:
        return _help(desk)
    if ask is Ask.WHO:
        return _who(desk)
    about = [each for each in desk.children if each in named]
    if len(about) > 1:
        return desk.say(texts.WHOLE_NAME, names=list_of([desk.children[each].name for each in about], desk.language))
    if ask is Ask.PHOTO:
        return desk.say(texts.PHOTO_HERE, link=desk.links.praise_url(about[0]))
    return _last(
        desk,
        desk.called(about)[0],
        desk.links.student_url(about[0]),
        messages.last_received(desk.work, about[0], limit=LAST_AT_MOST),
    )


def _help(desk: Desk) -> str:
    shared = whanau.writers_at(desk.work, desk.phone.address, on=schools.today(desk.work))
    return " ".join([desk.say(texts.HELP), *([desk.say(texts.BEGIN)] if shared else [])])


def _who(desk: Desk) -> str:
    found = prompts.who_next(desk.work, desk.viewer, how_many=WHO_AT_MOST)
    if not found:
        return desk.say(texts.NOBODY_WAITS)
    names = desk.called([student.id for student, _ in found])
    lines = [
        desk.say(texts.WAITED_EVER, name=name)
        if waiting.waited is None
        else desk.say(texts.WAITED, name=name, days=waiting.waited)
        for name, (_, waiting) in zip(names, found, strict=True)
    ]
    return " ".join([desk.say(texts.WAITED_LONGEST), *lines])


def _last(desk: Desk, name: str, link: str, told: list[messages.Written]) -> str:
    if not told:
        return desk.say(texts.NONE_YET, name=name)
    calendar = schools.calendar_of(desk.work)
    praises = " ".join(
        f"{short_date(calendar.local(each.message.made_at).date(), desk.language, calendar.day_names)}: "
        + (desk.say(texts.BEHIND_LINK) if each.message.as_link else messages.words_of(each, name, desk.language))
        for each in told
    )
    return desk.say(texts.LAST_THREE, name=name, praises=praises, link=link)
