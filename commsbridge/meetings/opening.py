"""Opening a hui, and who would be there: proposed by the school or the family, and decided by the family."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import select

from commsbridge import schools, students, tasks
from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.work import Work
from commsbridge.meetings.guests import is_of_other_home, read_guest_email, read_guest_language, tell_guest
from commsbridge.meetings.kinds import ROLES
from commsbridge.meetings.models import Hui, HuiKind, HuiPerson, HuiState, Welcome
from commsbridge.meetings.reading import Home
from commsbridge.meetings.together import home_speaking, keep_word, pairs_together, welcome_of, words_of_homes
from commsbridge.schools import Permission
from commsbridge.students import Student
from commsbridge.tasks import TaskKind

LONGEST_WORDS = 2000
LONGEST_NAME = 120
LONGEST_PLACE = 200
LONGEST_LINK = 300
SHORTEST, LONGEST = 10, 240
OPEN_STATES = frozenset({HuiState.PREPARED, HuiState.ASKED, HuiState.SET})
OVER = N_("This hui is over. Open a new one.")


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a hui is for, what is needed for it, where it is, and how long it takes (minutes)."""

    kind: HuiKind
    purpose: str
    needed: str = ""
    place: str = ""
    video_url: str = ""
    minutes: int = 45


@dataclass(frozen=True, slots=True)
class Proposed:
    """Somebody for the table: of the staff, or by name; the role, and why they would be there.

    ``email``: somebody from outside is told by mail, in ``language`` (both where it is ""), once the family said yes
    and there is a time.
    """

    role: str
    why: str
    name: str = ""
    staff_id: uuid.UUID | None = None
    email: str = ""
    language: str = ""


def words_kept(words: str, field: str, *, longest: int = LONGEST_WORDS) -> str:
    """What is kept of what was typed. Raises Invalid for more than ``longest`` letters."""
    kept = tidy(words)
    if len(kept) > longest:
        raise Invalid(N_("That is longer than %(limit)s letters. Shorten it."), field=field, limit=longest)
    return kept


def open_hui(work: Work, student: Student, home: Home, purpose: Purpose, *, other: Home | None = None) -> Hui:
    """Open a hui with one home; nothing goes out yet. Whoever opens it is at the table.

    ``other``: a second home, where both said that they would meet together. Raises Invalid for words that are missing
    or too long, a length that is no meeting's, or a link that is none; Conflict where not both homes said so.
    """
    if work.actor.kind is not ActorKind.STAFF or work.actor.id is None:
        raise NotAllowed(N_("Sign in first."))
    if other is not None and {home.key, other.key} not in [{a.key, b.key} for a, b in pairs_together(work, student)]:
        raise Conflict(N_("Each home says for itself whether it would meet together. Not both have."), field="home")
    hui = Hui(
        id=uuid.uuid4(),
        student_id=student.id,
        household_id=home.household_id,
        contact_id=home.contact_id,
        with_household_id=other.household_id if other else None,
        with_contact_id=other.contact_id if other else None,
        staff_id=work.actor.id,
        state=HuiState.PREPARED,
        made_at=work.now,
        **checked_purpose(purpose),
    )
    work.session.add(hui)
    work.session.flush()
    if other is not None:
        tasks.close_tasks_about(work, TaskKind.HUI_TOGETHER, student.id, outcome="opened")
    return hui


def check_open(hui: Hui) -> None:
    """Raises Conflict when the hui was held or called off."""
    if hui.state not in OPEN_STATES:
        raise Conflict(OVER)


def checked_purpose(purpose: Purpose) -> dict[str, object]:
    """The columns of a hui that say what it is for. Raises Invalid as ``open_hui``."""
    said = words_kept(purpose.purpose, "purpose")
    if not said:
        raise Invalid(N_("Say in a few words what the hui is for. Whānau read it."), field="purpose")
    if not SHORTEST <= purpose.minutes <= LONGEST:
        raise Invalid(N_("Choose from 10 minutes to four hours."), field="minutes")
    return {
        "kind": purpose.kind,
        "purpose": said,
        "needed": words_kept(purpose.needed, "needed"),
        "place": words_kept(purpose.place, "place", longest=LONGEST_PLACE),
        "video_url": _link(purpose.video_url),
        "minutes": purpose.minutes,
    }


def _link(written: str) -> str:
    kept = words_kept(written, "video_url", longest=LONGEST_LINK)
    if not kept:
        return ""
    try:
        parts = urlsplit(kept)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "https" or not parts.hostname or any(each.isspace() for each in kept):
        raise Invalid(N_("Paste the whole link, from https:// on."), field="video_url")
    return kept


def propose(work: Work, hui: Hui, proposed: Proposed) -> HuiPerson:
    """Propose somebody; they hear of it when the family said yes and a time is set.

    Raises Invalid without a name, a role or a reason, and for somebody who does not see the child as staff; Conflict
    for somebody who is named already, or where the hui is over.
    """
    check_open(hui)
    name = words_kept(proposed.name, "name", longest=LONGEST_NAME)
    why = words_kept(proposed.why, "why")
    if proposed.staff_id is not None:
        name = _staff_name(work, hui, proposed.staff_id)
    if not name:
        raise Invalid(N_("Choose somebody, or write their name."), field="name")
    if proposed.role not in ROLES:
        raise Invalid(N_("Choose what they do."), field="role")
    if not why:
        raise Invalid(N_("Say why they would be there. Whānau read it."), field="why")
    email = read_guest_email(proposed.email) if proposed.staff_id is None else ""
    return add_person(
        work,
        hui,
        name=name,
        role=proposed.role,
        why=why,
        staff_id=proposed.staff_id,
        email=email,
        language=read_guest_language(proposed.language),
    )


def _staff_name(work: Work, hui: Hui, staff_id: uuid.UUID) -> str:
    staff = schools.staff_by_id(work, [staff_id]).get(staff_id)
    able = {each.id for each in those_who_may_come(work, hui.student_id)}
    if staff is None or staff_id not in able:
        raise Invalid(N_("That person cannot be at this table. Choose somebody else."), field="staff_id")
    return staff.shown_name


def those_who_may_come(work: Work, student_id: uuid.UUID) -> list[schools.Staff]:
    """The staff who may be proposed: who reads logs here, and is neither whānau of the child nor restricted."""
    barred = students.bars_of(work, student_id)
    able = schools.staff_with(work, Permission.READ_LOG, schools.today(work))
    return [each for each in able if each.id not in barred]


def add_person(
    work: Work,
    hui: Hui,
    *,
    name: str,
    role: str,
    why: str,
    staff_id: uuid.UUID | None = None,
    contact_id: uuid.UUID | None = None,
    email: str = "",
    language: str = "both",
    home: uuid.UUID | None = None,
) -> HuiPerson:
    """Put somebody on the list: proposed, or brought by ``home``. Raises Conflict as ``propose``."""
    named = select(HuiPerson.id).where(HuiPerson.hui_id == hui.id, HuiPerson.name == name)
    if work.session.scalar(named.limit(1)) is not None:
        raise Conflict(N_("%(name)s is named already."), field="name", name=name)
    person = HuiPerson(
        id=uuid.uuid4(),
        hui_id=hui.id,
        staff_id=staff_id,
        name=name,
        role=role,
        why=why,
        email=email,
        language=language,
        by_family=home is not None,
        home=home,
        answer=Welcome.YES if home else Welcome.WAITING,
        answered_by=contact_id,
        answered_at=work.now if home else None,
        made_at=work.now,
    )
    work.session.add(person)
    work.session.flush()
    return person


def decide_person(
    work: Work,
    hui: Hui,
    person_id: uuid.UUID,
    welcome: Welcome,
    *,
    contact_id: uuid.UUID | None,
    home: uuid.UUID | None = None,
) -> HuiPerson:
    """The family says yes or no to somebody; None for ``contact_id`` where they told the school, which writes it down.

    Where two homes meet, each decides (``home``: which one told the school): both say yes, or they are not there.
    Whoever is declined reads nothing of the hui any more; who was told of it already is told that they are not needed,
    and not why. Of whom a home brings it says alone whether they come after all. Raises NotFound, Conflict where the
    hui is over.
    """
    check_open(hui)
    person = work.session.get(HuiPerson, person_id)
    if person is None or person.hui_id != hui.id or welcome is Welcome.WAITING:
        raise NotFound(N_("That person is not on the list."))
    speaks = home_speaking(work, hui, contact_id, home)
    if is_of_other_home(work, hui, person, speaks):
        raise NotFound(N_("That person is not on the list."))
    if person.by_family:
        person.home = speaks
    elif hui.joint:
        keep_word(work, hui, person.id, welcome, contact_id=contact_id, home=speaks)
        welcome = welcome_of(hui, words_of_homes(work, hui, person.id).values())
    person.answer, person.answered_by = welcome, contact_id
    person.answered_at = None if welcome is Welcome.WAITING else work.now
    work.session.flush()
    tell_person(work, hui, person)
    return person


def tell_person(work: Work, hui: Hui, person: HuiPerson, *, changed: bool = False) -> None:
    """Give somebody of the staff who is wanted the hui to go to, once it has a time; and take it from who is not.

    ``changed``: it is elsewhere, or longer. Whoever may not read of the child any more, or has left, is told nothing.
    """
    if person.staff_id is None:
        tell_guest(work, hui, person, changed=changed)
        return
    able = person.staff_id in {each.id for each in those_who_may_come(work, hui.student_id)}
    wanted = able and person.answer is Welcome.YES and hui.state is HuiState.SET and hui.begins_at is not None
    told = any(
        task.subject_id == person.id
        for task in tasks.open_tasks(work, staff_id=person.staff_id, roles=(), kinds=[TaskKind.HUI_COMING])
    )
    if wanted and hui.begins_at is not None:
        on = schools.calendar_of(work).local(hui.begins_at).date()
        tasks.close_tasks_about(work, TaskKind.HUI_NOT_NEEDED, person.id, outcome="asked again")
        tasks.close_tasks_about(work, TaskKind.HUI_COMING, person.id, outcome="told anew")
        tasks.give_task(work, TaskKind.HUI_COMING, staff_id=person.staff_id, subject_id=person.id, due_on=on)
    elif told:
        tasks.close_tasks_about(work, TaskKind.HUI_COMING, person.id, outcome="not needed")
        tasks.give_task(work, TaskKind.HUI_NOT_NEEDED, staff_id=person.staff_id, subject_id=person.id)
