"""A word only they know: what a contact may add to the code, so that whoever holds their phone does not read for them.

Only a hash of it is kept. Who forgot it rings the school, and the office ends it after ringing them back.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select, update

from commsbridge import schools, students, whanau
from commsbridge.books.family_models import FamilyDevice, FamilyWord
from commsbridge.foundation import tokens
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import fold
from commsbridge.foundation.work import Work
from commsbridge.whanau import Contact

SHORTEST = 4
LONGEST = 60
# Guesses by somebody who has the phone already, over all codes; then a person at school asks who it is.
MOST_MISSES = 10


def word_of(work: Work, contact_id: uuid.UUID) -> FamilyWord | None:
    """The word that stands, held until the act ends; None where they added none."""
    rows = select(FamilyWord).where(FamilyWord.contact_id == contact_id, FamilyWord.ended_at.is_(None))
    return work.session.scalars(rows.with_for_update()).first()


def has_word(work: Work, contact_id: uuid.UUID) -> bool:
    """Whether they added a word."""
    rows = select(FamilyWord.id).where(FamilyWord.contact_id == contact_id, FamilyWord.ended_at.is_(None))
    return work.session.scalar(rows) is not None


def keep_word(work: Work, contact: Contact, word: str, *, before: str = "", device: str = "") -> None:
    """From now on each new device asks for this word, too; those that are known are asked anew, but for ``device``.

    No word takes away the one that stands. Raises Invalid for a wrong word ``before``, for one that is too short, too
    long or somebody's name; Conflict when it was guessed at too often.
    """
    stands = word_of(work, contact.id)
    if stands is not None:
        if not is_word(work, stands, before):
            raise Invalid(N_("That is not the word you had. If you forgot it, ring the school."), field="before")
        stands.ended_at = work.now
    elif not word.strip():
        raise Invalid(N_("Write the word you want to add."), field="word")
    if word.strip():
        _check(work, contact, word)
        work.session.flush()
        work.session.add(FamilyWord(contact_id=contact.id, sealed=schools.seal_word(word), set_at=work.now))
        others = update(FamilyDevice).where(
            FamilyDevice.contact_id == contact.id,
            FamilyDevice.forgotten_at.is_(None),
            FamilyDevice.digest != tokens.digest(device),
        )
        work.session.execute(others.values(forgotten_at=work.now))
    work.session.flush()


def _check(work: Work, contact: Contact, word: str) -> None:
    folded = "".join(fold(word).split())
    if len(folded) < SHORTEST or len(word) > LONGEST:
        raise Invalid(N_("Write between %(fewest)s and %(most)s letters."), field="word", fewest=SHORTEST, most=LONGEST)
    ties = whanau.ties_of(work, [contact.id], on=schools.today(work))[contact.id]
    called = students.names_of(work, [tie.student_id for tie in ties]).values()
    known = [contact.name, contact.greeting or "", *(name for each in called for name in (each.preferred, each.full))]
    if any(folded in "".join(fold(each).split()) for each in known):
        raise Invalid(N_("Others would try a name first. Choose another word."), field="word")


def is_word(work: Work, stands: FamilyWord, word: str) -> bool:
    """Whether it is the word; a wrong one is counted, so commit whatever comes back.

    Raises Conflict when it was guessed at too often.
    """
    if stands.misses >= MOST_MISSES:
        raise Conflict(N_("The word was tried too often. Ring the school: they will mend it."), field="word")
    if schools.is_sealed(stands.sealed, word):
        stands.misses = 0
        return True
    stands.misses += 1
    work.session.flush()
    return False


def end_word(work: Work, contact_id: uuid.UUID) -> None:
    """The office ends a forgotten word, having rung them. Raises Invalid where none stands."""
    stands = word_of(work, contact_id)
    if stands is None:
        raise Invalid(N_("They have not added a word."))
    stands.ended_at, stands.ended_by = work.now, work.actor.id
    work.session.flush()
