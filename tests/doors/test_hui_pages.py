"""The pages of a hui: opened and run at school, answered at home, and closed to everybody else."""

from __future__ import annotations

import uuid

import icalendar
import pytest

from commsbridge import conversations
from commsbridge.foundation.language import Language, say
from commsbridge.meetings import HuiState
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import take_pages
from tests.doors.hui_visits import PURPOSE, act_on, asked, at_home, hui_of, opened
from tests.papers import tags_of, words_of
from tests.story import Story


def check_minutes(pdf: bytes, language: Language) -> None:
    """Minutes say in their language what was agreed, in its order, tagged so that a reader can go from part to part."""
    said, tags, last = words_of(pdf), tags_of(pdf), 0
    for words in (
        say(language, "What was agreed: %(name)s", name="Aroha"),
        PURPOSE,
        say(language, "Who was there"),
        "Nan, " + say(language, "Whānau or friend"),
        say(language, "Said beforehand"),
        "She loves the sea.",
        say(language, "What we agreed"),
        "The bus stops at the gate.",
        say(language, "Whānau: %(said)s", said=say(language, "We agree")),
        say(language, "Next steps"),
        "Ring the bus",
    ):
        assert words in said[last:], (language, words, said)
        last = said.index(words, last)
    assert "Mrs Leota" not in said  # the family did not want her there
    assert (tags.count("H1"), tags.count("H2"), tags.count("H3")) == (1, 4, 1)
    assert f"/Lang({language.tag})".encode() in pdf


def test_from_the_invitation_to_a_next_step_that_was_looked_back_on(
    sign_in: SignIn, story: Story, device: Device, clock: Clock
) -> None:
    walsh, at = asked(sign_in, story)
    act_on(walsh, at, "propose", staff_id=str(story.staff["leota"].id), role="senco", why="Knows what help there is.")
    phone = device()
    home = at_home(story, phone, "ngaire")
    page = phone.open(home)
    assert "Mrs Leota" in page.text
    assert phone.send(
        next(each for each in page.forms if each.values.get("act") == "person"), ("welcome", "no")
    ).status == 302  # fmt: skip
    assert act_on(phone, home, "bring", name="Nan").status == 302
    assert (
        act_on(phone, home, "wishes", wish_place="Te marae", kaitakawaenga="yes", timer="yes", part="some").status
        == 302
    )
    assert act_on(phone, home, "item", words="The bus").status == 302
    assert act_on(phone, home, "voice", words="She loves the sea.").status == 302
    assert act_on(phone, home, "choose", number="1").status == 302
    assert hui_of(story, at).state is HuiState.SET
    shown = walsh.open(at).text
    for words in ("Te marae", "The bus", "She loves the sea.", "Nan", "The family said no"):
        assert words in shown
    assert sign_in("leota").open(at).status == 404
    clock.forward(days=3, hours=1)
    walsh = sign_in("walsh")
    room = f"{at}/room"
    assert act_on(walsh, room, "places", chair="Ngaire", minute_taker="Ms Walsh").status == 302
    page = walsh.open(room)
    form = next(each for each in page.forms if each.values.get("act") == "decide")
    assert walsh.send(form, decided="The bus stops at the gate.", agrees="agree").status == 302
    assert act_on(walsh, room, "step", what="Ring the bus", by="family", due_on="2026-11-27").status == 302
    assert act_on(walsh, room, "next", next_on="2020-01-01").wrong["next_on"]
    assert act_on(walsh, room, "next", next_on="2027-02-10").status == 302
    assert "hui.js" in walsh.open(room).response.text
    early = act_on(walsh, room, "finish")
    assert (early.status, "Read all of it aloud first" in early.text) == (400, True)
    assert act_on(walsh, room, "read_back", read_by="").wrong["read_by"]
    assert act_on(walsh, room, "read_back", read_by="Ms Walsh").status == 302
    assert walsh.open(f"{at}/minutes-en.pdf").status == 404  # nothing has gone home yet
    for act in ("finish", "minutes"):
        assert act_on(walsh, room, act).status == 302
    page = phone.open(home)
    assert "The bus stops at the gate." in page.text
    for visitor, address in ((walsh, at), (phone, home)):
        for reo in ("mi", "en"):
            paper = visitor.open(f"{address}/minutes-{reo}.pdf").response
            assert (paper.status_code, paper.content_type) == (200, "application/pdf")
            check_minutes(paper.data, Language(reo))
    assert phone.open(f"{home}/minutes-xx.pdf").status == 404
    end = next(each for each in page.forms if each.values.get("act") == "end")
    assert phone.send(end, ("done", "yes"), explained="They said yes.").status == 302
    assert act_on(phone, home, "evaluate", whose="student", helped="yes", words="I like the bus now").status == 302
    assert "I like the bus now" in walsh.open(room).text
    assert act_on(phone, home, "correct", correction="It stops at the shop.").status == 302
    assert "It stops at the shop." in walsh.open(room).text


def test_another_home_a_forwarded_link_and_another_teacher_come_to_nothing(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    walsh, at = asked(sign_in, story)
    asked(sign_in, story, "aroha", "dave")
    hers, his = device(), device()
    kuia = at_home(story, hers, "ngaire")
    papa = at_home(story, his, "dave")
    assert kuia.rpartition("/")[2] != papa.rpartition("/")[2]
    crossed = papa.rpartition("/")[0] + "/" + at.rpartition("/")[2]
    assert his.open(crossed).status == 404
    assert his.open(f"{crossed}/calendar.ics").status == 404
    assert "Ngaire" not in his.open(papa).text
    passed_on = device()
    assert passed_on.open(kuia).status == 302
    assert PURPOSE not in passed_on.follow().text
    assert passed_on.open(f"{kuia}/calendar.ics").status == 302
    assert passed_on.open(f"{kuia}/minutes-mi.pdf").status == 302
    assert his.open(f"{crossed}/minutes-mi.pdf").status == 404
    for who in ("fox", "matiu", "kiri", "jan"):
        status = 403 if who == "jan" else 404  # the office reads no log
        visitor = sign_in(who)
        assert [visitor.open(each).status for each in (at, f"{at}/room")] == [status, status], who
    assert walsh.open(f"{at}/room").status == 404  # no time is chosen yet
    assert walsh.open(f"/hui/{uuid.uuid4()}").status == 404


def test_what_a_form_leaves_out_is_said_beside_it_and_nothing_goes_out(sign_in: SignIn, story: Story) -> None:
    walsh, at = opened(sign_in, story)
    for act, fields, wrong in (
        ("invite", {}, "day_1"),
        ("invite", {"day_1": "2026-11-20", "time_1": "soon"}, "time_1"),
        ("invite", {"time_1": "10:00"}, "day_1"),
        ("invite", {"day_1": "2020-01-01", "time_1": "10:00"}, "day_1"),
        ("propose", {"why": "Helps"}, "name"),
        ("propose", {"why": "Helps", "name": "Ana", "role": "wizard"}, "role"),
        ("propose", {"why": "Helps", "name": "Ana", "role": "speech", "email": "ana"}, "email"),
        ("purpose", {"purpose": " "}, "purpose"),
        ("purpose", {"minutes": "many"}, "minutes"),
        ("purpose", {"kind": "party"}, "kind"),
        ("voice", {"words": "I like maths", "with_whom": "Nan"}, "hears"),
    ):
        answer = act_on(walsh, at, act, **fields)
        assert answer.status == 400, (act, fields)
        assert wrong in answer.wrong, (act, answer.wrong)
    form = walsh.open(at).forms[-1]
    form.values["act"] = "steal"
    assert walsh.send(form).status == 404
    assert hui_of(story, at).state is HuiState.PREPARED
    page = walsh.open(f"/students/{story.students['aroha'].id}/hui")
    form = next(each for each in page.forms if each.action.endswith("/hui"))
    assert walsh.send(form, home=str(uuid.uuid4()), purpose="x").wrong["home"]


@pytest.mark.parametrize("who", ["walsh", "ngaire"])
def test_a_calendar_takes_the_file_once_there_is_a_time(
    sign_in: SignIn, story: Story, device: Device, who: str
) -> None:
    walsh, at = asked(sign_in, story)
    assert walsh.open(f"{at}/calendar.ics").status == 404
    phone = device()
    home = at_home(story, phone, "ngaire")
    act_on(phone, home, "choose", number="2")
    answer = (walsh.open(f"{at}/calendar.ics") if who == "walsh" else phone.open(f"{home}/calendar.ics")).response
    assert answer.content_type == "text/calendar; charset=utf-8"
    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert event.decoded("DTSTART") == hui_of(story, at).begins_at
    assert "Aroha" not in answer.text


def test_words_from_home_about_somebodys_safety_go_to_the_named_people_and_not_into_the_hui(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    safety = conversations.safety
    with story.work("burns") as work:
        safety.set_watch(work, safety.Watch(True, story.staff["kiri"].id, story.staff["burns"].id, 15, False))
    walsh, at = asked(sign_in, story)
    phone = device()
    home = at_home(story, phone, "ngaire")
    answer = act_on(phone, home, "item", words="Her uncle hits her when he is drunk")
    assert "done=school" in answer.location
    assert "uncle" not in walsh.open(at).text
    assert take_pages(story) == [conversations.ReplyState.SAFETY]


def test_school_writes_down_what_the_family_told_it(sign_in: SignIn, story: Story) -> None:
    walsh, at = asked(sign_in, story)
    act_on(walsh, at, "propose", staff_id=str(story.staff["matiu"].id), role="aide", why="Knows her well.")
    page = walsh.open(at)
    form = next(each for each in page.forms if each.values.get("act") == "person")
    assert walsh.send(form, ("welcome", "yes")).status == 302
    assert act_on(walsh, at, "family_voice", words="She is tired at night.").status == 302
    assert act_on(walsh, at, "template").status == 302
    silent = next(each for each in walsh.open(at).forms if each.values.get("nothing") == "yes")
    assert walsh.send(silent).wrong["with_whom"]
    assert walsh.send(silent, with_whom="Matua Matiu").status == 302
    assert "chose to say nothing this time" in walsh.open(at).text
    assert act_on(walsh, at, "choose", number="2").status == 302
    assert hui_of(story, at).chosen_by is None
    matiu = sign_in("matiu")
    assert "A hui wants you there" in matiu.open("/to-do").text
    assert matiu.open(at).status == 200
    assert matiu.act(f"{at}/went", whose="school", helped="yes", step_id=str(uuid.uuid4())).status == 404
    assert all(form.values.get("act") is None for form in matiu.open(at).forms)
    assert act_on(walsh, at, "call_off", why="Ill").status == 302
    assert hui_of(story, at).state is HuiState.CANCELLED


def test_pictures_a_student_pointed_at_are_shown_with_their_words_where_the_student_chose(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    walsh, at = asked(sign_in, story)
    form = next(each for each in walsh.open(at).forms if "words" in each.values and each.values.get("act") == "voice")
    pointed = ["quiet", "friends"]
    assert "hears" in walsh.send(form, pictures=pointed, with_whom="Matua Matiu").wrong
    assert "pictures" in walsh.send(form, pictures="none", with_whom="Matua Matiu", hears="everyone").wrong
    assert walsh.send(form, pictures=pointed, with_whom="Matua Matiu", hears="everyone").status == 302
    phone = device()
    at_school, home = walsh.open(at).text, phone.open(at_home(story, phone, "ngaire")).text
    assert "(Matua Matiu)" in at_school
    assert at_school.count("A quiet place") == 2  # to choose, and as it was said
    assert "He wāhi mārire" in home
    assert "Me aku hoa" in home


def test_a_family_takes_the_standing_invitation_up_on_its_own_page(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    walsh, _ = asked(sign_in, story)
    phone = device()
    link = at_home(story, phone, "ngaire").partition("/hui/")[0]
    asks = next(each for each in phone.open(link).forms if each.action.split("?")[0].endswith("/hui"))
    assert "hui=asked" in phone.send(asks).location
    assert "Ngaire Kereama would like a hui" in walsh.open("/to-do").text
    passed_on = device()
    passed_on.open(link)
    assert "hui=asked" not in passed_on.act(asks.action, child="1").location
