"""A teacher's own mirror: what they sent, about whom, who is due, and the thanks that came back. For them alone."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from commsbridge import conversations, messages, partnership, schools, students
from commsbridge.conversations import Asks, Reply
from commsbridge.foundation.work import Work
from commsbridge.messages import Written
from commsbridge.partnership import Line, Moment
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
MOST_SENT = 10


@dataclass(frozen=True, slots=True)
class Mirror:
    """What one teacher did since a day: praises by child, children not praised yet, who is due, thanks that came.

    ``praises`` and ``concerns`` are all they wrote, about whomever; ``lately`` their latest praise of children they
    still teach, with when.
    """

    since_on: date
    praises: int
    concerns: int
    lately: Sequence[tuple[Written, Student, datetime]]
    praised: Sequence[tuple[Student, int]]
    not_yet: Sequence[Student]
    due: Sequence[tuple[Student, Waiting]]
    thanks: Sequence[tuple[Reply, Student]]


def mirror_of(work: Work, viewer: Viewer) -> Mirror:
    """The mirror of whoever looks, of this term: nobody else has one to look into."""
    today, calendar = schools.today(work), schools.calendar_of(work)
    term = calendar.term_of(today)
    since_on = term.first_on if term is not None else today - LOOKS_BACK
    taught = {child.id: child for child in students.students_taught_by(work, viewer, today)}
    kinds = (Moment.PRAISE, Moment.CONCERN)
    wrote = partnership.written_by(work, viewer.staff_id, kinds, since=schools.day_begins(work, since_on))
    sent = [line for line in wrote if line.moment is Moment.PRAISE]
    times = Counter(line.student_id for line in sent if line.student_id in taught)
    return Mirror(
        since_on,
        len(sent),
        len(wrote) - len(sent),
        _lately(work, taught, sent),
        [(child, times[child.id]) for child in taught.values() if times[child.id]],
        [child for child in taught.values() if not times[child.id]],
        who_next(work, viewer, how_many=MOST_DUE),
        _thanks(work, taught, sent),
    )


def _lately(
    work: Work, taught: Mapping[uuid.UUID, Student], sent: Sequence[Line]
) -> list[tuple[Written, Student, datetime]]:
    """The latest praise of children this teacher still teaches, with its words."""
    lines = [line for line in sent if line.student_id in taught and line.subject_id is not None][:MOST_SENT]
    written = messages.written(work, [line.subject_id for line in lines if line.subject_id is not None])
    return [
        (written[line.subject_id], taught[line.student_id], line.at) for line in lines if line.subject_id in written
    ]


def _thanks(work: Work, taught: Mapping[uuid.UUID, Student], sent: Sequence[Line]) -> list[tuple[Reply, Student]]:
    """Words of thanks about a child whom this teacher had praised in the days before."""
    found = []
    for reply, about in conversations.replies_about(work, list(taught), waiting=False, limit=200):
        moments = (line.at for line in sent if line.student_id == about.student_id)
        answers = any(timedelta(0) <= reply.received_at - at <= THANKS_WITHIN for at in moments)
        if answers and conversations.asks(reply.words) is Asks.THANKS:
            found.append((reply, taught[about.student_id]))
    return found[:MOST_THANKS]
