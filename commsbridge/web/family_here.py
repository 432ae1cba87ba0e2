"""Whose page a link of a message leads to, and whether this device has proved itself: what all of their pages share."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from werkzeug.exceptions import NotFound as PageNotFound

from commsbridge import books, conversations, messages, schools, students
from commsbridge.books import Holder
from commsbridge.foundation.work import Work
from commsbridge.students import Student
from commsbridge.web.acting import runtime
from commsbridge.web.hooks import wake_desk
from commsbridge.web.links import once_for, reader_language
from commsbridge.web.shown import Shown

COOKIE = "whanau"


@dataclass(frozen=True, slots=True)
class Home:
    """A page's work with whose page it is, and whether this device has proved itself."""

    work: Work
    holder: Holder
    known: bool
    shown: Shown


@contextmanager
def at_home(secret: str) -> Iterator[Home]:
    """The work of a contact's page. Raises a 404 for a link that opens nothing, NotFound for one that did."""
    with runtime().lobby() as lobby:
        named = schools.behind_door(lobby, secret, purpose=messages.FAMILY_DOOR)
    if named is None:
        raise PageNotFound
    school_id, delivery_id = named
    with runtime().work(school_id) as work:
        holder = books.holder_of(work, delivery_id)
        g.language = reader_language(holder.delivery)
        known = books.knows_device(work, holder, request.cookies.get(COOKIE, ""))
        yield Home(work, holder, known, Shown(g.language, schools.calendar_of(work), work.now))


def here_url(secret: str, endpoint: str = "family", **more: Any) -> str:
    """An address of this page, in the language it is read in."""
    return url_for(endpoint, secret=secret, reo=request.args.get("reo") or None, **more)


def children_in_order(home: Home) -> list[uuid.UUID]:
    """Their children as their page counts them."""
    names = students.names_of(home.work, home.holder.students)
    return sorted(home.holder.students, key=lambda each: names[each].preferred)


def child_of(home: Home) -> tuple[Student, int]:
    """Which of their children it is about, as their page counts them; where nothing was said, whom the message told of.

    The first where that was about none of them.
    """
    ordered = children_in_order(home)
    asked = request.values.get("child", "")
    if asked.isdecimal() and 0 < int(asked[:4]) <= len(ordered):
        place = int(asked[:4])
    else:
        told = messages.message_by_id(home.work, home.holder.delivery.message_id)
        place = ordered.index(told.student_id) + 1 if told and told.student_id in ordered else 1
    return home.work.session.get_one(Student, ordered[place - 1]), place


def store_words(
    holder: Holder, school_id: uuid.UUID, student_id: uuid.UUID, words: str, *, for_child: bool = False
) -> None:
    """Store what a contact wrote about a child as it came; the desk screens and files it.

    ``for_child``: it is good news that they would like to be read to the child.

    The same words of one form are stored once, and those of a form without a key once a day; other words never get
    lost by being sent from a form that was sent before.
    """
    said = {
        "delivery_id": str(holder.delivery.id),
        "contact_id": str(holder.contact.id),
        "student_id": str(student_id),
        "words": words,
        **({"for_child": True} if for_child else {}),
    }
    with runtime().lobby(ingest=True) as lobby:
        conversations.store_raw(
            lobby,
            carrier="page",
            carrier_key=f"{said['contact_id']}:{once_for(words)}",
            content_type="application/json",
            body=json.dumps(said).encode(),
            school_id=school_id,
        )
    wake_desk()
