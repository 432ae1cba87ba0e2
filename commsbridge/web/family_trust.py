"""Trust on a contact's own page: who has looked, a word only they know, words beside a page, their yes to a book."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, request
from werkzeug.wrappers import Response

from commsbridge import books, conversations, schools, tasks, whanau
from commsbridge.books import BookPage
from commsbridge.foundation.errors import Conflict
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.working_days import DECIDED_WITHIN, working_days_after
from commsbridge.schools import Role
from commsbridge.tasks import TaskKind
from commsbridge.web.access import LINK, Pages
from commsbridge.web.acting import read_id
from commsbridge.web.family_here import COOKIE, Home, at_home, here_url, store_words
from commsbridge.web.staff import ROLES

pages = Pages()
safety = conversations.safety
Screened = conversations.safety.Screened
LOOKS_BACK = timedelta(days=365)


def looked_rows(home: Home) -> list[dict[str, str]]:
    """On which days which roles read about their children or about them; never a name, a home, or what safety asks."""
    work, contact, shown = home.work, home.holder.contact, home.shown
    on = schools.today(work)
    ties = [
        tie for tie in whanau.ties_of(work, [contact.id], on=on)[contact.id] if tie.student_id in home.holder.students
    ]
    copies = [("book copy", each.id) for each in books.books_of(work, home.holder.students, ended=True)]
    subjects = [("contact", contact.id), *(("child", each) for each in home.holder.students), *copies]
    since = max(min((tie.from_on for tie in ties), default=on), on - LOOKS_BACK)
    seen = schools.roles_seen(work, subjects, since=since, but=whanau.safety_times(work, home.holder.students))
    return [
        {
            "day": shown.date(day),
            "who": shown.names([shown.say(ROLES[role][0]) for role in Role if role in roles]),
        }
        for day, roles in seen.items()
    ]


def keep_word(home: Home) -> None:
    """Add, change or take away the word; this device stays theirs, every other is asked anew."""
    books.keep_word(
        home.work,
        home.holder.contact,
        request.form.get("word", ""),
        before=request.form.get("before", ""),
        device=request.cookies.get(COOKIE, ""),
    )


@pages.route("/w/<secret>/beside", LINK, methods=("POST",))
def family_beside(secret: str) -> Response:
    """What they say is not right stands beside the page, and a leader answers it by law in 20 working days.

    Words that may be about somebody's safety take the way of everything that comes in, and stand nowhere first; what
    the screening cannot read takes it as well.
    """
    words, child = request.form.get("words", ""), request.form.get("child") or None
    with at_home(secret) as home:
        page_id = read_id(request.form.get("page_id"))
        if not home.known or page_id is None or not words.strip():
            return redirect(here_url(secret, child=child))
        work, contact = home.work, home.holder.contact
        page = books.page_for(work, contact, home.holder.students, page_id)
        student_id = books.book_by_id(work, page.book_id).student_id
        said, holder, school_id = safety.screened(work, words), home.holder, work.school_id
        if said is not Screened.URGENT:
            _stand_beside(home, page, words)
    if said is not Screened.CLEAR:
        store_words(holder, school_id, student_id, words)
    if said is not Screened.URGENT:
        return redirect(here_url(secret, child=child, beside="yes"))
    return redirect(here_url(secret, child=child, answered="yes", _anchor="answered"))


def _stand_beside(home: Home, page: BookPage, words: str) -> None:
    work, contact = home.work, home.holder.contact
    before = books.corrections_of(work, [page])[page.id]
    if any(each.contact_id == contact.id and each.words == tidy(words) for each in before):
        return
    written = books.write_beside(work, page, words, contact_id=contact.id)
    tasks.give_task(
        work,
        TaskKind.CORRECTION_ASKED,
        role=Role.LEADER,
        contact_id=contact.id,
        student_id=books.book_by_id(work, page.book_id).student_id,
        subject_id=written.id,
        words=written.words,
        due_on=working_days_after(schools.today(work), DECIDED_WITHIN),
    )


@pages.route("/w/<secret>/agree", LINK, methods=("POST",))
def family_agree(secret: str) -> Response:
    """Their yes to how a book of their child is kept, to the very words they read; other words ask again."""
    child, number = request.form.get("child") or None, request.form.get("number", "")[:9]
    agreed = "yes"
    with at_home(secret) as home:
        book_id = read_id(request.form.get("book_id"))
        if not home.known or book_id is None or not number.isdecimal():
            return redirect(here_url(secret, child=child))
        book = books.book_for(home.work, home.holder.students, book_id)
        try:
            books.sign_agreement(home.work, book, contact_id=home.holder.contact.id, number=int(number))
        except Conflict:
            agreed = "changed"
    return redirect(here_url(secret, child=child, agreed=agreed))
