"""A town to judge replies in: the families of one case, what went to them, and what came in, as production takes it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import click

from commsbridge import bots, conversations, messages, schools, students, whanau
from commsbridge.cli.evaluating.empty_database import EmptyDatabase
from commsbridge.conversations import Post, QuestionKind, Reply, ReplyState
from commsbridge.conversations.gateways import InboundMail, InboundText
from commsbridge.foundation.addresses import read_phone
from commsbridge.foundation.errors import Refusal
from commsbridge.foundation.work import Work
from commsbridge.messages import Delivery, Links, Message, MessageKind, State
from commsbridge.schools import Role, Sender, SenderKind
from commsbridge.whanau import Channel, MayMessage

# A Tuesday in term, 3 pm in Auckland; families have been with the school for years.
NOW = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)
SINCE = date(2010, 1, 1)
FIRST_WORDS = "Kia ora!"
DOMAIN = "reply.judged.test"
# Nothing judged here leaves: a link only has to be one.
LINKS = Links("https://judged.test", DOMAIN, [b"judged"])


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a message: file, ask, park or command, with what belongs to it. ``students`` are a case's ids."""

    kind: str
    students: tuple[str, ...] = ()
    command: str | None = None
    why: str | None = None
    asks_to_stop: bool = False
    filed_from_none: bool = False

    @property
    def told(self) -> str:
        """In a few words."""
        return " ".join(filter(None, [self.kind, self.command, self.why, *self.students]))


@dataclass(frozen=True, slots=True)
class _School:
    id: uuid.UUID
    texts: Sender
    mails: Sender


@dataclass
class _Case:
    """The people of one case by the case's own ids."""

    schools: Mapping[str, _School]
    students: dict[str, uuid.UUID] = field(default_factory=dict)
    contacts: dict[tuple[str, str], uuid.UUID] = field(default_factory=dict)
    deliveries: dict[str, uuid.UUID] = field(default_factory=dict)


class Town:
    """Plays cases, each in schools that are as they were before it."""

    def __init__(self, database: EmptyDatabase) -> None:
        self._database = database
        self._schools: dict[str, _School] = {}
        self._sent = 0

    def play(self, case: dict[str, Any]) -> Judged:
        """What became of the message of a case. Raises click.ClickException when it cannot be played."""
        names = {each.get("school") or "a" for each in case["setup"].get("students", [])}
        for name in sorted({*names, case["inbound"].get("to_school") or "a"} - self._schools.keys()):
            self._schools[name] = self._open(name)
        with self._database.case():
            try:
                return self._play(case)
            except (KeyError, TypeError, ValueError, Refusal) as error:
                raise click.ClickException(f"{case['id']}: this case cannot be played: {error!r}") from error

    def _open(self, name: str) -> _School:
        """A school with a number on which a reply costs nothing, and a mailbox."""
        with self._database.lobby(NOW) as lobby:
            title = f"School {len(self._schools) + 1}"
            school = schools.create_school(lobby, name_en=title, name_mi=title, text_name=title, region="AUK")
            number = f"+6421{uuid.uuid4().int % 10**7:07d}"
            texts = schools.add_sender(lobby, kind=SenderKind.LONG_CODE, address=number)
            mails = schools.add_sender(lobby, kind=SenderKind.MAIL, address=f"{uuid.uuid4().hex}@judged.test")
            for sender in (texts, mails):
                schools.give_sender(lobby, school.id, sender.id)
        return _School(school.id, texts, mails)

    def _play(self, case: dict[str, Any]) -> Judged:
        people = _Case(self._schools)
        for name, school in self._schools.items():
            with self._database.work(school.id, NOW - timedelta(days=1)) as work:
                self._gather(work, name, case, people)
        self._send_all(case, people)
        inbound = case["inbound"]
        at = NOW + timedelta(minutes=inbound.get("minutes_later") or 0)
        school = self._schools[inbound.get("to_school") or "a"]
        with self._database.work(school.id, at) as work:
            conversations.end_due_questions(work)
        reply, waited = self._receive(case, people, school, at)
        with self._database.work(school.id, at) as work:
            return _judged(work, case, people, reply, waited)

    def _gather(self, work: Work, name: str, case: dict[str, Any], people: _Case) -> None:
        """The children and contacts of a case at one school."""
        setup = case["setup"]
        for each in setup.get("students", []):
            if (each.get("school") or "a") == name:
                student = students.add_student(
                    work, roll_id=each["id"], name=each["name"], preferred_name=each.get("nickname") or None
                )
                people.students[each["id"]] = student.id
                if each.get("class"):
                    students.enrol(work, student, students.class_named(work, each["class"]), from_on=SINCE)
        homes: dict[str, uuid.UUID] = {}
        for each in setup.get("contacts", []):
            ties = [tie for tie in setup.get("guardianships", []) if tie["contact"] == each["id"]]
            here = [tie for tie in ties if _school_of(case, tie["student"]) == name]
            if each.get("relationship") == "staff":
                self._teacher(work, each)
                continue
            if ties and not here:
                continue
            people.contacts[each["id"], name] = self._contact(work, each, here, people, homes)
        for each in setup.get("students", []):
            if each.get("left") and each["id"] in people.students and (each.get("school") or "a") == name:
                student = students.find_student(work, each["id"])
                messages.student_leaves(work, student, on=schools.today(work))

    def _teacher(self, work: Work, each: dict[str, Any]) -> None:
        """Somebody of the staff with the classes they teach, on a phone they have proven theirs."""
        staff = schools.add_staff(
            work, email=f"{uuid.uuid4().hex}@judged.test", name=each["name"], shown_name=each["name"],
            roles={Role.KAIAKO}, from_on=SINCE,
        )  # fmt: skip
        for name in each.get("classes") or []:
            students.teach(work, staff, students.class_named(work, name), from_on=SINCE)
        if each.get("phone"):
            _, code = schools.ask_phone(work, staff.id, each["phone"])
            schools.check_code(work, staff.id, code)

    def _contact(
        self, work: Work, each: dict[str, Any], ties: list[dict[str, Any]], people: _Case, homes: dict[str, uuid.UUID]
    ) -> uuid.UUID:
        label = str(each.get("household") or each["id"])
        if label not in homes:
            homes[label] = whanau.add_household(work, label[:60]).id
        ways = [(Channel.TEXT, each["phone"])] if each.get("phone") else []
        ways += [(Channel.EMAIL, each["email"])] if each.get("email") else []
        contact = whanau.add_contact(
            work, each["name"], language=each.get("language") or "en", ways=ways, household_id=homes[label],
            from_on=SINCE,
        )  # fmt: skip
        for tie in ties:
            may = MayMessage.YES if tie["access"] == "full" else MayMessage.NO
            whanau.relate(
                work, contact.id, people.students[tie["student"]], relationship=each.get("relationship") or "whānau",
                may_message=may, from_on=SINCE,
            )  # fmt: skip
        if each.get("sms") == "stopped" and each.get("phone"):
            sender = schools.sender_for_texts(work)
            if sender is not None:
                messages.stop_messages(
                    work, channel=Channel.TEXT, address=read_phone(each["phone"]).e164, sender_id=sender.id,
                    evidence="staff", contact_id=contact.id,
                )  # fmt: skip
        return contact.id

    # what went out

    def _send_all(self, case: dict[str, Any], people: _Case) -> None:
        for each in sorted(case.get("outbound") or [], key=lambda each: -each["minutes_ago"]):
            about = [child for child in each.get("about") or [] if child in people.students]
            name = _school_of(case, about[0]) if about else case["inbound"].get("to_school") or "a"
            at = NOW - timedelta(minutes=each["minutes_ago"])
            if each.get("kind") == "which_child":
                self._ask(case, people, each, name, at)
            else:
                with self._database.work(self._schools[name].id, at) as work:
                    self._send(work, case, people, each, about)

    def _send(self, work: Work, case: dict[str, Any], people: _Case, each: dict[str, Any], about: list[str]) -> None:
        """One message that has arrived: a row for each child it is about."""
        name = _school_of(case, about[0]) if about else case["inbound"].get("to_school") or "a"
        school = self._schools[name]
        contact, address = _addressee(case, each)
        mail = each["channel"] == "email"
        children: list[str | None] = [*about] or [None]
        for child in children:
            message = Message(
                id=uuid.uuid4(), kind=MessageKind.PRAISE if child else MessageKind.NOTICE, made_at=work.now,
                student_id=people.students[child] if child else None,
            )  # fmt: skip
            work.session.add(message)
            work.session.flush()
            delivery = Delivery(
                id=uuid.uuid4(), message_id=message.id, contact_id=people.contacts.get((contact, name)),
                channel=Channel.EMAIL if mail else Channel.TEXT, address=address, language="en",
                sender_id=(school.mails if mail else school.texts).id, body=each.get("text") or "", lane=2,
                state=State.DELIVERED, due_at=work.now, expires_at=work.now, made_at=work.now, sent_at=work.now,
            )  # fmt: skip
            work.session.add(delivery)
            work.session.flush()
            people.deliveries.setdefault(each["id"], delivery.id)

    def _ask(self, case: dict[str, Any], people: _Case, each: dict[str, Any], name: str, at: datetime) -> None:
        """The question which child came of words that said nothing of it; its choices are in the case's order."""
        school = self._schools[name]
        _, address = _addressee(case, each)
        inbound = InboundText(f"SM{uuid.uuid4().hex}", address, school.texts.address, FIRST_WORDS)
        with self._database.work(school.id, at) as work:
            raw_id = self._stored(school, at)
            conversations.take(work, conversations.post_of_text(raw_id, inbound), sender=school.texts)
            order = [people.students[child] for child in each.get("about") or [] if child in people.students]
            for question in conversations.open_questions(work, address):
                if {*order} == {*question.student_ids}:
                    question.student_ids = order
            work.session.flush()

    # what came in

    def _receive(
        self, case: dict[str, Any], people: _Case, school: _School, at: datetime
    ) -> tuple[Reply, list[uuid.UUID]]:
        raw_id = self._stored(school, at)
        post = self._post(case, people, school, raw_id)
        with self._database.work(school.id, at) as work:
            open_now = conversations.open_questions(work, post.from_address)
            waited = [each.reply_id for each in open_now if each.kind is QuestionKind.WHICH_CHILD]
            sender = school.texts if post.channel is Channel.TEXT else school.mails
            reply = bots.take_from_staff(work, post, sender=sender, links=LINKS)
            reply = reply or bots.take(work, post, sender=sender, links=LINKS)
        if reply is None:
            raise ValueError("nothing was taken")
        return reply, waited

    def _post(self, case: dict[str, Any], people: _Case, school: _School, raw_id: uuid.UUID) -> Post:
        inbound = case["inbound"]
        words = inbound.get("text") or ""
        if inbound["channel"] != "email":
            media = ("https://media.test/1",) * int(inbound.get("media") or 0)
            return conversations.post_of_text(
                raw_id, InboundText(f"SM{raw_id.hex}", inbound["from"], school.texts.address, words, media)
            )
        token = people.deliveries.get(inbound.get("in_reply_to") or "")
        to = f"reply+token@{DOMAIN}" if token else school.mails.address
        mail = InboundMail(
            f"<{raw_id}@judged.test>", inbound["from"], (to,), inbound.get("subject") or "", words,
            bool(inbound.get("automatic")), spf="pass", dkim="pass",
        )  # fmt: skip
        return conversations.post_of_mail(raw_id, mail, delivery_id=token, our_domain=DOMAIN)

    def _stored(self, school: _School, at: datetime) -> uuid.UUID:
        self._sent += 1
        with self._database.lobby(at, ingest=True) as ingest:
            conversations.store_raw(
                ingest, carrier="twilio", carrier_key=f"judged-{self._sent}", content_type="text/plain", body=b"",
                school_id=school.id,
            )  # fmt: skip
            return conversations.waiting_raw(ingest, limit=1000)[-1]


def _school_of(case: dict[str, Any], student: str) -> str:
    found = next(each for each in case["setup"]["students"] if each["id"] == student)
    return str(found.get("school") or "a")


def _addressee(case: dict[str, Any], each: dict[str, Any]) -> tuple[str, str]:
    """Whom an outbound message went to (a contact's id, or an address), and at which address."""
    mail = each["channel"] == "email"
    for contact in case["setup"].get("contacts", []):
        address = contact.get("email") if mail else contact.get("phone")
        if each["to"] in {contact["id"], address} and address:
            return contact["id"], address.casefold() if mail else read_phone(address).e164
    return "", str(each["to"])


def _judged(work: Work, case: dict[str, Any], people: _Case, reply: Reply, waited: list[uuid.UUID]) -> Judged:
    named = {student_id: name for name, student_id in people.students.items()}
    about = list(conversations.students_of_reply(work, reply.id))
    for reply_id in waited:
        placed = conversations.reply_by_id(work, reply_id)
        if placed is not None and placed.state is ReplyState.FILED:
            about += conversations.students_of_reply(work, reply_id)
    filed = tuple(dict.fromkeys(named[student_id] for student_id in about))
    none = filed and _is_from_none(case, reply.from_address, filed)
    if filed:
        return Judged("file", filed, why=reply.how, filed_from_none=bool(none))
    if reply.command in set(conversations.Keyword):
        return Judged("command", command=reply.command)
    if reply.state is ReplyState.ASKED:
        return Judged("ask", why=reply.why, asks_to_stop=reply.why == conversations.Parked.STOP_ASKED)
    return Judged("park", why=reply.why or reply.command or reply.state)


def _is_from_none(case: dict[str, Any], address: str, filed: tuple[str, ...]) -> bool:
    """Whether somebody of this address may not hear of a child it was filed with."""
    for contact in case["setup"].get("contacts", []):
        for tie in case["setup"].get("guardianships", []):
            theirs = tie["contact"] == contact["id"] and tie["access"] == "none" and tie["student"] in filed
            if theirs and address in set(_addresses(contact)):
                return True
    return False


def _addresses(contact: Mapping[str, Any]) -> Iterator[str]:
    if contact.get("phone"):
        yield read_phone(contact["phone"]).e164
    if contact.get("email"):
        yield contact["email"].casefold()
