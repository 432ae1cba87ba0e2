"""Verbs of a request for support: ask with the yes of whānau, say what became of it, take the yes back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from commsbridge import messages, partnership, schools, students, tasks, whanau
from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.foundation.working_days import working_days_after
from commsbridge.messages import Links, PageTelling
from commsbridge.partnership import Moment
from commsbridge.schools import Permission, Role
from commsbridge.students import Student
from commsbridge.support.directory import Service, service_named, services
from commsbridge.support.models import ConsentHow, SupportConsent, SupportRequest, SupportState, SupportStep
from commsbridge.tasks import TaskKind
from commsbridge.whanau import MayMessage

LONGEST_SUPPORT = 1000
LONGEST_WAITING = 80
# Two school weeks: long enough that a service has answered, short enough that a family is not left alone with it.
LOOK_AFTER = 10
# Four school weeks without a word: a family begins to wonder whether anybody remembers.
QUIET_FOR = 20
TELLS_FROM = time(10)
# Where a family begins that knows no service by name.
AT_SCHOOL = "senco"
LATEST_LOOK = timedelta(days=200)
ENDED = frozenset({SupportState.CLOSED, SupportState.WITHDRAWN})
# What a family would have to ask "why?" about.
SAYS_WHY = frozenset({SupportState.CLOSED, SupportState.DECLINED})
_S = SupportState
# A state may be left out where the service does, and told again with news of the waiting.
NEXT: dict[SupportState, frozenset[SupportState]] = {
    _S.ASKED: frozenset({_S.ASKED, _S.RECEIVED, _S.PLANNED, _S.REACHED_OUT, _S.DECLINED, _S.CLOSED}),
    _S.RECEIVED: frozenset({_S.RECEIVED, _S.PLANNED, _S.REACHED_OUT, _S.DECLINED, _S.CLOSED}),
    _S.PLANNED: frozenset({_S.PLANNED, _S.REACHED_OUT, _S.DECLINED, _S.CLOSED}),
    _S.REACHED_OUT: frozenset({_S.REACHED_OUT, _S.PLAN, _S.DECLINED, _S.CLOSED}),
    _S.PLAN: frozenset({_S.PLAN, _S.CLOSED}),
    _S.DECLINED: frozenset({_S.DECLINED, _S.ASKED, _S.CLOSED}),
    _S.CLOSED: frozenset(),
    _S.WITHDRAWN: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Consent:
    """Who at home said yes, how, and on which day."""

    contact_id: uuid.UUID | None
    how: ConsentHow
    on_day: date


@dataclass(frozen=True, slots=True)
class Asking:
    """A request as somebody writes it: for which service, what would help, with whose yes, and who follows it up."""

    service: str
    words: str
    consent: Consent
    owner_id: uuid.UUID | None
    waiting_with: str = ""
    look_on: date | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What became of a request. ``seen`` is the number of the step its writer had before them."""

    seen: int
    state: SupportState
    on_day: date
    words: str = ""
    waiting_with: str = ""
    owner_id: uuid.UUID | None = None
    look_on: date | None = None


def ask_for_support(
    work: Work, student: Student, asking: Asking, *, links: Links, once_key: str | None = None
) -> SupportRequest:
    """Write a request down, with the yes of somebody at home; whoever follows it up is reminded to look again.

    Whoever said yes is told, in their way, where each step stands.

    The same ``once_key`` again is the same request. Raises Invalid for a service nobody can ask for, no words, a yes of
    nobody who may hear about this child, a day to come, or nobody to follow it up.
    """
    if once_key and (known := work.session.scalar(select(SupportRequest).where(SupportRequest.once_key == once_key))):
        return known
    if not _may_be_asked(asking.service):
        raise Invalid(N_("Choose a service that can be asked."), field="service")
    words = _words(asking.words, needed=N_("Write in a few words what would help."))
    _check_consent(work, student.id, asking.consent)
    news = News(0, SupportState.ASKED, schools.today(work), "", asking.waiting_with, asking.owner_id, asking.look_on)
    _check_news(work, news)
    request = _once(work, student, asking.service, words, once_key, asked_by=work.actor.id)
    if work.session.scalar(select(SupportStep.id).where(SupportStep.request_id == request.id).limit(1)) is None:
        _keep_consent(work, request, asking.consent, given=True)
        _tell_home(work, request, _keep_step(work, request, news, number=1), links)
    return request


def _may_be_asked(key: str) -> bool:
    try:
        return service_named(key).asked
    except NotFound:
        return False


def ask_from_home(
    work: Work, student: Student, contact_id: uuid.UUID, service: str, words: str, *, once_key: str | None = None
) -> SupportRequest:
    """Somebody at home asks, on their own page: that is their yes, too, and a person at school follows it up.

    The same ``once_key`` again is the same request. Raises Invalid as asking does, and where nobody at school can
    follow it up.
    """
    if once_key and (known := work.session.scalar(select(SupportRequest).where(SupportRequest.once_key == once_key))):
        return known
    if service not in {each.key for each in asked_from_home()}:
        raise Invalid(N_("Choose a service that can be asked."), field="service")
    kept = _words(words, needed=N_("Write in a few words what would help."))
    today = schools.today(work)
    consent = Consent(contact_id, ConsentHow.PAGE, today)
    _check_consent(work, student.id, consent)
    owner = _follower(work, student.id, today)
    request = _once(work, student, service, kept, once_key, from_contact=contact_id)
    if work.session.scalar(select(SupportStep.id).where(SupportStep.request_id == request.id).limit(1)) is None:
        _keep_consent(work, request, consent, given=True)
        # A family that asked hears from a person soon: it stands with whoever follows it up at once.
        _keep_step(work, request, News(0, SupportState.ASKED, today, owner_id=owner, look_on=today), number=1)
    return request


def asked_from_home() -> list[Service]:
    """What a family may ask for themselves: learning support at school first, then the services one can ask."""
    return [each for each in services() if each.families and (each.asked or each.key == AT_SCHOOL)]


def _follower(work: Work, student_id: uuid.UUID, today: date) -> uuid.UUID:
    """Who at school follows up what a family asks: whoever leads learning support, and is not kept from the child."""
    able = [schools.viewer_for(work, each.id) for each in schools.staff_with(work, Permission.ASK_SUPPORT, today)]
    free = [each for each in able if student_id not in students.barred_from(work, each)]
    free.sort(key=lambda each: (Role.LEARNING_SUPPORT not in each.roles, Role.LEADER not in each.roles))
    if not free:
        raise Invalid(N_("Nobody at school can take this on the page. Please ring the school."))
    return free[0].staff_id


def _once(
    work: Work,
    student: Student,
    service: str,
    words: str,
    once_key: str | None,
    *,
    asked_by: uuid.UUID | None = None,
    from_contact: uuid.UUID | None = None,
) -> SupportRequest:
    row = insert(SupportRequest).values(
        id=uuid.uuid4(),
        student_id=student.id,
        service=service,
        words=words,
        asked_by=asked_by,
        from_contact=from_contact,
        asked_at=work.now,
        once_key=once_key,
    )
    once = row.on_conflict_do_nothing(index_elements=[SupportRequest.school_id, SupportRequest.once_key])
    made = work.session.scalar(once.returning(SupportRequest))
    return made or work.session.scalars(select(SupportRequest).where(SupportRequest.once_key == once_key)).one()


def note_news(work: Work, request: SupportRequest, news: News, *, links: Links) -> SupportStep:
    """Write down what became of a request: a step that whānau read, too; whoever said yes is told in their way.

    Raises Conflict when somebody wrote a step meanwhile, Invalid for a step that cannot follow or a day to come.
    """
    last = _last_locked(work, request.id)
    if news.seen != last.number:
        raise Conflict(N_("Somebody has just written what became of it. Read that first."))
    if news.state not in NEXT[last.state]:
        raise Invalid(N_("That cannot come next. Choose what happened after the last step."), field="state")
    if news.on_day < request.asked_at.date() - timedelta(days=1):
        raise Invalid(N_("That day was before the request."), field="on_day")
    if news.state in SAYS_WHY and not tidy(news.words):
        raise Invalid(N_("Write in a few words why, so that whānau need not ask."), field="words")
    _check_news(work, news)
    step = _keep_step(work, request, news, number=last.number + 1)
    _tell_home(work, request, step, links)
    return step


def _tell_home(work: Work, request: SupportRequest, step: SupportStep, links: Links) -> None:
    """Tell those whose yes stands that there is a step to read; each has a page of their own."""
    messages.tell_of_page(
        work,
        work.session.get_one(Student, request.student_id),
        PageTelling.ASKED if step.number == 1 else PageTelling.STEP,
        to=set(standing_consents(work, request.id)),
        staff_id=step.staff_id,
        links=links,
        more=step.words,
    )


def add_consent(work: Work, request: SupportRequest, consent: Consent, *, links: Links) -> None:
    """Write down the yes of somebody more at home, who is told that it was asked and where each step stands.

    Raises Invalid as asking does, Conflict once it has ended.
    """
    _go_on(_last_locked(work, request.id))
    _check_consent(work, request.student_id, consent)
    _keep_consent(work, request, consent, given=True)
    if consent.contact_id is not None:
        child = work.session.get_one(Student, request.student_id)
        messages.tell_of_page(
            work, child, PageTelling.ASKED, to={consent.contact_id}, staff_id=work.actor.id, links=links
        )


def take_back_consent(work: Work, request: SupportRequest, consent: Consent) -> None:
    """Somebody at home takes their yes back: where no other yes stands the request ends, and its owner is told.

    Raises NotFound where they had given none, Conflict once it has ended.
    """
    last = _last_locked(work, request.id)
    _go_on(last)
    standing = standing_consents(work, request.id)
    if consent.contact_id not in standing:
        raise NotFound(N_("That request is not here."))
    _keep_consent(work, request, consent, given=False)
    if len(standing) == 1:
        ending = News(last.number, SupportState.WITHDRAWN, schools.today(work), owner_id=last.owner_id)
        _keep_step(work, request, ending, number=last.number + 1)
        tasks.give_task(
            work,
            TaskKind.SUPPORT_STOPPED,
            staff_id=last.owner_id,
            student_id=request.student_id,
            subject_id=request.id,
            due_on=working_days_after(schools.today(work), 1),
        )


def standing_consents(work: Work, request_id: uuid.UUID) -> dict[uuid.UUID, SupportConsent]:
    """The yes that stands of each contact who gave one."""
    rows = select(SupportConsent).where(SupportConsent.request_id == request_id)
    latest: dict[uuid.UUID, SupportConsent] = {}
    for each in work.session.scalars(rows.order_by(SupportConsent.at, SupportConsent.given.desc())):
        latest[each.contact_id] = each
    return {contact: each for contact, each in latest.items() if each.given}


def _go_on(last: SupportStep) -> None:
    if last.state in ENDED:
        raise Conflict(N_("This request has ended."))


def _last_locked(work: Work, request_id: uuid.UUID) -> SupportStep:
    """The step that stands, with the request locked: of two at once the second sees what the first wrote."""
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"support {request_id}", 0))))
    rows = select(SupportStep).where(SupportStep.request_id == request_id)
    return work.session.scalars(rows.order_by(SupportStep.number.desc()).limit(1)).one()


def _words(written: str, *, needed: str | None = None) -> str:
    kept = tidy(written)
    if needed and not kept:
        raise Invalid(needed, field="words")
    if len(kept) > LONGEST_SUPPORT:
        raise Invalid(N_("That is longer than %(limit)s letters. Shorten it."), field="words", limit=LONGEST_SUPPORT)
    return kept


def _check_consent(work: Work, student_id: uuid.UUID, consent: Consent) -> None:
    on = schools.today(work)
    cards = whanau.contacts_of(work, student_id, on=on, with_limited=False, sender_ids=())
    allowed = {each.contact.id for each in cards if each.guardianship.may_message == MayMessage.YES}
    if consent.contact_id not in allowed:
        raise Invalid(N_("Choose who at home said yes. Nothing is asked for without them."), field="contact_id")
    if consent.on_day > on:
        raise Invalid(N_("That day is still to come."), field="on_day")


def _check_news(work: Work, news: News) -> None:
    _words(news.words)
    on = schools.today(work)
    if len(tidy(news.waiting_with)) > LONGEST_WAITING:
        limit = LONGEST_WAITING
        raise Invalid(N_("That is longer than %(limit)s letters. Shorten it."), field="waiting_with", limit=limit)
    if news.on_day > on:
        raise Invalid(N_("That day is still to come."), field="on_day")
    if news.owner_id not in {each.id for each in schools.staff_with(work, Permission.ASK_SUPPORT, on)}:
        raise Invalid(N_("Choose who at school follows this up."), field="owner_id")
    if news.look_on is not None and not on <= news.look_on <= on + LATEST_LOOK:
        raise Invalid(N_("Choose a day between today and half a year from now."), field="look_on")


def _keep_consent(work: Work, request: SupportRequest, consent: Consent, *, given: bool) -> None:
    if consent.contact_id is None:
        raise ValueError("a consent is somebody's")
    work.session.add(
        SupportConsent(
            request_id=request.id,
            contact_id=consent.contact_id,
            given=given,
            how=consent.how,
            on_day=consent.on_day,
            written_by=None if consent.how is ConsentHow.PAGE else work.actor.id,
            at=work.now,
        )
    )
    work.session.flush()


def tells_next(work: Work) -> datetime:
    """When a family without news is told that what was asked still stands."""
    return schools.calendar_of(work).moment(working_days_after(schools.today(work), QUIET_FOR), TELLS_FROM)


def _keep_step(work: Work, request: SupportRequest, news: News, *, number: int) -> SupportStep:
    if news.owner_id is None:
        raise ValueError("a request is followed up by somebody")
    over, by_staff = news.state in ENDED, work.actor.kind is ActorKind.STAFF
    look_on = None if over else news.look_on or working_days_after(schools.today(work), LOOK_AFTER)
    step = SupportStep(
        id=uuid.uuid4(),
        request_id=request.id,
        number=number,
        state=news.state,
        on_day=news.on_day,
        words=tidy(news.words),
        waiting_with="" if over else tidy(news.waiting_with),
        owner_id=news.owner_id,
        look_on=look_on,
        staff_id=work.actor.id if by_staff and news.state is not SupportState.WITHDRAWN else None,
        at=work.now,
    )
    work.session.add(step)
    work.session.get_one(SupportRequest, request.id).tells_at = None if over else tells_next(work)
    work.session.flush()
    subject = ("support", step.id)
    partnership.write_line(
        work, Moment.SUPPORT, student_id=request.student_id, staff_id=step.staff_id, subject=subject, words=step.words
    )
    tasks.close_tasks_about(work, TaskKind.SUPPORT_LOOK, request.id, outcome="told")
    if look_on is not None:
        tasks.give_task(
            work,
            TaskKind.SUPPORT_LOOK,
            staff_id=news.owner_id,
            student_id=request.student_id,
            subject_id=request.id,
            due_on=look_on,
        )
    return step
