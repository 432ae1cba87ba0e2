"""The words a school adds to the hints: found wherever they stand, in the browser and at the preview alike."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from commsbridge.foundation.columns import OneOf
from commsbridge.foundation.database import Model, SchoolRow, within_school
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages.hints import HintKind, own_row

LONGEST_HINT = 80
MOST_HINTS = 200


class OwnHint(SchoolRow, Model):
    """Words of a school's own list, in the language they are in; who wrote what with them is kept nowhere."""

    __tablename__ = "own_hints"

    category: Mapped[HintKind] = mapped_column(OneOf(HintKind, 10))
    language: Mapped[Language] = mapped_column(OneOf(Language, 2))
    words: Mapped[str] = mapped_column(String(LONGEST_HINT))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    __table_args__ = within_school()


def own_hints(work: Work) -> Sequence[OwnHint]:
    """The school's own words, by language and kind."""
    rows = select(OwnHint).where(OwnHint.retired_at.is_(None))
    return work.session.scalars(rows.order_by(OwnHint.language, OwnHint.category, OwnHint.words)).all()


def own_rows(work: Work) -> list[str]:
    """The school's own words as lines of the table of rules."""
    return [own_row(each.category, each.language, each.words) for each in own_hints(work)]


def add_own_hint(work: Work, category: HintKind, language: Language, words: str) -> OwnHint:
    """Add words to the school's list; the same again is the one that is there. Raises Invalid for what is no word."""
    kept = tidy(words)
    row = own_row(category, language, kept)
    if not row:
        raise Invalid(N_("Write a word, or a few words."), field="words")
    if len(kept) > LONGEST_HINT:
        raise Invalid(N_("That is longer than %(limit)s letters. Shorten it."), field="words", limit=LONGEST_HINT)
    known = own_hints(work)
    for each in known:
        if own_row(each.category, each.language, each.words) == row:
            return each
    if len(known) >= MOST_HINTS:
        raise Invalid(N_("The list is full. Take out what is no longer needed."), field="words")
    hint = OwnHint(id=uuid.uuid4(), category=category, language=language, words=kept, made_at=work.now)
    work.session.add(hint)
    work.session.flush()
    return hint


def drop_own_hint(work: Work, hint_id: uuid.UUID) -> None:
    """Take words out of the school's list. Raises NotFound."""
    hint = work.session.get(OwnHint, hint_id)
    if hint is None:
        raise NotFound(N_("Those words are not on the list."))
    hint.retired_at = hint.retired_at or work.now
    work.session.flush()
