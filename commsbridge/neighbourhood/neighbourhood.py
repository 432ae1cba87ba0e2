"""The neighbourhood itself: a pretend carrier with its phones and mailboxes, listening on this machine alone."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from commsbridge.neighbourhood import keeping, sendgrid_hooks, twilio_hooks
from commsbridge.neighbourhood.answering import MailProgram
from commsbridge.neighbourhood.arrangement import Arrangement
from commsbridge.neighbourhood.controls import Controls
from commsbridge.neighbourhood.devices import Device, PushService
from commsbridge.neighbourhood.door import FrontDoor
from commsbridge.neighbourhood.families import Families
from commsbridge.neighbourhood.faults import KIND_FATE, Faults, Rule
from commsbridge.neighbourhood.letters import Letter, Mailbox, MailboxState
from commsbridge.neighbourhood.office import Office
from commsbridge.neighbourhood.pages import Pages
from commsbridge.neighbourhood.postman import Knock, Postman
from commsbridge.neighbourhood.sendgrid_api import SendgridApi
from commsbridge.neighbourhood.sendgrid_hooks import Envelope
from commsbridge.neighbourhood.server import HOST, Server
from commsbridge.neighbourhood.signatures import EventKey
from commsbridge.neighbourhood.texts import OUTBOUND, SETTLED, Phone, PhoneState, Text
from commsbridge.neighbourhood.town import Town
from commsbridge.neighbourhood.twilio_api import TwilioApi

SAVE_EVERY = 1.0


def carriers_clock() -> datetime:
    """The carrier's own time (aware UTC): it is another company's machine, so it does not ask commsbridge."""
    return datetime.now(UTC)  # noqa: TID251 - see above: there is nobody here to be given the time by


class Neighbourhood:
    """A pretend carrier in this process: ``with Neighbourhood(Arrangement(...)) as town: town.url``.

    ``port`` 0 takes a free one; ``tls`` serves https with that context. ``event_key`` None takes the one kept in the
    arrangement's directory, or makes one. Everything is safe from any thread.
    """

    def __init__(
        self,
        arrangement: Arrangement | None = None,
        *,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        event_key: EventKey | None = None,
        now: Callable[[], datetime] = carriers_clock,
    ) -> None:
        arranged = arrangement or Arrangement()
        key = event_key or keeping.event_key(arranged.directory)
        self._office = Office(arranged, Town(now), Faults(), Postman(now), key)
        self._families = Families(self._office)
        self._pushes = PushService(now, arranged.directory, self._office.town.note)
        door = FrontDoor(
            TwilioApi(self._office),
            SendgridApi(self._office),
            self._pushes,
            Controls(self._office, self._families, self.reset),
            Pages(self._office, self._families, self._pushes, self.reset),
        )
        self._server = Server(door.answer, lambda: self._office.town.version, port=port, tls=tls)
        self._scheme = "http" if tls is None else "https"
        self._saver = threading.Thread(target=self._keep, name="neighbourhood-keeping", daemon=True)
        self._over = threading.Event()

    # opening and closing

    def start(self) -> Self:
        """Listen and begin; raises OSError when the port is taken. What was under way when it last stopped goes on."""
        if self._office.arrangement.directory is not None:
            keeping.load(self._office.town, self._office.arrangement.directory)
        self._server.start()
        self._office.url = self.url
        self._office.postman.start()
        self._go_on()
        self._saver.start()
        return self

    def stop(self) -> None:
        """Stop, keeping the town where a directory is given."""
        self._over.set()
        self._server.stop()
        self._office.postman.stop()
        if self._saver.is_alive():
            self._saver.join()

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()

    @property
    def url(self) -> str:
        """Where it listens, without a final slash: the base URL of both carriers and the page to open."""
        return f"{self._scheme}://{HOST}:{self._server.port}"

    @property
    def event_public_key(self) -> str:
        """What SENDGRID_EVENT_PUBLIC_KEY must be for commsbridge to believe its event webhooks."""
        return self._office.event_key.public_key

    @property
    def arrangement(self) -> Arrangement:
        """How it is arranged now."""
        return self._office.arrangement

    def points_to(self, public_url: str, reach_url: str | None = None) -> None:
        """Send webhooks to another commsbridge from now on; raises ValueError when that is not on this machine."""
        self._office.arrangement = replace(self._office.arrangement, public_url=public_url, reach_url=reach_url)

    def reset(self) -> None:
        """Forget every text, letter, fault and webhook."""
        self._office.postman.drop()
        self._office.faults.lay(())
        self._pushes.reset()
        self._office.town.reset()

    def settle(self, timeout: float = 10.0) -> None:
        """Wait until every webhook is sent; raises TimeoutError after so many seconds."""
        self._office.postman.settle(timeout)

    def _go_on(self) -> None:
        for text in self._office.town.texts():
            if text.direction == OUTBOUND and text.status not in SETTLED:
                errand = twilio_hooks.carry(self._office, text, KIND_FATE)
                if errand is not None:
                    self._office.postman.run(errand)
        for letter in self._office.town.letters():
            if not letter.inbound and letter.status not in sendgrid_hooks.SETTLED:
                errand = sendgrid_hooks.carry(self._office, letter, KIND_FATE)
                if errand is not None:
                    self._office.postman.run(errand)

    def _keep(self) -> None:
        directory, seen = self._office.arrangement.directory, self._office.town.version
        while directory is not None:
            over = self._over.wait(SAVE_EVERY)
            if self._office.town.version != seen:
                seen = self._office.town.version
                keeping.save(self._office.town, directory)
            if over:
                return

    # families

    def text_in(self, from_number: str, to_number: str, body: str, *, media: Sequence[tuple[str, bytes]] = ()) -> Text:
        """Send a text from a phone, also one never seen; ``media`` are (media type, content)."""
        return self._families.text_in(from_number, to_number, body, media=media)

    def mail_in(
        self,
        from_address: str,
        to_address: str,
        subject: str,
        text: str,
        *,
        html: str = "",
        headers: Mapping[str, str] | None = None,
        name: str = "",
        raw: bytes | None = None,
        envelope: Envelope | None = None,
    ) -> Letter:
        """Write a mail from a mailbox; ``raw`` sends these very bytes, ``envelope`` says otherwise than the head."""
        return self._families.mail_in(
            from_address, to_address, subject, text, html=html, headers=headers, name=name, raw=raw, envelope=envelope
        )

    def reply(self, letter: Letter, words: str, program: MailProgram = MailProgram.GMAIL) -> Letter:
        """Answer a letter as this mail program would, quoting it."""
        return self._families.reply(letter, words, program)

    def unsubscribe(self, letter: Letter) -> str:
        """Press a letter's one-click unsubscribe button; returns what came of it in words ("answered 200")."""
        self._office.postman.run(self._families.unsubscribe(letter)).result()
        return letter.unsubscribed or ""

    def device(self, label: str, application_key: str) -> Device:
        """A new browser that takes notices from the holder of this key alone, through the push service here."""
        return self._pushes.add(self.url, label, application_key)

    def devices(self) -> list[Device]:
        """Every such browser, the newest first."""
        return self._pushes.devices()

    def phones(self) -> list[Phone]:
        """Every phone, the one with the newest text first."""
        return self._office.town.phones()

    def phone(self, number: str) -> Phone:
        """One phone, empty when it was never seen."""
        return self._office.town.phone(number)

    def mailboxes(self) -> list[Mailbox]:
        """Every mailbox, the one with the newest letter first."""
        return self._office.town.mailboxes()

    def mailbox(self, address: str) -> Mailbox:
        """One mailbox, empty when it was never seen."""
        return self._office.town.mailbox(address)

    def texts(self, *, to: str | None = None, sender: str | None = None) -> list[Text]:
        """Texts both ways to and from these numbers, newest first: the carrier's whole list."""
        return self._office.town.texts(to=to, sender=sender)

    def letters(self) -> list[Letter]:
        """Letters both ways, oldest first."""
        return self._office.town.letters()

    def set_phone(self, number: str, state: PhoneState) -> None:
        """Switch a phone on or off, take it out of service, or make it a landline."""
        self._office.town.set_phone(number, state)

    def set_mailbox(self, address: str, state: MailboxState) -> None:
        """Open a mailbox, close it for good, or let it refuse the school's mail."""
        self._office.town.set_mailbox(address, state)

    def name(self, number_or_address: str, label: str) -> None:
        """Give a phone or mailbox the name people know it by."""
        self._office.town.name(number_or_address, label)

    # faults

    def misbehave(self, *rules: Rule, seed: int = 0) -> None:
        """Put these rules in force instead of the old ones; none: behave."""
        self._office.faults.lay(rules, seed)

    def knocks(self) -> list[Knock]:
        """The last 20,000 webhooks sent or tried, oldest first."""
        return self._office.postman.knocks()
