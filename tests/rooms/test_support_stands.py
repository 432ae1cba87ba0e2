"""A request for support over weeks and between two homes: nobody has to ask, and no home reads of another."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from commsbridge import partnership, support
from commsbridge.messages import MessageKind
from commsbridge.partnership import Moment
from commsbridge.support import Asking, Consent, ConsentHow, News, SupportRequest, SupportState, Tracked
from tests.rooms.posting import Posting

TODAY = date(2026, 11, 17)
# Twenty working days after the 17th of November, before and after ten in the morning in Auckland.
BEFORE, AFTER = datetime(2026, 12, 14, 20, 50, tzinfo=UTC), datetime(2026, 12, 14, 21, 5, tzinfo=UTC)
STANDS, STANDS_MI = "still stands. There is no news yet.", "Kāore anō he kōrero hou."


def ask(posting: Posting, by: str = "dave") -> SupportRequest:
    story = posting.story
    consent = Consent(story.contacts[by].id, ConsentHow.PHONE, TODAY)
    asking = Asking("rtlb", "Words and pictures for the day.", consent, story.staff["leota"].id)
    with story.work("leota") as work:
        return support.ask_for_support(work, story.students["aroha"], asking, links=posting.links)


def more(posting: Posting, request: SupportRequest, by: str = "ngaire") -> None:
    posting.clock.forward(minutes=1)
    with posting.story.work("leota") as work:
        consent = Consent(posting.story.contacts[by].id, ConsentHow.IN_PERSON, TODAY)
        support.add_consent(work, request, consent, links=posting.links)


def tell(posting: Posting, request: SupportRequest, seen: int, state: SupportState, words: str) -> None:
    posting.clock.forward(minutes=1)
    with posting.story.work("leota") as work:
        news = News(seen, state, TODAY, words, owner_id=posting.story.staff["leota"].id)
        support.note_news(work, request, news, links=posting.links)


def back(posting: Posting, request: SupportRequest, by: str) -> None:
    posting.clock.forward(minutes=1)
    with posting.story.work() as work:
        consent = Consent(posting.story.contacts[by].id, ConsentHow.PAGE, TODAY)
        support.take_back_consent(work, request, consent)


def look(posting: Posting) -> int:
    """What a worker does when something may be due."""
    with posting.story.runtime.carrier() as session:
        waiting = support.schools_with_quiet_requests(session, posting.clock())
    if posting.story.school_id not in waiting:
        return 0
    with posting.story.work() as work:
        return support.tell_that_it_stands(work, links=posting.links)


def told(posting: Posting, contact: str) -> list[str]:
    return [each.body for each in posting.all_to(contact, MessageKind.ON_PAGE)]


def at_home(posting: Posting, contact: str) -> list[Tracked]:
    with posting.story.work() as work:
        own = {posting.story.contacts[contact].id}
        return support.requests_about(work, posting.story.students["aroha"].id, home=own)


# ---- weeks without news ----


def test_four_school_weeks_without_news_each_home_is_told_once_in_its_way_and_language_that_it_still_stands(
    posting: Posting,
) -> None:
    request = ask(posting)
    more(posting, request)
    assert len(told(posting, "dave")) == len(told(posting, "ngaire")) == 1
    posting.clock.now = BEFORE
    assert look(posting) == 0
    posting.clock.now = AFTER
    assert look(posting) == 1
    assert look(posting) == 0
    assert STANDS in told(posting, "dave")[-1]
    assert STANDS_MI in told(posting, "ngaire")[-1]
    assert (len(told(posting, "dave")), len(told(posting, "ngaire"))) == (2, 2)
    with posting.story.work() as work:
        lines = partnership.timeline(work, posting.story.students["aroha"].id, moments=(Moment.NOTICE,), limit=9)
    assert len(lines) == 3
    posting.clock.forward(days=60)
    assert look(posting) == 1


def test_news_comes_instead_and_what_has_ended_is_told_of_no_more(posting: Posting) -> None:
    request = ask(posting)
    posting.clock.forward(days=20)
    tell(posting, request, 1, SupportState.RECEIVED, "They have it.")
    posting.clock.now = AFTER
    assert look(posting) == 0
    tell(posting, request, 2, SupportState.CLOSED, "He does well without.")
    posting.clock.forward(days=120)
    assert look(posting) == 0
    other = ask(posting, "ngaire")
    back(posting, other, "ngaire")
    posting.clock.forward(days=120)
    assert look(posting) == 0


# ---- two homes ----


def test_a_home_reads_what_became_of_it_while_its_own_yes_stood_and_nothing_after(posting: Posting) -> None:
    request = ask(posting, "dave")
    tell(posting, request, 1, SupportState.RECEIVED, "Dave’s mornings come first.")
    more(posting, request, "ngaire")
    [kuias] = at_home(posting, "ngaire")
    assert [(each.state, each.words) for each in kuias.steps] == [(SupportState.RECEIVED, "")]
    back(posting, request, "dave")
    tell(posting, request, 2, SupportState.REACHED_OUT, "Mele comes to the marae.")
    [dads], [kuias] = at_home(posting, "dave"), at_home(posting, "ngaire")
    assert [each.state for each in dads.steps] == [
        SupportState.ASKED,
        SupportState.RECEIVED,
        SupportState.WITHDRAWN,
    ]
    assert not dads.open
    assert kuias.open
    assert kuias.last.words == "Mele comes to the marae."
    assert not any("Mele" in each.words for each in dads.steps)
    with posting.story.work() as work:
        [school] = support.requests_about(work, posting.story.students["aroha"].id)
    assert [each.number for each in school.steps] == [1, 2, 3]  # what a home reads is kept nowhere
    assert len(told(posting, "dave")) == 2


def test_what_one_home_wrote_on_its_own_page_no_other_home_reads(posting: Posting) -> None:
    story, words = posting.story, "At ours she sleeps badly."
    with story.work() as work:
        request = support.ask_from_home(work, story.students["aroha"], story.contacts["dave"].id, "senco", words)
    more(posting, request, "ngaire")
    assert [each.words for each in at_home(posting, "dave")] == [words]
    assert [each.words for each in at_home(posting, "ngaire")] == [""]
    with story.work() as work:
        assert [each.words for each in support.requests_about(work, story.students["aroha"].id)] == [words]


def test_each_home_is_asked_for_its_own_yes_and_one_that_says_nothing_is_told_nothing(posting: Posting) -> None:
    request = ask(posting, "dave")
    tell(posting, request, 1, SupportState.REACHED_OUT, "Mele rang.")
    posting.clock.now = AFTER + timedelta(days=60)
    look(posting)
    assert len(told(posting, "dave")) == 3
    assert told(posting, "ngaire") == []
    assert at_home(posting, "ngaire") == []
