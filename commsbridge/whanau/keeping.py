"""Keeping a contact right by hand: their name and note, who they are to a child, a way more, a way less."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import time

from sqlalchemy import func, select

from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.language import N_
from commsbridge.foundation.names import name_key
from commsbridge.foundation.segments import tidy
from commsbridge.foundation.typed import one_line
from commsbridge.foundation.work import Work
from commsbridge.schools import Role, today
from commsbridge.tasks import TaskKind, give_task
from commsbridge.whanau.actions import add_contact, read_ways, relate, set_hours, set_ways
from commsbridge.whanau.ledger import note_agreed, note_wish
from commsbridge.whanau.models import Channel, ConsentKind, Contact, Guardianship, MayMessage, RungNumber, Way, WayState
from commsbridge.whanau.queries import now_related, ways_in_use
from commsbridge.whanau.roll.cells import read_language
from commsbridge.whanau.roll.holding import TO_CONFIRM

LONGEST_NAME = 120
LONGEST_GREETING = 60
LONGEST_NOTE = 240
LONGEST_RELATIONSHIP = 60
# What stands for a number that was rung where they said it themselves, to somebody who knows them.
FACE_TO_FACE = "face_to_face"
Reach = tuple[Channel, str | None]


def describe(work: Work, contact: Contact, *, name: str, greeting: str, note: str) -> None:
    """What a contact is called, how letters greet them ("" for their first name), and what else to know.

    Raises Invalid for an empty name and for what is too long.
    """
    row = work.session.get_one(Contact, contact.id)
    row.name = one_line(name, field="name", longest=LONGEST_NAME)
    row.name_key = name_key(row.name)
    row.greeting = _optional_line(greeting, field="greeting", longest=LONGEST_GREETING)
    row.note = _note(note)
    work.session.flush()


def set_relationship(work: Work, contact_id: uuid.UUID, student_id: uuid.UUID, *, relationship: str) -> None:
    """Who a contact is to a child, as they say it ("kuia"). Raises Invalid for an empty word, NotFound for no tie."""
    tie = _tie(work, contact_id, student_id)
    if tie is None:
        raise NotFound(N_("That contact is not with this child."))
    tie.relationship = one_line(relationship, field="relationship", longest=LONGEST_RELATIONSHIP)
    work.session.flush()


def ways_to_choose(work: Work, contact_id: uuid.UUID) -> list[Channel]:
    """The ways a contact can wish for, the one they have first: what is known of them, a call, and a printed slip."""
    ways = [way for way in ways_in_use(work, contact_id) if way.state is WayState.OK]
    rung = [Channel.CALL] if any(way.channel is Channel.TEXT for way in ways) else []
    return list(dict.fromkeys([*(Channel(way.channel) for way in ways), *rung, Channel.SLIP]))


def prefer(work: Work, contact: Contact, channel: Channel, *, evidence: str) -> None:
    """From now on this way is tried first; the others stay, in their order, and the ledger says who wished it.

    Raises Invalid for a way that they have no number or address for.
    """
    if channel not in ways_to_choose(work, contact.id):
        raise Invalid(N_("We have no number or address for that. Ring the school."), field="channel")
    ways = ways_in_use(work, contact.id)
    if ways and ways[0].channel is channel and ways[0].state is WayState.OK:
        return
    reach: list[Reach] = [(Channel(way.channel), way.address) for way in ways]
    wanted = [
        each for each, way in zip(reach, ways, strict=True) if way.channel is channel and way.state is WayState.OK
    ]
    if not wanted:
        phone = next((way.address for way in ways if way.channel is Channel.TEXT and way.state is WayState.OK), None)
        wanted = [(channel, phone if channel is Channel.CALL else None)]
    set_ways(work, contact, [*wanted, *(each for each in reach if each not in wanted)])
    note_wish(work, ConsentKind.WISH, contact_id=contact.id, wish=f"way_{channel.value}", evidence=evidence)


def introduce(
    work: Work,
    student_id: uuid.UUID,
    *,
    name: str,
    greeting: str,
    note: str,
    language: str,
    ways: Sequence[Reach],
    relationship: str,
    may_message: MayMessage,
    limit_reason: str | None = None,
    quiet: tuple[time, time] | None = None,
) -> Guardianship:
    """Write a contact down for a child: somebody the school knows already by name and address, else somebody new.

    Whoever has the name or an address of somebody restricted from this child is asked about first, whatever was
    wished: learning support is given the task. Raises Invalid for what cannot be, Conflict when they are with this
    child already.
    """
    relation = one_line(relationship, field="relationship", longest=LONGEST_RELATIONSHIP)
    kept = one_line(name, field="name", longest=LONGEST_NAME)
    addresses = {address for _, address in read_ways(ways) if address}
    ask = _resembles_restricted(work, student_id, name_key(kept), addresses)
    contact = None if ask else _known(work, name_key(kept), addresses)
    if contact is not None and _tie(work, contact.id, student_id) is not None:
        raise Conflict(N_("%(name)s is a contact of this child already."), field="name", name=contact.name)
    day = today(work)
    if contact is None:
        contact = add_contact(work, kept, language=language, ways=ways, from_on=day)
        describe(work, contact, name=kept, greeting=greeting, note=note)
        note_agreed(work, ways_in_use(work, contact.id), evidence="staff")
        if quiet is not None:
            set_hours(work, contact, quiet_from=quiet[0], quiet_until=quiet[1])
    wish = MayMessage.ASK if ask and may_message is MayMessage.YES else may_message
    tie = relate(
        work,
        contact.id,
        student_id,
        relationship=relation,
        may_message=wish,
        limit_reason=limit_reason,
        from_on=day,
    )
    if wish is MayMessage.ASK:
        give_task(
            work,
            TaskKind.CONFIRM_ACCESS,
            role=Role.LEARNING_SUPPORT,
            student_id=student_id,
            contact_id=contact.id,
            subject_id=tie.id,
        )
    return tie


def add_way(work: Work, contact_id: uuid.UUID, channel: Channel, written: str) -> Way:
    """One more way to reach a contact, tried last; one they have stays as it is. Raises Invalid for a bad address."""
    channel, address = read_ways([(channel, written)])[0]
    known = work.session.scalars(select(Way).where(Way.contact_id == contact_id, Way.address == address)).all()
    for way in known:
        if way.channel == channel and way.rank > 0:
            return way
    last = work.session.scalar(select(func.max(Way.rank)).where(Way.contact_id == contact_id)) or 0
    way = next((way for way in known if way.channel == channel), None) or Way(
        id=uuid.uuid4(), contact_id=contact_id, channel=channel, address=address
    )
    way.rank, way.state, way.why, way.changed_at = last + 1, WayState.OK, None, work.now
    work.session.add(way)
    note_agreed(work, [way], evidence="staff")
    work.session.flush()
    return way


def numbers_to_ring(work: Work, contact_id: uuid.UUID, *, but: str) -> list[str]:
    """The numbers the school holds for a contact and does not doubt, other than ``but``, in the order they like."""
    ways = ways_in_use(work, contact_id)
    rings = [way for way in ways if way.channel in {Channel.TEXT, Channel.CALL}]
    doubted = {WayState.HELD, WayState.WRONG}
    able = [way.address for way in rings if way.address and way.address != but and way.state not in doubted]
    return list(dict.fromkeys(able))


def keep_rung(work: Work, contact_id: uuid.UUID, channel: Channel, written: str, *, rung: str) -> Way:
    """Keep a way somebody wrote from, once whoever acts rang a number on file and heard that it is theirs.

    Who rang which number, and when, stays. Raises Invalid where ``rung`` is no number the school holds for them, or
    is the new one itself: whoever has a new phone may be somebody who must not know.
    """
    if rung not in numbers_to_ring(work, contact_id, but=written):
        raise Invalid(N_("Choose a number we hold for that person, and ring it first."), field="rung")
    way = add_way(work, contact_id, channel, written)
    _note_rung(work, way, rung)
    return way


def numbers_beside(work: Work, way: Way) -> list[str]:
    """The numbers to ring about one that is held: all others of that contact but wrong ones, and ones as new as it."""
    others = [each for each in ways_in_use(work, way.contact_id) if each.address and each.address != way.address]
    rings = [each for each in others if each.channel in {Channel.TEXT, Channel.CALL} and each.why != TO_CONFIRM]
    return list(dict.fromkeys(each.address or "" for each in rings if each.state is not WayState.WRONG))


def hear_of_held(work: Work, way: Way, *, rung: str | None) -> None:
    """Write down how whoever acts knows that a held number is its contact's: which other number they rang, and when.

    Or FACE_TO_FACE. Raises Invalid where neither is said: whoever has the phone now may say so by that phone.
    """
    if rung != FACE_TO_FACE and rung not in numbers_beside(work, way):
        raise Invalid(N_("Say which number you rang, or that they told you themselves."), field=f"rung-{way.id}")
    _note_rung(work, way, rung)


def _note_rung(work: Work, way: Way, rung: str) -> None:
    work.session.add(
        RungNumber(
            id=uuid.uuid4(), contact_id=way.contact_id, rung=rung, channel=way.channel, address=way.address or "",
            staff_id=work.actor.id, at=work.now,
        )
    )  # fmt: skip
    work.session.flush()


def rung_for(work: Work, contact_id: uuid.UUID) -> dict[str, RungNumber]:
    """The last ring for each number or address of a contact that was kept after one."""
    rows = select(RungNumber).where(RungNumber.contact_id == contact_id).order_by(RungNumber.at, RungNumber.id)
    return {row.address: row for row in work.session.scalars(rows)}


def language_named(written: str) -> str:
    """A language as it is kept: "mi", "en" or "both" where those are meant, any other as it is written.

    Raises Invalid when none is named, or with far too many words.
    """
    try:
        language = read_language(tidy(written))
    except Invalid as refusal:
        raise Invalid(refusal.sentence, field="other_language", **refusal.slots) from refusal
    if language is None:
        raise Invalid(N_("Write which language it is."), field="other_language")
    return language


def way_by_id(work: Work, way_id: uuid.UUID) -> Way:
    """A way in use. Raises NotFound when there is none, or it is not in use any more."""
    return _way(work, way_id)


def trust_way(work: Work, way_id: uuid.UUID) -> Way:
    """A person says that a way is right after all. Raises NotFound when it is not in use."""
    way = _way(work, way_id)
    way.state, way.why, way.changed_at = WayState.OK, None, work.now
    work.session.flush()
    return way


def drop_way(work: Work, way_id: uuid.UUID) -> Way:
    """A contact no longer has a way; it stays known, as old messages went there. Raises NotFound if out of use."""
    way = _way(work, way_id)
    way.rank, way.state, way.why, way.changed_at = 0, WayState.WRONG, "replaced", work.now
    work.session.flush()
    return way


def _way(work: Work, way_id: uuid.UUID) -> Way:
    way = work.session.get(Way, way_id, with_for_update=True)
    if way is None or way.rank == 0:
        raise NotFound(N_("That number or address is not in use any more."))
    return way


def _tie(work: Work, contact_id: uuid.UUID, student_id: uuid.UUID) -> Guardianship | None:
    pair = Guardianship.contact_id == contact_id, Guardianship.student_id == student_id
    return work.session.scalars(select(Guardianship).where(*pair, Guardianship.to_on.is_(None))).first()


def _known(work: Work, key: str, addresses: Collection[str]) -> Contact | None:
    """Somebody of this name who has one of these addresses: a name alone is nobody yet."""
    if not addresses:
        return None
    having = select(Way.contact_id).where(Way.address.in_(addresses), Way.rank > 0)
    wanted = select(Contact).where(Contact.name_key == key, Contact.id.in_(having))
    return work.session.scalars(wanted.order_by(Contact.created_at, Contact.id)).first()


def _resembles_restricted(work: Work, student_id: uuid.UUID, key: str, addresses: Collection[str]) -> bool:
    """Whether somebody of this name, or with one of these addresses, is not to be messaged about the child."""
    limited = select(Guardianship.contact_id).where(
        Guardianship.student_id == student_id,
        Guardianship.may_message == MayMessage.NO,
        *now_related(today(work)),
    )
    having = select(Way.contact_id).where(Way.address.in_(addresses))
    same = (Contact.name_key == key) | Contact.id.in_(having)
    return work.session.scalar(select(Contact.id).where(Contact.id.in_(limited), same).limit(1)) is not None


def _optional_line(text: str, *, field: str, longest: int) -> str | None:
    return one_line(text, field=field, longest=longest) if text.strip() else None


def _note(text: str) -> str:
    note = tidy(text)
    if len(note) > LONGEST_NOTE:
        raise Invalid(N_("This is too long: write at most %(longest)s characters."), field="note", longest=LONGEST_NOTE)
    return note
