"""Mail of the service to a member of staff: a link, or who has waited. It goes the same way as everything else."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, text

from commsbridge import schools
from commsbridge.foundation.errors import Conflict
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.work import Work
from commsbridge.messages import letters
from commsbridge.messages.composing import school_of_letters
from commsbridge.messages.links import Links
from commsbridge.messages.models import LANE_RANK, Delivery, Lane, Message, MessageKind, State
from commsbridge.messages.outbox import CHANNEL
from commsbridge.schools import ResetLink, Staff
from commsbridge.students import Student

# A message that nobody has opened in this time has been asked for again and again.
ALERT_LASTS = timedelta(hours=6)


def mail_staff(
    work: Work,
    staff: Staff,
    letter: letters.Letter,
    *,
    language: Language,
    expires_at: datetime,
    lane: Lane = Lane.URGENT,
) -> Delivery:
    """Queue one mail to a member of staff, urgent where they are waiting for it.

    Raises Conflict when the school has no mail sender.
    """
    [delivery_id] = _queue(work, [(staff, letter, language)], expires_at=expires_at, lane=lane)
    return work.session.get_one(Delivery, delivery_id)


def _queue(
    work: Work, mails: Sequence[tuple[Staff, letters.Letter, Language]], *, expires_at: datetime, lane: Lane
) -> list[uuid.UUID]:
    """Queue a mail to each, in as many statements as for one; the ids of the deliveries.

    Raises Conflict when the school has no mail sender.
    """
    sender = schools.sender_for_mails(work)
    if sender is None:
        raise Conflict(N_("This school cannot send mail yet. Ask the people who run this service."))
    written = [{"id": uuid.uuid4(), "kind": MessageKind.STAFF, "made_at": work.now} for _ in mails]
    work.session.execute(insert(Message), written)
    ids = [uuid.uuid4() for _ in mails]
    deliveries = [
        {
            "id": delivery_id,
            "message_id": message["id"],
            "staff_id": staff.id,
            "channel": "email",
            "address": staff.email,
            "sender_id": sender.id,
            "language": language.value,
            "subject": letter.subject,
            "body": letter.text,
            "html": letter.html,
            "units": 1,
            "lane": LANE_RANK[lane],
            "state": State.QUEUED,
            "due_at": work.now,
            "expires_at": expires_at,
            "made_at": work.now,
            "logged_state": State.QUEUED,
        }
        for delivery_id, message, (staff, letter, language) in zip(ids, written, mails, strict=True)
    ]
    work.session.execute(insert(Delivery), deliveries)
    work.session.execute(text(f"NOTIFY {CHANNEL}"))
    return ids


@dataclass(frozen=True, slots=True)
class PromptMail:
    """A prompt to mail: whom it asks, about whom; ``late``: it could not come at the time they chose.

    ``tired``: it asks kindly whether another time would suit.
    """

    staff: Staff
    children: Sequence[Student]
    late: bool = False
    tired: bool = False


def mail_prompts(work: Work, prompts: Sequence[PromptMail], *, links: Links, expires_at: datetime) -> None:
    """Queue the mails that ask these people about children, each in the language of their pages.

    Raises Conflict when the school has no mail sender.
    """
    languages = schools.languages_of(work, [each.staff for each in prompts])
    mails = [(each.staff, _prompt(each, languages[each.staff.id], links), languages[each.staff.id]) for each in prompts]
    if mails:
        _queue(work, mails, expires_at=expires_at, lane=Lane.NORMAL)


def _prompt(each: PromptMail, language: Language, links: Links) -> letters.Letter:
    alike = len({child.preferred_name for child in each.children}) < len(each.children)
    named = [(child.name if alike else child.preferred_name, links.praise_url(child.id)) for child in each.children]
    return letters.prompt_mail(
        language,
        name=each.staff.shown_name or each.staff.name,
        children=named,
        today=links.today_url(),
        times=links.prompts_url(),
        late=each.late,
        tired=each.tired,
    )


def mail_owed(work: Work, staff: Staff, number: int, *, late: bool, links: Links, expires_at: datetime) -> Delivery:
    """Queue the mail that says how many questions wait for somebody's answer, or (``late``) were not answered in time.

    Raises Conflict when the school has no mail sender.
    """
    language = schools.language_of(work, staff)
    name = staff.shown_name or staff.name
    letter = letters.owed_mail(language, name=name, number=number, late=late, replies=links.replies_url(late=late))
    return mail_staff(work, staff, letter, language=language, expires_at=expires_at, lane=Lane.NORMAL)


def mail_report(
    work: Work,
    staff: Staff,
    *,
    days: tuple[str, str],
    sentences: Sequence[str],
    report: str,
    stop: str,
    expires_at: datetime,
    for_board: bool = False,
) -> Delivery:
    """Queue the mail that tells a leader how some days went, or a board through them; see letters.report_mail.

    Raises Conflict when the school has no mail sender.
    """
    language = schools.language_of(work, staff)
    name = staff.shown_name or staff.name
    letter = letters.report_mail(
        language, name=name, days=days, sentences=sentences, report=report, stop=stop, for_board=for_board
    )
    return mail_staff(work, staff, letter, language=language, expires_at=expires_at, lane=Lane.BULK)


def mail_safety_alert(work: Work, staff: Staff, *, url: str) -> Delivery:
    """Queue the mail that asks somebody to read a message now, at any hour; ``url`` opens it.

    Raises Conflict when the school has no mail sender.
    """
    language = schools.language_of(work, staff)
    letter = letters.safety_mail(language, name=staff.shown_name or staff.name, link=url)
    return mail_staff(work, staff, letter, language=language, expires_at=work.now + ALERT_LASTS)


def mail_invitation(work: Work, staff: Staff, link: ResetLink, *, url: str) -> Delivery:
    """Queue the mail that invites somebody to the staff, from whoever acts; ``url`` opens ``link``.

    Raises Conflict when the school has no mail sender.
    """
    school = schools.school_of(work)
    inviting = schools.staff_by_id(work, [work.actor.id]) if work.actor.id else {}
    inviter = next((each.shown_name for each in inviting.values()), school.name_en)
    letter = letters.invitation_mail(
        link.language,
        school_of_letters(school),
        name=staff.name,
        inviter=inviter,
        link=url,
        days=(link.expires_at - work.now).days,
    )
    return mail_staff(work, staff, letter, language=link.language, expires_at=link.expires_at)
