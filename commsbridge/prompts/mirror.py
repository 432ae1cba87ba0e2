"""A teacher's own mirror: what they sent, about whom, who is due, and the thanks that came back. For them alone."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from commsbridge import conversations, partnership, schools, students
from commsbridge.conversations import Asks, Reply
from commsbridge.foundation.work import Work
from commsbridge.prompts.asking import who_next
from commsbridge.prompts.choosing import Waiting
from commsbridge.schools import Viewer
from commsbridge.students import Student

# Without a term the mirror looks back so far.
LOOKS_BACK = timedelta(days=70)
# Words of thanks answer the good news of so many days.
THANKS_WITHIN = timedelta(days=7)
MOST_THANKS = 20
MOST_DUE = 5


@dataclass(frozen=True, slots=True)
class Mirror:
    """What one teacher did since a day: praises by child, children not praised yet, who is due, thanks that came."""

    since_on: date
    praised: Sequence[tuple[Student, int]]
    not_yet: Sequence[Student]
    due: Sequence[tuple[Student, Waiting]]
    thanks: Sequence[tuple[Reply, Student]]

    @property
    def praises(self) -> int:
        """How many praises they sent, about children they still teach."""
        return sum(times for _, times in self.praised)


def mirror_of(work: Work, viewer: Viewer) -> Mirror:
    """The mirror of whoever looks, of this term: nobody else has one to look into."""
    today, calendar = schools.today(work), schools.calendar_of(work)
    term = calendar.term_of(today)
    since_on = term.first_on if term is not None else today - LOOKS_BACK
    taught = {child.id: child for child in students.students_taught_by(work, viewer, today)}
    sent = partnership.praise_by(work, viewer.staff_id, since=schools.day_begins(work, since_on))
    times = Counter(student_id for student_id, _ in sent if student_id in taught)
    return Mirror(
        since_on,
        [(child, times[child.id]) for child in taught.values() if times[child.id]],
        [child for child in taught.values() if not times[child.id]],
        who_next(work, viewer, how_many=MOST_DUE),
        _thanks(work, taught, sent),
    )


def _thanks(
    work: Work, taught: Mapping[uuid.UUID, Student], sent: Sequence[tuple[uuid.UUID, datetime]]
) -> list[tuple[Reply, Student]]:
    """Words of thanks about a child whom this teacher had praised in the days before."""
    found = []
    for reply, about in conversations.replies_about(work, list(taught), waiting=False, limit=200):
        moments = (at for student_id, at in sent if student_id == about.student_id)
        answers = any(timedelta(0) <= reply.received_at - at <= THANKS_WITHIN for at in moments)
        if answers and conversations.asks(reply.words) is Asks.THANKS:
            found.append((reply, taught[about.student_id]))
    return found[:MOST_THANKS]
