"""What stands on a page of a book, as staff and whānau read it: each in their own language, each what is theirs."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from flask import url_for

from commsbridge import books, messages, schools
from commsbridge.books import (
    Book,
    BookCorrection,
    BookEntry,
    BookPage,
    BookSection,
    BookSound,
    ChildSound,
    Holds,
    Rhythm,
    Sees,
    Whose,
)
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.work import Work
from commsbridge.messages import Photo
from commsbridge.web.shown import Shown

STEPS = {
    1: N_("Not yet"),
    2: N_("With a lot of help"),
    3: N_("With a little help"),
    4: N_("By themselves"),
}
SEES = {
    Sees.TEACHER: N_("Only my teacher and the school"),
    Sees.ONE_HOME: N_("One home"),
    Sees.HOMES: N_("All my homes"),
    Sees.HUI: N_("The school, and our hui"),
}
RHYTHMS = {
    Rhythm.DAILY: N_("Each school day"),
    Rhythm.SOME_DAYS: N_("On certain days"),
    Rhythm.WEEKLY: N_("Once a week"),
}
BESIDE = N_("%(who)s, %(day)s, beside the page")
FROM_HOME = N_("From home")
ALONE = N_("Entered by the student alone; %(who)s handed over the device")


def title_of(titled: Book | BookSection, language: Language) -> str:
    """The title in the reader's language."""
    return titled.title_mi if language is Language.MI else titled.title_en


def option(pair: Sequence[str], language: Language) -> str:
    """A tick in the reader's language."""
    return pair[1] if language is Language.MI else pair[0]


def for_home(entry: BookEntry, section: BookSection, household_id: uuid.UUID | None) -> bool:
    """Whether a home sees it: what a child said goes where the child chose, and nowhere else."""
    if section.whose is Whose.SCHOOL:
        return True
    if entry.sees is Sees.ONE_HOME:
        return household_id is not None and entry.household_id == household_id
    return entry.sees is Sees.HOMES


def part_rows(
    shown: Shown,
    sections: Sequence[BookSection],
    entries: Mapping[uuid.UUID, BookEntry],
    staff: Mapping[uuid.UUID, schools.Staff],
) -> list[dict[str, Any]]:
    """The sections of a page in which something stands."""
    return [_part(shown, each, entries[each.id], staff) for each in sections if _filled(entries.get(each.id))]


def _filled(entry: BookEntry | None) -> bool:
    return entry is not None and bool(entry.words or entry.ticked or entry.step)


def _part(
    shown: Shown, section: BookSection, entry: BookEntry, staff: Mapping[uuid.UUID, schools.Staff]
) -> dict[str, Any]:
    return {
        "title": title_of(section, shown.language),
        "words": entry.words,
        "ticked": [
            option(section.options[each], shown.language) for each in entry.ticked if each < len(section.options)
        ],
        "pictures": [_drawn(section, each) for each in entry.ticked if each < len(section.options)],
        "step": entry.step if section.holds is Holds.GOAL else None,
        "step_words": shown.say(STEPS[entry.step]) if entry.step else "",
        "child": section.whose is Whose.CHILD,
        "sees": shown.say(SEES[entry.sees]) if entry.sees else "",
        "by": _by(shown, entry, staff),
    }


def _by(shown: Shown, entry: BookEntry, staff: Mapping[uuid.UUID, schools.Staff]) -> str:
    who = staff[entry.staff_id].shown_name if entry.staff_id in staff else ""
    return shown.say(ALONE, who=who) if entry.by_child else who


def _drawn(section: BookSection, place: int) -> str | None:
    """The picture of a tick of the child's, where one is drawn."""
    return books.picture_of(section.options[place][0]) if section.whose is Whose.CHILD else None


def writers(work: Work, entries: Collection[BookEntry]) -> dict[uuid.UUID, schools.Staff]:
    """Who wrote these, by id."""
    return dict(schools.staff_by_id(work, {each.staff_id for each in entries}))


def page_rows(
    work: Work,
    shown: Shown,
    pages: Sequence[BookPage],
    sections: Sequence[BookSection],
    *,
    home: tuple[uuid.UUID | None, Collection[uuid.UUID]] | None = None,
    photo_url: Callable[[Photo], str] | None = None,
    sound_url: Callable[[BookPage, BookSound], str] | None = None,
    voice_url: Callable[[BookPage, ChildSound], str] | None = None,
) -> list[dict[str, Any]]:
    """Pages with what stands on them, in a few queries however many there are.

    ``photo_url`` is where each photo is, ``sound_url`` each voice note, ``voice_url`` what the child
    recorded alone; without one there are none. ``home`` is
    (household, its contacts) of whoever reads at home: they see what is theirs alone. None is school.
    """
    stands = books.standing(work, pages)
    beside = books.corrections_of(work, pages, home=home is not None)
    photos = books.photos_on(work, pages) if photo_url else {}
    sounds = books.sounds_on(work, pages) if sound_url else {}
    household = home[0] if home else None
    spoken = books.child_sounds_on(work, pages, home=household, at_home=home is not None) if voice_url else {}
    known = {section.id: section for section in sections}
    staff_ids = {entry.staff_id for found in stands.values() for entry in found.values()}
    staff_ids |= {each.staff_id for found in beside.values() for each in found if each.staff_id}
    staff_ids |= {each.staff_id for found in sounds.values() for each in found}
    staff = dict(schools.staff_by_id(work, staff_ids))
    return [
        {
            "page_id": page.id,
            "book_id": page.book_id,
            "on": page.on_day.isoformat(),
            "day": shown.date(page.on_day),
            "long_day": shown.weekday(page.on_day),
            "home": page.home_at is not None,
            "home_said": shown.until(page.home_at) if page.home_at else "",
            "parts": part_rows(shown, _of_book(sections, page), _seen(stands[page.id], known, home), staff),
            "photos": [
                _photo(each, photo_url(each))
                for each in photos.get(page.id, ())
                if photo_url and (home is None or messages.photo_may_show(work, each))
            ],
            "sounds": [_sound(each, sound_url(page, each), staff) for each in sounds.get(page.id, ()) if sound_url]
            + [_childs(shown, each, voice_url(page, each)) for each in spoken.get(page.id, ()) if voice_url],
            "beside": [_beside(shown, each, staff) for each in beside[page.id] if _may_read(each, home)],
        }
        for page in pages
    ]


def _sound(sound: BookSound, url: str, staff: Mapping[uuid.UUID, schools.Staff]) -> dict[str, Any]:
    by = staff[sound.staff_id].shown_name if sound.staff_id in staff else ""
    return {"id": sound.id, "url": url, "words": sound.words, "by": by}


def _childs(shown: Shown, sound: ChildSound, url: str) -> dict[str, Any]:
    """What a child recorded alone, once somebody has listened to it."""
    return {"id": sound.id, "url": url, "words": sound.words, "by": shown.say(books.CHILDS_VOICE)}


def child_sound_rows(work: Work, shown: Shown, page: BookPage) -> list[dict[str, Any]]:
    """What the child recorded on a page and was heard, with whom it is for."""
    return [
        {**row, "by": " · ".join([row["by"], shown.say(SEES[each.sees]) if each.sees else ""])}
        for each in books.child_sounds_on(work, [page])[page.id]
        for row in [_childs(shown, each, voice_at_school(page, each))]
    ]


def voice_at_school(page: BookPage, sound: ChildSound) -> str:
    """Where staff hear what a child recorded alone."""
    return url_for("child_voice", book_id=page.book_id, voice_id=sound.id)


def sound_at_school(page: BookPage, sound: BookSound) -> str:
    """Where staff who see the child hear a voice note."""
    return url_for("book_sound", book_id=page.book_id, sound_id=sound.id)


def _photo(photo: Photo, url: str) -> dict[str, Any]:
    return {"id": photo.id, "url": url, "alt": photo.alt, "width": photo.width, "height": photo.height}


def at_school_url(photo: Photo) -> str:
    """Where staff who see the child see a photo of theirs."""
    return url_for("photo", student_id=photo.student_id, photo_id=photo.id)


def _of_book(sections: Sequence[BookSection], page: BookPage) -> list[BookSection]:
    return [section for section in sections if section.book_id == page.book_id]


def _seen(
    entries: Mapping[uuid.UUID, BookEntry],
    sections: Mapping[uuid.UUID, BookSection],
    home: tuple[uuid.UUID | None, Collection[uuid.UUID]] | None,
) -> dict[uuid.UUID, BookEntry]:
    known = {key: entry for key, entry in entries.items() if key in sections}
    if home is None:
        return known
    return {key: entry for key, entry in known.items() if for_home(entry, sections[key], home[0])}


def _may_read(each: BookCorrection, home: tuple[uuid.UUID | None, Collection[uuid.UUID]] | None) -> bool:
    return home is None or each.contact_id is None or each.contact_id in home[1]


def _beside(shown: Shown, each: BookCorrection, staff: Mapping[uuid.UUID, schools.Staff]) -> dict[str, Any]:
    writer = staff.get(each.staff_id) if each.staff_id else None
    who = writer.shown_name if writer else shown.say(FROM_HOME)
    return {"words": each.words, "by": shown.say(BESIDE, who=who, day=shown.date(shown.calendar.local(each.at).date()))}
