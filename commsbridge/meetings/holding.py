"""In the room: who leads and who writes, what was decided of each point, and what the family says to it."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from commsbridge import partnership, schools, tasks
from commsbridge.foundation.actors import ActorKind
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.names import fold
from commsbridge.foundation.reo_dates import short_date
from commsbridge.foundation.work import Work
from commsbridge.meetings.guests import mail_minutes
from commsbridge.meetings.inviting import tell_home
from commsbridge.meetings.looking import next_look
from commsbridge.meetings.models import Agrees, Hui, HuiItem, HuiState, HuiStep, Welcome
from commsbridge.meetings.opening import LONGEST_NAME, words_kept
from commsbridge.meetings.questions import ask_next, in_text, who_answers
from commsbridge.meetings.reading import items_of, people_of, steps_of
from commsbridge.meetings.together import agrees_of, home_speaking, keep_word, words_of_homes
from commsbridge.messages import HuiTelling, Links
from commsbridge.partnership import Moment
from commsbridge.tasks import TaskKind

NOT_ASKED = N_("Ask the family about each point first. They may decide later, at home.")
READ_FIRST = N_("Read all of it aloud first, and write down who read it. It takes two minutes.")
LONGEST_AHEAD = timedelta(days=400)
GONE = N_("The minutes have gone out and stay as they are. Write a correction: it stands beside them.")


def check_runs(hui: Hui) -> None:
    """Raises Conflict before a time was set, when it was called off, and once the minutes went out."""
    if hui.minutes_sent_at is not None:
        raise Conflict(GONE)
    if hui.state not in {HuiState.SET, HuiState.HELD}:
        raise Conflict(N_("This hui has no time yet. The family chooses one first."))


def take_places(work: Work, hui: Hui, *, chair: str, minute_taker: str) -> None:
    """Say who leads and who writes: two people. Raises Invalid where one is missing or they are the same, Conflict."""
    check_runs(hui)
    leads = words_kept(chair, "chair", longest=LONGEST_NAME)
    writes = words_kept(minute_taker, "minute_taker", longest=LONGEST_NAME)
    if not leads:
        raise Invalid(N_("Say who leads the hui."), field="chair")
    if not writes:
        raise Invalid(N_("Say who writes."), field="minute_taker")
    if fold(leads) == fold(writes):
        raise Invalid(N_("Whoever leads cannot write as well. Ask somebody else to write."), field="minute_taker")
    hui.chair, hui.minute_taker = leads, writes
    work.session.flush()


def item_of_hui(work: Work, hui: Hui, item_id: uuid.UUID) -> HuiItem:
    """A point of this agenda. Raises NotFound."""
    item = work.session.get(HuiItem, item_id)
    if item is None or item.hui_id != hui.id:
        raise NotFound(N_("That point is not on the agenda."))
    return item


def decide(work: Work, hui: Hui, item_id: uuid.UUID, decided: str, *, before: str) -> HuiItem:
    """Write down what was decided of a point. ``before`` is what stood there when the page was opened.

    What the family said of other words does not hold for these. Raises NotFound, Invalid, and Conflict where somebody
    else has written meanwhile, there is no time yet, or the minutes went out.
    """
    check_runs(hui)
    item = item_of_hui(work, hui, item_id)
    kept = words_kept(decided, "decided")
    if item.decided not in {words_kept(before, "decided"), kept}:
        raise Conflict(N_("Somebody has written here meanwhile. Read their words, then write yours."), field="decided")
    if item.decided != kept:
        item.decided, item.agrees, item.agrees_words, item.agrees_by, item.agrees_at = kept, None, "", None, None
        for home in words_of_homes(work, hui, item.id):
            keep_word(work, hui, item.id, "", home=home)
        not_read_back(hui)
    work.session.flush()
    return item


def not_read_back(hui: Hui) -> None:
    """What was just written has not been read aloud yet."""
    hui.read_back_by, hui.read_back_at = "", None


def read_back(work: Work, hui: Hui, who: str) -> None:
    """Keep that somebody read all of it aloud, now. Raises Invalid without a name, Conflict as ``decide``."""
    check_runs(hui)
    kept = words_kept(who, "read_by", longest=LONGEST_NAME)
    if not kept:
        raise Invalid(N_("Say who read it aloud."), field="read_by")
    hui.read_back_by, hui.read_back_at = kept, work.now
    work.session.flush()


def put_off(work: Work, hui: Hui) -> int:
    """The family decides later, at home, of each point it has not spoken to. Returns how many; raises Conflict."""
    check_runs(hui)
    waiting = not_spoken_to(work, hui)
    for item in waiting:
        for home in set(hui.homes) - set(words_of_homes(work, hui, item.id)):
            agree(work, hui, item.id, Agrees.LATER, "", contact_id=None, home=home)
    return len(waiting)


def not_spoken_to(work: Work, hui: Hui) -> list[HuiItem]:
    """The points of which something was decided, and to which the family has said nothing."""
    return [each for each in items_of(work, hui) if each.decided and each.agrees is None]


def agree(
    work: Work,
    hui: Hui,
    item_id: uuid.UUID,
    agrees: Agrees,
    words: str,
    *,
    contact_id: uuid.UUID | None,
    home: uuid.UUID | None = None,
    before: str | None = None,
) -> HuiItem:
    """Keep what the family says of what was decided: in the room (None), or at home, also after the minutes went out.

    Where two homes meet, each speaks for itself (``home``: in the room), and nothing stands for both before both have.
    ``before`` is the word that stood there when the page was opened ("" for none); None where it does not matter. A
    word written down in the room is read aloud with the rest.

    Raises NotFound, Invalid for too many words, Conflict where nothing was decided, there is no time yet, or another
    word was kept meanwhile.
    """
    if hui.state not in {HuiState.SET, HuiState.HELD}:
        raise Conflict(N_("This hui has no time yet. The family chooses one first."))
    item = item_of_hui(work, hui, item_id)
    if not item.decided:
        raise Conflict(N_("Write down first what was decided."), field="agrees")
    if contact_id is None and hui.minutes_sent_at is not None:
        raise Conflict(GONE)
    kept = words_kept(words, "agrees_words")
    stands: Agrees | None = agrees
    speaks = home_speaking(work, hui, contact_id, home)
    said = _said_of(work, hui, item, speaks)
    if before is not None and said[0] not in {before, agrees}:
        raise Conflict(N_("The family has said something else meanwhile. Read it, then choose again."), field="agrees")
    if contact_id is None and said != (agrees, kept):
        not_read_back(hui)
    if hui.joint:
        keep_word(work, hui, item.id, agrees, home=speaks, contact_id=contact_id, words=kept)
        stands, kept = agrees_of(hui, words_of_homes(work, hui, item.id).values()), ""
    item.agrees, item.agrees_words, item.agrees_by = stands, kept, contact_id
    item.agrees_at = work.now if stands else None
    work.session.flush()
    return item


def _said_of(work: Work, hui: Hui, item: HuiItem, home: uuid.UUID) -> tuple[str, str]:
    """What a home has said of a point, and in which words; two times "" for nothing."""
    if not hui.joint:
        return item.agrees or "", item.agrees_words
    said = words_of_homes(work, hui, item.id).get(home)
    return (said.word, said.words) if said else ("", "")


def meet_again(work: Work, hui: Hui, on: date | None) -> None:
    """Write down the day on which they meet again; None: not said yet. Raises Invalid for no day to come, Conflict."""
    check_runs(hui)
    today = schools.today(work)
    if on is not None and not today < on <= today + LONGEST_AHEAD:
        raise Invalid(N_("Choose a day to come."), field="next_on")
    if hui.next_on != on:
        not_read_back(hui)
    hui.next_on, hui.next_asked_at = on, None
    work.session.flush()
    hui.look_at = next_look(work, hui)


def finish(work: Work, hui: Hui) -> None:
    """The hui was held: it stands in the log.

    Raises Conflict before its time has begun, where nobody leads, where the family has not spoken to a point that was
    decided ("decide later, at home" is a word), and before all of it was read aloud.
    """
    check_runs(hui)
    if hui.state is HuiState.HELD:
        return
    if hui.begins_at is None or hui.begins_at > work.now:
        raise Conflict(N_("It has not begun yet."))
    if not hui.chair:
        raise Conflict(N_("Say first who leads and who writes."))
    if not_spoken_to(work, hui):
        raise Conflict(NOT_ASKED)
    if hui.read_back_at is None:
        raise Conflict(READ_FIRST)
    hui.state, hui.held_at = HuiState.HELD, work.now
    work.session.flush()
    hui.look_at = next_look(work, hui)
    partnership.write_line(
        work, Moment.HUI, student_id=hui.student_id, at=hui.begins_at,
        staff_id=work.actor.id if work.actor.kind is ActorKind.STAFF else None, subject=("hui", hui.id),
    )  # fmt: skip
    for person in people_of(work, hui):
        tasks.close_tasks_about(work, TaskKind.HUI_COMING, person.id, outcome="held")


def send_minutes(work: Work, hui: Hui, *, links: Links) -> None:
    """Send the minutes and next steps to the home, and say to the staff who were there that they stand.

    From then on they stay as they are.

    Raises Conflict before it was held, when they went already, when a point that was decided has no word of the family
    ("decide later at home" is one), and when something was written after it was read aloud.
    """
    if hui.minutes_sent_at is not None:
        raise Conflict(N_("The minutes have gone out already."))
    if hui.state is not HuiState.HELD:
        raise Conflict(N_("Say first that the hui was held."))
    items = items_of(work, hui)
    if not_spoken_to(work, hui):
        raise Conflict(NOT_ASKED)
    if hui.read_back_at is None:
        raise Conflict(READ_FIRST)
    hui.minutes_sent_at = work.now
    work.session.flush()
    hui.look_at = next_look(work, hui)
    tasks.close_tasks_about(work, TaskKind.HUI_UNWRITTEN, hui.id, outcome="sent")
    for person in people_of(work, hui):
        if person.staff_id not in {None, hui.staff_id} and person.answer is Welcome.YES:
            tasks.give_task(work, TaskKind.HUI_MINUTES, staff_id=person.staff_id, subject_id=person.id)
    decided = [
        ({language: f"{each.words_in(language)}: {each.decided}" for language in Language}, None)
        for each in items
        if each.decided
    ]
    names = schools.calendar_of(work).day_names
    steps = [
        (
            (
                dict.fromkeys(Language, f"{_who(each)}{each.what}"),
                {language: short_date(each.due_on, language, names) for language in Language},
            ),
            each.home,
        )
        for each in steps_of(work, [hui.id])
    ]
    every = [line for line, _ in steps]
    short = in_text(work, hui, [line for line, home in steps if home is None])
    tell_home(
        work, hui, HuiTelling.AGREED, links=links, agreed=[*decided, *every], steps=short,
        more_steps=len(short) < len(every),
    )  # fmt: skip
    mail_minutes(work, hui, [*((line, None) for line in decided), *steps])
    for contact_id in who_answers(work, hui):
        ask_next(work, hui, contact_id, links=links)


def _who(step: HuiStep) -> str:
    return f"{step.who}: " if step.who else ""
