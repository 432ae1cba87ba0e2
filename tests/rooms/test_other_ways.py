"""What cannot arrive one way goes the other, once, to the same person; the same words go to one phone once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from commsbridge import messages, schools, whanau
from commsbridge.foundation.addresses import read_phone
from commsbridge.messages import Delivery, MessageKind, State, Why
from commsbridge.messages.gateways import Arrival, Cause
from commsbridge.partnership import Moment
from commsbridge.whanau import Channel, MayMessage
from tests.rooms.posting import Posting

HINE = read_phone("021 555 0104").e164
HINE_MAIL = "hine@homes.test"


def turn(posting: Posting) -> int:
    with posting.story.work() as work:
        return messages.turn_to_other_way(work, links=posting.links)


def praised(posting: Posting, *, as_link: bool = False) -> Delivery:
    """Praise about Hēmi, whose mother Hine has a phone and a mailbox and was welcomed long ago."""
    with posting.story.work() as work:
        whanau.mark_welcomed(work, [posting.story.contacts["hine"].id])
    words = "He sat with the new boy." if as_link else ""
    return posting.of(posting.praise("hemi", words=words, as_link=as_link))["hine"]


def mails(posting: Posting, contact: str = "hine") -> list[Delivery]:
    return [each for each in posting.all_to(contact, MessageKind.PRAISE) if each.channel == Channel.EMAIL]


def give_ways(posting: Posting, contact: str, *ways: tuple[Channel, str]) -> None:
    with posting.story.work("jan") as work:
        row = work.session.get_one(whanau.Contact, posting.story.contacts[contact].id)
        messages.change_ways(work, row, ways)


# the other way


@pytest.mark.parametrize("cause", [Cause.NOT_IN_SERVICE, Cause.NOT_TEXTABLE, Cause.UNREACHABLE, Cause.BLOCKED])
def test_a_text_that_cannot_arrive_becomes_a_mail_to_the_same_person(posting: Posting, cause: Cause) -> None:
    text = praised(posting)
    posting.refused(text, cause)
    assert turn(posting) == 1
    (mail,) = mails(posting)
    assert (mail.address, mail.state, mail.instead_of_id) == (HINE_MAIL, State.QUEUED, text.id)
    assert mail.message_id == text.message_id
    assert mail.subject
    assert mail.html


def test_a_report_that_comes_later_turns_it_just_the_same(posting: Posting) -> None:
    text = praised(posting)
    posting.gone(text)
    assert turn(posting) == 0
    posting.receipt(text.id, Arrival.UNDELIVERED, cause=Cause.UNREACHABLE, code="30003")
    assert turn(posting) == 1


def test_a_mail_that_bounces_becomes_a_text(posting: Posting) -> None:
    give_ways(posting, "hine", (Channel.EMAIL, HINE_MAIL), (Channel.TEXT, "021 555 0104"))
    mail = praised(posting)
    posting.refused(mail, Cause.BAD_ADDRESS, "bounce")
    turn(posting)
    (text,) = [each for each in posting.all_to("hine") if each.channel == Channel.TEXT]
    assert (text.channel, text.address, text.html, text.instead_of_id) == (Channel.TEXT, HINE, None, mail.id)


def test_the_log_says_that_it_went_another_way_and_why(posting: Posting) -> None:
    posting.refused(praised(posting), Cause.NOT_IN_SERVICE)
    turn(posting)
    (mail,) = mails(posting)
    assert posting.about(mail) == [Moment.OTHER_WAY]


def test_it_turns_once_and_not_back(posting: Posting) -> None:
    posting.refused(praised(posting), Cause.UNREACHABLE)
    assert (turn(posting), turn(posting)) == (1, 0)
    (mail,) = mails(posting)
    posting.refused(mail, Cause.UNREACHABLE)
    assert turn(posting) == 0
    assert len(posting.all_to("hine", MessageKind.PRAISE)) == 2


def test_a_way_they_stopped_is_never_the_other_way(posting: Posting) -> None:
    text = praised(posting)
    with posting.story.work() as work:
        messages.stop_messages(
            work,
            channel=Channel.EMAIL,
            address=HINE_MAIL,
            sender_id=posting.story.mails.id,
            evidence="link",
        )
    posting.refused(text, Cause.NOT_IN_SERVICE)
    assert turn(posting) == 0
    assert mails(posting) == []


def test_whoever_stopped_texts_is_not_followed_into_their_mailbox(posting: Posting) -> None:
    posting.refused(praised(posting), Cause.OPTED_OUT, "21610")
    assert turn(posting) == 0


def test_whoever_may_no_longer_hear_of_the_child_gets_it_no_way(posting: Posting) -> None:
    text = praised(posting)
    posting.refused(text, Cause.UNREACHABLE)
    with posting.story.work("leota") as work:
        pair = posting.story.contacts["hine"].id, posting.story.students["hemi"].id
        messages.set_access(work, *pair, may_message=MayMessage.NO, reason=None)
    assert turn(posting) == 0


def test_somebody_with_one_way_is_the_teachers_to_tell(posting: Posting) -> None:
    with posting.story.work() as work:
        whanau.mark_welcomed(work, [posting.story.contacts["ngaire"].id])
    posting.refused(posting.of(posting.praise("aroha"))["ngaire"], Cause.UNREACHABLE)
    assert turn(posting) == 0
    assert not mails(posting, "ngaire")


def test_old_news_does_not_go_another_way(posting: Posting) -> None:
    text = praised(posting)
    posting.gone(text)
    posting.clock.forward(days=4)
    posting.receipt(text.id, Arrival.UNDELIVERED, cause=Cause.UNREACHABLE)
    assert turn(posting) == 0


def test_a_note_behind_a_link_gets_a_link_of_its_own(posting: Posting) -> None:
    posting.refused(praised(posting, as_link=True), Cause.UNREACHABLE)
    turn(posting)
    (mail,) = mails(posting)
    assert "He sat with the new boy" not in mail.body
    secret = mail.body.split("/note/")[1].split()[0]
    with posting.story.runtime.lobby() as lobby:
        assert schools.behind_door(lobby, secret, purpose="note") == (posting.story.school_id, mail.id)


def test_whoever_was_never_welcomed_is_welcomed_the_other_way_first(posting: Posting) -> None:
    posting.praise("hemi")
    welcome, praise = posting.all_to("hine")
    posting.refused(welcome, Cause.NOT_IN_SERVICE)
    assert posting.delivery(praise.id).state is State.FAILED
    assert turn(posting) == 1
    (mail,) = mails(posting)
    assert mail.after_id is not None
    first = posting.delivery(mail.after_id)
    assert (first.channel, first.address) == (Channel.EMAIL, HINE_MAIL)


def test_today_does_not_list_what_goes_another_way(posting: Posting) -> None:
    posting.refused(praised(posting), Cause.UNREACHABLE)
    hemi = posting.story.students["hemi"].id

    def listed() -> list[str]:
        with posting.story.work() as work:
            found = messages.did_not_arrive(work, [hemi], since=posting.clock() - timedelta(days=7))
            return [each.channel for each, _ in found]

    assert listed() == ["text"]
    turn(posting)
    assert listed() == []
    posting.refused(mails(posting)[0], Cause.BAD_ADDRESS)
    assert listed() == ["email"]


# one phone


@pytest.fixture
def shared(posting: Posting) -> Posting:
    """Hoani and Hine have one phone, read English, and were welcomed long ago."""
    give_ways(posting, "koro", (Channel.TEXT, "021 555 0104"), (Channel.EMAIL, "koro@homes.test"))
    with posting.story.work("jan") as work:
        for key in ("koro", "hine"):
            row = work.session.get_one(whanau.Contact, posting.story.contacts[key].id)
            whanau.ask_language(work, row, "en", by_family=True)
        whanau.mark_welcomed(work, [posting.story.contacts[key].id for key in ("koro", "hine")])
    return posting


def waiting_texts(posting: Posting) -> list[str]:
    found = [(key, each) for key in ("hine", "koro") for each in posting.all_to(key)]
    return [key for key, each in found if each.channel == Channel.TEXT and each.state is State.QUEUED]


def test_two_on_one_phone_get_one_text(shared: Posting) -> None:
    told = shared.of(shared.praise("hemi"))
    assert waiting_texts(shared) == ["hine"]
    assert (told["koro"].state, told["koro"].why) == (State.CANCELLED, Why.SAME_PHONE)
    assert told["koro"].carried_by_id == told["hine"].id


def test_the_preview_says_that_they_share_a_phone(shared: Posting) -> None:
    with shared.story.work("walsh") as work:
        draft = messages.Draft(words="Ka pai!")
        shown = messages.preview_praise(work, shared.story.students["hemi"], draft, links=shared.links)
    assert {each.recipient.name: each.why for each in shown}["Hoani Parata"] is Why.SAME_PHONE


def test_two_languages_on_one_phone_are_two_texts(shared: Posting) -> None:
    with shared.story.work("jan") as work:
        row = work.session.get_one(whanau.Contact, shared.story.contacts["koro"].id)
        whanau.ask_language(work, row, "mi", by_family=True)
    shared.praise("hemi")
    assert waiting_texts(shared) == ["hine", "koro"]


def test_when_the_first_may_no_longer_hear_of_it_the_other_still_does(shared: Posting) -> None:
    shared.praise("hemi")
    with shared.story.work("leota") as work:
        pair = shared.story.contacts["hine"].id, shared.story.students["hemi"].id
        messages.set_access(work, *pair, may_message=MayMessage.NO, reason=None)
    shared.settle()
    assert waiting_texts(shared) == ["koro"]


def test_when_the_first_changes_their_number_the_other_still_hears_of_it(shared: Posting) -> None:
    shared.praise("hemi")
    give_ways(shared, "hine", (Channel.TEXT, "021 555 0199"))
    shared.settle()
    assert waiting_texts(shared) == ["hine", "koro"]


def test_stop_on_a_shared_phone_sends_nothing_to_anybody_on_it(shared: Posting) -> None:
    shared.praise("hemi")
    with shared.story.work() as work:
        messages.stop_messages(
            work, channel=Channel.TEXT, address=HINE, sender_id=shared.story.texts.id, evidence="reply"
        )
    shared.settle()
    assert waiting_texts(shared) == []


def test_a_shared_text_that_cannot_arrive_goes_to_the_mailbox_of_each(shared: Posting) -> None:
    told = shared.of(shared.praise("hemi"))
    shared.refused(told["hine"], Cause.UNREACHABLE)
    assert turn(shared) == 2
    assert [each.address for key in ("hine", "koro") for each in mails(shared, key)] == [HINE_MAIL, "koro@homes.test"]
