"""How a child's books are kept, as a contact reads it at home: the promise, the words, who of school signed them.

Each home signs the same words, and none is told of another's: of home, a contact's own yes alone stands here.
"""

from __future__ import annotations

import uuid
from typing import Any

from commsbridge import books, schools
from commsbridge.books import Book, BookSignature
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.work import Work
from commsbridge.web.book_shown import RHYTHMS, title_of
from commsbridge.web.shown import Shown

FOR_SCHOOL = N_("For the school: %(who)s, %(day)s")
YOUR_YES = N_("You said yes on %(day)s.")
YES_BY_SCHOOL = N_("You said yes on %(day)s, as %(staff)s wrote down.")


def agreed_at_home(work: Work, shown: Shown, contact_id: uuid.UUID, student_id: uuid.UUID) -> dict[str, Any] | None:
    """The school's promise and the agreement of each book kept now; None where nothing was said of either."""
    kept = books.books_of(work, [student_id])
    promise = books.commitment_of(work)[shown.language is Language.MI] if kept else ""
    rows = [_row(work, shown, contact_id, book) for book in kept if book.agreement_number]
    if not promise and not rows:
        return None
    return {"promise": promise, "books": rows, "asks": any(not row["yours"] for row in rows)}


def _row(work: Work, shown: Shown, contact_id: uuid.UUID, book: Book) -> dict[str, Any]:
    agreement = books.agreement_of(work, book)
    own = next((each for each in agreement.by_home if each.contact_id == contact_id), None)
    signed = (*agreement.by_school, own) if own else agreement.by_school
    staff = dict(schools.staff_by_id(work, {by for each in signed for by in (each.staff_id, each.written_by) if by}))
    return {
        "book_id": book.id,
        "number": book.agreement_number,
        "title": title_of(book, shown.language),
        "rhythm": shown.say(RHYTHMS[book.rhythm]),
        "words": agreement.words,
        "school": [
            shown.say(FOR_SCHOOL, who=staff[each.staff_id].shown_name, day=_day(shown, each))
            for each in agreement.by_school
            if each.staff_id in staff
        ],
        "yours": _yours(shown, own, staff) if own else "",
    }


def _yours(shown: Shown, own: BookSignature, staff: dict[uuid.UUID, schools.Staff]) -> str:
    if own.written_by in staff:
        return shown.say(YES_BY_SCHOOL, day=_day(shown, own), staff=staff[own.written_by].shown_name)
    return shown.say(YOUR_YES, day=_day(shown, own))


def _day(shown: Shown, signature: BookSignature) -> str:
    return shown.date(shown.calendar.local(signature.at).date())
