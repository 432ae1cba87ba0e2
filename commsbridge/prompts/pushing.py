"""A prompt as a notice on the teacher's own devices: queued with the prompt, handed over, tried again, given up.

Handing over twice shows it once: the push service keeps the last notice of a topic (RFC 8030, section 5.4), and the
device the last of a tag. So a worker that died in between is simply followed by another.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from commsbridge import schools
from commsbridge.foundation.language import N_, Language, say, say_many
from commsbridge.foundation.reo_dates import list_of
from commsbridge.foundation.work import Work
from commsbridge.messages import Noticing
from commsbridge.messages.gateways import Accepted, Cause, NotSent, Outcome, Refused
from commsbridge.prompts.gateways import PushJob
from commsbridge.prompts.models import Prompt, Push, PushState
from commsbridge.prompts.noticing import With, said_of
from commsbridge.prompts.rules import LATEST
from commsbridge.prompts.texting import CAME_LATE, SHONE
from commsbridge.schools import Staff, StaffDevice
from commsbridge.students import Student

TITLE = N_("Who shone today?")
OTHER_TIME = N_("Would another time suit you better?")
# A try is over long before; then the notice may be tried by whoever comes.
TRY_LASTS = timedelta(seconds=90)
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 900.0
AT_ONCE = 200
# So long somebody may ask why a notice did not come.
KEPT_FOR = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class ClaimedPush:
    """A notice that a worker hands over now; ``attempt`` is which try it is."""

    id: uuid.UUID
    attempt: int
    job: PushJob


def push_prompt(
    work: Work,
    prompt: Prompt,
    staff: Staff,
    children: Sequence[Student],
    devices: Sequence[StaffDevice],
    *,
    with_it: With,
) -> None:
    """Queue a prompt for these devices of whom it asks; it is worth nothing once nobody may be asked that day.

    A child is named only on a device whose owner chose that, and with them what to notice: a lock screen is read by
    whoever passes.
    """
    language, links = schools.language_of(work, staff), with_it.links
    url = links.praise_url(children[0].id) if len(children) == 1 else links.today_url()
    calendar, today = schools.calendar_of(work), schools.today(work)
    ideas = with_it.ideas(children, language, today)
    for device in devices:
        told = {
            "title": say(language, TITLE),
            "body": _words(prompt, children, language, ideas if device.names else None, tired=with_it.tired),
            "url": url,
            "tag": _topic(prompt.id),
            "lang": language.tag,
        }
        work.session.add(
            Push(
                prompt_id=prompt.id,
                device_id=device.id,
                payload=json.dumps(told, ensure_ascii=False),
                state=PushState.WAITING,
                made_at=work.now,
                due_at=work.now,
                expires_at=calendar.moment(today, LATEST),
            )
        )
    work.session.flush()


def _words(
    prompt: Prompt,
    children: Sequence[Student],
    language: Language,
    ideas: Mapping[uuid.UUID, Noticing] | None,
    *,
    tired: bool,
) -> str:
    """The words of a notice; ``ideas`` None: on a device where no child is named."""
    if ideas is not None:
        alike = len({child.preferred_name for child in children}) < len(children)
        named = [child.name if alike else child.preferred_name for child in children]
        sentences = [say(language, SHONE, children=list_of(named, language, "or")), *said_of(children, named, ideas)]
    else:
        sentences = [
            say_many(
                language,
                "One home has waited for good news. Open this to see whose.",
                "%(num)s homes have waited for good news. Open this to see whose.",
                len(children),
            )
        ]
    if prompt.late is not None:
        sentences.insert(0, say(language, CAME_LATE))
    if tired:
        sentences.append(say(language, OTHER_TIME))
    return " ".join(sentences)


def _topic(prompt_id: uuid.UUID) -> str:
    """At most 32 letters of base64url (RFC 8030, section 5.4)."""
    return base64.urlsafe_b64encode(prompt_id.bytes).decode().rstrip("=")


def schools_with_pushes(session: Session, now: datetime) -> list[uuid.UUID]:
    """The schools with a notice that may go now, through the carrier's door, which sees no more of them."""
    due = select(Push.school_id).where(Push.state == PushState.WAITING, Push.due_at <= now)
    return list(session.scalars(due.distinct()))


def claim_pushes(work: Work) -> list[ClaimedPush]:
    """Take what may go now, the oldest first, at most AT_ONCE; what another worker takes just now is left to it.

    What is too late, or whose device was taken away meanwhile, is ended.
    """
    rows = (
        select(Push, StaffDevice)
        .join(StaffDevice, (StaffDevice.school_id == Push.school_id) & (StaffDevice.id == Push.device_id))
        .where(Push.state == PushState.WAITING, Push.due_at <= work.now)
        .order_by(Push.due_at, Push.id)
        .limit(AT_ONCE)
        .with_for_update(of=Push, skip_locked=True)
    )
    claimed = []
    for push, device in work.session.execute(rows):
        lives = int((push.expires_at - work.now).total_seconds())
        if lives <= 0 or device.ended_at is not None:
            _end(work, push, PushState.LATE)
            continue
        push.attempt += 1
        push.due_at = work.now + TRY_LASTS
        payload = push.payload.encode()
        job = PushJob(device.endpoint, device.p256dh, device.auth, payload, _topic(push.prompt_id), lives)
        claimed.append(ClaimedPush(push.id, push.attempt, job))
    work.session.flush()
    return claimed


def finish_push(work: Work, push_id: uuid.UUID, *, attempt: int, outcome: Outcome) -> PushState:
    """Note what became of one try; what another try has settled meanwhile stays as it is. Gives where it stands."""
    push = work.session.get_one(Push, push_id, with_for_update=True)
    if push.state is not PushState.WAITING or push.attempt != attempt:
        return push.state
    match outcome:
        case Accepted():
            _end(work, push, PushState.SENT)
            schools.note_device(work, push.device_id, taken=True)
        case Refused(cause, code):
            push.code = code
            _end(work, push, PushState.FAILED)
            schools.note_device(work, push.device_id, taken=False, gone=cause is Cause.NOT_IN_SERVICE)
        case again:
            push.code = again.code
            asked = again.retry_after if isinstance(again, NotSent) else None
            pause = asked or min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempt - 1, 20))
            push.due_at = work.now + timedelta(seconds=pause)
            if push.due_at >= push.expires_at:
                _end(work, push, PushState.FAILED)
                schools.note_device(work, push.device_id, taken=False)
    work.session.flush()
    return push.state


def forget_old_pushes(work: Work) -> None:
    """Forget the notices of this school that were over KEPT_FOR ago; the prompts themselves stay."""
    over = (Push.state != PushState.WAITING, Push.ended_at < work.now - KEPT_FOR)
    work.session.execute(delete(Push).where(*over).execution_options(synchronize_session=False))


def _end(work: Work, push: Push, state: PushState) -> None:
    push.state, push.ended_at, push.payload = state, work.now, ""
