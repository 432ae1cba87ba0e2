"""Verbs of sharing with a specialist from outside: offer, say yes, end. Nothing opens without a yes of whānau."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from commsbridge import messages, schools, whanau
from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.addresses import read_email
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.reo_dates import day_and_date
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.messages import Links, PageTelling, SpecialistNews, State
from commsbridge.specialists.models import SharedPart, SpecialistAnswer, SpecialistLook, SpecialistShare
from commsbridge.students import Student

LONGEST_NAMED = 120
LONGEST_WHY = 600
# A term and its holidays: long enough for an assessment, and whoever needs longer asks whānau again.
LONGEST_SHARE = timedelta(days=90)
# A link that comes later than its code holds opens nothing.
MAIL_LASTS = timedelta(days=2)
NOT_HERE = N_("That is not here.")


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody at school would like to share: with whom, why, which parts, until the end of which day.

    ``email``: where their link goes; "": it is handed over in person.
    """

    name: str
    role: str
    why: str
    parts: Collection[SharedPart]
    until_on: date
    email: str = ""


def offer(work: Work, student: Student, wanted: Offer) -> SpecialistShare:
    """Offer it to whānau. Raises Invalid for no name, reason or part, or a day that is over or too far away."""
    today = schools.today(work)
    name, role = (" ".join(each.split()) for each in (wanted.name, wanted.role))
    for field, words, longest in (
        ("name", name, LONGEST_NAMED),
        ("role", role, LONGEST_NAMED),
        ("why", tidy(wanted.why), LONGEST_WHY),
    ):
        if not words:
            raise Invalid(N_("Please write something here."), field=field)
        if len(words) > longest:
            raise Invalid(N_("That is longer than %(limit)s letters. Shorten it."), field=field, limit=longest)
    if not wanted.parts:
        raise Invalid(N_("Choose what they may see."), field="parts")
    if not today <= wanted.until_on <= today + LONGEST_SHARE:
        raise Invalid(N_("Choose a day within three months from now."), field="until_on")
    share = SpecialistShare(
        id=uuid.uuid4(),
        student_id=student.id,
        name=name,
        role=role,
        why=tidy(wanted.why),
        email=_email(wanted.email),
        parts=[part.value for part in SharedPart if part in wanted.parts],
        until_on=wanted.until_on,
        offered_by=work.actor.id,
        offered_at=work.now,
    )
    work.session.add(share)
    work.session.flush()
    return share


def _email(typed: str) -> str:
    if not typed.strip():
        return ""
    try:
        return read_email(typed)
    except Invalid as refusal:
        raise Invalid(refusal.sentence, field="email", **refusal.slots) from None


def mail_link(work: Work, share_id: uuid.UUID, link: str) -> bool:
    """Mail a link to the address that whānau read; the code goes another way. False where there is none, or no sender.

    Where it does not arrive, whoever offered the share is told.
    """
    share = held(work, share_id)
    if not share.email:
        return False
    names = schools.calendar_of(work).day_names
    until = {language: day_and_date(share.until_on, language, names) for language in Language}
    ends = schools.day_begins(work, share.until_on + timedelta(days=1))
    news = SpecialistNews(share.name, link, until)
    mail = messages.mail_specialist(
        work, share.email, news, staff_id=share.offered_by, expires_at=min(ends, work.now + MAIL_LASTS)
    )
    share.mail_id = mail.id if mail else None
    work.session.flush()
    return mail is not None


def share_mailed(work: Work, delivery_id: uuid.UUID) -> SpecialistShare | None:
    """The share whose link a mail brings; None where it is another mail."""
    return work.session.scalar(select(SpecialistShare).where(SpecialistShare.mail_id == delivery_id))


def mail_stands(work: Work, share: SpecialistShare) -> State | None:
    """Where the mail with the link stands; None where none went."""
    found = messages.delivery_of(work, share.mail_id) if share.mail_id else None
    return State(found[0].state) if found else None


def ask_homes(work: Work, share: SpecialistShare, *, links: Links) -> list[uuid.UUID]:
    """Tell everybody at home who may hear of the child that their yes or no is asked for, on a page of their own."""
    return messages.tell_of_page(
        work,
        work.session.get_one(Student, share.student_id),
        PageTelling.SHARE,
        to=_heard_of(work, share.student_id),
        staff_id=share.offered_by,
        links=links,
    )


def say_yes(work: Work, share_id: uuid.UUID, contact_id: uuid.UUID) -> SpecialistAnswer:
    """Somebody at home says yes, on their page or in person (then staff write it down); once each.

    Raises Conflict for an offer that is over, Invalid for a contact who may not hear of the child.
    """
    share = still_open(work, share_id)
    if contact_id not in _heard_of(work, share.student_id):
        raise Invalid(N_("Choose someone we may tell about this child."), field="contact_id")
    for each in answers_to(work, [share.id])[share.id]:
        if each.contact_id == contact_id:
            return each
    written_by = work.actor.id if work.actor.kind is ActorKind.STAFF else None
    answer = SpecialistAnswer(share_id=share.id, contact_id=contact_id, written_by=written_by, at=work.now)
    work.session.add(answer)
    work.session.flush()
    return answer


def end_share(work: Work, share_id: uuid.UUID, *, contact_id: uuid.UUID | None = None) -> None:
    """Close it for good, at once: school does, or anybody at home who may hear of the child, with a no or later.

    Raises Conflict for one that is over, NotFound for a contact of nobody's.
    """
    share = still_open(work, share_id)
    if contact_id is not None and contact_id not in _heard_of(work, share.student_id):
        raise NotFound(NOT_HERE)
    share.ended_at, share.ended_at_home = work.now, contact_id
    share.ended_by = None if contact_id else work.actor.id
    work.session.flush()


def held(work: Work, share_id: uuid.UUID) -> SpecialistShare:
    """An offer as it stands, held until the act ends. Raises NotFound."""
    rows = select(SpecialistShare).where(SpecialistShare.id == share_id).with_for_update()
    found = work.session.scalars(rows.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(NOT_HERE)
    return found


def still_open(work: Work, share_id: uuid.UUID) -> SpecialistShare:
    """The same where it is not over. Raises NotFound and Conflict."""
    share = held(work, share_id)
    if is_over(work, share):
        raise Conflict(N_("This is over. Nothing is shared any more."))
    return share


def is_over(work: Work, share: SpecialistShare) -> bool:
    """Whether it was ended, or its last day has gone by."""
    return share.ended_at is not None or schools.today(work) > share.until_on


def approving_homes(work: Work, share: SpecialistShare) -> set[uuid.UUID]:
    """The homes whose yes stands: of somebody who may still hear of the child today."""
    said = {each.contact_id for each in answers_to(work, [share.id])[share.id]}
    homes = whanau.homes_about(work, share.student_id, on=schools.today(work))
    return {home.key for home in homes if any(contact.id in said for contact, _ in home.people)}


def approved_by_all(work: Work, share: SpecialistShare) -> bool:
    """Whether the yes of every home of the child stands."""
    homes = {home.key for home in whanau.homes_about(work, share.student_id, on=schools.today(work))}
    return bool(homes) and homes <= approving_homes(work, share)


def share_by_id(work: Work, share_id: uuid.UUID) -> SpecialistShare:
    """One offer. Raises NotFound; whoever asks looks whether they may see its child."""
    found = work.session.get(SpecialistShare, share_id)
    if found is None:
        raise NotFound(NOT_HERE)
    return found


def shares_about(work: Work, student_ids: Collection[uuid.UUID]) -> Sequence[SpecialistShare]:
    """What was offered about these children, the newest first."""
    rows = select(SpecialistShare).where(SpecialistShare.student_id.in_(student_ids))
    return work.session.scalars(rows.order_by(SpecialistShare.offered_at.desc(), SpecialistShare.id)).all()


def answers_to(work: Work, share_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[SpecialistAnswer]]:
    """Every yes by its offer, in their order."""
    found: dict[uuid.UUID, list[SpecialistAnswer]] = defaultdict(list)
    rows = select(SpecialistAnswer).where(SpecialistAnswer.share_id.in_(share_ids))
    for each in work.session.scalars(rows.order_by(SpecialistAnswer.at, SpecialistAnswer.id)):
        found[each.share_id].append(each)
    return found


def looks_at(work: Work, share_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[SpecialistLook]]:
    """Every look by its offer, the newest first."""
    found: dict[uuid.UUID, list[SpecialistLook]] = defaultdict(list)
    rows = select(SpecialistLook).where(SpecialistLook.share_id.in_(share_ids))
    for each in work.session.scalars(rows.order_by(SpecialistLook.at.desc(), SpecialistLook.id)):
        found[each.share_id].append(each)
    return found


def _heard_of(work: Work, student_id: uuid.UUID) -> set[uuid.UUID]:
    homes = whanau.homes_about(work, student_id, on=schools.today(work))
    return {contact.id for home in homes for contact, _ in home.people}
