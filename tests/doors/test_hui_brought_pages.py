"""Whom a family brings, on its page and at school: how they are told is the family's to say."""

from __future__ import annotations

from sqlalchemy import select

from commsbridge.messages import Delivery
from tests.doors.conftest import Device, SignIn
from tests.doors.hui_visits import act_on, asked, at_home
from tests.story import Story

NAN = "nan@home.test"


def bodies(story: Story) -> list[str]:
    with story.work() as work:
        rows = select(Delivery).where(Delivery.address == NAN).order_by(Delivery.made_at)
        return [" ".join(each.body.split()) for each in work.session.scalars(rows)]


def test_the_family_says_beside_the_name_how_somebody_is_told_and_takes_it_back(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    walsh, at = asked(sign_in, story)
    phone = device()
    home = at_home(story, phone, "ngaire")
    said = {"name": "Nan", "why": "My aunty", "email": "nan at home", "language": "en"}
    wrong = act_on(phone, home, "bring", **said)
    typed = next(each for each in wrong.forms if each.values.get("act") == "bring").values
    assert (wrong.status, typed["name"], typed["email"]) == (400, "Nan", "nan at home")
    assert act_on(phone, home, "bring", **{**said, "email": NAN}).status == 302
    page = phone.open(f"{home}?reo=en")
    assert "They are told by mail once there is a time." in page.text
    assert "It does not say who else comes." in page.text
    assert act_on(phone, home, "choose", number="1").status == 302
    (told,) = bodies(story)
    assert ("would like you at their hui" in told, "E hiahia ana" in told) == (True, False)
    assert "They were told by mail." in phone.open(f"{home}?reo=en").text
    assert "The family brings them." in walsh.open(at).text
    assert act_on(phone, home, "mail", email="").status == 302
    assert "Nothing is sent to them." in phone.open(f"{home}?reo=en").text
    away = next(each for each in phone.open(home).forms if each.values.get("act") == "person")
    assert phone.send(away, ("welcome", "no")).status == 302
    assert "They do not come after all." in walsh.open(at).text
    assert len(bodies(story)) == 1


def test_at_school_what_the_family_told_is_written_down(sign_in: SignIn, story: Story) -> None:
    walsh, at = asked(sign_in, story)
    assert act_on(walsh, at, "bring", name="Nan", why="", email="nan@", language="mi").status == 400
    assert act_on(walsh, at, "bring", name="Nan", why="", email=NAN, language="mi").status == 302
    assert act_on(walsh, at, "choose", number="1").status == 302
    (told,) = bodies(story)
    assert ("would like you at their hui" in told, "E hiahia ana" in told) == (False, True)
    assert act_on(walsh, at, "mail", email="nan@").status == 400
    assert act_on(walsh, at, "mail", email="").status == 302
    assert "Nothing is sent to them." in walsh.open(at).text
