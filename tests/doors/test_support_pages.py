"""Pages of learning support: the open ones, a child's requests at school, and what a home reads of them."""

from __future__ import annotations

import json
import re
import uuid
from datetime import date, timedelta

import pytest

from commsbridge import plans, schools, support
from commsbridge.conversations import ReplyState
from commsbridge.messages import concerns
from commsbridge.messages.concerns import Account, ConcernKind
from commsbridge.support import SupportState
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import come_in, press, send_home, take_pages
from tests.doors.moments import screened
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


# ---- asked by whānau themselves ----


def ask_at_home(phone: Visitor, at: str, **fields: str) -> Page:
    page = phone.open(at + "/support?reo=en")
    return press(phone, page, "/support/ask", None, **fields)


def test_a_family_asks_on_its_own_page_and_a_person_at_school_follows_it_up(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, dads, kuias, leota = send_home(story), device(), device(), sign_in("leota")
    come_in(story, dads, home, "dave")
    page = dads.open(home.links["dave"] + "/support?reo=en")
    form = next(each for each in page.forms if each.action.split("?")[0].endswith("/support/ask"))
    assert form.values["service"] == "senco"
    for _ in range(2):
        assert dads.send(form, words=WORDS).status == 302
    page = dads.follow()
    for words in (WORDS, "Asked on 17 Nov 2026.", "Mrs Leota at school follows this up", "Dave Kereama said yes"):
        assert words in page.text
    come_in(story, kuias, home, "ngaire")
    assert WORDS not in kuias.open(home.links["ngaire"] + "/support?reo=en").text
    assert "Ask how the request for support goes" in leota.open("/today").text + leota.open("/to-do").text
    page = leota.open(at(story))
    assert page.text.count("Every step") == 1
    news = next(each for each in page.forms if "/support/" in each.action and "seen" in each.values)
    assert leota.send(news, state="plan", words="There is a plan.").status == 400
    assert leota.send(news, state="reached_out", words="I ring you tonight.").status == 302
    assert "I ring you tonight." in dads.open(home.links["dave"] + "/support?reo=en").text
    stop = next(each for each in dads.page.forms if "request_id" in each.values) if dads.page else None
    assert stop is not None
    assert dads.send(stop).status == 302
    assert "Whānau took their yes back" in dads.open(home.links["dave"] + "/support?reo=en").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"words": " "}, "Write in a few words what would help."),
        ({"words": WORDS, "service": "irf"}, "Choose a service that can be asked."),
        ({"words": "x" * 1001}, "That is longer than 1000 letters."),
    ],
)
def test_what_a_family_asks_is_refused_with_its_words_kept(
    story: Story, device: Device, fields: dict[str, str], said: str
) -> None:
    home, dads = send_home(story), device()
    come_in(story, dads, home, "dave")
    page = ask_at_home(dads, home.links["dave"], **fields)
    assert (page.status, said in page.text) == (400, True)
    with story.work() as work:
        assert support.requests_about(work, story.students["aroha"].id) == []


def test_a_request_of_words_that_worry_goes_to_the_people_named_for_that(story: Story, device: Device) -> None:
    screened(story)
    home, dads = send_home(story), device()
    come_in(story, dads, home, "dave")
    words = "She says she wants to kill herself"
    assert ask_at_home(dads, home.links["dave"], words=words).status == 302
    assert "Your words are with the school" in dads.follow().text
    assert take_pages(story) != [ReplyState.FILED]
    with story.work() as work:
        assert support.requests_about(work, story.students["aroha"].id) == []


# ---- the directory ----


def test_an_entry_is_checked_by_a_person_and_says_who_when_and_how(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    leota, jan = sign_in("leota"), sign_in("jan")
    page = leota.open("/at-school/support")
    form = next(each for each in page.forms if each.values.get("service") == "rtlb")
    assert leota.send(form, how="rang", on_day="2026-11-12", words="They begin in week 2.").status == 302
    told = "Mrs Leota rang them on Thursday, 12 November 2026 and found it so. They begin in week 2."
    assert leota.follow().text.count(told) == 1
    assert told in jan.open("/at-school/support").text
    assert told in leota.open(at(story)).text
    assert not [each for each in jan.open("/at-school/support").forms if "service" in each.values]
    leota.open("/at-school/support")
    for wrong, status in (({"on_day": "2026-11-18"}, 400), ({"on_day": "2020-01-01"}, 400), ({"service": "x"}, 404)):
        assert leota.send(form, **{"how": "page", "on_day": "2026-11-12", **wrong}).status == status
    jan.open("/staff")
    assert jan.act("/at-school/support", service="rtlb", how="rang", on_day="2026-11-12").status == 403


def test_an_entry_found_otherwise_says_so_wherever_it_is_read_until_somebody_finds_it_right(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, dads, leota = send_home(story), device(), sign_in("leota")
    come_in(story, dads, home, "dave")
    page = leota.open("/at-school/support")
    form = next(each for each in page.forms if each.values.get("service") == "rtlb")
    assert leota.send(form, how="rang", found="otherwise", on_day="2026-11-12", words=" ").status == 400
    words = "Ring the cluster yourself: 09 555 0177."
    assert leota.send(form, how="rang", found="otherwise", on_day="2026-11-12", words=words).status == 302
    told = f"Mrs Leota rang them on Thursday, 12 November 2026 and found it otherwise: {words}"
    paths = ((leota, "/at-school/support"), (leota, at(story)), (dads, home.links["dave"] + "/support?reo=en"))
    for visitor, path in paths:
        assert visitor.open(path).text.count(told) == 1, path
    leota.open("/at-school/support")
    assert leota.send(form, how="page", found="so", on_day="2026-11-13").status == 302
    for visitor, path in paths:
        assert "found it otherwise" not in visitor.open(path).text, path


def test_an_entry_that_nobody_looked_at_for_a_year_says_so_to_its_readers(
    sign_in: SignIn, story: Story, stranger: Visitor, clock: Clock
) -> None:
    old = "That was more than a year ago: ask before you count on it."
    entries = len(support.services())
    for visitor, path in ((sign_in("jan"), "/at-school/support"), (stranger, "/find-support?reo=en")):
        assert old not in visitor.open(path).text
    clock.now += timedelta(days=380)
    with story.work("leota") as work:
        support.check_service(work, "rtlb", support.CheckedHow.RANG, schools.today(work))
    assert sign_in("jan").open("/at-school/support").text.count(old) == entries - 1
    assert stranger.open("/find-support?reo=en").text.count(old) == sum(each.families for each in support.services())


def test_each_service_one_can_ask_for_says_what_it_costs_or_that_its_page_does_not(stranger: Visitor) -> None:
    shown = stranger.open("/find-support?reo=en").text
    asked = [each for each in support.services() if each.families and each.asked]
    told = shown.count("It costs the family nothing."), shown.count("What it costs is not on that page: ask.")
    assert told[0] == sum(each.cost is not None for each in asked) > 0
    assert sum(told) == len(asked)


def test_what_is_written_about_a_child_changes_nothing_of_what_is_shown_of_who_can_help(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    """The directory of a child with a request, a plan and a hard day is that of one with nothing."""
    home, walsh, leota, dads = send_home(story), sign_in("walsh"), sign_in("leota"), device()
    come_in(story, dads, home, "dave")

    def shown(visitor: Visitor, path: str) -> str:
        return visitor.open(path).text.partition("Who can help")[2]

    paths = ((leota, at(story)), (dads, home.links["dave"] + "/support?reo=en"), (leota, "/at-school/support"))
    before = [shown(*each) for each in paths]
    assert ask(walsh, story, service="behaviour").status == 302
    with story.work("leota") as work:
        account = Account(happened="He was hurt and hit somebody.")
        concerns.keep_concern(work, story.students["aroha"], ConcernKind.CONCERN, account, call=None)
        plan = plans.begin_plan(work, story.students["aroha"], review_on=date(2027, 2, 19))
        plans.keep_item(work, plan, plans.Item(uuid.uuid4(), plans.Part.NOW, "Hits when it is loud."), seen=1)
    assert [shown(*each) for each in paths] == before
    assert before[0].replace("Aroha", "Hēmi") == shown(leota, at(story, "hemi"))
