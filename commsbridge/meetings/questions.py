"""Questions about a hui for whoever answers by text: who is there, what they say before it, and what came of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import TypedDict

from sqlalchemy import select

from commsbridge import messages, schools, students
from commsbridge.foundation.language import N_, Language, say
from commsbridge.foundation.work import Work
from commsbridge.meetings.kinds import ROLES, SAY_NOTHING
from commsbridge.meetings.models import Agrees, Hui, HuiItem, HuiPerson, HuiStep, HuiTold, HuiVoice, Welcome, Whose
from commsbridge.meetings.numbering import ASKED, first_number
from commsbridge.meetings.opening import OPEN_STATES
from commsbridge.meetings.question_models import About, HuiQuestion
from commsbridge.meetings.reading import homes_behind, items_of, people_of, wish_of
from commsbridge.meetings.together import home_speaking, words_of_homes
from commsbridge.messages import HuiNews, HuiTelling, Links, MinuteLine
from commsbridge.students import Student
from commsbridge.whanau import CARRIED, Recipient

Subject = HuiPerson | HuiItem | HuiStep
TELLINGS = {
    About.PERSON: HuiTelling.WELCOME,
    About.KAITAKAWAENGA: HuiTelling.KAITAKAWAENGA,
    About.VOICE: HuiTelling.VOICE,
    About.POINT: HuiTelling.POINT,
    About.DUE: HuiTelling.DUE,
    About.WHY: HuiTelling.WHY,
    About.WENT: HuiTelling.WENT,
    About.SUPPORT: HuiTelling.SUPPORT,
    About.PART: HuiTelling.PART,
}
# Asked one after the other, of whoever answers that way; the others go to everybody of the home.
ONE_BY_ONE = (About.PERSON, About.KAITAKAWAENGA, About.VOICE, About.SUPPORT, About.PART, About.POINT)
YES, NO = N_("Yes"), N_("No")
CHOICES = {
    About.PERSON: (YES, NO),
    About.KAITAKAWAENGA: (YES, NO),
    About.PART: (N_("For all of it"), N_("For some of it"), N_("Not there: others speak for them")),
    About.POINT: (N_("We agree"), N_("Not yet"), N_("We see it differently")),
    About.DUE: (YES, N_("Not yet")),
    About.WENT: (N_("It helped"), N_("It helped a little"), N_("It did not help")),
}
# More of somebody's words than this do not go in a text.
LONGEST_TOLD = 120
# A text with more lines, or letters in them, than this is not read to its end, and costs more than it is worth.
MOST_IN_TEXT, LONGEST_IN_TEXT = 3, 240


class _Named(TypedDict, total=False):
    who: str
    role: dict[Language, str]
    does: dict[Language, str]
    why: str
    what: str


def ask(
    work: Work, hui: Hui, about: About, subject: Subject | None, *, to: Collection[uuid.UUID], links: Links
) -> list[HuiQuestion]:
    """Ask these people of the home; what a person carries is no question that a phone could answer.

    Returns what was asked, one for each phone or mailbox.
    """
    student = work.session.get_one(Student, hui.student_id)
    named = _named(work, student, subject)
    apart = about is About.SUPPORT and hui.joint
    telling = HuiTelling.SUPPORT_TOGETHER if apart else TELLINGS[about]
    answers = CHOICES.get(about, ())
    firsts: dict[str, int] = {}

    def news(_recipient: Recipient, address: str | None) -> HuiNews:
        first = (
            firsts.setdefault(address, first_number(work, address, hui, len(CHOICES.get(about, ())), question=True))
            if address
            else 1
        )
        choices = tuple(enumerate(CHOICES.get(about, ()), first))
        return HuiNews(telling, student.preferred_name, choices=choices, **named)

    gone = messages.tell_of_hui(work, student, news, to=to, staff_id=hui.staff_id, links=links)
    if hui.state in OPEN_STATES:
        told = {each.message_id for each in gone.values()}
        work.session.add_all(HuiTold(hui_id=hui.id, message_id=each, at=work.now) for each in told)
    work.forget(ASKED)
    asked: dict[str, HuiQuestion] = {}
    for contact_id, delivery in gone.items():
        if delivery.address and delivery.channel in CARRIED and delivery.address not in asked:
            asked[delivery.address] = HuiQuestion(
                id=uuid.uuid4(),
                hui_id=hui.id,
                contact_id=contact_id,
                delivery_id=delivery.id,
                address=delivery.address,
                about=about,
                subject_id=subject.id if subject else None,
                first_number=firsts[delivery.address],
                choices=len(answers),
                asked_at=work.now,
            )
    work.session.add_all(asked.values())
    work.session.flush()
    return list(asked.values())


def _named(work: Work, student: Student, subject: Subject | None) -> _Named:
    if isinstance(subject, HuiPerson):
        role = ROLES[subject.role]
        told: _Named = {"who": subject.name, "role": {language: say(language, role.name) for language in Language}}
        if subject.role not in SAY_NOTHING:
            told["does"] = {language: say(language, role.does) for language in Language}
        return {**told, "why": _sentence(work, student, subject.why) if subject.why else ""}
    if isinstance(subject, HuiItem):
        return {"what": _sentence(work, student, subject.decided)}
    return {"what": _sentence(work, student, subject.what)} if subject else {}


def _sentence(work: Work, student: Student, words: str) -> str:
    """Words as they may stand in a text; "" where they may not."""
    if not may_be_told(work, student, [words]):
        return ""
    return words if words.endswith((".", "!", "?")) else f"{words}."


def may_be_told(work: Work, student: Student, several: Collection[str]) -> list[str]:
    """Those words that may stand in a text: not the long ones, nor what others should not read on a phone."""
    names = {student.preferred_name, *student.name.split()}
    school = students.students_in(work, None, schools.today(work))
    others = {each.id: (each.preferred_name,) for each in school if each.id != student.id}
    return [
        words
        for words in several
        if len(words) <= LONGEST_TOLD and not messages.questions_for(words, child_names=names, other_children=others)
    ]


def in_text(work: Work, hui: Hui, lines: Sequence[MinuteLine]) -> list[MinuteLine]:
    """The first few lines that may stand in a text, whichever language they are read in."""
    student = work.session.get_one(Student, hui.student_id)
    able = set(may_be_told(work, student, {said for words, _ in lines for said in words.values()}))
    told: list[MinuteLine] = []
    for line in lines:
        letters = sum(max(map(len, words.values())) for words, _ in [*told, line])
        if able.issuperset(line[0].values()) and len(told) < MOST_IN_TEXT and letters <= LONGEST_IN_TEXT:
            told.append(line)
    return told


def ask_next(work: Work, hui: Hui, contact_id: uuid.UUID, *, links: Links) -> HuiQuestion | None:
    """Ask somebody who answers by text the next thing that is theirs to say, each once; None when that is all."""
    rows = select(HuiQuestion.about, HuiQuestion.subject_id)
    rows = rows.where(HuiQuestion.hui_id == hui.id, HuiQuestion.contact_id == contact_id)
    before = {(about, subject_id) for about, subject_id in work.session.execute(rows)}
    for about, subject in _still_to_say(work, hui, contact_id):
        if (about, subject.id if subject else None) not in before:
            return next(iter(ask(work, hui, about, subject, to=[contact_id], links=links)), None)
    return None


def says_of_point(work: Work, hui: Hui, item: HuiItem, home: uuid.UUID) -> Agrees | None:
    """What one home says of what was decided of a point."""
    if not hui.joint:
        return item.agrees
    said = words_of_homes(work, hui, item.id).get(home)
    return Agrees(said.word) if said else None


def _still_to_say(work: Work, hui: Hui, contact_id: uuid.UUID) -> list[tuple[About, Subject | None]]:
    """What the home has not said yet: before the hui whom they want there, afterwards what they put off."""
    home = home_speaking(work, hui, contact_id, None)
    if hui.minutes_sent_at is not None:
        points = items_of(work, hui)
        return [(About.POINT, each) for each in points if says_of_point(work, hui, each, home) is Agrees.LATER]
    if hui.state not in OPEN_STATES:
        return []
    found: list[tuple[About, Subject | None]] = [
        (About.PERSON, each) for each in people_of(work, hui) if each.answer is Welcome.WAITING and not each.by_family
    ]
    wish = wish_of(work, hui, home)
    if wish is None or wish.kaitakawaenga is None:
        found.append((About.KAITAKAWAENGA, None))
    said = select(HuiVoice.id).where(HuiVoice.hui_id == hui.id, HuiVoice.whose == Whose.FAMILY)
    if hui.joint:
        said = said.where(HuiVoice.contact_id == contact_id)
    if work.session.scalar(said.limit(1)) is None:
        found.append((About.VOICE, None))
    found.append((About.SUPPORT, None))
    return found if wish is not None and wish.part is not None else [*found, (About.PART, None)]


def words_awaited(work: Work, hui: Hui, home: uuid.UUID) -> int:
    """How many words a hui waits for from one home: whom they want there; after it, what they put off."""
    if hui.minutes_sent_at is not None:
        return sum(says_of_point(work, hui, each, home) is Agrees.LATER for each in items_of(work, hui))
    if hui.state not in OPEN_STATES:
        return 0
    asked = [each for each in people_of(work, hui) if not each.by_family and each.answer is Welcome.WAITING]
    return sum(not hui.joint or home not in words_of_homes(work, hui, each.id) for each in asked)


def ask_home(
    work: Work, hui: Hui, about: About, subject: Subject, *, links: Links, only: uuid.UUID | None = None
) -> list[HuiQuestion]:
    """Ask everybody of the home who may be told; ``only``: of two homes that meet, the one."""
    homes = homes_behind(work, work.session.get_one(Student, hui.student_id), hui)
    to = [person.contact_id for each in homes if only in {None, each.key} for person in each.people]
    return ask(work, hui, about, subject, to=to, links=links) if to else []


def who_answers(work: Work, hui: Hui) -> set[uuid.UUID]:
    """Those of the home who answered by text or mail and were asked more that way: they are asked the next thing so."""
    rows = select(HuiQuestion.contact_id).where(HuiQuestion.hui_id == hui.id, HuiQuestion.about.in_(ONE_BY_ONE))
    return set(work.session.scalars(rows))
