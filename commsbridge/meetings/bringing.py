"""What each brings to the hui: wishes, points for the agenda, and the voices of the student and of whānau."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from commsbridge import books, conversations
from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.work import Work
from commsbridge.meetings.models import Hears, Hui, HuiItem, HuiState, HuiVoice, HuiWish, Part, Whose
from commsbridge.meetings.opening import LONGEST_NAME, LONGEST_PLACE, check_open, words_kept
from commsbridge.meetings.reading import items_of
from commsbridge.meetings.together import home_speaking, note_together
from commsbridge.students import Student

MOST_ITEMS = 30
# What is longer is heard as a voice alone.
LONGEST_POINT = 200
safety = conversations.safety
SHOW_NOW = N_(
    "These words may be about somebody’s safety, so they do not go into the hui. "
    "Show them now to whoever looks after safety here."
)


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a family wishes the hui to be.

    ``timer``: one may be seen in the room; ``kaitakawaenga`` None: not said yet; ``part`` None: not said yet how much
    of it the student is there for;
    ``together``: they would meet together with another home, if that one says so too.
    """

    place: str = ""
    tikanga: str = ""
    interpreter: str = ""
    support: str = ""
    access: str = ""
    kaitakawaenga: bool | None = None
    timer: bool = False
    part: Part | None = None
    together: bool = False

    def words(self) -> str:
        """All that was written, for the screening."""
        return f"{self.place}\n{self.tikanga}\n{self.interpreter}\n{self.support}\n{self.access}"


def check_childs(words: str) -> None:
    """What a child says that may be about somebody's safety stands on no page of a hui. Raises Invalid for it."""
    if safety.worries(words):
        raise Invalid(SHOW_NOW, field="words")


def _staff(work: Work) -> uuid.UUID | None:
    return work.actor.id if work.actor.kind is ActorKind.STAFF else None


def say_wishes(
    work: Work, hui: Hui, wishes: Wishes, *, contact_id: uuid.UUID | None, home: uuid.UUID | None = None
) -> HuiWish:
    """Keep how the family wishes it to be: by somebody of the home, or written down at school (None).

    Where two homes meet, each has wishes of its own: ``home`` is the one that told the school.

    Raises Invalid for words that are too long, Conflict where the hui is over.
    """
    check_open(hui)
    said = HuiWish(
        id=uuid.uuid4(),
        hui_id=hui.id,
        contact_id=contact_id,
        staff_id=None if contact_id else _staff(work),
        place=words_kept(wishes.place, "place", longest=LONGEST_PLACE),
        tikanga=words_kept(wishes.tikanga, "tikanga"),
        interpreter=words_kept(wishes.interpreter, "interpreter", longest=LONGEST_NAME),
        support=words_kept(wishes.support, "support", longest=LONGEST_PLACE),
        access=words_kept(wishes.access, "access"),
        kaitakawaenga=wishes.kaitakawaenga,
        timer=wishes.timer,
        part=wishes.part,
        together=wishes.together and not hui.joint,
        home=home_speaking(work, hui, contact_id, home) if hui.joint else None,
        at=work.now,
    )
    work.session.add(said)
    work.session.flush()
    if not hui.joint:
        note_together(work, hui, work.session.get_one(Student, hui.student_id))
    return said


def add_items(
    work: Work, hui: Hui, whose: Whose, points: Sequence[str], *, contact_id: uuid.UUID | None = None
) -> list[HuiItem]:
    """Put points on the agenda; what the same person or the school has put there in the same words stands once.

    Raises Invalid for none or too many, Conflict where it is closed.
    """
    if hui.state is HuiState.CANCELLED or hui.minutes_sent_at is not None:
        raise Conflict(N_("The agenda is closed."))
    kept = [said for each in points if (said := words_kept(each, "words"))]
    if not kept:
        raise Invalid(N_("Write a few words first."), field="words")
    mine = [each for each in items_of(work, hui) if (each.whose, each.contact_id) == (whose, contact_id)]
    known = {each.words.casefold(): each for each in mine}
    if len(kept) == 1 and (same := known.get(kept[0].casefold())):
        return [same]
    last, there = work.session.execute(
        select(func.coalesce(func.max(HuiItem.position), 0), func.count()).where(HuiItem.hui_id == hui.id)
    ).one()
    if there + len(kept) > MOST_ITEMS:
        raise Invalid(N_("That is more than one hui can hold. Meet again for the rest."), field="words")
    if whose is Whose.STUDENT:
        for each in kept:
            check_childs(each)
    items = [
        HuiItem(
            id=uuid.uuid4(),
            hui_id=hui.id,
            whose=whose,
            contact_id=contact_id,
            staff_id=None if contact_id else _staff(work),
            words=words,
            position=last + place,
            made_at=work.now,
        )
        for place, words in enumerate(kept, 1)
    ]
    work.session.add_all(items)
    work.session.flush()
    return items


def say_for_family(work: Work, hui: Hui, words: str, *, contact_id: uuid.UUID | None) -> HuiVoice:
    """Keep what whānau say beforehand; everyone there hears it. Raises Invalid for no words or too many."""
    return _keep(work, hui, Whose.FAMILY, words, hears=Hears.EVERYONE, contact_id=contact_id)


def put_as_point(work: Work, hui: Hui, words: str, *, contact_id: uuid.UUID) -> HuiItem | None:
    """Put what whānau answered on the agenda, once, as their own point; None where it is too long or there is no room.

    Whoever answers by text has no other way to bring a point.
    """
    kept = words_kept(words, "words")
    points = work.session.execute(select(HuiItem.whose, HuiItem.words).where(HuiItem.hui_id == hui.id)).all()
    if (
        len(kept) > LONGEST_POINT
        or len(points) >= MOST_ITEMS
        or (Whose.FAMILY, kept) in {tuple(each) for each in points}
    ):
        return None
    return add_items(work, hui, Whose.FAMILY, [kept], contact_id=contact_id)[0]


def say_for_student(
    work: Work, hui: Hui, words: str, *, hears: Hears | None, with_whom: str, pictures: Collection[str] = ()
) -> HuiVoice:
    """Keep what the student says, as a trusted adult heard it; who hears it is the student's choice.

    ``pictures`` are keys of books.PICTURES they pointed at, with words or without. What may be about somebody's safety
    goes to the people named for that and to nobody else; where nobody is named it is refused. Raises Invalid for that,
    for neither words nor a picture, for a picture there is not, no choice, or no name of whom it was said to.
    """
    if not set(pictures) <= set(books.PICTURES):
        raise Invalid(N_("Choose the pictures from the list."), field="pictures")
    heard = words_kept(with_whom, "with_whom", longest=LONGEST_NAME)
    if not heard:
        raise Invalid(N_("Name whom the student said it to."), field="with_whom")
    if hears is None:
        raise Invalid(N_("Ask the student who may hear it, then choose that here."), field="hears")
    shown = [key for key in books.PICTURES if key in pictures]
    return _keep(work, hui, Whose.STUDENT, words, hears=hears, with_whom=heard, pictures=shown)


def says_nothing(work: Work, hui: Hui, *, with_whom: str) -> HuiVoice:
    """Keep that the student was asked and chose to say nothing. Raises Invalid where nobody asked, Conflict."""
    asked_by = words_kept(with_whom, "with_whom", longest=LONGEST_NAME)
    if not asked_by:
        raise Invalid(N_("Name who asked the student."), field="with_whom")
    _check_takes(hui)
    voice = HuiVoice(
        id=uuid.uuid4(),
        hui_id=hui.id,
        whose=Whose.STUDENT,
        words="",
        hears=Hears.EVERYONE,
        with_whom=asked_by,
        staff_id=_staff(work),
        at=work.now,
    )
    work.session.add(voice)
    work.session.flush()
    return voice


def _check_takes(hui: Hui) -> None:
    if hui.state is HuiState.CANCELLED or hui.minutes_sent_at is not None:
        raise Conflict(N_("This hui is over. Keep it for the next one."))


def _keep(
    work: Work,
    hui: Hui,
    whose: Whose,
    words: str,
    *,
    hears: Hears,
    with_whom: str = "",
    contact_id: uuid.UUID | None = None,
    pictures: Sequence[str] = (),
) -> HuiVoice:
    _check_takes(hui)
    kept = words_kept(words, "words")
    if not kept and not pictures:
        raise Invalid(N_("Write a few words first."), field="words")
    alert = None
    if whose is Whose.STUDENT and kept:
        alert = safety.raise_for_child(work, hui.student_id, kept, said_in=safety.SaidIn.HUI)
        if alert is None:
            check_childs(kept)
    voice = HuiVoice(
        id=uuid.uuid4(),
        hui_id=hui.id,
        whose=whose,
        words=kept,
        pictures=list(pictures),
        hears=hears,
        with_whom=with_whom,
        contact_id=contact_id,
        staff_id=None if contact_id else _staff(work),
        alert_id=alert.id if alert else None,
        at=work.now,
    )
    work.session.add(voice)
    work.session.flush()
    return voice


def voices_for(work: Work, hui: Hui, *, home: bool) -> list[HuiVoice]:
    """What those of the school (or, with ``home``, those of the home) may read of what was said beforehand.

    What worried stands at school alone, and only once the people named for safety let it stand.
    """
    rows = select(HuiVoice).where(HuiVoice.hui_id == hui.id).order_by(HuiVoice.at, HuiVoice.id)
    found = list(work.session.scalars(rows))
    stands = safety.let_stand(work, [each.alert_id for each in found if each.alert_id])
    hidden = Hears.SCHOOL if home else Hears.HOME
    return [
        each
        for each in found
        if each.hears is not hidden and (each.alert_id is None or (not home and each.alert_id in stands))
    ]


def waiting_voices(work: Work, hui: Hui) -> int:
    """How many of the student's words are with the people named for safety."""
    rows = select(HuiVoice.alert_id).where(HuiVoice.hui_id == hui.id, HuiVoice.alert_id.is_not(None))
    told = {each for each in work.session.scalars(rows) if each}
    return len(told - safety.let_stand(work, told))


def voice_behind(work: Work, alert_id: uuid.UUID) -> HuiVoice:
    """The words an alert is about. Raises NotFound where they are none of a hui."""
    voice = work.session.scalar(select(HuiVoice).where(HuiVoice.alert_id == alert_id))
    if voice is None:
        raise NotFound(N_("That message is not here."))
    return voice
