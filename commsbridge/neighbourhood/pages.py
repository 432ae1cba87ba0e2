"""The pages on which one reads as a family, and answers: phones, mailboxes, and the form for misbehaving."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from commsbridge.foundation.addresses import read_phone
from commsbridge.foundation.errors import Invalid
from commsbridge.neighbourhood.answering import MailProgram
from commsbridge.neighbourhood.devices import PushService
from commsbridge.neighbourhood.families import Families
from commsbridge.neighbourhood.faults import ALLOWED, read_rule
from commsbridge.neighbourhood.letters import Letter, MailboxState
from commsbridge.neighbourhood.office import Office
from commsbridge.neighbourhood.texts import INBOUND, PhoneState, Text, show_number
from commsbridge.neighbourhood.twilio_api import WORDS
from commsbridge.neighbourhood.wire import Answer, Request, see_other

SHOWN = 200
STATIC = {"neighbourhood.css": "text/css; charset=utf-8", "neighbourhood.js": "text/javascript; charset=utf-8"}
# The two faces are those of the school's own pages.
FACES = ("web", "static", "fonts")
FACE_NAMES = frozenset({"bridge-hand.woff2", "bridge-type.woff2"})
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
# same-origin, not no-referrer: with the latter a browser sends its own forms with "Origin: null".
SAFE = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
)
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; font-src 'self'; "
    "img-src 'self' data:; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A letter's own HTML: it may look as it likes and open links in a new window, and nothing else.
LETTER_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
FILE_POLICY = "sandbox; default-src 'none'"
POLICY = "Content-Security-Policy"
LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
HTML = "text/html; charset=utf-8"


class Pages:
    """Answers browsers. Everything a stranger wrote is escaped, or shown in a frame that can do nothing."""

    def __init__(self, office: Office, families: Families, pushes: PushService, reset: Callable[[], None]) -> None:
        self._office = office
        self._families = families
        self._pushes = pushes
        self._reset = reset
        self._templates = Environment(
            loader=PackageLoader("commsbridge.neighbourhood"), autoescape=True, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.filters |= {
            "linked": linked,
            "clock": lambda at: clock(self._here(at)),
            "when": lambda at: self._when(self._here(at)),
            "day": lambda at: day(self._here(at)),
            "number": show_number,
            "path": lambda written: quote(written, safe=""),
            "state": text_state,
        }

    def _here(self, at: datetime) -> datetime:
        return at.astimezone(self._office.arrangement.time_zone)

    def _when(self, at: datetime) -> str:
        today = self._here(self._office.town.now()).date() == at.date()
        return clock(at) if today else f"{at.day} {at:%b}"

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        parts = request.steps
        if request.method == "POST":
            try:
                return self._change(parts, request)
            except (ValueError, TypeError, KeyError) as wrong:
                return self._page("wrong.html", 400, sentence=str(wrong))
        if request.method not in {"GET", "HEAD"}:
            return Answer(405)
        return self._show(parts)

    # showing

    def _show(self, parts: list[str]) -> Answer:
        answer = None
        match parts:
            case [""]:
                answer = self._page("home.html", devices=self._pushes.devices())
            case ["phones", number]:
                answer = self._page("phone.html", phone=self._office.town.phone(number), senders=self._senders(number))
            case ["mailboxes", address]:
                answer = self._page("mailbox.html", box=self._office.town.mailbox(address), programs=list(MailProgram))
            case ["misbehave"]:
                answer = self._page("misbehave.html", rules=self._office.faults.view(), allowed=ALLOWED)
            case ["letters", letter_id, *rest]:
                answer = self._letter(letter_id, rest)
            case ["pictures", sid, media_sid]:
                answer = self._picture(sid, media_sid)
            case ["static", name] if name in STATIC:
                content = files("commsbridge.neighbourhood").joinpath("static", name).read_bytes()
                answer = Answer(200, content, STATIC[name], SAFE)
            case ["static", name] if name in FACE_NAMES:
                content = files("commsbridge").joinpath(*FACES, name).read_bytes()
                answer = Answer(200, content, "font/woff2", SAFE)
        return answer or self._missing()

    def _missing(self) -> Answer:
        return self._page("wrong.html", 404, sentence="There is no such page here.")

    def _page(self, template: str, status: int = 200, **shown: Any) -> Answer:
        town = self._office.town
        shown |= {
            "phones": town.phones(SHOWN),
            "mailboxes": town.mailboxes(SHOWN),
            "rules_in_force": len(self._office.faults.view()),
            "phone_states": list(PhoneState),
            "mailbox_states": list(MailboxState),
            "known": self._known(),
        }
        body = self._templates.get_template(template).render(shown)
        return Answer(status, body.encode(), HTML, ((POLICY, PAGE_POLICY), *SAFE))

    def _known(self) -> dict[str, list[str]]:
        """The school's numbers and addresses as far as the carrier knows them, for the forms."""
        numbers = {text.school for text in self._office.town.texts()[:SHOWN] if text.school}
        addresses = {letter.answer_to for letter in self._office.town.letters()[-SHOWN:] if not letter.inbound}
        return {"numbers": sorted(numbers | set(self._office.arrangement.senders)), "addresses": sorted(addresses)}

    def _senders(self, number: str) -> list[str]:
        """The school's numbers this phone may answer, the one that wrote last first."""
        wrote = [text.school for text in reversed(self._office.town.phone(number).texts) if text.school]
        return list(dict.fromkeys([*wrote, *self._known()["numbers"]]))

    def _letter(self, letter_id: str, rest: list[str]) -> Answer | None:
        letter = self._office.town.letter(letter_id)
        if letter is not None and rest == ["html"]:
            body = '<!doctype html><meta charset="utf-8"><base target="_blank">' + letter.html
            return Answer(200, body.encode(), HTML, ((POLICY, LETTER_POLICY), *SAFE))
        for n, each in enumerate(letter.attachments if letter else ()):
            if rest == ["files", str(n)]:
                return _file(each.content_type, each.content)
        return None

    def _picture(self, sid: str, media_sid: str) -> Answer | None:
        text = self._office.town.text(sid)
        for media in text.media if text else ():
            if media.sid == media_sid:
                return _file(media.content_type, media.content)
        return None

    # changing

    def _change(self, parts: list[str], request: Request) -> Answer:
        form, path = request.form(), None
        match parts:
            case ["texts"]:
                path = self._text(form, request)
            case ["mails"]:
                path = self._mail(form)
            case ["phones", number, "state"]:
                self._office.town.set_phone(number, PhoneState(form["state"]))
                path = f"/phones/{quote(number, safe='')}"
            case ["mailboxes", address, "state"]:
                self._office.town.set_mailbox(address, MailboxState(form["state"]))
                path = f"/mailboxes/{quote(address, safe='')}"
            case ["letters", letter_id, verb] if (letter := self._office.town.letter(letter_id)) is not None:
                path = self._answer_letter(letter, verb, form)
            case ["misbehave"]:
                self._office.faults.add(read_rule(_rule_fields(form)))
                path = "/misbehave"
            case ["behave"]:
                self._office.faults.lay(())
                path = "/misbehave"
            case ["reset"]:
                self._reset()
                path = "/"
        return see_other(path) if path else self._missing()

    def _text(self, form: Mapping[str, str], request: Request) -> str:
        sender = _number(_needed(form, "from", "Whose phone is it? Write its number."))
        to = _number(_needed(form, "to", "To which number?"))
        self._families.text_in(sender, to, form.get("body", ""), media=_pictures(request))
        return f"/phones/{quote(sender, safe='')}#end"

    def _mail(self, form: Mapping[str, str]) -> str:
        sender = _needed(form, "from", "Whose mailbox is it? Write its address.")
        to = _needed(form, "to", "To which address?")
        self._families.mail_in(sender, to, form.get("subject", ""), form.get("text", ""))
        return f"/mailboxes/{quote(sender.lower(), safe='')}"

    def _answer_letter(self, letter: Letter, verb: str, form: Mapping[str, str]) -> str | None:
        if verb == "reply":
            self._families.reply(letter, form.get("words", ""), MailProgram(form.get("program", MailProgram.GMAIL)))
        elif verb == "unsubscribe":
            self._office.postman.run(self._families.unsubscribe(letter))
        else:
            return None
        return f"/mailboxes/{quote(letter.mailbox, safe='')}#{letter.id}"


def _needed(form: Mapping[str, str], name: str, sentence: str) -> str:
    value = form.get(name, "").strip()
    if not value:
        raise ValueError(sentence)
    return value


def _number(written: str) -> str:
    """A number as the telephone network knows it; what is no phone number (a short code, a name) as it was written."""
    try:
        return read_phone(written).e164
    except Invalid:
        return written


def _pictures(request: Request) -> list[tuple[str, bytes]]:
    if request.content_type != "multipart/form-data":
        return []
    return [(kind, content) for name, file, kind, content in request.parts() if name == "picture" and file and content]


def _rule_fields(form: Mapping[str, str]) -> dict[str, Any]:
    """A rule's fields from the form: empty ones are left to their usual values."""
    numbers: dict[str, Callable[[str], Any]] = {
        "times": int,
        "skip": int,
        "code": int,
        "seconds": float,
        "chance": float,
    }
    return {name: numbers.get(name, str)(value.strip()) for name, value in form.items() if value.strip()}


def _file(content_type: str, content: bytes) -> Answer:
    shown = content_type in PICTURES
    disposition = ("Content-Disposition", "inline" if shown else "attachment")
    return Answer(
        200, content, content_type if shown else "application/octet-stream", (disposition, (POLICY, FILE_POLICY), *SAFE)
    )


def linked(words: str) -> Markup:
    """Escaped text in which web addresses can be pressed."""
    written, place = Markup(), 0
    for found in LINK.finditer(words):
        url = found.group()
        written += escape(words[place : found.start()])
        written += Markup('<a href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>').format(url)
        place = found.end()
    return written + escape(words[place:])


def clock(at: datetime) -> str:
    """A local time as people write it: 3:04 pm."""
    return f"{(at.hour + 11) % 12 + 1}:{at:%M} {'am' if at.hour < 12 else 'pm'}"


def day(at: datetime) -> str:
    """A local day as people write it: Thursday 19 November."""
    return f"{at:%A} {at.day} {at:%B}"


def text_state(text: Text) -> str:
    """What became of a text, in words."""
    if text.direction == INBOUND:
        return f"to the school: {text.hook}" if text.hook else "on its way to the school"
    if text.error_code:
        return f"{text.status}: {WORDS.get(text.error_code, 'error')} ({text.error_code})"
    return text.status
