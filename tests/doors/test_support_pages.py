"""Pages of learning support: the open ones, a child's requests at school, and what a home reads of them."""

from __future__ import annotations

import json
import re

import pytest

from commsbridge import support
from commsbridge.support import SupportState
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import come_in, press, send_home
from tests.doors.pages import Page, Visitor
from tests.story import Story

WORDS = "Words and pictures for what comes next in the day."


def at(story: Story, child: str = "aroha") -> str:
    return f"/students/{story.students[child].id}/support"


def ask(visitor: Visitor, story: Story, **other: str) -> Page:
    page = visitor.open(at(story))
    fields = {
        "service": "rtlb",
        "words": WORDS,
        "contact_id": str(story.contacts["dave"].id),
        "how": "phone",
        "waiting_with": "the RTLB cluster",
        "owner_id": str(story.staff["leota"].id),
        **other,
    }
    return press(visitor, page, "/support", None, **fields)


# ---- open pages ----


@pytest.mark.parametrize("reo", ["en", "mi"])
def test_the_pages_for_everybody_open_without_a_sign_in_in_each_language(stranger: Visitor, reo: str) -> None:
    page = stranger.open(f"/find-support?reo={reo}")
    assert page.status == 200
    for each in support.services():
        shown = each.whom[reo == "mi"] in page.text
        assert shown == each.families, each.key
    assert ("Not yet checked" in page.text) == (reo == "en")
    page = stranger.open(f"/help-now?reo={reo}")
    for target in ("tel:111", "tel:1737", "tel:0800848326"):
        assert f'href="{target}"' in page.response.text
    assert ("111 TXT" if reo == "en" else "pātuhi 111") in page.text


def test_the_worker_keeps_the_page_for_a_crisis_as_nobody_sees_it(stranger: Visitor) -> None:
    kept = json.loads(re.findall(r"const kept = (.*);", stranger.open("/sw.js").response.text)[0])
    assert set(kept["help"]) == {"en-NZ", "mi"}
    for path in kept["help"].values():
        page = stranger.open(path)
        assert "keep.js" in page.response.text
        assert "data-writer" not in page.response.text
        assert "csrf_token" not in page.response.text


def test_staff_read_the_whole_directory(sign_in: SignIn) -> None:
    page = sign_in("jan").open("/at-school/support")
    assert "Interim Response Fund" in page.text
    assert "0800 848 326" in page.text


# ---- a request ----


def test_a_request_stands_on_the_childs_page_in_the_log_and_with_whoever_follows_it(
    sign_in: SignIn, story: Story
) -> None:
    walsh = sign_in("walsh")
    assert ask(walsh, story).status == 302
    page = walsh.follow()
    assert "Asked on 17 Nov 2026, waiting with the RTLB cluster." in page.text
    assert "Dave Kereama said yes on 17 Nov 2026. By phone." in page.text
    child = walsh.open(f"/students/{story.students['aroha'].id}")
    assert child.text.count("waiting with the RTLB cluster.") == 2
    assert "Ask how the request for support goes" not in sign_in("leota").open("/to-do").text


def test_a_person_sends_a_signpost_home_through_a_message_they_read_first(sign_in: SignIn, story: Story) -> None:
    walsh = sign_in("walsh")
    page = walsh.open(at(story))
    assert "Write to whānau about this" in page.text
    to = f"/messages/new?to=family:{story.students['aroha'].id}"
    page = walsh.open(f"{to}&service=kaitakawaenga")
    assert "/find-support?reo=en" in page.response.text
    assert "/find-support?reo=mi" in page.response.text
    assert "find-support" not in walsh.open(f"{to}&service=none").response.text


def test_a_home_reads_each_step_on_its_page_and_takes_its_yes_back_with_one_press(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, leota = send_home(story), sign_in("leota")
    ask(leota, story)
    page = leota.follow()
    form = next(each for each in page.forms if "/support/" in each.action and "seen" in each.values)
    assert leota.send(form, state="reached_out", words="Mele rang us.", waiting_with="Mele of the RTLB").status == 302
    dads, kuias = device(), device()
    page = come_in(story, dads, home, "dave")
    assert "They got in touch on 17 Nov 2026, waiting with Mele of the RTLB." in page.text
    assert "Mele rang us." in page.text
    assert "Mrs Leota at school follows this up" in page.text
    before = come_in(story, kuias, home, "ngaire")
    assert "RTLB" not in before.text
    press(dads, page, "/support")
    assert "I take my yes back" not in dads.follow().text
    assert "RTLB" not in kuias.open(home.links["ngaire"]).text
    with story.work() as work:
        [tracked] = support.requests_about(work, story.students["aroha"].id)
    assert tracked.last.state is SupportState.WITHDRAWN
    assert "tell the service today" in leota.open("/to-do").text
    assert press(dads, page, "/support").status == 302


# ---- what it refuses ----


def test_a_request_without_a_yes_is_refused_beside_its_field_and_keeps_the_words(sign_in: SignIn, story: Story) -> None:
    walsh = sign_in("walsh")
    page = ask(walsh, story, contact_id="")
    assert page.status == 400
    assert "Nothing is asked for without them" in page.text
    assert WORDS in page.text
    assert ask(walsh, story, on_day="soon").status == 400
    assert ask(walsh, story, contact_id=str(story.contacts["sina"].id)).status == 400


def test_who_only_helps_in_class_reads_it_and_writes_nothing(sign_in: SignIn, story: Story) -> None:
    ask(sign_in("walsh"), story)
    matiu = sign_in("matiu")
    page = matiu.open(at(story))
    assert "waiting with the RTLB cluster." in page.text
    assert not [form for form in page.forms if "/support" in form.action]
    assert matiu.act(at(story), service="rtlb").status == 403
    assert sign_in("jan").open(at(story)).status == 403
    assert sign_in("fox").open(at(story)).status == 404


def test_an_old_page_or_a_step_that_is_none_changes_nothing(sign_in: SignIn, story: Story) -> None:
    walsh = sign_in("walsh")
    ask(walsh, story)
    page = walsh.follow()
    form = next(each for each in page.forms if "/support/" in each.action and "seen" in each.values)
    assert walsh.send(form, state="received").status == 302
    assert walsh.send(form, state="received").status == 409
    assert "Read that first" in walsh.send(form, state="closed").text
    form = next(each for each in walsh.open(at(story)).forms if "seen" in each.values)
    assert walsh.send(form, state="withdrawn").status == 400
    fox = sign_in("fox")
    fox.open("/staff")
    assert fox.act(form.action, seen="2", state="closed").status == 404


def test_a_link_passed_on_and_another_familys_request_open_nothing(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, walsh = send_home(story), sign_in("walsh")
    ask(walsh, story)
    theirs = send_home(story, "hemi")
    with story.work() as work:
        [tracked] = support.requests_about(work, story.students["aroha"].id)
    asked = str(tracked.request.id)
    phone = device()
    phone.open(home.links["dave"])
    assert phone.act(home.links["dave"] + "/support", request_id=asked).status == 302
    hine = device()
    come_in(story, hine, theirs, "hine")
    assert hine.act(theirs.links["hine"] + "/support", request_id=asked).status == 404
    kuia = device()
    come_in(story, kuia, home, "ngaire")
    assert kuia.act(home.links["ngaire"] + "/support", request_id=asked).status == 404
    with story.work() as work:
        assert support.requests_about(work, story.students["aroha"].id)[0].open
