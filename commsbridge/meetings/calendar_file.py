"""A hui as a calendar file (iCalendar, RFC 5545): one event, which a later file changes or calls off."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, timedelta

import icalendar
from sqlalchemy import select

from commsbridge import messages, schools
from commsbridge.foundation.errors import NotFound
from commsbridge.foundation.language import N_, Language, say
from commsbridge.foundation.work import Work
from commsbridge.meetings.models import Hui, HuiPerson, HuiState, HuiTold, Welcome
from commsbridge.meetings.reading import NOT_HERE

SUMMARY = N_("Hui with %(school)s")
DESCRIPTION = N_("What it is about, and your own wishes, stand on your page.")


@dataclass(frozen=True, slots=True)
class Invited:
    """Who invites whom by mail: both are mail addresses."""

    organizer: str
    attendee: str


def calendar_of_delivery(
    work: Work, delivery_id: uuid.UUID, *, host: str, organizer: str, attendee: str
) -> bytes | None:
    """The file that goes with a mail about a hui, in the language of the mail; None where it has no time any more."""
    found = messages.delivery_of(work, delivery_id)
    if found is None:
        return None
    language = Language.EN if found[0].language == Language.EN else Language.MI
    invited = Invited(organizer, attendee)
    guest = work.session.scalar(select(HuiPerson).where(HuiPerson.mail_id == delivery_id))
    if guest is not None:
        theirs = work.session.get_one(Hui, guest.hui_id)
        if theirs.begins_at is None:
            return None
        off = guest.answer is Welcome.NO
        return hui_calendar(work, theirs, language=language, host=host, invited=invited, guest=True, off=off)
    told = select(Hui).join(HuiTold, (HuiTold.school_id == Hui.school_id) & (HuiTold.hui_id == Hui.id))
    hui = work.session.scalars(told.where(HuiTold.message_id == found[1].id)).first()
    if hui is None or hui.begins_at is None:
        return None
    return hui_calendar(work, hui, language=language, host=host, invited=invited)


def hui_calendar(
    work: Work,
    hui: Hui,
    *,
    language: Language,
    host: str,
    invited: Invited | None = None,
    guest: bool = False,
    off: bool = False,
) -> bytes:
    """The file of a hui that has, or had, a time. ``host`` names the service in its lasting id.

    ``invited``: it goes by mail, and a mail program offers to put it into the calendar (RFC 5546, 3.2: REQUEST and
    CANCEL name an organizer and the attendee). No answer is asked for: whoever reads it has chosen the time.

    Times are UTC: Outlook takes no other without a table of its own, and a change of clocks cannot move them.
    ``sequence`` counts changes (RFC 5546, 2.1.4), so that a later file replaces the earlier event. It names nobody: a
    calendar is often seen by others. ``guest``: they have no page to look at; ``off``: it is off for them.
    Raises NotFound where no time was ever set.
    """
    if hui.begins_at is None:
        raise NotFound(NOT_HERE)
    off = off or hui.state is HuiState.CANCELLED
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//commsbridge//hui//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if off else "REQUEST" if invited else "PUBLISH")
    event = icalendar.Event()
    event.add("uid", f"hui-{hui.id}@{host}")
    event.add("dtstamp", work.now.astimezone(UTC))
    event.add("dtstart", hui.begins_at.astimezone(UTC))
    event.add("dtend", (hui.begins_at + timedelta(minutes=hui.minutes)).astimezone(UTC))
    event.add("sequence", hui.sequence)
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    school = schools.school_of(work).name_in(language)
    event.add("summary", say(language, SUMMARY, school=school))
    if not guest:
        event.add("description", say(language, DESCRIPTION))
    if invited is not None:
        event.add("organizer", f"mailto:{invited.organizer}", parameters={"CN": school})
        event.add("attendee", f"mailto:{invited.attendee}", parameters={"RSVP": "FALSE", "PARTSTAT": "NEEDS-ACTION"})
    event.add("class", "PRIVATE")
    if hui.place:
        event.add("location", hui.place)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
