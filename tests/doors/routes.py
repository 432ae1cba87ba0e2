"""Every route as tests call it: its rule, who may, and the ids of a school that its address asks for."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.routing import Rule

from commsbridge import (
    books,
    conversations,
    meetings,
    messages,
    plans,
    prompts,
    schools,
    students,
    support,
    tasks,
    whanau,
)
from commsbridge.books import (
    Book,
    BookPage,
    BookSitting,
    ChildSound,
    Gathered,
    Gatherer,
    Rhythm,
    Sees,
    Typed,
)
from commsbridge.foundation.language import Language
from commsbridge.foundation.work import Work
from commsbridge.meetings import HuiKind, Purpose
from commsbridge.messages import Draft, HintKind, concerns
from commsbridge.messages.concerns import Account, ConcernKind
from commsbridge.schools import Role
from commsbridge.support import Asking, Consent, ConsentHow
from commsbridge.tasks import TaskKind
from commsbridge.web.access import Access, Entrance
from tests.doors.moments import answered, praised, worried
from tests.doors.pages import Visitor
from tests.rooms.test_sounds import wav
from tests.story import Story

# What an address asks for that is no id.
CHOICES = {
    "template": "school_day",
    "kind": "csv",
    "measure": "heard",
    "file": "report.json",
    "reo": "mi",
    "name": "sent",
}
WORDS = "He ngākau nui tōna, and a quiet word at the gate"


@dataclass(frozen=True)
class Call:
    """One way to call a route: its rule, the method, and who may."""

    rule: Rule
    method: str
    access: Access

    @property
    def names(self) -> set[str]:
        """The ids that the address asks for."""
        return set(self.rule.arguments) - set(CHOICES)

    def at(self, ids: Mapping[str, uuid.UUID]) -> str:
        """The address with its ids."""
        path = self.rule.rule
        for name in self.names:
            path = path.replace(f"<uuid:{name}>", str(ids[name]))
        for name, choice in CHOICES.items():
            path = path.replace(f"<{name}>", choice)
        assert "<" not in path
        return path


def access_of(app: Flask) -> dict[str, Access]:
    """What each route declares, by endpoint."""
    declared: dict[str, Access] = app.extensions["access"]
    return declared


def calls(app: Flask, *entrances: Entrance) -> Iterator[Call]:
    """Every way to call the routes of these entrances; those of one route follow one another, reading first."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda each: each.rule):
        access = access_of(app).get(rule.endpoint)
        if access is None or access.entrance not in entrances:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield Call(rule, method, access)


def picture() -> bytes:
    """A photo of some work."""
    kept = io.BytesIO()
    Image.new("RGB", (80, 60), "green").save(kept, "PNG")
    return kept.getvalue()


def sent_picture(story: Story, reply_id: uuid.UUID) -> uuid.UUID:
    """A picture that came with a reply, and was fetched."""
    with story.work() as work:
        reply = conversations.reply_by_id(work, reply_id)
        assert reply is not None
        conversations.note_pictures(work, reply, ["https://carrier.test/ME1"])
        (row,) = conversations.pictures_with(work, [reply_id])[reply_id]
        return conversations.keep_fetched(work, row.id, conversations.judge_picture(picture())).id


def recorded_alone(work: Work, book: Book, page: BookPage, **seen: Any) -> ChildSound:
    """What a child recorded on a page alone; the child chose their teacher where nothing else is said."""
    with_secret = books.hand_over(work, book, page)
    sitting_id = work.session.scalars(
        select(BookSitting.id).where(BookSitting.book_id == book.id, BookSitting.ended_at.is_(None))
    ).one()
    assert with_secret
    own = books.childs_sections(work, book)[0]
    books.say_alone(work, sitting_id, [Typed(own.id, 0, **{"sees": Sees.TEACHER, **seen})], recorded=wav())
    return work.session.scalars(select(ChildSound).where(ChildSound.page_id == page.id)).one()


def _photo_alone(photo_id: uuid.UUID) -> Gatherer:
    """One more entry of a copy: a photo."""
    return lambda work, _about: iter([Gathered(schools.today(work), "A photo", WORDS, photo_id=photo_id)])


def ids_in(story: Story, child: str, contact: str, number: str) -> dict[str, uuid.UUID]:
    """A child, a contact with a way, a message, a reply, a task, a prompt, a praise that waits, and a colleague."""
    message = praised(story, child, "matiu")
    reply_id = answered(story, number, f"Tau kē, {story.students[child].preferred_name}!")
    with story.work() as work:
        class_id = students.classes_by_student(work, schools.today(work))[story.students[child].id][0].id
        [way] = [way for way in whanau.ways_in_use(work, story.contacts[contact].id) if way.address == number]
        task = tasks.give_task(
            work,
            TaskKind.CONFIRM_ACCESS,
            role=Role.LEADER,
            contact_id=story.contacts[contact].id,
            student_id=story.students[child].id,
        )
        prompts.set_schedule(work, story.staff["fox"].id, days=range(5), at=time(15), how_many=3, by_mail=False)
        prompts.ask_due(work, links=story.runtime.links)
        prompted = prompts.open_children(work, story.staff["fox"].id)[0]
    with story.work("matiu") as work:
        later = messages.keep_for_later(
            work, story.students[child], Draft(words=WORDS), goes_at=work.now + timedelta(hours=2)
        )
        phrase = messages.offered_phrases(work, story.students[child])[0]
        together_id = messages.send_together(
            work, [story.students[child]], Draft(words=WORDS), own={}, links=story.runtime.links, once_key=child
        )
        written = messages.written(work, [message.id])[message.id]
        photo = messages.keep_photo(work, story.students[child], picture(), alt="A bridge of sticks", shows="work")
        [delivery] = [each for each in written.deliveries if each.contact_id == story.contacts[contact].id]
        kept = conversations.keep_words(work, WORDS)
    with story.work("burns") as work:
        note = messages.NoticeDraft(messages.Audience.FAMILY, story.students[child].id, words_en=WORDS)
        copy = books.begin_copy(work, story.contacts[contact], "Rung on the number we hold.", [_photo_alone(photo.id)])
        [asked] = [each for each in books.items_of(work, copy) if each.photo_id == photo.id]
        notice = messages.send_notice(work, note, [story.students[child]], links=story.runtime.links)
    with story.work("fox") as work:
        hint = messages.add_own_hint(work, HintKind.LABEL, Language.EN, "space cadet")
        told = Account(happened="A hard lunch.")
        concern = concerns.keep_concern(work, story.students[child], ConcernKind.CONCERN, told, call=None)
    with story.work("matiu") as work:
        book = books.begin_book(
            work, story.students[child], books.template_named(work, "school_day"), rhythm=Rhythm.DAILY
        )
        page = books.begin_page(work, book, schools.today(work))
        sound = books.add_sound(work, page, wav(), words=WORDS)
        assert sound is not None
        voice_id = recorded_alone(work, book, page).id
    with story.work("fox") as work:
        consent = Consent(story.contacts[contact].id, ConsentHow.PHONE, schools.today(work))
        sought = support.ask_for_support(
            work,
            story.students[child],
            Asking("rtlb", WORDS, consent, story.staff["fox"].id),
            links=story.runtime.links,
        )
        plans.begin_plan(work, story.students[child], review_on=schools.today(work) + timedelta(days=70))
    with story.work("matiu") as work:
        [home, *_] = meetings.homes_of(work, story.students[child])
        hui_id = meetings.open_hui(work, story.students[child], home, Purpose(HuiKind.CATCH_UP, WORDS)).id
    alert_id = worried(story, number)
    with story.work("burns") as work:
        form_id = meetings.make_form(
            work, (f"Our form, {child}", f"Tā mātou puka, {child}"), [("Goals", "Ngā whāinga")]
        ).form_id
        slowed_id = conversations.slow_by_hand(work, reply_id, reason=WORDS).id
    picture_id = sent_picture(story, reply_id)
    return {
        "alert_id": alert_id,
        "book_id": book.id,
        "notice_id": notice.id,
        "delivery_id": delivery.id,
        "class_id": class_id,
        "student_id": story.students[child].id,
        "contact_id": story.contacts[contact].id,
        "way_id": way.id,
        "message_id": message.id,
        "reply_id": reply_id,
        "task_id": task.id,
        "prompted_id": prompted.id,
        "later_id": later.id,
        "together_id": together_id,
        "translation_id": uuid.uuid4(),  # a speaker's alone, and nobody of these is one
        "phrase_id": phrase.id,
        "photo_id": photo.id,
        "sound_id": sound.id,
        "voice_id": voice_id,
        "copy_id": copy.id,
        "item_id": asked.id,
        "picture_id": picture_id,
        "staff_id": story.staff["fox"].id,
        "support_id": sought.id,
        "concern_id": concern.id,
        "hint_id": hint.id,
        "words_id": kept.id,
        "hui_id": hui_id,
        "form_id": form_id,
        "slowed_id": slowed_id,
    }


def answer(visitor: Visitor, call: Call, ids: Mapping[str, uuid.UUID], token: str = "") -> int:
    """Call a route as a browser would, with the token of a page of one's own; gives the status."""
    at = call.at(ids)
    return visitor.open(at).status if call.method == "GET" else visitor.post(at, {"csrf_token": token}).status


def token_of(visitor: Visitor, at: str = "/staff") -> str:
    """The token that the visitor's forms carry."""
    token = next(form.values["csrf_token"] for form in visitor.open(at).forms if "csrf_token" in form.values)
    assert isinstance(token, str)
    return token
