"""Whānau: contacts with their ways, languages, hours and limits, kept with their dates; and who writes from where."""

from __future__ import annotations

import uuid
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from commsbridge import whanau
from commsbridge.foundation.errors import Conflict, Invalid, NotFound
from commsbridge.foundation.work import Work
from commsbridge.whanau import (
    Channel,
    ConsentEntry,
    ConsentKind,
    Contact,
    ContactCard,
    Guardianship,
    MayMessage,
    Recipient,
    Way,
    WayState,
)
from commsbridge.whanau.models import LanguageAsked
from tests.rooms.posting import Posting

TODAY = date(2026, 11, 17)
DAY = timedelta(days=1)
NGAIRE = "+64215550101"


def id_of(posting: Posting, contact: str) -> uuid.UUID:
    return posting.story.contacts[contact].id


def recipient(posting: Posting, child: str, contact: str, *, on: date = TODAY) -> Recipient:
    with posting.story.work() as work:
        senders = [posting.story.texts.id, posting.story.mails.id]
        found = whanau.recipients_of(work, posting.story.students[child].id, on=on, sender_ids=senders)
        return next(each for each in found if each.contact_id == id_of(posting, contact))


def row(work: Work, posting: Posting, contact: str) -> Contact:
    return work.session.get_one(Contact, id_of(posting, contact))


# ways


def test_a_landline_given_for_texts_is_rung(posting: Posting) -> None:
    (way,) = recipient(posting, "hemi", "koro").ways
    assert (way.channel, way.address) == (Channel.CALL, "+6495550106")


def test_ways_stand_in_the_order_they_like(posting: Posting) -> None:
    assert [way.channel for way in recipient(posting, "hemi", "hine").ways] == [Channel.TEXT, Channel.EMAIL]
    with posting.story.work("jan") as work:
        ways = [(Channel.EMAIL, "Hine@homes.test"), (Channel.TEXT, "021 555 0104")]
        whanau.set_ways(work, row(work, posting, "hine"), ways)
    assert [way.channel for way in recipient(posting, "hemi", "hine").ways] == [Channel.EMAIL, Channel.TEXT]


def test_a_way_that_stays_keeps_what_is_known_of_it(posting: Posting) -> None:
    with posting.story.work("jan") as work:
        whanau.mark_ways(work, address="+64215550104", state=WayState.WRONG, why="not_in_service")
        whanau.set_ways(work, row(work, posting, "hine"), [(Channel.TEXT, "0215550104"), (Channel.SLIP, None)])
    assert [(way.channel, way.state) for way in recipient(posting, "hemi", "hine").ways] == [
        (Channel.TEXT, WayState.WRONG),
        (Channel.SLIP, WayState.OK),
    ]


def test_a_way_they_no_longer_have_is_kept_and_not_used(posting: Posting) -> None:
    with posting.story.work("jan") as work:
        whanau.set_ways(work, row(work, posting, "ngaire"), [(Channel.EMAIL, "ngaire@homes.test")])
        kept = work.session.scalars(select(Way).where(Way.address == NGAIRE)).one()
        assert (kept.rank, kept.why) == (0, "replaced")
        assert whanau.writers_at(work, NGAIRE, on=TODAY) == []
    assert [way.channel for way in recipient(posting, "aroha", "ngaire").ways] == [Channel.EMAIL]


def test_a_bad_address_changes_nothing(posting: Posting) -> None:
    ways = [(Channel.EMAIL, "ngaire@homes.test"), (Channel.TEXT, "12")]
    with pytest.raises(Invalid), posting.story.work("jan") as work:
        whanau.set_ways(work, row(work, posting, "ngaire"), ways)
    assert [way.address for way in recipient(posting, "aroha", "ngaire").ways] == [NGAIRE]


def test_the_same_address_twice_is_one_way(posting: Posting) -> None:
    with posting.story.work("jan") as work:
        ways = [(Channel.TEXT, "021 555 0101"), (Channel.TEXT, "+64 21 555 0101")]
        assert len(whanau.set_ways(work, row(work, posting, "ngaire"), ways)) == 1


def test_what_is_learnt_of_a_shared_phone_holds_for_everybody_on_it(posting: Posting) -> None:
    with posting.story.work("jan") as work:
        whanau.set_ways(work, row(work, posting, "tia"), [(Channel.TEXT, "021 555 0104")])
        marked = whanau.mark_ways(work, address="+64215550104", state=WayState.WRONG, why="not_in_service")
        assert {way.contact_id for way in marked} == {id_of(posting, "hine"), id_of(posting, "tia")}


def test_a_contact_needs_a_name(posting: Posting) -> None:
    with pytest.raises(Invalid) as refusal, posting.story.work("jan") as work:
        whanau.add_contact(work, " \0 ", language="en", ways=[], from_on=TODAY)
    assert refusal.value.field == "name"


# languages


def test_a_language_is_kept_with_its_dates(posting: Posting) -> None:
    with posting.story.work("jan") as work:
        whanau.ask_language(work, row(work, posting, "ngaire"), "both", by_family=True)
    assert recipient(posting, "aroha", "ngaire").language == "both"
    assert recipient(posting, "aroha", "ngaire", on=TODAY - DAY).language == "mi"


def test_a_second_thought_on_the_same_day_is_one_wish(posting: Posting) -> None:
    with posting.story.work("jan") as work:
        for language in ("both", "Tokelauan", "Tokelauan"):
            whanau.ask_language(work, row(work, posting, "ngaire"), language, by_family=True)
        kept = work.session.scalars(select(LanguageAsked).where(LanguageAsked.contact_id == id_of(posting, "ngaire")))
        assert {(each.language, each.from_on == TODAY) for each in kept} == {("mi", False), ("Tokelauan", True)}


def test_what_a_family_asked_for_is_not_unsaid_by_what_somebody_else_says_again(posting: Posting) -> None:
    with posting.story.work("jan") as work:
        first = whanau.ask_language(work, row(work, posting, "ngaire"), "both", by_family=True)
        again = whanau.ask_language(work, row(work, posting, "ngaire"), "both", by_family=False)
        assert again.id == first.id
        assert again.asked_by_family


def test_who_asked_for_no_language_reads_english(posting: Posting) -> None:
    with posting.story.work("jan") as work:
        assert whanau.language_of(work, id_of(posting, "ngaire"), on=date(2020, 1, 1)) == "en"


# hours


def test_quiet_hours_have_a_beginning_and_an_end_or_are_the_schools(posting: Posting) -> None:
    with posting.story.work("jan") as work:
        whanau.set_hours(work, row(work, posting, "ngaire"), quiet_from=time(22), quiet_until=time(10))
    assert recipient(posting, "aroha", "ngaire").quiet == (time(22), time(10))
    with pytest.raises(Invalid), posting.story.work("jan") as work:
        whanau.set_hours(work, row(work, posting, "ngaire"), quiet_from=time(22), quiet_until=None)
    with posting.story.work("jan") as work:
        whanau.set_hours(work, row(work, posting, "ngaire"), quiet_from=None, quiet_until=None)
    assert recipient(posting, "aroha", "ngaire").quiet is None


def test_quiet_hours_may_begin_at_midnight(posting: Posting) -> None:
    with posting.story.work("jan") as work:
        whanau.set_hours(work, row(work, posting, "ngaire"), quiet_from=time(0), quiet_until=time(9))
    assert recipient(posting, "aroha", "ngaire").quiet == (time(0), time(9))


# who may hear of whom


def test_access_is_kept_with_its_dates(posting: Posting) -> None:
    with posting.story.work("leota") as work:
        pair = id_of(posting, "dave"), posting.story.students["aroha"].id
        whanau.set_access(work, *pair, may_message=MayMessage.NO, reason="A new order.")
    assert recipient(posting, "aroha", "dave").may_message is MayMessage.NO
    assert recipient(posting, "aroha", "dave", on=TODAY - DAY).may_message is MayMessage.YES
    assert recipient(posting, "wi", "dave").may_message is MayMessage.YES


def test_access_that_changes_twice_in_a_day_leaves_one_row_for_the_day(posting: Posting) -> None:
    pair = id_of(posting, "dave"), posting.story.students["aroha"].id
    with posting.story.work("leota") as work:
        for may in (MayMessage.NO, MayMessage.ASK, MayMessage.YES):
            whanau.set_access(work, *pair, may_message=may, reason=None)
        ties = work.session.scalars(select(Guardianship).where(Guardianship.contact_id == pair[0])).all()
        today = [each for each in ties if each.student_id == pair[1] and each.from_on == TODAY]
    assert [each.may_message for each in today] == [MayMessage.YES]


def test_a_contact_is_with_a_child_once(posting: Posting) -> None:
    pair = id_of(posting, "rangi"), posting.story.students["aroha"].id
    with posting.story.work("jan") as work, pytest.raises(Conflict) as refusal:
        whanau.relate(work, *pair, relationship="uncle", may_message=MayMessage.YES, from_on=TODAY)
    assert refusal.value.slots == {"name": "Rangi Moke"}


def test_access_of_somebody_who_is_not_with_the_child_is_not_there(posting: Posting) -> None:
    pair = id_of(posting, "rangi"), posting.story.students["hemi"].id
    with posting.story.work("leota") as work, pytest.raises(NotFound):
        whanau.set_access(work, *pair, may_message=MayMessage.NO, reason=None)


def test_only_those_who_may_know_see_that_somebody_is_limited(posting: Posting) -> None:
    def cards(*, with_limited: bool) -> dict[str, ContactCard]:
        with posting.story.work() as work:
            aroha = posting.story.students["aroha"].id
            found = whanau.contacts_of(work, aroha, on=TODAY, with_limited=with_limited, sender_ids=[])
            return {card.contact.name: card for card in found}

    assert "Rangi Moke" not in cards(with_limited=False)
    limited = cards(with_limited=True)["Rangi Moke"].guardianship
    assert limited.limit_reason is not None
    assert "court order" in limited.limit_reason


def test_who_can_be_reached_at_all(posting: Posting) -> None:
    with posting.story.work() as work:
        ids = {key: child.id for key, child in posting.story.students.items()}
        found = whanau.reachable(work, list(ids.values()), on=TODAY)
        assert {key for key, child_id in ids.items() if child_id in found} == {"aroha", "hemi", "wi", "leo"}
        assert whanau.reachable(work, [], on=TODAY) == set()


# quiet times


def test_a_pause_for_a_child_holds_for_everybody_and_one_for_a_contact_for_them_alone(posting: Posting) -> None:
    with posting.story.work("burns") as work:
        whanau.start_pause(work, contact_id=id_of(posting, "ngaire"), until_on=TODAY)
    assert recipient(posting, "aroha", "ngaire").paused_until == TODAY
    assert recipient(posting, "wi", "ngaire").paused
    assert not recipient(posting, "aroha", "dave").paused
    with posting.story.work("burns") as work:
        whanau.start_pause(work, student_id=posting.story.students["aroha"].id)
    assert recipient(posting, "aroha", "dave").paused
    assert (recipient(posting, "aroha", "ngaire").paused, recipient(posting, "aroha", "ngaire").paused_until) == (
        True,
        None,
    )
    assert not recipient(posting, "wi", "dave").paused


def test_a_pause_ends_after_its_last_day(posting: Posting) -> None:
    with posting.story.work("burns") as work:
        whanau.start_pause(work, contact_id=id_of(posting, "ngaire"), until_on=TODAY + DAY)
    assert recipient(posting, "aroha", "ngaire", on=TODAY + DAY).paused
    assert not recipient(posting, "aroha", "ngaire", on=TODAY + 2 * DAY).paused


def test_a_pause_into_the_past_is_refused_in_the_schools_own_day(posting: Posting) -> None:
    with pytest.raises(Invalid) as refusal, posting.story.work("burns") as work:
        whanau.start_pause(work, contact_id=id_of(posting, "ngaire"), until_on=TODAY - DAY)
    assert refusal.value.field == "until_on"


def test_ending_a_pause_twice_keeps_when_it_ended(posting: Posting) -> None:
    with posting.story.work("burns") as work:
        pause = whanau.start_pause(work, contact_id=id_of(posting, "ngaire"))
        ended = whanau.end_pause(work, pause.id).ended_at
    posting.clock.forward(days=1)
    with posting.story.work("burns") as work:
        assert whanau.end_pause(work, pause.id).ended_at == ended
    with pytest.raises(NotFound), posting.story.work("burns") as work:
        whanau.end_pause(work, uuid.uuid4())


# the ledger


def test_the_ledger_is_never_changed(posting: Posting) -> None:
    wish = {"channel": Channel.TEXT, "address": NGAIRE, "sender_id": posting.story.texts.id, "evidence": "reply"}
    with posting.story.work() as work:
        for kind in (ConsentKind.STOP, ConsentKind.STOP, ConsentKind.START, ConsentKind.HELP):
            whanau.note_consent(work, kind, **wish)  # type: ignore[arg-type]
        kept = work.session.scalars(select(ConsentEntry.kind)).all()
    assert sorted(kept) == ["help", "start", "stop", "stop"]
    assert posting.opt_outs() == set()


def test_a_stop_holds_between_a_phone_and_a_sender(posting: Posting) -> None:
    with posting.story.work() as work:
        other = uuid.uuid4()
        stop = {"channel": Channel.TEXT, "address": NGAIRE, "sender_id": posting.story.texts.id, "evidence": "reply"}
        whanau.note_consent(work, ConsentKind.STOP, **stop)  # type: ignore[arg-type]
        by_ours = whanau.ways_of(work, [id_of(posting, "ngaire")], sender_ids=[posting.story.texts.id])
        by_theirs = whanau.ways_of(work, [id_of(posting, "ngaire")], sender_ids=[other])
    assert [way.stopped for way in by_ours[id_of(posting, "ngaire")]] == [True]
    assert [way.stopped for way in by_theirs[id_of(posting, "ngaire")]] == [False]


# who writes from where


def test_everybody_on_a_phone_may_have_written(posting: Posting) -> None:
    with posting.story.work("jan") as work:
        whanau.set_ways(work, row(work, posting, "tia"), [(Channel.CALL, "021 555 0104")])
        found = whanau.writers_at(work, "+64215550104", on=TODAY)
    assert [writer.contact.name for writer in found] == ["Hine Parata", "Tia Parata"]
    assert [writer.students for writer in found] == [(posting.story.students["hemi"].id,), ()]


def test_a_writer_knows_which_children_they_may_not_hear_of(posting: Posting) -> None:
    with posting.story.work() as work:
        (rangi,) = whanau.writers_at(work, "+64215550103", on=TODAY)
    assert (rangi.students, rangi.barred) == ((), (posting.story.students["aroha"].id,))


def test_nobody_writes_from_a_number_that_may_have_changed_hands(posting: Posting) -> None:
    with posting.story.work() as work:
        whanau.mark_ways(work, address=NGAIRE, state=WayState.HELD, why="number_changed")
        assert whanau.writers_at(work, NGAIRE, on=TODAY) == []
