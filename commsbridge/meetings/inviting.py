"""What a home is told of its hui: which times it may choose from, when it is, that it is near, or off."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from commsbridge import messages, students, tasks
from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_, Language, say
from commsbridge.foundation.work import Work
from commsbridge.meetings.clashes import Clash, clash_at
from commsbridge.meetings.guests import moment_words
from commsbridge.meetings.kinds import KIND_NAMES, TOLD_KINDS
from commsbridge.meetings.looking import next_look
from commsbridge.meetings.models import Hui, HuiAsking, HuiState, HuiTime, HuiTold
from commsbridge.meetings.numbering import ASKED, first_number
from commsbridge.meetings.opening import Purpose, check_open, checked_purpose, tell_person, words_kept
from commsbridge.meetings.question_models import HuiQuestion
from commsbridge.meetings.reading import home_behind, homes_behind, people_of, times_of
from commsbridge.messages import Delivery, HuiNews, HuiTelling, Links, MinuteLine, State
from commsbridge.students import Student
from commsbridge.tasks import TaskKind
from commsbridge.whanau import CARRIED, Recipient

MOST_TIMES = 3
# Further ahead than this nobody knows their week.
LONGEST_AHEAD = timedelta(days=120)
# What somebody who comes must know to be there.
TOLD_ANEW = frozenset({"place", "video_url", "minutes"})


def invite(work: Work, hui: Hui, times: Sequence[datetime], *, links: Links) -> dict[uuid.UUID, Delivery]:
    """Ask the home which of one to three times suits, by their own way and in their language; or ask anew.

    Whoever may not be told is not in the answer. Raises Invalid for no times, too many, or some that are past, too
    far off, or at which somebody has another hui; Conflict where the hui is over.
    """
    check_open(hui)
    offered = _checked(work, times)
    _check_free(work, hui, offered)
    anew = hui.round > 0
    hui.round, hui.state, hui.begins_at, hui.chosen_by = hui.round + 1, HuiState.ASKED, None, None
    hui.reminded_at = hui.chased_at = None
    hui.look_at = next_look(work, hui)
    hui.sequence += 1
    work.session.add_all(
        HuiTime(hui_id=hui.id, round=hui.round, number=number, begins_at=at) for number, at in enumerate(offered, 1)
    )
    work.session.flush()
    for kind in (TaskKind.HUI_TIMES, TaskKind.HUI_UNWRITTEN):
        tasks.close_tasks_about(work, kind, hui.id, outcome="asked again")
    for person in people_of(work, hui):
        tell_person(work, hui, person)
    return _ask(work, hui, HuiTelling.AGAIN if anew else HuiTelling.ASKED, links)


def _checked(work: Work, times: Sequence[datetime]) -> list[datetime]:
    offered = sorted(set(times))
    if not offered or len(offered) > MOST_TIMES:
        raise Invalid(N_("Offer one to three times."), field="times")
    if offered[0] <= work.now:
        raise Invalid(N_("That time is past. Offer times to come."), field="times")
    if offered[-1] > work.now + LONGEST_AHEAD:
        raise Invalid(N_("That is more than four months ahead. Offer a nearer time."), field="times")
    return offered


def _check_free(work: Work, hui: Hui, times: Sequence[datetime]) -> None:
    for at in times:
        clash = clash_at(work, hui, at)
        if clash is Clash.HOME:
            raise Invalid(N_("This home has another hui at one of these times. Offer others."), field="times")
        if clash is Clash.STAFF:
            raise Invalid(N_("Somebody has another hui at one of these times. Offer others."), field="times")


def _ask(work: Work, hui: Hui, telling: HuiTelling, links: Links) -> dict[uuid.UUID, Delivery]:
    student = _student(work, hui)
    times = times_of(work, hui)
    firsts: dict[str, int] = {}

    def first_at(address: str) -> int:
        if address not in firsts:
            firsts[address] = first_number(work, address, hui, len(times))
        return firsts[address]

    other = _other_home(work, hui, student)

    def news(recipient: Recipient, address: str | None) -> HuiNews:
        first = first_at(address) if address else 1
        named = {language: say(language, KIND_NAMES[hui.kind]) for language in Language}
        return HuiNews(
            telling,
            student.preferred_name,
            kind=named if hui.kind in TOLD_KINDS else None,
            times=tuple((first + each.number - 1, moment_words(work, each.begins_at)) for each in times),
            place=hui.place,
            video=bool(hui.video_url),
            together=other.get(recipient.contact_id, ""),
        )

    gone = _tell(work, hui, student, news, links)
    work.forget(ASKED)
    for contact_id, delivery in gone.items():
        if delivery.address and delivery.channel in CARRIED:
            work.session.add(
                HuiAsking(
                    hui_id=hui.id, contact_id=contact_id, delivery_id=delivery.id, address=delivery.address,
                    round=hui.round, first_number=first_at(delivery.address), asked_at=work.now,
                )
            )  # fmt: skip
    work.session.flush()
    return gone


def _student(work: Work, hui: Hui) -> Student:
    return work.session.get_one(students.Student, hui.student_id)


def _tell(
    work: Work,
    hui: Hui,
    student: Student,
    news: Callable[[Recipient, str | None], HuiNews],
    links: Links,
    *,
    but: uuid.UUID | None = None,
) -> dict[uuid.UUID, Delivery]:
    """Tell everybody of the home who may be told; what was told before and has not left yet holds no more."""
    before = select(HuiTold.message_id).where(HuiTold.hui_id == hui.id)
    if hui.state is HuiState.SET:
        # What a home was asked meanwhile still waits for its answer.
        asked = select(HuiQuestion.delivery_id).where(
            HuiQuestion.hui_id == hui.id, HuiQuestion.answered_at.is_(None)
        )  # fmt: skip
        questions = select(Delivery.message_id).where(Delivery.id.in_(asked))
        before = before.where(HuiTold.message_id.not_in(questions))
    messages.stop_telling(work, list(work.session.scalars(before)))
    home = home_behind(work, student, hui)
    if home is None:
        return {}
    by = work.actor.id if work.actor.kind is ActorKind.STAFF else hui.staff_id
    to = [each.contact_id for each in home.people if each.contact_id != but]
    gone = messages.tell_of_hui(work, student, news, to=to, staff_id=by, links=links)
    for delivery in gone.values():
        # A mail brings the hui for a calendar as it then stands; the worker makes the file when it goes.
        delivery.calendar = hui.begins_at is not None and hui.state in {HuiState.SET, HuiState.CANCELLED}
    for message_id in {each.message_id for each in gone.values()}:
        work.session.add(HuiTold(hui_id=hui.id, message_id=message_id, at=work.now))
    work.session.flush()
    return gone


def tell_home(
    work: Work,
    hui: Hui,
    telling: HuiTelling,
    *,
    links: Links,
    agreed: Sequence[MinuteLine] = (),
    steps: Sequence[MinuteLine] = (),
    more_steps: bool = False,
    but: uuid.UUID | None = None,
) -> dict[uuid.UUID, Delivery]:
    """Tell the home when it is, that it is near or off, or what was agreed. Returns what goes to whom.

    ``steps`` stand in a text, ``agreed`` in a mail; where it is near, both are points of its agenda. ``but``: somebody
    of the home who knows it already.
    """
    student = _student(work, hui)
    when = moment_words(work, hui.begins_at) if hui.begins_at else None
    placed = telling in {HuiTelling.SET, HuiTelling.NEAR, HuiTelling.CHANGED}
    told = HuiNews(
        telling,
        student.preferred_name,
        when=when,
        place=hui.place if placed else "",
        video=placed and bool(hui.video_url),
        minutes=hui.minutes if telling is HuiTelling.CHANGED else 0,
        agreed=tuple(agreed),
        steps=tuple(steps),
        more_steps=more_steps,
    )
    other = _other_home(work, hui, student) if placed else {}

    def news(recipient: Recipient, _address: str | None) -> HuiNews:
        return replace(told, together=other.get(recipient.contact_id, ""))

    return _tell(work, hui, student, news, links, but=but)


def _other_home(work: Work, hui: Hui, student: Student) -> dict[uuid.UUID, str]:
    """Where two homes meet: for each person of one the names of the other, as both asked for."""
    if not hui.joint:
        return {}
    homes = homes_behind(work, student, hui)
    return {
        person.contact_id: ", ".join(one.name for each in homes if each is not own for one in each.people)
        for own in homes
        for person in own.people
    }


def settle_time(work: Work, hui: Hui, begins_at: datetime, *, contact_id: uuid.UUID | None, links: Links) -> None:
    """A time is chosen: by somebody of the home, or None where they told the school. All who are wanted are told."""
    hui.state, hui.begins_at, hui.chosen_by, hui.reminded_at = HuiState.SET, begins_at, contact_id, None
    hui.sequence += 1
    hui.look_at = next_look(work, hui)
    work.session.flush()
    tasks.close_tasks_about(work, TaskKind.HUI_TIMES, hui.id, outcome="chosen")
    for person in people_of(work, hui):
        tell_person(work, hui, person)
    tell_home(work, hui, HuiTelling.SET, links=links)


def change_purpose(work: Work, hui: Hui, purpose: Purpose, *, links: Links) -> None:
    """Say anew what it is for and where. Of another place, link or length everybody is told who was told when it is.

    Raises Invalid as ``open_hui``, Conflict when it is over.
    """
    check_open(hui)
    new = checked_purpose(purpose)
    changed = {name for name, value in new.items() if getattr(hui, name) != value}
    if not changed:
        return
    for name in changed:
        setattr(hui, name, new[name])
    hui.sequence += 1
    work.session.flush()
    if not changed & TOLD_ANEW or hui.state is not HuiState.SET or hui.begins_at is None or hui.begins_at <= work.now:
        return
    for person in people_of(work, hui):
        tell_person(work, hui, person, changed=True)
    tell_home(work, hui, HuiTelling.CHANGED, links=links)


def call_off(work: Work, hui: Hui, why: str, *, links: Links) -> None:
    """Let it not take place. Whoever was asked or told is told so, while it is to come.

    Raises Invalid, Conflict where it is over.
    """
    check_open(hui)
    to_come = hui.begins_at is None or hui.begins_at > work.now
    asked = hui.state is not HuiState.PREPARED and to_come
    hui.ended_why = words_kept(why, "why")
    hui.state = HuiState.CANCELLED
    hui.look_at = next_look(work, hui)
    hui.sequence += 1
    work.session.flush()
    for kind in (TaskKind.HUI_TIMES, TaskKind.HUI_UNWRITTEN):
        tasks.close_tasks_about(work, kind, hui.id, outcome="called off")
    for person in people_of(work, hui) if to_come else ():
        tell_person(work, hui, person)
    if asked:
        tell_home(work, hui, HuiTelling.OFF, links=links)


def _goes(work: Work, delivery_id: uuid.UUID) -> bool:
    """Whether a message has not failed, and was not stopped."""
    found = messages.delivery_of(work, delivery_id)
    return found is not None and found[0].state not in {State.FAILED, State.CANCELLED}


def not_reached(work: Work, hui: Hui) -> list[str]:
    """Names of those of the home whom no invitation of this round reaches by message: they are rung."""
    home = home_behind(work, _student(work, hui), hui)
    asked = select(HuiAsking.contact_id, HuiAsking.delivery_id)
    asked = asked.where(HuiAsking.hui_id == hui.id, HuiAsking.round == hui.round)
    reached = {contact_id for contact_id, delivery_id in work.session.execute(asked) if _goes(work, delivery_id)}
    return [each.name for each in home.people if each.contact_id not in reached] if home else []
