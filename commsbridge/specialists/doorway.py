"""The way in for a specialist: one link, and a code said another way that proves one device, once.

The link alone shows nothing of anybody; passed on with its code after that was used, it opens nothing either.
"""

from __future__ import annotations

import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from commsbridge import plans, schools, students
from commsbridge.foundation import tokens
from commsbridge.foundation.errors import Conflict, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.plans import Item, Part
from commsbridge.specialists.models import SharedPart, SpecialistDevice, SpecialistLook, SpecialistShare
from commsbridge.specialists.sharing import approved_by_all, approving_homes, held, is_over, still_open
from commsbridge.students import Student, StudentWords, Tells

SPECIALIST_DOOR = "specialist"
MOST_TRIES = 5
CODE_DAYS = 7
CODE_HOLDS = timedelta(days=CODE_DAYS)
_CLOSED = N_("This link opens nothing any more. Ask the school.")
_SHOWS = {
    SharedPart.NOW: (Part.HOPES, Part.NOW),
    SharedPart.GOALS: (Part.GOAL,),
    SharedPart.DOING: (Part.ADJUSTMENT, Part.RESOURCE, Part.STRATEGY),
}


@dataclass(frozen=True, slots=True)
class Key:
    """What a specialist needs to come in: shown once to whoever made it, to be said in two ways."""

    secret: str
    code: str


@dataclass(frozen=True, slots=True)
class Sight:
    """What a specialist sees: the child by their first name, own words, and items of the plan; nobody else."""

    share: SpecialistShare
    child: str
    words: tuple[StudentWords, ...]
    items: tuple[Item, ...]


def make_key(work: Work, share_id: uuid.UUID) -> Key:
    """A new link and code; those before open nothing. Raises Conflict where it is over or nobody at home said yes."""
    share = still_open(work, share_id)
    if not approving_homes(work, share):
        raise Conflict(N_("Nobody at home has said yes yet. Nothing opens before that."))
    key = Key(tokens.new_secret(), f"{secrets.randbelow(10**8):08d}")
    share.link, share.code = tokens.digest(key.secret), _sealed(share.id, key.code)
    share.code_at, share.tries = work.now, 0
    ends = schools.day_begins(work, share.until_on + timedelta(days=1))
    schools.open_door(work, key.secret, purpose=SPECIALIST_DOOR, subject_id=share.id, expires_at=ends)
    work.session.flush()
    return key


def share_behind(work: Work, share_id: uuid.UUID, secret: str) -> SpecialistShare:
    """The share that a link opens today. Raises NotFound, always in the same words.

    A link that was replaced, a share that is over, a yes that no longer stands, a child who has left: all alike.
    """
    share = held(work, share_id)
    current = share.link is not None and hmac.compare_digest(share.link, tokens.digest(secret))
    gone = students.left_by(work, [share.student_id], schools.today(work))
    if not current or is_over(work, share) or gone or not approving_homes(work, share):
        raise NotFound(_CLOSED)
    return share


def prove(work: Work, share: SpecialistShare, code: str) -> str | None:
    """The secret of a device that has proved itself; None for a wrong code, which is counted: commit what comes back.

    Raises Conflict where the code was used, is too old, or was tried too often.
    """
    too_old = share.code_at is None or share.code_at <= work.now - CODE_HOLDS
    if share.code is None or too_old or share.tries >= MOST_TRIES:
        raise Conflict(N_("That code is over. Ask the school for a new link and code."), field="code")
    share.tries += 1
    typed = "".join(each for each in code if each.isdecimal())
    if not typed.isascii() or not hmac.compare_digest(share.code, _sealed(share.id, typed)):
        work.session.flush()
        return None
    share.code = None
    device = tokens.new_secret()
    work.session.add(SpecialistDevice(share_id=share.id, digest=_of_link(share, device), at=work.now))
    work.session.flush()
    return device


def knows(work: Work, share: SpecialistShare, device: str) -> bool:
    """Whether a device proved itself for this very link."""
    rows = select(SpecialistDevice.id).where(
        SpecialistDevice.share_id == share.id, SpecialistDevice.digest == _of_link(share, device)
    )
    return bool(device) and work.session.scalar(rows.limit(1)) is not None


def look(work: Work, share: SpecialistShare) -> Sight:
    """What is shared, as it stands now; the look is written down. Words of a home that did not say yes are left out."""
    work.session.add(SpecialistLook(share_id=share.id, at=work.now))
    student = work.session.get_one(Student, share.student_id)
    work.session.flush()
    return Sight(share, student.preferred_name, _words(work, share, student), _items(work, share))


def _words(work: Work, share: SpecialistShare, student: Student) -> tuple[StudentWords, ...]:
    """What is said of the child: nobody knows of which home words are, so but for the child's own all homes say yes."""
    if SharedPart.PROFILE not in share.parts:
        return ()
    said = students.words_about(work, student.id)
    found = [said[each] for each in Tells if each is not Tells.SCHOOL and each in said and said[each].words]
    if approved_by_all(work, share):
        return tuple(found)
    own = {name.casefold() for name in (student.preferred_name, student.name)}
    return tuple(each for each in found if each.said_by.casefold() in own)


def _items(work: Work, share: SpecialistShare) -> tuple[Item, ...]:
    plan = plans.plan_of(work, share.student_id)
    if plan is None:
        return ()
    homes = approving_homes(work, share)
    parts = {part for shared, found in _SHOWS.items() if shared in share.parts for part in found}
    stands = plans.seen_at(plans.standing_of(work, plan).items, None)
    return tuple(each for each in stands if each.part in parts and (each.home is None or each.home in homes))


def _sealed(share_id: uuid.UUID, code: str) -> bytes:
    return tokens.digest(f"{share_id}:{code}")


def _of_link(share: SpecialistShare, device: str) -> bytes:
    """A device is known for the link it came by: a new link asks every device anew."""
    return tokens.digest(f"{(share.link or b'').hex()}:{device}")
