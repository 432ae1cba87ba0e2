"""The words of what is sent: every text and every mail, pure, in the reader's language, the school named first."""

from __future__ import annotations

from commsbridge.messages.letters.asking import (
    asked_text,
    going_on_text,
    language_text,
    pause_text,
    received_text,
    shall_we_stop_text,
    which_child_text,
)
from commsbridge.messages.letters.books import (
    BookDay,
    BookNews,
    BookPart,
    book_mail,
    book_text,
    code_mail,
    code_text,
    page_link_text,
)
from commsbridge.messages.letters.layout import PICTURE_ID, REPLY_MARKER, Letter
from commsbridge.messages.letters.mails import note_mail, notice_mail, praise_mail, welcome_mail
from commsbridge.messages.letters.parts import News, Notice, Reads, Recipient, School, TextSender
from commsbridge.messages.letters.promises import FOLLOWS, LATER
from commsbridge.messages.letters.staff import (
    alarm_mail,
    invitation_mail,
    owed_mail,
    prompt_mail,
    reset_mail,
    safety_mail,
)
from commsbridge.messages.letters.texts import (
    CHARGE_WORDS,
    danger_text,
    help_text,
    note_text,
    notice_text,
    praise_text,
    staff_text,
    started_text,
    stopped_text,
    stranger_text,
    welcome_text,
)
from commsbridge.messages.letters.voice import HeldBack, Voice

__all__ = [
    "CHARGE_WORDS",
    "FOLLOWS",
    "LATER",
    "PICTURE_ID",
    "REPLY_MARKER",
    "BookDay",
    "BookNews",
    "BookPart",
    "HeldBack",
    "Letter",
    "News",
    "Notice",
    "Reads",
    "Recipient",
    "School",
    "TextSender",
    "Voice",
    "alarm_mail",
    "asked_text",
    "book_mail",
    "book_text",
    "code_mail",
    "code_text",
    "danger_text",
    "going_on_text",
    "help_text",
    "invitation_mail",
    "language_text",
    "note_mail",
    "note_text",
    "notice_mail",
    "notice_text",
    "owed_mail",
    "page_link_text",
    "pause_text",
    "praise_mail",
    "praise_text",
    "prompt_mail",
    "received_text",
    "reset_mail",
    "safety_mail",
    "shall_we_stop_text",
    "staff_text",
    "started_text",
    "stopped_text",
    "stranger_text",
    "welcome_mail",
    "welcome_text",
    "which_child_text",
]
