"""How pages show days, times, people and ways: in the reader's language, on the school's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from commsbridge.foundation.asked_language import language_meant
from commsbridge.foundation.language import KNOWN, N_, Language, say
from commsbridge.foundation.reo_dates import clock_time, list_of, long_date, margin_day, relative_day, short_date
from commsbridge.foundation.school_time import SchoolCalendar
from commsbridge.messages import Delivery, Standing, standing

BOTH = N_("te reo Māori and English")
ICONS = {"text": "text", "email": "mail", "call": "call", "slip": "slip", "video": "video", "interpreter": "call"}
CHANNELS = {
    "text": N_("Text"),
    "email": N_("Email"),
    "call": N_("A call"),
    "slip": N_("A printed slip"),
    "video": N_("A video call"),
    "interpreter": N_("An interpreter"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Shows moments to one reader of one school."""

    language: Language
    calendar: SchoolCalendar
    now: datetime

    def say(self, sentence: str, /, **slots: object) -> str:
        """A sentence in the reader's language."""
        return say(self.language, sentence, **slots)

    @property
    def today(self) -> date:
        """Today at school."""
        return self.calendar.local(self.now).date()

    def day(self, at: datetime) -> str:
        """The day of a moment: today, yesterday, else a short date."""
        on = self.calendar.local(at).date()
        return margin_day(on, self.today, self.language)

    def weekday(self, on: date) -> str:
        """A long date with the day of the week."""
        return long_date(on, self.language, self.calendar.day_names)

    def ahead(self, at: datetime) -> str:
        """The day of a moment to come: today, tomorrow, else a short date."""
        on = self.calendar.local(at).date()
        near = (on - self.today).days in {0, 1}
        return relative_day(on, self.today, self.language) if near else margin_day(on, self.today, self.language)

    def date(self, on: date) -> str:
        """A short date."""
        return short_date(on, self.language, self.calendar.day_names)

    def on(self, at: datetime) -> str:
        """The short date of a moment."""
        return self.date(self.calendar.local(at).date())

    def time(self, at: datetime) -> str:
        """The time of day of a moment."""
        return clock_time(self.calendar.local(at).time(), self.language)

    def iso(self, at: datetime) -> str:
        """A moment for machines, in local time with its offset."""
        return self.calendar.local(at).isoformat(timespec="minutes")

    def moment(self) -> str:
        """Now, in words: the top line of Today."""
        return f"{long_date(self.today, self.language, self.calendar.day_names)}, {self.time(self.now)}"

    def until(self, at: datetime) -> str:
        """A moment to come, as short as it can be said: the time, with the day when it is not today."""
        on = self.calendar.local(at).date()
        return self.time(at) if on == self.today else f"{self.date(on)}, {self.time(at)}"

    def standing(self, delivery: Delivery) -> dict[str, str]:
        """Where a delivery stands as a state row: its sentence with the next action, and its tone."""
        told = standing(delivery)
        return {"kind": tone(told), "sentence": self.told(told, delivery.held_until or delivery.due_at)}

    def told(self, told: Standing, due_at: datetime | None) -> str:
        """A standing in words, with until when and what to do."""
        sentence = self.say(told.sentence, until=self.until(due_at) if due_at else "")
        return f"{sentence}. {self.say(told.next_action)}" if told.next_action else f"{sentence}."

    def names(self, names: list[str]) -> str:
        """Names as a list in words."""
        return list_of(names, self.language)

    def language_asked(self, asked: str) -> dict[str, str | None]:
        """A language's own name, with its lang code where we write it."""
        if asked == "both":
            return {"name": self.say(BOTH), "lang": None}
        ours = language_meant(asked)
        return {"name": ours.idiom.name if ours else asked, "lang": ours.tag if ours else None}

    def channel(self, channel: str) -> str:
        """The name of a way to reach somebody."""
        return self.say(CHANNELS[channel])


def lang_of(language: str | None) -> str | None:
    """The lang tag of words in this language; None where that is not sure, or the language is none of ours."""
    ours = KNOWN.get(language or "")
    return ours.tag if ours else None


def phrase_lang(page: Language) -> str | None:
    """The lang tag that a phrase of the bank wants on a page in that language; None where it is the page's own."""
    if page is Language.EN:
        return None
    return (Language.MI if page is Language.MI else Language.EN).tag


def tone(told: Standing) -> str:
    """A standing's tone as the stylesheet names it."""
    return "" if told.tone == "quiet" else told.tone
