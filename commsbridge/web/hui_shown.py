"""A hui as pages show it, to those at school and to its one home: the same facts, each with what is theirs to read."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from commsbridge import books, meetings, schools, whanau
from commsbridge.foundation.language import N_
from commsbridge.foundation.reo_dates import day_and_date
from commsbridge.foundation.work import Work
from commsbridge.meetings import (
    Agrees,
    Clash,
    Hears,
    Helped,
    Hui,
    HuiEvaluation,
    HuiItem,
    HuiState,
    HuiStep,
    HuiWish,
    Part,
    Whose,
)
from commsbridge.schools import Staff
from commsbridge.students import Student
from commsbridge.web.book_at_hui import book_voices
from commsbridge.web.book_shown import option
from commsbridge.web.hui_people import mail_languages, many, person_row, without_mail
from commsbridge.web.hui_together import HOME, people_in, point_said, time_labels, together_facts
from commsbridge.web.shown import Shown

STATES = {
    HuiState.PREPARED: N_("Not sent yet"),
    HuiState.ASKED: N_("Waiting for the family to choose a time"),
    HuiState.SET: N_("Set for %(when)s"),
    HuiState.HELD: N_("Held on %(when)s"),
    HuiState.CANCELLED: N_("Called off"),
}
WHOSE = {
    Whose.FAMILY: N_("from whānau"),
    Whose.STUDENT: N_("from %(child)s"),
    Whose.SCHOOL: N_("from school"),
}
AGREES = {
    Agrees.AGREE: N_("We agree"),
    Agrees.NOT_YET: N_("Not yet"),
    Agrees.DIFFERENTLY: N_("We see it differently"),
    Agrees.LATER: N_("We will decide later, at home"),
}
HEARS = {
    Hears.EVERYONE: N_("Everyone there may hear it"),
    Hears.SCHOOL: N_("Only the people of the school who are there"),
    Hears.HOME: N_("Only my family"),
}
# Beside words that their student does not want everybody there to hear.
HEARD = N_("Who may hear it, as they chose: %(who)s")
HELPED = {Helped.YES: N_("It helped"), Helped.PARTLY: N_("It helped a little"), Helped.NO: N_("It did not help")}
SAYS = {Whose.STUDENT: N_("%(child)s says"), Whose.FAMILY: N_("Whānau say"), Whose.SCHOOL: N_("School says")}
# What came of a next step; of one that ended before it was kept, that it has an end.
ENDED = {True: N_("It is done."), False: N_("It was not done. Here is why:"), None: N_("It has an end.")}
GUEST_SAID = N_("%(guest)s says (%(day)s)")
GUEST_SAYS = N_("%(guest)s says (%(staff)s wrote it down, %(day)s)")
YES, NO = N_("Yes"), N_("No")
PARTS = {
    Part.ALL: N_("For all of it"),
    Part.SOME: N_("For some of it"),
    Part.NONE: N_("Not there: others speak for them"),
}
AGAIN = N_("We meet again on %(day)s.")
READ_BACK = N_("%(who)s read all of it aloud, %(when)s.")
NOTHING = N_("Was asked, and chose to say nothing this time.")
BY_YOU = N_("Whānau")


def moment(shown: Shown, hui: Hui) -> str:
    """When a hui is, in words; "" while no time is chosen."""
    if hui.begins_at is None:
        return ""
    return at_words(shown, hui.begins_at)


def at_words(shown: Shown, at: datetime) -> str:
    """A moment to come: its weekday, date and time."""
    on = shown.calendar.local(at).date()
    return f"{day_and_date(on, shown.language, shown.calendar.day_names)}, {shown.time(at)}"


def state_words(shown: Shown, hui: Hui) -> str:
    """Where a hui stands, in words."""
    return shown.say(STATES[hui.state], when=moment(shown, hui))


def kind_title(shown: Shown, kind: meetings.HuiKind) -> str:
    """What kind of hui it is, as a line of its own begins."""
    words = shown.say(meetings.KIND_NAMES[kind])
    return words[:1].upper() + words[1:]


def whose_home(work: Work, shown: Shown, hui: Hui, student: Student) -> str:
    """For those at school: the people of the one home it is with; "" where two homes meet, or nobody may be told."""
    found = [] if hui.joint else meetings.homes_behind(work, student, hui)
    return shown.say(HOME, people=people_in(shown, found[0])) if found else ""


def home_rows(
    work: Work, shown: Shown, found: Sequence[Hui], url_of: Callable[[Hui], str], *, speaks: uuid.UUID
) -> list[dict[str, Any]]:
    """The hui of one home as its first page lists them, each with the steps that wait for that home (``speaks``)."""
    steps = meetings.steps_of(work, [each.id for each in found], still_open=True)
    theirs = [each for each in steps if each.by_family and each.home in {None, speaks}]
    return [
        {
            "url": url_of(each),
            "title": kind_title(shown, each.kind),
            "state": state_words(shown, each),
            "asks": each.state is HuiState.ASKED,
            "steps": [{"what": step.what, "day": shown.date(step.due_on)} for step in theirs if step.hui_id == each.id],
        }
        for each in found
    ]


def hui_facts(
    work: Work, shown: Shown, hui: Hui, student: Student, *, home: bool, speaks: uuid.UUID | None = None
) -> dict[str, Any]:
    """All that a page of a hui shows; with ``home`` what is theirs to read alone. ``speaks``: the home that reads."""
    people = meetings.people_of(work, hui)
    ends = meetings.ends_at(hui)
    voices = meetings.voices_for(work, hui, home=home)
    able = set() if home else {each.id for each in meetings.those_who_may_come(work, hui.student_id)}
    names = whanau.contact_names(work, {each.contact_id for each in voices if each.contact_id}) if hui.joint else {}
    said = [_voice(shown, each, student, names) for each in voices]
    said += [] if home else book_voices(work, shown, student)
    times = [
        {"value": str(each.number), "label": at_words(shown, each.begins_at)}
        for each in meetings.times_of(work, hui)
        if not home or _still_free(work, hui, each)
    ]
    time_labels(work, shown, hui, student, times)
    return {
        **together_facts(work, shown, hui, student, speaks),
        "kind": kind_title(shown, hui.kind),
        "whose_home": "" if home else whose_home(work, shown, hui, student),
        "child": student.preferred_name,
        "purpose": hui.purpose,
        "needed": hui.needed,
        "place": hui.place,
        "video_url": hui.video_url,
        "minutes": hui.minutes,
        "state": hui.state.value,
        "state_words": state_words(shown, hui),
        "when": moment(shown, hui),
        "until": shown.time(ends) if ends else "",
        "times": times,
        "people": [
            person_row(work, shown, hui, each, home=home, speaks=speaks, able=able)
            for each in people
        ],
        "many": many(shown, people, home=home),
        "mail_languages": mail_languages(shown),
        "wish": _wishes(work, shown, hui, student, speaks),
        "kaitakawaenga": shown.say(meetings.ROLES["kaitakawaenga"].does),
        "yes_no": [{"value": each, "label": shown.say(label)} for each, label in (("yes", YES), ("no", NO))],
        "parts": [{"value": each.value, "label": shown.say(label)} for each, label in PARTS.items()],
        "items": [
            {**_item(shown, each, student), "homes": point_said(work, shown, hui, each, AGREES)}
            for each in meetings.items_of(work, hui)
        ],
        "aloud": [each for each in said if not each.get("hears")],
        "student_asked": any(each.whose is Whose.STUDENT for each in voices),
        "voices": said,
        "agrees": [{"value": each.value, "label": shown.say(label)} for each, label in AGREES.items()],
        "helped": [{"value": each.value, "label": shown.say(label)} for each, label in HELPED.items()],
        "steps": _steps(work, shown, hui, student, speaks),
        "next": shown.say(AGAIN, day=shown.date(hui.next_on)) if hui.next_on else "",
        "next_on": hui.next_on.isoformat() if hui.next_on else "",
        "ends": shown.iso(ends) if ends else "",
        "place_taken": not home and _place_taken(work, hui),
        "outsiders": without_mail(people, by_family=False),
        "brought": without_mail(people, by_family=True),
        "chair": hui.chair,
        "minute_taker": hui.minute_taker,
        "read_back": shown.say(READ_BACK, who=hui.read_back_by, when=at_words(shown, hui.read_back_at))
        if hui.read_back_at
        else "",
        "not_spoken_to": [] if home else [each.words_in(shown.language) for each in meetings.not_spoken_to(work, hui)],
        "sent": hui.minutes_sent_at is not None,
        "corrections": _corrections(work, shown, hui),
        "longest": meetings.LONGEST_WORDS,
    }  # fmt: skip


def _still_free(work: Work, hui: Hui, time: meetings.HuiTime) -> bool:
    """Whether a time may still be chosen: it is to come, and nobody has another hui then."""
    return time.begins_at > work.now and meetings.clash_at(work, hui, time.begins_at) in {None, Clash.PLACE}


def _place_taken(work: Work, hui: Hui) -> bool:
    return (
        hui.state is HuiState.SET
        and hui.begins_at is not None
        and meetings.clash_at(work, hui, hui.begins_at) is Clash.PLACE
    )


def _wishes(work: Work, shown: Shown, hui: Hui, student: Student, speaks: uuid.UUID | None) -> dict[str, Any] | None:
    """The wishes of the home; of two that meet those of the reader, at school of both, each beside its names."""
    if not hui.joint or speaks:
        wish = meetings.wish_of(work, hui, speaks)
        return _wish(shown, wish) if wish else None
    homes = meetings.homes_behind(work, student, hui)
    said = [(each, wish) for each in homes if (wish := meetings.wish_of(work, hui, each.key))]
    if not said:
        return None
    rows = [(people_in(shown, each), _wish(shown, wish)) for each, wish in said]
    both = {
        name: "\n".join(f"{who}: {wish[name]}" for who, wish in rows if wish[name])
        for name in ("place", "tikanga", "interpreter", "support", "access", "part_words")
    }
    return {
        **both,
        "part": "",
        "together": False,
        "kaitakawaenga": _for_both([wish["kaitakawaenga"] for _, wish in rows]),
        "timer": len(rows) == len(homes) and all(wish["timer"] for _, wish in rows),
    }


def _for_both(said: list[bool | None]) -> bool | None:
    """Whether one of the homes would like it; None while one of them has not said, and none would."""
    return True if True in said else (None if None in said else False)


def _wish(shown: Shown, wish: HuiWish) -> dict[str, Any]:
    return {
        "place": wish.place,
        "tikanga": wish.tikanga,
        "interpreter": wish.interpreter,
        "support": wish.support,
        "access": wish.access,
        "kaitakawaenga": wish.kaitakawaenga,
        "timer": wish.timer,
        "together": wish.together,
        "part": wish.part.value if wish.part else "",
        "part_words": shown.say(PARTS[wish.part]) if wish.part else "",
    }


def _item(shown: Shown, item: HuiItem, student: Student) -> dict[str, Any]:
    return {
        "item_id": item.id,
        "words": item.words_in(shown.language),
        "whose": item.whose.value,
        "by": shown.say(WHOSE[item.whose], child=student.preferred_name),
        "decided": item.decided,
        "agrees": item.agrees.value if item.agrees else "",
        "agrees_said": shown.say(AGREES[item.agrees]) if item.agrees else "",
        "agrees_words": item.agrees_words,
    }


def _voice(shown: Shown, voice: meetings.HuiVoice, student: Student, names: Mapping[uuid.UUID, str]) -> dict[str, Any]:
    """``names``: of two homes that meet, who said it."""
    family = names.get(voice.contact_id) if voice.contact_id else None
    by = student.preferred_name if voice.whose is Whose.STUDENT else family or shown.say(BY_YOU)
    return {
        "words": voice.words or ("" if voice.pictures else shown.say(NOTHING)),
        "pictures": [{"key": key, "label": option(books.PICTURES[key], shown.language)} for key in voice.pictures],
        "nothing": not voice.words and not voice.pictures,
        "hears": "" if voice.hears is Hears.EVERYONE else shown.say(HEARD, who=shown.say(HEARS[voice.hears])),
        "who": "them",
        "by": f"{by}, {shown.day(voice.at)}" + (f" ({voice.with_whom})" if voice.with_whom else ""),
    }


def _steps(work: Work, shown: Shown, hui: Hui, student: Student, speaks: uuid.UUID | None) -> list[dict[str, Any]]:
    steps = meetings.steps_of(work, [hui.id])
    said = meetings.evaluations_for(work, hui, [each.id for each in steps], home=speaks)
    guests = {each.id: each.name for each in meetings.people_of(work, hui)}
    return [
        {
            **step_row(shown, each),
            "said": [
                {
                    "by": _who_says(work, shown, one, student, guests),
                    "helped": shown.say(HELPED[one.helped]),
                    "words": one.words,
                }
                for one in said.get(each.id, [])
            ],
        }
        for each in steps
    ]


def _who_says(work: Work, shown: Shown, one: HuiEvaluation, student: Student, guests: Mapping[uuid.UUID, str]) -> str:
    if one.guest_id is None:
        return shown.say(SAYS[one.whose], child=student.preferred_name)
    if one.staff_id is None:
        return shown.say(GUEST_SAID, guest=guests[one.guest_id], day=shown.day(one.at))
    wrote = work.session.get_one(Staff, one.staff_id).name
    return shown.say(GUEST_SAYS, guest=guests[one.guest_id], staff=wrote, day=shown.day(one.at))


def step_row(shown: Shown, step: HuiStep) -> dict[str, Any]:
    """One next step: what, who, by when, and what came of it."""
    return {
        "step_id": step.id,
        "what": step.what,
        "who": step.who or shown.say(BY_YOU),
        "by_family": step.by_family,
        "home": step.home,
        "day": shown.date(step.due_on),
        "ended": shown.say(ENDED[step.done]) if step.done_at is not None else "",
        "explained": step.explained,
        "late": step.done_at is None and step.due_on < shown.today,
    }


def _corrections(work: Work, shown: Shown, hui: Hui) -> list[dict[str, str]]:
    found = meetings.corrections_of(work, hui)
    staff = schools.staff_by_id(work, {each.staff_id for each in found if each.staff_id})
    contacts = whanau.contact_names(work, {each.contact_id for each in found if each.contact_id})
    by = {each.id: each.shown_name for each in staff.values()} | contacts
    return [
        {
            "words": each.words,
            "by": next((by[key] for key in (each.staff_id, each.contact_id) if key and key in by), ""),
            "day": shown.day(each.at),
        }
        for each in found
    ]
