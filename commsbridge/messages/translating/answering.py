"""Answering: a translator takes words up, or would rather not, gives them back, or writes them in te reo Māori."""

from __future__ import annotations

import re
import uuid

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from commsbridge import partnership
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.reo_spelling import WRONG_MARKS
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages.links import Links
from commsbridge.messages.models import Awaits, Delivery, State
from commsbridge.messages.rewriting import put_words, write_anew
from commsbridge.messages.translating.offering import offers_for, own_translation
from commsbridge.messages.translations import LONGEST_MINUTES, Translation, TranslationDeclined
from commsbridge.messages.waiting import release
from commsbridge.messages.wordings import doubtful_words

LONGEST_WORDS = 400


def take(work: Work, translation_id: uuid.UUID) -> Translation:
    """Take up what is offered: from now on it is shown to nobody else. Raises Conflict when it is offered no more."""
    work.session.execute(select(Translation.id).where(Translation.id == translation_id).with_for_update())
    translation = _offered(work, translation_id)
    translation.taken_by, translation.taken_at = work.actor.id, work.now
    work.session.flush()
    return translation


def decline(work: Work, translation_id: uuid.UUID) -> None:
    """Rather not, unseen and unasked why: it is offered to the actor no more, and stays offered to the others."""
    _offered(work, translation_id)
    said = insert(TranslationDeclined).values(translation_id=translation_id, staff_id=work.actor.id, at=work.now)
    work.session.execute(said.on_conflict_do_nothing())


def give_back(work: Work, translation_id: uuid.UUID) -> None:
    """Give back what was taken up: it is offered to the others again."""
    translation, _message = own_translation(work, translation_id)
    translation.taken_by = translation.taken_at = None
    work.session.flush()
    said = insert(TranslationDeclined).values(translation_id=translation_id, staff_id=work.actor.id, at=work.now)
    work.session.execute(said.on_conflict_do_nothing())


def answer(
    work: Work, translation_id: uuid.UUID, *, words_mi: str, minutes: int, links: Links, as_meant: bool = False
) -> Translation:
    """Send the te reo: whoever waits for it gets it, by the rules that hold now, with the translator's name below.

    Words that look misspelt are asked about first: ``as_meant`` says they are right. Raises Invalid, NotFound for what
    is in other hands, or Conflict when it has gone as it was written.
    """
    translation, message = own_translation(work, translation_id)
    words = _sound(words_mi, as_meant=as_meant)
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise Invalid(N_("Say how many minutes it took, from 1 to %(most)s."), field="minutes", most=LONGEST_MINUTES)
    waiting = work.session.scalars(
        select(Delivery)
        .where(Delivery.message_id == message.id, Delivery.state == State.HELD, Delivery.awaits == Awaits.TRANSLATION)
        .order_by(Delivery.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    if not waiting:
        raise Conflict(N_("It has already gone, as it was written."))
    translation.words_mi, translation.minutes, translation.answered_at = words, minutes, work.now
    work.session.flush()
    if message.line_id is not None:
        partnership.add_words(work, partnership.line_by_id(work, message.line_id), words)
    for delivery in waiting:
        composed = write_anew(work, delivery, message, links=links)
        if composed is not None:
            put_words(delivery, composed)
    release(work, waiting)
    return translation


def _sound(words_mi: str, *, as_meant: bool) -> str:
    words = tidy(words_mi)
    if not words:
        raise Invalid(N_("Please write something here."), field="words_mi")
    if len(words) > LONGEST_WORDS:
        raise Invalid(
            N_("This is too long: write at most %(longest)s characters."), field="words_mi", longest=LONGEST_WORDS
        )
    marked = [word for word in re.findall(r"\w+", words) if not WRONG_MARKS.isdisjoint(word)]
    if marked:
        raise Invalid(
            N_("Write macrons (ā ē ī ō ū), not dots or hats: %(words)s"), field="words_mi", words=", ".join(marked)
        )
    doubtful = [] if as_meant else doubtful_words(words)
    if doubtful:
        raise Invalid(
            N_("Please look again at: %(words)s. If that is how it is written, tick the box and send it again."),
            field="as_meant",
            words=", ".join(doubtful),
        )
    return words


def _offered(work: Work, translation_id: uuid.UUID) -> Translation:
    if work.actor.id is None:
        raise NotFound(N_("There is nothing here to translate: it may have gone, or someone else has it."))
    work.session.expire_all()
    found = next((each for each, _ in offers_for(work, work.actor.id) if each.id == translation_id), None)
    if found is None:
        raise Conflict(N_("There is nothing here to translate: it may have gone, or someone else has it."))
    return found
