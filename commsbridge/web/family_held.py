"""What the school holds of a contact: on their own page, and in the copy they asked for."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping

from commsbridge import books, schools, whanau
from commsbridge.books import About, Gathered
from commsbridge.foundation.addresses import show_phone
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.students import Names
from commsbridge.web.shown import Shown
from commsbridge.whanau import Contact

ABOUT_YOU = N_("What is written down about you")
WROTE_FOR_WHOLE = N_("What you wrote, to have the book’s words in full by text")


def held_rows(work: Work, contact: Contact, shown: Shown, names: Mapping[uuid.UUID, Names]) -> list[dict[str, str]]:
    """What the school holds of this contact: theirs alone, and of nobody else."""
    on = schools.today(work)
    ties = [tie for tie in whanau.ties_of(work, [contact.id], on=on)[contact.id] if tie.student_id in names]
    rows = [(N_("Your name"), contact.name)]
    if contact.greeting:
        rows.append((N_("What you like to be called"), contact.greeting))
    rows += [(N_("Your child"), f"{names[tie.student_id].preferred} ({tie.relationship})") for tie in ties]
    for way in whanau.ways_in_use(work, contact.id):
        address = way.address or ""
        said = show_phone(address) if address.startswith("+") else address
        rows.append((N_("How you are reached"), ": ".join(filter(None, [shown.channel(way.channel), said]))))
    rows.append((N_("Your language"), str(shown.language_asked(whanau.language_of(work, contact.id, on=on))["name"])))
    if contact.note:
        rows.append((N_("A note about you"), contact.note))
    return [{"what": shown.say(what), "held": held} for what, held in rows]


def gather_held(work: Work, about: About) -> Iterator[Gathered]:
    """The same for a copy, as it stands today."""
    shown = Shown(about.language, schools.calendar_of(work), work.now)
    rows = held_rows(work, about.contact, shown, about.children)
    said = "\n".join(f"{each['what']}: {each['held']}" for each in rows)
    yield Gathered(schools.today(work), about.say(ABOUT_YOU), said)
    writing = books.writing_of(work, about.contact.id)
    if writing is not None:
        yield Gathered(writing.written_on, about.say(WROTE_FOR_WHOLE), writing.words)
