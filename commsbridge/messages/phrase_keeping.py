"""Verbs of a school's own phrase bank: a phrase is added, changed, retired, brought back, moved up or down."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages.bank import NAME_SLOT, labels
from commsbridge.messages.models import Message, Phrase, PhraseKind
from commsbridge.messages.wordings import doubtful_words
from commsbridge.messages.wordings.known import Kind
from commsbridge.messages.wordings.soundness import sound_wording

LONGEST_ENGLISH = 160


@dataclass(frozen=True, slots=True)
class PhraseDraft:
    """A phrase as somebody wrote it. ``as_meant``: te reo that looks misspelt is right as it stands."""

    kind: PhraseKind
    value: str
    setting: str
    text_en: str
    text_mi: str
    as_meant: bool = False


def bank_of(work: Work, *, retired: bool = False) -> Sequence[Phrase]:
    """The school's phrases in their order; with ``retired`` those that are offered no more."""
    state = Phrase.retired_at.is_not(None) if retired else Phrase.retired_at.is_(None)
    return work.session.scalars(select(Phrase).where(state).order_by(Phrase.position, Phrase.id)).all()


def add_phrase(work: Work, draft: PhraseDraft) -> Phrase:
    """A phrase of the school's own, last in its group. Raises Invalid for what is missing or broken in it."""
    en, mi = _sound(draft)
    last = work.session.scalar(select(func.max(Phrase.position))) or 0
    return _write(work, draft, en, mi, position=last + 1)


def change_phrase(work: Work, phrase_id: uuid.UUID, draft: PhraseDraft) -> Phrase:
    """A phrase in other words. Where it was already sent the log keeps the old ones, and a new phrase takes its place.

    Raises Invalid, and NotFound for a phrase that is not here or was retired meanwhile.
    """
    phrase = _held(work, phrase_id, retired=False)
    en, mi = _sound(draft)
    used = work.session.scalar(select(Message.id).where(Message.phrase_id == phrase.id).limit(1)) is not None
    if used and (phrase.text_en, phrase.text_mi, phrase.kind) != (en, mi, draft.kind):
        phrase.retired_at = work.now
        return _write(work, draft, en, mi, position=phrase.position)
    phrase.kind, phrase.value, phrase.setting = draft.kind, draft.value, draft.setting
    phrase.text_en, phrase.text_mi = en, mi
    work.session.flush()
    return phrase


def retire_phrase(work: Work, phrase_id: uuid.UUID) -> None:
    """Offer a phrase no more; what was sent with it stays. Raises NotFound."""
    _held(work, phrase_id, retired=False).retired_at = work.now
    work.session.flush()


def bring_back_phrase(work: Work, phrase_id: uuid.UUID) -> None:
    """Offer a retired phrase again. Raises NotFound."""
    _held(work, phrase_id, retired=True).retired_at = None
    work.session.flush()


def move_phrase(work: Work, phrase_id: uuid.UUID, *, up: bool) -> None:
    """Offer a phrase before the one that stands before it in its group, or after the next. Raises NotFound."""
    phrase = _held(work, phrase_id, retired=False)
    group = [each for each in bank_of(work) if (each.kind, each.value) == (phrase.kind, phrase.value)]
    place = [each.id for each in group].index(phrase.id) + (-1 if up else 1)
    if 0 <= place < len(group):
        other = group[place]
        phrase.position, other.position = other.position, phrase.position
        work.session.flush()


def _held(work: Work, phrase_id: uuid.UUID, *, retired: bool) -> Phrase:
    phrase = work.session.get(Phrase, phrase_id, with_for_update=True)
    if phrase is None or (phrase.retired_at is not None) is not retired:
        raise NotFound(N_("That phrase is no longer in the bank. Choose another."))
    return phrase


def _write(work: Work, draft: PhraseDraft, en: str, mi: str, *, position: int) -> Phrase:
    phrase = Phrase(
        id=uuid.uuid4(),
        key=f"own-{uuid.uuid4().hex[:16]}",
        kind=draft.kind,
        value=draft.value,
        setting=draft.setting,
        text_en=en,
        text_mi=mi,
        position=position,
    )
    work.session.add(phrase)
    work.session.flush()
    return phrase


def _sound(draft: PhraseDraft) -> tuple[str, str]:
    """Both sentences as they are kept. Raises Invalid for the first thing that is wrong."""
    if draft.value not in labels("value"):
        raise Invalid(N_("Choose what it is about."), field="value")
    if draft.setting not in labels("setting"):
        raise Invalid(N_("Choose where it was seen."), field="setting")
    en = _sound_english(draft.text_en)
    mi = sound_wording(Kind.PHRASE, en, draft.text_mi)
    if not draft.as_meant and (doubtful := doubtful_words(mi)):
        raise Invalid(
            N_("Please look again at: %(words)s. If that is how it is written, tick the box and keep it again."),
            field="as_meant",
            words=", ".join(doubtful),
        )
    return en, mi


def _sound_english(written: str) -> str:
    en = " ".join(tidy(written).split())
    if not en:
        raise Invalid(N_("There are words in one language only. Write the English, too."), field="text_en")
    if len(en) > LONGEST_ENGLISH:
        raise Invalid(
            N_("This is too long: write at most %(longest)s characters."), field="text_en", longest=LONGEST_ENGLISH
        )
    if en.count(NAME_SLOT) != 1 or en.count("{") != 1 or en.count("}") != 1:
        raise Invalid(N_("Write {name} once, where the child’s name stands."), field="text_en")
    return en
