"""Whom a family brings: it says so itself, and whether anything is mailed to them; nobody is asked."""

from __future__ import annotations

import uuid

from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.meetings.guests import forget_address, is_of_other_home, read_guest_email, read_guest_language
from commsbridge.meetings.kinds import ROLES
from commsbridge.meetings.models import Hui, HuiPerson, HuiState
from commsbridge.meetings.opening import LONGEST_NAME, OVER, add_person, check_open, tell_person, words_kept
from commsbridge.meetings.together import home_speaking

NOT_LISTED = N_("That person is not on the list.")


def bring(
    work: Work,
    hui: Hui,
    contact_id: uuid.UUID | None,
    *,
    name: str,
    role: str,
    why: str,
    email: str = "",
    language: str = "",
    home: uuid.UUID | None = None,
) -> HuiPerson:
    """The family brings whom they like; nobody is asked. None for ``contact_id`` where they told the school.

    ``email``: where they wish it, when and where it is and what was agreed go there, in ``language``, and nothing else.
    ``home``: of two homes that meet, the one that told the school. Raises Invalid without a name, or for an address
    that is none; Conflict as ``propose``.
    """
    check_open(hui)
    kept = words_kept(name, "name", longest=LONGEST_NAME)
    if not kept:
        raise Invalid(N_("Write the name of whoever comes with you."), field="name")
    person = add_person(
        work,
        hui,
        name=kept,
        role=role if role in ROLES else "whanau",
        why=words_kept(why, "why"),
        contact_id=contact_id,
        email=read_guest_email(email),
        language=read_guest_language(language),
        home=home_speaking(work, hui, contact_id, home),
    )
    tell_person(work, hui, person)
    return person


def change_mail(
    work: Work,
    hui: Hui,
    person_id: uuid.UUID,
    *,
    email: str,
    language: str,
    contact_id: uuid.UUID | None,
    home: uuid.UUID | None = None,
) -> HuiPerson:
    """The family says where somebody it brings is told by mail; "": nothing goes to them any more, at any time.

    To whom school proposed it can only stop what goes, and where two homes meet either can. Raises NotFound also for
    whom the other home brings, Invalid for an address that is none, Conflict for a new one once the hui is over.
    """
    person = work.session.get(HuiPerson, person_id)
    if person is None or person.hui_id != hui.id or person.staff_id is not None:
        raise NotFound(NOT_LISTED)
    speaks = home_speaking(work, hui, contact_id, home)
    kept = read_guest_email(email)
    if is_of_other_home(work, hui, person, speaks) or (kept and not person.by_family):
        raise NotFound(NOT_LISTED)
    if kept:
        person.language = read_guest_language(language)
    if kept == person.email:
        work.session.flush()
        return person
    if kept and (hui.state is HuiState.CANCELLED or hui.minutes_sent_at is not None):
        raise Conflict(OVER)
    forget_address(work, person)
    person.email = kept
    tell_person(work, hui, person)
    return person
