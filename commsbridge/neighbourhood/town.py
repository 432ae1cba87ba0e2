"""The town: every text and letter the carrier ever took, and the phones and mailboxes they lie in."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from itertools import chain, islice

from commsbridge.neighbourhood.letters import Letter, Mailbox, MailboxState, address_of
from commsbridge.neighbourhood.texts import Phone, PhoneState, Text

SENT_FROM = frozenset({"sent", "delivered", "undelivered"})


class Town:
    """Safe from many threads. ``now`` tells the carrier's own time (aware UTC); ``version`` grows with every change."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.version = 0
        self._lock = threading.RLock()
        self._empty()

    def _empty(self) -> None:
        self._texts: dict[str, Text] = {}
        self._to: defaultdict[str, list[Text]] = defaultdict(list)
        self._from: defaultdict[str, list[Text]] = defaultdict(list)
        self._phones: dict[str, None] = {}  # in the order of their last texts
        self._letters: dict[str, Letter] = {}
        self._boxes: dict[str, list[Letter]] = {}  # in the order of their last letters
        self._phone_states: dict[str, PhoneState] = {}
        self._mailbox_states: dict[str, MailboxState] = {}
        self._labels: dict[str, str] = {}
        self._stopped: set[tuple[str, str]] = set()

    def reset(self) -> None:
        """Forget everything."""
        with self._lock:
            self._empty()
            self.version += 1

    # texts

    def add_text(self, text: Text) -> None:
        """Keep a new text."""
        with self._lock:
            self._texts[text.sid] = text
            self._to[text.to].append(text)
            if text.sender is not None:
                self._from[text.sender].append(text)
            self._phones.pop(text.phone, None)
            self._phones[text.phone] = None
            self.version += 1

    def advance(self, text: Text, status: str, error_code: int | None = None) -> None:
        """Let a text come as far as ``status``; the time of sending is kept when it leaves."""
        with self._lock:
            text.status = status
            text.error_code = error_code
            text.updated_at = self.now()
            if status in SENT_FROM and text.sent_at is None:
                text.sent_at = text.updated_at
            self.version += 1

    def choose_sender(self, text: Text, sender: str) -> None:
        """A messaging service has chosen its number for this text."""
        with self._lock:
            text.sender = sender
            self._from[sender].append(text)
            self.version += 1

    def text(self, sid: str) -> Text | None:
        """The text with this sid."""
        return self._texts.get(sid)

    def texts(self, *, to: str | None = None, sender: str | None = None) -> list[Text]:
        """Texts to and from these numbers, newest first."""
        with self._lock:
            kept = self._to.get(to, []) if to else self._from.get(sender, []) if sender else self._texts.values()
            found = list(kept)
        found.reverse()
        return [text for text in found if (not to or text.to == to) and (not sender or text.sender == sender)]

    def stop(self, school: str, phone: str) -> None:
        """This phone wants no more from this number of the school's."""
        with self._lock:
            self._stopped.add((school, phone))
            self.version += 1

    def start(self, school: str, phone: str) -> None:
        """This phone wants to hear from this number again."""
        with self._lock:
            self._stopped.discard((school, phone))
            self.version += 1

    def has_stopped(self, school: str, phone: str) -> bool:
        """Whether the carrier itself refuses texts from this number to this phone."""
        return (school, phone) in self._stopped

    # letters

    def add_letter(self, letter: Letter) -> None:
        """Keep a new letter."""
        with self._lock:
            self._letters[letter.id] = letter
            name = address_of(letter.mailbox)
            self._boxes[name] = self._boxes.pop(name, [])
            self._boxes[name].append(letter)
            self.version += 1

    def letter(self, letter_id: str) -> Letter | None:
        """The letter with this id."""
        return self._letters.get(letter_id)

    def letters(self) -> list[Letter]:
        """Every letter, oldest first."""
        with self._lock:
            return list(self._letters.values())

    def note(self) -> None:
        """Something that is shown has changed on a text or a letter."""
        with self._lock:
            self.version += 1

    # phones and mailboxes

    def phone(self, number: str) -> Phone:
        """One phone; a number never seen is a phone that is switched on and empty."""
        with self._lock:
            texts = sorted(self._to.get(number, []) + self._from.get(number, []), key=lambda text: text.created_at)
            state = self.phone_state(number)
            return Phone(number, self._labels.get(number, ""), state, tuple(t for t in texts if t.phone == number))

    def phones(self, most: int | None = None) -> list[Phone]:
        """Phones that were texted, wrote or were named: the one with the newest text first, at most so many."""
        with self._lock:
            silent = self._phone_states.keys() | {name for name in self._labels if "@" not in name}
            numbers = chain(reversed(self._phones), sorted(silent - self._phones.keys()))
            return [self.phone(number) for number in islice(numbers, most)]

    def phone_state(self, number: str) -> PhoneState:
        """What this phone is like."""
        return self._phone_states.get(number, PhoneState.ON)

    def set_phone(self, number: str, state: PhoneState) -> None:
        """Switch a phone on or off, take it out of service, or make it a landline."""
        with self._lock:
            self._phone_states[number] = state
            self.version += 1

    def mailbox(self, address: str) -> Mailbox:
        """One mailbox; an address never seen is a mailbox that is open and empty."""
        name = address_of(address)
        with self._lock:
            label = self._labels.get(name, "")
            return Mailbox(name, label, self.mailbox_state(name), tuple(self._boxes.get(name, ())))

    def mailboxes(self, most: int | None = None) -> list[Mailbox]:
        """Mailboxes written to, from or named: the one with the newest letter first, at most so many."""
        with self._lock:
            silent = self._mailbox_states.keys() | {name for name in self._labels if "@" in name}
            names = chain(reversed(self._boxes), sorted(silent - self._boxes.keys()))
            return [self.mailbox(name) for name in islice(names, most)]

    def mailbox_state(self, address: str) -> MailboxState:
        """What this mailbox is like."""
        return self._mailbox_states.get(address_of(address), MailboxState.OPEN)

    def set_mailbox(self, address: str, state: MailboxState) -> None:
        """Open a mailbox, close it for good, or let it refuse the school's mail."""
        with self._lock:
            self._mailbox_states[address_of(address)] = state
            self.version += 1

    def name(self, number_or_address: str, label: str) -> None:
        """Give a phone or mailbox the name people know it by."""
        with self._lock:
            self._labels[address_of(number_or_address)] = label
            self.version += 1

    # keeping

    def settings(self) -> list[tuple[str, str, str]]:
        """What is kept beside texts and letters, as (kind, key, value)."""
        with self._lock:
            return [
                *(("label", key, label) for key, label in self._labels.items()),
                *(("phone", key, state) for key, state in self._phone_states.items()),
                *(("mailbox", key, state) for key, state in self._mailbox_states.items()),
                *(("stopped", school, phone) for school, phone in self._stopped),
            ]

    def put_back(self, kind: str, key: str, value: str) -> None:
        """Take one of ``settings`` back."""
        match kind:
            case "label":
                self.name(key, value)
            case "phone":
                self.set_phone(key, PhoneState(value))
            case "mailbox":
                self.set_mailbox(key, MailboxState(value))
            case "stopped":
                self.stop(key, value)
