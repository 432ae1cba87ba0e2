"""The door: in, out, once more, another school, a lost password, the language; and nothing told to whoever guesses."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from commsbridge.runtime import Runtime
from commsbridge.web import DemoPerson, make_web
from tests.conftest import Clock, SharedDatabase
from tests.doors.conftest import SignIn
from tests.doors.moments import praises
from tests.doors.pages import PASSWORD, Page, Visitor, make_runtime, signed_in_as
from tests.story import Story

WRONG = "That email address and password do not match."
NEW = "kahikatea by the river"
WORDS = "Her karakia this morning held the whole room still."
ELSEWHERE = (
    "https://evil.test",
    "//evil.test",
    "/\\evil.test",
    "/\t/evil.test",
    "/\r\n/evil.test",
    "evil.test",
    "\\/x",
)


def come(visitor: Visitor, email: str = "walsh@rimu.test", password: str = PASSWORD, **fields: str) -> Page:
    """Try the door with an address and a password."""
    form = visitor.open("/sign-in").form("/sign-in", having="password")
    return visitor.send(form, email=email, password=password, **fields)


def cookie(page: Page, name: str = "commsbridge") -> str:
    """What the answer says about one cookie."""
    [found] = [each for each in page.response.headers.getlist("Set-Cookie") if each.startswith(f"{name}=")]
    return found


def is_in(visitor: Visitor) -> bool:
    """Whether the staff page opens; everybody who is signed in may see it."""
    return visitor.open("/staff").status == 200


def mailed(story: Story) -> list[tuple[str, str]]:
    """Address and words of every mail that waits to go."""
    with story.work() as work:
        rows = work.session.execute(text("SELECT address, body FROM deliveries WHERE state = 'queued'"))
        return [(address, body) for address, body in rows]


def new_password_path(story: Story) -> str:
    """The path in the one mail that waits."""
    [(_, body)] = mailed(story)
    return next(word for word in body.split() if "/password/new/" in word).removeprefix("http://localhost")


def ask_reset(visitor: Visitor, email: str) -> Page:
    """Ask for a link by mail."""
    return visitor.send(visitor.open("/password/forgotten").form("/password/forgotten"), email=email)


# ---- in ----


def test_the_right_password_opens_today(stranger: Visitor) -> None:
    page = come(stranger)
    assert (page.status, page.location) == (302, "/today")
    page = stranger.follow()
    assert page.status == 200
    assert "Ms Walsh" in page.text
    assert "Rimu Road School" in page.text


def test_the_root_leads_to_the_door_and_for_whoever_is_in_to_today(stranger: Visitor, sign_in: SignIn) -> None:
    assert stranger.open("/").location == "/sign-in"
    assert sign_in("walsh").open("/").location == "/today"


@pytest.mark.parametrize("email", ["WALSH@RIMU.test", " walsh@rimu.test "])
def test_an_address_may_be_spelt_as_one_likes(stranger: Visitor, email: str) -> None:
    assert come(stranger, email).status == 302


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("walsh@rimu.test", "not her password"),
        ("nobody@rimu.test", PASSWORD),
        ("not an address", PASSWORD),
        ("walsh@rimu.test", ""),
        ("", ""),
    ],
)
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(
    stranger: Visitor, email: str, password: str
) -> None:
    page = come(stranger, email, password)
    assert page.status == 403
    assert page.wrong == {"password": WRONG}
    assert page.form("/sign-in", having="password").values["email"] == email
    assert page.form("/sign-in", having="password").values["password"] == ""
    assert not is_in(stranger)


@pytest.mark.parametrize("email", ["walsh@rimu.test", "nobody@rimu.test"])
def test_guessing_is_slowed_down_for_known_and_unknown_alike(stranger: Visitor, clock: Clock, email: str) -> None:
    for _ in range(5):
        assert come(stranger, email, "a guess").status == 403
    page = come(stranger, email)
    assert page.status == 429
    assert "There were too many tries. Please wait a minute, then try again." in page.text
    assert not is_in(stranger)
    clock.forward(seconds=61)
    assert come(stranger, email, "a guess").status == 403
    page = come(stranger, email)
    assert page.status == 429
    assert "Please wait 2 minutes" in page.text
    clock.forward(minutes=2, seconds=1)
    assert come(stranger, email).status == (302 if email == "walsh@rimu.test" else 403)


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_the_door_leads_nowhere_but_into_this_house(stranger: Visitor, wanted: str) -> None:
    page = come(stranger, next=wanted)
    assert (page.status, page.location) == (302, "/today")
    stranger.open("/staff")
    page = stranger.act("/language", language="en", next=wanted)
    assert (page.status, page.location) == (302, "/today")


def test_the_door_leads_back_to_the_page_one_asked_for(stranger: Visitor) -> None:
    assert stranger.open("/students?q=Aroha").location.startswith("/sign-in?next=")
    form = stranger.follow().form("/sign-in", having="password")
    assert stranger.send(form, email="walsh@rimu.test", password=PASSWORD).location == "/students?q=Aroha"


# ---- cookies ----


def test_on_a_shared_machine_the_sign_in_ends_with_the_browser(stranger: Visitor) -> None:
    told = cookie(come(stranger))
    assert "HttpOnly" in told
    assert "SameSite=Lax" in told
    assert "Path=/" in told
    assert "Max-Age" not in told
    assert "Expires" not in told


def test_on_ones_own_phone_it_lasts_a_term(stranger: Visitor, clock: Clock) -> None:
    told = cookie(come(stranger, remember="yes"))
    assert f"Max-Age={80 * 24 * 3600}" in told
    assert "HttpOnly" in told
    assert "SameSite=Lax" in told
    clock.forward(days=30)
    assert is_in(stranger)


def test_on_a_shared_machine_it_ends_after_twelve_hours_without_use(stranger: Visitor, clock: Clock) -> None:
    come(stranger)
    clock.forward(hours=11)
    assert is_in(stranger)
    clock.forward(hours=12, minutes=1)
    assert not is_in(stranger)


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_behind_https_every_cookie_of_the_sign_in_stays_there(
    story: Story, story_database: SharedDatabase, clock: Clock, scheme: str
) -> None:
    secure = scheme == "https"
    web = make_web(make_runtime(story_database, clock, public_url=f"{scheme}://localhost"))
    web.config["PREFERRED_URL_SCHEME"] = scheme
    visitor = Visitor(web.test_client())
    told = cookie(visitor.open("/sign-in"), "commsbridge-form")
    assert ("Secure" in told) is secure
    assert "HttpOnly" in told
    assert "SameSite=Lax" in told
    assert ("Secure" in cookie(come(visitor, story.staff["walsh"].email, remember="yes"))) is secure


# ---- out ----


def test_signing_out_ends_the_sign_in_itself_and_not_only_the_cookie(stranger: Visitor, web: Flask) -> None:
    secret = cookie(come(stranger)).split(";")[0].removeprefix("commsbridge=")
    copied = Visitor(web.test_client())
    copied.client.set_cookie("commsbridge", secret)
    assert is_in(copied)
    stranger.open("/today")
    page = stranger.act("/sign-out")
    assert page.status == 302
    assert page.response.headers["Clear-Site-Data"] == '"cache"'
    assert "You are signed out." in stranger.follow().text
    assert not is_in(stranger)
    assert not is_in(copied)


def test_signing_out_here_leaves_the_other_device_alone_and_everywhere_does_not(sign_in: SignIn) -> None:
    phone, desk, burns = sign_in("walsh"), sign_in("walsh"), sign_in("burns")
    phone.open("/today")
    phone.act("/sign-out")
    assert is_in(desk)
    phone = sign_in("walsh")
    desk.open("/today")
    desk.act("/sign-out", everywhere="yes")
    assert [is_in(each) for each in (phone, desk, burns)] == [False, False, True]


def test_a_new_sign_in_on_a_device_ends_the_one_before_it(stranger: Visitor, web: Flask) -> None:
    secret = cookie(come(stranger)).split(";")[0].removeprefix("commsbridge=")
    come(stranger)
    copied = Visitor(web.test_client())
    copied.client.set_cookie("commsbridge", secret)
    assert not is_in(copied)
    assert is_in(stranger)


# ---- several schools ----


def test_whoever_works_at_two_schools_chooses_one_first(stranger: Visitor, kauri: Story, story: Story) -> None:
    page = come(stranger, next="/staff")
    assert page.location == "/school?next=/staff"
    assert stranger.open("/today").location == "/school?next=/today"
    page = stranger.open("/school", next="/staff")
    form = page.form("/school")
    assert {value for _, value, _ in form.buttons} == {str(kauri.school_id), str(story.school_id)}
    assert "Kauri Flat School" in page.text
    page = stranger.send(form, ("school_id", str(kauri.school_id)))
    assert page.location == "/staff"
    page = stranger.follow()
    assert "Whaea Mere" in page.text
    assert "Change school" in page.text
    assert stranger.open(f"/students/{kauri.students['aroha'].id}").status == 200
    assert stranger.open(f"/students/{story.students['aroha'].id}").status == 404


def test_changing_school_gives_a_new_secret_that_lasts_as_long(stranger: Visitor, kauri: Story, web: Flask) -> None:
    secret = cookie(come(stranger, remember="yes")).split(";")[0].removeprefix("commsbridge=")
    page = stranger.send(stranger.open("/school").form("/school"), ("school_id", str(kauri.school_id)))
    assert secret not in cookie(page)
    assert "Max-Age=" in cookie(page)
    copied = Visitor(web.test_client())
    copied.client.set_cookie("commsbridge", secret)
    assert not is_in(copied)


def test_a_school_that_is_not_ones_own_cannot_be_chosen(sign_in: SignIn, kauri: Story) -> None:
    burns = sign_in("burns")
    form = burns.open("/school").form("/school")
    for wanted in (str(kauri.school_id), "", "no id"):
        page = burns.send(form, ("school_id", wanted))
        assert page.status == 404
        assert "This school is not among yours." in page.text
        assert "Rimu Road School" in burns.open("/staff").text


# ---- forged and stale forms ----


@pytest.mark.parametrize("token", [None, "", "forged"])
def test_a_form_without_its_token_does_nothing_and_gives_the_words_back(
    sign_in: SignIn, story: Story, token: str | None
) -> None:
    walsh, at = sign_in("walsh"), f"/students/{story.students['aroha'].id}/praise"
    fields = {"own_words": WORDS, "act": "send"} | ({} if token is None else {"csrf_token": token})
    page = walsh.post(at, fields)
    assert page.status == 400
    assert "What you wrote is below" in page.text
    assert WORDS in page.text
    assert praises(story) == []


def test_the_token_of_one_person_is_no_good_for_another(sign_in: SignIn, story: Story) -> None:
    walsh, fox = sign_in("walsh"), sign_in("fox")
    at = f"/students/{story.students['aroha'].id}/praise"
    form = walsh.open(at).form(at)
    assert fox.send(form, ("act", "send"), own_words=WORDS).status == 400
    assert praises(story) == []


def test_a_forged_sign_in_is_refused(stranger: Visitor) -> None:
    assert stranger.post("/sign-in", {"email": "walsh@rimu.test", "password": PASSWORD}).status == 400
    assert not is_in(stranger)


# ---- the demo ----


def test_outside_the_demo_nobody_comes_in_with_one_press(stranger: Visitor) -> None:
    page = stranger.open("/sign-in")
    assert not [form for form in page.forms if any(name == "demo_as" for name, _, _ in form.buttons)]
    page = stranger.act("/sign-in", demo_as="walsh@rimu.test")
    assert page.status == 403
    assert not is_in(stranger)


def test_in_the_demo_its_people_come_in_with_one_press_and_nobody_else_does(runtime: Runtime, story: Story) -> None:
    mere = DemoPerson("walsh@rimu.test", "Mere Walsh", "teaches Room 7", PASSWORD)
    visitor = Visitor(make_web(runtime, demo_people=[mere]).test_client())
    form = visitor.open("/sign-in").form("/sign-in", having="demo_as")
    assert form.buttons[0][:2] == ("demo_as", "walsh@rimu.test")
    assert PASSWORD not in visitor.page.response.text if visitor.page else False
    assert visitor.send(form, ("demo_as", story.staff["burns"].email)).status == 403
    assert not is_in(visitor)
    form = visitor.open("/sign-in").form("/sign-in", having="demo_as")
    assert visitor.send(form, ("demo_as", "walsh@rimu.test")).status == 302
    assert "Ms Walsh" in visitor.follow().text


# ---- the language ----


def test_the_language_stays_with_the_device_before_anybody_signs_in(stranger: Visitor, web: Flask) -> None:
    assert '<html lang="en-NZ">' in stranger.open("/sign-in").response.text
    page = stranger.act("/language", language="mi", next="/sign-in")
    assert (page.status, page.location) == (302, "/sign-in")
    assert "HttpOnly" in cookie(page, "reo")
    assert '<html lang="mi">' in stranger.follow().response.text
    assert '<html lang="en-NZ">' in Visitor(web.test_client()).open("/sign-in").response.text


def test_the_language_stays_with_the_person_on_every_device(sign_in: SignIn, web: Flask, story: Story) -> None:
    walsh = sign_in("walsh")
    walsh.open("/today")
    walsh.act("/language", language="mi", next="/today")
    assert '<html lang="mi">' in walsh.follow().response.text
    again = signed_in_as(web.test_client(), story.staff["walsh"], story.runtime)
    assert '<html lang="mi">' in again.open("/today").response.text
    assert '<html lang="en-NZ">' in sign_in("fox").open("/today").response.text


def test_a_language_the_pages_do_not_have_changes_nothing(sign_in: SignIn) -> None:
    walsh = sign_in("walsh")
    walsh.open("/today")
    assert walsh.act("/language", language="xx").status == 302
    assert '<html lang="en-NZ">' in walsh.open("/today").response.text
