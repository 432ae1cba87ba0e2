"""The words of every text message: pure, in the reader's language, the school's name first."""

from __future__ import annotations

from collections.abc import Callable

from commsbridge.foundation.language import N_, Language
from commsbridge.foundation.segments import tidy
from commsbridge.messages.letters.parts import News, Notice, Reads, Recipient, School, TextSender

# The words New Zealand operators require, in English, on each text from a standard-rate code (33 characters).
CHARGE_WORDS = "Reply to this SMS will be charged"

# Sentences that texts and mails share.
WHY = N_("The school has you down as a contact for %(name)s, so we will send you good news.")
SIGNED = N_("From %(writer)s")
TRANSLATED = N_("Te reo written by %(translator)s")
# Below a phrase of the bank, in a language that the bank has no words in.
LEFT_IN_ENGLISH = N_("The school wrote this in English.")
NOTE_WAITS = N_("There is a note about %(name)s for you to read: %(link)s")

# Only texts say these.
PHOTO_AT = N_("A photo: %(link)s")
CARE = N_("Not watched at all hours. In an emergency ring 111. To talk to someone, call or text 1737.")
IN_DANGER = N_(
    "We have your message. A person will read it. In danger now? Ring 111. Phone registered for 111 TXT? Text 111. "
    "To talk, ring or text 1737."
)
HELLO = N_("Kia ora %(contact)s.")
STOP_BY_TEXT = N_("To stop, reply STOP.")
STOP_EITHER_WAY = N_("To stop, reply STOP or use this link (no cost): %(link)s")
STOPPED = N_("No more texts from us will come to this phone. To start again, reply START.")
STARTED = N_("Texts from us have started again.")
WHO_WE_ARE = N_("These texts are good news from school. A person at the school reads your reply.")
OFFICE = N_("School office: %(phone)s.")
ALSO = N_("You can also text: HUI, CALL ME, BOOK, PAUSE, TE REO.")
STRANGER = N_("We do not know this number. A person at the school will read your message.")


def praise_text(
    school: School, sender: TextSender, recipient: Recipient, news: News, *, photo_link: str | None = None
) -> str:
    """The text that brings good news, signed in each block; own words, and a ``photo_link``, stand once."""
    reads = recipient.reads

    def block(language: Language) -> str:
        words = _news_block(school, news, reads, language)
        if photo_link and language is reads.languages[-1]:
            photo = school.say(language, PHOTO_AT, link=photo_link)
            return f"{words}\n{photo}" if words else photo
        return words

    return framed(school, sender, reads, block)


def welcome_text(
    school: School, sender: TextSender, recipient: Recipient, *, child: str, stop_link: str | None = None
) -> str:
    """A contact's very first text: who writes, why, how to stop, and that it is not watched at all hours.

    Give ``stop_link`` where a reply costs: the way out must cost nothing.
    """

    def block(language: Language) -> str:
        hello = school.text_say(language, HELLO, contact=recipient.shown_name)
        way_out = (
            school.text_say(language, STOP_EITHER_WAY, link=stop_link)
            if stop_link
            else school.text_say(language, STOP_BY_TEXT)
        )
        return " ".join([hello, school.text_say(language, WHY, name=child), school.text_say(language, CARE), way_out])

    return framed(school, sender, recipient.reads, block)


def stopped_text(school: School, sender: TextSender, reads: Reads) -> str:
    """The answer to STOP, and the last text that phone gets."""
    return framed(school, sender, reads, lambda language: school.text_say(language, STOPPED))


def started_text(school: School, sender: TextSender, reads: Reads) -> str:
    """The answer to START."""
    return framed(
        school,
        sender,
        reads,
        lambda language: f"{school.text_say(language, STARTED)} {school.text_say(language, STOP_BY_TEXT)}",
    )


def help_text(school: School, sender: TextSender, reads: Reads, *, office_phone: str | None = None) -> str:
    """The answer to HELP: who writes, the office's number where there is one, what a word asks for, where help is."""

    def block(language: Language) -> str:
        office = [school.text_say(language, OFFICE, phone=office_phone)] if office_phone else []
        return " ".join(
            [
                school.text_say(language, WHO_WE_ARE),
                *office,
                school.text_say(language, ALSO),
                school.text_say(language, CARE),
                school.text_say(language, STOP_BY_TEXT),
            ]
        )

    return framed(school, sender, reads, block)


def stranger_text(school: School, sender: TextSender, reads: Reads = Reads.BOTH) -> str:
    """The answer to a number the school does not know: in both languages where it can be, and it names nobody."""

    def block(language: Language) -> str:
        return f"{school.text_say(language, STRANGER)} {school.text_say(language, CARE)}"

    return framed(school, sender, reads, block)


def danger_text(school: School, sender: TextSender, reads: Reads = Reads.BOTH) -> str:
    """The answer to a message that worries: who helps now, in both languages, and nothing of what was written.

    Numbers: New Zealand Police (111; 111 TXT takes texts only from phones that were registered for it), 1737 Need to
    Talk.
    """
    return framed(school, sender, reads, lambda language: school.text_say(language, IN_DANGER))


def note_text(school: School, sender: TextSender, reads: Reads, *, child: str, link: str) -> str:
    """The neutral line for anything that may not stand in a text: only that there is a note, and where."""
    return framed(school, sender, reads, lambda language: school.text_say(language, NOTE_WAITS, name=child, link=link))


def notice_text(school: School, sender: TextSender, recipient: Recipient, notice: Notice) -> str:
    """What somebody at school has to say, signed, in the languages it was written in."""

    def block(language: Language) -> str:
        signed = school.say(language, SIGNED, writer=notice.writer)
        by = [school.text_say(language, TRANSLATED, translator=notice.translator)] if notice.by(language) else []
        return "\n".join([notice.words[notice.home(language)], signed, *by])

    return framed(school, sender, recipient.reads, block)


def staff_text(school: School, sender: TextSender, words: str) -> str:
    """A text to a phone of the staff: the words are whole already, in one language."""
    footer = f"\n{CHARGE_WORDS}" if sender.writes_charge_words else ""
    return tidy(f"{school.text_name}: {words}{footer}")


def _news_block(school: School, news: News, reads: Reads, language: Language) -> str:
    phrase = news.phrase_in(language, school.text_vowels)
    sentences = [phrase] if phrase else []
    if words := news.words_in(language, reads):
        sentences.append(words)
    if not sentences:
        return ""
    signed = school.text_say(language, SIGNED, writer=news.writer)
    by = []
    if news.words_mi and language is Language.MI:
        by = [school.text_say(language, TRANSLATED, translator=news.translator)]
    if news.left_in_english(language):
        by = [school.text_say(language, LEFT_IN_ENGLISH)]
    return "\n".join([" ".join(sentences), signed, *by])


def framed(school: School, sender: TextSender, reads: Reads, block: Callable[[Language], str]) -> str:
    """School first, a blank line between the blocks of two languages, and last the charge words where they are due."""
    written = [(block(language), school.promised(language)) for language in reads.languages]
    blocks = ["\n".join([words, *promised]) for words, promised in written if words]
    body = "\n\n".join(blocks)
    footer = f"\n{CHARGE_WORDS}" if sender.writes_charge_words else ""
    return tidy(f"{school.text_name}: {body}{footer}")
