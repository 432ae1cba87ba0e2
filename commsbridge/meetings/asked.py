"""What a copy that somebody asked for holds of hui: those of their own home, with minutes, voices, steps and wishes."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence

from commsbridge import schools, whanau
from commsbridge.books import PICTURES, About, Gathered
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.work import Work
from commsbridge.meetings.bringing import voices_for
from commsbridge.meetings.guest_words import evaluations_for
from commsbridge.meetings.guests import is_of_other_home
from commsbridge.meetings.models import Hui, HuiEvaluation, HuiItem, HuiStep, HuiVoice, Whose
from commsbridge.meetings.reading import (
    corrections_of,
    hui_of_home,
    items_of,
    people_of,
    steps_of,
    wish_of,
)
from commsbridge.meetings.together import words_of_homes
from commsbridge.whanau import Contact

_HUI = N_("A hui about %(child)s")
_WISHES = N_("How your home wished the hui about %(child)s to be")
_VOICE = N_("What %(child)s said before the hui")
_HOME_VOICE = N_("What your home said before the hui about %(child)s")
_OTHER_VOICE = N_("What the other home said before the hui about %(child)s")
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
            points = [_point(work, hui, each, about.language, own) for each in items_of(work, hui)]
            said = [hui.purpose, hui.needed, hui.place, hui.ended_why, *people, *points]
            yield Gathered(on, about.say(_HUI, child=child), _lines(*said))
            yield from _around(work, about, hui, child)


def _around(work: Work, about: About, hui: Hui, child: str) -> Iterator[Gathered]:
    calendar = schools.calendar_of(work)
    own = whanau.home_of(about.contact)
    wish = wish_of(work, hui, own)
    if wish is not None:
        said = _lines(wish.place, wish.tikanga, wish.interpreter, wish.support, wish.access)
        if said:
            yield Gathered(calendar.local(wish.at).date(), about.say(_WISHES, child=child), said)
    for voice in voices_for(work, hui, home=True):
        title = _VOICE if voice.whose is Whose.STUDENT else _OTHER_VOICE if _is_other(work, voice, own) else _HOME_VOICE
        said = _lines(voice.words, ", ".join(PICTURES[each][about.language is Language.MI] for each in voice.pictures))
        if said:
            yield Gathered(calendar.local(voice.at).date(), about.say(title, child=child), said)
    steps = steps_of(work, [hui.id])
    evaluations = evaluations_for(work, hui, [each.id for each in steps], home=own, standing=False)
    for step in steps:
        seen = _named(work, hui, evaluations.get(step.id, []), child)
        title = about.say(_STEP, child=child)
        yield Gathered(calendar.local(step.made_at).date(), title, _step(step, seen))
    for each in corrections_of(work, hui):
        yield Gathered(calendar.local(each.at).date(), about.say(_BESIDE, child=child), each.words)


def _is_other(work: Work, voice: HuiVoice, own: uuid.UUID) -> bool:
    """Whether somebody of the other one of two homes that met said it."""
    return voice.contact_id is not None and whanau.home_of(work.session.get_one(Contact, voice.contact_id)) != own


def _named(work: Work, hui: Hui, said: Sequence[HuiEvaluation], child: str) -> list[str]:
    """What was said of a step, each with whose words they are."""
    staff = schools.staff_by_id(work, {each.staff_id for each in said if each.staff_id})
    names = {
        **whanau.contact_names(work, {each.contact_id for each in said if each.contact_id}),
        **{each.id: each.shown_name for each in staff.values()},
        **{each.id: each.name for each in people_of(work, hui)},
    }
    return [f"{_who(each, child, names)}: {each.words}" for each in said if each.words]


def _who(said: HuiEvaluation, child: str, names: Mapping[uuid.UUID, str]) -> str:
    speaks = said.guest_id or said.contact_id or said.staff_id
    return child if said.whose is Whose.STUDENT or speaks is None else names[speaks]


def _point(work: Work, hui: Hui, item: HuiItem, language: Language, own: uuid.UUID) -> str:
    """A point with what was decided, and what their own home said to it."""
    said = item.agrees_words
    if hui.joint:
        word = words_of_homes(work, hui, item.id).get(own)
        said = word.words if word else ""
    return _lines(item.words_in(language), item.decided, said)


def _step(step: HuiStep, seen: list[str]) -> str:
    return _lines(step.what, step.who, step.explained, *seen)


def _lines(*said: str) -> str:
    return "\n".join(filter(None, said))
