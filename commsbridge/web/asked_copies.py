"""A copy that whānau asked for: a named person blanks other people, entry by entry, and releases it to them alone."""

from __future__ import annotations

import uuid
from base64 import b64encode
from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound as PageNotFound
from werkzeug.wrappers import Response as Answer

from commsbridge import books, meetings, plans, schools, specialists, support
from commsbridge.books import AskedCopy, AskedItem, Marked
from commsbridge.foundation.language import N_, Language, shown_in
from commsbridge.foundation.paper import set_on_paper
from commsbridge.foundation.work import Work
from commsbridge.schools import Permission
from commsbridge.web.access import LINK, Pages, may
from commsbridge.web.acting import Here, at_school
from commsbridge.web.books import shown_for
from commsbridge.web.family_held import gather_held
from commsbridge.web.family_here import at_home, here_url
from commsbridge.web.frame import note_frame
from commsbridge.web.keeping import kept
from commsbridge.web.seen import contact_for
from commsbridge.web.shown import Shown
from commsbridge.whanau import Contact

pages = Pages()
RELEASE = may(Permission.RELEASE_COPY, confirmed=True)
A_SHEET = 10
# What the rooms above the book hold for them.
GATHERERS = (gather_held, meetings.gather_hui, plans.gather_plans, support.gather_support, specialists.gather_shares)
BLANK = N_("[blanked]")
TITLE = N_("What the school holds, for %(name)s")
ABOUT = N_("Released on %(day)s. Words that would tell about other people are blanked.")
DRAFT = N_("Not released yet: a look before it goes.")
LEFT_OUT = N_("%(num)s entries are left out.")


@pages.route("/contacts/<uuid:contact_id>/copy", RELEASE, methods=("GET", "POST"))
def contact_copy(contact_id: uuid.UUID) -> str | tuple[str, int] | Answer:
    """Begin a copy for somebody: how do we know that they may have it? One that was begun goes on."""
    with at_school() as here:
        contact = contact_for(here, contact_id).contact
        found = books.open_copy(here.work, contact_id)
        if found is None and request.method == "POST":
            errors = kept(here.work, lambda: _begin(here.work, contact))
            if errors:
                return _begin_page(here, contact, errors), 400
            found = books.open_copy(here.work, contact_id)
        if found is None:
            return _begin_page(here, contact, {})
        copy_id = found.id
        if request.method == "GET":
            return _begin_page(here, contact, {}, going_on=copy_id)
    return redirect(url_for("asked_copy", copy_id=copy_id))


def _begin(work: Work, contact: Contact) -> None:
    made = books.begin_copy(work, contact, request.form.get("authority", ""), GATHERERS)
    schools.note_look(work, subject="asked copy begun", subject_id=made.id)


def _begin_page(here: Here, contact: Contact, errors: dict[str, str], going_on: uuid.UUID | None = None) -> str:
    note_frame(here)
    shown = shown_for(here.work)
    staff = schools.staff_by_id(
        here.work, [each.released_by for each in books.released_copies(here.work, contact.id) if each.released_by]
    )
    return render_template(
        "contact_copy.html",
        name=contact.name,
        url=url_for("contact_copy", contact_id=contact.id),
        going_on=url_for("asked_copy", copy_id=going_on) if going_on else None,
        released=[
            {
                "url": url_for("asked_copy_paper", copy_id=each.id),
                "day": shown.day(each.released_at) if each.released_at else "",
                "by": staff[each.released_by].shown_name if each.released_by in staff else "",
            }
            for each in books.released_copies(here.work, contact.id)
        ],
        authority=request.form.get("authority", ""),
        longest=books.LONGEST_AUTHORITY,
        errors=errors,
    )


def _copy_here(here: Here, copy_id: uuid.UUID) -> tuple[AskedCopy, Contact]:
    found = books.copy_by_id(here.work, copy_id)
    return found, contact_for(here, found.contact_id).contact


@pages.route("/asked-copies/<uuid:copy_id>", RELEASE, methods=("GET", "POST"))
def asked_copy(copy_id: uuid.UUID) -> str | tuple[str, int] | Answer:
    """Ten entries at a time: which words tell about somebody else? Then a look at all of it, and it goes."""
    with at_school() as here:
        found, contact = _copy_here(here, copy_id)
        sheet = _sheet()
        if request.method == "GET":
            return _page(here, found, contact, sheet, {})
        act = request.form.get("act", "")
        errors = kept(here.work, lambda: _act(here.work, found, act))
        if errors:
            return _page(here, found, contact, sheet, errors), 409 if "" in errors else 400
        contact_id = contact.id
    if act == "release":
        return redirect(url_for("contact_copy", contact_id=contact_id))
    return redirect(url_for("asked_copy", copy_id=copy_id, sheet=sheet + (act == "looked")))


def _sheet() -> int:
    written = request.values.get("sheet", "")
    return int(written) if written.isdecimal() and len(written) < 6 else 0


def _act(work: Work, found: AskedCopy, act: str) -> None:
    if act == "looked":
        books.look_at_items(work, found, _marked(books.items_of(work, found)))
    elif act == "add":
        books.add_to_copy(work, found, request.form.get("title", ""), request.form.get("words", ""))
    elif act == "release":
        books.release_copy(work, found)
        schools.note_look(work, subject="asked copy released", subject_id=found.id)


def _marked(items: list[AskedItem]) -> list[Marked]:
    """What the form says of the entries it showed."""
    form = request.form
    marked = []
    for item in items:
        number = form.get(f"n-{item.id}", "")
        if number.isdecimal() and len(number) < 9:
            gone = {int(each) for each in form.getlist(f"b-{item.id}") if each.isdecimal() and len(each) < 6}
            marked.append(Marked(item.id, int(number), frozenset(gone), bool(form.get(f"o-{item.id}"))))
    return marked


def _page(here: Here, found: AskedCopy, contact: Contact, sheet: int, errors: dict[str, str]) -> str:
    note_frame(here)
    schools.note_look(here.work, subject="asked copy", subject_id=found.id)
    shown = shown_for(here.work)
    items = books.items_of(here.work, found)
    shows = items[sheet * A_SHEET : (sheet + 1) * A_SHEET]
    waiting = [each for each in items if each.looked_at is None]
    next_sheet = (waiting[0].place - 1) // A_SHEET if waiting else None
    return render_template(
        "asked_copy.html",
        name=contact.name,
        back_url=url_for("contact_copy", contact_id=contact.id),
        url=url_for("asked_copy", copy_id=found.id),
        paper_url=url_for("asked_copy_paper", copy_id=found.id),
        authority=found.authority,
        released=found.released_at is not None,
        sheet=sheet,
        items=[] if found.released_at else [_row(shown, each) for each in shows],
        count=len(items),
        waiting=len(waiting),
        next_url=url_for("asked_copy", copy_id=found.id, sheet=next_sheet) if next_sheet is not None else None,
        title=request.form.get("title", ""),
        words=request.form.get("words", ""),
        longest={"title": books.LONGEST_ENTRY_TITLE, "words": books.LONGEST_ENTRY},
        errors=errors,
    )


def _row(shown: Shown, item: AskedItem) -> dict[str, Any]:
    return {
        "id": str(item.id),
        "number": item.number,
        "place": item.place,
        "day": shown.date(item.on_day),
        "title": item.title,
        "words": [
            {"at": at, "word": word, "on": at in item.blanked} for at, word in enumerate(books.words_in(item.words))
        ],
        "left_out": item.left_out,
        "looked": item.looked_at is not None,
        "photo_url": url_for("asked_copy_file", copy_id=item.copy_id, item_id=item.id)
        if item.photo_id or item.picture_id
        else None,
        "sound_url": url_for("asked_copy_file", copy_id=item.copy_id, item_id=item.id)
        if item.sound_id or item.voice_id
        else None,
    }


def _told(work: Work, found: AskedCopy, contact: Contact) -> dict[str, Any]:
    """A copy as it goes, in the language of whom it is for."""
    language = shown_in(found.language)
    shown = Shown(language, schools.calendar_of(work), work.now)
    items = books.items_of(work, found)
    blank = shown.say(BLANK)
    left_out = sum(each.left_out for each in items)
    return {
        "name": contact.name,
        "about": shown.say(ABOUT, day=shown.day(found.released_at)) if found.released_at else shown.say(DRAFT),
        "left_out": shown.say(LEFT_OUT, num=left_out) if left_out else "",
        "entries": [
            {
                "on": each.on_day.isoformat(),
                "day": shown.date(each.on_day),
                "title": each.title,
                "words": books.without(each, blank),
                **_carried(work, each, blank),
            }
            for each in items
            if not each.left_out
        ],
    }


def _carried(work: Work, item: AskedItem, blank: str) -> dict[str, Any]:
    """The photo or the voice note that an entry is, as it is kept, its content in base64."""
    file = books.file_of(work, item)
    if file is None:
        return {}
    kept_as = {"media_type": file.media_type, "content": b64encode(file.content).decode()}
    if item.sound_id or item.voice_id:
        return {"sound": kept_as}
    said = books.without(item, blank) or item.title
    return {"photo": {**kept_as, "alt": said, "width": file.width, "height": file.height}}


def _paper(work: Work, found: AskedCopy, contact: Contact) -> Response:
    language = shown_in(found.language)
    shown = Shown(language, schools.calendar_of(work), work.now)
    school = schools.school_of(work)
    told = _told(work, found, contact)
    # A voice note is its words on paper.
    told["entries"] = [{name: of for name, of in each.items() if name != "sound"} for each in told["entries"]]
    pdf = set_on_paper(
        "web/papers/asked.typ",
        told,
        title=shown.say(TITLE, name=contact.name),
        foot=school.name_mi if language is Language.MI else school.name_en,
        language=language,
        made_at=found.released_at or work.now,
    )
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="copy.pdf"'})


@pages.route("/asked-copies/<uuid:copy_id>/paper", RELEASE)
def asked_copy_paper(copy_id: uuid.UUID) -> Response:
    """The copy as it goes, or would go."""
    with at_school() as here:
        found, contact = _copy_here(here, copy_id)
        schools.note_look(here.work, subject="asked copy", subject_id=found.id)
        return _paper(here.work, found, contact)


@pages.route("/asked-copies/<uuid:copy_id>/files/<uuid:item_id>", RELEASE)
def asked_copy_file(copy_id: uuid.UUID, item_id: uuid.UUID) -> Answer:
    """The photo, picture or voice note that an entry is, for whoever prepares the copy."""
    with at_school() as here:
        found, _ = _copy_here(here, copy_id)
        return _file(here.work, books.item_of(here.work, found, item_id))


def _file(work: Work, item: AskedItem) -> Answer:
    file = books.file_of(work, item)
    if file is None:
        raise PageNotFound
    answer = Response(file.content, mimetype=file.media_type, headers={"Content-Disposition": "inline"})
    return answer.make_conditional(request, accept_ranges=True, complete_length=len(file.content))


def copies_at_home(work: Work, shown: Shown, secret: str, contact: Contact) -> list[dict[str, str]]:
    """The copies that were released to a contact, as their page lists them."""
    return [
        {
            "day": shown.day(each.released_at) if each.released_at else "",
            "paper_url": here_url(secret, "family_copy_paper", copy_id=each.id),
            "data_url": here_url(secret, "family_copy_data", copy_id=each.id),
        }
        for each in books.released_copies(work, contact.id)
    ]


@pages.route("/w/<secret>/copies/<uuid:copy_id>/paper", LINK)
def family_copy_paper(secret: str, copy_id: uuid.UUID) -> Response:
    """A copy that was released to this very person, on a device that proved itself."""
    with at_home(secret) as home:
        if not home.known:
            raise PageNotFound
        found = books.copy_at_home(home.work, home.holder.contact, copy_id)
        schools.note_look(home.work, subject="asked copy at home", subject_id=found.id)
        return _paper(home.work, found, home.holder.contact)


@pages.route("/w/<secret>/copies/<uuid:copy_id>/data", LINK)
def family_copy_data(secret: str, copy_id: uuid.UUID) -> Response:
    """The same as data."""
    with at_home(secret) as home:
        if not home.known:
            raise PageNotFound
        found = books.copy_at_home(home.work, home.holder.contact, copy_id)
        schools.note_look(home.work, subject="asked copy at home", subject_id=found.id)
        answer = jsonify(_told(home.work, found, home.holder.contact))
    answer.headers["Content-Disposition"] = 'attachment; filename="copy.json"'
    return answer


__all__ = ["copies_at_home", "pages"]
