"""The templates a school keeps, and what it promises: who may, what is kept, what is refused."""

from __future__ import annotations

from commsbridge import books
from tests.doors.conftest import SignIn
from tests.story import Story

AT = "/at-school/books"
CARE = f"{AT}/care_day"


def test_a_leader_names_orders_and_adds_sections_and_new_books_begin_so(sign_in: SignIn, story: Story) -> None:
    burns = sign_in("burns")
    form = burns.open(CARE).form(CARE, having="title_en")
    assert (form.values["en-1"], form.values["good"]) == ("A good moment", "1")
    page = burns.send(form, **{"place-2": "1", "place-1": "2", "en-6": "Sleep", "mi-6": "Te moe", "holds-6": "ticks"})
    assert page.status == 400
    assert "Sleep: write one to 12 ticks" in page.text
    typed = page.form(CARE, having="title_en")
    assert typed.values["mi-6"] == "Te moe"
    page = burns.send(typed, **{"ticks_en-6": "Slept\nRested", "ticks_mi-6": "I moe\nI whakatā"})
    assert page.status == 302
    with story.work() as work:
        sections = books.template_named(work, "care_day").sections
    assert [each.title[0] for each in sections][:2] == ["Food and drink", "A good moment"]
    assert [each.good for each in sections] == [False, True, False, False, False, False]
    assert sections[-1].options == (("Slept", "I moe"), ("Rested", "I whakatā"))


def test_a_copy_is_the_schools_own_and_a_retired_one_is_not_offered(sign_in: SignIn, story: Story) -> None:
    leota = sign_in("leota")
    page = leota.open(CARE)
    copy = leota.send(next(each for each in page.forms if each.values.get("act") == "copy")).location
    assert "Care and calm, a copy" in leota.follow().text
    leota.send(next(each for each in leota.open(CARE).forms if each.values.get("act") == "retire"))
    offered = leota.open(f"/students/{story.students['hemi'].id}/books").form(
        f"/students/{story.students['hemi'].id}/books"
    )
    assert "care_day" not in offered.choices["template"]
    assert copy.rpartition("/")[2] in offered.choices["template"]
    assert "No new book begins from it." in leota.open(AT).text


def test_what_the_school_promises_stands_above_the_agreement(sign_in: SignIn, story: Story) -> None:
    burns = sign_in("burns")
    page = burns.send(burns.open(AT).form(AT), words_en="You hear from us each week.", words_mi="")
    assert page.status == 400
    assert page.wrong["words_mi"] == "Say it in both languages."
    burns.send(page.form(AT), words_mi="Ka rongo koutou i a mātou ia wiki.")
    with story.work("walsh") as work:
        found = books.template_named(work, "school_day")
        book = books.begin_book(work, story.students["hemi"], found, rhythm=books.Rhythm.DAILY)
    assert "You hear from us each week." in sign_in("walsh").open(f"/books/{book.id}/kept").text


def test_teachers_and_the_office_do_not_change_templates(sign_in: SignIn, story: Story) -> None:
    for who in ("walsh", "matiu", "jan", "kiri"):
        visitor = sign_in(who)
        assert visitor.open(AT).status == 403
        assert visitor.open(CARE).status == 403
    assert sign_in("leota").open(f"{AT}/none").status == 404
