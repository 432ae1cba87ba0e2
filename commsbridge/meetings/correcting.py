"""Minutes that went out stay as they are: what puts them right stands beside them, and whoever has them is told."""

from __future__ import annotations

import uuid

from commsbridge import tasks
from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.errors import Conflict, Invalid
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.work import Work
from commsbridge.meetings.guests import mail_correction
from commsbridge.meetings.inviting import tell_home
from commsbridge.meetings.models import Hui, HuiCorrection, Welcome
from commsbridge.meetings.opening import words_kept
from commsbridge.meetings.reading import people_of
from commsbridge.messages import HuiTelling, Links
from commsbridge.tasks import TaskKind


def correct(work: Work, hui: Hui, words: str, *, contact_id: uuid.UUID | None, links: Links) -> HuiCorrection:
    """Write beside the minutes what puts them right: somebody of the home, or of the school (None).

    Everybody else who has the minutes is told: the home by its way (a text says only that it is there), the staff who
    were there by a task, a guest by mail. Raises Invalid without words, Conflict before they went out.
    """
    if hui.minutes_sent_at is None:
        raise Conflict(N_("The minutes have not gone out yet: change them where they stand."))
    kept = words_kept(words, "correction")
    if not kept:
        raise Invalid(N_("Write what is right."), field="correction")
    correction = HuiCorrection(
        id=uuid.uuid4(),
        hui_id=hui.id,
        words=kept,
        contact_id=contact_id,
        staff_id=work.actor.id if contact_id is None and work.actor.kind is ActorKind.STAFF else None,
        at=work.now,
    )
    work.session.add(correction)
    work.session.flush()
    line = (dict.fromkeys(Language, kept), None)
    tell_home(work, hui, HuiTelling.CORRECTED, links=links, agreed=[line], but=contact_id)
    _tell_staff(work, hui, correction)
    mail_correction(work, hui, line)
    return correction


def _tell_staff(work: Work, hui: Hui, correction: HuiCorrection) -> None:
    """Whoever opened the hui and the staff who were there, but not who wrote it; each once while it is unread."""
    there = [(each.staff_id, each.id) for each in people_of(work, hui) if each.answer is Welcome.YES]
    for staff_id, subject_id in [(hui.staff_id, hui.id), *there]:
        if staff_id is None or staff_id == correction.staff_id or (staff_id == hui.staff_id and subject_id != hui.id):
            continue
        tasks.give_task(
            work, TaskKind.HUI_CORRECTED, staff_id=staff_id, student_id=hui.student_id, subject_id=subject_id
        )
