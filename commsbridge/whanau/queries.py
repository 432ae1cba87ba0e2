"""Reading whānau: who may be reached about a child and how, and who writes from an address."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, func, or_, select

from commsbridge.foundation.columns import among
from commsbridge.foundation.names import search_fold
from commsbridge.foundation.work import Work
from commsbridge.schools import OptOut
from commsbridge.whanau.models import (
    Channel,
    Contact,
    Guardianship,
    LanguageAsked,
    MayMessage,
    Pause,
    Way,
    WayState,
    WishKind,
)
from commsbridge.whanau.wishes import wishes_of


@dataclass(frozen=True, slots=True)
class WayFacts:
    """One way to reach a contact as it stands now; ``stopped`` means they said STOP or unsubscribed there."""

    channel: Channel
    address: str | None
    state: WayState
    stopped: bool


@dataclass(frozen=True, slots=True)
class Recipient:
    """A contact about one child, with all that decides whether, how and when they may be messaged.

    ``paused`` with no ``paused_until`` is a pause until somebody ends it. ``hears`` and ``weekend`` are finer wishes
    (whanau.Asked); ``other_child``: they wish to hear about another of their children alone. ``hard_day_until``: good
    news waits to the end of that day. ``questions``: they said yes to being asked two questions a term. ``unheard``:
    they would rather not hear from whoever acts.
    """

    contact_id: uuid.UUID
    name: str
    greeting: str | None
    household_id: uuid.UUID | None
    relationship: str
    language: str
    may_message: MayMessage
    ways: tuple[WayFacts, ...]
    quiet: tuple[time, time] | None
    paused: bool
    paused_until: date | None
    welcomed: bool
    primary: bool
    hears: WishKind | None = None
    other_child: bool = False
    weekend: WishKind | None = None
    hard_day_until: date | None = None
    questions: bool = False
    unheard: bool = False


def now_related(on: date) -> tuple[ColumnElement[bool], ...]:
    """That a guardianship holds on a day."""
    return (Guardianship.from_on <= on, or_(Guardianship.to_on.is_(None), Guardianship.to_on >= on))


def recipients_of(work: Work, student_id: uuid.UUID, *, on: date, sender_ids: Collection[uuid.UUID]) -> list[Recipient]:
    """Everybody related to a child on a day, primary contacts first, whatever may or may not be sent to them.

    ``sender_ids`` are the school's senders: a STOP holds between an address and a sender.
    """
    return recipients_about(work, [student_id], on=on, sender_ids=sender_ids)[student_id]


def recipients_about(
    work: Work, student_ids: Collection[uuid.UUID], *, on: date, sender_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Recipient]]:
    """The same for many children in a few statements; every child asked for is in the answer."""
    related = work.session.execute(
        select(Guardianship, Contact)
        .join(Contact, (Contact.school_id == Guardianship.school_id) & (Contact.id == Guardianship.contact_id))
        .where(Guardianship.student_id.in_(student_ids), *now_related(on))
        .order_by(Guardianship.primary.desc(), Contact.name, Contact.id)
    ).all()
    ids = {contact.id for _, contact in related}
    ways = ways_of(work, ids, sender_ids=sender_ids)
    languages = languages_of(work, ids, on=on)
    pauses = running_pauses(work, on=on, student_ids=student_ids, contact_ids=ids)
    asked = wishes_of(work, ids)
    hard_days = {each.contact_id: each.until_on for each in hard_days_of(work, ids, on=on)}
    found: dict[uuid.UUID, list[Recipient]] = {student_id: [] for student_id in student_ids}
    by_subject: dict[uuid.UUID | None, list[Pause]] = defaultdict(list)
    for pause in pauses:
        by_subject[pause.student_id or pause.contact_id].append(pause)
    for guardianship, contact in related:
        quiet = [*by_subject[guardianship.student_id], *by_subject[contact.id]]
        found[guardianship.student_id].append(
            Recipient(
                contact_id=contact.id,
                name=contact.name,
                greeting=contact.greeting,
                household_id=contact.household_id,
                relationship=guardianship.relationship,
                language=languages[contact.id],
                may_message=MayMessage(guardianship.may_message),
                ways=tuple(ways[contact.id]),
                quiet=(contact.quiet_from, contact.quiet_until) if contact.quiet_from and contact.quiet_until else None,
                paused=bool(quiet),
                paused_until=_latest_end(quiet),
                welcomed=contact.welcomed_at is not None,
                primary=guardianship.primary,
                hears=asked[contact.id].hears,
                other_child=not asked[contact.id].wants_child(guardianship.student_id),
                weekend=asked[contact.id].weekend,
                hard_day_until=hard_days.get(contact.id),
                questions=asked[contact.id].questions,
                unheard=work.actor.id in asked[contact.id].not_from,
            )
        )
    return found


def _latest_end(pauses: Sequence[Pause]) -> date | None:
    ends = [pause.until_on for pause in pauses]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def ways_of(
    work: Work, contact_ids: Collection[uuid.UUID], *, sender_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[WayFacts]]:
    """The ways of contacts in the order they like, knowing where they said STOP."""
    found: dict[uuid.UUID, list[WayFacts]] = defaultdict(list)
    rows = work.session.scalars(
        select(Way).where(Way.contact_id.in_(contact_ids), Way.rank > 0).order_by(Way.rank, Way.id)
    ).all()
    addresses = [way.address for way in rows if way.address]
    stopped = set(
        work.session.scalars(
            select(OptOut.address).where(OptOut.sender_id.in_(sender_ids), OptOut.address.in_(addresses))
        )
    )
    for way in rows:
        refused = way.channel in {Channel.TEXT, Channel.EMAIL} and way.address in stopped
        found[way.contact_id].append(WayFacts(Channel(way.channel), way.address, WayState(way.state), refused))
    return found


def languages_of(work: Work, contact_ids: Collection[uuid.UUID], *, on: date) -> dict[uuid.UUID, str]:
    """The language each contact asked for on a day; English where nobody asked for any."""
    asked: dict[uuid.UUID, str] = defaultdict(lambda: "en")
    rows = work.session.scalars(
        select(LanguageAsked)
        .where(
            LanguageAsked.contact_id.in_(contact_ids),
            LanguageAsked.from_on <= on,
            or_(LanguageAsked.to_on.is_(None), LanguageAsked.to_on >= on),
        )
        .order_by(LanguageAsked.from_on)
    )
    for row in rows:
        asked[row.contact_id] = row.language
    return asked


def pauses_of(
    work: Work, *, student_id: uuid.UUID | None, contact_ids: Collection[uuid.UUID], on: date
) -> dict[uuid.UUID, list[Pause]]:
    """The pauses in force for each contact: their own, and the child's, which holds for everybody."""
    rows = work.session.scalars(
        select(Pause).where(
            or_(Pause.student_id == student_id, Pause.contact_id.in_(contact_ids)),
            Pause.hard_day.is_(False),
            Pause.ended_at.is_(None),
            or_(Pause.until_on.is_(None), Pause.until_on >= on),
        )
    ).all()
    return {contact_id: [row for row in rows if row.contact_id in {None, contact_id}] for contact_id in contact_ids}


@dataclass(frozen=True, slots=True)
class Writer:
    """A contact who has an address, and the children they may be messaged about today (with those they may not)."""

    contact: Contact
    students: tuple[uuid.UUID, ...]
    barred: tuple[uuid.UUID, ...]


def writers_at(work: Work, address: str, *, on: date) -> list[Writer]:
    """Everybody whose way this address is or was, as phones are shared and numbers change hands."""
    return writers_at_all(work, [address], on=on)[address]


def writers_at_all(work: Work, addresses: Collection[str], *, on: date) -> dict[str, list[Writer]]:
    """The writers of many addresses, each as ``writers_at``."""
    ways = select(Way.address, Way.contact_id).where(
        Way.address.in_(addresses), Way.rank > 0, Way.state != WayState.HELD
    )
    theirs = ways.distinct().subquery()
    found = work.session.execute(
        select(theirs.c.address, Contact, Guardianship)
        .join(Contact, Contact.id == theirs.c.contact_id)
        .outerjoin(Guardianship, and_(Guardianship.contact_id == Contact.id, *now_related(on)))
        .order_by(Contact.name, Contact.id)
    )
    related: dict[str, dict[uuid.UUID, tuple[Contact, list[Guardianship]]]] = {each: {} for each in addresses}
    for address, contact, guardianship in found:
        of_contact = related[address].setdefault(contact.id, (contact, []))[1]
        if guardianship is not None:
            of_contact.append(guardianship)
    return {address: [_writer(*each) for each in by_contact.values()] for address, by_contact in related.items()}


def writer_for(work: Work, contact_id: uuid.UUID, *, on: date) -> Writer | None:
    """A contact with the children they may be messaged about today."""
    contact = work.session.get(Contact, contact_id)
    if contact is None:
        return None
    rows = select(Guardianship).where(Guardianship.contact_id == contact.id, *now_related(on))
    return _writer(contact, work.session.scalars(rows).all())


def _writer(contact: Contact, rows: Sequence[Guardianship]) -> Writer:
    barred = tuple(row.student_id for row in rows if row.may_message == MayMessage.NO)
    return Writer(contact, tuple(row.student_id for row in rows if row.may_message == MayMessage.YES), barred)


@dataclass(frozen=True, slots=True)
class ContactCard:
    """A contact of a child as staff see them on the child's page."""

    contact: Contact
    guardianship: Guardianship
    language: str
    ways: tuple[WayFacts, ...]
    pauses: tuple[Pause, ...]


def contacts_of(
    work: Work, student_id: uuid.UUID, *, on: date, with_limited: bool, sender_ids: Collection[uuid.UUID]
) -> list[ContactCard]:
    """The contacts of a child; those who may not be messaged only ``with_limited`` (learning support and leaders)."""
    wanted = (
        select(Guardianship, Contact)
        .join(Contact, (Contact.school_id == Guardianship.school_id) & (Contact.id == Guardianship.contact_id))
        .where(Guardianship.student_id == student_id, *now_related(on))
        .order_by(Guardianship.primary.desc(), Contact.name, Contact.id)
    )
    if not with_limited:
        wanted = wanted.where(Guardianship.may_message != MayMessage.NO)
    rows = work.session.execute(wanted).all()
    ids = [contact.id for _, contact in rows]
    ways = ways_of(work, ids, sender_ids=sender_ids)
    languages = languages_of(work, ids, on=on)
    pauses = pauses_of(work, student_id=student_id, contact_ids=ids, on=on)
    return [
        ContactCard(contact, guardianship, languages[contact.id], tuple(ways[contact.id]), tuple(pauses[contact.id]))
        for guardianship, contact in rows
    ]


def contact_names(work: Work, contact_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of contacts by id."""
    if not contact_ids:
        return {}
    rows = work.session.execute(select(Contact.id, Contact.name).where(Contact.id.in_(contact_ids)))
    return {row.id: row.name for row in rows}


def language_of(work: Work, contact_id: uuid.UUID, *, on: date) -> str:
    """The language one contact asked for on a day."""
    return work.once(("language", contact_id), lambda: languages_of(work, [contact_id], on=on)[contact_id])


def reachable(work: Work, student_ids: Collection[uuid.UUID], *, on: date) -> set[uuid.UUID]:
    """The children with at least one contact who may be messaged and has a way that is not known to be wrong."""
    if not student_ids:
        return set()
    rows = (
        select(Guardianship.student_id)
        .join(Way, (Way.school_id == Guardianship.school_id) & (Way.contact_id == Guardianship.contact_id))
        .where(
            among(Guardianship.student_id, student_ids),
            Guardianship.may_message != MayMessage.NO,
            Way.rank > 0,
            Way.state == WayState.OK,
            *now_related(on),
        )
        .distinct()
    )
    return set(work.session.scalars(rows))


def relationships(
    work: Work, pairs: Collection[tuple[uuid.UUID | None, uuid.UUID]], *, on: date
) -> dict[tuple[uuid.UUID | None, uuid.UUID], str]:
    """The relationship of each contact to each child, for pairs of (contact, child)."""
    contacts = {contact_id for contact_id, _ in pairs if contact_id}
    if not contacts:
        return {}
    rows = work.session.scalars(select(Guardianship).where(Guardianship.contact_id.in_(contacts), *now_related(on)))
    return {(row.contact_id, row.student_id): row.relationship for row in rows}


def ever_at(work: Work, address: str) -> list[uuid.UUID]:
    """The contacts whose way this address is or ever was, by name: for a person to choose among, never to file by."""
    had = select(Way.contact_id).where(Way.address == address)
    return list(work.session.scalars(select(Contact.id).where(Contact.id.in_(had)).order_by(Contact.name, Contact.id)))


def ways_in_use(work: Work, contact_id: uuid.UUID) -> list[Way]:
    """A contact's ways in the order they like, those that are held or known to be wrong among them."""
    wanted = select(Way).where(Way.contact_id == contact_id, Way.rank > 0)
    return list(work.session.scalars(wanted.order_by(Way.rank, Way.id)))


def running_pauses(
    work: Work, *, on: date, student_ids: Collection[uuid.UUID] = (), contact_ids: Collection[uuid.UUID] = ()
) -> list[Pause]:
    """The pauses in force on a day for any of these children or contacts, the oldest first."""
    wanted = select(Pause).where(
        or_(among(Pause.student_id, student_ids), among(Pause.contact_id, contact_ids)),
        Pause.hard_day.is_(False),
        Pause.ended_at.is_(None),
        or_(Pause.until_on.is_(None), Pause.until_on >= on),
    )
    return list(work.session.scalars(wanted.order_by(Pause.from_at, Pause.id)))


def in_households(work: Work, household_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Everybody who lives in one of these homes, by id."""
    return set(work.session.scalars(select(Contact.id).where(Contact.household_id.in_(household_ids))))


def safety_times(work: Work, student_ids: Collection[uuid.UUID]) -> list[tuple[datetime, datetime | None]]:
    """From when to when a home of these children was let be for somebody's safety; None: it still is."""
    theirs = select(Guardianship.contact_id).where(Guardianship.student_id.in_(student_ids))
    rows = select(Pause.from_at, Pause.ended_at).where(
        Pause.for_safety, or_(Pause.student_id.in_(student_ids), Pause.contact_id.in_(theirs))
    )
    return [(begun, ended) for begun, ended in work.session.execute(rows.order_by(Pause.from_at))]


def hard_days_of(work: Work, contact_ids: Collection[uuid.UUID], *, on: date) -> list[Pause]:
    """The hard days in force on a day for any of these contacts: their good news waits."""
    wanted = select(Pause).where(
        Pause.contact_id.in_(contact_ids), Pause.hard_day, Pause.ended_at.is_(None), Pause.until_on >= on
    )
    return list(work.session.scalars(wanted.order_by(Pause.from_at, Pause.id)))


def contacts_found(work: Work, search: str, *, limit: int = 20) -> list[Contact]:
    """Contacts with every searched word in their name, macrons and double vowels folded; none for an empty search."""
    words = search_fold(search).split()
    if not words:
        return []
    folded = func.regexp_replace(Contact.name_key, r"([aeiou])\1+", r"\1", "g")
    wanted = select(Contact).where(*(folded.contains(word, autoescape=True) for word in words))
    return list(work.session.scalars(wanted.order_by(Contact.name, Contact.id).limit(limit)))


def contacts_by_id(work: Work, contact_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Contact]:
    """Contacts by id; an unknown id is left out."""
    return {row.id: row for row in work.session.scalars(select(Contact).where(Contact.id.in_(contact_ids)))}


def ties_of(work: Work, contact_ids: Collection[uuid.UUID], *, on: date) -> dict[uuid.UUID, list[Guardianship]]:
    """What ties many contacts to children on a day, whatever may be sent about them."""
    found: dict[uuid.UUID, list[Guardianship]] = defaultdict(list)
    rows = select(Guardianship).where(Guardianship.contact_id.in_(contact_ids), *now_related(on))
    for row in work.session.scalars(rows.order_by(Guardianship.from_on, Guardianship.id)):
        found[row.contact_id].append(row)
    return found


def household_contacts(work: Work, contact: Contact) -> set[uuid.UUID]:
    """The contacts of one home, themselves among them; whoever is of no home written down is alone."""
    if contact.household_id is None:
        return {contact.id}
    return set(work.session.scalars(select(Contact.id).where(Contact.household_id == contact.household_id)))
