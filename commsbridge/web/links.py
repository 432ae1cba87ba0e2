"""Pages behind a link of a message: stop or start what comes, and read a note. Looking at them changes nothing."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound as PageNotFound
from werkzeug.wrappers import Response

from commsbridge import conversations, messages, schools, students, whanau
from commsbridge.foundation.actors import SERVICE
from commsbridge.foundation.language import KNOWN, N_, PAIR, Language, say, shown_in
from commsbridge.foundation.work import Work
from commsbridge.messages import Delivery, Message, MessageKind
from commsbridge.web.access import LINK, Pages
from commsbridge.web.acting import runtime
from commsbridge.web.concerns import parts_for
from commsbridge.web.hooks import wake_desk
from commsbridge.web.shown import phrase_lang
from commsbridge.whanau import Channel, WishKind

pages = Pages()


# How much a family may ask for, by the wish it is.
HEARS: dict[str, tuple[str, str | None]] = {
    "": (N_("Everything"), None),
    WishKind.PRAISE_ONLY: (N_("Good news only"), N_("No notices, not even urgent ones.")),
    WishKind.URGENT_ONLY: (N_("Only what is urgent"), N_("No praise, and no ordinary notices.")),
}
BOTH = "both"
LONGEST_ANSWER = 2000
TALK_OFFERED = N_("We would like to talk about this. Say when suits you, or ring the school.")


def reader_language(delivery: Delivery) -> Language:
    """The language of the message that led to the page, te reo Māori first; unless the reader chose another here."""
    chosen = request.args.get("reo", "")
    if chosen in KNOWN:
        return KNOWN[chosen]
    return Language.MI if delivery.language == BOTH else shown_in(delivery.language)


def other_languages(endpoint: str, **secret: Any) -> list[dict[str, str]]:
    """The same page in each other language."""
    return [
        {"url": url_for(endpoint, reo=each.value, **secret), "lang": each.tag, "name": each.title}
        for each in Language
        if each is not g.language
    ]


@pages.route("/change/<token>", LINK, methods=("GET", "POST"), csrf=False)
def change(token: str) -> str:
    """Stop or start the messages to one address: one press, no sign-in, no cost. A mail program presses by POST."""
    school, delivery_id = held_by_link(token)
    with runtime().work(school.id, SERVICE) as work:
        found = messages.delivery_of(work, delivery_id)
        if found is None:
            raise PageNotFound
        delivery = found[0]
        if request.method == "POST":
            _change(work, delivery, start=request.form.get("act") == "start")
        return change_page(work, school, delivery, token, changed=request.method == "POST")


def held_by_link(token: str) -> tuple[schools.School, uuid.UUID]:
    """The school and the delivery whose change link this is. Raises a 404 for any other."""
    named = runtime().links.read("change", token)
    if named is None:
        raise PageNotFound
    number, delivery_id = named
    with runtime().lobby() as lobby:
        school = schools.school_numbered(lobby, number)
    if school is None:
        raise PageNotFound
    return school, delivery_id


def _change(work: Work, delivery: Delivery, *, start: bool) -> None:
    if delivery.sender_id is None or delivery.address is None:
        raise PageNotFound
    change_to = messages.start_messages if start else messages.stop_messages
    change_to(
        work,
        channel=Channel(delivery.channel),
        address=delivery.address,
        sender_id=delivery.sender_id,
        evidence="link",
        evidence_id=delivery.id,
        contact_id=delivery.contact_id,
    )


def change_page(
    work: Work, school: schools.School, delivery: Delivery, token: str, *, changed: bool, wished: bool = False
) -> str:
    """The page on which a family stops what comes, or asks for less; ``wished``: it has just asked."""
    if delivery.sender_id is None or delivery.address is None:
        raise PageNotFound
    g.language = reader_language(delivery)
    contact_id = delivery.contact_id
    asked = whanau.wishes_of(work, [contact_id])[contact_id] if contact_id else None
    return render_template(
        "change.html",
        token=token,
        school=school.name_in(g.language),
        channel=delivery.channel,
        stopped=messages.is_stopped(work, delivery),
        changed=changed,
        hears=[
            {"value": value, "label": say(g.language, label), "small": say(g.language, small) if small else None}
            for value, (label, small) in HEARS.items()
        ]
        if asked
        else [],
        heard=(asked.hears or "") if asked else "",
        wished=wished,
        others=other_languages("change", token=token),
    )


@pages.route("/note/<secret>", LINK)
def note(secret: str) -> str:
    """A note that may not stand in a message, for whoever holds the link, while it lasts."""
    school_id, delivery_id = _behind(secret)
    with runtime().work(school_id) as work:
        found = messages.delivery_of(work, delivery_id)
        if found is None or not messages.note_may_be_read(work, found[0]):
            raise PageNotFound
        delivery, message = found
        g.language = reader_language(delivery)
        chosen = request.args.get("reo", "") in KNOWN
        both = delivery.language == BOTH and not chosen
        return render_template(
            "note.html",
            letters=[_letter(work, message, each) for each in (PAIR if both else (g.language,))],
            photo=_photo(work, delivery),
            others=[] if both else other_languages("note", secret=secret),
            answer=_answer(secret) if message.kind is MessageKind.CONCERN else None,
        )


@pages.route("/note/<secret>", LINK, methods=("POST",), endpoint="answer_note")
def answer_note(secret: str) -> Response:
    """What a contact thinks of a concern, written below it: stored as it came, and filed like any reply."""
    school_id, delivery_id = _behind(secret)
    words = request.form.get("words", "")[:LONGEST_ANSWER]
    with runtime().work(school_id) as work:
        found = messages.delivery_of(work, delivery_id)
        if found is None or found[1].kind is not MessageKind.CONCERN or not messages.note_may_be_read(work, found[0]):
            raise PageNotFound
    reo = request.args.get("reo") or None
    if not words.strip():
        return redirect(url_for("note", secret=secret, reo=reo, _anchor="words"))
    store_answer(school_id, delivery_id, words)
    return redirect(url_for("note", secret=secret, reo=reo, answered="yes", _anchor="answered"))


def store_answer(school_id: uuid.UUID, delivery_id: uuid.UUID, words: str) -> None:
    """Store words as they came, as an answer to a message: the desk screens and files them."""
    with runtime().lobby(ingest=True) as lobby:
        conversations.store_raw(
            lobby,
            carrier="page",
            carrier_key=f"{delivery_id}:{once_for(words)}",
            content_type="application/json",
            body=json.dumps({"delivery_id": str(delivery_id), "words": words}).encode(),
            school_id=school_id,
        )
    wake_desk()


def once_for(words: str) -> str:
    """What is the same for a form pressed twice and for no other words: its key, or the day, with their fingerprint."""
    form = request.form.get("form_key", "")[:60] or runtime().now().date().isoformat()
    return f"{form}:{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def _behind(secret: str) -> tuple[uuid.UUID, uuid.UUID]:
    """The school and the delivery that a note's secret opens."""
    with runtime().lobby() as lobby:
        named = schools.behind_door(lobby, secret, purpose="note")
    if named is None:
        raise PageNotFound
    return named


def _answer(secret: str) -> dict[str, Any]:
    return {
        "url": url_for("answer_note", secret=secret, reo=request.args.get("reo") or None),
        "key": secrets.token_urlsafe(16),
        "answered": request.args.get("answered") == "yes",
        "longest": LONGEST_ANSWER,
    }


def _photo(work: Work, delivery: Delivery) -> dict[str, Any] | None:
    """The photo that belongs to a note, by its own link."""
    photo = messages.photo_to_see(work, delivery)
    if photo is None:
        return None
    token = runtime().links.token("photo", schools.school_of(work).number, delivery.id)
    url = url_for("photo_picture", token=token)
    return {"url": url, "alt": photo.alt, "width": photo.width, "height": photo.height}


def _letter(work: Work, message: Message, reads: Language) -> dict[str, Any]:
    """The note as a whole letter in one language; the writer's own words stand as they were typed."""
    told = messages.written(work, [message.id])[message.id]
    child = students.names_of(work, [message.student_id])[message.student_id].preferred if message.student_id else ""
    writer = schools.staff_by_id(work, [message.staff_id])[message.staff_id].shown_name if message.staff_id else ""
    school = schools.school_of(work)
    sentence = ""
    if told.phrase is not None:
        sentence = told.phrase.text_mi if reads is Language.MI else told.phrase.text_en
    raised = messages.concerns.concern_of_message(work, message.id)
    return {
        "lang": reads.tag,
        "title": say(reads, N_("A note about %(name)s"), name=child),
        "writer": writer,
        "phrase": sentence.replace("{name}", child),
        "phrase_lang": phrase_lang(reads),
        "words": message.words,
        "parts": parts_for(raised, reads) if raised else [],
        "talk": say(reads, TALK_OFFERED) if raised and raised.offers_talk else "",
        "school": school.name_in(reads),
        "closes": say(reads, N_("This page is for you. It closes after a month.")),
    }
