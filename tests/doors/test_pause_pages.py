"""Pauses through their page: one action holds everything cheerful, one more lets it go."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from commsbridge import messages, tasks, whanau
from commsbridge.foundation.work import Work
from commsbridge.messages import State
from commsbridge.tasks import Task, TaskKind
from tests.conftest import Clock
from tests.doors.conftest import SignIn
from tests.doors.contact_acts import TODAY, child, path, praise, waiting
from tests.doors.pages import Visitor
from tests.story import Story

# ---- pauses ----


def test_a_teacher_pauses_everything_about_a_child_with_one_action(sign_in: SignIn, story: Story, clock: Clock) -> None:
    praise(story, "aroha")
    walsh = sign_in("walsh")
    at = f"/students/{child(story, 'aroha')}/pause"
    assert walsh.send(walsh.open(at).form(at), ("act", "begin")).status == 302
    assert "Everything about Aroha is paused until somebody starts it again." in walsh.follow().text
    with story.work() as work:
        assert {state for who in ("ngaire", "dave") for state, _ in waiting(work, story, who)} == {"held"}
    assert walsh.send(walsh.open(at).form(at)).status == 302
    clock.forward(minutes=1)
    with story.work() as work:
        messages.settle(work)
        assert {state for who in ("ngaire", "dave") for state, _ in waiting(work, story, who)} == {"queued"}


def test_a_family_pause_stops_what_comes_about_brothers_and_sisters(sign_in: SignIn, story: Story) -> None:
    praise(story, "wi", by="fox")
    walsh = sign_in("walsh")
    at = f"/students/{child(story, 'aroha')}/pause"
    walsh.send(walsh.open(at).form(at), ("act", "begin"), whom="family", until_on="2026-11-27")
    page = walsh.follow()
    assert "Everything to Ngaire Kereama is paused until the end of 27 Nov 2026." in page.text
    assert "Wī" not in page.text
    with story.work() as work:
        assert {state for who in ("ngaire", "dave") for state, _ in waiting(work, story, who)} == {"held"}
        assert whanau.running_pauses(work, on=TODAY, student_ids=[child(story, "wi")]) == []


def test_what_two_pauses_hold_waits_for_the_end_of_both(
    sign_in: SignIn, jan: Visitor, story: Story, clock: Clock
) -> None:
    praise(story, "aroha")
    walsh = sign_in("walsh")
    at = f"/students/{child(story, 'aroha')}/pause"
    walsh.send(walsh.open(at).form(at), ("act", "begin"))
    pause = f"{path(story, 'ngaire')}/pause"
    jan.send(jan.open(path(story, "ngaire")).form(pause), ("act", "begin"))
    jan.send(jan.open(path(story, "ngaire")).form(pause))
    clock.forward(minutes=1)
    with story.work() as work:
        messages.settle(work)
        assert {state for state, _ in waiting(work, story, "ngaire")} == {"held"}


def test_a_pause_that_ends_does_not_let_go_what_nobody_has_confirmed(
    sign_in: SignIn, story: Story, clock: Clock
) -> None:
    praise(story, "hemi")
    walsh = sign_in("walsh")
    at = f"/students/{child(story, 'hemi')}/pause"
    walsh.send(walsh.open(at).form(at), ("act", "begin"))
    walsh.send(walsh.open(at).form(at))
    clock.forward(minutes=1)
    with story.work() as work:
        messages.settle(work)
        assert {state for state, _ in waiting(work, story, "tia")} == {"held"}
        assert {state for state, _ in waiting(work, story, "hine")} == {"queued"}
        assert {state for state, _ in waiting(work, story, "koro")} == {State.BY_HAND}
        rung = [task.contact_id for task in open_tasks_of(work, story, "walsh")]
        assert rung == [story.contacts["koro"].id]


def open_tasks_of(work: Work, story: Story, who: str) -> Sequence[Task]:
    return tasks.open_tasks(work, staff_id=story.staff[who].id, roles=[], kinds=[TaskKind.RING])


@pytest.mark.parametrize(("typed", "words"), [("2026-11-16", "has passed"), ("soon", "Write the day like")])
def test_a_day_that_cannot_be_is_said_and_kept(jan: Visitor, story: Story, typed: str, words: str) -> None:
    at = f"/students/{child(story, 'aroha')}/pause"
    page = jan.send(jan.open(at).form(at), ("act", "begin"), until_on=typed, whom="family")
    assert page.status == 400
    assert words in page.wrong["until_on"]
    assert page.form(at).values["until_on"] == typed
    assert page.form(at).values["whom"] == "family"
    pause = f"{path(story, 'ngaire')}/pause"
    page = jan.send(jan.open(path(story, "ngaire")).form(pause), ("act", "begin"), until_on=typed)
    assert page.status == 400
    assert words in page.wrong["until_on"]
    assert page.form(pause).values["until_on"] == typed


def test_one_contact_is_paused_and_started_again(jan: Visitor, story: Story) -> None:
    pause = f"{path(story, 'ngaire')}/pause"
    jan.send(jan.open(path(story, "ngaire")).form(pause), ("act", "begin"), until_on="2026-11-20")
    assert "Everything is paused until the end of 20 Nov 2026." in jan.follow().text
    assert jan.page is not None
    jan.send(jan.page.form(pause))
    assert "Everything is paused" not in jan.follow().text


def test_a_contacts_page_is_not_shown_by_way_of_a_pause_that_cannot_be(sign_in: SignIn, story: Story) -> None:
    for who in ("walsh", "matiu"):
        visitor = sign_in(who)
        visitor.open("/today")
        page = visitor.act(f"{path(story, 'ngaire')}/pause", act="begin", until_on="2020-01-01")
        assert page.status == 403
        assert "021 555 0101" not in page.text


def test_the_childs_page_leads_to_a_pause_and_to_a_new_contact(sign_in: SignIn, story: Story) -> None:
    at = f"/students/{child(story, 'aroha')}"
    links = sign_in("leota").open(at).links
    assert {f"{at}/pause", f"{at}/contacts/new"} <= set(links)
    links = sign_in("walsh").open(at).links
    assert f"{at}/pause" in links
    assert f"{at}/contacts/new" not in links


def test_a_pause_of_a_child_one_does_not_see_is_not_there(sign_in: SignIn, story: Story) -> None:
    walsh = sign_in("walsh")
    for who in ("wi", "pare"):
        assert walsh.open(f"/students/{child(story, who)}/pause").status == 404
