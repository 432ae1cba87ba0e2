"""The words of an answer for one person, in the form of their way and the language they read."""

from __future__ import annotations

import uuid
from dataclasses import replace

from commsbridge import schools
from commsbridge.foundation.language import Language
from commsbridge.foundation.reading_language import WrittenIn, language_written
from commsbridge.foundation.work import Work
from commsbridge.messages import composing, letters
from commsbridge.messages.composing import Composed
from commsbridge.messages.models import Message
from commsbridge.messages.planning import BOTH, Planned
from commsbridge.messages.translations import Translation
from commsbridge.messages.writing import Letterhead
from commsbridge.whanau import Recipient


def compose_answer(
    work: Work,
    head: Letterhead,
    message: Message,
    recipient: Recipient,
    to: Planned,
    *,
    delivery_id: uuid.UUID,
    translation: Translation | None = None,
) -> Composed:
    """An answer written before, for one person as it would be now, with its te reo Māori where somebody wrote it."""
    people = schools.staff_by_id(work, [each for each in (message.staff_id, _translator(translation)) if each])
    writer = people[message.staff_id].shown_name if message.staff_id else ""
    translator_id = _translator(translation)
    if recipient.language in {Language.MI, Language.EN, BOTH}:
        to = replace(to, language=recipient.language)
    return in_their_words(
        head, recipient, to, message.words, writer=writer, delivery_id=delivery_id,
        words_mi=(translation.words_mi or "") if translation else "",
        translator=people[translator_id].shown_name if translator_id else "",
    )  # fmt: skip


def _translator(translation: Translation | None) -> uuid.UUID | None:
    return translation.taken_by if translation else None


def in_their_words(
    head: Letterhead,
    recipient: Recipient,
    to: Planned,
    words: str,
    *,
    writer: str,
    delivery_id: uuid.UUID,
    words_mi: str = "",
    translator: str = "",
) -> Composed:
    """An answer as typed, in its own language's block; ``words_mi`` are those a ``translator`` wrote."""
    home = Language.MI if language_written(words) is WrittenIn.TE_REO else Language.EN
    said = {home: words, **({Language.MI: words_mi} if words_mi else {})}
    notice = letters.Notice(writer, said, translator=translator)
    return composing.compose_notice(
        head.paper, head.sender(to), recipient, to, notice, change_url=head.change_url(delivery_id)
    )
