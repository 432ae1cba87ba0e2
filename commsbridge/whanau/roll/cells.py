"""What one cell says: names, numbers, year levels, languages, channels and wishes, as schools write them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from commsbridge.foundation.addresses import Phone, read_email, read_phone
from commsbridge.foundation.asked_language import language_meant
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import fold, name_key
from commsbridge.whanau.models import Channel, MayMessage
from commsbridge.whanau.roll.issues import Said, said

LONGEST_NAME = 120
LONGEST_ID = 60
LONGEST_WORD = 60
"""Characters that the columns of the database hold."""
_LONGEST_KEY = 160

_FORMULA = re.compile(r"[=+\-@]")
_EXCEL_TEXT = re.compile(r'="([^"]*)"')
_WHOLE_NUMBER = re.compile(r"(\d+)\.0+")
_SHORTENED = re.compile(r"\d+([.,]\d+)?[eE][+-]?\d+")
_NUMBERS = re.compile(r"[/;,|&\n]")
_ADDRESSES = re.compile(r"[;,/|\s]+")
_CLASSES = re.compile(r"[;,|\n]|\s/\s")
_WORDS = re.compile(r"[;,/|&+>\n]|\s(?:and|or|then|me|rānei)\s")
_YEAR = re.compile(r"(?:(?:year|yr|y|tau|level)(?: level)?)?[ .:]*0*(\d{1,2})(?:\.0)?")
_YEARS = range(16)
"""New Zealand school years: 0 for new entrants, 13 and, for ākonga who stay longer, up to 15."""
_NEW_ENTRANT = frozenset({"ne", "new entrant", "new entrants"})

_TE_REO = frozenset({"mi", "mri", "mao", "mi-nz", "maori", "te reo", "te reo maori", "reo maori", "reo"})
_ENGLISH = frozenset(
    {"en", "eng", "en-nz", "en-gb", "english", "nz english", "reo pakeha", "te reo pakeha", "ingarihi"}
)
_BOTH = frozenset({"both", "bilingual", "both languages", "reorua", "nga reo e rua", "e rua"})

_CHANNELS = {
    Channel.TEXT: ("text", "texts", "sms", "txt", "txts", "text message", "text messages", "patuhi", "karere patuhi"),
    Channel.EMAIL: ("email", "emails", "e-mail", "mail", "email address", "imera"),
    Channel.CALL: ("call", "calls", "a call", "phone", "phone call", "phone calls", "ring", "telephone", "waea"),
    Channel.SLIP: ("slip", "printed slip", "paper slip", "paper", "print", "printed", "letter", "note", "puka"),
    Channel.VIDEO: ("video", "video call", "video calls", "zoom", "ataata"),
    Channel.INTERPRETER: ("interpreter", "an interpreter", "nzsl interpreter", "translator", "kaiwhakamaori"),
}
_CHANNEL_OF = {word: channel for channel, words in _CHANNELS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Number:
    """A phone number that was read, and what a person should look at (None when nothing)."""

    phone: Phone
    doubt: Said | None


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mail address that was read, and what a person should look at (None when nothing)."""

    address: str
    doubt: Said | None


def read_id(cell: str) -> str:
    """A student's id: one string, whether a spreadsheet kept it as text, as ="0042" or as 42.0.

    Raises Invalid when it is empty, a formula, or longer than the roll holds.
    """
    text = _as_text(" ".join(unicodedata.normalize("NFKC", cell).split()))
    if not text:
        raise Invalid(N_("There is no student id in this cell."))
    _refuse_formula(text)
    _refuse_longer(text, LONGEST_ID)
    return text


def read_name(cell: str) -> str:
    """A person's name on one line; "Kereama, Mere" is turned into "Mere Kereama".

    Raises Invalid for a formula, a name without letters or with a lost one (? or U+FFFD), and one longer than held.
    """
    text = " ".join(cell.split())
    if not text:
        raise Invalid(N_("There is no name in this cell."))
    _refuse_formula(text)
    if "?" in text or "\ufffd" in text:
        raise Invalid(N_("A letter of this name was lost when the file was saved. Please save it as “CSV UTF-8”."))
    if not any(c.isalpha() for c in text):
        raise Invalid(N_("This is not a name: there is no letter in it."))
    last, comma, first = (part.strip() for part in text.partition(","))
    turned = f"{first} {last}" if comma and last and first and "," not in first else text
    _refuse_longer(turned, LONGEST_NAME)
    _refuse_longer(name_key(turned), _LONGEST_KEY)
    return turned


def fuller_spelling(held: str, written: str) -> str:
    """Of two spellings of one name in one order, the one with more marks (macrons), else one not all in capitals."""
    if fold(held) != fold(written):
        return held
    marks = _marks(written) - _marks(held)
    return written if marks > 0 or (marks == 0 and held.isupper() and not written.isupper()) else held


def read_number(cell: str) -> Number:
    """A phone number of a contact; of several in one cell the first mobile, else the first.

    Raises Invalid for what is no number, and for one that a spreadsheet has rounded (6.42E+10).
    """
    written = _as_text(unicodedata.normalize("NFKC", cell).strip())
    if _SHORTENED.fullmatch(written):
        raise Invalid(N_("A spreadsheet has shortened this phone number, and its last digits are lost."))
    phones = _several(written)
    if phones:
        best = next((phone for phone in phones if phone.textable), phones[0])
        return Number(best, said(N_("There is more than one phone number in this cell. Only one of them was taken.")))
    phone = read_phone(written)
    if written.isdigit() and phone.e164 == f"+64{written}":
        return Number(phone, said(N_("This phone number has lost its first 0. It was put back.")))
    return Number(phone, None)


def read_mailbox(cell: str) -> Mailbox:
    """A mail address; of several in one cell the first. Raises Invalid for what is none."""
    written = unicodedata.normalize("NFKC", cell).strip()
    pieces = [piece for piece in _ADDRESSES.split(written) if piece]
    if len(pieces) < 2 or not all("@" in piece for piece in pieces):
        return Mailbox(read_email(written), None)
    addresses = [read_email(piece) for piece in pieces]
    doubt = said(N_("There is more than one email address in this cell. Only the first was taken."))
    return Mailbox(addresses[0], doubt if len(set(addresses)) > 1 else None)


@lru_cache(maxsize=512)
def read_mailboxes(cell: str) -> tuple[str, ...]:
    """All mail addresses of a cell, in order. Raises Invalid when one of them is none."""
    return tuple(read_email(piece) for piece in _ADDRESSES.split(unicodedata.normalize("NFKC", cell)) if piece)


def read_year(cell: str) -> int | None:
    """A year level, 0 for new entrants; None when nothing is said. Raises Invalid for what is none."""
    word = fold(cell)
    if _says_nothing(word):
        return None
    if word in _NEW_ENTRANT:
        return 0
    found = _YEAR.fullmatch(word)
    if found is None or int(found[1]) not in _YEARS:
        raise Invalid(N_("This is not a year level, and was not taken."))
    return int(found[1])


@lru_cache(maxsize=512)
def read_classes(cell: str) -> tuple[str, ...]:
    """The classes of a cell, each once: separated by a semicolon, a comma, a line end, or a slash with blanks."""
    names = [read_word(piece) for piece in _CLASSES.split(cell)]
    return tuple({fold(name): name for name in reversed(names) if name}.values())[::-1]


def read_word(cell: str) -> str:
    """A word or two, kept as written; "" when nothing is said. Raises Invalid for a formula or far too many words."""
    text = " ".join(cell.split())
    if _says_nothing(text):
        return ""
    _refuse_formula(text)
    _refuse_longer(text, LONGEST_WORD)
    return text


@lru_cache(maxsize=512)
def read_language(cell: str) -> str | None:
    """A language asked for: the code of one we write, "both", or any other as it is written (NZSL); None when none is.

    Raises Invalid as read_word does. Another language is never turned into English.
    """
    text = read_word(cell)
    whole = fold(text)
    if whole in _BOTH:
        return "both"
    words = {whole} if whole in _TE_REO | _ENGLISH else {word.strip() for word in _WORDS.split(whole)} - {""}
    if not words or not words <= _TE_REO | _ENGLISH:
        ours = language_meant(text) if text else None
        return ours.value if ours else text or None
    if words <= _TE_REO:
        return "mi"
    return "en" if words <= _ENGLISH else "both"


@lru_cache(maxsize=512)
def read_channels(cell: str) -> tuple[tuple[Channel, ...], tuple[str, ...]]:
    """The channels of a cell in their order, and the words that name none."""
    if _says_nothing(cell):
        return (), ()
    whole = fold(cell)
    words = [whole] if whole in _CHANNEL_OF else [word.strip() for word in _WORDS.split(whole)]
    known = dict.fromkeys(_CHANNEL_OF[word] for word in words if word in _CHANNEL_OF)
    return tuple(known), tuple(word for word in words if word and word not in _CHANNEL_OF)


def read_may_message(cell: str) -> MayMessage | None:
    """yes, no, or ask for any other word; None when nothing is said."""
    word = fold(cell)
    if not word:
        return None
    return {"yes": MayMessage.YES, "no": MayMessage.NO}.get(word, MayMessage.ASK)


def _as_text(text: str) -> str:
    """Undo how spreadsheets keep digits: ="0042" and 42.0."""
    shielded = _EXCEL_TEXT.fullmatch(text)
    bare = shielded[1].strip() if shielded else text
    return _WHOLE_NUMBER.sub(r"\1", bare) if _WHOLE_NUMBER.fullmatch(bare) else bare


def _several(written: str) -> list[Phone]:
    """The phone numbers of a cell that holds more than one and nothing else; otherwise none."""
    pieces = [piece for piece in _NUMBERS.split(written) if piece.strip()]
    if len(pieces) < 2:
        return []
    try:
        return [read_phone(piece) for piece in pieces]
    except Invalid:
        return []


def _marks(text: str) -> int:
    return sum(unicodedata.combining(c) > 0 for c in unicodedata.normalize("NFD", text))


def _says_nothing(text: str) -> bool:
    return not any(c.isalnum() for c in text)


def _refuse_formula(text: str) -> None:
    if _FORMULA.match(unicodedata.normalize("NFKC", text)):
        raise Invalid(N_("This looks like a spreadsheet formula, so we left it out."))


def _refuse_longer(text: str, longest: int) -> None:
    if len(text) > longest:
        raise Invalid(N_("This is too long: write at most %(longest)s characters."), longest=longest)
