"""Parked: what came in from nobody we know for sure, who may read it, and whose it is."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from commsbridge import conversations, messages, schools, students, whanau
from commsbridge.conversations import Parked, Reply, ReplyState
from commsbridge.foundation.addresses import show_phone
from commsbridge.foundation.errors import Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import search_fold
from commsbridge.schools import Permission
from commsbridge.web.access import Pages, may
from commsbridge.web.acting import Here, at_school, language, read_id
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.reply_pictures import picture_response, pictures_shown
from commsbridge.web.seen import Seen, children_seen, contacts_seen
from commsbridge.web.shown import Shown, lang_of
from commsbridge.whanau import Channel, MayMessage, Writer

pages = Pages()
PARKED = may(Permission.SEE_PARKED_NUMBER)
MOST_SUGGESTED = 8
READ_HERE = {ReplyState.PARKED, ReplyState.NOT_OURS}
ASIDE_SHOWN = timedelta(days=30)

STRANGER = N_("We do not know this number or address.")
UNSURE = N_("We are not sure who wrote this, or which child it is about.")
CHANGED_HANDS = N_("They say that this is the wrong number. Nothing more goes there until you have rung the family.")
LEFT = N_("It may be about a student who has left.")
OTHER_NAME = N_("It names a child who is not with this contact.")
WANTS_STOP = N_("They may want no more messages. Read it, and ring them if need be.")
TOO_MANY = N_("So much came from there at once that nothing of it was sorted or answered.")
THREAT = N_("It reads like a threat. One person reads what comes from there for the others.")
WHYS = {
    Parked.CHANGED_HANDS: CHANGED_HANDS,
    Parked.LEFT: LEFT,
    Parked.OTHER_NAME: OTHER_NAME,
    Parked.STOP_ASKED: WANTS_STOP,
    Parked.TOO_MANY: TOO_MANY,
    Parked.THREAT: THREAT,
}
FORGED = N_("The mail does not prove that it comes from this address.")
NEVER_MESSAGED = N_("From %(names)s, who is never messaged about a child here.")
READERS = N_("%(names)s may read the words.")
NOBODY_READS = N_("Nobody at this school may read the words yet. A leader can change that.")
ABOUT = N_("about %(names)s")
PLACED = N_("Choose who it is from.")
NOTHING_TO_RING = N_(
    "We have no other number of theirs to ring, so we cannot be sure that this one is theirs. Ask them at school first."
)
RANG = N_("I rang %(who)s on %(number)s, who says so")
NOT_RUNG = N_("I have not rung: do not keep it")
NOTHING_WRITTEN = N_("(Nothing was written.)")
ASIDE = N_("Set aside by %(who)s, %(day)s")


@dataclass(frozen=True, slots=True)
class Guess:
    """Somebody it may be from and the children it may be about; ``value`` names both in a form."""

    contact: whanau.Contact
    relation: str
    children: tuple[tuple[uuid.UUID, str], ...]

    @property
    def value(self) -> str:
        """The contact's id and the children's."""
        return " ".join(str(each) for each in (self.contact.id, *(child_id for child_id, _ in self.children)))


@pages.route("/parked", PARKED, endpoint="parked")
def parked_list() -> str:
    """Everything that waits for a person to say whose it is, the oldest first, and what was set aside lately."""
    with at_school() as here:
        return _page(here, errors={})


@pages.route("/parked/<uuid:reply_id>", PARKED, methods=("POST",))
def parked_settle(reply_id: uuid.UUID) -> tuple[str, int] | Response:
    """Say whose words these are, or that they are from nobody of ours; or take that back."""
    with at_school() as here:
        reply = conversations.reply_by_id(here.work, reply_id)
        if reply is None or not _may_see(here, reply):
            raise NotFound(N_("That message is not here."))
        errors = kept(here.work, lambda: _settle(here, reply))
        if errors:
            return _page(here, errors={reply_id: next(iter(errors.values()))}), 400
    return redirect(url_for("parked"))


@pages.route("/parked/<uuid:reply_id>/pictures/<uuid:picture_id>", may(Permission.SEE_PARKED_WORDS))
def parked_picture(reply_id: uuid.UUID, picture_id: uuid.UUID) -> Response:
    """A picture that came with parked words, for whoever may read them; that they looked is written down."""
    with at_school() as here:
        reply = conversations.reply_by_id(here.work, reply_id)
        if reply is None or reply.state not in READ_HERE or not _may_see(here, reply):
            raise NotFound(N_("That picture is not here."))
        picture = conversations.picture_with(here.work, reply_id, picture_id)
        schools.note_look(here.work, subject="parked_words", subject_id=reply_id)
        return picture_response(picture)


def _settle(here: Here, reply: Reply) -> None:
    act = request.form.get("act")
    if act == "not_ours":
        conversations.dismiss_parked(here.work, reply.id)
    elif act == "recall":
        conversations.recall_parked(here.work, reply.id)
    else:
        _place(here, reply)


def _place(here: Here, reply: Reply) -> None:
    """File the words with whom and what was chosen: only among contacts and children the viewer sees."""
    ids = [read_id(each) for each in request.form.get(f"who-{reply.id}", "").split()]
    contact_id = ids[0] if ids else None
    chosen = [each for each in ids[1:] if each is not None]
    seen = contacts_seen(here, [contact_id]) if contact_id else []
    if contact_id is None or not chosen or not {tie.student.id for each in seen for tie in each.ties} >= {*chosen}:
        raise Invalid(PLACED, field="who")
    conversations.settle_parked(here.work, reply.id, contact_id=contact_id, student_ids=chosen)
    rung = request.form.get(f"rung-{reply.id}", "").split()
    if rung and _may_remember(here, reply):
        theirs = rung[-1] if read_id(rung[0]) == contact_id else ""
        whanau.keep_rung(here.work, contact_id, Channel(reply.channel), reply.from_address, rung=theirs)


def _page(here: Here, *, errors: dict[uuid.UUID, str]) -> str:
    work = here.work
    shown = Shown(language(), schools.calendar_of(work), work.now)
    note_frame(here)
    aside = conversations.set_aside(work, since=work.now - ASIDE_SHOWN)
    asked = read_id(request.args.get("about"))
    return render_template(
        "parked.html",
        parked=[_item(here, shown, reply, asked) for reply in conversations.parked(work) if _may_see(here, reply)],
        aside=[_aside(here, shown, reply) for reply in aside if _may_see(here, reply)],
        errors=errors,
    )


def _may_see(here: Here, reply: Reply) -> bool:
    """Not when it may be about a child whom this person does not see: then there is nothing here for them."""
    about = set(conversations.students_of_reply(here.work, reply.id))
    for writer in _writers(here, reply):
        about |= {*writer.students, *writer.barred}
    sent = messages.delivery_of(here.work, reply.delivery_id) if reply.delivery_id else None
    if sent is not None and sent[1].student_id is not None:
        about.add(sent[1].student_id)
    return len(children_seen(here, about)) == len(about)


def _writers(here: Here, reply: Reply) -> list[Writer]:
    """Whoever has, or ever had, the address it came from, and whoever the answered mail went to."""
    found = whanau.ever_at(here.work, reply.from_address)
    sent = messages.delivery_of(here.work, reply.delivery_id) if reply.delivery_id else None
    if sent is not None and sent[0].contact_id is not None:
        found.append(sent[0].contact_id)
    on = schools.today(here.work)
    writers = (whanau.writer_for(here.work, contact_id, on=on) for contact_id in dict.fromkeys(found))
    return [writer for writer in writers if writer is not None]


def _item(here: Here, shown: Shown, reply: Reply, asked: uuid.UUID | None) -> dict[str, Any]:
    words = _words(here, shown, reply)
    searched = request.args.get("q", "").strip() if reply.id == asked else ""
    guesses = guesses_of(here, reply, searched)
    return {
        "parked_id": reply.id,
        **_from(shown, reply),
        "why": _why(here, shown, reply),
        "words": words,
        "lang": lang_of(reply.language),
        "unread": reply.unread,
        **_pictures(here, shown, reply),
        "readers": None if words is not None else _readers(here, shown),
        "suggestions": [option_of(shown, guess) for guess in guesses],
        "q": searched,
        **_to_ring(here, shown, reply, guesses),
        "url": url_for("parked_settle", reply_id=reply.id),
    }


def _from(shown: Shown, reply: Reply) -> dict[str, Any]:
    text = reply.channel == Channel.TEXT
    return {
        "day": shown.day(reply.received_at),
        "time": shown.time(reply.received_at),
        "iso": shown.iso(reply.received_at),
        "channel": "text" if text else "mail",
        "from_words": show_phone(reply.from_address) if text else reply.from_address,
    }


def _words(here: Here, shown: Shown, reply: Reply) -> str | None:
    """The words, for whoever may read them; that they looked is written down."""
    if not here.viewer.may(Permission.SEE_PARKED_WORDS):
        return None
    schools.note_look(here.work, subject="parked_words", subject_id=reply.id)
    return reply.words or shown.say(NOTHING_WRITTEN)


def _pictures(here: Here, shown: Shown, reply: Reply) -> dict[str, Any]:
    """What came with the words, for whoever may read them."""
    may_look = reply.pictures and here.viewer.may(Permission.SEE_PARKED_WORDS)
    came = conversations.pictures_with(here.work, [reply.id]).get(reply.id, []) if may_look else []
    return pictures_shown(
        shown,
        came,
        who=_from(shown, reply)["from_words"],
        url_of=lambda picture: url_for("parked_picture", reply_id=reply.id, picture_id=picture.id),
    )


def _why(here: Here, shown: Shown, reply: Reply) -> str:
    """Why it is parked; that a contact is never messaged is told only to those who may know."""
    if reply.why == Parked.FORGED:
        return shown.say(FORGED)
    if reply.why in WHYS:
        return shown.say(WHYS[Parked(reply.why)])
    if reply.why == Parked.NO_ACCESS and here.viewer.may(Permission.SEE_LIMITS):
        names = [writer.contact.name for writer in _writers(here, reply) if writer.barred]
        return shown.say(NEVER_MESSAGED, names=shown.names(names)) if names else shown.say(STRANGER)
    return shown.say(STRANGER if reply.why in {Parked.UNKNOWN_SENDER, Parked.NO_ACCESS} else UNSURE)


def _readers(here: Here, shown: Shown) -> str:
    found = schools.staff_with(here.work, Permission.SEE_PARKED_WORDS, schools.today(here.work))
    return (
        shown.say(READERS, names=shown.names([staff.shown_name for staff in found]))
        if found
        else shown.say(NOBODY_READS)
    )


def _may_remember(here: Here, reply: Reply) -> bool:
    """Whether its number or address may be kept as one of the contact's: it is real, and the viewer keeps contacts."""
    real = reply.channel == Channel.TEXT or reply.proven
    return real and reply.why == Parked.UNKNOWN_SENDER and here.viewer.may(Permission.EDIT_CONTACTS)


def _to_ring(here: Here, shown: Shown, reply: Reply, guesses: Sequence[Guess]) -> dict[str, Any]:
    """The numbers on file of those it may be from: a new phone may belong to somebody who must not know."""
    if not _may_remember(here, reply):
        return {"rings": [], "nothing_to_ring": None}
    people = {guess.contact.id: guess.contact for guess in guesses}
    rings = [
        {
            "value": f"{contact.id} {number}",
            "label": shown.say(RANG, who=contact.name, number=show_phone(number)),
        }
        for contact in people.values()
        for number in whanau.numbers_to_ring(here.work, contact.id, but=reply.from_address)
    ]
    nothing = shown.say(NOTHING_TO_RING) if people and not rings else None
    return {"rings": [{"value": "", "label": shown.say(NOT_RUNG)}, *rings] if rings else [], "nothing_to_ring": nothing}


def guesses_of(here: Here, reply: Reply, searched: str) -> list[Guess]:
    """Who it may be from: whoever has the address, whoever was searched for, whose child the words name."""
    found = [writer.contact.id for writer in _writers(here, reply)]
    if searched:
        found += _contacts_searched(here, searched)
    elif here.viewer.may(Permission.SEE_PARKED_WORDS):
        found += _contacts_of(here, _named(here, reply.words))
    guesses: list[Guess] = []
    for seen in contacts_seen(here, list(dict.fromkeys(found))):
        guesses += _guesses_of(seen)
    return guesses[:MOST_SUGGESTED]


def _contacts_searched(here: Here, searched: str) -> list[uuid.UUID]:
    on = schools.today(here.work)
    found = [contact.id for contact in whanau.contacts_found(here.work, searched, limit=MOST_SUGGESTED)]
    children = students.students_seen_by(here.work, here.viewer, on, search=searched)
    return found + _contacts_of(here, [child.id for child in children[:MOST_SUGGESTED]])


def _named(here: Here, words: str) -> list[uuid.UUID]:
    """The children whose preferred name stands in the words."""
    said = set(search_fold("".join(c if c.isalnum() else " " for c in words)).split())
    everybody = students.students_seen_by(here.work, here.viewer, schools.today(here.work))
    return [child.id for child in everybody if said.issuperset(search_fold(child.preferred_name).split())]


def _contacts_of(here: Here, student_ids: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    on = schools.today(here.work)
    cards = [
        card
        for student_id in student_ids
        for card in whanau.contacts_of(here.work, student_id, on=on, with_limited=False, sender_ids=[])
    ]
    return [card.contact.id for card in cards]


def _guesses_of(seen: Seen) -> list[Guess]:
    """One guess for each child the contact may hear of, and one for all of them together."""
    ties = [tie for tie in seen.ties if tie.guardianship.may_message == MayMessage.YES]
    children = [(tie.student.id, tie.student.preferred_name) for tie in ties]
    guesses = [
        Guess(seen.contact, tie.guardianship.relationship, (child,)) for tie, child in zip(ties, children, strict=True)
    ]
    if len(children) > 1:
        guesses.append(Guess(seen.contact, ties[0].guardianship.relationship, tuple(children)))
    return guesses


def option_of(shown: Shown, guess: Guess) -> dict[str, str]:
    """A guess as a choice of a form."""
    names = shown.names([name for _, name in guess.children])
    return {
        "value": guess.value,
        "label": guess.contact.name,
        "small": f"{guess.relation}, {shown.say(ABOUT, names=names)}",
    }


def _aside(here: Here, shown: Shown, reply: Reply) -> dict[str, Any]:
    staff: Sequence[schools.Staff] = []
    if reply.settled_by is not None:
        staff = list(schools.staff_by_id(here.work, [reply.settled_by]).values())
    day = shown.day(reply.settled_at) if reply.settled_at else ""
    return {
        "parked_id": reply.id,
        **_from(shown, reply),
        "why": shown.say(ASIDE, who=shown.names([each.shown_name for each in staff]), day=day),
        "words": _words(here, shown, reply),
        "lang": lang_of(reply.language),
        **_pictures(here, shown, reply),
        "url": url_for("parked_settle", reply_id=reply.id),
    }
