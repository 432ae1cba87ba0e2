"""Guests of a hui: somebody from outside, whom the family wants there, is told by mail what is theirs to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from commsbridge import messages, schools
from commsbridge.foundation.language import Language
from commsbridge.foundation.reo_dates import clock_time, day_and_date
from commsbridge.foundation.work import Work
from commsbridge.meetings.models import Hui, HuiPerson, HuiState, Welcome
from commsbridge.meetings.reading import people_of
from commsbridge.messages import GuestNews, GuestTelling, MinuteLine, State
from commsbridge.students import Student


def moment_words(work: Work, at: datetime) -> Mapping[Language, str]:
    """A moment to come on the school's clock, in each language."""
    calendar = schools.calendar_of(work)
    local = calendar.local(at)
    return {
        language: f"{day_and_date(local.date(), language, calendar.day_names)}, {clock_time(local.time(), language)}"
        for language in Language
    }


def tell_guest(work: Work, hui: Hui, person: HuiPerson, *, changed: bool = False) -> None:
    """Tell a guest who is wanted when it is; and one who was told, that it is off, moved, or goes on without them.

    ``changed``: the place, the link or the length is another one.

    Why is told to nobody. Somebody without a mail address is told by whoever opened the hui.
    """
    if not person.email:
        return
    wanted = person.answer is Welcome.YES and hui.state is HuiState.SET and hui.begins_at is not None
    if wanted:
        telling = GuestTelling.CHANGED if changed and person.told_at is not None else GuestTelling.COMES
        person.told_at = work.now if _mail(work, hui, person, telling) else None
    elif person.told_at is not None:
        person.told_at = None
        _mail(work, hui, person, _why_not(hui, person))
    work.session.flush()


def _why_not(hui: Hui, person: HuiPerson) -> GuestTelling:
    if hui.state is HuiState.CANCELLED:
        return GuestTelling.OFF
    return GuestTelling.MOVED if person.answer is Welcome.YES else GuestTelling.NOT_NEEDED


def _mail(
    work: Work,
    hui: Hui,
    person: HuiPerson,
    telling: GuestTelling,
    agreed: Sequence[MinuteLine] = (),
) -> bool:
    """Whether a mail goes; not where the school has no mail sender."""
    child = work.session.get_one(Student, hui.student_id).preferred_name
    comes = telling in {GuestTelling.COMES, GuestTelling.CHANGED}
    when = moment_words(work, hui.begins_at) if comes and hui.begins_at else None
    place, video = (hui.place, hui.video_url) if comes else ("", "")
    minutes = hui.minutes if telling is GuestTelling.CHANGED else 0
    news = GuestNews(telling, person.name, child, when, place, video, minutes, tuple(agreed))
    mail = messages.mail_guest(work, person.email, news, staff_id=hui.staff_id)
    person.mail_id = mail.id if mail else None
    return mail is not None


def mail_arrived(work: Work, person: HuiPerson) -> bool:
    """Whether nothing is known against the last mail to a guest."""
    found = messages.delivery_of(work, person.mail_id) if person.mail_id else None
    return found is None or found[0].state is not State.FAILED


def guests_there(work: Work, hui: Hui) -> list[HuiPerson]:
    """Those from outside whom school proposed and the family wanted there."""
    return [
        each
        for each in people_of(work, hui)
        if each.staff_id is None and not each.by_family and each.answer is Welcome.YES
    ]


def mail_minutes(work: Work, hui: Hui, people: Sequence[HuiPerson], agreed: Sequence[MinuteLine]) -> None:
    """Mail what was agreed, and nothing else, to each guest whom the family wanted there."""
    for person in people:
        if person.email and person.staff_id is None and person.answer is Welcome.YES:
            _mail(work, hui, person, GuestTelling.AGREED, agreed)
