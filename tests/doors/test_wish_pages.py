"""What a family asks for, at school and on its own page: kept at once, and shown with how we know."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from commsbridge import messages, students, whanau
from commsbridge.messages import Delivery, Draft
from commsbridge.whanau import Asked, WishKind
from tests.doors.conftest import SignIn
from tests.doors.pages import PUBLIC_URL, Form, Page, Visitor
from tests.story import Story


def path(story: Story, contact: str = "ngaire") -> str:
    return f"/contacts/{story.contacts[contact].id}/wishes"


def wishes_of(page: Page) -> Form:
    """The form on a family's own page that asks for less."""
    [form] = [form for form in page.forms if form.action.startswith("/wishes/")]
    return form


def asked(story: Story, contact: str = "ngaire") -> Asked:
    with story.work() as work:
        contact_id = story.contacts[contact].id
        return whanau.wishes_of(work, [contact_id])[contact_id]


def waiting(story: Story, contact: str = "ngaire") -> str:
    """Praise that waits for a contact; the path of its change link."""
    with story.work("walsh") as work:
        message = messages.send_praise(work, story.students["aroha"], Draft(words="Ka pai!"), links=story.runtime.links)
        told = messages.written(work, [message.id])[message.id]
        delivery = next(each for each in told.deliveries if each.contact_id == story.contacts[contact].id)
        return story.runtime.links.change_url(story.school_number(work), delivery.id).removeprefix(PUBLIC_URL)


def standing(story: Story, contact: str = "ngaire") -> set[str]:
    with story.work() as work:
        rows = select(Delivery).where(Delivery.contact_id == story.contacts[contact].id)
        return {delivery.state for delivery in work.session.scalars(rows)}


def test_the_office_writes_down_what_a_family_asked_for(sign_in: SignIn, story: Story) -> None:
    office = sign_in("jan")
    page = office.open(path(story))
    aroha = story.students["aroha"].id
    office.send(page.form(path(story)), hears="praise_only", about=str(aroha), weekend="weekend_rest")
    page = office.follow()
    assert asked(story) == Asked(WishKind.PRAISE_ONLY, frozenset({aroha}), WishKind.WEEKEND_REST)
    for told in ("Asked for: Good news only.", "Asked for: Only Aroha.", "Jan at the office", whanau.WORDING):
        assert told in page.text


def test_what_waits_is_stopped_by_the_press_itself(sign_in: SignIn, story: Story) -> None:
    waiting(story)
    office = sign_in("jan")
    page = office.open(path(story))
    office.send(page.form(path(story)), hears="urgent_only")
    assert standing(story) == {"cancelled"}


def test_a_teacher_may_not_change_a_familys_wishes(sign_in: SignIn, story: Story) -> None:
    assert sign_in("walsh").open(f"/contacts/{story.contacts['ngaire'].id}/wishes").status == 403


def test_the_wishes_of_a_contact_one_may_not_know_are_not_there(sign_in: SignIn, story: Story) -> None:
    assert sign_in("jan").open(f"/contacts/{story.contacts['rangi'].id}/wishes").status == 404


def test_a_word_that_is_no_wish_asks_for_everything(sign_in: SignIn, story: Story) -> None:
    office = sign_in("jan")
    page = office.open(path(story))
    office.send(page.form(path(story)), hears="only_about", weekend="<b>")
    assert asked(story) == Asked()


def test_the_wishes_for_a_child_the_office_does_not_show_stay(sign_in: SignIn, story: Story) -> None:
    """A child a member of staff is barred from is not theirs to wish away."""
    wi = story.students["wi"].id
    with story.work("leota") as work:
        messages.set_wishes(work, story.contacts["ngaire"].id, Asked(about=frozenset({wi})), evidence="staff")
        students.bar_staff(work, story.staff["jan"].id, student_id=wi, kind=students.BarKind.WHANAU)
    office = sign_in("jan")
    page = office.open(path(story))
    assert "Wī" not in page.text
    office.send(page.form(path(story)), hears="praise_only")
    assert asked(story) == Asked(WishKind.PRAISE_ONLY, frozenset({wi}))


def test_a_family_asks_for_less_on_its_own_page_and_the_ledger_knows(stranger: Visitor, story: Story) -> None:
    change = waiting(story)
    page = stranger.open(f"{change}?reo=en")
    page = stranger.send(wishes_of(page), hears="urgent_only")
    assert page.status == 200
    assert "We have written down what you asked for." in page.text
    assert asked(story) == Asked(WishKind.URGENT_ONLY)
    assert standing(story) == {"cancelled"}
    with story.work() as work:
        (entry,) = whanau.ledger_of(work, story.contacts["ngaire"].id)
    assert (entry.evidence, entry.wish, entry.staff_id) == ("link", "urgent_only", None)


def test_what_the_office_wrote_down_besides_stays_when_the_family_chooses(stranger: Visitor, story: Story) -> None:
    change = waiting(story)
    with story.work("jan") as work:
        wish = Asked(weekend=WishKind.FRIDAY_EVENING)
        messages.set_wishes(work, story.contacts["ngaire"].id, wish, evidence="staff")
    stranger.send(wishes_of(stranger.open(change)), hears="praise_only")
    assert asked(story) == Asked(WishKind.PRAISE_ONLY, weekend=WishKind.FRIDAY_EVENING)


@pytest.mark.parametrize("token", ["x", "a" * 60])
def test_a_link_of_nobodys_asks_for_nothing(stranger: Visitor, token: str) -> None:
    stranger.open("/sign-in")
    assert stranger.act(f"/wishes/{token}", hears="praise_only").status == 404


def test_looking_at_a_familys_page_wishes_for_nothing(stranger: Visitor, story: Story) -> None:
    change = waiting(story)
    stranger.open(change)
    assert stranger.open(change.replace("/change/", "/wishes/")).status == 405
    assert asked(story) == Asked()
