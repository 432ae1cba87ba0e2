"""Messages to whānau on pages: who may write to whom, looking first, the number confirmed, and what became of it."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from commsbridge import messages, schools, students, whanau
from commsbridge.messages import Audience, Delivery, Message, MessageKind, Notice, NoticeDraft, State
from commsbridge.messages.gateways import Cause
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.pages import Page, Visitor
from tests.rooms.posting import Posting
from tests.story import Story

NEW = "/messages/new"
SHOES = "Please bring running shoes tomorrow."
HU = "Mauria mai ngā hū oma āpōpō."


def room(story: Story, name: str = "Room 7") -> str:
    with story.work() as work:
        return f"class:{students.class_named(work, name).id}"


def family(story: Story, child: str) -> str:
    return f"family:{story.students[child].id}"


def sent(story: Story) -> list[Notice]:
    with story.work() as work:
        return list(work.session.scalars(select(Notice)))


def look(visitor: Visitor, to: str, /, **fields: str) -> Page:
    form = visitor.open(NEW, to=to).form(NEW)
    return visitor.send(form, ("act", "look"), **({"to": to, "words_en": SHOES} | fields))


def press_send(visitor: Visitor, page: Page, **fields: str) -> Page:
    return visitor.send(page.form(NEW), ("act", "send"), **fields)


def write_to(visitor: Visitor, to: str, **fields: str) -> Page:
    """Look, then send."""
    return press_send(visitor, look(visitor, to, **fields), to=to)


def test_a_leader_writes_to_the_school_after_looking_at_number_cost_and_time(sign_in: SignIn, story: Story) -> None:
    leader = sign_in("burns")
    page = look(leader, "school", words_mi=HU)
    assert page.status == 200
    for told in ("It goes to 7 people", "The texts cost about $", "They leave at once.", "1 of them are held"):
        assert told in page.text
    assert HU in page.text
    assert SHOES in page.text
    assert sent(story) == []
    press_send(leader, page, to="school")
    page = leader.follow()
    assert "On its way to 7 people." in page.text
    assert "Aroha Kereama" in page.text


def test_a_number_that_nobody_confirmed_is_shown_again_and_nothing_goes(sign_in: SignIn, story: Story) -> None:
    leader = sign_in("burns")
    page = press_send(leader, look(leader, "school"), to="school", confirmed="3")
    assert page.status == 409
    assert "Look at the numbers again" in page.text
    assert sent(story) == []


def test_the_same_form_sent_twice_is_one_message(sign_in: SignIn, story: Story) -> None:
    walsh = sign_in("walsh")
    page = look(walsh, room(story))
    for _ in range(2):
        assert press_send(walsh, page, to=room(story)).status == 302
    assert len(sent(story)) == 1


@pytest.mark.parametrize(
    ("who", "to", "status"),
    [
        ("walsh", "school", 403),
        ("walsh", "Room 7", 302),
        ("walsh", "Room 8", 404),
        ("walsh", "hemi", 302),
        ("walsh", "leo", 404),
        ("walsh", "pare", 404),
        ("matiu", "Room 7", 403),
        ("matiu", "hemi", 302),
        ("jan", "Room 8", 302),
        ("kiri", "hemi", 403),
    ],
)
def test_who_may_write_to_how_many_is_by_role(sign_in: SignIn, story: Story, who: str, to: str, status: int) -> None:
    visitor = sign_in(who)
    target = to if to == "school" else room(story, to) if to.startswith("Room") else family(story, to)
    visitor.open("/students")
    fields = {"to": target, "words_en": SHOES, "act": "send", "form_key": "k"}
    assert visitor.act(NEW, **fields).status == status
    assert bool(sent(story)) is (status == 302)


@pytest.mark.parametrize(
    ("who", "shared", "status"),
    [
        ("walsh", False, 302),
        ("burns", False, 404),
        ("jan", True, 302),
        ("matiu", True, 403),
        ("fox", True, 404),
        ("kiri", True, 403),
    ],
)
def test_who_may_write_to_a_group_is_by_role_and_by_whether_they_know_it(
    sign_in: SignIn, story: Story, who: str, *, shared: bool, status: int
) -> None:
    with story.work("walsh") as work:
        [viewer] = schools.viewers_for(work, [story.staff["walsh"].id])
        chosen = {story.students["hemi"].id}
        group = students.keep_group(work, viewer, "Kererū", chosen, shared=shared).id
    visitor = sign_in(who)
    visitor.open("/students")
    fields = {"to": f"group:{group}", "words_en": SHOES, "act": "send", "form_key": "k"}
    assert visitor.act(NEW, **fields).status == status
    with story.work() as work:
        told = set(work.session.scalars(select(Message.student_id).where(Message.notice_id.is_not(None))))
    assert told == ({story.students["hemi"].id} if status == 302 else set())


def test_a_group_is_named_to_who_wrote_to_it_and_not_to_others_where_it_is_one_persons_own(
    sign_in: SignIn, story: Story
) -> None:
    with story.work("walsh") as work:
        [viewer] = schools.viewers_for(work, [story.staff["walsh"].id])
        group = students.keep_group(work, viewer, "Kererū", {story.students["hemi"].id})
        group_id = group.id
    walsh = sign_in("walsh")
    page = look(walsh, f"group:{group_id}")
    assert press_send(walsh, page, to=f"group:{group_id}").status == 302
    assert "To the group Kererū" in walsh.open("/messages").text
    page = sign_in("burns").open("/messages")
    assert "To a group" in page.text
    assert "Kererū" not in page.text


def test_urgent_is_offered_to_those_the_school_named_and_wants_a_reason(sign_in: SignIn, story: Story) -> None:
    assert "urgent" not in sign_in("jan").open(NEW).form(NEW).choices
    leader = sign_in("burns")
    page = look(leader, "school", urgent="yes")
    assert page.status == 400
    assert "why it cannot wait" in page.wrong["reason"]
    write_to(leader, "school", urgent="yes", reason="The river is over the road.")
    page = leader.follow()
    assert "Sent as urgent: The river is over the road." in page.text


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"words_en": " "}, "words_en"),
        ({"words_en": "x" * 700}, "words_en"),
        ({"to": "everyone"}, "to"),
        ({"to": ""}, "to"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(sign_in: SignIn, fields: dict[str, str], beside: str) -> None:
    page = look(sign_in("burns"), "school", **fields)
    assert page.status == 400
    assert page.wrong[beside]


def test_words_that_name_a_child_are_asked_about_before_they_go_to_many(sign_in: SignIn, story: Story) -> None:
    page = look(sign_in("burns"), "school", words_en="Aroha has nits.")
    assert "Aroha" in page.text
    assert page.forms


def test_a_teacher_sees_no_contact_of_a_child_hidden_from_them(sign_in: SignIn, story: Story) -> None:
    walsh = sign_in("walsh")
    write_to(walsh, room(story))
    page = walsh.follow()
    assert "Pare" not in page.text
    assert "Hēmi Parata" in page.text


def test_undo_by_the_writer_within_a_minute(sign_in: SignIn, story: Story, clock: Clock) -> None:
    leader = sign_in("burns")
    write_to(leader, "school")
    page = leader.follow()
    [form] = [form for form in page.forms if form.action.endswith("/undo")]
    leader.send(form)
    assert "Taken back. Nothing was sent." in leader.follow().text
    with story.work() as work:
        rows = select(Delivery.state).distinct()
        assert set(work.session.scalars(rows)) == {State.CANCELLED}


def test_a_message_of_another_is_not_there_for_a_teacher(sign_in: SignIn, story: Story) -> None:
    write_to(sign_in("burns"), "school")
    [notice] = sent(story)
    walsh = sign_in("walsh")
    assert walsh.open(f"/messages/{notice.id}").status == 404
    assert walsh.open(f"/messages/{uuid.uuid4()}").status == 404
    assert SHOES not in walsh.open("/messages").text
    assert SHOES in sign_in("jan").open("/messages").text


# what waits, what did not arrive


@pytest.fixture
def posting(story: Story, clock: Clock) -> Posting:
    return Posting(story, clock)


def failed(posting: Posting, child: str = "hemi", contact: str = "hine", cause: Cause = Cause.BLOCKED) -> Delivery:
    with posting.story.work() as work:
        whanau.mark_welcomed(work, [posting.story.contacts[contact].id])
    delivery = posting.of(posting.praise(child))[contact]
    posting.refused(delivery, cause)
    return delivery


def test_the_page_says_what_waits_and_why_and_what_did_not_arrive(sign_in: SignIn, posting: Posting) -> None:
    failed(posting)
    page = sign_in("walsh").open("/deliveries")
    assert "The carrier would not take it." in page.text
    assert "Held until the office confirms this contact." in page.text
    assert "Leo" not in page.text


def test_what_did_not_arrive_is_sent_again_from_the_page(sign_in: SignIn, posting: Posting) -> None:
    delivery = failed(posting)
    walsh = sign_in("walsh")
    page = walsh.open("/deliveries")
    walsh.send(page.form(f"/deliveries/{delivery.id}/again"))
    assert f"/deliveries/{delivery.id}/again" not in [form.action for form in walsh.follow().forms]
    again = [each for each in posting.all_to("hine", MessageKind.PRAISE) if each.instead_of_id == delivery.id]
    assert [each.state for each in again] == [State.QUEUED]


def test_a_doubt_is_settled_by_whoever_found_out(sign_in: SignIn, posting: Posting) -> None:
    with posting.story.work() as work:
        whanau.mark_welcomed(work, [posting.story.contacts["hine"].id])
    delivery = posting.of(posting.praise("hemi"))["hine"]
    posting.in_state(delivery, "uncertain")
    walsh = sign_in("walsh")
    form = walsh.open("/deliveries").form(f"/deliveries/{delivery.id}/settle")
    walsh.send(form, ("act", "came"))
    assert posting.delivery(delivery.id).state is State.DELIVERED
    assert walsh.send(form, ("act", "came")).status == 409


def test_what_is_about_a_child_one_does_not_see_is_not_touched(sign_in: SignIn, posting: Posting) -> None:
    delivery = failed(posting)
    fox = sign_in("fox")
    fox.open("/today")
    for act in ("again", "settle"):
        assert fox.act(f"/deliveries/{delivery.id}/{act}", act="came").status == 404
        assert fox.act(f"/deliveries/{uuid.uuid4()}/{act}").status == 404


def test_the_office_may_mend_the_number_from_there(sign_in: SignIn, posting: Posting) -> None:
    failed(posting, cause=Cause.NOT_IN_SERVICE)
    office = sign_in("jan")
    assert f"/contacts/{posting.story.contacts['hine'].id}" in office.open("/deliveries").links
    assert f"/contacts/{posting.story.contacts['hine'].id}" not in sign_in("walsh").open("/deliveries").links


def test_the_report_counts_everybody_it_went_to_once(story: Story) -> None:
    with story.work("burns") as work:
        draft = NoticeDraft(Audience.CLASS, uuid.UUID(room(story).removeprefix("class:")), SHOES)
        children = students.students_in(work, draft.audience_id, schools.today(work))
        notice = messages.send_notice(work, draft, children, links=story.runtime.links)
        report = messages.notice_report(work, notice.id)
    assert report is not None
    assert sum(report.counts.values()) == notice.people
