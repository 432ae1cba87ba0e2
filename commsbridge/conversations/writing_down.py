"""Writing down what came in: the reply itself, its lines in the logs, the task for whoever must place it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from commsbridge import partnership, tasks
from commsbridge.conversations.matching import How, Parked
from commsbridge.conversations.models import RawInbound, Reply, ReplyState, ReplyStudent
from commsbridge.conversations.pictures import note_pictures
from commsbridge.conversations.posts import Post
from commsbridge.conversations.promises.keeping import note_asked
from commsbridge.conversations.slowing import note_came
from commsbridge.foundation.reading_language import language_written
from commsbridge.foundation.work import Work
from commsbridge.partnership import Moment
from commsbridge.schools import Role
from commsbridge.tasks import TaskKind

# Said to the service, or by a machine: nobody looks at a picture beside it. Nor are those of a flood fetched.
WITHOUT_PICTURES = frozenset({ReplyState.COMMAND, ReplyState.AUTOMATIC})


def keep(
    work: Work,
    post: Post,
    raw: RawInbound,
    state: ReplyState,
    *,
    contact_id: uuid.UUID | None = None,
    why: str | None = None,
    command: str | None = None,
    how: How | None = None,
) -> Reply:
    """Write down what came, whatever becomes of it."""
    reply = Reply(
        id=uuid.uuid4(),
        raw_id=raw.id,
        contact_id=contact_id,
        delivery_id=post.delivery_id,
        channel=post.channel,
        from_address=post.from_address,
        to_address=post.to_address,
        subject=post.subject,
        words=post.words,
        original=post.original,
        proven=post.proven,
        state=state,
        why=why,
        command=command,
        how=how,
        pictures=post.pictures,
        whole=post.whole,
        for_child=post.for_child,
        language=language_written(post.words),
        received_at=raw.received_at,
    )
    note_came(work, reply)
    work.write(reply)
    work.forget(("came", post.from_address))
    if post.picture_urls and state not in WITHOUT_PICTURES and why != Parked.TOO_MANY:
        note_pictures(work, reply, post.picture_urls)
    return reply


def file_in_logs(work: Work, reply: Reply, student_ids: Sequence[uuid.UUID], *, new: bool = False) -> None:
    """One line in the log of each child it is about; words that ask something are owed an answer.

    ``new``: it has just come in, and nobody owes it anything yet.
    """
    for student_id in student_ids:
        line = partnership.write_line(
            work,
            Moment.REPLY,
            student_id=student_id,
            at=reply.received_at,
            contact_id=reply.contact_id,
            channel=reply.channel,
            subject=("reply", reply.id),
            words=reply.words,
        )
        work.write(ReplyStudent(id=uuid.uuid4(), reply_id=reply.id, student_id=student_id, line_id=line.id))
    note_asked(work, reply, student_ids, new=new)


def give_to_match(work: Work, reply: Reply) -> None:
    """Somebody must say whose words these are; that somebody is restricted is not the office's to know.

    What somebody wrote who is slowed waits with the one person who reads it, who was told of it.
    """
    if reply.told_to is not None:
        return
    role = Role.LEARNING_SUPPORT if reply.why == Parked.NO_ACCESS else Role.OFFICE
    tasks.give_task(work, TaskKind.MATCH_REPLY, role=role, subject_id=reply.id, words=reply.why or "")
