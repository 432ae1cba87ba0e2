"""What was written for a page of a book and came when that had gone home: said back to its writer, nothing is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request

from commsbridge import books
from commsbridge.books import BookPage, BookSection, Holds, Typed, Whose
from commsbridge.foundation.work import Work
from commsbridge.web.book_shown import STEPS, option, title_of
from commsbridge.web.shown import Shown


def stands_already(work: Work, page: BookPage | None, typed: Sequence[Typed]) -> bool:
    """Whether a page went home with all that was typed: it had come before, and only the answer was lost."""
    return page is not None and page.home_at is not None and not _files() and not books.left_unsaved(work, page, typed)


def _files() -> bool:
    return any(file.filename for file in request.files.values())


def came_late(
    work: Work, shown: Shown, page: BookPage, sections: Sequence[BookSection], typed: Sequence[Typed]
) -> dict[str, Any] | None:
    """What was typed for a page that had gone home and stands nowhere on it; None where there is nothing of it.

    {"school": text that may be written beside it, "child": texts of the child's, which go beside no page: whoever they
    were for was the child's to choose, "files": whether a photo or a voice note came with it}.
    """
    by_id = {section.id: section for section in sections}
    left = [(by_id[each.section_id], each) for each in books.left_unsaved(work, page, typed)]
    if not left and not _files():
        return None
    return {
        "school": "\n".join(_said(shown, part, each) for part, each in left if part.whose is Whose.SCHOOL),
        "child": [_said(shown, part, each) for part, each in left if part.whose is Whose.CHILD],
        "files": _files(),
    }


def _said(shown: Shown, section: BookSection, typed: Typed) -> str:
    ticks = [option(section.options[each], shown.language) for each in typed.ticked if each < len(section.options)]
    step = shown.say(STEPS[typed.step]) if typed.step in STEPS and section.holds is Holds.GOAL else ""
    words = ", ".join(filter(None, [typed.words, *ticks, step]))
    return f"{title_of(section, shown.language)}: {words}"
