"""What a copy that somebody asked for holds of hui: those of their own home, with minutes, voices, steps and wishes."""

from __future__ import annotations

from collections.abc import Iterator

from commsbridge import schools, whanau
from commsbridge.books import PICTURES, About, Gathered
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.work import Work
from commsbridge.meetings.bringing import voices_for
from commsbridge.meetings.guest_words import evaluations_for
from commsbridge.meetings.guests import is_of_other_home
from commsbridge.meetings.models import Hui, HuiItem, HuiStep, Whose
from commsbridge.meetings.reading import (
    corrections_of,
    hui_of_home,
    items_of,
    people_of,
    steps_of,
    wish_of,
)

_HUI = N_("A hui about %(child)s")
_WISHES = N_("How your home wished the hui about %(child)s to be")
_VOICE = N_("What %(child)s said before the hui")
_HOME_VOICE = N_("What your home said before the hui about %(child)s")
_STEP = N_("A next step of the hui about %(child)s")
_BESIDE = N_("Beside the minutes of the hui about %(child)s")


def gather_hui(work: Work, about: About) -> Iterator[Gathered]:
    """Each hui of their home: why, who, each point with what was decided and said to it, and all that followed."""
    calendar = schools.calendar_of(work)
    for child_id, called in about.children.items():
        for hui in hui_of_home(work, about.contact, [child_id]):
            on, child = calendar.local(hui.begins_at or hui.made_at).date(), called.preferred
            own = whanau.home_of(about.contact)
            people = [
                each.name if is_of_other_home(work, hui, each, own) else f"{each.name}. {each.why}".rstrip(". ")
                for each in people_of(work, hui)
            ]
            points = [_point(each, about.language) for each in items_of(work, hui)]
            said = [hui.purpose, hui.needed, hui.place, hui.ended_why, *people, *points]
            yield Gathered(on, about.say(_HUI, child=child), _lines(*said))
            yield from _around(work, about, hui, child)


def _around(work: Work, about: About, hui: Hui, child: str) -> Iterator[Gathered]:
    calendar = schools.calendar_of(work)
    wish = wish_of(work, hui)
    if wish is not None:
        said = _lines(wish.place, wish.tikanga, wish.interpreter, wish.support, wish.access)
        if said:
            yield Gathered(calendar.local(wish.at).date(), about.say(_WISHES, child=child), said)
    for voice in voices_for(work, hui, home=True):
        title = _VOICE if voice.whose is Whose.STUDENT else _HOME_VOICE
        said = _lines(voice.words, ", ".join(PICTURES[each][about.language is Language.MI] for each in voice.pictures))
        if said:
            yield Gathered(calendar.local(voice.at).date(), about.say(title, child=child), said)
    steps = steps_of(work, [hui.id])
    own = whanau.home_of(about.contact)
    evaluations = evaluations_for(work, hui, [each.id for each in steps], home=own, standing=False)
    for step in steps:
        seen = [each.words for each in evaluations.get(step.id, [])]
        title = about.say(_STEP, child=child)
        yield Gathered(calendar.local(step.made_at).date(), title, _step(step, seen))
    for each in corrections_of(work, hui):
        yield Gathered(calendar.local(each.at).date(), about.say(_BESIDE, child=child), each.words)


def _point(item: HuiItem, language: Language) -> str:
    return _lines(item.words_in(language), item.decided, item.agrees_words)


def _step(step: HuiStep, seen: list[str]) -> str:
    return _lines(step.what, step.who, step.explained, *seen)


def _lines(*said: str) -> str:
    return "\n".join(filter(None, said))
