"""What homes do on their own page, and what school sends them there."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text

from commsbridge import books, conversations, messages
from commsbridge.books import Book, Comes, Rhythm, Sees, Typed
from commsbridge.conversations import ReplyState
from tests.conftest import Clock
from tests.doors.pages import PUBLIC_URL, Page, Visitor
from tests.story import Story

GOOD = "Made a bridge of sticks."
TONIGHT = "Tired after swimming, and hungry."
KEPT_CLOSE = "The bell is too loud for me."
FOR_DAD = "I miss you on Tuesdays."


@dataclass(frozen=True)
class Home:
    """A page that went home about a child, with the link each contact got."""

    book: Book
    links: dict[str, str]
    bodies: dict[str, str]


def send_home(story: Story, child: str = "aroha", wishes: dict[str, Comes] | None = None) -> Home:
    """A page with something in each kind of section, sent home by its teacher."""
    who = "walsh" if child in {"aroha", "hemi"} else "fox"
    with story.work(who) as work:
        for contact, comes in (wishes or {}).items():
            books.set_how_it_comes(work, story.contacts[contact].id, comes=comes)
        template = books.template_named(work, "school_day")
        book = books.begin_book(work, story.students[child], template, rhythm=Rhythm.DAILY)
        page = books.begin_page(work, book, work.now.date())
        good, working, ticks, tonight, own = books.sections_of(work, book)
        dads = story.contacts["dave"].household_id
        typed = [
            Typed(good.id, 0, GOOD),
            Typed(ticks.id, 0, ticked=(0,)),
            Typed(tonight.id, 0, TONIGHT),
            Typed(working.id, 0, "Waiting for a turn."),
            Typed(own.id, 0, KEPT_CLOSE, sees=Sees.TEACHER)
            if child != "aroha"
            else Typed(own.id, 0, FOR_DAD, sees=Sees.ONE_HOME, household_id=dads),
        ]
        books.save(work, book, page, typed)
        books.send_home(work, book, page, story.students[child], links=story.runtime.links)
        return Home(book, *brought(story, work, page.message_id))


def brought(story: Story, work: Any, message_id: Any) -> tuple[dict[str, str], dict[str, str]]:
    """The link and the words that a message brought each contact, by the contact's short name."""
    rows = work.session.execute(
        text("SELECT contact_id, body FROM deliveries WHERE message_id = :message"), {"message": message_id}
    ).all()
    keys = {contact.id: key for key, contact in story.contacts.items()}
    bodies = {keys[contact_id]: body for contact_id, body in rows}
    found = {key: re.search(rf"{PUBLIC_URL}(/w/[\w-]+)", body) for key, body in bodies.items()}
    return {key: match[1] for key, match in found.items() if match}, bodies


def code_for(story: Story, contact: str) -> str:
    """The code that came last to a contact's phone or mail."""
    with story.work() as work:
        bodies = work.session.scalars(
            text("SELECT body FROM deliveries WHERE contact_id = :contact ORDER BY made_at DESC, id"),
            {"contact": story.contacts[contact].id},
        ).all()
    return next(found[1] for body in bodies if (found := re.search(r"\b(?:Ko|is) (\d{6})\b", body)))


def press(visitor: Visitor, page: Page, ending: str, button: tuple[str, str] | None = None, **fields: str) -> Page:
    """Send the first form whose address has this ending."""
    form = next(each for each in page.forms if each.action.split("?")[0].endswith(ending))
    return visitor.send(form, button, **fields) if button else visitor.send(form, **fields)


def come_in(story: Story, visitor: Visitor, home: Home, contact: str, **clock: Clock) -> Page:
    """Open a link on a new device and prove it with the code."""
    page = visitor.open(home.links[contact])
    press(visitor, page, "/code")
    page = visitor.follow()
    page = press(visitor, page, "/open", code=code_for(story, contact), remember="yes")
    assert page.status == 302, page.text
    return visitor.follow()


def take_pages(story: Story) -> list[ReplyState]:
    """File what was written on pages, as the worker does."""
    with story.runtime.lobby(ingest=True) as lobby:
        waiting = [conversations.raw_request(lobby, each) for each in conversations.waiting_raw(lobby)]
    states = []
    for raw in waiting:
        if raw is None or raw.school_id is None or raw.carrier != "page":
            continue
        said = json.loads(raw.body)
        with story.work() as work:
            [delivery] = work.session.scalars(
                messages_of(said["delivery_id"]), execution_options={"populate_existing": True}
            )
            about = (story_id(said["contact_id"]), story_id(said["student_id"]))
            post = conversations.post_of_page(
                raw.id, delivery, said["words"], said_about=about, for_child=said.get("for_child", False)
            )
            reply = conversations.take(work, post, sender=None)
            assert reply is not None
            states.append(reply.state)
    return states


def messages_of(delivery_id: str) -> Any:
    return select(messages.Delivery).where(messages.Delivery.id == story_id(delivery_id))


def story_id(written: str) -> Any:
    return uuid.UUID(written)


def choices(visitor: Visitor, home: Home, contact: str) -> Page:
    return visitor.open(home.links[contact] + "/choices")
