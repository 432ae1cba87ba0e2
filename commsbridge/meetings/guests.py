"""Guests of a hui: somebody from outside, whom the family wants there, is told by mail what is theirs to know."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from commsbridge import messages, schools, whanau
from commsbridge.foundation.addresses import read_email
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import PAIR, Language
from commsbridge.foundation.reo_dates import clock_time, day_and_date
from commsbridge.foundation.work import Work
from commsbridge.meetings.models import Hui, HuiPerson, HuiState, Welcome
from commsbridge.meetings.reading import people_of
from commsbridge.messages import Delivery, GuestNews, GuestTelling, MinuteLine, State
from commsbridge.students import Student
from commsbridge.whanau import Contact

Reads = messages.letters.Reads
# Mails after the hui, which bring no calendar file.
AFTERWARDS = frozenset({GuestTelling.AGREED, GuestTelling.CORRECTED, GuestTelling.WENT})
# What somebody from outside may be written in: one of the product's own two, or both.
GUEST_READS = (Reads.BOTH.value, *(each.value for each in PAIR))


def read_guest_email(written: str) -> str:
    """A mail address as it is kept, "" for none. Raises Invalid beside its field for one that is none."""
    if not written.strip():
        return ""
    try:
        return read_email(written)
    except Invalid as refusal:
        raise Invalid(refusal.sentence, field="email", **refusal.slots) from None


def read_guest_language(chosen: str) -> str:
    """The language chosen for somebody from outside; both where nothing, or nothing we write, was chosen."""
    return chosen if chosen in GUEST_READS else Reads.BOTH.value


def moment_words(work: Work, at: datetime) -> Mapping[Language, str]:
    """A moment to come on the school's clock, in each language."""
    calendar = schools.calendar_of(work)
    local = calendar.local(at)
    return {
        language: f"{day_and_date(local.date(), language, calendar.day_names)}, {clock_time(local.time(), language)}"
        for language in Language
    }


def brought_by(work: Work, person: HuiPerson) -> uuid.UUID | None:
    """Which home brings somebody; None for whom school proposed."""
    if not person.by_family or person.home is not None:
        return person.home
    contact = work.session.get(Contact, person.answered_by) if person.answered_by else None
    return whanau.home_of(contact) if contact else None


def is_of_other_home(work: Work, hui: Hui, person: HuiPerson, home: uuid.UUID) -> bool:
    """Whether the other one of two homes that meet brings somebody."""
    return hui.joint and person.by_family and brought_by(work, person) != home


def tell_guest(work: Work, hui: Hui, person: HuiPerson, *, changed: bool = False) -> None:
    """Tell a guest who is wanted when it is; and one who was told, that it is off, moved, or goes on without them.

    ``changed``: the place, the link or the length is another one.

    Why is told to nobody. Somebody without a mail address is told by whoever opened the hui, or brings them.
    """
    if not person.email:
        return
    wanted = person.answer is Welcome.YES and hui.state is HuiState.SET and hui.begins_at is not None
    # Whoever heard that a new time would come hears that none does.
    waits = person.answer is Welcome.YES and hui.state is HuiState.CANCELLED and person.mail_id is not None
    if wanted:
        telling = GuestTelling.CHANGED if changed and person.told_at is not None else GuestTelling.COMES
        person.told_at = work.now if _mail(work, hui, person, telling) else None
    elif person.told_at is not None or waits:
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
    *,
    what: str = "",
    link: str = "",
) -> Delivery | None:
    """The mail that goes; None where the school has no mail sender."""
    child = work.session.get_one(Student, hui.student_id).preferred_name
    comes = telling in {GuestTelling.COMES, GuestTelling.CHANGED}
    when = moment_words(work, hui.begins_at) if comes and hui.begins_at else None
    place, video = (hui.place, hui.video_url) if comes else ("", "")
    minutes = hui.minutes if telling is GuestTelling.CHANGED else 0
    news = GuestNews(
        telling, person.name, child, when, place, video, minutes, tuple(agreed),
        reads=Reads(person.language), by_whanau=person.by_family, what=what, link=link,
    )  # fmt: skip
    if telling is GuestTelling.NOT_NEEDED:
        # It leaves their calendar; a later file, should they be wanted again, has to count higher.
        hui.sequence += 1
    dated = telling not in AFTERWARDS and hui.begins_at is not None
    mail = messages.mail_guest(work, person.email, news, staff_id=hui.staff_id, calendar=dated)
    person.mail_id = mail.id if mail else None
    return mail


def mail_went(work: Work, hui: Hui, person: HuiPerson, what: str, link: str) -> Delivery | None:
    """Ask a guest by mail how a step went that they were told of; None where the school has no mail sender."""
    mail = _mail(work, hui, person, GuestTelling.WENT, what=what, link=link)
    work.session.flush()
    return mail


def forget_address(work: Work, person: HuiPerson) -> None:
    """Nothing more goes to the address of a guest; a mail that has not left yet is stopped."""
    if person.mail_id is not None:
        messages.stop_guest_mail(work, person.mail_id)
    person.email, person.told_at, person.mail_id, person.agreed_at = "", None, None, None
    work.session.flush()


def mail_arrived(work: Work, person: HuiPerson) -> bool:
    """Whether nothing is known against the last mail to a guest."""
    found = messages.delivery_of(work, person.mail_id) if person.mail_id else None
    return found is None or found[0].state is not State.FAILED


def guests_there(work: Work, hui: Hui) -> list[HuiPerson]:
    """Those from outside who are wanted there: whom school proposed and the family said yes to, and whom it brings."""
    return [each for each in people_of(work, hui) if each.staff_id is None and each.answer is Welcome.YES]


def mail_correction(work: Work, hui: Hui, line: MinuteLine) -> None:
    """Mail what stands beside the minutes now to each guest who got them."""
    for person in guests_there(work, hui):
        if person.email and person.agreed_at is not None:
            _mail(work, hui, person, GuestTelling.CORRECTED, [line])
    work.session.flush()


def mail_minutes(work: Work, hui: Hui, agreed: Sequence[tuple[MinuteLine, uuid.UUID | None]]) -> None:
    """Mail what was agreed, and nothing else, to each guest who is wanted there.

    Each line with the home whose own step it is: whom one of two homes brings reads nothing of what the other takes on.
    """
    for person in guests_there(work, hui):
        if person.email:
            theirs = [line for line, home in agreed if home is None or not is_of_other_home(work, hui, person, home)]
            person.agreed_at = work.now if _mail(work, hui, person, GuestTelling.AGREED, theirs) else None
    work.session.flush()
