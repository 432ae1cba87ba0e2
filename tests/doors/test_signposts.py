"""Signposts stand where a need is written down: the whole directory, the same beside every child."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from commsbridge import partnership, plans, schools, support
from commsbridge.messages import MessageKind, State
from commsbridge.partnership import Moment
from commsbridge.whanau import Channel
from tests.conftest import Clock
from tests.doors.conftest import Device, SignIn
from tests.doors.family_acts import come_in, send_home
from tests.rooms.posting import Posting
from tests.story import Story

# What the directory must hold, by key: the way first asked, each service, and what there is to read.
NAMED = {
    "teacher": "teacher, or the principal",
    "rtlb": "Resource Teachers: Learning and Behaviour",
    "seg": "Special Education Grant",
    "ors": "Ongoing Resourcing Scheme",
    "behaviour": "Severe Behaviour Service",
    "incredible_years": "Incredible Years",
    "kaitakawaenga": "Kaitakawaenga",
    "office": "Learning Support at the local Ministry of Education office",
    "crisis_response": "Behaviour Crisis Response",
    "traumatic_incident": "Traumatic Incident team",
    "irf": "Interim Response Fund",
    "pb4l": "Positive Behaviour for Learning",
    "early": "Early Intervention",
    "he_pikorua": "He Pikorua",
    "he_mapuna": "He Māpuna te Tamaiti",
    "huakina_mai": "Huakina Mai",
    "distress": "distress",
}


@pytest.mark.parametrize("key", NAMED)
def test_each_service_is_in_the_directory_in_both_languages_with_whom_it_is_for_its_source_and_when_it_was_read(
    key: str,
) -> None:
    service = support.service_named(key)
    assert NAMED[key] in service.name[0]
    for english, reo in (service.whom, service.how):
        assert english != reo
        assert len(english) > 20
        assert len(reo) > 20
    assert service.source.startswith("https://")
    assert service.read_on or service.checked_on


def test_staff_read_the_whole_directory_beside_a_concern_a_hard_day_and_a_plan(sign_in: SignIn, story: Story) -> None:
    leota, child = sign_in("leota"), f"/students/{story.students['aroha'].id}"
    with story.work("leota") as work:
        plans.begin_plan(work, story.students["aroha"], review_on=schools.today(work) + timedelta(days=70))
    for path in (f"{child}/concern", f"{child}/concern?kind=hard_day", f"{child}/plan", f"{child}/support"):
        page = leota.open(path)
        missing = [each.key for each in support.services() if f'id="s-{each.key}"' not in page.response.text]
        assert (path, missing) == (path, [])


def test_what_stands_beside_a_need_is_the_same_whatever_is_written_and_for_every_child(
    sign_in: SignIn, story: Story
) -> None:
    leota = sign_in("leota")

    def beside(child: str, ending: str) -> str:
        page = leota.open(f"/students/{story.students[child].id}/{ending}")
        return page.text.rpartition("Who can help")[2].replace(story.students[child].preferred_name, "")

    before = beside("aroha", "plan"), beside("aroha", "concern")
    with story.work("leota") as work:
        plan = plans.begin_plan(work, story.students["aroha"], review_on=schools.today(work) + timedelta(days=70))
        words = "He hits when it is loud, and cannot hear the teacher."
        plans.keep_item(work, plan, plans.Item(plan.id, plans.Part.NOW, words), seen=1)
    assert (beside("aroha", "plan"), beside("aroha", "concern")) == before
    assert (beside("hemi", "plan"), beside("hemi", "concern")) == before
    assert beside("aroha", "concern") == beside("aroha", "concern?kind=hard_day")


def test_a_page_of_the_book_leads_from_a_hard_day_to_its_record_to_who_can_help_and_to_the_page_for_a_crisis(
    sign_in: SignIn, story: Story
) -> None:
    book = send_home(story).book
    child = f"/students/{story.students['aroha'].id}"
    ways = {f"{child}/concern?kind=hard_day", f"{child}/support", "/help-now?reo=en"}
    assert ways <= set(sign_in("walsh").open(f"/books/{book.id}/page").links)
    links = set(sign_in("matiu").open(f"/books/{book.id}/page?on=2026-11-16").links)
    assert f"{child}/support" in links
    assert f"{child}/concern?kind=hard_day" not in links


def test_a_family_reads_the_signposts_on_a_page_that_it_opens_from_its_book_and_from_the_plan(
    story: Story, device: Device
) -> None:
    home, dads = send_home(story), device()
    with story.work("leota") as work:
        plans.begin_plan(work, story.students["aroha"], review_on=schools.today(work) + timedelta(days=70))
    come_in(story, dads, home, "dave")
    for path in ("", "/plan"):
        page = dads.open(home.links["dave"] + path)
        assert not [each.key for each in support.services() if f'id="s-{each.key}"' in page.response.text]
        [way] = {each for each in page.links if each.split("?")[0].endswith("/support")}
        shown = dads.open(way)
        assert all((f'id="s-{each.key}"' in shown.response.text) == each.families for each in support.services())


def test_the_page_for_a_crisis_is_one_press_away_on_every_kind_of_page_of_staff_and_of_whanau(
    sign_in: SignIn, story: Story, device: Device
) -> None:
    home, dads = send_home(story), device()
    come_in(story, dads, home, "dave")
    child = f"/students/{story.students['aroha'].id}"
    for path in (
        "/today",
        "/students",
        child,
        f"{child}/praise",
        f"{child}/plan",
        f"{child}/hui",
        "/replies",
        "/school",
    ):
        assert "/help-now?reo=en" in sign_in("walsh").open(path).links, path
    for ending in ("", "/plan", "/support", "/partnership"):
        page = dads.open(home.links["dave"] + ending)
        assert {each for each in page.links if each.startswith("/help-now")}, ending
    for path in ("/sign-in", "/nothing-of-this-name"):
        assert {each for each in device().open(path).links if each.startswith("/help-now")}, path


def test_a_request_and_the_plan_and_hui_it_leads_to_lead_to_one_another(sign_in: SignIn, story: Story) -> None:
    leota, child = sign_in("leota"), f"/students/{story.students['aroha'].id}"
    for path in (f"{child}/plan", f"{child}/hui"):
        assert "What was asked, and what became of it" not in leota.open(path).text
    consent = support.Consent(story.contacts["dave"].id, support.ConsentHow.PHONE, date(2026, 11, 17))
    asking = support.Asking("rtlb", "Words and pictures.", consent, story.staff["leota"].id)
    with story.work("leota") as work:
        support.ask_for_support(work, story.students["aroha"], asking, links=story.runtime.links)
    assert {f"{child}/plan", f"{child}/hui"} <= set(leota.open(f"{child}/support").links)
    for path in (f"{child}/plan", f"{child}/hui"):
        page = leota.open(path)
        assert "Resource Teachers: Learning and Behaviour (RTLB): Asked on 17 Nov 2026" in page.text, path
        assert f"{child}/support" in page.links, path


def test_a_person_sends_an_entry_home_each_gets_it_in_their_way_and_language_and_it_can_be_undone(
    sign_in: SignIn, story: Story, clock: Clock
) -> None:
    walsh, posting = sign_in("walsh"), Posting(story, clock)
    beside = walsh.open(f"/students/{story.students['aroha'].id}/support")
    [way] = [each for each in beside.links if "service=rtlb" in each]
    form = walsh.open(way).form("/messages/new")
    assert posting.all_to("dave", MessageKind.NOTICE) == []  # nothing goes before a person has read it
    walsh.send(walsh.send(form, ("act", "look")).form("/messages/new"), ("act", "send"))
    page = walsh.follow()
    [mail], [text] = (posting.all_to(each, MessageKind.NOTICE) for each in ("dave", "ngaire"))
    assert (mail.channel, text.channel) == (Channel.EMAIL, Channel.TEXT)
    assert "Resource Teachers: Learning and Behaviour" in mail.body
    assert "/find-support?reo=en#s-rtlb" in mail.body
    assert "Ngā kaiako rauemi mō te ako me te whanonga (RTLB)" in text.body
    assert "/find-support?reo=mi#s-rtlb" in text.body
    with story.work() as work:
        assert len(partnership.timeline(work, story.students["aroha"].id, moments=(Moment.NOTICE,), limit=9)) == 1
    [undo] = [each for each in page.forms if each.action.endswith("/undo")]
    walsh.send(undo)
    states = {each.state for who in ("dave", "ngaire") for each in posting.all_to(who, MessageKind.NOTICE)}
    assert states == {State.CANCELLED}
