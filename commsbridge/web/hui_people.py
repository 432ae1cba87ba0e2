"""Who is at the table as pages show it: what is theirs to read of each, to school and to each home."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from commsbridge import meetings
from commsbridge.foundation.language import N_, PAIR
from commsbridge.foundation.work import Work
from commsbridge.meetings import Hui, HuiPerson, Welcome
from commsbridge.web.hui_together import person_said
from commsbridge.web.shown import BOTH, Shown

SEVERAL = N_("Many people for one family to face. Who could hear of it afterwards instead?")
WELCOMES = {
    Welcome.WAITING: N_("The family has not said yet."),
    Welcome.YES: N_("The family said yes."),
    Welcome.NO: N_("The family said no. They will not be there."),
}
MAIL_LOST = N_("The last mail to them did not arrive. Ring them.")
MAIL_LOST_OF_WHANAU = N_("The last mail to them did not arrive. Tell the family.")
MAIL_LOST_AT_HOME = N_("Our last mail to them did not arrive. Look at the address, or tell them yourself.")
MAILED = N_("They were told by mail.")
WILL_MAIL = N_("They are told by mail once the family said yes and there is a time.")
WILL_MAIL_YOURS = N_("They are told by mail once there is a time.")
NOTHING_SENT = N_("Nothing is sent to them.")
OTHER_BRINGS = N_("The other home brings them.")
NOT_AFTER_ALL = N_("They do not come after all.")
MANY_FOR_YOU = N_(
    "That is many people for one family to face. You may say no to anyone: they can hear of it afterwards, if you wish."
)


def mail_languages(shown: Shown) -> list[dict[str, Any]]:
    """In which languages somebody from outside may be written to."""
    return [
        {"value": meetings.GUEST_READS[0], "label": shown.say(BOTH)},
        *({"value": each.value, "label": each.title, "lang": each.tag} for each in PAIR),
    ]


def person_row(
    work: Work,
    shown: Shown,
    hui: Hui,
    person: HuiPerson,
    *,
    home: bool,
    speaks: uuid.UUID | None,
    able: Collection[uuid.UUID],
) -> dict[str, Any]:
    """Somebody at the table; with ``home`` as one home reads it, which ``speaks`` names where two meet.

    ``able``: the staff who may be there. Of whom the other home brings, a home reads the name, and nothing else.
    """
    role = meetings.ROLES[person.role]
    elsewhere = speaks is not None and meetings.is_of_other_home(work, hui, person, speaks)
    own = person.by_family and not elsewhere
    row = {
        "person_id": person.id,
        "name": person.name,
        "role": shown.say(role.name),
        "does": shown.say(role.does),
        "why": "" if elsewhere else person.why,
        "by_family": person.by_family,
        "own": own,
        "email": person.email if own else "",
        "language": person.language,
        "mailed": bool(person.email) and not elsewhere and person.answer is Welcome.YES,
        "answer": person.answer.value,
        "said": _said(shown, person, home=home, elsewhere=elsewhere),
        "told": "" if elsewhere or (home and not own) else _told(shown, person),
        "gone": not home and person.staff_id is not None and person.staff_id not in able,
    }
    if hui.joint and speaks:
        row |= person_said(work, shown, hui, person, speaks)
    if not elsewhere and (own or not home) and not meetings.mail_arrived(work, person):
        lost = MAIL_LOST_OF_WHANAU if own else MAIL_LOST
        row["lost"] = shown.say(MAIL_LOST_AT_HOME if home else lost)
    return row


def _said(shown: Shown, person: HuiPerson, *, home: bool, elsewhere: bool) -> str:
    if person.by_family:
        if person.answer is Welcome.NO:
            return shown.say(NOT_AFTER_ALL)
        return shown.say(OTHER_BRINGS) if elsewhere else ""
    return "" if home and person.answer is Welcome.WAITING else shown.say(WELCOMES[person.answer])


def _told(shown: Shown, person: HuiPerson) -> str:
    if not person.email:
        return shown.say(NOTHING_SENT) if person.by_family else ""
    if person.told_at:
        return shown.say(MAILED)
    if person.answer is Welcome.NO:
        return ""
    return shown.say(WILL_MAIL_YOURS if person.by_family else WILL_MAIL)


def many(shown: Shown, people: Sequence[HuiPerson], *, home: bool) -> str:
    """Said kindly where many would sit opposite one family; "" where they are few."""
    coming = [each for each in people if each.answer is not Welcome.NO and not each.by_family]
    if len(coming) <= meetings.MANY_PEOPLE:
        return ""
    return shown.say(MANY_FOR_YOU if home else SEVERAL)


def without_mail(people: Sequence[HuiPerson], *, by_family: bool) -> list[str]:
    """Who of those from outside is there and gets nothing by mail: whom school proposed, or whom the family brings."""
    return [
        each.name
        for each in people
        if each.staff_id is None and each.answer is Welcome.YES and not each.email and each.by_family is by_family
    ]
