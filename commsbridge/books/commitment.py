"""What the school promises every home that has a book: it stands above each agreement, in both languages."""

from __future__ import annotations

from sqlalchemy import select

from commsbridge.books.models import BookCommitment
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work

LONGEST_COMMITMENT = 1000


def commitment_of(work: Work) -> tuple[str, str]:
    """The school's commitment, (English, te reo Māori); two empty ones where it has said nothing."""
    row = _newest(work)
    return (row.words_en, row.words_mi) if row else ("", "")


def _newest(work: Work) -> BookCommitment | None:
    return work.session.scalar(
        select(BookCommitment).order_by(BookCommitment.number.desc(), BookCommitment.at.desc()).limit(1)
    )


def set_commitment(work: Work, words: tuple[str, str]) -> None:
    """From now on this stands above each agreement; two empty ones take it away. What stood before is kept.

    Raises Invalid for words in one language alone, or too many.
    """
    if work.actor.id is None:
        raise Invalid(N_("Sign in first."))
    english, reo = (tidy(each) for each in words)
    if bool(english) != bool(reo):
        raise Invalid(N_("Say it in both languages."), field="words_mi" if english else "words_en")
    for field, kept in (("words_en", english), ("words_mi", reo)):
        if len(kept) > LONGEST_COMMITMENT:
            raise Invalid(
                N_("That is longer than %(limit)s letters. Shorten it."), field=field, limit=LONGEST_COMMITMENT
            )
    newest = _newest(work)
    if (english, reo) == ((newest.words_en, newest.words_mi) if newest else ("", "")):
        return
    number = newest.number + 1 if newest else 1
    said = BookCommitment(number=number, words_en=english, words_mi=reo, staff_id=work.actor.id, at=work.now)
    work.session.add(said)
    work.session.flush()
