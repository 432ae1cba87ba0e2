"""Five school weeks of what went to and fro: the stories told on purpose, and ordinary days drawn with dice."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from commsbridge import conversations, messages, partnership, students
from commsbridge.demo import people
from commsbridge.demo.past import Past
from commsbridge.demo.people import Adult, Child, Worker
from commsbridge.demo.roll import SHORT_CODE, SmallSchool
from commsbridge.foundation.language import Language
from commsbridge.messages import Draft
from commsbridge.neighbourhood import MailProgram, PhoneState
from commsbridge.partnership import Moment
from commsbridge.schools import viewer_for
from commsbridge.whanau import Channel

ZONE = ZoneInfo("Pacific/Auckland")
STRANGER = people.mobile(99)

# Stories. The first column counts school days back: 1 is the last one before today. Times are the school's own.
Praised = tuple[int, str, Worker, Child, str, str]
PRAISED: tuple[Praised, ...] = (
    (22, "10:20", people.WALSH, people.AROHA, "great-question", ""),
    (15, "14:05", people.WALSH, people.AROHA, "kept-trying-when-hard", "Three tries, and then it worked."),
    (8, "11:40", people.MATIU, people.AROHA, "asked-for-rest", ""),
    (18, "14:40", people.MATIU, people.HEMI, "asked-for-help", ""),
    (9, "11:20", people.WALSH, people.HEMI, "spoke-to-class", ""),
    (3, "11:30", people.WALSH, people.HEMI, "helped-new-student", ""),
    (12, "13:15", people.WALSH, people.TAMA, "led-karakia", ""),
    (2, "10:05", people.WALSH, people.TAMA, "finished-all-work", ""),
    (2, "12:10", people.SINGH, people.KIRI, "came-with-smile", ""),
    (16, "12:30", people.WALSH, people.LOSA, "read-whole-book", ""),
    (2, "12:40", people.MATIU, people.LOSA, "sang-with-class", ""),
    (17, "13:50", people.WALSH, people.MANAIA, "many-good-questions", ""),
    (5, "13:20", people.WALSH, people.MANAIA, "painted-picture", ""),
    (10, "12:05", people.WALSH, people.SEFA, "looked-after-friend", ""),
    (13, "11:55", people.WALSH, people.LIAM, "listened-well", ""),
    (5, "14:25", people.WALSH, people.LIAM, "worked-at-writing", ""),
    (19, "14:10", people.WALSH, people.ANA, "tried-something-new", ""),
    (2, "14:30", people.MATIU, people.ANA, "calm-morning", ""),
    (20, "12:45", people.WALSH, people.NOAH, "joined-game", ""),
    (6, "13:35", people.WALSH, people.NOAH, "waited-in-line", ""),
    (11, "14:15", people.WALSH, people.RUBY, "cared-for-garden", ""),
    (21, "13:05", people.WALSH, people.MASON, "great-maths", ""),
    (7, "12:25", people.WALSH, people.MASON, "set-up-game", ""),
    (14, "12:50", people.WALSH, people.TUI, "danced-well", ""),
    (6, "11:35", people.MATIU, people.ZOE, "used-sign", ""),
    (16, "14:35", people.WALSH, people.LEO, "explained-ideas", ""),
    (4, "14:20", people.WALSH, people.LEO, "shared-ideas", ""),
    (4, "13:30", people.WALSH, people.MERE, "thanked-teacher", ""),
)
# Texts from families, and mails.
TEXTED: tuple[tuple[int, str, str, str], ...] = (
    (22, "16:10", people.mobile(1), "Ngā mihi nui ki a koe, e te kaiako."),
    (15, "15:25", people.mobile(1), "Ka pai! Kei te harikoa mātou katoa."),
    (20, "13:20", people.mobile(11), "STOP"),
    (17, "17:30", people.mobile(7), "Tino pai! Thank you, she told us all about it."),
    (13, "15:40", people.mobile(9), "That is lovely to hear, thanks Ms Walsh"),
    (9, "15:30", people.mobile(3), "Good on him! Can you ring me about Friday?"),
    (4, "14:10", people.mobile(13), "Ngā mihi mō te karere pai."),
    (3, "15:45", people.mobile(2), "Kua kite au i tēnei. Ngā mihi, e hoa mā."),
    (3, "19:05", STRANGER, "Hi its Trent, Masons dad. This is my new number"),
    (2, "16:20", people.mobile(5), "Ngā mihi mō Tama rāua ko Kiri"),
    (2, "18:10", people.mobile(6), "Thank you! We are so proud 😊"),
    (1, "12:15", people.mobile(1), "He aha te wā o te hui āpōpō?"),
)
MAILED: tuple[tuple[int, str, Adult, str, MailProgram], ...] = (
    (22, "18:45", people.DAN, "Thanks for telling me. That made my week.\n\nDan", MailProgram.GMAIL),
    (4, "17:15", people.WEI, "Leo was very happy. What book is it?", MailProgram.APPLE),
)
TALKED: tuple[tuple[int, str, Worker, Child, Adult | None, Moment, str], ...] = (
    (19, "15:05", people.WALSH, people.AROHA, people.MEREANA, Moment.GATE,
     "Mereana at the gate: Aroha reads to her at night now. The picture cards help at home too."),
    (9, "15:50", people.TAN, people.SEFA, people.TAVITA, Moment.CALL,
     "Rang with an interpreter. Told him how Sefa looked after a friend. He would like a call each month."),
    (8, "15:20", people.WALSH, people.HEMI, people.DAVE, Moment.CALL, "Rang Dave about Friday: he picks Hēmi up at 2."),
    (5, "08:50", people.MATIU, people.KAHU, None, Moment.STAFF_NOTE,
     "Kahu came with his cousin. The office is looking for a number for home."),
)  # fmt: skip
PAUSED = (4, "09:10", people.ANA)
OUT_OF_SERVICE = (8, "07:00", people.mobile(12))

# Ordinary days: how many praises each teacher writes, and what families without a story answer.
ORDINARY = ((people.WALSH, people.ROOM_7, (2, 4)), (people.SINGH, people.ROOM_3, (1, 3)),
            (people.WIKAIRA, people.TE_PUNA, (0, 1)))  # fmt: skip
NEVER_PRAISED = 2
ANSWERED = 0.2
OWN_WORDS = ("Read the whole page aloud.", "Two new friends in one day.", "The whole table noticed.", "")
ANSWERS = {
    "mi": ("Ngā mihi nui!", "Ka pai! Ngā mihi, e te kaiako.", "He rongo pai tēnei. Ngā mihi.", "Ka rawe!"),
    "en": ("Thank you!", "That made my day, thanks", "Awesome, we told Nana too", "Great to hear. Thanks for letting us know"),
    "both": ("Ka pai! Thank you", "Ngā mihi, great to hear"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened at a moment (aware UTC)."""

    at: datetime
    happen: Callable[[], None]


class Story:
    """Gathers what happened, to be told in order."""

    def __init__(self, past: Past, small: SmallSchool, days: Sequence[date], dice: Random) -> None:
        self.past = past
        self.small = small
        self.days = days
        self.dice = dice
        self.happenings: list[Happening] = []

    def at(self, days_back: int, clock: str, happen: Callable[[], None]) -> None:
        """Note that something happened so many school days back, at this time of the school's clock."""
        moment = datetime.combine(self.days[-days_back], time.fromisoformat(clock), tzinfo=ZONE)
        self.happenings.append(Happening(moment.astimezone(UTC), happen))

    # what staff do

    def praise(self, by: Worker, child: Child, phrase_key: str, words: str) -> None:
        """Good news with a phrase of the bank (drawn among those not used yet when none is named)."""
        with self.past.work(self.small.staff[by.name].id) as work:
            student = self.small.students[child.name]
            offered = [each for each in messages.offered_phrases(work, student) if each.setting != "online"]
            phrase = messages.phrase_by_key(work, phrase_key) if phrase_key else self.dice.choice(offered)
            draft = Draft(phrase.id if phrase else None, words, Language.EN if words else None)
            messages.send_praise(work, student, draft, links=self.past.runtime.links)

    def take_back(self, by: Worker, child: Child) -> None:
        """A praise for the wrong child, undone in time."""
        staff_id, student = self.small.staff[by.name].id, self.small.students[child.name]
        with self.past.work(staff_id) as work:
            draft = Draft(words="A great day in the garden.", words_language=Language.EN)
            message_id = messages.send_praise(work, student, draft, links=self.past.runtime.links).id
        self.past.clock.now += timedelta(seconds=5)
        with self.past.work(staff_id) as work:
            messages.undo_message(work, message_id)

    def talk(self, by: Worker, child: Child, adult: Adult | None, moment: Moment, words: str) -> None:
        """A talk at the gate, a phone call or a note, written down at once."""
        with self.past.work(self.small.staff[by.name].id) as work:
            partnership.write_korero(
                work,
                student_id=self.small.students[child.name].id,
                moment=moment,
                words=words,
                happened_at=work.now - timedelta(minutes=5),
                contact_id=self.small.contacts[adult.name].id if adult else None,
            )

    def pause(self, by: Worker, child: Child) -> None:
        """The family asks for a quiet time, with no end yet."""
        with self.past.work(self.small.staff[by.name].id) as work:
            messages.pause(work, student_id=self.small.students[child.name].id, by_family=True)

    def read_replies(self, by: Worker) -> None:
        """A teacher reads what families wrote about the children they teach."""
        staff_id = self.small.staff[by.name].id
        with self.past.work(staff_id) as work:
            taught = students.students_taught_by(work, viewer_for(work, staff_id), self.past.clock.now.astimezone(ZONE).date())
            for reply, about in conversations.replies_about(work, [each.id for each in taught], waiting=True):
                conversations.see_reply(work, reply.id, about.student_id)
