"""What a contact chooses on their own page, sees that is held, and asks for."""

from __future__ import annotations

from sqlalchemy import text

from commsbridge import books, whanau
from commsbridge.books import Comes
from commsbridge.conversations import safety
from commsbridge.runtime import Runtime
from commsbridge.worker.receiving import Receiving
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import (
    TONIGHT,
    choices,
    come_in,
    send_home,
)
from tests.doors.moments import screened
from tests.doors.pages import Page
from tests.story import Story

WORRIES = "The note is wrong. Her uncle hit her and she is scared to go home."


def test_a_family_chooses_language_rhythm_wishes_hours_and_a_quiet_time_without_signing_in(
    story: Story, device: Device
) -> None:
    home, phone = send_home(story), device()
    come_in(story, phone, home, "dave")
    dave = story.contacts["dave"].id

    def choose(act: str, **fields: str) -> Page:
        page = choices(phone, home, "dave")
        return phone.act(page.forms[1].action, act=act, **fields)

    assert choose("language", language="both").status == 302
    assert choose("book", comes="weekly", tells_none="yes").status == 302
    assert (
        choose("wishes", hears="urgent_only", weekend="weekend_rest", about=str(story.students["wi"].id)).status == 302
    )
    assert choose("hours", quiet_from="20:00", quiet_until="07:30").status == 302
    assert choose("hours", quiet_from="late").status == 400
    assert choose("pause", until_on="2026-12-01").status == 302
    with story.work() as work:
        on = work.now.date()
        assert whanau.language_of(work, dave, on=on) == "both"
        comes = books.how_it_comes(work, [dave])[dave]
        assert (comes.comes, comes.tells_none) == (Comes.WEEKLY, True)
        asked = whanau.wishes_of(work, [dave])[dave]
        assert (asked.hears, set(asked.about)) == (whanau.WishKind.URGENT_ONLY, {story.students["wi"].id})
        [pause] = whanau.running_pauses(work, on=on, contact_ids=[dave])
        assert pause.asked_by_family
    assert choose("resume").status == 302
    assert choose("wishes", hears="", about=str(story.students["hemi"].id)).status == 302
    with story.work() as work:
        assert whanau.running_pauses(work, on=on, contact_ids=[dave]) == []
        assert whanau.wishes_of(work, [dave])[dave].about == frozenset()


def test_a_family_says_from_whom_they_would_rather_not_hear_among_those_who_wrote_to_them(
    story: Story, device: Device, sign_in: SignIn
) -> None:
    home, phone = send_home(story), device()
    come_in(story, phone, home, "dave")
    dave, walsh, stranger = story.contacts["dave"].id, story.staff["walsh"].id, story.staff["fox"].id
    page = choices(phone, home, "dave")
    assert "From whom would you rather get no news?" in page.text
    assert str(stranger) not in page.response.text
    for chosen in (walsh, stranger):
        phone.act(choices(phone, home, "dave").forms[1].action, act="wishes", not_from=str(chosen))
        with story.work() as work:
            kept = whanau.wishes_of(work, [dave])[dave].not_from
        assert kept == ({walsh} if chosen == walsh else frozenset())
    phone.act(choices(phone, home, "dave").forms[1].action, act="wishes", not_from=str(walsh))
    jan, at = sign_in("jan"), f"/contacts/{dave}/wishes"
    assert "They would rather get no news from Ms Walsh." in jan.open(at).text
    # What the office writes down beside it leaves that as it was.
    jan.send(jan.open(at).form(at), hears="praise_only")
    with story.work() as work:
        asked = whanau.wishes_of(work, [dave])[dave]
    assert (asked.hears, asked.not_from) == (whanau.WishKind.PRAISE_ONLY, frozenset({walsh}))


def test_what_is_held_is_ones_own_and_names_nobody_else(story: Story, device: Device) -> None:
    home, phone = send_home(story), device()
    come_in(story, phone, home, "ngaire")
    page = choices(phone, home, "ngaire")
    assert "Ngaire Kereama" in page.text
    assert "021 555 0101" in page.text
    for secret in ("Dave", "Rangi", "homes.test", "Hēmi"):
        assert secret not in page.response.text


def test_a_copy_is_a_leaders_task_with_a_clock_and_never_self_service(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, phone = send_home(story), device()
    come_in(story, phone, home, "dave")
    page = choices(phone, home, "dave")
    at = page.forms[1].action
    assert phone.act(at, act="correction", words=" ").wrong["words"]
    for _ in range(2):
        assert "done=copy" in phone.act(at, act="copy").location
        choices(phone, home, "dave")
    assert phone.act(at, act="correction", words="Her name is spelt Ārohā.").status == 302
    shown = sign_in("burns").open("/to-do").text
    assert "Dave Kereama asks to see what is held about them" in shown
    with story.work() as work:
        assert work.session.scalar(text("SELECT count(*) FROM tasks WHERE kind = 'copy_asked'")) == 1
    assert "15 Dec" in shown
    assert "Her name is spelt Ārohā." in shown
    assert "asks to see" not in sign_in("walsh").open("/to-do").text


def test_a_request_whose_words_worry_is_read_by_the_people_named_for_safety_and_is_no_task(
    story: Story, device: Device, runtime: Runtime
) -> None:
    screened(story)
    home, phone = send_home(story), device()
    come_in(story, phone, home, "dave")
    page = choices(phone, home, "dave")
    assert (
        phone.send(page.form(page.forms[1].action, having="words"), ("act", "correction"), words=WORRIES).status == 302
    )
    assert Receiving(runtime).file() == 1
    with story.work() as work:
        assert work.session.scalar(text("SELECT count(*) FROM tasks WHERE kind = 'correction_asked'")) == 0
        [alert] = safety.unopened(work)
        assert safety.alert_by_id(work, alert.id)[1] is not None


def test_choices_are_shut_on_a_device_that_has_not_proved_itself(story: Story, device: Device) -> None:
    home, phone = send_home(story), device()
    assert choices(phone, home, "dave").status == 302
    phone.open(home.links["dave"])
    assert phone.act(home.links["dave"] + "/choices", act="close").status == 302
    assert phone.open(home.links["dave"]).status == 200


def test_a_lost_phone_is_closed_from_another_and_a_new_link_opens_again(
    story: Story, device: Device, clock: Clock
) -> None:
    home, lost, mine = send_home(story), device(), device()
    come_in(story, lost, home, "dave")
    clock.forward(minutes=1)
    come_in(story, mine, home, "dave")
    clock.forward(minutes=1)
    mine.act(choices(mine, home, "dave").forms[1].action, act="close")
    assert lost.open(home.links["dave"]).status == 404
    clock.forward(minutes=1)
    again = send_home(story)
    assert "Send me the code" in lost.open(again.links["dave"]).text


def test_a_family_chooses_which_way_is_tried_first_among_what_the_school_has(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, phone = send_home(story), device()
    come_in(story, phone, home, "ngaire")
    ngaire = story.contacts["ngaire"]

    def choose(channel: str) -> Page:
        return phone.act(choices(phone, home, "ngaire").forms[1].action, act="way", channel=channel)

    assert choose("email").wrong["channel"]
    assert choose("pigeon").status == 302
    assert choose("call").status == 302
    with story.work() as work:
        ways = [(way.channel.value, way.address) for way in whanau.ways_in_use(work, ngaire.id)]
    assert ways == [("call", "+64215550101"), ("text", "+64215550101")]
    assert choose("text").status == 302
    assert choose("text").status == 302
    with story.work() as work:
        assert [way.channel.value for way in whanau.ways_in_use(work, ngaire.id)] == ["text", "call"]
    jan = sign_in("jan").open(f"/contacts/{ngaire.id}/wishes").text
    assert jan.count("Asked for: A call. They chose it on their own page.") == 1
    assert jan.count("Asked for: Text. They chose it on their own page.") == 1


def test_texts_carry_all_the_words_for_whoever_asked_in_writing_and_for_nobody_else(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    jan, phone, hine = sign_in("jan"), device(), story.contacts["hine"]
    at = f"/contacts/{hine.id}/whole"
    jan.open(at)
    assert jan.act(at, act="keep", words=" ", written_on="2026-11-16").wrong["words"]
    assert jan.act(at, act="keep", words="Please.", written_on="2026-11-18").wrong["written_on"]
    jan.open(f"/contacts/{story.contacts['koro'].id}/whole")
    assert jan.act(f"/contacts/{story.contacts['koro'].id}/whole", act="keep", words="Please.").wrong["words"]
    jan.open(at)
    asked = "I have no data. Text me all of it please."
    assert jan.act(at, act="keep", words=asked, written_on="2026-11-16").status == 302
    assert asked in jan.open(at).text
    home = send_home(story, "hemi")
    assert TONIGHT in home.bodies["hine"]
    come_in(story, phone, home, "hine")
    page = phone.open(home.links["hine"] + "/choices", reo="en")
    assert "as you asked in writing on 16 Nov 2026" in page.text
    assert phone.act(page.forms[1].action, act="whole_end").status == 302
    with story.work() as work:
        assert not books.how_it_comes(work, [hine.id])[hine.id].whole
    assert "What they wrote, in their words" in jan.open(at).text
    assert sign_in("walsh").open(at).status == 403
