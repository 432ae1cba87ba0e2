"""Who texts the bot from the staff: the person, the phone, the children they teach, in their language."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from commsbridge import messages, schools, students
from commsbridge.foundation.actors import Actor
from commsbridge.foundation.language import Language, say
from commsbridge.foundation.work import Work
from commsbridge.messages import Links
from commsbridge.schools import Permission, Staff, StaffPhone, Viewer
from commsbridge.students import Student

# An answer of the bot that comes later than this answers nothing.
ANSWER_LASTS = timedelta(hours=2)


@dataclass(frozen=True)
class Desk:
    """One text of one teacher, being answered; ``work`` is an act of theirs."""

    work: Work
    staff: Staff
    phone: StaffPhone
    viewer: Viewer
    language: Language
    links: Links

    def say(self, sentence: str, /, **slots: object) -> str:
        """A sentence in the teacher's language."""
        return say(self.language, sentence, **slots)

    @cached_property
    def children(self) -> dict[uuid.UUID, Student]:
        """Whom they may praise: the children they teach; of the whole school for whoever teaches none but sees all."""
        on = schools.today(self.work)
        taught = students.students_taught_by(self.work, self.viewer, on)
        if not taught and self.viewer.may(Permission.SEE_WHOLE_SCHOOL):
            taught = students.students_seen_by(self.work, self.viewer, on)
        return {child.id: child for child in taught}

    @cached_property
    def names(self) -> dict[uuid.UUID, tuple[str, str]]:
        """What these children are called: preferred and whole."""
        return {child.id: (child.preferred_name, child.name) for child in self.children.values()}

    def called(self, student_ids: Iterable[uuid.UUID]) -> list[str]:
        """The first names of children; the whole name where two of theirs share the first."""
        shared = Counter(child.preferred_name for child in self.children.values())
        theirs = [self.children[each] for each in student_ids]
        return [child.preferred_name if shared[child.preferred_name] == 1 else child.name for child in theirs]

    def answer(self, words: str) -> None:
        """Text back to the phone they wrote from."""
        messages.text_staff(
            self.work, self.staff, self.phone.address, words, language=self.language,
            expires_at=self.work.now + ANSWER_LASTS,
        )  # fmt: skip


def desk_of(work: Work, phone: StaffPhone, links: Links) -> Desk | None:
    """The desk of whoever's phone it is; None when they may not send praise (any more)."""
    viewer = schools.viewer_for(work, phone.staff_id)
    if not viewer.may(Permission.SEND_PRAISE):
        return None
    staff = schools.staff_by_id(work, [phone.staff_id])[phone.staff_id]
    theirs = replace(work, actor=Actor.staff(staff.id))
    return Desk(theirs, staff, phone, viewer, schools.language_of(work, staff), links)
