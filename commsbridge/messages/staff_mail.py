"""Mail of the service to a member of staff: a link, or who has waited. It goes the same way as everything else."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, Uuid, insert, literal, select, text

from commsbridge import schools
from commsbridge.foundation.columns import unnested
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
    written = [uuid.uuid4() for _ in mails]
    of_staff = {"kind": literal(MessageKind.STAFF), "made_at": literal(work.now)}
    _insert(work, Message, {"id": unnested(written, Uuid())} | of_staff)
    ids = [uuid.uuid4() for _ in mails]
    staff, written_letters, languages = zip(*mails, strict=True)
    columns = {
        "id": unnested(ids, Uuid()),
        "message_id": unnested(written, Uuid()),
        "staff_id": unnested([each.id for each in staff], Uuid()),
        "address": unnested([each.email for each in staff], Text()),
        "language": unnested([each.value for each in languages], Text()),
        "subject": unnested([each.subject for each in written_letters], Text()),
        "body": unnested([each.text for each in written_letters], Text()),
        "html": unnested([each.html for each in written_letters], Text()),
        "channel": literal("email"),
        "sender_id": literal(sender.id),
        "units": literal(1),
        "lane": literal(LANE_RANK[lane]),
        "state": literal(State.QUEUED),
        "due_at": literal(work.now),
        "expires_at": literal(expires_at),
        "made_at": literal(work.now),
        "logged_state": literal(State.QUEUED),
    }
    _insert(work, Delivery, columns)
    work.session.execute(text(f"NOTIFY {CHANNEL}"))
    return ids


def _insert(work: Work, table: type[Message | Delivery], columns: Mapping[str, Any]) -> None:
    """Insert rows from columns of arrays, beside what is the same in each: one statement, however many rows."""
    rows = select(*columns.values())
    work.session.execute(insert(table).from_select(list(columns), rows))


@dataclass(frozen=True, slots=True)
class PromptMail:
    """A prompt to mail: whom it asks in their language, about whom; ``late``: it could not come at the time they chose.

    ``tired``: it asks kindly whether another time would suit. ``ideas`` say what to notice, by student id.
    """

    staff: Staff
    language: Language
    children: Sequence[Student]
    late: bool = False
    tired: bool = False
    ideas: Mapping[uuid.UUID, letters.Noticing] = field(default_factory=dict)


def mail_prompts(work: Work, prompts: Sequence[PromptMail], *, links: Links, expires_at: datetime) -> None:
    """Queue the mails that ask these people about children, each in the language of their pages.

    Raises Conflict when the school has no mail sender.
    """
    mails = [(each.staff, _prompt(each, links), each.language) for each in prompts]
    if mails:
        _queue(work, mails, expires_at=expires_at, lane=Lane.NORMAL)


def _prompt(each: PromptMail, links: Links) -> letters.Letter:
    alike = len({child.preferred_name for child in each.children}) < len(each.children)
    named = [(child.name if alike else child.preferred_name, links.praise_url(child.id)) for child in each.children]
    return letters.prompt_mail(
        each.language,
        name=each.staff.shown_name or each.staff.name,
        children=named,
        today=links.today_url(),
        times=links.prompts_url(),
        ideas={links.praise_url(child): idea for child, idea in each.ideas.items()},
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


def mail_slowed(work: Work, staff: Staff, number: int, *, links: Links, expires_at: datetime) -> Delivery:
    """Queue the mail that says how many messages came from somebody who is slowed, to whoever reads them.

    Raises Conflict when the school has no mail sender.
    """
    language = schools.language_of(work, staff)
    name = staff.shown_name or staff.name
    letter = letters.slowed_mail(language, name=name, number=number, page=links.slowed_url())
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
