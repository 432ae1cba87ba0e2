"""What went to and fro in the large school, school day by school day, drawn with dice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from commsbridge import conversations
from commsbridge.demo.history import ANSWERS, OWN_WORDS
from commsbridge.demo.large.crowd import Adult, Pupil
from commsbridge.demo.large.pouring import NULL, Pour, array, given
from commsbridge.foundation.names import search_fold
from commsbridge.foundation.school_time import SchoolCalendar

# Praises a child and school day, before season, teacher and child have their say.
PRAISED = 0.276
ANSWERED = {"text": 0.14, "email": 0.08}
UNDONE, UNCERTAIN, OWN, IN_ENGLISH = 0.006, 0.003, 0.25, 0.12
BEGUN_BY_HOME, TALKED, WORRIED = 0.0012, 0.004, 0.0006
# Of a hundred school days about one is bad for the carriers.
BAD_DAYS, FAILED_THEN, FAILED = 0.01, 0.35, 0.012
# A term begins keenly and ends tiredly.
SEASON = (1.25, 1.15, 1.1, 1.05, 1.0, 0.9, 0.85, 0.95, 0.85, 0.7, 0.6)
QUESTIONS = ("What time is the trip tomorrow?", "Can you ring me about Friday?", "He aha te wā o te hui?")
NOTES = ("Talked at the gate: all is well at home.", "Rang home. They will come on Thursday.")
SENT_AFTER, ARRIVED_AFTER = (6, 40), (2, 90)
# Of a hundred questions: how many are answered, and how many of those need no answer. Most answers take an hour or two.
KEPT, NOT_NEEDED, TYPICAL_MINUTES = 0.88, 0.06, 170
# Half of the teachers are asked who shone, on two afternoons a week; about two in three prompts lead to something.
ASKED, ASKED_ON, ASKED_AT, FOLLOWED, ANSWERED_ELSE = 0.5, (1, 3), time(14, 50), 0.55, 0.25
SAID_ELSE = ("not_today", "away", "later", "gate")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of the bank by its id, with its words in each language."""

    id: str
    en: str
    mi: str


@dataclass(frozen=True, slots=True)
class Bank:
    """What the school says, and by which sender's id it goes: text, email."""

    phrases: Sequence[Phrase]
    senders: dict[str, str]


@dataclass(slots=True)
class Room:
    """A class: who taught it until a day, who from then on, and how keenly each praises (0: not at all)."""

    id: str
    teachers: tuple[str, str]
    changed_on: date
    keen: tuple[float, float]

    def on(self, day: date) -> tuple[str, float]:
        """Who teaches on a day, and how keenly they praise."""
        later = day >= self.changed_on
        return self.teachers[later], self.keen[later]


@dataclass(frozen=True, slots=True)
class _News:
    """A praise on its way: where it stands in the log, what it says, and from when it goes (``due``)."""

    pupil: Pupil
    message: str
    line: str
    phrase: Phrase
    words: str
    due: datetime
    day: date
    bad: bool

    def said(self, language: str) -> str:
        """What it says in a language."""
        phrase = self.phrase
        words = {"mi": phrase.mi, "both": f"{phrase.mi} / {phrase.en}"}.get(language, phrase.en)
        return f"{words} {self.words}".strip().replace("{name}", self.pupil.first)


class Years:
    """Tells the past into a pour; what would happen after ``until`` has not happened yet."""

    def __init__(self, pour: Pour, dice: Random, calendar: SchoolCalendar, bank: Bank, until: datetime) -> None:
        self.pour = pour
        self.until = until
        self.dice = dice
        self.calendar = calendar
        self.phrases = bank.phrases
        self.senders = bank.senders
        rules = conversations.promises.Answering()
        self._hours = conversations.promises.Hours(calendar, rules.opens, rules.closes)
        self._allowed = rules.days * self._hours.day_minutes
        self._schedules: dict[str, str | None] = {}
        self._folded = {phrase.id: search_fold(f"{phrase.en} {phrase.mi}") for phrase in bank.phrases}

    def new_id(self) -> str:
        """A fresh id, the same for the same dice."""
        return self.dice.randbytes(16).hex()

    def day(self, day: date, rooms: Sequence[tuple[Room, Sequence[Pupil]]]) -> None:
        """One school day of every room with whoever is in it."""
        dice, began = self.dice, self.calendar.moment(day, datetime.min.time())
        bad = dice.random() < BAD_DAYS
        term = self.calendar.term_of(day)
        season = SEASON[min((day - term.first_on).days // 7, len(SEASON) - 1)] if term else 1.0
        for room, pupils in rooms:
            teacher, keen = room.on(day)
            if not pupils:
                continue
            expected = len(pupils) * PRAISED * season * keen
            how_many = int(expected) + (dice.random() < expected % 1)
            favours = [pupil.favour for pupil in pupils]
            for place in sorted(set(dice.choices(range(len(pupils)), favours, k=how_many))):
                at = began + self._seconds(9 * 3600 + 1200, 14 * 3600 + 3000)
                self._praise(pupils[place], teacher, at, day, bad=bad)
            if day.weekday() in ASKED_ON:
                self._prompt(pupils, teacher, self.calendar.moment(day, ASKED_AT), day, bad=bad)
            for pupil in dice.choices(pupils, k=int(len(pupils) * (BEGUN_BY_HOME + TALKED + WORRIED) + dice.random())):
                self._else(pupil, teacher, began + self._seconds(8 * 3600, 18 * 3600), day)

    def _seconds(self, least: int, most: int) -> timedelta:
        return timedelta(seconds=int(least + self.dice.random() * (most - least)))

    def _line(
        self,
        pupil: Pupil,
        at: datetime,
        moment: str,
        *,
        staff_id: str = NULL,
        to: str = f"{NULL}\t{NULL}\t{NULL}",
        subject: str = f"{NULL}\t{NULL}",
        about: str = NULL,
        why: str = NULL,
    ) -> str:
        """A line of the log; ``to`` is contact, channel and language, ``subject`` its kind and id."""
        line = self.new_id()
        self.pour.row("lines", line, pupil.id, str(at), moment, staff_id, to, subject, about, why)
        return line

    def _praise(self, pupil: Pupil, teacher: str, at: datetime, day: date, *, bad: bool) -> None:
        dice, message = self.dice, self.new_id()
        phrase = dice.choice(self.phrases)
        words = dice.choice(OWN_WORDS) if dice.random() < OWN else ""
        undone = dice.random() < UNDONE
        line = self._line(pupil, at, "praise", staff_id=teacher, subject=f"message\t{message}")
        self.pour.row("line_words", self.new_id(), line, pupil.id, self._folded[phrase.id])
        undo_until = at + timedelta(seconds=10)
        self.pour.row(
            "messages", message, "praise", teacher, pupil.id, phrase.id, words, line, str(at), str(undo_until),
            str(at) if undone else NULL,
        )  # fmt: skip
        if undone:
            self._line(pupil, at + timedelta(seconds=5), "undone", staff_id=teacher, about=line)
            return
        news = _News(pupil, message, line, phrase, words, undo_until, day, bad)
        for adult in pupil.adults:
            if adult.stopped_on is None or day < adult.stopped_on:
                self._deliver(news, adult)

    def _deliver(self, news: _News, adult: Adult) -> None:
        dice, delivery, due = self.dice, self.new_id(), news.due
        state, why = self._fate(adult, news.day, bad=news.bad)
        language = "en" if adult.language == "mi" and dice.random() < IN_ENGLISH else adult.language
        carried = not adult.by_hand
        channel = adult.channel if carried else "interpreter"
        gone = due + self._seconds(*SENT_AFTER)
        wait = self._seconds(*ARRIVED_AFTER) if carried else self._seconds(3600, 180_000)
        settled = gone if state == "sent" else gone + wait
        if settled > self.until:
            state = "by_hand"
        by_carrier = ("1", NULL, f"L{delivery}") if carried else ("0", NULL, NULL)
        self.pour.row(
            "deliveries", delivery, news.message, adult.id, channel, adult.address if carried else NULL,
            self.senders[channel] if carried else NULL, language, news.pupil.first if channel == "email" else NULL,
            news.said(language), "2", state, why, str(due), str(due + timedelta(days=3)), *by_carrier, news.line,
            str(due), str(gone) if carried else NULL, str(settled), state,
        )  # fmt: skip
        to, subject = f"{adult.id}\t{channel}\t{language}", f"delivery\t{delivery}"
        if carried:
            moment = "uncertain" if state == "uncertain" else "sent"
            self._line(news.pupil, gone, moment, to=to, subject=subject, about=news.line)
        if state == "delivered":
            self._line(news.pupil, settled, "arrived", to=to, subject=subject, about=news.line)
            if carried and dice.random() < ANSWERED[channel]:
                self._reply(news.pupil, adult, settled + self._seconds(120, 20_000), delivery)
        elif state == "failed":
            self._line(news.pupil, settled, "did_not_arrive", to=to, subject=subject, about=news.line, why=why)

    def _fate(self, adult: Adult, day: date, *, bad: bool) -> tuple[str, str]:
        """What becomes of a delivery: its state, and why."""
        chance = self.dice.random()
        if adult.by_hand:
            return ("delivered", "other_language") if chance < 0.7 else ("failed", "not_told")
        if adult.gone_on is not None and day >= adult.gone_on:
            return "failed", "not_in_service"
        if chance < (FAILED_THEN if bad else FAILED):
            return "failed", "unreachable"
        if chance > 1 - UNCERTAIN:
            return "uncertain", NULL
        return ("sent" if chance > 1 - 5 * UNCERTAIN else "delivered"), NULL

    def _else(self, pupil: Pupil, teacher: str, at: datetime, day: date) -> None:
        """What is not praise: home writes first, a talk at the gate, a call, a worry that was rung about."""
        chance = self.dice.random() * (BEGUN_BY_HOME + TALKED + WORRIED)
        reach = next((adult for adult in pupil.adults if not adult.by_hand and adult.gone_on is None), None)
        if chance < BEGUN_BY_HOME and reach is not None:
            self._reply(pupil, reach, at, None)
        elif chance < BEGUN_BY_HOME + TALKED:
            self._talk(pupil, teacher, at)
        else:
            self._worry(pupil, teacher, at)

    def _prompt(self, pupils: Sequence[Pupil], teacher: str, at: datetime, day: date, *, bad: bool) -> None:
        """A teacher is asked about somebody who is seldom thought of; often something follows."""
        dice = self.dice
        if (schedule := self._schedule(teacher, at)) is None:
            return
        pupil = dice.choices(pupils, [1 / each.favour for each in pupils])[0]
        prompt, chance = self.new_id(), dice.random()
        said, said_at = NULL, at + self._seconds(60, 1800)
        if chance < FOLLOWED:
            self._praise(pupil, teacher, said_at, day, bad=bad)
        elif chance < FOLLOWED + ANSWERED_ELSE:
            said = dice.choice(SAID_ELSE)
        self.pour.row("prompts", prompt, schedule, teacher, str(at), str(at))
        answered_at = NULL if said == NULL else str(said_at)
        self.pour.row("prompted_children", self.new_id(), prompt, pupil.id, "0", "0", said, answered_at)

    def _schedule(self, teacher: str, at: datetime) -> str | None:
        """The times a teacher chose, as long as the past lasts; None for who would rather not be asked."""
        if teacher not in self._schedules:
            self._schedules[teacher] = self.new_id() if self.dice.random() < ASKED else None
            if (schedule := self._schedules[teacher]) is not None:
                days = sum(1 << day for day in ASKED_ON)
                self.pour.row(
                    "prompt_schedules", schedule, teacher, str(days), str(ASKED_AT), "1", "t", str(at), str(self.until)
                )
        return self._schedules[teacher]

    def _ask(self, reply: str, at: datetime) -> None:
        """A question is owed an answer, in school hours; some answers are late, some never come."""
        dice = self.dice
        took = int(dice.expovariate(1 / TYPICAL_MINUTES)) * (4 if dice.random() < 0.2 else 1)
        due, kept = self._hours.after(at, self._allowed), self._hours.after(at, took)
        how = [NULL, NULL, NULL]
        if kept is not None and kept < self.until and dice.random() < KEPT:
            how = [str(kept), "not_needed" if dice.random() < NOT_NEEDED else "answered", str(took)]
        look = self.until if due is None else max(due, self.until)
        self.pour.row(
            "promises", self.new_id(), reply, str(at), str(at), str(self._allowed), given(due), str(look), *how
        )

    def _talk(self, pupil: Pupil, teacher: str, at: datetime) -> None:
        korero, words = self.new_id(), self.dice.choice(NOTES)
        moment = self.dice.choice(("gate", "call", "staff_note"))
        self.pour.row("korero", korero, pupil.id, teacher, NULL, str(at), str(at + timedelta(minutes=5)), words)
        line = self._line(pupil, at, moment, staff_id=teacher, subject=f"korero\t{korero}")
        self.pour.row("line_words", self.new_id(), line, pupil.id, search_fold(words))

    def _worry(self, pupil: Pupil, teacher: str, at: datetime) -> None:
        concern = self.new_id()
        line = self._line(pupil, at, "concern", staff_id=teacher, subject=f"concern\t{concern}")
        rang = (pupil.adults[0].id, str(at), "talked") if pupil.adults else (NULL, NULL, NULL)
        self.pour.row(
            "concerns", concern, "concern", pupil.id, teacher, "A hard morning with a friend.", array([]), *rang,
            "kept", line, str(at),
        )  # fmt: skip

    def _reply(self, pupil: Pupil, adult: Adult, at: datetime, delivery: str | None) -> None:
        if at > self.until:
            return
        dice, raw, reply = self.dice, self.new_id(), self.new_id()
        asks = delivery is None or dice.random() < 0.08
        said = QUESTIONS if asks else ANSWERS.get(adult.language, ANSWERS["en"])
        words = dice.choice(said)
        self.pour.row("raw_inbound", raw, "page", raw, str(at), "text/plain", "\\\\x00", str(at))
        self.pour.row(
            "replies", reply, raw, adult.id, delivery or NULL, adult.channel, adult.address, "8123", words, words,
            "filed", "last_message", "mi" if adult.language == "mi" else "en", str(at),
        )  # fmt: skip
        line = self._line(pupil, at, "reply", to=f"{adult.id}\t{adult.channel}\t{NULL}", subject=f"reply\t{reply}")
        self.pour.row("line_words", self.new_id(), line, pupil.id, search_fold(words))
        if asks:
            self._ask(reply, at)
        seen = at + self._seconds(600, 90_000) if dice.random() < 0.93 else self.until
        self.pour.row(
            "reply_students", self.new_id(), reply, pupil.id, line, str(seen) if seen < self.until else NULL, NULL
        )
        if seen < self.until:
            self._line(pupil, seen, "seen", about=line)
