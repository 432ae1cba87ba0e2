"""What tests, benches and the demo ask of the neighbourhood over HTTP: /_neighbourhood/…, in JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from commsbridge.neighbourhood.families import Families
from commsbridge.neighbourhood.faults import read_rule
from commsbridge.neighbourhood.letters import Letter, MailboxState
from commsbridge.neighbourhood.office import Office
from commsbridge.neighbourhood.texts import PhoneState, Text
from commsbridge.neighbourhood.wire import Answer, Request, json_answer

PREFIX = "/_neighbourhood/"


class Controls:
    """Answers requests under /_neighbourhood/. Whatever it cannot read is a 400 with a sentence; nothing is changed."""

    def __init__(self, office: Office, families: Families, reset: Callable[[], None]) -> None:
        self._office = office
        self._families = families
        self._reset = reset

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        name = request.path.removeprefix(PREFIX)
        if request.method == "GET":
            return self._read(name)
        if name == "reset" and request.method == "POST":
            self._reset()
            return Answer(204)
        if name == "faults" and request.method == "DELETE":
            self._office.faults.lay(())
            return Answer(204)
        change = self._changes().get(name) if request.method == "POST" else None
        if change is None:
            return json_answer(404, {"error": "There is nothing of that name here."})
        try:
            return change(_asked(request))
        except (KeyError, TypeError, ValueError) as wrong:
            return json_answer(400, {"error": _sentence(wrong)})

    def _read(self, name: str) -> Answer:
        match name:
            case "changes":
                return Answer(stream=True)
            case "messages":
                return json_answer(200, self._messages())
            case "faults":
                return json_answer(200, {"rules": self._office.faults.view()})
            case "hooks":
                knocks = self._office.postman.knocks()
                view = [
                    {"kind": k.kind, "url": k.url, "status": k.status, "told": k.told, "at": k.at.isoformat()}
                    for k in knocks
                ]
                return json_answer(200, {"hooks": view})
            case "settings":
                return json_answer(200, self._settings())
        return json_answer(404, {"error": "There is nothing of that name here."})

    def _messages(self) -> dict[str, Any]:
        texts = [text_view(text) for text in reversed(self._office.town.texts())]
        return {"texts": texts, "letters": [letter_view(letter) for letter in self._office.town.letters()]}

    def _settings(self) -> dict[str, Any]:
        arrangement = self._office.arrangement
        return {
            "account_sid": arrangement.account_sid,
            "event_public_key": self._office.event_key.public_key,
            "public_url": arrangement.public_url,
            "senders": list(arrangement.senders),
        }

    def _changes(self) -> Mapping[str, Callable[[dict[str, Any]], Answer]]:
        return {
            "faults": self._lay,
            "texts": self._text,
            "mails": self._mail,
            "names": self._name,
            "phones": self._phone,
            "mailboxes": self._mailbox,
        }

    def _lay(self, asked: dict[str, Any]) -> Answer:
        self._office.faults.lay([read_rule(each) for each in asked["rules"]], int(asked.get("seed", 0)))
        return json_answer(200, {"rules": self._office.faults.view()})

    def _text(self, asked: dict[str, Any]) -> Answer:
        return json_answer(201, text_view(self._families.text_in(*_words(asked, "from", "to", "body"))))

    def _mail(self, asked: dict[str, Any]) -> Answer:
        sender, to, subject, text = _words(asked, "from", "to", "subject", "text")
        letter = self._families.mail_in(sender, to, subject, text, html=str(asked.get("html", "")))
        return json_answer(201, letter_view(letter))

    def _name(self, asked: dict[str, Any]) -> Answer:
        for number_or_address, label in asked.items():
            self._office.town.name(number_or_address, str(label))
        return Answer(204)

    def _phone(self, asked: dict[str, Any]) -> Answer:
        states = {number: PhoneState(state) for number, state in asked.items()}
        for number, state in states.items():
            self._office.town.set_phone(number, state)
        return Answer(204)

    def _mailbox(self, asked: dict[str, Any]) -> Answer:
        states = {address: MailboxState(state) for address, state in asked.items()}
        for address, state in states.items():
            self._office.town.set_mailbox(address, state)
        return Answer(204)


def _asked(request: Request) -> dict[str, Any]:
    asked = request.json()
    if not isinstance(asked, dict):
        raise TypeError("The request is a JSON object.")
    return asked


def _words(asked: Mapping[str, Any], *names: str) -> list[str]:
    words = [asked[name] for name in names]
    if not all(isinstance(word, str) for word in words):
        raise TypeError(f"{', '.join(names)} are all text.")
    return words


def _sentence(wrong: Exception) -> str:
    return f"{wrong.args[0]!r} is missing." if isinstance(wrong, KeyError) else str(wrong)


def text_view(text: Text) -> dict[str, Any]:
    """A text as JSON for whoever compares."""
    return {
        "sid": text.sid,
        "direction": text.direction,
        "from": text.sender,
        "to": text.to,
        "body": text.body,
        "status": text.status,
        "error_code": text.error_code,
        "segments": text.segments,
        "service": text.service_sid,
        "status_callback": text.status_callback,
        "hook": text.hook,
        "created_at": text.created_at.isoformat(),
    }


def letter_view(letter: Letter) -> dict[str, Any]:
    """A letter as JSON for whoever compares; attachments by name and size."""
    view = asdict(letter)
    view["from"] = view.pop("sender")
    view["from_name"] = view.pop("sender_name")
    view["created_at"] = letter.created_at.isoformat()
    view["one_click"] = letter.one_click
    view["attachments"] = [
        {"name": each.name, "type": each.content_type, "bytes": len(each.content)} for each in letter.attachments
    ]
    return view
