"""A guest is mailed once how a step went, and answers by a press on a page that gives nothing away."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

from sqlalchemy import func, select

from commsbridge import conversations, meetings
from commsbridge.conversations import Reply
from commsbridge.meetings import HuiEvaluation, HuiPerson, Welcome, Whose
from commsbridge.messages import Delivery
from commsbridge.worker.receiving import Receiving
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.hui_visits import act_on, asked, at_home, hui_of
from tests.doors.moments import screened
from tests.story import Story

ANA, WHAT = "ana@clinic.test", "Ring the bus driver"


def went_mails(story: Story, address: str = ANA) -> list[Delivery]:
    with story.work() as work:
        rows = select(Delivery).where(Delivery.address == address, Delivery.body.contains("/went/"))
        return list(work.session.scalars(rows))


def ended(sign_in: SignIn, story: Story, clock: Clock, *, send: bool = True) -> tuple[str, uuid.UUID]:
    """A hui with Ana as a guest of which a step has come to its end: where it is, and her own id."""
    walsh, at = asked(sign_in, story)
    act_on(walsh, at, "propose", name="Ana Tau", role="speech", why="Has met her.", email=ANA, language="en")
    form = next(each for each in walsh.open(at).forms if each.values.get("act") == "person")
    assert walsh.send(form, ("welcome", "yes")).status == 302
    assert act_on(walsh, at, "choose", number="1").status == 302
    clock.forward(days=3, hours=1)
    walsh, room = sign_in("walsh"), f"{at}/room"
    assert act_on(walsh, room, "places", chair="Ngaire", minute_taker="Ms Walsh").status == 302
    assert act_on(walsh, room, "step", what=WHAT, by="family", due_on="2026-11-27").status == 302
    for act, fields in (("read_back", {"read_by": "Ms Walsh"}), ("finish", {}), *([("minutes", {})] if send else [])):
        assert act_on(walsh, room, act, **fields).status == 302
    with story.work("walsh") as work:
        hui = hui_of(story, at)
        (step,) = meetings.steps_of(work, [hui.id])
        meetings.end_step(
            work, work.session.get_one(meetings.Hui, hui.id), step.id, done=True, explained="",
            links=story.runtime.links,
        )  # fmt: skip
        (ana,) = meetings.guests_there(work, hui)
    return at, ana.id


def link_in(mail: Delivery) -> str:
    found = re.search(r"/went/[\w-]+", mail.body)
    assert found
    return found[0]


def said(story: Story) -> list[tuple[str, str, Whose]]:
    with story.work() as work:
        rows = select(HuiEvaluation).order_by(HuiEvaluation.at)
        return [(each.helped.value, each.words, each.whose) for each in work.session.scalars(rows)]


def test_a_guest_answers_by_one_press_and_school_and_home_read_the_newest_word(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    at, _ = ended(sign_in, story, clock)
    (mail,) = went_mails(story)
    assert WHAT in mail.body
    link, ana = link_in(mail), device()
    for _ in range(3):  # a mail scanner looks, and looks again
        assert ana.open(link).status == 200
    assert said(story) == []
    (form,) = ana.open(link).forms
    assert ana.send(form, ("helped", "partly"), words="Slow to begin.").status == 302
    clock.forward(minutes=1)
    assert ana.send(form, ("helped", "yes"), words="He rang back.").status == 302
    assert ana.send(form, ("helped", "yes"), words="He rang back.").status == 302
    assert said(story) == [("partly", "Slow to begin.", Whose.GUEST), ("yes", "He rang back.", Whose.GUEST)]
    phone = device()
    at_school = sign_in("walsh").open(f"{at}/room").text
    home = phone.open(f"{at_home(story, phone, 'ngaire')}?reo=en").text
    for page in (at_school, home):
        assert ("Ana Tau says" in page, "He rang back." in page, "Slow to begin." in page) == (True, True, False)
    assert "wrote it down" not in at_school


def test_a_link_that_was_passed_on_gives_nothing_away(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    ended(sign_in, story, clock)
    link = link_in(went_mails(story)[0])
    (form,) = device().open(link).forms
    assert device().open(link).status == 200
    ana = device()
    (form,) = ana.open(link).forms
    ana.send(form, ("helped", "yes"), words="He rang back.")
    for page in (device().open(link), device().open(f"{link}?done=yes")):
        for theirs in ("Aroha", "Kereama", "Ana", "Ngaire", WHAT, "bus", "He rang back.", "Walsh"):
            assert theirs not in page.text, theirs
    nothing = ana.open(link).forms[0]
    assert ana.send(nothing, words="No press.").status == 400
    assert len(said(story)) == 1


def test_a_guest_is_asked_only_about_what_was_mailed_to_them_and_once(
    sign_in: SignIn, story: Story, clock: Clock
) -> None:
    at, _ = ended(sign_in, story, clock, send=False)
    assert went_mails(story) == []
    assert act_on(sign_in("walsh"), f"{at}/room", "minutes").status == 302
    assert went_mails(story) == []


def test_a_link_ends_with_its_weeks_and_when_the_guest_is_written_to_no_more_or_the_child_has_left(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    _, ana_id = ended(sign_in, story, clock)
    link, ana = link_in(went_mails(story)[0]), device()
    (form,) = ana.open(link).forms
    student = story.students["aroha"]

    def change(email: str, answer: Welcome, *, left: bool) -> None:
        with story.work() as work:
            person = work.session.get_one(HuiPerson, ana_id)
            person.email, person.answer = email, answer
            on = clock().date() - timedelta(days=1)
            work.session.get_one(type(student), student.id).left_on = on if left else None

    for email, answer, left in (("", Welcome.YES, False), (ANA, Welcome.NO, False), (ANA, Welcome.YES, True)):
        change(email, answer, left=left)
        assert (ana.open(link).status, ana.send(form, ("helped", "yes"), words="").status) == (404, 404)
    change(ANA, Welcome.YES, left=False)
    clock.forward(weeks=3, minutes=-10)
    assert ana.open(link).status == 200
    clock.forward(minutes=11)
    assert (ana.open(link).status, ana.send(form, ("helped", "yes"), words="").status) == (404, 404)
    assert said(story) == []
    assert ana.open("/went/AbCdEfGhIjKlMnOpQrStUv").status == 404


def test_words_that_may_be_about_somebodys_safety_go_to_the_people_named_for_it_and_not_into_the_hui(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    screened(story)
    worries = "Her uncle hits her with the belt."
    at, _ = ended(sign_in, story, clock)
    ana = device()
    (form,) = ana.open(link_in(went_mails(story)[0])).forms
    assert ana.send(form, ("helped", "no"), words=worries).status == 302
    assert said(story) == [("no", "", Whose.GUEST)]
    assert worries not in sign_in("walsh").open(f"{at}/room").text
    assert Receiving(story.runtime).file() == 1
    with story.work() as work:
        (alert,) = conversations.safety.unopened(work)
        reply = work.session.get_one(Reply, alert.reply_id)
        assert (reply.words, reply.from_address) == (worries, ANA)


def test_a_guests_word_that_school_wrote_down_is_theirs(sign_in: SignIn, story: Story, clock: Clock) -> None:
    at, ana_id = ended(sign_in, story, clock)
    walsh = sign_in("walsh")
    assert act_on(walsh, f"{at}/room", "evaluate", whose="guest", helped="yes", words="Nobody's").status == 404
    assert act_on(walsh, f"{at}/room", "evaluate", whose=str(ana_id), helped="yes", words="Told me.").status == 302
    assert said(story) == [("yes", "Told me.", Whose.GUEST)]
    assert "Ana Tau says (Mere Walsh wrote it down," in walsh.open(f"{at}/room").text
    with story.work() as work:
        assert work.session.scalar(select(func.count()).select_from(HuiEvaluation)) == 1


def test_the_family_stops_what_goes_to_a_guest_also_after_the_hui_and_their_link_is_over(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    ended(sign_in, story, clock)
    link, phone = link_in(went_mails(story)[0]), device()
    home = at_home(story, phone, "ngaire")
    assert "Send them nothing more" in phone.open(f"{home}?reo=en").text
    assert device().open(link).status == 200
    assert act_on(phone, home, "mail").status == 302
    assert "Send them nothing more" not in phone.open(f"{home}?reo=en").text
    assert device().open(link).status == 404
