"""A child on one page: in their own people's words first, with goals over the term and the team."""

from __future__ import annotations

import re
import uuid
from datetime import date

import pytest

from commsbridge import books, plans, students
from commsbridge.books import Rhythm, Sees, Typed
from commsbridge.foundation.errors import Invalid
from commsbridge.foundation.language import Language
from commsbridge.foundation.school_time import calendar_for, national_terms
from commsbridge.plans import Item, Part, Place
from commsbridge.students import Tells
from commsbridge.web.figures import line
from tests.doors.conftest import SignIn
from tests.papers import tags_of, words_of
from tests.rooms.test_foundation_paper import drawn
from tests.story import Story

CALENDAR = calendar_for("AUK", "Pacific/Auckland", national_terms())


def say(story: Story, tells: Tells, words: str) -> None:
    with story.work("walsh") as work:
        child = story.students["aroha"]
        students.say_about(
            work, child, tells, words=words, said_by="Aroha and her kuia", said_on=work.now.date(), language=Language.EN
        )


def rate(story: Story) -> None:
    """Three days on which a goal was rated, and what the child thinks of the last for one home alone."""
    with story.work("walsh") as work:
        child = story.students["aroha"]
        template = books.template_named(work, "goals")
        book = books.begin_book(work, child, template, rhythm=Rhythm.DAILY)
        _good, goal, _second, _helped, own = books.sections_of(work, book)
        for day, step in ((10, 1), (12, 2), (17, 4)):
            page = books.begin_page(work, book, date(2026, 11, day))
            books.save(work, book, page, [Typed(goal.id, 0, step=step)])
            if day == 17:
                dads = story.contacts["dave"].household_id
                mine = Typed(own.id, 0, step=3, sees=Sees.ONE_HOME, household_id=dads)
                books.save(work, book, page, [mine])


def test_a_relief_teacher_reads_who_a_child_is_what_helps_and_whom_to_ask(sign_in: SignIn, story: Story) -> None:
    walsh, at = sign_in("walsh"), f"/students/{story.students['aroha'].id}/profile"
    assert walsh.open(at).text.count("Nobody has said this yet.") == 4
    say(story, Tells.LOVES, "Dragons, and her dog Pango.")
    say(story, Tells.AVOIDS, "Never call her name across the room.")
    rate(story)
    page = walsh.open(at)
    assert "Dragons, and her dog Pango." in page.text
    assert "What to avoid" in page.text
    assert "Never call her name across the room." in page.text
    assert "Aroha and her kuia" in page.text
    assert "Ms Walsh" in page.text.partition("Who to ask")[2]
    goals = page.response.text.partition('id="goals"')[2]
    assert goals.count('<circle class="bar"') == 4
    assert "from “Not yet” on 10 Nov 2026 to “By themselves” on 17 Nov 2026" in goals
    assert "With a lot of help" in page.text
    assert "(as Aroha sees it)" in page.text


def test_what_school_adds_stands_beside_their_words_and_never_before_them(story: Story) -> None:
    with pytest.raises(Invalid, match="whānau first"):
        say(story, Tells.SCHOOL, "Sits best by the window.")
    say(story, Tells.HELPS, "Show me first.")
    say(story, Tells.SCHOOL, "Sits best by the window.")
    with story.work() as work:
        stands = students.words_about(work, story.students["aroha"].id)
    assert {stands[Tells.HELPS].words, stands[Tells.SCHOOL].words} == {"Show me first.", "Sits best by the window."}


@pytest.mark.parametrize("reo", ["mi", "en"])
def test_the_page_on_paper_is_tagged_in_each_language(sign_in: SignIn, story: Story, reo: str) -> None:
    say(story, Tells.LOVES, "Ngā tarakona")
    rate(story)
    answer = sign_in("walsh").client.get(f"/students/{story.students['aroha'].id}/profile/{reo}.pdf")
    assert answer.data.startswith(b"%PDF")
    assert b"/StructTreeRoot" in answer.data
    assert set("Ngā tarakona") - {" "} <= drawn(answer.data)


def test_nobody_reads_it_who_does_not_see_the_child(sign_in: SignIn, story: Story) -> None:
    at = f"/students/{story.students['aroha'].id}/profile"
    for path in (at, f"{at}/mi.pdf"):
        assert sign_in("fox").open(path).status == 404
        assert sign_in("jan").open(path).status == 403


def test_one_home_sees_of_goals_what_went_home_and_what_the_child_meant_for_it(story: Story) -> None:
    rate(story)
    with story.work("walsh") as work:
        child, span = story.students["aroha"], (date(2026, 10, 12), date(2026, 11, 17))
        [book] = books.books_of(work, [child.id])
        for page in books.pages_between(work, book, *span)[1:]:
            books.send_home(work, book, page, child, links=story.runtime.links)
        told = {
            who: [
                [step for _, step in goal.steps]
                for goal in books.goals_of(work, child.id, *span, home=(story.contacts[who].household_id,))
            ]
            for who in ("ngaire", "dave")
        }
    assert told == {"ngaire": [[2, 4], [], []], "dave": [[2, 4], [], [3]]}


def test_a_line_gives_each_school_day_its_place_and_stays_within_its_width() -> None:
    term = (date(2026, 10, 12), date(2026, 12, 18))
    days = CALENDAR.school_days(*term)
    drawn_line = line(CALENDAR, *term, [(day, 1 + place % 4) for place, day in enumerate(days)])
    places = [dot.x for dot in drawn_line.dots]
    assert places == sorted(set(places))
    assert all(0 <= dot.x <= drawn_line.width and 0 <= dot.y <= 78 for dot in drawn_line.dots)
    assert {dot.y for dot in drawn_line.dots if dot.step == 4} == {0}
    saturday = line(CALENDAR, *term, [(date(2026, 10, 17), 2)])
    assert saturday.dots[0].x == line(CALENDAR, *term, [(date(2026, 10, 16), 2)]).dots[0].x
    assert saturday.path == ""


def plan_for_all_and_for_one_home(story: Story) -> None:
    with story.work("leota") as work:
        plan = plans.begin_plan(work, story.students["aroha"], review_on=date(2027, 2, 19))
        home = plans.home_of(story.contacts["dave"])
        written = [
            Item(uuid.uuid4(), Part.GOAL, "She asks for a rest."),
            Item(uuid.uuid4(), Part.STRATEGY, "Show the card, then wait.", Place.PLAYGROUND, "Ms Walsh"),
            Item(uuid.uuid4(), Part.STRATEGY, "The same card on the fridge.", Place.HOME),
            Item(uuid.uuid4(), Part.GOAL, "She sleeps at her dad’s.", home=home),
        ]
        for seen, each in enumerate(written, start=1):
            plans.keep_item(work, plan, each, seen=seen)


def test_goals_and_what_we_do_come_from_the_plan_and_nothing_that_is_one_homes(sign_in: SignIn, story: Story) -> None:
    plan_for_all_and_for_one_home(story)
    walsh, at = sign_in("walsh"), f"/students/{story.students['aroha'].id}/profile"
    for text in (walsh.open(at).text, words_of(walsh.client.get(f"{at}/en.pdf").data)):
        assert "She asks for a rest." in text.partition("What we are working on together")[2]
        assert "Show the card, then wait. In the playground" in text.partition("What we do at school")[2]
        for words in ("fridge", "dad’s"):
            assert words not in text


@pytest.mark.parametrize("reo", ["mi", "en"])
def test_the_page_on_paper_is_one_page_whole_and_tagged_with_the_longest_words_too(
    sign_in: SignIn, story: Story, reo: str
) -> None:
    plan_for_all_and_for_one_home(story)
    rate(story)
    longest = ("Ka whakamōhio atu i mua i te panoni o te mahi, ā, ka tatari. " * 20)[: students.LONGEST_ABOUT].strip()
    for tells in Tells:
        say(story, tells, longest)
    pdf = sign_in("walsh").client.get(f"/students/{story.students['aroha'].id}/profile/{reo}.pdf").data
    assert len(re.findall(rb"/Type/Page/", pdf)) == 1
    assert words_of(pdf).count("Ka whakamōhio atu i mua") >= len(Tells) * 9
    assert (tags_of(pdf).count("H1"), tags_of(pdf).count("H2")) == (1, len(Tells) + 3)
